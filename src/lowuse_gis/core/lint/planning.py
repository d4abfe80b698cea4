"""The conditions and texts that planners go by: of units, pathways and the ranking."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.conditions import grammatical
from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.plan_keys import UNIT_COLUMNS
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.names import Names

TEXTS = ("text", "text_en")


def lint_planning(book: Book, names: Names) -> None:
    """Note what is wrong in the conditions and texts of units.toml, pathways.toml and plan.toml.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    _limits(book.settings.get("units", []), book)
    of_units = UNIT_COLUMNS | {
        name
        for entry in book.settings.get("units", [])
        for name in entry.content.get("measures", {})
    }
    for kind, known in (("units", names.columns), ("pathways", names.columns), ("plan", of_units)):
        for entry in book.settings.get(kind, []):
            for code, key, text in _conditions(kind, entry):
                lint_condition(text, known, Place(entry.file, code, book.faults), key)
    for entry in book.settings.get("pathways", []):
        for pathway in entry.content.get("pathway", []):
            place = Place(entry.file, str(pathway.get("code", "")), book.faults)
            for key in TEXTS:
                _template(pathway.get(key, ""), names.columns, place, key)


def _limits(entries: Sequence[Entry], book: Book) -> None:
    """Note limits of units that nothing can meet; what a later file says stands."""
    least, most = (
        [(entry.content[name], at) for at, entry in enumerate(entries) if name in entry.content]
        for name in ("minimum_area", "maximum_area")
    )
    if not least or not most or least[-1][0] <= most[-1][0]:
        return
    (low, first), (high, second) = least[-1], most[-1]
    file = entries[max(first, second)].file
    Place(file, "", book.faults).error(
        "wrong-value",
        "minimum_area",
        _("minimum_area {least:,.0f} is above maximum_area {most:,.0f}: no unit can be").format(
            least=low, most=high
        ),
        _("lower the one or raise the other by {gap:,.0f} m² at least").format(gap=low - high),
    )


def _conditions(kind: str, entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield code, key and text of every condition in a file."""
    content: Any = entry.content
    if kind == "units":
        for name, measure in content.get("measures", {}).items():
            yield from ((name, key, measure[key]) for key in ("when", "unless") if key in measure)
    elif kind == "pathways":
        for pathway in content.get("pathway", []):
            yield str(pathway.get("code", "")), "when", pathway.get("when", "")
    else:
        for question in content.get("question", []):
            for answer in question.get("answers", []):
                yield str(question.get("code", "")), "answers.when", answer.get("when", "")


def lint_condition(text: str, known: Collection[str], place: Place, key: str) -> None:
    """Note what is wrong in a condition that has no thresholds.

    Parameters
    ----------
    text, known
        The condition, empty for none, and the columns it may name.
    place, key
        Where faults are noted.
    """
    if not text:
        return
    try:
        condition = grammatical(text, key)
    except RuleError as error:
        place.error("grammar", key, error.message, error.hint)
        return
    for name in condition.columns:
        if name not in known:
            place.unknown("unknown-column", key, _("unknown column {name}"), name, known)
    for name in condition.thresholds:
        place.error(
            "unknown-threshold",
            key,
            _("no threshold may stand here: :{name}").format(name=name),
            _("write the number itself"),
        )


def _template(text: str, known: Collection[str], place: Place, key: str) -> None:
    try:
        parts = [name for _literal, name, _spec, _conversion in Formatter().parse(text) if name]
    except ValueError as error:
        place.error("template", key, str(error), _("write {{column}} with both braces"))
        return
    for name in parts:
        if name not in known:
            place.unknown("unknown-column", key, _("unknown column {name}"), name, known)
