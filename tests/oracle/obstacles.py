"""What stands in the way of redevelopment, said once more in plain words."""

from __future__ import annotations

from oracle.logic import among, at_least, both, either, less, negated, same

IN_TOWNS = {"industrial", "commercial", "residential", "facility"}
TOLD_ELSEWHERE = {"05", "08", "09", "10", "11"}


def obstacles_of(p, t):
    """Return the code and category of each obstacle of a judged parcel."""
    if p["verdict"] == "excluded":
        conditions = {"OBS-02": ("01", disputed(p))}
    elif p["verdict"] in {"low_use", "undetermined"}:
        conditions = title_and_plan(p, t) | hazards(p, t) | difficulties(p)
        if p["land_type"] in IN_TOWNS:
            conditions |= town_only(p, t)
    else:
        conditions = {}
    return {(code, category) for code, (category, holds) in conditions.items() if holds is True}


def disputed(p):
    title = either(same(p["ownership"], "Z"), same(p["title_dispute"], True))
    low = either(less(0, p["strong_met"]), at_least(p["weak_met"], p["weak_needed"]))
    return both(title, low)


def title_and_plan(p, t):
    inside = either(
        less(t["overlap_tolerance"], p["permanent_farmland_area"]),
        less(t["overlap_tolerance"], p["redline_area"]),
    )
    return {
        "OBS-01": ("99", p["verdict"] == "undetermined"),
        "OBS-03": ("03", negated(same(p["planned_type"], p["land_type"]))),
        "OBS-04": ("03", inside),
        "OBS-06": ("01", less(1, p["owner_count"])),
        "OBS-07": ("04", less(1, p["firm_count"])),
        "OBS-10": ("02", False),  # registered parcels only
        "OBS-18": ("11", less(t["overlap_tolerance"], p["heritage_area"])),
    }


def town_only(p, t):
    return {
        "OBS-05": ("03", less(p["planned_share"], t["planned_share_min"])),
        "OBS-09": ("03", less(p["growth_boundary_share"], t["growth_boundary_share_min"])),
    }


def hazards(p, t):
    """Return pollution, safety, legacy and seizure."""
    polluted = either(same(p["polluted_site"], True), same(p["polluting_firm"], True))
    unsafe = either(same(p["unsafe_firm"], True), less(0, p["dangerous_floor_share"]))
    legacy = either(
        less(t["overlap_tolerance"], p["legacy_area"]), same(p["difficulty_kind"], "08")
    )
    seized = either(same(p["seized"], True), same(p["difficulty_kind"], "09"))
    return {
        "OBS-11": ("06", polluted),
        "OBS-12": ("07", unsafe),
        "OBS-13": ("08", legacy),
        "OBS-14": ("09", seized),
    }


def difficulties(p):
    """Return what the owners and the towns told."""
    kind = p["difficulty_kind"]
    told = negated(either(same(p["difficulty"], ""), same(p["difficulty"], "无")))
    return {
        "OBS-08": ("04", same(p["wish"], "4")),
        "OBS-15": ("05", same(kind, "05")),
        "OBS-16": ("10", same(kind, "10")),
        "OBS-17": ("11", same(kind, "11")),
        "OBS-90": (kind, both(told, negated(among(kind, TOLD_ELSEWHERE)))),
    }
