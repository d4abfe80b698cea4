"""Faults of a rulebook: all of them for people, the first that stops the program for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.lint.book import assembled
from lowuse_gis.core.lint.cascades import without_cascades
from lowuse_gis.core.lint.checks import lint_checks
from lowuse_gis.core.lint.conditions import lint_conditions
from lowuse_gis.core.lint.duties import lint_columns, lint_duties
from lowuse_gis.core.lint.entries import lint_entries
from lowuse_gis.core.lint.faults import ERROR, WARNING, Fault
from lowuse_gis.core.lint.indicators import lint_indicators
from lowuse_gis.core.lint.names import Names
from lowuse_gis.core.lint.planning import lint_planning
from lowuse_gis.core.lint.templates import lint_templates
from lowuse_gis.core.lint.thresholds import lint_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.raw import RawRules

__all__ = ["ERROR", "WARNING", "Fault", "lint", "refused"]

STOPPING = frozenset(
    {
        "doubled-code",
        "encoding",
        "extends",
        "grammar",
        "missing-file",
        "missing-key",
        "syntax",
        "template",
        "threshold-value",
        "tie",
        "too-large",
        "type-mismatch",
        "unknown-column",
        "unknown-document",
        "unknown-kind",
        "unknown-strength",
        "unknown-threshold",
        "unknown-type",
        "wrong-type",
        "wrong-value",
    }
)


def lint(raw: RawRules) -> tuple[Fault, ...]:
    """Find every fault of a rulebook.

    Parameters
    ----------
    raw
        Its files and those it extends.

    Returns
    -------
    tuple of Fault
        By file, code and key; every one once. What only follows from a file that cannot be read
        is left out.
    """
    return tuple(sorted(without_cascades(set(_linted(assembled(raw), logic=True).faults))))


def refused(book: Book) -> Iterator[Fault]:
    """Find the faults that the program cannot work with.

    Parameters
    ----------
    book
        The entries of a rulebook.

    Yields
    ------
    Fault
        Faults of files, keys and types first.
    """
    yield from _stopping(book)
    yield from _stopping(_linted(book, logic=False))


def _stopping(book: Book) -> list[Fault]:
    return [f for f in book.faults if f.severity == ERROR and f.kind in STOPPING]


def _linted(book: Book, *, logic: bool) -> Book:
    names = Names(book)
    lint_columns(book, names)
    lint_entries(book, names)
    lint_templates(book, names)
    conditions = lint_conditions(book, names, logic=logic)
    lint_thresholds(book, names)
    lint_duties(book, names, conditions)
    lint_checks(book, names)
    lint_planning(book, names)
    lint_indicators(book, names)
    return book
