"""Read a bureau's table and say what is understood of it, sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.core.inspection.cell_places import letters
from lowuse_gis.errors import InputError
from lowuse_gis.io.declared import DeclarationError
from lowuse_gis.io.fields import column_label
from lowuse_gis.io.guess import NOTHING, Guess, ranked_table
from lowuse_gis.io.table_keys import key_columns
from lowuse_gis.io.table_rows import factor_of
from lowuse_gis.io.tables import read_table, sheets_of
from lowuse_gis.io.understanding import ColumnSeen, Field, Left, SheetSeen, Understood
from lowuse_gis.io.understood_fields import absent_columns, field_seen, first_records
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from lowuse_gis.io.headings import Heading, Sheet
    from lowuse_gis.io.tables import Table
    from lowuse_gis.io.understanding import Said
    from lowuse_gis.model import Found, Rulebook

FEWEST = 3  # first rows that are shown of a table where nobody asks for more
HIDDEN = ("hidden_row", "hidden_column")


def table_understood(found: Found, said: Said, rulebook: Rulebook) -> Understood:
    """Read a table and say what is understood of it.

    Parameters
    ----------
    found
        Which.
    said
        What the user says of it.
    rulebook
        Knows sources and headings.

    Returns
    -------
    Understood
        With every sheet, its heading, columns, units and first rows.

    Raises
    ------
    InputError
        Where it cannot be opened, or what is declared of it does not hold.
    """
    sheets = list(sheets_of(found.path))
    mine = [sheet for sheet in sheets if found.layer in {"", sheet.name}] or sheets
    guesses = ranked_table(mine, (found.path.stem, found.layer), rulebook, said.mapping)
    if said.source:
        guesses = [next((g for g in guesses if g.source == said.source), Guess(said.source, {}))]
    seen, table = guesses[0], None
    notices: tuple[Notice, ...] = ()
    if seen.source and (said.source or said.declared or not seen.lacking):
        try:
            table = read_table(
                found.path, seen.source, rulebook, said.mapping, said.declared, sheets=sheets
            )
        except DeclarationError:
            raise
        except InputError as error:
            why = f"{error.message}; {error.hint}"
            notices = (Notice("3101", found.shown, found.layer, why),)
    if table is not None:
        seen = _as_read(seen, table)
    return Understood(
        found=found,
        count=found.count if table is None else len(table.frame),
        source=seen.source,
        guesses=tuple(guesses),
        fields=tuple(field_seen(Field(n), seen, said, rulebook) for n in seen.found.values()),
        lacking=tuple(column_label(rulebook, column, seen.source) for column in seen.lacking),
        absent=absent_columns(seen, rulebook) if seen is not NOTHING else (),
        notices=notices,
        sheets=tuple(_sheet(one, table, seen, said, rulebook) for one in sheets) if table else (),
    )


def _as_read(seen: Guess, table: Table) -> Guess:
    """Take what was read for what was guessed of the columns."""
    found = {
        column: heading.labels[at]
        for heading in table.headings.values()
        for column, at in heading.columns.items()
    }
    return Guess(seen.source, found, (), seen.points, seen.named)


def _sheet(sheet: Sheet, table: Table, seen: Guess, said: Said, rulebook: Rulebook) -> SheetSeen:
    heading = table.headings.get(sheet.name)
    if heading is None:
        return SheetSeen(sheet.name, hidden=sheet.hidden)
    sheets = table.frame["place"].str.replace(r"!?\d+$", "", regex=True)
    rows = table.frame[sheets == sheet.name]
    here = table.left_out[table.left_out["sheet"] == sheet.name]
    facts = table.facts[table.facts["kind"].isin(HIDDEN)]
    facts = facts[facts["cell"].str.replace(r"![^!]*$", "", regex=True) == sheet.name]
    columns = _columns(heading, seen, said, rulebook)
    keys = [c for c in key_columns(rulebook.fields[seen.source]) if c in heading.columns]
    return SheetSeen(
        name=sheet.name,
        read=True,
        hidden=sheet.hidden,
        heading=tuple(row + 1 for row in heading.rows),
        columns=columns,
        key=tuple(column_label(rulebook, column, seen.source) for column in keys),
        rows=rows["place"].nunique(),
        left_out=tuple(
            Left(line, reason, text)
            for line, reason, text in zip(here["line"], here["reason"], here["text"], strict=True)
        ),
        hidden_parts=tuple(facts["cell"]),
        first=first_records(rows, seen.source, said.lines or FEWEST, rulebook),
        places=tuple(rows["place"].head(said.lines or FEWEST)),
    )


def _columns(
    heading: Heading, seen: Guess, said: Said, rulebook: Rulebook
) -> tuple[ColumnSeen, ...]:
    """Say of each column of a sheet what it is taken for."""
    specs = rulebook.fields[seen.source]
    named = {at: column for column, at in heading.columns.items()}
    years = {at: (column, year) for column, p in heading.years.items() for at, year in p.items()}
    columns = []
    for at, label in enumerate(heading.labels):
        column, year = years.get(at, (named.get(at, ""), 0))
        if not label and not column:
            continue
        spec = specs.get(column, {})
        unit = heading.units.get(at, "")
        factor = factor_of(unit, spec, rulebook)
        known = rulebook.fields["units"].get(unit, {}).get("to")
        applies = bool(column and unit and known == spec.get("unit", np.nan))
        columns.append(
            ColumnSeen(
                letter=letters(at),
                heading=label,
                column=column,
                label=column_label(rulebook, column, seen.source) if column else "",
                how="year" if year else field_seen(Field(label), seen, said, rulebook).how,
                year=year,
                unit=unit if applies else "",
                told=heading.told.get(at, "") if applies else "",
                factor=factor,
                into=spec.get("unit", ""),
            )
        )
    return tuple(columns)
