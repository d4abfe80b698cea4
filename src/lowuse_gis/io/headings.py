"""Find the heading of a bureau's table: which column is what, in which unit, of which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.io.fields import match_fields, normal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lowuse_gis.model import Rulebook

HEAD = 20  # rows in which a heading is looked for
TITLE_UNIT = re.compile(r"单位[:：]\s*(\S+?)[)）\s]*$")
HEADING_UNIT = re.compile(r"[（(\[【]([^（()）\[\]【】]+)[)）\]】]")


@dataclass(frozen=True)
class Sheet:
    """One sheet as a grid of cells, merged cells filled."""

    name: str
    cells: pd.DataFrame


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
    """

    columns: dict[str, int]
    years: dict[str, dict[int, int]]
    units: dict[int, str]
    first: int

    @property
    def rank(self) -> int:
        """Say how much of a heading it is: columns named, years told apart."""
        return len(self.columns) + len(self.years)


def find_heading(
    sheet: Sheet, rulebook: Rulebook, source: str, mapping: Mapping[str, str]
) -> tuple[Heading, list[str]]:
    """Take the row that names most standard columns; headings may span two rows.

    Parameters
    ----------
    sheet, rulebook, source
        The grid, and what it stands for.
    mapping
        Headings named by the user.

    Returns
    -------
    heading : Heading
        Without columns where none was found.
    names : list of str
        The labels of that row, for a message.
    """
    if sheet.cells.empty:
        return Heading({}, {}, {}, 0), []
    fullest = max((sheet.cells.iloc[r] for r in range(min(HEAD, len(sheet.cells)))), key=_filled)
    best = (Heading({}, {}, {}, 0), _filled_labels(fullest))
    for row in range(min(HEAD, len(sheet.cells))):
        labels = [cell_text(cell) for cell in sheet.cells.iloc[row]]
        above = [cell_text(cell) for cell in sheet.cells.iloc[row - 1]] if row else labels
        heading = _heading(sheet, row, labels, rulebook, source, mapping)
        joined = [low if low == top else low + top for low, top in zip(labels, above, strict=True)]
        wide = _heading(sheet, row, joined, rulebook, source, mapping)
        for candidate, names in ((heading, labels), (wide, joined)):
            if candidate.rank > best[0].rank:
                best = (candidate, [name for name in names if name])
    return best


def _filled_labels(cells: pd.Series) -> list[str]:
    return list(dict.fromkeys(text for cell in cells if (text := cell_text(cell))))


def _filled(cells: pd.Series) -> int:
    return len(_filled_labels(cells))


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


def _heading(
    sheet: Sheet,
    row: int,
    labels: list[str],
    rulebook: Rulebook,
    source: str,
    mapping: Mapping[str, str],
) -> Heading:
    years = _years(labels, rulebook, source)
    dated = {at for positions in years.values() for at in positions}
    plain = [label for at, label in enumerate(labels) if label and at not in dated]
    found = match_fields(plain, rulebook, source, mapping, strict=False)
    columns = {column: labels.index(name) for column, name in found.items()}
    columns |= {column: min(positions) for column, positions in years.items()}
    below = [cell_text(cell) for cell in _line(sheet, row + 1)]
    filled = [text for text in below if text]
    has_units = bool(filled) and all(
        text.strip("（）()") in rulebook.fields["units"] for text in filled
    )
    units = _units(sheet, row, labels, below if has_units else [], columns, dated)
    return Heading(columns, years, units, row + 1 + has_units)


def _line(sheet: Sheet, row: int) -> list[object]:
    return sheet.cells.iloc[row].tolist() if row < len(sheet.cells) else []


def _years(labels: list[str], rulebook: Rulebook, source: str) -> dict[str, dict[int, int]]:
    years: dict[str, dict[int, int]] = {}
    for column, spec in rulebook.fields.get(source, {}).items():
        if "by_year" in spec:
            hits = [re.search(spec["by_year"], normal(label)) for label in labels]
            found = {at: int(hit["year"]) for at, hit in enumerate(hits) if hit}
            years |= {column: found} if found else {}
    return years


def _units(
    sheet: Sheet,
    row: int,
    labels: list[str],
    below: list[str],
    columns: dict[str, int],
    dated: set[int],
) -> dict[int, str]:
    """Name the unit of a position: by its heading, the unit row under it, or the title."""
    titles = [cell_text(c) for r in range(row) for c in sheet.cells.iloc[r]]
    stated = [m[1] for t in titles if (m := TITLE_UNIT.search(t))]
    units = {}
    for at in {*columns.values(), *dated}:
        in_label = HEADING_UNIT.search(labels[at])
        under = below[at].strip("（）()") if below else ""
        unit = (in_label[1] if in_label else "") or under or (stated[-1] if stated else "")
        if unit:
            units[at] = unit.strip()
    return units
