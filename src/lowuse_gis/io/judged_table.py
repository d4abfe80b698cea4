"""Read from a result the measured columns that rules are put to, without geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio

from lowuse_gis.io.result import read_run

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

IDENTITY = ("parcel_code", "town_code", "town_name", "verdict_rule", "leaning", "low_use_area")


@dataclass(frozen=True)
class JudgedTable:
    """Parcels of a result as columns.

    Attributes
    ----------
    parcels
        Indexed by ``row``; with every column asked for.
    absent
        Of these, the ones that the result does not have; missing everywhere.
    run
        The one line that says what made the result.
    """

    parcels: pd.DataFrame
    absent: tuple[str, ...]
    run: pd.Series


def read_judged_table(path: Path, wanted: Collection[str], kinds: pd.Series) -> JudgedTable:
    """Read measured columns and verdicts of a result.

    Parameters
    ----------
    path
        What classify wrote.
    wanted
        Columns that rules read.
    kinds
        The type of each column as columns.csv has it, by name.

    Returns
    -------
    JudgedTable

    Raises
    ------
    InputError
        Where it is missing or no result of lowuse.
    """
    run = read_run(path)
    there = set(pyogrio.read_info(path, layer="parcels")["fields"])
    names = list(dict.fromkeys([*IDENTITY, *sorted(wanted)]))
    read = pyogrio.read_dataframe(
        path,
        layer="parcels",
        columns=["row", *(name for name in names if name in there)],
        read_geometry=False,
        use_arrow=True,
    ).set_index("row")
    absent = tuple(name for name in names if name not in there)
    return JudgedTable(typed_table(read, names, kinds), absent, run)


def typed_table(parcels: pd.DataFrame, names: Collection[str], kinds: pd.Series) -> pd.DataFrame:
    """Give measured columns the types that measures give them.

    Parameters
    ----------
    parcels
        As read from a result.
    names
        Columns wanted, those of `IDENTITY` among them; without values where there are none.
    kinds
        As for `read_judged_table`.

    Returns
    -------
    DataFrame
    """
    index = parcels.index
    columns = {name: _typed(parcels.get(name), kinds.get(name, "text"), index) for name in names}
    return pd.DataFrame(columns, index=index)


def _typed(values: pd.Series | None, kind: str, index: pd.Index) -> pd.Series:
    """Give a column the type that measures give it, whatever is missing in it."""
    dtype = {"number": "float64", "flag": "boolean", "date": "datetime64[us]"}.get(kind, "str")
    if values is None:
        empty = pd.NA if dtype == "boolean" else np.nan
        return pd.Series(empty, index=index, dtype=dtype)
    return values.astype(dtype)
