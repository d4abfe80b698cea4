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
    return [
        parcel | judge(parcel, resolved(district.thresholds, parcel), district.rules["subtypes"])
        for parcel in full
    ]


def resolved(rows, parcel):
    """Return the thresholds of one parcel: the most special row; None where one may fit."""
    found = {}
    for name in {row["name"] for row in rows}:
        best = None
        for row in sorted((r for r in rows if r["name"] == name), key=speciality):
            fit = fits(row, parcel)
            if fit is not False:
                best = float(row["value"]) if fit else None
        found[name] = best
    return found


def speciality(row):
    named = [bool(row["town"]), bool(row["zone"]), bool(row["industry"])]
    return (sum(named), len(row["industry"]), row["zone"] != "", row["town"] != "")


def fits(row, parcel):
    """Tell whether a row is for a parcel; None where the parcel does not say."""
    industry = parcel["industry_code"]
    tests = [
        not row["town"] or same(parcel["town_code"], row["town"]),
        not row["zone"] or same(parcel["zone"], row["zone"]),
        not row["industry"] or (None if industry is None else industry.startswith(row["industry"])),
    ]
    return False if False in tests else None if None in tests else True


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


def either(left, right):
    """Return left OR right; one true decides whatever the other is."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def times(value, factor):
    return None if value is None or factor is None else value * factor


def strong_of(p, t):
    """Return the strong criteria of the parcel's own type."""
    very_low = times(p["plot_ratio_control"], t["plot_ratio_factor_strong"])
    abandoned = both(same(p["parcel_kind"], "JC"), same(p["homestead_state"], "3"))
    return {
        "industrial": {
            "IND-01": at_least(p["idle_months"], t["idle_months_min"]),
            "IND-04": at_least(p["untaxed_years"], t["untaxed_years_min"]),
            "IND-09": p["phase_out_firm"],
            "IND-10": either(p["unsafe_firm"], p["polluting_firm"]),
            "IND-13": less(p["plot_ratio"], very_low),
        },
        "commercial": {"COM-02": at_least(p["idle_months"], t["idle_months_min"])},
        "residential": {
            "RES-01": at_least(p["dangerous_floor_share"], t["dangerous_share_min"]),
            "RES-03": p["urban_village"],
        },
        "facility": {"FAC-01": at_least(p["facility_idle_months"], t["idle_months_min"])},
        "village": {"VIL-02": abandoned},
    }.get(p["land_type"], {})


def weak_of(p, t):
    """Return the weak criteria of the parcel's own type."""
    low = times(p["plot_ratio_control"], t["plot_ratio_factor"])
    far_below = times(p["planned_plot_ratio"], t["planned_ratio_factor"])
    old = negated(less(t["old_estate_year"], p["built_year"]))
    standard = times(t["homestead_standard"], t["homestead_factor"])
    mean = times(p["industry_tax_per_mu"], t["industry_mean_factor"])
    agreed = times(p["contract_investment_per_mu"], t["investment_factor"])
    vacant = both(
        at_least(p["vacancy_rate"], t["vacancy_rate_min"]),
        at_least(p["vacant_months"], t["idle_months_min"]),
    )
    return {
        "industrial": {
            "IND-02": less(p["tax_per_mu"], t["tax_per_mu_min"]),
            "IND-03": less(p["tax_per_mu"], mean),
            "IND-05": less(p["plot_ratio"], low),
            "IND-06": less(p["building_coefficient"], t["building_coefficient_min"]),
            "IND-07": less(p["output_per_mu"], times(t["output_target"], t["output_factor"])),
            "IND-08": less(p["investment_per_mu"], agreed),
        },
        "facility": {"FAC-02": less(p["utilisation"], t["utilisation_min"])},
        "commercial": {
            "COM-01": vacant,
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
        "EXC-04": either(
            same(p["construction_state"], "2"),
            both(
                same(p["construction_state"], "1"),
                less(p["months_since_agreed_start"], t["start_months_max"]),
            ),
        ),
        "EXC-05": either(same(p["ownership"], "Z"), p["title_dispute"]),
        "EXC-06": p["idle_land"],
    }


def flags_of(p, t):
    flags = {
        code: both(
            less(t["overlap_tolerance"], p[f"{line}_area"]),
            less(p[f"{line}_share"], t["exclusion_share"]),
        )
        for code, line in (("FLG-02", "permanent_farmland"), ("FLG-03", "redline"))
    }
    flags["FLG-01"] = less(t["overlap_tolerance"], p["heritage_area"])
    kind = p["land_type"]
    against = negated(same(p["planned_type"], kind))
    if kind == "industrial":
        let = less(t["let_share_max"], p["let_share"])
        flags |= {"IND-11": against, "IND-12": both(let, less(0, p["untaxed_tenants"]))}
    if kind == "commercial":
        flags["COM-05"] = against
    if kind == "facility":
        flags["FAC-03"] = either(against, same(p["surplus_facility"], "1"))
    if kind == "village":
        flags |= village_criteria(p, t)
        reclaimed = at_least(p["reclamation_share"], t["reclamation_share_min"])
        flags["VIL-05"] = either(same(p["village_kind"], "1"), reclaimed)
    return flags


def village_criteria(p, t):
    """Return the criteria of a whole village: VIL-01 strong, VIL-04 weak."""
    return {
        "VIL-01": at_least(p["idle_homestead_share"], t["idle_homestead_share_min"]),
        "VIL-04": less(t["village_land_per_head_max"], p["village_land_per_head"]),
    }


SUBTYPES = (
    # strong, then weak, then flags, each in order of their codes
    ("COM-02", "0203"), ("FAC-01", "0401"), ("IND-01", "0102"), ("IND-04", "0103"),
    ("IND-09", "0105"), ("IND-10", "0105"), ("IND-13", "0104"), ("RES-01", "0303"),
    ("RES-03", "0301"), ("VIL-02", "0501"),
    ("COM-01", "0201"), ("COM-03", "0202"), ("COM-04", "0202"), ("FAC-02", "0402"),
    ("IND-02", "0103"), ("IND-03", "0103"), ("IND-05", "0104"), ("IND-06", "0104"),
    ("IND-07", "0103"), ("IND-08", "0103"), ("RES-02", "0302"), ("RES-04", "0304"),
    ("COM-05", "0204"), ("FAC-03", "0403"), ("IND-11", "0106"), ("VIL-01", "0501"),
    ("VIL-05", "0504"),
)  # fmt: skip


def subtype_of(p, criteria, subtypes):
    """Return the subtype of the weightiest criterion met, else the other of the type."""
    for code, subtype in SUBTYPES:
        if code in criteria:
            return subtype
    others = [row["code"] for row in subtypes if row["type"] == p["land_type"] and row["other"]]
    return others[0] if others else None


def judge(p, t, subtypes):
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
    flags = met(flags_of(p, t))
    named = verdict == "low_use" or leaning
    return {
        "verdict": verdict,
        "leaning": leaning,
        "criteria_met": criteria,
        "flags_met": flags,
        "subtype": subtype_of(p, criteria | flags, subtypes) if named else None,
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
