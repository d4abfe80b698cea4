"""What checks.toml says: checks, tolerances, columns and sums made for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lowuse_gis.core.conditions import grammatical
from lowuse_gis.core.lint import check_keys, measure_keys
from lowuse_gis.core.lint.faults import Place, nearest
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.names import Names


def lint_checks(book: Book, names: Names) -> None:
    """Note what is wrong in the checks of a rulebook.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    read = {entry.text("column") for entry in book.fields}
    known = {*names.columns, *read, *(e.text("column") for e in book.checking["derive"])}
    for entry in book.checking["derive"]:
        _derived(entry, known, book.place(entry))
    for entry in book.checking["severity"]:
        if entry.code not in book.checks:
            message = _("unknown check {name}")
            book.place(entry).unknown("unknown-check", "severity", message, entry.code, book.checks)
        elif entry.text("value") not in check_keys.SEVERITIES:
            book.place(entry).unknown(
                "wrong-value",
                "severity",
                _("unknown severity {name}"),
                entry.text("value"),
                check_keys.SEVERITIES,
            )
    tolerances = {entry.code for entry in book.checking["tolerances"]}
    limits = limits_known(book)
    _needed(book, tolerances)
    for entry in book.checking["check"]:
        condition = _condition(entry, book.place(entry))
        if condition is not None:
            _names(entry, condition, known, book)
            _tolerances(condition, limits, book.place(entry))


def _needed(book: Book, tolerances: Collection[str]) -> None:
    """Note tolerances that measures and mending work with and nobody gives."""
    file = next((file for _folder, file in book.raw.of("checks.toml")), "")
    for name in check_keys.NEEDED if file else ():
        if name not in tolerances:
            key = f"tolerances.{name}"
            hint = nearest(name, tolerances)
            message = _("{key} is missing").format(key=key)
            Place(file, "", book.faults).error("missing-key", key, message, hint)


def _derived(entry: Entry, columns: Collection[str], place: Place) -> None:
    for name in entry.content.get("of", ()):
        if name not in columns:
            place.unknown("unknown-column", "of", _("unknown column {name}"), name, columns)
    try:
        re.compile(entry.text("pattern"))
    except re.error as error:
        place.error(
            "wrong-value",
            "pattern",
            _("{key}: no regular expression: {reason}").format(key="pattern", reason=error),
            _("try it in a Python shell: re.compile(…)"),
        )


def _condition(entry: Entry, place: Place) -> Condition | None:
    if not entry.text("when"):
        return None
    try:
        return grammatical(entry.text("when"), "when")
    except RuleError as error:
        place.error("grammar", "when", error.message, error.hint)
        return None


def _names(entry: Entry, condition: Condition, standard: Collection[str], book: Book) -> None:
    known = known_columns(entry.text("over"), standard)
    for name in condition.columns:
        if name not in known:
            book.place(entry).unknown(
                "unknown-column", "when", _("unknown column {name}"), name, known
            )
    value = entry.text("value")
    if value and value not in known:
        book.place(entry).unknown(
            "unknown-column", "value", _("unknown column {name}"), value, known
        )


def limits_known(book: Book) -> list[str]:
    """Return what checks may call by name: tolerances, constants, and the year of the survey.

    Parameters
    ----------
    book
        The entries.

    Returns
    -------
    list of str
    """
    tolerances = [entry.code for entry in book.checking["tolerances"]]
    return [*tolerances, *measure_keys.CONSTANTS, check_keys.SURVEY_YEAR]


def _tolerances(condition: Condition, limits: Collection[str], place: Place) -> None:
    for name in condition.thresholds:
        if name not in limits:
            place.unknown("unknown-threshold", "when", _("unknown tolerance :{name}"), name, limits)


def known_columns(over: str, standard: Collection[str]) -> dict[str, str]:
    """Return the columns that a check over a table may read.

    Parameters
    ----------
    over
        The table.
    standard
        Standard and derived columns, which only features have.

    Returns
    -------
    dict
        Column to kind; standard columns without one.
    """
    own = dict(check_keys.TABLES.get(over, {}))
    if over == check_keys.FEATURES:
        own |= dict.fromkeys(standard, "")
    return own


def checks_in_force(entries: Collection[Entry]) -> Iterator[Entry]:
    """Choose the checks that hold: of one code, those of the last rulebook that has it.

    Parameters
    ----------
    entries
        The baseline's first.

    Yields
    ------
    Entry
        In file order.
    """
    last = {entry.code: entry.folder for entry in entries}
    yield from (entry for entry in entries if last[entry.code] == entry.folder)
