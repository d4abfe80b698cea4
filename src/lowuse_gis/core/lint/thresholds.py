"""Rows of thresholds.csv: numbers, selectors, sources, and rows that fit equally well."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.lint.entries import PROPOSAL
from lowuse_gis.core.lint.sheets import SELECTORS
from lowuse_gis.core.thresholds import weight
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.faults import Place
    from lowuse_gis.core.lint.names import Names

OF_THE_VERDICT = "weak_needed"  # read by the formula of the verdict, not by a condition


def lint_thresholds(book: Book, names: Names) -> None:
    """Note what is wrong with thresholds.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    for row in book.thresholds:
        place = book.place(row)
        _value(row, place)
        _selectors(row, names, place)
        _basis(row, names, place)
    conditions = " ".join(entry.text("when") for entry in (*book.criteria, *book.obstacles))
    used = {OF_THE_VERDICT, *re.findall(r":(\w+)", conditions)}
    for name, rows in names.thresholds.items():
        if name not in used:
            book.place(rows[0]).warning(
                "unused-threshold",
                "name",
                _("no condition reads :{name}").format(name=name),
                _("leave the row out, or name it in a condition"),
            )
        _units(rows, book)
    _ties(book)
    if OF_THE_VERDICT not in names.thresholds and book.thresholds:
        place = book.place(book.thresholds[-1]).at(OF_THE_VERDICT)
        message = _("unknown threshold :{name}")
        place.unknown("unknown-threshold", "name", message, OF_THE_VERDICT, names.thresholds)


def is_number(text: str) -> bool:
    """Say whether a threshold's value is a number.

    Parameters
    ----------
    text
        As the table has it.

    Returns
    -------
    bool
    """
    value = pd.to_numeric(pd.Series([text], dtype="str"), errors="coerce").iloc[0]
    return math.isfinite(value) and text.isascii() and "_" not in text


def _value(row: Entry, place: Place) -> None:
    if not is_number(row.text("value")):
        place.error(
            "threshold-value",
            "value",
            _("not a number: {value}").format(value=row.text("value") or "-"),
            _("write plain digits, with the unit in the column 'unit'"),
        )


def _selectors(row: Entry, names: Names, place: Place) -> None:
    town, industry = row.text("town"), row.text("industry")
    for selector in SELECTORS:
        if row.text(selector) != row.text(selector).strip():
            place.error(
                "threshold-selector",
                selector,
                _("{key}: blanks around '{text}'").format(key=selector, text=row.text(selector)),
                _("leave the blanks out: nothing would fit"),
            )
            return
    if town and names.towns and town not in names.towns:
        message = _("unknown town {name}")
        place.unknown("threshold-selector", "town", message, town, names.towns)
    if industry and not (industry.isascii() and industry.isdigit()):
        place.error(
            "threshold-selector",
            "industry",
            _("an industry is digits, not {text}").format(text=industry),
            _("write the beginning of the code of GB/T 4754, such as 13 or 131"),
        )


def _basis(row: Entry, names: Names, place: Place) -> None:
    source, status = row.text("source"), row.text("status")
    for key, text in (("source", source), ("status", status)):
        if not text:
            place.error(
                "threshold-basis",
                key,
                _("{key} is missing").format(key=key),
                _("say where the number comes from; {name} if from nowhere").format(name=PROPOSAL),
            )
    if source and source not in names.documents:
        message = _("unknown document {name}")
        place.unknown("unknown-document", "source", message, source, names.documents)
    elif source and source != PROPOSAL and not row.text("clause"):
        place.warning(
            "missing-clause",
            "clause",
            _("no clause of {document} is named").format(document=source),
            _("say where it stands, or name the document {name}").format(name=PROPOSAL),
        )
    known = names.listed("statuses")
    if status and status not in known:
        place.unknown("unknown-status", "status", _("unknown status {name}"), status, known)


def _units(rows: list[Entry], book: Book) -> None:
    """Note rows of one name in another unit than its first."""
    for row in rows[1:]:
        if row.text("unit") != rows[0].text("unit"):
            book.place(row).error(
                "unit-mismatch",
                "unit",
                _("unit {one}, in another row of that name {other}").format(
                    one=row.text("unit") or "1", other=rows[0].text("unit") or "1"
                ),
                _("give all rows of a threshold the same unit"),
            )


def _ties(book: Book) -> None:
    """Note rows of one folder and name that fit equally well: which one counts is chance."""
    groups: dict[tuple[str, str, tuple[int, ...]], list[Entry]] = {}
    for row in book.thresholds:
        key = (row.folder, row.code, weight(pd.Series(dict(row.content))))
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if not _both_fit(one, other):
                continue
            if one.text("value") == other.text("value"):
                book.place(other).warning(
                    "duplicate-row",
                    "name",
                    _("the same row stands above already"),
                    _("leave one of the two out"),
                )
            else:
                book.place(other).error(
                    "tie",
                    "name",
                    _("{one} and {other} fit the same parcels equally well").format(
                        one=one.text("value"), other=other.text("value")
                    ),
                    _("leave one out, or give one more selectors"),
                )


def _both_fit(one: Entry, other: Entry) -> bool:
    town = not (one.text("town") and other.text("town")) or one.text("town") == other.text("town")
    zone = not (one.text("zone") and other.text("zone")) or one.text("zone") == other.text("zone")
    short, long = sorted((one.text("industry"), other.text("industry")), key=len)
    return town and zone and long.startswith(short)
