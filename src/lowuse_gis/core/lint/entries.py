"""Names that entries take from lists: documents, strengths, types, bodies, checks, sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint import check_keys, measure_keys, shapes
from lowuse_gis.core.lint.book import PACKAGES
from lowuse_gis.core.lint.faults import Place, nearest
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.keys import Key
    from lowuse_gis.core.lint.names import Names

PROPOSAL = "proposal"  # the document that stands for: no document
KIND_OF_LIST = {
    "absences": "wrong-value",
    "amount_tables": "wrong-value",
    "audiences": "wrong-value",
    "axes": "wrong-value",
    "bodies": "no-data-duty",
    "categories": "unknown-category",
    "check_tables": "unknown-table",
    "checks": "unknown-check",
    "datasets": "wrong-value",
    "derived_kinds": "unknown-kind",
    "disposals": "unknown-value",
    "documents": "unknown-document",
    "domains": "unknown-domain",
    "field_types": "wrong-value",
    "formats": "wrong-value",
    "gates": "unknown-value",
    "land_types": "unknown-type",
    "limits": "unknown-threshold",
    "needs": "wrong-value",
    "privacy": "wrong-value",
    "quadrants": "unknown-value",
    "responsible": "no-data-duty",
    "roads": "wrong-value",
    "settled": "unknown-column",
    "source_kinds": "wrong-value",
    "sources": "unknown-source",
    "statuses": "unknown-status",
    "strengths": "unknown-strength",
    "subtypes": "unknown-subtype",
    "sums": "wrong-value",
    "tables": "unknown-table",
    "verdicts": "unknown-value",
    "village_strengths": "unknown-strength",
}


def lint_entries(book: Book, names: Names) -> None:
    """Note names that nobody knows in the entries of a rulebook.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    for entry in book.criteria:
        place = book.place(entry)
        _listed(entry.content, shapes.CRITERION, place, names)
        _basis(entry, place)
        _subtype(entry, place, names)
    for entry in book.obstacles:
        _listed(entry.content, shapes.OBSTACLE, book.place(entry), names)
    for entry in book.sources:
        _listed(entry.content, shapes.SOURCE, book.place(entry), names)
    for entry in book.measures:
        keys = measure_keys.MEASURES.get(entry.text("kind"), ())
        _listed(entry.content, keys, book.place(entry), names)
        _expressions(entry.content, ("pattern", "temporary"), "", book.place(entry))
        _written_to(entry, book, names)
        _statistics(entry, book)
    for entry in book.fields:
        column = entry.text("column")
        _listed(entry.content, shapes.FIELD, book.place(entry), names, f"{column}.")
        _expressions(entry.content, ("by_year",), f"{column}.", book.place(entry))
        if entry.code not in {*names.sources, *shapes.LEDGERS}:
            message = _("unknown source {name}")
            book.place(entry).unknown("unknown-source", "", message, entry.code, names.sources)
        _asked_for(entry, book, names)
    for kind in (*shapes.SETTINGS, PACKAGES):
        for entry in book.settings.get(kind, []):
            _listed(entry.content, shapes.SHAPES[kind].keys, book.place(entry), names)
    for entry in book.settings.get("measures", []):
        _listed(entry.content["survey"], measure_keys.SURVEY, book.place(entry), names, "survey.")
    _checking(book, names)
    _land_types(book, names)


def _checking(book: Book, names: Names) -> None:
    parts = {
        "tolerances": check_keys.TOLERANCE,
        "derive": check_keys.DERIVED,
        "total": check_keys.TOTAL,
        "not_a_base": check_keys.NOT_A_BASE,
        "check": check_keys.CHECK,
    }
    for part, keys in parts.items():
        for entry in book.checking[part]:
            _listed(entry.content, keys, book.place(entry), names)


def _listed(content: Any, keys: Iterable[Key], place: Place, names: Names, path: str = "") -> None:
    """Note every value of a key that is not in the list it takes from."""
    for key in keys:
        if key.name not in content:
            continue
        value = content[key.name]
        if key.parts:
            for table in _tables_of(key, value):
                _listed(table, key.parts, place, names, f"{path}{key.name}.")
        known = names.listed(key.names)
        if key.names not in KIND_OF_LIST or not known:
            continue
        for name in _written(value, key):
            if name not in known:
                message = _("{key}: unknown name {name}").format(key=path + key.name, name="{name}")
                place.unknown(KIND_OF_LIST[key.names], path + key.name, message, name, known)


def _tables_of(key: Key, value: Any) -> list[Any]:
    """Return the tables that a key of tables holds."""
    if isinstance(value, dict):
        return [value] if key.kind == "table" else list(value.values())
    return list(value)


def _written(value: Any, key: Key) -> Iterator[str]:
    """Name what a key names, whether it is a text, a list or a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))
    elif key.writes == "values":
        yield from value.values()


def _written_to(entry: Entry, book: Book, names: Names) -> None:
    """Note a column that a measure adds and that neither columns.csv nor a measure knows."""
    read = {other.text("column") for other in book.measures}
    for name in measure_keys.columns_added(entry.content):
        if name not in names.columns and name not in read:
            message = _("unknown column {name}")
            book.place(entry).unknown("unknown-column", "into", message, name, names.columns)


def _statistics(entry: Entry, book: Book) -> None:
    """Note statistics of a raster that nobody computes."""
    for name in entry.content.get("into", {}) if entry.text("kind") == "raster" else ():
        if name not in measure_keys.STATISTICS:
            message, known = _("unknown statistic {name}"), measure_keys.STATISTICS
            book.place(entry).unknown("wrong-value", "into", message, name, known)


def _asked_for(entry: Entry, book: Book, names: Names) -> None:
    """Note what bodies would be asked for and no column could take."""
    source, column = names.sources.get(entry.code), entry.text("column")
    asked = source is not None and source.text("kind") == shapes.ANSWERS
    if asked and column not in {*names.columns, shapes.PARCEL_MARK}:
        message = _("unknown column {name}")
        book.place(entry).unknown("unknown-column", column, message, column, names.columns)


def _basis(entry: Entry, place: Place) -> None:
    source = entry.content.get("source", {})
    if "document" in source and source["document"] != PROPOSAL and not source.get("clause"):
        place.warning(
            "missing-clause",
            "source.clause",
            _("no clause of {document} is named").format(document=source["document"]),
            _("say where it stands, or name the document {name}").format(name=PROPOSAL),
        )


def _subtype(entry: Entry, place: Place, names: Names) -> None:
    subtype = entry.text("subtype")
    kind = names.subtypes.get(subtype)
    if kind is not None and entry.land_type and kind != entry.land_type:
        place.error(
            "unknown-subtype",
            "subtype",
            _("subtype {name} belongs to {type}").format(name=subtype, type=kind),
            nearest(subtype, (s for s, t in names.subtypes.items() if t == entry.land_type)),
        )


def _land_types(book: Book, names: Names) -> None:
    """Note files headed by a type that nobody knows, once each."""
    for _folder, file in book.raw.of("criteria"):
        head = book.raw.files[file].get("type", "")
        if isinstance(head, str) and head and head not in names.land_types:
            message, place = _("unknown land type {name}"), Place(file, "", book.faults)
            place.unknown("unknown-type", "type", message, head, names.land_types)


def _expressions(content: Any, keys: Iterable[str], path: str, place: Place) -> None:
    for key in keys:
        try:
            re.compile(content.get(key, ""))
        except re.error as error:
            place.error(
                "wrong-value",
                path + key,
                _("{key}: no regular expression: {reason}").format(key=path + key, reason=error),
                _("try it in a Python shell: re.compile(…)"),
            )
