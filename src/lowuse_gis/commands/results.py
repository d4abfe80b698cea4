"""Read a result together with the rules that it is looked at by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lowuse_gis.core.lint.measure_keys import columns_added
from lowuse_gis.io.result import read_result
from lowuse_gis.io.result_age import brought_up
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.measures.demand import needed

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook


def read_with_rules(path: Path, rules: str = "", *, findings: str = "") -> tuple[Result, Rulebook]:
    """Read a result and the rules, and bring an older result up to them.

    Parameters
    ----------
    path
        What classify wrote.
    rules
        The rulebook; the one that the result names where empty.
    findings
        As in `read_result`.

    Returns
    -------
    result : Result
        Columns that the rules know and an older version did not write are there, without values.
    rulebook : Rulebook

    Raises
    ------
    InputError
        As `read_result` does.
    """
    result = read_result(path, findings)
    rulebook = read_rulebook(rules or str(result.run["rulebook"]))
    return up_to(result, rulebook), rulebook


def up_to(result: Result, rulebook: Rulebook) -> Result:
    """Bring an older result up to the rules that it is looked at by.

    Parameters
    ----------
    result, rulebook
        As read, and the rules.

    Returns
    -------
    Result
        With the columns that the rules know, without values where an older version wrote none.
    """
    return replace(result, parcels=with_known_columns(result.parcels, rulebook))


def with_known_columns(parcels: gpd.GeoDataFrame, rulebook: Rulebook) -> gpd.GeoDataFrame:
    """Add the columns that the rules know and an older version did not write.

    Parameters
    ----------
    parcels, rulebook
        Of a result, and the rules.

    Returns
    -------
    GeoDataFrame
    """
    return brought_up(parcels, _kinds(rulebook))


def _kinds(rulebook: Rulebook) -> pd.Series:
    """Return the type of each column that is written: not of those that nobody asks for."""
    unasked = {
        name
        for part in ("identify", "measure", "after")
        for entry in rulebook.measures[part]
        if not needed(entry, rulebook)
        for name in columns_added(entry)
    }
    kinds = rulebook.columns["dtype"]
    return kinds[~kinds.index.isin(unasked)]
