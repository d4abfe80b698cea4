"""Results that another version of lowuse wrote: brought up where nothing is invented, else refused.

A column that is not there is not known, and is added without values. What a verdict cannot do
without is not made up: such a result is to be judged again. One of a later version is refused, as
nobody here can know what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from packaging.version import InvalidVersion, Version

from lowuse_gis import __version__
from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd

# Every result has these tables.
TABLES = frozenset(
    {
        "findings", "checks", "problems", "villages", "sources", "runs", "criteria", "thresholds",
        "labels", "columns", "summary", "balance_parcels", "lacking",
    }
)  # fmt: skip
# What a verdict is, and who and where a parcel is.
ESSENTIAL = (
    "row", "parcel_code", "location", "owner", "zone", "remark", "origin", "stratum", "ownership",
    "town_code", "town_name", "village_code", "survey_class", "land_type", "land_type_basis",
    "area", "plane_area", "verdict", "verdict_rule", "verdict_final", "decision_state", "leaning",
    "result_code", "criteria_met", "flags_met", "subtype", "strong_met", "weak_met", "weak_needed",
    "missing", "missing_from", "ask", "low_use_area", "possible_area",
)  # fmt: skip
OF_RUN = ("rulebook", "rules_sha256", "as_of", "crs", "mu")
EMPTY = {"number": "float64", "flag": "object", "date": "object"}  # as none reads


def refuse_later(path: Path, run: pd.Series) -> None:
    """Refuse a result of a later version, and one that does not say what made it.

    Parameters
    ----------
    path, run
        The file, and the line of its runs.

    Raises
    ------
    InputError
        Naming both versions.
    """
    refuse_without(path, run.index, OF_RUN, run)
    written = str(run.get("lowuse", ""))
    try:
        later = Version(written) > Version(__version__)
    except InvalidVersion:
        later = False
    if later:
        raise InputError(
            _("{path}: written by lowuse {written}; this is lowuse {version}").format(
                path=path, written=written, version=__version__
            ),
            _("read it with lowuse {written} or later").format(written=written),
        )


def refuse_without(
    path: Path, there: Iterable[str], needed: Iterable[str], run: pd.Series | None = None
) -> None:
    """Refuse a result that lacks what nobody can make up.

    Parameters
    ----------
    path
        The file.
    there, needed
        Names of tables or columns.
    run
        The line of its runs, where that is read.

    Raises
    ------
    InputError
        Naming what is missing.
    """
    absent = sorted(set(needed) - set(there))
    if absent:
        written = "" if run is None else str(run.get("lowuse", ""))
        raise InputError(
            _("{path}: a result of another version of lowuse ({written}): no {names}").format(
                path=path, written=written or _("not known"), names=", ".join(absent)
            ),
            _("judge anew with this version: lowuse classify … -o {name} --overwrite").format(
                name=path.name
            ),
        )


def brought_up(parcels: gpd.GeoDataFrame, kinds: pd.Series) -> gpd.GeoDataFrame:
    """Add the columns that an older version did not write, without values.

    Parameters
    ----------
    parcels
        With all that is essential.
    kinds
        The type of each column that this version writes, by name.

    Returns
    -------
    GeoDataFrame
        The same one where nothing lacks.
    """
    absent = [name for name in kinds.index if name not in {*parcels.columns, "row"}]
    added = {
        name: pd.Series(
            None if kinds[name] in {"flag", "date"} else np.nan,
            index=parcels.index,
            dtype=EMPTY.get(kinds[name], "str"),
        )
        for name in absent
    }
    return parcels.assign(**added) if added else parcels
