"""Sentences with ``{column}`` and ``{:threshold}``, and nothing cleverer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lowuse_gis.core.lint.faults import nearest
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.faults import Place
    from lowuse_gis.core.lint.names import Names

PLACEHOLDER = re.compile(r"\{(:?)([A-Za-z_][A-Za-z0-9_]*)\}")
BRACED = re.compile(r"\{[^{}]*\}|[{}]")


def lint_templates(book: Book, names: Names) -> None:
    """Note what cannot be filled into a sentence.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    for entry in book.criteria:
        read = set(re.findall(r":(\w+)", entry.text("when")))
        _lint("evidence", entry.text("evidence"), book.place(entry), names.columns,
              names.thresholds)  # fmt: skip
        for sign, name in PLACEHOLDER.findall(entry.text("evidence")):
            if sign and entry.text("when") and name in names.thresholds and name not in read:
                book.place(entry).warning(
                    "template",
                    "evidence",
                    _("the condition does not read :{name}").format(name=name),
                    nearest(name, read),
                )
    for entry in book.obstacles:
        for key in ("text", "text_en"):
            _lint(key, entry.text(key), book.place(entry), names.columns, None)


def _lint(
    key: str,
    template: str,
    place: Place,
    columns: Collection[str],
    thresholds: Mapping[str, object] | None,
) -> None:
    for sign, name in PLACEHOLDER.findall(template):
        if sign and thresholds is None:
            place.error(
                "template",
                key,
                _("{{:{name}}}: only columns may stand in this text").format(name=name),
                _("write the limit out, or leave it to the criterion"),
            )
        elif sign and thresholds is not None and name not in thresholds:
            message = _("unknown threshold :{name}")
            place.unknown("template", key, message, name, thresholds)
        elif not sign and name not in columns:
            place.unknown("template", key, _("unknown column {name}"), name, columns)
    for rest in dict.fromkeys(BRACED.findall(template)):
        if PLACEHOLDER.fullmatch(rest):
            continue
        place.error(
            "template",
            key,
            _("{text}: not allowed in a text").format(text=rest),
            _("write {column} or {:threshold}, nothing else in braces"),
        )
