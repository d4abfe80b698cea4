"""Match the rows of a return list to the records that were filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

MATCHED, AMBIGUOUS, UNMATCHED = "matched", "ambiguous", "unmatched"
WAYS = ("filed_code", "record_id", "parcel_code")
SAME = ("filed_code", "record_id", "parcel_code", "layer", "problem", "returned_on")


def matched_receipts(rows: pd.DataFrame, filed: pd.DataFrame) -> pd.DataFrame:
    """Say which filed record each row is about.

    Parameters
    ----------
    rows
        With ``filed_code``, ``record_id``, ``parcel_code`` and ``layer``, as text.
    filed
        The records: ``layer``, ``filed_code``, ``record_id``, ``parcel_code``.

    Returns
    -------
    DataFrame
        `rows` with ``matched_layer``, ``matched_code`` and ``state``: matched, ambiguous (several
        records have that code), unmatched. The first code that any record has counts.

    Examples
    --------
    >>> filed = pd.DataFrame(
    ...     {"layer": ["A"], "filed_code": ["p1"], "record_id": ["7"], "parcel_code": ["z"]})
    >>> rows = pd.DataFrame(
    ...     {"filed_code": [None], "record_id": ["7"], "parcel_code": [None], "layer": [None]})
    >>> matched_receipts(rows, filed)[["matched_layer", "matched_code", "state"]].values.tolist()
    [['A', 'p1', 'matched']]
    """
    found = pd.DataFrame(
        {
            "matched_layer": pd.Series(np.nan, rows.index, "str"),
            "matched_code": pd.Series(np.nan, rows.index, "str"),
            "state": pd.Series(UNMATCHED, rows.index, "str"),
        }
    )
    for way in WAYS:
        left = (found["state"] == UNMATCHED) & rows[way].notna()
        pairs = _pairs(rows[left], filed, way)
        count = pairs.groupby("at").size()
        first = pairs.drop_duplicates("at").set_index("at")
        found.loc[first.index, "matched_layer"] = first["layer_filed"]
        found.loc[first.index, "matched_code"] = first["filed_code_filed"]
        found.loc[count.index, "state"] = np.where(count > 1, AMBIGUOUS, MATCHED)
    several = found["state"] == AMBIGUOUS
    found.loc[several, ["matched_layer", "matched_code"]] = np.nan
    return rows.assign(**{name: found[name] for name in found})


def _pairs(rows: pd.DataFrame, filed: pd.DataFrame, way: str) -> pd.DataFrame:
    """Return rows and records of one code, those of the layer that is named where one is."""
    given = rows[[way, "layer"]].assign(at=rows.index)
    known = filed[filed[way].notna()].add_suffix("_filed")
    pairs = given.merge(known, left_on=way, right_on=f"{way}_filed")
    named = pairs["layer"].isna() | (pairs["layer"] == pairs["layer_filed"])
    pairs = pairs[named]
    return pairs.drop_duplicates(["at", "filed_code_filed"])  # a plot stands in several layers


def new_receipts(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Say which rows the ledger has not yet.

    Parameters
    ----------
    rows, known
        Rows that came, and those of the ledger.

    Returns
    -------
    Series of bool
        False too for a row that stands twice in what came.
    """
    mine = _identity(rows, SAME)
    return ~mine.isin(set(_identity(known, SAME))) & ~mine.duplicated()


def _identity(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    text = pd.Series("", index=rows.index, dtype="str")
    for name in names:
        text = text + "\x1f" + rows[name].astype("str").fillna("").str.strip()
    return text
