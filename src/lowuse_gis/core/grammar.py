"""What the grammar of conditions allows, node by node."""

from __future__ import annotations

import math
import re
from typing import Any

from sqlglot import exp

from lowuse_gis.language import _

Node = Any  # sqlglot names the base of its nodes differently from version to version

COMPARISONS: dict[type, str] = {
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.EQ: "=",
    exp.NEQ: "<>",
}
ATOMS: tuple[Any, ...] = (*COMPARISONS, exp.In, exp.Between, exp.Like)
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren)
LEAVES = (exp.Column, exp.Placeholder, exp.Literal, exp.Boolean, exp.Identifier)
LONGEST = 2000
FULL_WIDTH = str.maketrans("＜＞＝（），＋－＊／×÷−‘’“”：；", "<>=(),+-*/*/-''''" + ":;")


def half_width(text: str) -> str:
    """Correct full-width signs outside quoted text.

    Parameters
    ----------
    text
        A condition as somebody typed it.

    Returns
    -------
    str

    Examples
    --------
    >>> half_width("a ＜ 5 AND b = '（x）'")
    "a < 5 AND b = '（x）'"
    """
    parts = re.split(r"('[^']*')", text)
    return "".join(p if p.startswith("'") else p.translate(FULL_WIDTH) for p in parts)


def unnamed(part: Node) -> Node:
    """Take away the name that sqlglot sees before the colon of ``(- :threshold)``.

    Parameters
    ----------
    part
        A node of a parsed condition.

    Returns
    -------
    Node
    """
    return part.this if isinstance(part, exp.Alias) and not part.alias else part


def fault_of(node: Node) -> str:
    """Say what makes a node no predicate.

    Parameters
    ----------
    node
        The root of a parsed condition, or a part of it.

    Returns
    -------
    str
        Empty where it is one.
    """
    if isinstance(node, exp.And | exp.Or | exp.Not | exp.Paren):
        sides = (node.this,) if isinstance(node, exp.Not | exp.Paren) else (node.left, node.right)
        return next(filter(None, map(fault_of, sides)), "")
    if isinstance(node, exp.Alias):
        return _("a unit or word is glued to a value ({word})").format(word=node.alias)
    if not isinstance(node, ATOMS):
        return _("not a comparison: {text}").format(text=node.sql(dialect="duckdb"))
    if not isinstance(node.this, exp.Column):
        return _("the left side must be one column: {text}").format(text=node.this.sql("duckdb"))
    foreign = [part for part in node.walk() if part is not node and not _allowed(part)]
    if (isinstance(node, exp.In) and not node.expressions) or node.args.get("symmetric"):
        foreign = [node]
    if foreign:
        return _("not allowed in a criterion: {text}").format(text=foreign[0].sql("duckdb"))
    return ""


def _allowed(part: Node) -> bool:
    """Say whether a part of a comparison is a plain name, number, text or sum of such."""
    if isinstance(part, exp.Column):
        return not part.table and isinstance(part.this, exp.Identifier)
    if isinstance(part, exp.Literal) and not part.is_string:
        return math.isfinite(float(part.this))
    return isinstance(part, (*ARITHMETIC, *LEAVES))
