"""What a workbook's sheets keep besides values: hidden rows and columns, formulas without a value.

Only ``.xlsx`` says it in a way that is read here; of other formats nothing is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from lowuse_gis.io.archives import RefusedError, blocks
from lowuse_gis.io.formats import packed
from lowuse_gis.io.sparse import LISTED, LONGEST
from lowuse_gis.io.zip_entries import BrokenZipError, Entry, entries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    Attributes = Mapping[str, str]

BOOK, LINKS, FOLDER = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/"
TELLING = (b"hidden", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b'"e"', b"'e'")
OVERLAP = 32  # bytes of a block that are looked at again with the next
TRUE = {"1", "true"}
WIDEST = 16_384  # columns of the format
LETTERS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass
class Marks:
    """What one sheet keeps besides values; rows and columns count from 0.

    Attributes
    ----------
    hidden_rows, hidden_columns
        Positions.
    valueless
        Cells with a formula whose result the file does not hold.
    errors
        Cells whose result is an error, with its name, such as ``#REF!``.
    """

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    valueless: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)


class _DoctypeError(Exception):
    """A document that declares entities; no workbook does."""


@dataclass
class _Cells:
    """Collects marks while the elements of a sheet go by."""

    marks: Marks = field(default_factory=Marks)
    row: int = -1
    column: int = -1
    kind: str = ""
    formula: bool = False
    value: str | None = None  # None outside of <v>

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
            if attributes.get("hidden") in TRUE:
                self.marks.hidden_rows.append(self.row)
        elif name == "col" and attributes.get("hidden") in TRUE:
            low, high = int(attributes["min"]) - 1, int(attributes["max"])
            self.marks.hidden_columns += range(low, min(high, WIDEST))
        elif name == "c":
            place = LETTERS.fullmatch(attributes.get("r", ""))
            self.column = column_number(place[1]) if place else self.column + 1
            self.kind, self.formula, self.value = attributes.get("t", "n"), False, ""
        elif name == "f":
            self.formula = True

    def text(self, name: str, data: str) -> None:
        if name == "v" and self.value is not None:
            self.value += data

    def end(self, name: str) -> None:
        if name != "c":
            return
        at, value = (self.row, self.column), (self.value or "").strip()
        if self.kind == "e":
            self.marks.errors.append((*at, value))
        elif self.formula and not value and self.kind != "str":
            self.marks.valueless.append(at)
        self.value = None


@dataclass
class _Book:
    """Collects which sheet stands in which part of the file."""

    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Attributes) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "sheet":
            self.sheets[plain.get("name", "")] = plain.get("id", "")
        elif name == "Relationship":
            target = plain.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else FOLDER + target
            self.targets[plain.get("Id", "")] = whole

    def text(self, name: str, data: str) -> None:
        """Take no text."""

    def end(self, name: str) -> None:
        """Take no end."""


def column_number(letters: str) -> int:
    """Return the position of a column.

    Parameters
    ----------
    letters
        As a spreadsheet calls it.

    Returns
    -------
    int
        From 0.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def sheet_marks(path: Path) -> dict[str, Marks]:
    """Read what the sheets of a workbook keep besides values.

    Parameters
    ----------
    path
        A workbook that was found fit to be read: nothing in it grows beyond reason.

    Returns
    -------
    dict
        Sheet to its marks; empty where the file is no ``.xlsx``.
    """
    if packed(path) != "zip":
        return {}
    with path.open("rb") as file:
        try:
            parts = {e.name: e for e in entries(file, LISTED)[0] if not e.encrypted}
            book = _Book()
            for name in (BOOK, LINKS):
                _parsed(file, parts[name], book)
            found = {sheet: book.targets.get(link, "") for sheet, link in book.sheets.items()}
            return {sheet: _marks(file, parts[part]) for sheet, part in found.items()
                    if part in parts}  # fmt: skip
        except (
            BrokenZipError,
            RefusedError,
            KeyError,
            ValueError,
            _DoctypeError,
            expat.ExpatError,
        ):
            return {}


def _marks(file: BinaryIO, entry: Entry) -> Marks:
    cells = _Cells()
    if _telling(file, entry):
        _parsed(file, entry, cells)
    return cells.marks


def _telling(file: BinaryIO, entry: Entry) -> bool:
    """Say whether there is anything to tell of a sheet: most need not be parsed."""
    tail = b""
    for block in blocks(file, entry):
        whole = tail + block
        if any(mark in whole for mark in TELLING):
            return True
        tail = block[-OVERLAP:]
    return False


def _parsed(file: BinaryIO, entry: Entry, taker: _Cells | _Book) -> None:
    """Parse a part of the file block by block; nothing of it is kept but what the taker keeps."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        inside.append(name.rpartition(":")[2])
        taker.start(inside[-1], attributes)

    def end(_name: str) -> None:
        taker.end(inside.pop())

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: taker.text(inside[-1], data)
    parser.StartDoctypeDeclHandler = _refuse
    left = LONGEST
    for block in blocks(file, entry):
        left -= len(block)
        if left < 0:
            raise RefusedError
        parser.Parse(block, False)
    parser.Parse(b"", True)


def _refuse(*_doctype: object) -> None:
    raise _DoctypeError
