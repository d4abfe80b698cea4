"""Look into a workbook before it is read: a stray cell far away would take all memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lowuse_gis.io.archives import RefusedError, blocks
from lowuse_gis.io.formats import packed
from lowuse_gis.io.zip_entries import BrokenZipError, Entry, entries
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

FAR = re.compile(
    rb"""\br\s*=\s*["'](?:([A-Za-z]{2,}[0-9]+|[A-Za-z]+[0-9]{5,})|([0-9]{5,}))["']|<c\s*(>)"""
)
COLUMNS, ROWS = 16_384, 1_048_576  # of the format
NEAR_COLUMNS, NEAR_ROWS = 26, 9_999  # cells within these are not looked at one by one
MOST = 50_000_000  # cells of a rectangle around all cells
LISTED, EASY, RATIO, LONGEST = 10_000, 256 << 20, 100, 2 << 30
OVERLAP = 64  # bytes of a block that are looked at again with the next


def too_sparse(path: Path) -> str:
    """Say why a workbook would take too much memory.

    Parameters
    ----------
    path
        ``.xlsx``, or any other file, about which nothing is said.

    Returns
    -------
    str
        Empty where it can be read.
    """
    if packed(path) != "zip":
        return ""
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            listed, _whole = entries(file, LISTED)
        except BrokenZipError:
            return _("the file is cut off")
        left = min(LONGEST, max(EASY, RATIO * size))
        for entry in sorted(listed, key=lambda item: item.name):
            if entry.name.lower().endswith(".xml") and not entry.encrypted:
                try:
                    left, far = _looked(file, entry, left)
                except RefusedError:
                    continue
                if far:
                    return _("a cell stands far from the others: {cell}").format(cell=far)
                if left < 0:
                    return _("it would grow beyond reason when unpacked")
    return ""


def _looked(file: BinaryIO, entry: Entry, left: int) -> tuple[int, str]:
    """Look through a sheet; return what is left of the bytes, and a cell that is too far."""
    wide, high, tail, last = NEAR_COLUMNS, NEAR_ROWS, b"", ""
    for block in blocks(file, entry):
        left -= len(block)
        if left < 0:
            break
        if not entry.name.startswith("xl/worksheets/"):
            continue
        for cell, row, bare in FAR.findall(tail + block):
            column, line = _place(cell) if cell else (COLUMNS if bare else 0, int(row or 0))
            last = (cell or row).decode() if column > wide or line > high else last
            wide, high = max(wide, column), max(high, line)
        if wide * high > MOST:
            return left, last or str(high)
        tail = block[-OVERLAP:]
    return left, ""


def _place(cell: bytes) -> tuple[int, int]:
    letters = cell.rstrip(b"0123456789")
    column = 0
    for letter in letters.upper()[:4]:
        column = column * 26 + letter - 64
    return column, int(cell[len(letters) :][:9])
