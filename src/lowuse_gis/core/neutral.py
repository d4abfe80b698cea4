"""Values that leave a golden case to what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import parsed_criteria

if TYPE_CHECKING:
    from collections.abc import Collection

    from lowuse_gis.model import Rulebook

AREA, ORDINARY_AREA = "area", 10_000.0
SELECTORS = ("town_code", "zone", "industry_code")  # empty: known to be none of those named
OUTSIDE = ("exclusion", "small")


def neutral_values(rulebook: Rulebook, given: Collection[str]) -> dict[str, object]:
    """Say what columns that a sheet of cases does not have are taken to be.

    Parameters
    ----------
    rulebook
        Its exclusions say which columns matter.
    given
        Columns the sheet has; these stay as they are.

    Returns
    -------
    dict
        Column to value: no exclusion applies (numbers 0, flags false, codes empty), the area is
        an ordinary one, and town, park and industry are none with a threshold of its own.
    """
    conditions = parsed_criteria(rulebook)
    read = [
        n for c in rulebook.criteria if c.strength in OUTSIDE for n in conditions[c.code].columns
    ]
    kinds = dict(rulebook.columns["dtype"])
    plain: dict[str, object] = {"number": 0.0, "flag": False}
    values = {name: plain.get(kinds[name], "") for name in read if kinds[name] != "date"}
    values |= dict.fromkeys(SELECTORS, "") | {AREA: ORDINARY_AREA}
    return {name: value for name, value in values.items() if name not in given}
