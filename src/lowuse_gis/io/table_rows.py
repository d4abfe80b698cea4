"""Take the rows of a sheet: what is data, what is left out and why, which cell is which value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.values import BLANK, replaced
from lowuse_gis.io.headings import cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.io.headings import Heading, Sheet
    from lowuse_gis.model import Rulebook

TOTAL = r"(?:本页|本表|本镇|全镇|全区|全县|全部|各镇)?(?:合计|总计|小计|共计|累计)[:：]?"
SUMMED = "计"  # in every one of them
PART = "小计"
FOOT = r"(?:注|备注|说明|填表|填报|制表|审核|复核|负责人|联系人).{0,6}[:：].*"
UNSAID = BLANK + "|[（(].*?[)）]"
EARLY = 3  # filled cells of a row among which 合计 stands
ERRORS = ("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
TITLE, HEADING, UNITS, EMPTY, SUM, REPEATED, NOTE = (
    "title", "heading", "units", "empty", "total", "repeated", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """The rows of a sheet.

    Attributes
    ----------
    frame
        Standard columns as the file has them, in their units, with ``place`` (sheet and row).
    positions
        Of the same shape, without ``place``: the column of the sheet each value stands in, from 0;
        -1 where it stands in none.
    left_out
        Rows that are no data: ``sheet``, ``line`` (from 1), ``reason``, ``text``.
    body
        All cells under the heading, by line from 0.
    data, total, part
        Which lines of it are data, totals, totals of a part.
    """

    frame: pd.DataFrame
    positions: pd.DataFrame
    left_out: pd.DataFrame
    body: pd.DataFrame
    data: pd.Series
    total: pd.Series
    part: pd.Series


def take_rows(sheet: Sheet, heading: Heading, rulebook: Rulebook, source: str) -> Rows:
    """Take the rows of a sheet under its heading.

    Parameters
    ----------
    sheet, heading
        The grid, and where its columns are.
    rulebook, source
        Know types and units.

    Returns
    -------
    Rows
        A row per line that holds data, or per line and year where headings carry years.
    """
    body = sheet.cells.iloc[heading.first :]
    used = sorted(_used(heading))
    reasons, part = _reasons(body, used, heading)
    data = reasons == ""
    kept = body[data.to_numpy()]
    lines = pd.Series(kept.index + 1, kept.index).astype("str")
    names = f"{sheet.name}!" + lines if sheet.name else lines
    frame, positions = _by_year(kept, names.astype("str"), heading, rulebook, source)
    return Rows(
        frame=frame,
        positions=positions,
        left_out=_left_out(sheet, heading, body, reasons),
        body=body,
        data=data,
        total=reasons == SUM,
        part=part,
    )


def _used(heading: Heading) -> set[int]:
    return {*heading.columns.values(), *(at for years in heading.years.values() for at in years)}


def _reasons(body: pd.DataFrame, used: list[int], heading: Heading) -> tuple[pd.Series, pd.Series]:
    """Say why each row under the heading is left out; empty where it is data."""
    texts = [_texts(body[column]) for column in body]
    filled = np.stack([(text != "").to_numpy(dtype=bool) for text in texts], axis=1)
    early = filled & (filled.cumsum(axis=1) <= EARLY)
    total, part, foot = (np.zeros(len(body), dtype=bool) for _n in range(3))
    lonely = filled.sum(axis=1) == 1
    for at, text in enumerate(texts):
        some = early[:, at] & text.str.contains(SUMMED, regex=False).to_numpy(dtype=bool)
        words = replaced(text[some], UNSAID, "")
        hit = words.str.fullmatch(TOTAL).to_numpy(dtype=bool)
        total[some] |= hit
        part[some] |= hit & words.str.contains(PART, regex=False).to_numpy(dtype=bool)
        some = lonely & filled[:, at]
        foot[some] |= text[some].str.fullmatch(FOOT).to_numpy(dtype=bool)
    again = np.logical_and.reduce([texts[at] == heading.labels[at] for at in used])
    reasons = np.select(
        [~filled.any(axis=1), again, total, foot | ~filled[:, used].any(axis=1)],
        [EMPTY, REPEATED, SUM, NOTE],
        "",
    )
    return pd.Series(reasons, body.index, dtype="str"), pd.Series(part, body.index)


def _left_out(
    sheet: Sheet, heading: Heading, body: pd.DataFrame, reasons: pd.Series
) -> pd.DataFrame:
    """List the rows that are no data; empty ones only between others."""
    lines = dict.fromkeys(range(heading.rows[0]), TITLE)
    lines |= dict.fromkeys(heading.rows, HEADING)
    lines |= dict.fromkeys(range(heading.rows[-1] + 1, heading.first), UNITS)
    filled = body.index[(reasons != EMPTY).to_numpy()]
    above = reasons[reasons.index < filled.max()] if len(filled) else reasons.head(0)
    lines |= reasons[(reasons != "") & (reasons != EMPTY)].to_dict()
    listed = [(sheet.name, row + 1, lines[row], _line_text(sheet.cells.iloc[row])) for row in lines]
    found = [line for line in listed if line[3]]
    blank = [(sheet.name, row + 1, EMPTY, "") for row in above.index[above == EMPTY]]
    return pd.DataFrame(sorted(found + blank), columns=["sheet", "line", "reason", "text"])


def _line_text(cells: pd.Series) -> str:
    return " ".join(dict.fromkeys(text for cell in cells if (text := cell_text(cell))))


def column_texts(cells: pd.Series) -> NDArray[np.object_]:
    """Write a column of cells as text.

    Parameters
    ----------
    cells
        As read.

    Returns
    -------
    ndarray of str
        Empty for empty ones.
    """
    return _texts(cells).to_numpy(dtype=object)


def _texts(cells: pd.Series) -> pd.Series:
    return cells.where(cells.notna(), "").astype("str").str.strip()


def _by_year(
    body: pd.DataFrame, place: pd.Series, heading: Heading, rulebook: Rulebook, source: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the years of a line one under the other, all lines of a year together."""
    specs = rulebook.fields.get(source, {})
    plain = {c: at for c, at in heading.columns.items() if c not in heading.years}
    frame = _taken(body, plain, heading, specs, rulebook).assign(place=place)
    if not heading.years:
        positions = _positions(body, plain, list(plain))
        return frame.reset_index(drop=True), positions.reset_index(drop=True)
    frames, places = [], []
    years = {year for positions in heading.years.values() for year in positions.values()}
    names = list(dict.fromkeys([*plain, "year", *heading.years]))
    for year in sorted(years, key=lambda one: _first_at(heading, one)):
        of_year = {
            column: at
            for column, positions in heading.years.items()
            for at, named in positions.items()
            if named == year
        }
        taken = _taken(body, of_year, heading, specs, rulebook)
        frames.append(pd.concat([frame.assign(year=float(year)), taken], axis=1))
        places.append(_positions(body, {**plain, **of_year}, names))
    whole = pd.concat(frames, ignore_index=True)
    order = list(dict.fromkeys([*plain, "place", "year", *heading.years]))
    return whole.reindex(columns=order), pd.concat(places, ignore_index=True)


