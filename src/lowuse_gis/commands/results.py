"""Read a result together with the rules that it is looked at by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lowuse_gis.core.lint.measure_keys import columns_added
from lowuse_gis.io.project import find_project
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


def rulebook_named(name: str, rules: str = "", project: Path | None = None) -> Rulebook:
    """Find the rulebook that made something, by the name that it bears.

    Parameters
    ----------
    name
        As a result, a units file or a package has it.
    rules
        What the user names instead, a name or a folder.
    project
        A project whose rulebook is taken where it bears the name; that of the working folder if
        None.

    Returns
    -------
    Rulebook

    Raises
    ------
    RuleError
        Where there is none of the name, or it is wrong.
    """
    if rules:
        return read_rulebook(rules)
    found = find_project(project)
    own = read_rulebook(found.rules) if found and found.rules else None
    return own if own and own.name == name else read_rulebook(name)


def read_with_rules(
    path: Path, rules: str = "", project: Path | None = None, *, findings: str = ""
) -> tuple[Result, Rulebook]:
    """Read a result and the rules, and bring an older result up to them.

    Parameters
    ----------
    path
        What classify wrote.
    rules, project
        The rulebook, as `rulebook_named` takes them; the one that the result names where empty.
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
    rulebook = rulebook_named(str(result.run["rulebook"]), rules, project)
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
