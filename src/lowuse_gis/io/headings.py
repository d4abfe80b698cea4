"""Find the heading of a bureau's table: which column is what, in which unit, of which year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lowuse_gis.io.declared import WHOLE, Declared, heading_named
from lowuse_gis.io.fields import match_fields, normal
from lowuse_gis.io.table_keys import key_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lowuse_gis.model import Rulebook

HEAD = 20  # rows in which a heading is looked for
TITLE_UNIT = re.compile(r"单位[:：]\s*(\S+?)[)）\s]*$")
HEADING_UNIT = re.compile(r"[（(\[【]([^（()）\[\]【】]+)[)）\]】]")
SAID = re.compile(r"^单位[:：]?\s*")
IN_DECLARATION, IN_HEADING, IN_UNIT_ROW, IN_TITLE = "declared", "heading", "unit_row", "title"
Merged = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


@dataclass(frozen=True)
class Sheet:
    """One sheet as a grid of cells, merged cells filled.

    Attributes
    ----------
    name
        Empty for a CSV.
    cells
        As read.
    merged
        Ranges that were merged.
    hidden
        Whether the sheet is hidden.
    """

    name: str
    cells: pd.DataFrame
    merged: tuple[Merged, ...] = ()
    hidden: bool = False

    @cached_property
    def _taken(self) -> dict[int, list[str]]:
        return {}

    def texts(self, row: int) -> list[str]:
        """Return the texts of a row; a heading is looked for in each of them many times.

        Parameters
        ----------
        row
            From 0.

        Returns
        -------
        list of str
        """
        if row not in self._taken:
            self._taken[row] = [cell_text(cell) for cell in self.cells.iloc[row]]
        return self._taken[row]


@dataclass(frozen=True)
class Heading:
    """Where the columns of a sheet are.

    Attributes
    ----------
    columns
        Standard column to position.
    years
        Position to year, for headings that carry one, by standard column.
    units
        Position to unit named for it.
    first
        First row of data.
    rows
        The rows it stands in; empty where there is none.
    labels
        Label by position.
    told
        Position to where its unit is named: ``declared``, ``heading``, ``unit_row``, ``title``.
    """

    columns: dict[str, int]
    years: dict[str, dict[int, int]]
    units: dict[int, str]
    first: int
    rows: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    told: dict[int, str] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        """Say how much of a heading it is: columns named, years told apart."""
        return len(self.columns) + len(self.years)


NO_HEADING = Heading({}, {}, {}, 0)


class _Asked(NamedTuple):
    """What a sheet is searched for."""

    rulebook: Rulebook
    source: str
    mapping: Mapping[str, str]
    declared: Declared


def find_heading(
    sheet: Sheet,
    rulebook: Rulebook,
    source: str,
    mapping: Mapping[str, str],
    declared: Declared | None = None,
) -> tuple[Heading, list[str]]:
    """Take the row that names most standard columns; headings may span two rows.

    Parameters
    ----------
    sheet, rulebook, source
        The grid, and what it stands for.
    mapping
        Headings named by the user.
    declared
        What else is said of the table; where it names the rows of the heading, no other is taken.

    Returns
    -------
    heading : Heading
        Without columns where none was found.
    names : list of str
        The labels of that row, for a message.
    """
    asked = _Asked(rulebook, source, mapping, declared or Declared())
    high = len(sheet.cells)
    if sheet.cells.empty:
        return NO_HEADING, []
    filled = (list(dict.fromkeys(filter(None, sheet.texts(r)))) for r in range(min(HEAD, high)))
    best = (NO_HEADING, max(filled, key=len))
    for rows in _places(asked.declared, high):
        lines = [sheet.texts(row) for row in rows]
        for candidate, names in (
            (_heading(sheet, rows[-1:], lines[-1], asked), lines[-1]),
            (_heading(sheet, rows, _joined(lines), asked), _joined(lines)),
        ):
            if candidate.rank > best[0].rank:
                best = (candidate, [name for name in names if name])
    return best


def _places(declared: Declared, high: int) -> list[tuple[int, ...]]:
    """Return the rows that may be a heading: those declared, else each with the one above."""
    if declared.header:
        rows = tuple(row - 1 for row in declared.header)
        return [rows] if rows[-1] < high else []
    return [(row - 1, row) if row else (row,) for row in range(min(HEAD, high))]


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    """Join labels that stand one above the other, the lowest first; merged ones count once."""
    return ["".join(dict.fromkeys(reversed(column))) for column in zip(*lines, strict=True)]


def cell_text(cell: object) -> str:
    """Return the text of a cell, empty for an empty one.

    Parameters
    ----------
    cell
        As the reader gives it.

    Returns
    -------
    str
    """
    return "" if cell is None or cell != cell else str(cell).strip()  # noqa: PLR0124  NaN


def _heading(sheet: Sheet, rows: tuple[int, ...], labels: list[str], asked: _Asked) -> Heading:
    rulebook, source, declared = asked.rulebook, asked.source, asked.declared
    years = _years(labels, rulebook, source)
    dated = {at for positions in years.values() for at in positions}
    plain = [label for at, label in enumerate(labels) if label and at not in dated]
    below = sheet.texts(rows[-1] + 1) if rows[-1] + 1 < len(sheet.cells) else []
    filled = [text for text in below if text]
    has_units = bool(filled) and all(
        text.strip("（）()") in rulebook.fields["units"] for text in filled
    )
    first = rows[-1] + 1 + has_units
    mapping = asked.mapping
    if key := heading_named(declared.key, labels) if declared.key else "":
        values = sheet.cells.iloc[first:, labels.index(key)]
        mapping = {**mapping, key_column(values, rulebook, source): key}
    found = match_fields(plain, rulebook, source, mapping, strict=False)
    order = [column for column in rulebook.fields.get(source, {}) if column in found]
    columns = {column: labels.index(found[column]) for column in order}
    columns |= {column: min(positions) for column, positions in years.items()}
    heading = Heading(columns, years, {}, first, rows, tuple(labels))
    units, told = _units(sheet, heading, below if has_units else [], asked)
    return Heading(columns, years, units, first, rows, tuple(labels), told)


def _years(labels: list[str], rulebook: Rulebook, source: str) -> dict[str, dict[int, int]]:
    years: dict[str, dict[int, int]] = {}
    for column, spec in rulebook.fields.get(source, {}).items():
        if "by_year" in spec:
            hits = [re.search(spec["by_year"], normal(label)) for label in labels]
            found = {at: int(hit["year"]) for at, hit in enumerate(hits) if hit}
            years |= {column: found} if found else {}
    return years


def _units(
    sheet: Sheet, heading: Heading, below: list[str], asked: _Asked
) -> tuple[dict[int, str], dict[int, str]]:
    """Name the unit of each position, and where it is named.

    What is declared of a heading comes first, then what the heading says, the unit row under it,
    what is declared of the whole table, and the title. What is no unit that is known counts for
    nothing: a heading may hold other words in brackets.
    """
    if not heading.columns:
        return {}, {}
    declared, known = asked.declared, asked.rulebook.fields["units"]
    titles = [text for row in range(heading.rows[-1]) for text in sheet.texts(row)]
    stated = [m[1] for t in titles if (m := TITLE_UNIT.search(t))]
    labels = heading.labels
    own = {heading_named(n, labels): unit for n, unit in declared.units.items() if n != WHOLE}
    units, told = {}, {}
    dated = {at for positions in heading.years.values() for at in positions}
    for at in {*heading.columns.values(), *dated}:
        in_label = HEADING_UNIT.search(labels[at])
        ways = (
            (IN_DECLARATION, own.get(labels[at], "")),
            (IN_HEADING, SAID.sub("", in_label[1]).strip() if in_label else ""),
            (IN_UNIT_ROW, below[at].strip("（）() ") if below else ""),
            (IN_DECLARATION, declared.units.get(WHOLE, "")),
            (IN_TITLE, stated[-1].strip() if stated else ""),
        )
        where, unit = next((way for way in ways if way[1] in known), ("", ""))
        if unit:
            units[at], told[at] = unit, where
    return units, told
