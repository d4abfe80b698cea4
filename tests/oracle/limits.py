"""The limit that holds for one parcel: by its town, its park and its industry."""

from __future__ import annotations

import re

SELECTORS = ("industry", "zone", "town")  # of rows with equally many the first of these wins


def limits_of(rows, parcel):
    """Return each limit of a parcel; missing where a more special row might hold or not."""
    return {name: limit(rows, name, parcel) for name in {row["name"] for row in rows}}


def general(rows):
    """Return the limits of rows without selectors."""
    return {r["name"]: float(r["value"]) for r in rows if not any(r[one] for one in SELECTORS)}


def limit(rows, name, parcel):
    own = [row for row in rows if row["name"] == name]
    for _, row in sorted(enumerate(own), key=lambda pair: special(*pair), reverse=True):
        holds = [fits(selector, row[selector], parcel) for selector in SELECTORS]
        if False in holds:
            continue
        return None if None in holds else float(row["value"])
    return None


def special(place, row):
    """Return how special a row is: its number of selectors, their kinds, the longer prefix."""
    chosen = [bool(row[selector]) for selector in SELECTORS]
    return (sum(chosen), chosen, len(row["industry"]), place)


def fits(selector, wanted, parcel):
    if not wanted:
        return True
    if selector == "industry":
        return in_industry(wanted, parcel["industry_code"])
    own = parcel["zone" if selector == "zone" else "town_code"]
    return None if own is None else own == wanted


def in_industry(wanted, own):
    """Tell whether an industry code begins as wanted; the section letter may be left out."""
    if own is None:
        return None
    letter, other = re.match(r"[A-Z]?", wanted).group(), re.match(r"[A-Z]?", own).group()
    if letter and other and letter != other:
        return False
    return re.sub(r"\D", "", own).startswith(re.sub(r"\D", "", wanted))
