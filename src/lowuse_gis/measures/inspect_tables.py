"""Tables of measured facts about bureaus' tables: their sheets, and their columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.lookup import is_among, numbers_at
from lowuse_gis.core.topology.layer import valid_polygons
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lowuse_gis.model import Delivered

PARCELS, PARCEL = "parcels", "parcel_code"
KEYS = ("credit_code", PARCEL)  # by which years and files of a source are compared
AREA = "m²"
OUTSIDE_SHEET = r"^[^:]*:|!?\d+$"  # of the name of a row: number of the file, and line
HEADING, YEAR = "heading", "year"
COLUMNS = {
    "row": "str", "column": "str", "cell": "str", "unit": "str", "text": "str", "note": "str",
    "count": float, "least": float, "largest": float, "area_count": float, "area_ratio": float,
    "other_count": float, "other_ratio": float,
}  # fmt: skip


@dataclass(frozen=True)
class _Group:
    """The values of one column of one sheet, and of one year where headings carry years."""

    heading: pd.Series
    column: str
    year: float
    rows: pd.DataFrame  # value, and the keys there are


def tables(
    delivered: Delivered,
    layers: Sequence[Delivered],
    specs: Mapping[str, Mapping[str, Any]],
    areas: pd.Series | None = None,
) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return how the facts of a table are measured.

    Parameters
    ----------
    delivered
        A table.
    layers
        All that was handed over with it: parcels, further files of its source.
    specs
        What fields.toml says of its source.
    areas
        Areas of the parcels in m² by parcel code, where these are known already.

    Returns
    -------
    dict
        ``sheets`` and ``columns``, each made when it is called.
    """
    return {
        "sheets": lambda: sheet_table(delivered),
        "columns": lambda: column_table(delivered, layers, specs, areas),
    }


def sheet_table(delivered: Delivered) -> pd.DataFrame:
    """Return the facts of the sheets of a table.

    Parameters
    ----------
    delivered
        A table.

    Returns
    -------
    DataFrame
        ``row``, ``column``, ``cell``, ``kind``, ``value``, ``sum``, ``difference``, ``text``.
    """
    facts = delivered.facts
    if facts is None:
        raise TypeError
    notes = {
        "total": _("the rows add up to {sum:g}, not {value:g}"),
        "formula": _("a formula without its result"),
        "merged_amount": _("{text}: counted once, in the first row"),
        "merged_text": _("{text}: counts for every row"),
        "hidden_row": _("row {text}"),
        "hidden_column": _("column {text}"),
        "hidden_sheet": _("the sheet {text}"),
        "unread": _("the sheet {text}"),
    }
    lines = facts[["kind", "value", "sum", "text"]].to_dict("records")
    return facts.assign(note=[notes.get(line["kind"], "{text}").format(**line) for line in lines])


def column_table(
    delivered: Delivered,
    layers: Sequence[Delivered],
    specs: Mapping[str, Mapping[str, Any]],
    areas: pd.Series | None = None,
) -> pd.DataFrame:
    """Measure the columns of numbers of a table, sheet by sheet and year by year.

    Parameters
    ----------
    delivered, layers, specs, areas
        As for `tables`.

    Returns
    -------
    DataFrame
        ``column``, the ``cell`` of its heading, ``unit`` of the standard column, ``count``,
        ``least`` and ``largest`` value; ``area_ratio``, the median of what falls on a parcel to
        the parcel's area, over ``area_count`` parcels; ``other_ratio``, the largest median ratio
        to another year or file for the same firm or parcel, over ``other_count`` of them.
    """
    groups = list(_groups(delivered, specs))
    same = [
        other for other in layers if other.source == delivered.source and other is not delivered
    ]
    others = [(one.file, group) for one in same for group in _groups(one, specs)]
    if areas is None and any(specs[group.column].get("unit") == AREA for group in groups):
        areas = _areas(layers, groups)
    lines = []
    for group in groups:
        beside = [*((delivered.file, g) for g in groups if g is not group), *others]
        unit = specs[group.column].get("unit", "")
        value = group.rows["value"].dropna()
        area_ratio, area_count = (
            _to_areas(group, areas) if unit == AREA and areas is not None else (np.nan, 0)
        )
        other_ratio, other_count, whom = _to_others(group, beside) if unit else (np.nan, 0, "")
        lines.append(
            {
                "row": "",
                "column": group.column,
                "cell": group.heading["cell"],
                "unit": unit,
                "text": group.heading["text"],
                "note": group.heading["text"] + (f" — {whom}" if whom else ""),
                "count": len(value),
                "least": value.min(),
                "largest": value.max(),
                "area_count": area_count,
                "area_ratio": area_ratio,
                "other_count": other_count,
                "other_ratio": other_ratio,
            }
        )
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(COLUMNS)


