"""The conditions of criteria and obstacles: grammar, names, kinds, units, logic."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import grammatical
from lowuse_gis.core.lint.comparisons import lint_comparison
from lowuse_gis.core.lint.faults import ERROR, nearest
from lowuse_gis.core.lint.formula import Formulas
from lowuse_gis.core.lint.logic import lint_duplicates, lint_logic
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.faults import Place
    from lowuse_gis.core.lint.names import Names


def lint_conditions(book: Book, names: Names, *, logic: bool) -> dict[str, Condition]:
    """Note what is wrong in conditions.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    logic
        Whether to look for conditions that can never be true and the like too.

    Returns
    -------
    dict
        By file and code, the conditions that could be parsed.
    """
    resolved = Formulas(_constants(names), names.kind_of)
    symbolic = Formulas({}, names.kind_of)
    parsed: dict[str, Condition] = {}
    whole: dict[str, tuple[Entry, Condition]] = {}
    for entries, columns in ((book.criteria, names.measured), (book.obstacles, names.columns)):
        for entry in entries:
            place, before = book.place(entry), len(book.faults)
            condition = _grammatical(entry, place)
            if condition is None:
                continue
            parsed[f"{entry.file} {entry.code}"] = condition
            _names(condition, columns, names, place)
            if len(book.faults) == before:
                for atom in condition.atoms:
                    lint_comparison(atom, names, resolved, place)
            if logic and _no_error(book, before):
                lint_logic(condition, resolved, symbolic, place)
            if logic and _no_error(book, before):
                whole[entry.code] = (entry, condition)
    criteria = [whole[e.code] for e in book.criteria if whole.get(e.code, (None,))[0] is e]
    lint_duplicates(criteria, symbolic, book.place)
    return parsed


def _no_error(book: Book, before: int) -> bool:
    return not any(fault.severity == ERROR for fault in book.faults[before:])


def _constants(names: Names) -> dict[str, Fraction]:
    """Return the thresholds that have one row for the whole district."""
    found = {}
    for name, rows in names.thresholds.items():
        if len(rows) == 1:
            try:
                found[name] = Fraction(rows[0].text("value"))
            except (ValueError, ZeroDivisionError):
                continue
    return found


def _grammatical(entry: Entry, place: Place) -> Condition | None:
    text = entry.text("when")
    if not text:
        return None
    try:
        return grammatical(text, "when")
    except RuleError as error:
        place.error("grammar", "when", error.message, error.hint)
        return None


def _names(condition: Condition, columns: Mapping[str, Entry], names: Names, place: Place) -> None:
    for name in condition.columns:
        if name in names.columns and name not in columns:
            place.error(
                "unknown-column",
                "when",
                _("{name} is known only when all criteria have been judged").format(name=name),
                nearest(name, columns),
            )
        elif name not in columns:
            place.unknown("unknown-column", "when", _("unknown column {name}"), name, columns)
    for name in condition.thresholds:
        if name not in names.thresholds:
            message = _("unknown threshold :{name}")
            place.unknown("unknown-threshold", "when", message, name, names.thresholds)
