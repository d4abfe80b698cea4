"""The obstacles of a judged parcel, and the verdicts of whole villages, said once more."""

from __future__ import annotations

from oracle.judging import (
    both,
    either,
    enough,
    less,
    met,
    negated,
    resolved,
    same,
    strong_of,
    village_criteria,
    weak_of,
)

OWN_KINDS = {"05", "08", "09", "10", "11"}
PLANNED_TYPES = {"industrial", "commercial", "residential", "facility"}


def obstacles_of(p, rows):
    """Return code and category of every obstacle of a parcel."""
    t = resolved(rows, p)
    kind, found = p["difficulty_kind"], {}
    disputed = either(same(p["ownership"], "Z"), p["title_dispute"])
    if p["verdict"] == "excluded":
        strong, weak = strong_of(p, t), weak_of(p, t)
        if disputed and enough(strong, weak, t["weak_needed"]):
            return {("OBS-02", "01")}
        return set()
    if p["verdict"] not in {"low_use", "undetermined"}:
        return set()
    tolerance = t["overlap_tolerance"]
    in_farmland = less(tolerance, p["permanent_farmland_area"])
    found["OBS-01", "99"] = p["verdict"] == "undetermined"
    found["OBS-03", "03"] = against_plan(p)
    found["OBS-04", "03"] = either(in_farmland, less(tolerance, p["redline_area"]))
    if p["land_type"] in PLANNED_TYPES:
        found["OBS-05", "03"] = less(p["planned_share"], t["planned_share_min"])
        bound = t["growth_boundary_share_min"]
        found["OBS-09", "03"] = less(p["growth_boundary_share"], bound)
    found["OBS-06", "01"] = less(1, p["owner_count"])
    found["OBS-07", "04"] = less(1, p["firm_count"])
    found["OBS-08", "04"] = same(p["wish"], "4")
    found["OBS-11", "06"] = either(p["polluted_site"], p["polluting_firm"])
    found["OBS-12", "07"] = either(p["unsafe_firm"], less(0, p["dangerous_floor_share"]))
    found["OBS-13", "08"] = same(kind, "08")  # no layer of legacy land was handed in
    found["OBS-14", "09"] = either(p["seized"], same(kind, "09"))
    found["OBS-15", "05"] = same(kind, "05")
    found["OBS-16", "10"] = same(kind, "10")
    found["OBS-17", "11"] = same(kind, "11")
    found["OBS-18", "11"] = less(tolerance, p["heritage_area"])
    other = None if kind is None else kind not in OWN_KINDS
    found["OBS-90", kind] = both(negated(same(p["difficulty"], "")), other)
    return met(found)


def against_plan(p):
    if p["planned_type"] is None or p["land_type"] is None:
        return None
    return p["planned_type"] != p["land_type"]


def villages_of(parcels, rows):
    """Return criteria met and verdict of each village that has a parcel."""
    found = {}
    for parcel in parcels:
        village = (parcel["village_code"] or "")[:12]
        if not village or village in found:
            continue
        place = parcel | {"town_code": village[:9], "zone": None, "industry_code": None}
        criteria = village_criteria(place, resolved(rows, place))
        unsure = "undetermined" if criteria["VIL-01"] is None else "not_low_use"
        verdict = "low_use" if criteria["VIL-01"] else unsure  # VIL-04 is weak: never enough alone
        found[village] = (met(criteria), verdict)
    return found
