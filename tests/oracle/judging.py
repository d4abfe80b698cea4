"""The criteria and the verdict, said once more in plain words: true, false or None for unknown."""

from __future__ import annotations

from oracle.accounts import Accounts
from oracle.measuring import Maps

TYPES = ("industrial", "commercial", "residential", "facility", "village")


def evaluate(district):
    """Return every parcel with its measures and its verdict."""
    maps = Maps(district)
    parcels = [maps.measure(record) for record in district.records["parcels"]]
    accounts = Accounts(district, parcels)
    full = [parcel | accounts.measure(parcel) for parcel in parcels]
    return [parcel | judge(parcel, district.thresholds) for parcel in full]


def less(left, right):
    return None if left is None or right is None else left < right


def at_least(left, right):
    return None if left is None or right is None else left >= right


def same(left, right):
    return None if left is None else left == right


def negated(value):
    return None if value is None else not value


def both(left, right):
    """Return left AND right; one false decides whatever the other is."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def times(value, factor):
    return None if value is None else value * factor


def strong_of(p, t):
    """Return the strong criteria of the parcel's own type."""
    very_low = times(p["plot_ratio_control"], t["plot_ratio_factor_strong"])
    abandoned = both(same(p["parcel_kind"], "JC"), same(p["homestead_state"], "3"))
    return {
        "industrial": {
            "IND-01": at_least(p["idle_months"], t["idle_months_min"]),
            "IND-04": at_least(p["untaxed_years"], t["untaxed_years_min"]),
            "IND-13": less(p["plot_ratio"], very_low),
        },
        "commercial": {"COM-02": at_least(p["idle_months"], t["idle_months_min"])},
        "residential": {"RES-01": at_least(p["dangerous_floor_share"], t["dangerous_share_min"])},
        "facility": {"FAC-01": at_least(p["facility_idle_months"], t["idle_months_min"])},
        "village": {"VIL-02": abandoned},
    }.get(p["land_type"], {})


def weak_of(p, t):
    """Return the weak criteria of the parcel's own type."""
    low = times(p["plot_ratio_control"], t["plot_ratio_factor"])
    far_below = times(p["planned_plot_ratio"], t["planned_ratio_factor"])
    old = negated(less(t["old_estate_year"], p["built_year"]))
    standard = t["homestead_standard"] * t["homestead_factor"]
    return {
        "industrial": {
            "IND-02": less(p["tax_per_mu"], t["tax_per_mu_min"]),
            "IND-05": less(p["plot_ratio"], low),
        },
        "commercial": {
            "COM-03": less(p["plot_ratio"], far_below),
            "COM-04": less(p["tax_per_mu"], t["commercial_tax_per_mu_min"]),
        },
        "residential": {
            "RES-02": both(same(p["old_estate"], True), old),
            "RES-04": less(p["plot_ratio"], t["residential_plot_ratio_min"]),
        },
        "village": {"VIL-03": both(same(p["parcel_kind"], "JC"), less(standard, p["area"]))},
    }.get(p["land_type"], {})


def exclusions_of(p, t):
    special = None if p["survey_class"] is None else p["survey_class"].startswith("09")
    return {
        "EXC-01": at_least(p["permanent_farmland_share"], t["exclusion_share"]),
        "EXC-02": at_least(p["redline_share"], t["exclusion_share"]),
        "EXC-03": special,
    }


def flags_of(p, t):
    flags = {
        code: both(
            less(t["overlap_tolerance"], p[f"{line}_area"]),
            less(p[f"{line}_share"], t["exclusion_share"]),
        )
        for code, line in (("FLG-02", "permanent_farmland"), ("FLG-03", "redline"))
    }
    against_plan = {"industrial": "IND-11", "commercial": "COM-05"}.get(p["land_type"])
    if against_plan:
        flags[against_plan] = negated(same(p["planned_type"], p["land_type"]))
    return flags


def judge(p, t):
    """Return the verdict of a parcel and the criteria it rests on."""
    strong, weak, exclusions = strong_of(p, t), weak_of(p, t), exclusions_of(p, t)
    small = {"ALL-01": less(p["area"], t["min_parcel_area"])}
    verdict = verdict_of(p, t["weak_needed"], strong, weak, exclusions, small)
    criteria = met(strong) | met(weak) | met(exclusions) | met(small)
    if verdict == "excluded" and p["land_type"] == "other":
        criteria.add("OUT-OF-SCOPE")
    low = enough(strong, weak, t["weak_needed"])
    leaning = verdict == "undetermined" and p["land_type"] in TYPES and low
    lines = [p["control_area"], p["permanent_farmland_area"], p["redline_area"]]
    outside = p["area"] and p["area"] - max([0, *(line for line in lines if line is not None)])
    return {
        "verdict": verdict,
        "leaning": leaning,
        "criteria_met": criteria,
        "flags_met": met(flags_of(p, t)),
        "low_use_area": round(outside, 2) if verdict == "low_use" else 0.0,
    }


def verdict_of(p, weak_needed, strong, weak, exclusions, small):
    """Return the first verdict that fits."""
    if small["ALL-01"]:
        return "too_small"
    if met(exclusions) or p["land_type"] == "other":
        return "excluded"
    if p["land_type"] in TYPES:
        low = enough(strong, weak, weak_needed)
        if low and all(value is False for value in exclusions.values()):
            return "low_use"
        possible_strong = any(value is not False for value in strong.values())
        possible_weak = sum(value is not False for value in weak.values())
        if not possible_strong and possible_weak < weak_needed:
            return "not_low_use"
    return "undetermined"


def enough(strong, weak, weak_needed):
    """Tell whether the criteria of low-use land are met, whatever the exclusions are."""
    return bool(met(strong)) or len(met(weak)) >= weak_needed


def met(criteria):
    return {code for code, value in criteria.items() if value is True}
