"""Hold the copies of a layer in several formats against each other, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.filing.canonical import canonical_column, differing_shapes
from lowuse_gis.core.verifying.findings import as_numbers, found, places
from lowuse_gis.model.filing import NUMBER, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lowuse_gis.model.filing import FiledField, ReadLayer

DBF_TEXT = 254


def different_copies(
    first: ReadLayer, other: ReadLayer, fields: Sequence[FiledField], key: str
) -> Iterator[pd.DataFrame]:
    """Find records, cells and shapes in which two copies differ.

    Parameters
    ----------
    first, other
        The copies; findings stand at the second.
    fields
        What is compared.
    key
        Field that names a record; copies without it, or with doubled keys, are not compared.

    Yields
    ------
    DataFrame
        Findings 6151 to 6153.
    """
    a, b = _by_key(first, key), _by_key(other, key)
    if a is None or b is None:
        return
    both = a.index
    if not both.equals(b.index):
        gone, added = a.index.difference(b.index), b.index.difference(a.index)
        yield found("6151", other.file, other.name, id=[*gone, *added], note=first.file)
        both = a.index.intersection(b.index)
        a, b = a.loc[both], b.loc[both]
    for field in fields:
        if field.code not in a or field.code not in b:
            continue
        if field.kind == TEXT and field.length > DBF_TEXT and "shp" in {first.form, other.form}:
            continue
        at = _suspect(a[field.code], b[field.code], field)
        if not len(at):
            continue
        one, two = (canonical_column(side[field.code].iloc[at], field) for side in (a, b))
        differs = (one != two).to_numpy()
        wrong = at[differs]
        note = (one[differs] + " ≠ " + two[differs]).to_numpy()
        yield found(
            "6152", other.file, other.name, id=both[wrong].to_numpy(), field=field.code, note=note
        )
    if "geometry" in a and "geometry" in b and first.crs == other.crs:
        shapes = b["geometry"].to_numpy()
        wrong = differing_shapes(a["geometry"].to_numpy(), shapes)
        yield found(
            "6153", other.file, other.name, id=both[wrong].to_numpy(), note=first.file,
            **places(shapes[wrong]),
        )  # fmt: skip


def _suspect(one: pd.Series, two: pd.Series, field: FiledField) -> np.ndarray:
    """Return the positions that have to be written out to be compared: those that differ as read.

    Dates, and digits that a reader took for numbers, are all written out.
    """
    if field.kind not in {NUMBER, WHOLE}:
        if not all(isinstance(side.dtype, pd.StringDtype) for side in (one, two)):
            return np.arange(len(one))
        texts = (side.fillna("").to_numpy(dtype=object) for side in (one, two))
        return np.flatnonzero(np.not_equal(*texts))
    a, b = (np.round(as_numbers(side).to_numpy(), field.decimals) for side in (one, two))
    empty = one.isna().to_numpy() & two.isna().to_numpy()
    return np.flatnonzero((a != b) & ~empty)


def _by_key(layer: ReadLayer, key: str) -> pd.DataFrame | None:
    if key not in layer.frame:
        return None
    ids = layer.frame[key].astype("str").fillna("").str.strip()
    if ids.duplicated().any():
        return None
    return layer.frame.set_axis(pd.Index(ids.to_numpy(dtype=object)), axis=0)


def different_rows(
    expected: pd.DataFrame, rows: Sequence[Sequence[object]], decimals: dict[str, int]
) -> tuple[list[str], list[tuple[int, int, str, str]], int]:
    """Hold the rows of a sheet against what the layers say.

    Parameters
    ----------
    expected
        What should stand there; its columns are the headings.
    rows
        The rows below the heading.
    decimals
        Of columns that are numbers.

    Returns
    -------
    headings : list of str
        Of the columns, in order.
    cells : list
        Row, column, what should stand there and what does.
    rows : int
        How many rows there are, without empty ones at the end.

    Examples
    --------
    >>> different_rows(pd.DataFrame({"a": ["x"], "b": [1.5]}), [["x", 1.25]], {"b": 2})[1]
    [(0, 1, '1.50', '1.25')]
    """
    headings = [str(name) for name in expected]
    kept = [row for row in rows if any(cell not in ("", None) for cell in row)]
    common = min(len(kept), len(expected))
    wide = [
        tuple(row[: len(headings)]) + ("",) * (len(headings) - len(row)) for row in kept[:common]
    ]
    there = pd.DataFrame(wide, columns=headings, dtype=object)
    cells: list[tuple[int, int, str, str]] = []
    for at, name in enumerate(headings):
        want = _written(expected[name].iloc[:common].reset_index(drop=True), decimals.get(name))
        have = _written(there[name], decimals.get(name))
        for row in np.flatnonzero((want != have).to_numpy()):
            cells.append((int(row), at, str(want.iloc[row]), str(have.iloc[row])))  # noqa: PERF401
    return headings, cells, len(kept)


def _written(values: pd.Series, decimals: int | None) -> pd.Series:
    if decimals is not None:
        numbers = pd.to_numeric(values, errors="coerce").astype(float)
        text = pd.Series(
            np.char.mod(f"%.{decimals}f", numbers.to_numpy() + 0.0), index=values.index
        )
        plain = values.astype("str").where(values.notna(), "").fillna("")
        return text.astype("str").where(numbers.notna(), plain)
    text = values.map(_plain)
    return text.astype("str").str.strip().str.removeprefix("'")


def _plain(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
