"""Guess what a layer or table is by its fields and its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import applicable, lacks, match_fields, normal
from lowuse_gis.io.headings import find_heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.io.headings import Sheet
    from lowuse_gis.model import Rulebook, SourceRule

NAMED, COMPLETE, LACKING = 5, 3, -5  # points beside one for each field known
ENOUGH = 2
TABLE = "table"


@dataclass(frozen=True)
class Guess:
    """What a layer or table most likely is.

    Attributes
    ----------
    source
        The rulebook's name; empty where nothing speaks for any.
    found
        Standard column to field.
    lacking
        Standard columns it cannot be used without.
    points
        How much speaks for it.
    """

    source: str
    found: Mapping[str, str]
    lacking: tuple[str, ...] = ()
    points: int = ENOUGH - 1


NOTHING = Guess("", {})


def guess(
    fields: Sequence[str],
    names: Sequence[str],
    kinds: Sequence[str],
    rulebook: Rulebook,
    given: Mapping[str, str],
) -> Guess:
    """Guess the source that a layer stands for.

    Parameters
    ----------
    fields
        Its field names.
    names
        Names of file and layer.
    kinds
        Kinds of source that it can be: ``layer``, ``lines`` or ``table``.
    rulebook
        Knows sources and their fields.
    given
        Fields named by the user.

    Returns
    -------
    Guess
        The source with most points: one for each field known, more for its name and for having
        all it needs; the first of the rulebook among equals.
    """
    best = NOTHING
    for source, rule in rulebook.sources.items():
        if rule.kind in kinds:
            found = _matched(fields, rulebook, source, applicable(given, fields))
            seen = _weighed(source, found, names, rulebook)
            best = seen if seen.points > best.points else best
    return best


def guess_table(
    sheets: Sequence[Sheet], names: Sequence[str], rulebook: Rulebook, given: Mapping[str, str]
) -> Guess:
    """Guess the source that a table stands for.

    Parameters
    ----------
    sheets
        Its sheets.
    names, rulebook, given
        As for `guess`.

    Returns
    -------
    Guess
    """
    best = NOTHING
    for source, rule in rulebook.sources.items():
        for sheet in sheets if rule.kind == TABLE else ():
            try:
                heading, labels = find_heading(sheet, rulebook, source, given)
            except InputError:
                heading, labels = find_heading(sheet, rulebook, source, {})
            found = {
                column: labels[at] if at < len(labels) else column
                for column, at in heading.columns.items()
            }
            seen = _weighed(source, found, names, rulebook)
            best = seen if seen.points > best.points else best
    return best


def _weighed(
    source: str, found: Mapping[str, str], names: Sequence[str], rulebook: Rulebook
) -> Guess:
    specs = rulebook.fields.get(source, {})
    lacking = tuple(column for column, spec in specs.items() if lacks(found, column, spec))
    needs = any(spec.get("required") for spec in specs.values())
    named = _named(names, rulebook.sources[source])
    points = len(found) + NAMED * named
    points += (LACKING if lacking else COMPLETE) if needs else 0
    return Guess(source, found, lacking, points if found or named else 0)


def _matched(
    fields: Sequence[str], rulebook: Rulebook, source: str, given: Mapping[str, str]
) -> dict[str, str]:
    """Match fields; what the user named counts only where the source knows such a column."""
    try:
        return match_fields(fields, rulebook, source, given)
    except InputError:
        return match_fields(fields, rulebook, source, {})


def _named(names: Sequence[str], rule: SourceRule) -> bool:
    calls = {normal(text) for text in (rule.layer, rule.title, rule.name) if text}
    return any(call in normal(name) for name in names for call in calls)
