"""Write a rulebook as a workbook for a meeting: to be printed, read and written on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from lowuse_gis.io.workbook import harmless
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

A3, A4 = 8, 9  # as Excel numbers paper
LANDSCAPE_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}
HEAD_ROW = 2
WRITING_ROOM = 36.0  # points: two lines by hand
COLOURS = {"to confirm": "#FFF3CD", "superseded, to confirm": "#FBD9C5"}  # status to paper colour
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Page:
    """One sheet.

    Attributes
    ----------
    name, title
        Name of the sheet, and the line above the heading.
    columns
        Heading to width in characters.
    rows
        Cells, as many as columns: text or numbers.
    statuses
        Status of each row, for its colour; empty for none.
    wide
        Printed on A3 instead of A4.
    """

    name: str
    title: str
    columns: Mapping[str, int]
    rows: Sequence[Sequence[str | float]]
    statuses: Sequence[str] = field(default_factory=tuple)
    wide: bool = True


def write_rules(path: Path, cover: Page, pages: Sequence[Page], as_of: date) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        Where to.
    cover
        The first sheet: what this is, and the colours; its statuses colour the first cell only.
    pages
        The other sheets.
    as_of
        Stands for the date of writing, so that the same rules give the same bytes.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    try:
        with xlsxwriter.Workbook(str(path), OPTIONS) as book:
            created = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001  a plain date
            book.set_properties({"created": created, "author": "lowuse", "title": cover.title})
            for page in (cover, *pages):
                _write(book, page)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _write(book: xlsxwriter.Workbook, page: Page) -> None:
    sheet = book.add_worksheet(page.name)
    plain = {"border": 1, "valign": "top", "text_wrap": True}
    head = {**plain, "bold": True, "bg_color": "#DDE7E1", "align": "center", "valign": "vcenter"}
    styles = {key: book.add_format({**plain, "bg_color": c}) for key, c in COLOURS.items()}
    none, heading = book.add_format(plain), book.add_format(head)
    sheet.write_string(0, 0, page.title, book.add_format({"bold": True, "font_size": 14}))
    for at, (name, width) in enumerate(page.columns.items()):
        sheet.write_string(HEAD_ROW, at, name, heading)
        sheet.set_column(at, at, width)
    statuses = page.statuses or [""] * len(page.rows)
    for number, (row, status) in enumerate(zip(page.rows, statuses, strict=True), HEAD_ROW + 1):
        style = styles.get(status, none)
        for at, value in enumerate(row):
            _cell(sheet, number, at, value, style)
        height = _height(row, list(page.columns.values()))
        sheet.set_row(number, max(height, WRITING_ROOM) if page.wide else height)
    _print_setup(sheet, page)


def _cell(sheet: Any, row: int, at: int, value: str | float, style: Any) -> None:
    if value == "":
        sheet.write_blank(row, at, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, at, harmless(value), style)
    else:
        sheet.write_number(row, at, value, style)


def _height(row: Sequence[str | float], widths: Sequence[int]) -> float:
    """Return the height that the longest cell needs; a Chinese character is two wide."""
    lines = [
        sum(-(-max(_width(part), 1) // width) for part in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
    ]
    return min(15.0 * max(lines, default=1) + 3, 400.0)


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _print_setup(sheet: Any, page: Page) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3 if page.wide else A4)
    sheet.set_margins(**LANDSCAPE_MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD_ROW)
    sheet.set_footer(f"&L{page.name}&C" + _("page &P of &N"))
    sheet.freeze_panes(HEAD_ROW + 1, 1)
