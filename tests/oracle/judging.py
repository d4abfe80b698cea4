"""The verdict of every parcel and of every village: true, false or None for unknown."""

from __future__ import annotations

from dataclasses import dataclass

from oracle import villages
from oracle.accounts import Accounts
from oracle.criteria import SUBTYPES, exclusions_of, flags_of, strong_of, weak_of
from oracle.limits import limits_of
from oracle.logic import enough, less, met, verdict_of_criteria
from oracle.measuring import Maps
from oracle.obstacles import obstacles_of

TYPES = ("industrial", "commercial", "residential", "facility", "village")


@dataclass
class Opinion:
    """Parcels by row, villages by code, and the obstacles of parcels."""

    parcels: dict
    villages: dict
    obstacles: set


def evaluate(district):
    """Return every parcel with its measures and its verdict, every village and obstacle."""
    maps = Maps(district)
    parcels = [maps.measure(record) for record in district.records["parcels"]]
    accounts = Accounts(district, parcels)
    places = villages.measure(district, parcels)
    nowhere = dict.fromkeys(villages.MEASURES)
    judged, obstacles = {}, set()
    for parcel in parcels:
        place = places.get(villages.village_of(parcel), nowhere)
        full = parcel | accounts.measure(parcel) | place
        t = limits_of(district.thresholds, full)
        full |= judge(full, t, district.rules["other_subtype"])
        judged[full["row"]] = full
        obstacles |= {(full["row"], *obstacle) for obstacle in obstacles_of(full, t)}
    return Opinion(judged, villages.judge(places, district.thresholds), obstacles)


def judge(p, t, others):
    """Return the verdict of a parcel and the criteria it rests on."""
    strong, weak, exclusions = strong_of(p, t), weak_of(p, t), exclusions_of(p, t)
    flags, needed = flags_of(p, t), t["weak_needed"]
    small = {"ALL-01": less(p["area"], t["min_parcel_area"])}
    verdict = verdict_of(p, needed, strong, weak, exclusions, small)
    criteria = met(strong) | met(weak) | met(exclusions) | met(small)
    if verdict == "excluded" and p["land_type"] == "other":
        criteria.add("OUT-OF-SCOPE")
    leaning = verdict == "undetermined" and p["land_type"] in TYPES and enough(strong, weak, needed)
    lines = [p["control_area"], p["permanent_farmland_area"], p["redline_area"]]
    outside = p["area"] and p["area"] - max([0, *(line for line in lines if line is not None)])
    subtype = None
    if verdict == "low_use" or leaning:
        subtype = subtype_of((strong, weak, flags), others.get(p["land_type"]))
    return {
        "verdict": verdict,
        "leaning": leaning,
        "criteria_met": criteria,
        "flags_met": met(flags),
        "subtype": subtype,
        "strong_met": len(met(strong)),
        "weak_met": len(met(weak)),
        "weak_needed": needed,
        "low_use_area": round(outside, 2) if verdict == "low_use" else 0.0,
    }


def verdict_of(p, weak_needed, strong, weak, exclusions, small):
    """Return the first verdict that fits."""
    if small["ALL-01"]:
        return "too_small"
    if met(exclusions) or p["land_type"] == "other":
        return "excluded"
    if p["land_type"] not in TYPES or small["ALL-01"] is None:
        return "undetermined"
    verdict = verdict_of_criteria(strong, weak, weak_needed)
    if verdict == "low_use" and not all(value is False for value in exclusions.values()):
        return "undetermined"
    return verdict


def subtype_of(kinds, other):
    """Return the subtype of the first criterion met that has one, else the type's other one."""
    for criteria in kinds:
        for code in sorted(met(criteria)):
            if code in SUBTYPES:
                return SUBTYPES[code]
    return other
