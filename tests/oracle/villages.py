"""Villages as a whole: their idle homesteads, their land per head, and their verdict."""

from __future__ import annotations

from oracle import limits
from oracle.criteria import village_strong, village_weak
from oracle.logic import met, unknown, verdict_of_criteria

IDLE = {"2", "3"}
MEASURES = ("idle_homestead_share", "village_land_per_head", "village_kind")


def village_of(parcel):
    return parcel["village_code"][:12] if parcel["village_code"] else None


def measure(district, parcels):
    """Return the measures of each village that a parcel lies in."""
    first = {}
    for parcel in parcels:
        if parcel["parcel_code"]:
            first.setdefault(parcel["parcel_code"], parcel)
    states, seen = {}, set()
    for row in district.records.get("homesteads", []):
        parcel = first.get(row["parcel"])
        if parcel is None or row["parcel"] in seen:
            continue
        seen.add(row["parcel"])
        if row["state"] is not None:
            states.setdefault(village_of(parcel), []).append(row["state"])
    told = {}
    for row in district.records.get("villages", []):
        told.setdefault(row["village"], row)
    codes = {village_of(parcel) for parcel in parcels} - {None}
    return {code: one(states.get(code, []), told.get(code, {})) for code in codes}


def one(states, row):
    """Return the measures of one village."""
    idle = sum(state in IDLE for state in states)
    land, heads = row.get("village_land"), row.get("population")
    return {
        "idle_homestead_share": round(idle / len(states), 6) if states else None,
        "village_land_per_head": None if land is None or not heads else round(land / heads, 4),
        "village_kind": row.get("village_kind"),
    }


def judge(measured, rows):
    """Return each village with the criteria it meets and its verdict."""
    general = limits.general(rows)
    judged = {}
    for code, village in measured.items():
        strong, weak = village_strong(village, general), village_weak(village, general)
        judged[code] = village | {
            "criteria_met": met(strong | weak),
            "criteria_unknown": unknown(strong | weak),
            "verdict": verdict_of_criteria(strong, weak, general["weak_needed"]),
        }
    return judged
