"""Read bureaus' tables as bureaus send them: titles, merged cells, unit rows, years as headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.cell_places import cells_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import (
    WHOLE,
    DeclarationError,
    Declared,
    fit_for,
    heading_named,
    refuse_heading,
    refuse_rows,
    refuse_sheet,
)
from lowuse_gis.io.fields import lacks, match_fields, require, standard_values
from lowuse_gis.io.headings import Heading, Sheet, find_heading
from lowuse_gis.io.sheet_marks import sheet_marks
from lowuse_gis.io.sheets import sheets_of
from lowuse_gis.io.table_facts import BLANKS, facts_table, sheet_facts, unread_fact
from lowuse_gis.io.table_rows import column_texts, take_rows
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lowuse_gis.io.table_facts import Fact
    from lowuse_gis.io.table_rows import Rows
    from lowuse_gis.model import Rulebook

__all__ = ["Table", "read_table", "sheets_of"]


@dataclass(frozen=True)
class Table:
    """A table in standard columns, with ``place`` (sheet and row).

    Attributes
    ----------
    frame
        Standard columns.
    sha256
        Hash of the file.
    unreadable
        Cells that are no number or date where one is due: ``place`` (the row), ``cell``,
        ``value``, ``column``.
    raw
        As in the file, in standard units.
    positions
        Of the shape of `raw` without ``place``: the column of the sheet each value stands in.
    facts
        Totals, hidden and merged cells, lost results.
    left_out
        Rows that are no data: ``sheet``, ``line``, ``reason``, ``text``.
    headings
        By sheet, for those that are read.
    """

    frame: pd.DataFrame
    sha256: str
    unreadable: pd.DataFrame
    raw: pd.DataFrame
    positions: pd.DataFrame
    facts: pd.DataFrame
    left_out: pd.DataFrame
    headings: Mapping[str, Heading]


class _Seen(NamedTuple):
    """A sheet, and the heading found in it."""

    sheet: Sheet
    heading: Heading
    names: list[str]


def read_table(
    path: Path,
    source: str,
    rulebook: Rulebook,
    mapping: Mapping[str, str] | None = None,
    declared: Declared | None = None,
    *,
    sheets: Sequence[Sheet] | None = None,
) -> Table:
    """Read a workbook or CSV of a bureau.

    Parameters
    ----------
    path
        ``.xlsx``, ``.xls``, ``.ods`` or ``.csv`` (UTF-8 or GB18030).
    source
        What it is, by the rulebook's name.
    rulebook
        Knows headings, units and code lists.
    mapping
        Headings named by the user.
    declared
        What else is said of the table: sheets, heading rows, units, the key.
    sheets
        Its sheets where they were read before.

    Returns
    -------
    Table
        All sheets that have the heading, one under the other; rows of totals left out. Cells that
        are no number or date where one is due are listed as unreadable.

    Raises
    ------
    InputError
        Where the file cannot be opened or no sheet has the columns that are needed.
    DeclarationError
        Where what is declared does not hold for the file.
    """
    said = Declared() if declared is None else declared
    named = mapping or {}
    fit_for(said, source, rulebook)
    chosen = _chosen(list(sheets_of(path) if sheets is None else sheets), said, path.name)
    seen = [_Seen(sheet, *find_heading(sheet, rulebook, source, named, said)) for sheet in chosen]
    _hold(seen, said, named, rulebook, source, path.name)
    whole = [one for one in seen if _complete(one.heading, rulebook, source)]
    rest = [one for one in seen if not _complete(one.heading, rulebook, source)]
    if not whole or (said.sheets and rest):
        seen = rest
        names = max(seen, key=lambda one: one.heading.rank).names if seen else []
        require(match_fields(names, rulebook, source, {}), names, rulebook, source, path.name)
        raise InputError(_("{path}: the table is empty").format(path=path), _("check the file"))
    marks, specs = sheet_marks(path), rulebook.fields.get(source, {})
    rows = [take_rows(one.sheet, one.heading, rulebook, source) for one in whole]
    facts = [
        fact
        for one, taken in zip(whole, rows, strict=True)
        for fact in sheet_facts(one.sheet, one.heading, taken, marks.get(one.sheet.name), specs)
    ]
    facts += [fact for one in rest for fact in unread_fact(one.sheet)]
    headings = {one.sheet.name: one.heading for one in whole}
    return _assembled(rows, facts, headings, rulebook, source, path)


def _assembled(
    rows: Sequence[Rows],
    facts: Sequence[Fact],
    headings: Mapping[str, Heading],
    rulebook: Rulebook,
    source: str,
    path: Path,
) -> Table:
    raw = pd.concat([taken.frame for taken in rows], ignore_index=True)
    positions = pd.concat([taken.positions for taken in rows], ignore_index=True)
    positions = positions.fillna(-1).astype(np.int16)
    values = standard_values(raw.drop(columns="place"), rulebook, source)
    return Table(
        frame=values.assign(place=raw["place"]),
        sha256=file_hash(path),
        unreadable=_unreadable(raw, values, positions),
        raw=raw,
        positions=positions,
        facts=facts_table(facts),
        left_out=pd.concat([taken.left_out for taken in rows], ignore_index=True),
        headings=headings,
    )


def _chosen(sheets: list[Sheet], said: Declared, file: str) -> list[Sheet]:
    """Take the sheets that are declared; all where none is."""
    names = [sheet.name for sheet in sheets]
    for name in said.sheets:
        if name not in names:
            raise refuse_sheet(name, names, file)
    return [sheet for sheet in sheets if not said.sheets or sheet.name in said.sheets]


def _hold(
    seen: Sequence[_Seen],
    said: Declared,
    mapping: Mapping[str, str],
    rulebook: Rulebook,
    source: str,
    file: str,
) -> None:
    """Refuse what is declared of headings where the file does not bear it out."""
    labels = [label for one in seen for label in (one.heading.labels or one.names) if label]
    if said.header and (wrong := _no_heading(seen, said)):
        found, _names = find_heading(wrong.sheet, rulebook, source, mapping)
        lines = wrong.sheet.cells.shape[0]
        there = _("the sheet has {count} rows and no heading that is known").format(count=lines)
        if found.columns:
            there = _("row {row} looks like one: {names}").format(
                row=", ".join(str(row + 1) for row in found.rows),
                names=", ".join(label for label in found.labels if label),
            )
        raise refuse_rows(said.header, wrong.sheet.name, file, there)
    for name in [*([said.key] if said.key else []), *(n for n in said.units if n != WHOLE)]:
        if not heading_named(name, labels):
            raise refuse_heading(name, labels, file)
    if not said.strict:
        return
    try:
        match_fields(labels, rulebook, source, mapping)
    except InputError as error:
        raise DeclarationError(error.message, error.hint) from error


def _no_heading(seen: Sequence[_Seen], said: Declared) -> _Seen | None:
    """Return a sheet whose declared rows are no heading, unless another may be meant."""
    without = [one for one in seen if not one.heading.columns]
    return without[0] if without and (said.sheets or len(without) == len(seen)) else None


def _complete(heading: Heading, rulebook: Rulebook, source: str) -> bool:
    specs = rulebook.fields.get(source, {})
    missing = (lacks(heading.columns, column, spec) for column, spec in specs.items())
    return bool(heading.columns) and not any(missing)


def _unreadable(raw: pd.DataFrame, values: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """List cells that hold something but not what their column needs."""
    parts = []
    for column in values:
        typed = values[column]
        if typed.dtype.kind in "fM":
            absent = raw[column][typed.isna()]
            text = pd.Series(column_texts(absent), absent.index)
            bad = text.index[~text.isin(BLANKS)]
            place = raw.loc[bad, "place"]
            cells = cells_of(("0:" + place).tolist(), positions.loc[bad, column].tolist())
            named = pd.Series(cells, place.index, dtype="str")
            rows = pd.DataFrame({"place": place, "cell": named, "value": text[bad]})
            parts.append(rows.assign(column=column))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["place", "cell", "value", "column"])
    )
