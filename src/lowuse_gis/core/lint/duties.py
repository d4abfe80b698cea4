"""Where values come from: columns that nothing measures, sources that nobody provides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.lint.measure_keys import ALWAYS, columns_added
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.names import Names

QUALITY = "quality"  # the domain of how a value is known
PARCELS = "parcels"  # to whom a column belongs that names no source


def lint_duties(book: Book, names: Names, conditions: Mapping[str, Condition]) -> None:
    """Note values that cannot arrive: not measured, or provided by nobody.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    conditions
        By file and code.
    """
    present = _measured(book)
    readers: dict[str, list[str]] = {}
    for entry in (*book.criteria, *book.obstacles):
        condition = conditions.get(f"{entry.file} {entry.code}")
        for column in condition.columns if condition else ():
            if column not in names.measured:
                continue
            source = names.columns[column].text("source") or PARCELS
            readers.setdefault(source, []).append(entry.code)
            if column not in present:
                book.place(entry).warning(
                    "not-measured",
                    "when",
                    _("nothing measures {column}: it will always be unknown").format(column=column),
                    _("add an entry to measures.toml, or a field of parcels to fields.toml"),
                )
    _provided(book, names, readers)
    _responsible(book, names)


def _measured(book: Book) -> set[str]:
    fields = {e.text("column") for e in book.fields if e.code == PARCELS}
    added = {name for entry in book.measures for name in columns_added(entry.content)}
    return {*ALWAYS, *fields, *added}


def _provided(book: Book, names: Names, readers: Mapping[str, list[str]]) -> None:
    """Note sources that criteria read and that nobody hands over."""
    for name, codes in readers.items():
        entry = names.sources.get(name)
        body = names.bodies.get(entry.text("body")) if entry else None
        if entry is not None and body is not None and not body.text("provides").strip():
            book.place(entry).warning(
                "no-data-duty",
                "body",
                _("{body} provides nothing, so nobody can be asked for what {codes} read").format(
                    body=body.code, codes=", ".join(dict.fromkeys(codes))
                ),
                _("fill in 'provides' in codes/bodies.csv, or name another body"),
            )


def _responsible(book: Book, names: Names) -> None:
    """Note obstacles whose body does nothing, and checks of unknown bodies."""
    for entry in book.obstacles:
        body = names.bodies.get(entry.text("body"))
        if body is not None and not (body.text("provides") + body.text("role")).strip():
            book.place(entry).warning(
                "no-data-duty",
                "body",
                _("{body} has neither data nor a role in codes/bodies.csv").format(body=body.code),
                _("fill in 'provides' or 'role' there, or name another body"),
            )
    for entry in book.checks.values():
        if entry.text("body") and entry.text("body") not in names.bodies:
            message = _("body: unknown name {name}")
            place = book.place(entry)
            place.unknown("no-data-duty", "body", message, entry.text("body"), names.bodies)


def lint_columns(book: Book, names: Names) -> None:
    """Note columns whose kind, stage, list or source nobody knows.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    known_as = set(names.domains.get(QUALITY, ()))
    known_as |= {name for name, entry in book.columns.items() if entry.text("domain") == QUALITY}
    lists: dict[str, tuple[str, tuple[str, ...]]] = {
        "dtype": ("wrong-value", ("text", "code", "number", "date", "flag")),
        "stage": ("wrong-value", ("read", "measure", "judge")),
        "domain": ("unknown-domain", tuple(names.domains)),
        "source": ("unknown-source", tuple(names.sources)),
        "quality": ("wrong-value", tuple(known_as)),
    }
    for entry in book.columns.values():
        for key, (kind, known) in lists.items():
            text = entry.text(key)
            optional = key in {"domain", "source", "quality"} and not text
            if known and not optional and text not in known:
                message = _("{key}: unknown name {name}").format(key=key, name="{name}")
                book.place(entry).unknown(kind, key, message, text, known)
    for entry in book.codes.get("subtypes", []):
        if entry.text("type") not in names.land_types:
            message = _("unknown land type {name}")
            place = book.place(entry)
            place.unknown("unknown-type", "type", message, entry.text("type"), names.land_types)
