"""Every criterion, said once more in plain words, and the subtype that it stands for."""

from __future__ import annotations

from oracle.logic import at_least, both, either, less, negated, same, times

SUBTYPES = {
    "IND-01": "0102",
    "IND-02": "0103",
    "IND-03": "0103",
    "IND-04": "0103",
    "IND-05": "0104",
    "IND-06": "0104",
    "IND-07": "0103",
    "IND-08": "0103",
    "IND-09": "0105",
    "IND-10": "0105",
    "IND-11": "0106",
    "IND-13": "0104",
    "COM-01": "0201",
    "COM-02": "0203",
    "COM-03": "0202",
    "COM-04": "0202",
    "COM-05": "0204",
    "RES-01": "0303",
    "RES-02": "0302",
    "RES-03": "0301",
    "RES-04": "0304",
    "FAC-01": "0401",
    "FAC-02": "0402",
    "FAC-03": "0403",
    "VIL-01": "0501",
    "VIL-02": "0501",
    "VIL-05": "0504",
}


def strong_of(p, t):
    """Return the strong criteria of the parcel's own type."""
    very_low = times(p["plot_ratio_control"], t["plot_ratio_factor_strong"])
    abandoned = both(same(p["parcel_kind"], "JC"), same(p["homestead_state"], "3"))
    return {
        "industrial": {
            "IND-01": at_least(p["idle_months"], t["idle_months_min"]),
            "IND-04": at_least(p["untaxed_years"], t["untaxed_years_min"]),
            "IND-09": same(p["phase_out_firm"], True),
            "IND-10": either(same(p["unsafe_firm"], True), same(p["polluting_firm"], True)),
            "IND-13": less(p["plot_ratio"], very_low),
        },
        "commercial": {"COM-02": at_least(p["idle_months"], t["idle_months_min"])},
        "residential": {
            "RES-01": at_least(p["dangerous_floor_share"], t["dangerous_share_min"]),
            "RES-03": same(p["urban_village"], True),
        },
        "facility": {"FAC-01": at_least(p["facility_idle_months"], t["idle_months_min"])},
        "village": {"VIL-02": abandoned},
    }.get(p["land_type"], {})


def weak_of(p, t):
    """Return the weak criteria of the parcel's own type."""
    low = times(p["plot_ratio_control"], t["plot_ratio_factor"])
    far_below = times(p["planned_plot_ratio"], t["planned_ratio_factor"])
    below_mean = times(p["industry_tax_per_mu"], t["industry_mean_factor"])
    agreed = times(p["contract_investment_per_mu"], t["investment_factor"])
    old = negated(less(t["old_estate_year"], p["built_year"]))
    standard = times(t["homestead_standard"], t["homestead_factor"])
    vacant_long = at_least(p["vacant_months"], t["idle_months_min"])
    return {
        "industrial": {
            "IND-02": less(p["tax_per_mu"], t["tax_per_mu_min"]),
            "IND-03": less(p["tax_per_mu"], below_mean),
            "IND-05": less(p["plot_ratio"], low),
            "IND-06": less(p["building_coefficient"], t["building_coefficient_min"]),
            "IND-07": less(p["output_per_mu"], times(t["output_target"], t["output_factor"])),
            "IND-08": less(p["investment_per_mu"], agreed),
        },
        "commercial": {
            "COM-01": both(at_least(p["vacancy_rate"], t["vacancy_rate_min"]), vacant_long),
            "COM-03": less(p["plot_ratio"], far_below),
            "COM-04": less(p["tax_per_mu"], t["commercial_tax_per_mu_min"]),
        },
        "residential": {
            "RES-02": both(same(p["old_estate"], True), old),
            "RES-04": less(p["plot_ratio"], t["residential_plot_ratio_min"]),
        },
        "facility": {"FAC-02": less(p["utilisation"], t["utilisation_min"])},
        "village": {"VIL-03": both(same(p["parcel_kind"], "JC"), less(standard, p["area"]))},
    }.get(p["land_type"], {})


def exclusions_of(p, t):
    special = None if p["survey_class"] is None else p["survey_class"].startswith("09")
    early = less(p["months_since_agreed_start"], t["start_months_max"])
    waiting = both(same(p["construction_state"], "1"), early)
    return {
        "EXC-01": at_least(p["permanent_farmland_share"], t["exclusion_share"]),
        "EXC-02": at_least(p["redline_share"], t["exclusion_share"]),
        "EXC-03": special,
        "EXC-04": either(same(p["construction_state"], "2"), waiting),
        "EXC-05": either(same(p["ownership"], "Z"), same(p["title_dispute"], True)),
        "EXC-06": same(p["idle_land"], True),
    }


def flags_of(p, t):
    """Return the flags of all types, then those of the parcel's own type."""
    flags = {
        code: both(
            less(t["overlap_tolerance"], p[f"{line}_area"]),
            less(p[f"{line}_share"], t["exclusion_share"]),
        )
        for code, line in (("FLG-02", "permanent_farmland"), ("FLG-03", "redline"))
    }
    flags["FLG-01"] = less(t["overlap_tolerance"], p["heritage_area"])
    against = negated(same(p["planned_type"], p["land_type"]))
    mostly_let = less(t["let_share_max"], p["let_share"])
    reclaimed = at_least(p["reclamation_share"], t["reclamation_share_min"])
    own = {
        "industrial": {
            "IND-11": against,
            "IND-12": both(mostly_let, less(0, p["untaxed_tenants"])),
        },
        "commercial": {"COM-05": against},
        "facility": {"FAC-03": either(against, same(p["surplus_facility"], "1"))},
        "village": {
            **village_strong(p, t),
            **village_weak(p, t),
            "VIL-05": either(same(p["village_kind"], "1"), reclaimed),
        },
    }
    return flags | own.get(p["land_type"], {})


def village_strong(place, t):
    """Return what counts as strong where a whole village is judged."""
    share = place["idle_homestead_share"]
    return {"VIL-01": at_least(share, t["idle_homestead_share_min"])}


def village_weak(place, t):
    """Return what counts as weak where a whole village is judged."""
    return {"VIL-04": less(t["village_land_per_head_max"], place["village_land_per_head"])}