def _taken(
    body: pd.DataFrame,
    columns: Mapping[str, int],
    heading: Heading,
    specs: Mapping[str, Mapping[str, Any]],
    rulebook: Rulebook,
) -> pd.DataFrame:
    """Take columns of a sheet under their standard names, in their units."""
    made = {
        column: _converted(body.iloc[:, at], at, heading, specs.get(column, {}), rulebook)
        for column, at in columns.items()
    }
    return pd.DataFrame(made, index=body.index)


def _positions(body: pd.DataFrame, columns: Mapping[str, int], names: list[str]) -> pd.DataFrame:
    """Say for each value in which column of the sheet it stands."""
    made = {name: np.int16(columns.get(name, -1)) for name in names}
    return pd.DataFrame(made, index=body.index)


def _first_at(heading: Heading, year: int) -> int:
    return min(
        at for positions in heading.years.values() for at, named in positions.items()
        if named == year
    )  # fmt: skip


def _converted(
    cells: pd.Series, at: int, heading: Heading, spec: Mapping[str, Any], rulebook: Rulebook
) -> pd.Series:
    """Bring a column to its standard unit; errors of formulas are no values."""
    cells = cells.mask(cells.isin(ERRORS), "")
    factor = factor_of(heading.units.get(at, ""), spec, rulebook)
    if factor == 1:
        return cells
    numbers = as_amounts(cells)
    return (numbers * factor).astype(object).where(numbers.notna(), cells)


def as_amounts(cells: pd.Series) -> pd.Series:
    """Read cells as numbers.

    Parameters
    ----------
    cells
        As read; numbers may be text, with commas between thousands.

    Returns
    -------
    Series of float
        Missing where a cell holds none.
    """
    texts = pd.Series(column_texts(cells), cells.index).str.replace(",", "")
    return pd.to_numeric(texts, errors="coerce").astype(float)


def factor_of(unit: str, spec: Mapping[str, Any], rulebook: Rulebook) -> float:
    """Return what a column is multiplied by.

    Parameters
    ----------
    unit
        Named for it.
    spec
        What fields.toml says of the standard column.
    rulebook
        Knows the units.

    Returns
    -------
    float
        1 for a unit that cannot become that of the column: it is not applied.
    """
    known = rulebook.fields["units"].get(unit)
    if not known or known["to"] != spec.get("unit"):
        return 1.0
    return float(known["factor"])
