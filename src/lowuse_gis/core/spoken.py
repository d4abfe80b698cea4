"""Conditions in words: labels for columns and codes, thresholds with their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from lowuse_gis.core.conditions import compared
from lowuse_gis.core.grammar import ATOMS, Node
from lowuse_gis.core.threshold_rows import threshold_name
from lowuse_gis.core.thresholds import weight
from lowuse_gis.core.wording import LIST_MARK, written_number
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook

SIGNS: dict[type, str] = {
    exp.LT: "<",
    exp.LTE: "≤",
    exp.GT: ">",
    exp.GTE: "≥",
    exp.EQ: "=",
    exp.NEQ: "≠",
    exp.Add: "+",
    exp.Sub: "−",
    exp.Mul: "×",
    exp.Div: "÷",
}
ANY = "%"


def spoken(when: str, rulebook: Rulebook) -> str:
    """Write a condition in words.

    Parameters
    ----------
    when
        A condition that parses.
    rulebook
        Knows the labels of columns and codes, and the values of thresholds.

    Returns
    -------
    str
        In the user's language. A threshold stands by name, its general value behind it.
    """
    return _Speech(rulebook).said(sqlglot.parse_one(when, read="duckdb"))


def column_name(rulebook: Rulebook, column: str) -> str:
    """Return what people call a column, its unit behind it.

    Parameters
    ----------
    rulebook, column
        The rules, and a standard column.

    Returns
    -------
    str
    """
    if column not in rulebook.columns.index:
        return column
    row = rulebook.columns.loc[column]
    label = pick(row["label"], row["label_en"]) or column
    return _("{label} ({unit})").format(label=label, unit=row["unit"]) if row["unit"] else label


def threshold_value(rulebook: Rulebook, name: str) -> str:
    """Write the value of a threshold that holds where no more special one does.

    Parameters
    ----------
    rulebook, name
        The rules, and a threshold.

    Returns
    -------
    str
        With its unit, and how many special values there are.
    """
    rows = rulebook.thresholds[rulebook.thresholds["name"] == name]
    if not len(rows):
        return "—"
    first = min(rows.index, key=lambda at: weight(rows.loc[at]))
    value = written_number(float(rows.at[first, "value"]), rows.at[first, "unit"])
    if len(rows) == 1:
        return value
    return _("{value}, {count} special values").format(value=value, count=len(rows) - 1)


class _Speech:
    """Says the nodes of a condition.

    Parameters
    ----------
    rulebook
        Knows labels and values.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def said(self, node: Node) -> str:
        """Say a condition or a part of one."""
        if isinstance(node, exp.Paren):
            return _("({inside})").format(inside=self.said(node.this))
        if isinstance(node, exp.And):
            return _("{left}, and {right}").format(
                left=self._grouped(node.left), right=self._grouped(node.right)
            )
        if isinstance(node, exp.Or):
            return _("{left}, or {right}").format(
                left=self.said(node.left), right=self.said(node.right)
            )
        if isinstance(node, exp.Not):
            return self._denied(node.this)
        return self._compared(node)

    def _grouped(self, node: Node) -> str:
        said = self.said(node)
        return _("({inside})").format(inside=said) if isinstance(node, exp.Or) else said

    def _denied(self, node: Node) -> str:
        if isinstance(node, exp.In):
            return _("{column} is none of {values}").format(**self._parts(node))
        inside = self.said(node.this if isinstance(node, exp.Paren) else node)
        return _("not ({inside})").format(inside=inside)

    def _parts(self, node: Node) -> dict[str, str]:
        column = node.this.name
        values = [self._value(side, column) for side in compared(node)]
        return {"column": column_name(self._rulebook, column), "values": LIST_MARK.join(values)}

    def _compared(self, node: Node) -> str:
        parts = self._parts(node)
        if isinstance(node, exp.In):
            return _("{column} is one of {values}").format(**parts)
        if isinstance(node, exp.Between):
            low, high = (self._value(side, node.this.name) for side in compared(node))
            return _("{column} from {low} to {high}").format(**parts, low=low, high=high)
        if isinstance(node, exp.Like):
            return self._like(node, parts["column"])
        if isinstance(node.expression, exp.Boolean):
            yes = node.expression.this == isinstance(node, exp.EQ)
            return (_("{column}: yes") if yes else _("{column}: no")).format(**parts)
        return f"{parts['column']} {SIGNS[type(node)]} {parts['values']}"

    def _like(self, node: Node, column: str) -> str:
        pattern = node.expression.name
        prefix = pattern.removesuffix(ANY)
        simple = pattern.endswith(ANY) and not {ANY, "_"} & set(prefix)
        if node.args.get("negate"):
            form = (
                _("{column} does not begin with {text}") if simple else _("{column} unlike {text}")
            )
        else:
            form = _("{column} begins with {text}") if simple else _("{column} like {text}")
        return form.format(
            column=column, text=_("“{text}”").format(text=prefix if simple else pattern)
        )

    def _value(self, node: Node, column: str) -> str:
        """Say what a column is compared with; a number alone has the column's unit."""
        if isinstance(node, exp.Literal) and not node.is_string:
            known = column in self._rulebook.columns.index
            unit = self._rulebook.columns.at[column, "unit"] if known else ""
            return written_number(float(node.name), unit)
        if isinstance(node, exp.Literal):
            return self._code(node.name, column)
        return self._computed(node)

    def _code(self, text: str, column: str) -> str:
        known = column in self._rulebook.columns.index
        labels = self._rulebook.domain(self._rulebook.columns.at[column, "domain"] if known else "")
        if text in labels:
            return _("{label} ({unit})").format(label=pick(*labels[text]), unit=text)
        return _("“{text}”").format(text=text) if text else _("empty")

    def _computed(self, node: Node) -> str:
        if isinstance(node, exp.Column):
            return column_name(self._rulebook, node.name)
        if isinstance(node, exp.Placeholder):
            value = threshold_value(self._rulebook, node.name)
            name = threshold_name(self._rulebook, node.name)
            return _("{name} ({value})").format(name=name, value=value)
        if isinstance(node, exp.Paren):
            return _("({inside})").format(inside=self._computed(node.this))
        if isinstance(node, exp.Neg):
            return "−" + self._computed(node.this)
        if type(node) in SIGNS and not isinstance(node, ATOMS):
            left, right = self._computed(node.left), self._computed(node.right)
            return f"{left} {SIGNS[type(node)]} {right}"
        return node.name or node.sql("duckdb")
