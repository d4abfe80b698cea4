"""Write workbooks that are the same bytes for the same content and safe to open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from lowuse_gis.io.charts import Scatter, add_scatter
from lowuse_gis.io.shared_texts import FORMULA
from lowuse_gis.io.sheet_rows import add_rows, harmless_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

WIDEST, NARROWEST = 60, 8
ROWS = 1_000_000  # a sheet holds 1,048,576
LONG = 10_000  # rows: what is longer is written a column at a time, but for its first rows
FIRST = 200  # of those; they tell the widths of columns
GREY = "#E7E6E6"
ABOVE = 3  # rows above the first one: title, note, heading


@dataclass(frozen=True)
class OutSheet:
    """One sheet of a workbook.

    Attributes
    ----------
    name, title
        Name of the sheet, and the line above its heading.
    frame
        Content; its column names are the headings.
    note
        A second line above the heading, empty for none.
    decimals
        Heading to decimals shown.
    formats
        Heading to the number format of its cells, such as ``@`` for text.
    choices
        Heading to the words of its drop-down list, or the range of cells that has them.
    widths
        Heading to its least width, in characters.
    grey
        Heading to the text of cells that are not to be filled in.
    limits
        Heading to the least and greatest number that may be typed.
    chart
        Drawn beside the table.
    """

    name: str
    title: str
    frame: pd.DataFrame
    note: str = ""
    decimals: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str] | str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    grey: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    chart: Scatter | None = None


def write_workbook(path: Path, sheets: Sequence[OutSheet], as_of: date) -> None:
    """Write a workbook.

    Parameters
    ----------
    path
        Where to.
    sheets
        In order.
    as_of
        Stands for the date of writing.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        pages = [page for whole in sheets for page in _pages(whole)]
        with xlsxwriter.Workbook(str(path), options) as book:
            created = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001  a plain date
            book.set_properties({"created": created, "author": "lowuse"})
            for page in pages:
                _write_sheet(book, page)
        if further := _further(pages):
            add_rows(path, further)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _pages(sheet: OutSheet) -> list[OutSheet]:
    """Cut what is longer than a sheet may be into several."""
    starts = range(0, max(len(sheet.frame), 1), ROWS)
    if len(starts) == 1:
        return [sheet]
    return [
        replace(sheet, name=f"{sheet.name} {n}", frame=sheet.frame.iloc[at : at + ROWS])
        for n, at in enumerate(starts, start=1)
    ]


def _by_cell(frame: pd.DataFrame) -> int:
    """Return how many rows are written cell by cell."""
    return len(frame) if len(frame) <= LONG else min(FIRST, LONG)


def _further(pages: Sequence[OutSheet]) -> dict[int, tuple[pd.DataFrame, int]]:
    """Return, of sheets that are long, the rows that remain and where they begin."""
    return {
        number: (page.frame.iloc[done:], ABOVE + done + 1)
        for number, page in enumerate(pages, start=1)
        for done in (_by_cell(page.frame),)
        if done < len(page.frame)
    }


def harmless(text: str) -> str:
    """Make text that a spreadsheet would run as a formula plain text.

    Parameters
    ----------
    text
        Anything people typed.

    Returns
    -------
    str
        With an apostrophe before it where it begins like a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("王口镇")
    ("'=HYPERLINK(1)", '王口镇')
    """
    return "'" + text if text.startswith(FORMULA) else text


def _write_sheet(book: xlsxwriter.Workbook, sheet: OutSheet) -> None:
    page = book.add_worksheet(sheet.name)
    strong = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#DDE7E1", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    page.write_string(0, 0, sheet.title, strong)
    page.write_string(1, 0, sheet.note)
    for at, name in enumerate(sheet.frame.columns):
        values = sheet.frame[name]
        style = book.add_format({"valign": "top", "text_wrap": values.dtype.kind not in "fi"})
        if name in sheet.decimals:
            style.set_num_format("#,##0." + "0" * sheet.decimals[name])
        if name in sheet.formats:
            style.set_num_format(sheet.formats[name])
        valid = _validation(sheet, str(name))
        if valid and len(values):
            page.data_validation(ABOVE, at, ABOVE - 1 + len(values), at, valid)
        quiet = book.add_format({"bg_color": GREY}) if name in sheet.grey else style
        page.write_string(2, at, str(name), head)
        cells = _cells(values.iloc[: _by_cell(sheet.frame)])
        for row, cell in enumerate(cells, start=ABOVE):  # an empty cell has the style of its column
            if cell is not None and cell != "":
                page.write(row, at, cell, quiet if cell == sheet.grey.get(name) else style)
        width = _width([str(name), *("" if c is None else str(c) for c in cells[:FIRST])])
        page.set_column(at, at, max(width, sheet.widths.get(name, 0)), style)
    if sheet.chart:
        add_scatter(book, page, sheet.frame.iloc[:LONG], sheet.chart, ABOVE)
    page.freeze_panes(3, 0)
    if len(sheet.frame):
        page.autofilter(2, 0, 2 + len(sheet.frame), max(len(sheet.frame.columns) - 1, 0))


def _validation(sheet: OutSheet, name: str) -> dict[str, object]:
    """Say what may be typed into a column; empty where anything may."""
    if name in sheet.choices:
        words = sheet.choices[name]
        return {"validate": "list", "source": words if isinstance(words, str) else list(words)}
    if name in sheet.limits:
        least, greatest = sheet.limits[name]
        between = {"criteria": "between", "minimum": least, "maximum": greatest}
        return {"validate": "decimal", **between}
    return {}


def _cells(values: pd.Series) -> list[object]:
    if values.dtype.kind in "fi":
        return values.astype(object).where(values.notna(), None).tolist()
    return harmless_texts(values).tolist()


def _width(texts: list[str]) -> int:
    longest = max(len(text) + sum(not c.isascii() for c in text) for text in texts)
    return min(max(longest + 2, NARROWEST), WIDEST)