def _groups(delivered: Delivered, specs: Mapping[str, Mapping[str, Any]]) -> Iterator[_Group]:
    facts, frame = delivered.facts, delivered.frame
    if facts is None:
        return
    rows = pd.Series(frame.index, frame.index, dtype="str")
    sheets = rows.str.replace(OUTSIDE_SHEET, "", regex=True)
    for _at, heading in facts[facts["kind"] == HEADING].iterrows():
        column, year = heading["column"], heading["value"]
        if specs.get(column, {}).get("type") != "number" or column not in frame:
            continue
        sheet = heading["cell"].rpartition("!")[0]
        here = (sheets == sheet).to_numpy()
        if not np.isnan(year):
            here = here & (frame[YEAR] == year).to_numpy()
        keys = [key for key in KEYS if key in frame and key != column]
        values = pd.DataFrame(frame.loc[here, [*keys, column]]).rename(columns={column: "value"})
        if YEAR in frame and np.isnan(year) and column != YEAR:
            yield from _years(heading, column, values, frame.loc[here, YEAR])
        else:
            yield _Group(heading, column, year, values)


def _years(
    heading: pd.Series, column: str, values: pd.DataFrame, years: pd.Series
) -> Iterator[_Group]:
    """Part a column whose rows name their year."""
    for year, part in values.groupby(years.to_numpy()):
        yield _Group(heading, column, float(year), part)


def _to_areas(group: _Group, areas: pd.Series) -> tuple[float, int]:
    if PARCEL not in group.rows:
        return np.nan, 0
    placed = group.rows.dropna(subset=[PARCEL]).groupby(PARCEL)["value"].sum(min_count=1)
    land = numbers_at(placed.index, areas)
    ratio = (placed / land).where((placed > 0) & (land > 0)).dropna()
    return float(ratio.median()) if len(ratio) else np.nan, len(ratio)


def _to_others(group: _Group, others: Sequence[tuple[str, _Group]]) -> tuple[float, int, str]:
    """Return the largest median ratio to another year or file, over how many, and to which."""
    best: tuple[float, int, str] = (np.nan, 0, "")
    for file, other in others:
        key = next((k for k in KEYS if k in group.rows and k in other.rows), "")
        if other.column != group.column or not key:
            continue
        mine, theirs = (
            g.rows.dropna(subset=[key]).groupby(key)["value"].sum(min_count=1)
            for g in (group, other)
        )
        ratio = (mine / theirs).where((mine > 0) & (theirs > 0)).dropna()
        median = float(ratio.median()) if len(ratio) else np.nan
        if len(ratio) and not median <= best[0]:
            best = (median, len(ratio), f"{file} {other.heading['cell']}")
    return best


def _areas(layers: Sequence[Delivered], groups: Sequence[_Group]) -> pd.Series:
    """Measure on the ellipsoid the parcels that the columns name."""
    wanted = [g.rows[PARCEL] for g in groups if PARCEL in g.rows]
    codes = pd.concat(wanted) if wanted else pd.Series(dtype="str")
    found = []
    for layer in layers:
        if layer.source != PARCELS or PARCEL not in layer.frame:
            continue
        named = layer.frame[is_among(layer.frame[PARCEL], codes)]
        shapes = named.geometry.to_numpy()
        area = ellipsoidal_area(valid_polygons(shapes), layer.frame.crs)
        found.append(pd.Series(np.asarray(area, dtype=float), named[PARCEL].to_numpy()))
    whole = pd.concat(found) if found else pd.Series(dtype=float)
    return whole.groupby(level=0).first()
