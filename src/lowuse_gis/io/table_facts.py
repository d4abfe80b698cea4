"""Facts of a sheet that values do not show: totals, hidden and merged cells, lost results."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.cell_places import cell_name, letters, sheet_place
from lowuse_gis.core.inspection.sums import row_totals
from lowuse_gis.io.table_rows import ERRORS, as_amounts, column_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lowuse_gis.io.headings import Heading, Merged, Sheet
    from lowuse_gis.io.sheet_marks import Marks
    from lowuse_gis.io.table_rows import Rows

FACTS = {
    "place": "str", "cell": "str", "column": "str", "kind": "str", "value": float, "sum": float,
    "difference": float, "text": "str",
}  # fmt: skip
NUMBER = "number"
BLANKS = ("", "-", "—", "/", "无")


class Fact(NamedTuple):
    """One place of a workbook, and what is there.

    Attributes
    ----------
    place
        Sheet and row of a row of data; empty where it is none.
    cell
        Such as ``Sheet1!F12``, or a range.
    column
        Standard column.
    kind
        ``heading``, ``total``, ``formula``, ``error``, ``hidden_row``, ``hidden_column``,
        ``hidden_sheet``, ``merged_text``, ``merged_amount`` or ``unread``.
    value, sum, difference
        Numbers: the year of a heading; a total, what it should be, and by how much it is not.
    text
        What stands there.
    """

    place: str
    cell: str
    column: str
    kind: str
    value: float = np.nan
    sum: float = np.nan
    difference: float = np.nan
    text: str = ""


def facts_table(facts: Iterable[Fact]) -> pd.DataFrame:
    """Make a table of facts.

    Parameters
    ----------
    facts
        In the order found.

    Returns
    -------
    DataFrame
        Columns `FACTS`.
    """
    return pd.DataFrame(list(facts), columns=list(FACTS)).astype(FACTS)


def unread_fact(sheet: Sheet) -> list[Fact]:
    """Say that a sheet with content was not read.

    Parameters
    ----------
    sheet
        Without a heading.

    Returns
    -------
    list of Fact
        None for an empty sheet.
    """
    cells = sheet.cells.size and bool((sheet.cells.notna() & (sheet.cells != "")).any(axis=None))
    return [Fact("", sheet.name, "", "unread", text=sheet.name)] if cells else []


def sheet_facts(
    sheet: Sheet,
    heading: Heading,
    rows: Rows,
    marks: Marks | None,
    specs: Mapping[str, Mapping[str, Any]],
) -> list[Fact]:
    """Collect the facts of a sheet that is read.

    Parameters
    ----------
    sheet, heading, rows
        The grid, its columns and its rows.
    marks
        What the file keeps besides values; None where it cannot be said.
    specs
        What fields.toml says of the source.

    Returns
    -------
    list of Fact
        Of columns that are read only.
    """
    columns = _columns(heading)
    facts = _headings(sheet, heading, columns)
    facts += _totals(sheet, rows, columns, specs)
    facts += _merged(sheet, rows, columns, specs)
    if sheet.hidden:
        facts.append(Fact("", sheet.name, "", "hidden_sheet", text=sheet.name))
    lines = set(rows.data.index[rows.data.to_numpy()])
    if marks is not None:
        facts += _hidden(sheet, lines, columns, marks)
        facts += [
            Fact(sheet_place(sheet.name, line), cell_name(sheet.name, at, line), columns[at], kind,
                 text=text)
            for kind, line, at, text in (
                *(("formula", *at, "") for at in marks.valueless),
                *(("error", *at) for at in marks.errors),
            )
            if at in columns and line in lines
        ]  # fmt: skip
    return facts + _written_errors(sheet, rows, columns)


def _columns(heading: Heading) -> dict[int, str]:
    """Return which standard column stands in which column of the sheet."""
    found = {at: column for column, at in heading.columns.items()}
    return found | {at: c for c, positions in heading.years.items() for at in positions}


def _headings(sheet: Sheet, heading: Heading, columns: Mapping[int, str]) -> list[Fact]:
    years = {at: year for positions in heading.years.values() for at, year in positions.items()}
    line = heading.rows[-1]
    return [
        Fact("", cell_name(sheet.name, at, line), columns[at], "heading",
             value=years.get(at, np.nan), text=heading.labels[at])
        for at in sorted(columns)
    ]  # fmt: skip


def _totals(
    sheet: Sheet,
    rows: Rows,
    columns: Mapping[int, str],
    specs: Mapping[str, Mapping[str, Any]],
) -> list[Fact]:
    """Hold rows of totals against the rows above; in columns that can be added up."""
    facts: list[Fact] = []
    if not rows.total.any():
        return facts
    summed = (rows.data | rows.total).to_numpy()
    total, part = rows.total[summed], rows.part[summed]
    for at, column in sorted(columns.items()):
        if not specs.get(column, {}).get("adds"):
            continue
        cells = rows.body.loc[summed, rows.body.columns[at]]
        values, texts = as_amounts(cells), column_texts(cells)
        strange = bool((values.isna() & ~np.isin(texts, BLANKS) & ~total.to_numpy()).any())
        found = row_totals(values, total, part)
        lines = values.index[found["at"].to_numpy(dtype=int)]
        facts += [
            Fact("", cell_name(sheet.name, at, line), column, "total", value, whole,
                 np.nan if strange else away)
            for line, value, whole, away in zip(
                lines, found["value"], found["sum"], found["difference"], strict=True
            )
        ]  # fmt: skip
    return facts


def _merged(
    sheet: Sheet,
    rows: Rows,
    columns: Mapping[int, str],
    specs: Mapping[str, Mapping[str, Any]],
) -> list[Fact]:
    facts = []
    for merged in sheet.merged:
        top, left, bottom, right = merged
        data = rows.data.reindex(range(top, bottom + 1), fill_value=False)
        column = next((columns[at] for at in range(left, right + 1) if at in columns), "")
        if not column or not data.any():
            continue
        value = sheet.cells.iat[top, left]
        kind = "merged_amount" if specs.get(column, {}).get("type") == NUMBER else "merged_text"
        place = sheet_place(sheet.name, int(data.index[data.to_numpy()][0]))
        facts.append(Fact(place, _range(sheet.name, merged), column, kind, text=str(value)))
    return facts


def _range(sheet: str, merged: Merged) -> str:
    top, left, bottom, right = merged
    return f"{cell_name(sheet, left, top)}:{letters(right)}{bottom + 1}"


def _hidden(sheet: Sheet, lines: set[int], columns: Mapping[int, str], marks: Marks) -> list[Fact]:
    """Say which rows of data and which columns are hidden; rows one below the other at once."""
    facts = []
    hidden = sorted(lines.intersection(marks.hidden_rows))
    starts = [n for n, line in enumerate(hidden) if n == 0 or hidden[n - 1] != line - 1]
    for start, stop in pairwise([*starts, len(hidden)]):
        low, high = hidden[start], hidden[stop - 1]
        text = f"{low + 1}–{high + 1}" if high > low else str(low + 1)
        shown = f"{sheet.name}!{low + 1}:{high + 1}"
        facts.append(
            Fact(sheet_place(sheet.name, low), shown, "", "hidden_row", high - low + 1.0, text=text)
        )
    for at in sorted(set(marks.hidden_columns).intersection(columns)):
        shown = f"{sheet.name}!{letters(at)}:{letters(at)}"
        facts.append(Fact("", shown, columns[at], "hidden_column", text=letters(at)))
    return facts


def _written_errors(sheet: Sheet, rows: Rows, columns: Mapping[int, str]) -> list[Fact]:
    """List errors that stand in cells as text, as in a CSV."""
    data = rows.body[rows.data.to_numpy()]
    return [
        Fact(sheet_place(sheet.name, line), cell_name(sheet.name, at, line), column, "error",
             text=str(text))
        for at, column in sorted(columns.items())
        for line, text in data.iloc[:, at][data.iloc[:, at].isin(ERRORS)].items()
    ]  # fmt: skip
