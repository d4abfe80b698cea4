"""Measures that take a table keyed by parcel code: lists, columns, construction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from lowuse_gis.core.in_arrow import NOWHERE, in_arrow, places_in
from lowuse_gis.core.lookup import is_among, months_between
from lowuse_gis.measures.measured import Measured, absent_means_no, check_rows, covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey


def linked(survey: Survey, table: pd.DataFrame) -> pd.DataFrame:
    """Join a table keyed by parcel code to the parcels.

    Parameters
    ----------
    survey, table
        The parcels and a table with ``parcel_code``.

    Returns
    -------
    DataFrame
        The table's columns with ``at``, which of the parcels it is, from 0, and the parcel's
        ``land`` in m²; one line per row of the table and parcel of that code, ``at`` -1 where
        there is none.
    """
    codes, sought = survey.parcels["parcel_code"], table["parcel_code"].astype("str")
    place = _places(_texts(codes), _texts(sought))
    if place is not None:
        lines = table.reset_index(drop=True).assign(at=place)
    else:
        known = codes.reset_index(drop=True).dropna().rename_axis("at").reset_index()
        lines = table.merge(known, on="parcel_code", how="left")
        lines["at"] = lines["at"].fillna(NOWHERE).astype(np.int64)
    return lines.assign(land=np.append(survey.parcels["area"], np.nan)[lines["at"]])


def _texts(values: pd.Series) -> _Texts:
    texts = in_arrow(values)
    return _Texts(texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts]))


@dataclass(frozen=True, eq=False)
class _Texts:
    """A column of texts; another is equal to it where it is the same memory."""

    array: pa.ChunkedArray

    def _memory(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            (len(chunk), chunk.offset, *(b.address if b else 0 for b in chunk.buffers()))
            for chunk in self.array.chunks
        )

    def __hash__(self) -> int:
        return hash(self._memory())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts) and self._memory() == other._memory()


@lru_cache(maxsize=2)
def _places(codes: _Texts, sought: _Texts) -> NDArray[np.int64] | None:
    """Find codes among others; None where one stands there twice. Several measures ask."""
    there = codes.array.drop_null()
    if len(there.unique()) < len(there):
        return None
    return places_in(sought.array, codes.array)


def at_places(values: pd.Series, index: pd.Index) -> pd.Series:
    """Give values that stand by the place of a parcel to the parcels.

    Parameters
    ----------
    values
        By ``at`` of `linked`.
    index
        That of the parcels.

    Returns
    -------
    Series
        Missing for parcels without one.
    """
    return values.reindex(np.arange(len(index))).set_axis(index)


def listed(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Say whether a parcel is on a list.

    Parameters
    ----------
    survey, spec, run
        ``source`` and ``into``; the list is keyed by parcel code.

    Returns
    -------
    Measured
        True where listed; else false or missing, as the source's absence means.
    """
    del run
    source, codes = spec["source"], survey.parcels["parcel_code"]
    on_list = pd.Series(pd.NA, index=codes.index, dtype="boolean")
    checks = []
    if source in survey.tables:
        table = survey.tables[source]
        if absent_means_no(survey, source):
            on_list[covers(survey, source) & codes.notna().to_numpy()] = False
        on_list[is_among(codes, table["parcel_code"])] = True
        checks = [unmatched(table, survey, spec)]
    return Measured(pd.DataFrame({spec["into"]: on_list}), checks)


def unmatched(table: pd.DataFrame, survey: Survey, spec: Mapping[str, Any]) -> pd.DataFrame:
    """List the rows of a table whose parcel code no parcel has.

    Parameters
    ----------
    table
        With ``parcel_code`` and ``place``.
    survey, spec
        The parcels; ``check`` and ``source`` name the check and the table.

    Returns
    -------
    DataFrame
        Check rows, without a parcel.
    """
    lines = linked(survey, table)
    lost = lines[lines["at"] == NOWHERE]
    note = spec["source"] + " " + lost["place"] + " " + lost["parcel_code"].fillna("")
    return check_rows(spec["check"], pd.Series("", index=lost.index), note=note)


def keyed(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take columns of a table keyed by parcel code; the first row of a code counts.

    Parameters
    ----------
    survey, spec, run
        ``source``, ``into`` (columns of both the table and the parcels), ``blank`` (what an empty
        cell of a row that is there stands for) and ``check``.

    Returns
    -------
    Measured
        Missing where the table has no such parcel, or an empty cell.
    """
    parcels, table = survey.parcels, survey.tables.get(spec["source"])
    columns, checks = pd.DataFrame(index=parcels.index), []
    first = None
    if table is not None:
        first = table.dropna(subset=["parcel_code"]).drop_duplicates("parcel_code")
        first = first.set_index("parcel_code")
        checks = [unmatched(table, survey, spec)] if "check" in spec else []
    for column in spec["into"]:
        number = run.rulebook.columns.loc[column, "dtype"] == "number"
        columns[column] = pd.Series(np.nan, parcels.index, float if number else "str")
        if first is not None and column in first:
            found = parcels["parcel_code"].map(first[column])
            if column in spec.get("blank", {}):
                there = parcels["parcel_code"].isin(first.index)
                found = found.mask(there & found.isna(), spec["blank"][column])
            columns[column] = found.astype(columns[column].dtype).where(found.notna())
    return Measured(columns, checks)


def construction(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Say whether building is under way or still due, and how long ago it should have begun.

    Parameters
    ----------
    survey, spec, run
        ``source``, the table of land supply; ``completed`` and ``none_due``, the codes of parcels
        whose own completion date is past, and of parcels that are not in a complete table.

    Returns
    -------
    Measured
        ``construction_state``: as the table says, else completed, else nothing due, else missing.
        ``months_since_agreed_start``: whole months from the table's, else the parcel's, date; 0
        where that is still to come.
    """
    parcels, source = survey.parcels, spec["source"]
    codes = parcels["parcel_code"]
    state = pd.Series(np.nan, parcels.index, dtype="str")
    agreed = parcels["agreed_start"].copy()
    if source in survey.tables:
        known = covers(survey, source) & codes.notna().to_numpy()
        if absent_means_no(survey, source):
            state = state.mask(
                known & ~codes.isin(survey.tables[source]["parcel_code"]), spec["none_due"]
            )
    completed = pd.to_datetime(parcels["completed_on"]) <= pd.Timestamp(run.as_of)
    state = state.mask(completed, spec["completed"])
    if source in survey.tables:
        rows = survey.tables[source].dropna(subset=["parcel_code"])
        rows = rows.drop_duplicates("parcel_code").set_index("parcel_code")
        if "construction_state" in rows:
            given = codes.map(rows["construction_state"])
            state = given.astype("str").where(given.notna(), state)
        if "agreed_start" in rows:
            dates = rows["agreed_start"].reindex(codes)  # map fails where there is no row
            agreed = dates.set_axis(codes.index).fillna(agreed)
    return Measured(
        pd.DataFrame(
            {
                "construction_state": state,
                "months_since_agreed_start": months_between(pd.to_datetime(agreed), run.as_of),
            }
        )
    )
