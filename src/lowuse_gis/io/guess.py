"""Guess what a layer or table is by its fields and its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.io.fields import lacks, match_fields, normal
from lowuse_gis.io.headings import find_heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.io.headings import Sheet
    from lowuse_gis.model import Rulebook, SourceRule

NAMED, COMPLETE, LACKING, KNOWN = 5, 3, -2, 3  # points beside one for each field known
ENOUGH = 2
ALIKE = 0.5  # share of a title that names a file
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
    named
        How much its file and layer are called like it: 0 to 1.
    """

    source: str
    found: Mapping[str, str]
    lacking: tuple[str, ...] = ()
    points: float = ENOUGH - 1
    named: float = 0.0


NOTHING = Guess("", {})


def ranked(
    fields: Sequence[str],
    names: Sequence[str],
    kinds: Sequence[str],
    rulebook: Rulebook,
    given: Mapping[str, str],
) -> list[Guess]:
    """Rank the sources that a layer may stand for.

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
    list of Guess
        The likeliest first, by points: one for each field known, more for its name, for having all
        it needs, and for the share of its fields that are known; in the rulebook's order among
        equals. At least one, which is no source where nothing speaks for any.
    """
    seen = [
        _weighed(
            source,
            match_fields(fields, rulebook, source, given, strict=False),
            len(fields),
            names,
            rulebook,
        )
        for source, rule in rulebook.sources.items()
        if rule.kind in kinds
    ]
    return _ranked(seen)


def guess_table(
    sheets: Sequence[Sheet], names: Sequence[str], rulebook: Rulebook, given: Mapping[str, str]
) -> Guess:
    """Guess the source that a table stands for.

    Parameters
    ----------
    sheets
        Its sheets.
    names, rulebook, given
        As for `ranked`.

    Returns
    -------
    Guess
    """
    return ranked_table(sheets, names, rulebook, given)[0]


def ranked_table(
    sheets: Sequence[Sheet], names: Sequence[str], rulebook: Rulebook, given: Mapping[str, str]
) -> list[Guess]:
    """Rank the sources that a table may stand for.

    Parameters
    ----------
    sheets, names, rulebook, given
        As for `guess_table`.

    Returns
    -------
    list of Guess
        As for `ranked`.
    """
    seen = []
    for source, rule in rulebook.sources.items():
        of_sheets = []
        for sheet in sheets if rule.kind == TABLE else ():
            heading, labels = find_heading(sheet, rulebook, source, given)
            found = {
                column: labels[at] if at < len(labels) else column
                for column, at in heading.columns.items()
            }
            of_sheets.append(_weighed(source, found, len(labels), names, rulebook))
        seen += sorted(of_sheets, key=lambda one: -one.points)[:1]
    return _ranked(seen)


def _ranked(seen: Sequence[Guess]) -> list[Guess]:
    likely = [one for one in seen if one.points >= ENOUGH]
    return sorted(likely, key=lambda one: -one.points) or [NOTHING]


def _weighed(
    source: str, found: Mapping[str, str], of: int, names: Sequence[str], rulebook: Rulebook
) -> Guess:
    specs = rulebook.fields.get(source, {})
    lacking = tuple(column for column, spec in specs.items() if lacks(found, column, spec))
    needs = any(spec.get("required") for spec in specs.values())
    named = _named(names, rulebook.sources[source])
    points = len(found) + NAMED * named + ((LACKING if lacking else COMPLETE) if needs else 0)
    share = KNOWN * len(found) / max(of, 1)  # parts equals, but makes no source of one field
    enough = bool(found or named) and points >= ENOUGH
    return Guess(source, found, lacking, points + share if enough else 0.0, named)


def _named(names: Sequence[str], rule: SourceRule) -> float:
    """Say how far a file or layer is called what the source is."""
    calls = {normal(text) for text in (rule.layer, rule.title, rule.name) if text}
    shares = [_likeness(normal(name), call) for name in names for call in calls]
    share = max(shares, default=0.0)
    return share if share >= ALIKE else 0.0


def _likeness(name: str, call: str) -> float:
    """Return which share of a call is in a name: all, or the pairs of Chinese signs that are."""
    if call in name:
        return 1.0
    pairs = {call[at : at + 2] for at in range(len(call) - 1)}
    if call.isascii() or not pairs:
        return 0.0
    return sum(pair in name for pair in pairs) / len(pairs)
