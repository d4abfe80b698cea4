"""What indicators.toml refers to: amounts, figures, indicators, conditions over their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.conditions import grammatical
from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.indicator_keys import AMOUNT_COLUMNS
from lowuse_gis.errors import RuleError
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
        _condition(when, columns[PROJECTS], "when", place.at("cases"))


def _amount(
    amount: Mapping[str, Any], columns: Collection[str], figures: Collection[str], place: Place
) -> None:
    _condition(amount.get("when", ""), columns, "when", place)
    _one_of(amount.get("figure", ""), figures, "figure", place)
    if amount.get("sum", "") and amount["sum"] not in columns:
        place.unknown("unknown-column", "sum", _("unknown column {name}"), amount["sum"], columns)


def _one_of(name: str, known: Collection[str], key: str, place: Place) -> None:
    if name and name not in known:
        message = _("{key}: unknown name {name}").format(key=key, name="{name}")
        place.unknown("wrong-value", key, message, name, known)


def _condition(text: str, columns: Collection[str], key: str, place: Place) -> None:
    if not text:
        return
    try:
        condition = grammatical(text, key)
    except RuleError as error:
        place.error("grammar", key, error.message, error.hint)
        return
    for name in condition.columns:
        if name not in columns:
            place.unknown("unknown-column", key, _("unknown column {name}"), name, columns)
    for name in condition.thresholds:
        place.error(
            "unknown-threshold",
            key,
            _("no threshold may stand here: :{name}").format(name=name),
            _("write the number itself"),
        )
