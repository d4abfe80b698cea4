"""What is understood of the fields of a layer or table, and its first records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.names import masked_names
from lowuse_gis.io.fields import column_label, normal, standard_values, truncations
from lowuse_gis.io.understanding import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.io.guess import Guess
    from lowuse_gis.io.understanding import Said
    from lowuse_gis.model import Rulebook

EXACT, ALIAS, CUT, NAMED = "exact", "alias", "truncated", "named"
OWNER, KIND = "owner", "owner_kind"


def field_seen(plain: Field, seen: Guess, said: Said, rulebook: Rulebook) -> Field:
    """Say which standard column a field is, and how that is known.

    Parameters
    ----------
    plain
        The field as the file has it.
    seen, said, rulebook
        What the layer is taken for, what the user says of it, and the rules.

    Returns
    -------
    Field
    """
    column = next((c for c, name in seen.found.items() if name == plain.name), "")
    if not column:
        return plain
    names = rulebook.fields.get(seen.source, {}).get(column, {}).get("names", [column])
    aliases = [normal(name) for name in names]
    how = EXACT if normal(plain.name) == aliases[0] else ALIAS
    if normal(plain.name) not in aliases and any(
        normal(plain.name) in {normal(cut) for cut in truncations(name)} for name in names
    ):
        how = CUT
    if plain.name in {*said.mapping, *said.mapping.values()}:
        how = NAMED
    label = column_label(rulebook, column, seen.source)
    return Field(plain.name, plain.dtype, plain.width, column, label, how)


def absent_columns(seen: Guess, rulebook: Rulebook) -> tuple[str, ...]:
    """Name what a source may have and the file has not.

    Parameters
    ----------
    seen, rulebook
        What the layer is taken for, and the rules.

    Returns
    -------
    tuple of str
        Labels of standard columns.
    """
    columns = rulebook.fields.get(seen.source, {})
    gone = (column for column in columns if column not in {*seen.found, *seen.lacking})
    return tuple(column_label(rulebook, column, seen.source) for column in gone)


def first_records(
    rows: pd.DataFrame, source: str, lines: int, rulebook: Rulebook
) -> tuple[Mapping[str, str], ...]:
    """Return the first records in standard columns, names of people masked.

    Parameters
    ----------
    rows, source
        What was read, and what it is.
    lines
        How many.
    rulebook
        The rules.

    Returns
    -------
    tuple of mapping
        Label to text.
    """
    there = [column for column in rulebook.fields.get(source, {}) if column in rows]
    if not lines or not there:
        return ()
    first = standard_values(rows[there].head(lines), rulebook, source)
    if OWNER in first:
        persons = rulebook.natural_persons
        unknown = pd.Series(persons[0] if persons else "", first.index)
        kind = first[KIND].fillna(unknown) if KIND in first else unknown
        first[OWNER] = masked_names(first[OWNER], kind, persons)
    shown = first.astype("str").where(first.notna(), "")
    labels = {column: column_label(rulebook, column, source) for column in there}
    return tuple(shown.rename(columns=labels).to_dict("records"))
