"""What indicators.toml refers to: amounts, figures, indicators, conditions over their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.indicator_keys import AMOUNT_COLUMNS
from lowuse_gis.core.lint.planning import lint_condition
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lowuse_gis.core.lint.book import Book
    from lowuse_gis.core.lint.names import Names

LAND, PROJECTS = "land", "projects"


def lint_indicators(book: Book, names: Names) -> None:
    """Note what is wrong in the references and conditions of indicators.toml.

    Parameters
    ----------
    book, names
        The entries, whose faults are added to, and the names known.
    """
    entries = book.settings.get("indicators", [])
    known = {
        part: {str(e.get("code")) for at in entries for e in at.content.get(part, [])}
        for part in ("amount", "figure", "indicator")
    }
    columns = {**AMOUNT_COLUMNS, LAND: AMOUNT_COLUMNS[LAND] | set(names.columns)}
    for entry in entries:
        place = Place(entry.file, "", book.faults)
        for amount in entry.content.get("amount", []):
            own = place.at(str(amount.get("code")))
            _amount(amount, columns.get(amount.get("table", ""), set()), known["figure"], own)
        for indicator in entry.content.get("indicator", []):
            own = place.at(str(indicator.get("code")))
            for key in ("amount", "per"):
                _one_of(indicator.get(key, ""), known["amount"], key, own)
        for period in entry.content.get("period", []):
            for code in period.get("indicators", []):
                _one_of(code, known["indicator"], "indicators", place.at(str(period.get("code"))))
        when = entry.content.get("cases", {}).get("when", "")
        lint_condition(when, columns[PROJECTS], place.at("cases"), "when")


def _amount(
    amount: Mapping[str, Any], columns: Collection[str], figures: Collection[str], place: Place
) -> None:
    lint_condition(amount.get("when", ""), columns, place, "when")
    _one_of(amount.get("figure", ""), figures, "figure", place)
    if amount.get("sum", "") and amount["sum"] not in columns:
        place.unknown("unknown-column", "sum", _("unknown column {name}"), amount["sum"], columns)


def _one_of(name: str, known: Collection[str], key: str, place: Place) -> None:
    if name and name not in known:
        message = _("{key}: unknown name {name}").format(key=key, name="{name}")
        place.unknown("wrong-value", key, message, name, known)
