"""What is compared with what: kinds of value, units, codes of lists."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlglot import exp

from lowuse_gis.core.lint.faults import nearest
from lowuse_gis.core.lint.possible import matches
from lowuse_gis.core.lint.unit_algebra import (
    BARE,
    NONE,
    Unit,
    unit_of,
    unit_of_expression,
    written_unit,
)
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lowuse_gis.core.conditions import Atom
    from lowuse_gis.core.grammar import Node
    from lowuse_gis.core.lint.faults import Place
    from lowuse_gis.core.lint.formula import Formulas
    from lowuse_gis.core.lint.names import Names

ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def lint_comparison(atom: Atom, names: Names, formulas: Formulas, place: Place) -> None:
    """Note what cannot be compared, and codes that no list knows.

    Parameters
    ----------
    atom
        A comparison of known names.
    names
        What is known of columns and thresholds.
    formulas
        Computes constants.
    place
        Where faults are noted.
    """
    kind = names.kind_of(atom.column)
    if atom.operator == "like" and kind != "text":
        place.error(
            "type-mismatch",
            "when",
            _("{column} is no text and cannot be LIKE something").format(column=atom.column),
            _("compare it with < <= > >= = <>"),
        )
        return
    sides = list(_sides(atom.node))
    fine = [_same_kind(atom.column, kind, side, names, place) for side in sides]
    if all(fine):
        for side in sides:
            _known_code(atom, side, names, place)
            if kind == "number":
                _same_unit(atom.column, side, names, formulas, place)


def _sides(node: Node) -> Iterator[Node]:
    if isinstance(node, exp.Between):
        yield from (node.args["low"], node.args["high"])
    elif isinstance(node, exp.In):
        yield from node.expressions
    else:
        yield node.expression


def _bare(node: Node) -> Node:
    return _bare(node.this) if isinstance(node, exp.Paren) else node


def _same_kind(column: str, kind: str, side: Node, names: Names, place: Place) -> bool:
    """Say whether a side is of the column's kind; note it where it is not."""
    side = _bare(side)
    other = _kind(side, names, place)
    if not other:
        return False
    written = side.sql()
    if other == kind or (kind == "date" and other == "text" and _is_date(side)):
        return _same_list(column, side, names, place)
    hints = {
        ("number", "text"): _("write the number without quotes"),
        ("text", "number"): _("codes are text: write '{text}' in straight quotes"),
        ("flag", "text"): _("write TRUE or FALSE without quotes"),
        ("flag", "number"): _("write TRUE or FALSE"),
        ("date", "text"): _("write a date as '2024-03-31'"),
        ("date", "number"): _("write a date as '2024-03-31'"),
    }
    place.error(
        "type-mismatch",
        "when",
        _("{column} is a {kind}, {text} a {other}").format(
            column=column, kind=_named(kind), text=written, other=_named(other)
        ),
        hints.get((kind, other), _("compare what is of one kind")).format(text=written),
    )
    return False


def _named(kind: str) -> str:
    return {"number": _("number"), "text": _("text"), "flag": _("flag"), "date": _("date")}[kind]


def _is_date(node: Node) -> bool:
    text = node.this if isinstance(node, exp.Literal) else ""
    try:
        return bool(DATE.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _kind(node: Node, names: Names, place: Place) -> str:
    """Return what a side is; nothing where it is a sum of what is no number."""
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Boolean):
        return "flag"
    if isinstance(node, exp.Column):
        return names.kind_of(node.name)
    if isinstance(node, ARITHMETIC):
        for part in filter(None, (node.args.get("this"), node.args.get("expression"))):
            kind = _kind(_bare(part), names, place)
            if kind != "number":
                if kind:
                    place.error(
                        "type-mismatch",
                        "when",
                        _("{text} is no number to calculate with").format(text=part.sql()),
                        _("calculate with numbers only"),
                    )
                return ""
    return "number"


def _same_list(column: str, side: Node, names: Names, place: Place) -> bool:
    """Note codes of different lists that are compared as if they were of one."""
    if not isinstance(side, exp.Column):
        return True
    one, other = (names.columns[name].text("domain") for name in (column, side.name))
    if one == other:
        return True
    note = place.error if one and other else place.warning
    note(
        "type-mismatch",
        "when",
        _("{column} and {other} are codes of different lists").format(
            column=column, other=side.name
        ),
        _("equal codes do not mean the same there; compare columns of one domain"),
    )
    return False


def _known_code(atom: Atom, side: Node, names: Names, place: Place) -> None:
    side, column = _bare(side), names.columns[atom.column]
    domain = column.text("domain")
    codes = names.domains.get(domain)
    if (
        not codes
        or column.text("dtype") != "code"
        or not isinstance(side, exp.Literal)
        or not side.is_string
    ):
        return
    text = side.this
    if atom.operator == "like":
        known = any(matches(text, code) for code in codes)
    else:
        known = text in codes or atom.operator not in {"=", "<>", "in"}
    if not known:
        place.error(
            "unknown-value",
            "when",
            _("{column}: the list {domain} has no code like '{text}'").format(
                column=atom.column, domain=domain, text=text
            ),
            nearest(text, codes),
        )


def _same_unit(column: str, side: Node, names: Names, formulas: Formulas, place: Place) -> None:
    own = unit_of(names.columns[column].text("unit"))

    def unit_of_column(name: str) -> Unit:
        return unit_of(names.columns[name].text("unit"))

    def unit_of_threshold(name: str) -> Unit:
        return unit_of(names.thresholds[name][0].text("unit"))

    unit, clashes = unit_of_expression(side, unit_of_column, unit_of_threshold)
    text = side.sql()
    for one, other in clashes:
        note = place.warning if BARE in {one, other} else place.error
        note(
            "unit-mismatch",
            "when",
            _("{text} adds {one} and {other}").format(
                text=text, one=written_unit(one), other=written_unit(other)
            ),
            _("add only what has the same unit"),
        )
    if unit == BARE:
        if own != NONE and formulas.folded(side) != ("number", Fraction(0)):
            place.warning(
                "unit-mismatch",
                "when",
                _("{column} is in {unit}, the number {text} says no unit").format(
                    column=column, unit=written_unit(own), text=text
                ),
                _("give the number a name, a unit and a source in thresholds.csv"),
            )
    elif unit != own and not clashes:
        place.error(
            "unit-mismatch",
            "when",
            _("{column} is in {unit}, {text} in {other}").format(
                column=column, unit=written_unit(own), text=text, other=written_unit(unit)
            ),
            _("compare values of the same unit; a share is 1, not %"),
        )
