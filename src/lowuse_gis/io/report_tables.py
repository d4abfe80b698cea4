"""Give the tables of a document breadths by what stands in them, and set numbers to the right."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import Any

MARK = "lowuse"  # title of the alternative text of a table that is laid out here
NUMBER = re.compile(r"(≥ )?-?[\d,]+(\.\d+)?%?|—?")
WORDS = re.compile(r"[0-9A-Za-z]+")
TWIP = 635  # of the units of a document, a twentieth of a point
PAD = 4  # signs: between the text of a cell and its borders
SHORT, MOST = 14, 60  # signs: what stands on one line; of which more makes no column broader
WORD = 22  # signs of a word that is not parted, such as the code of a parcel


def are_numbers(rows: list[list[str]]) -> list[bool]:
    """Say of each column whether all that stands in it are numbers.

    Parameters
    ----------
    rows
        Cells, without headings.

    Returns
    -------
    list of bool

    Examples
    --------
    >>> are_numbers([["a", "1,200.50", "—"], ["2", "", "3%"]])
    [False, True, True]
    """
    columns = zip_longest(*rows, fillvalue="")
    return [all(NUMBER.fullmatch(cell) for cell in column) for column in columns]


def breadths(rows: list[list[str]], whole: int) -> list[int]:
    """Share a breadth out among columns.

    Parameters
    ----------
    rows
        Cells, headings among them.
    whole
        To be shared out.

    Returns
    -------
    list of int

    Examples
    --------
    >>> breadths([["ab", "a long text that needs its place"]], 100)
    [20, 80]
    """
    weights = []
    for column in zip_longest(*rows, fillvalue=""):
        lengths = [min(_signs(cell), MOST) for cell in column]
        word = max(len(part) for cell in column for part in WORDS.findall(cell) or [""])
        least = max(min(max(lengths), SHORT), min(word, WORD))
        weights.append(PAD + least + sum(lengths) / len(lengths) / 4)
    return [round(whole * weight / sum(weights)) for weight in weights]


def _signs(text: str) -> int:
    """Count signs, Chinese ones twice: they are twice as broad."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def lay_out(document: Any) -> None:
    """Lay out all marked tables of a document.

    Parameters
    ----------
    document
        Of python-docx, filled in.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  slow to load
    from docx.oxml.ns import qn  # noqa: PLC0415

    page = document.sections[0]
    whole = (page.page_width - page.left_margin - page.right_margin) // TWIP
    for table in document.element.body.iter(qn("w:tbl")):
        title = table.tblPr.find(qn("w:tblCaption"))
        if title is None or title.get(qn("w:val")) != MARK:
            continue
        rows = [row.findall(qn("w:tc")) for row in table.iter(qn("w:tr"))]
        texts = [["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in row] for row in rows]
        wide = breadths(texts, whole)
        for column, breadth in zip(table.tblGrid.findall(qn("w:gridCol")), wide, strict=False):
            column.set(qn("w:w"), str(breadth))
        numbers = are_numbers(texts[1:])
        for at, row in enumerate(rows):
            for cell, breadth, number in zip(row, wide, numbers, strict=False):
                size = cell.get_or_add_tcPr().get_or_add_tcW()
                size.set(qn("w:type"), "dxa")
                size.set(qn("w:w"), str(breadth))
                if number and at:
                    for paragraph in cell.findall(qn("w:p")):
                        paragraph.get_or_add_pPr().jc_val = WD_ALIGN_PARAGRAPH.RIGHT
