"""Conditions as alternatives of plain terms, to say what can and cannot be true.

Everything here speaks of parcels whose columns are all known; what is unknown stays unknown.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

from lowuse_gis.core.grammar import COMPARISONS
from lowuse_gis.core.lint.possible import impossible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lowuse_gis.core.grammar import Node

MOST = 128  # alternatives; beyond, nothing is claimed
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
SIGNS: dict[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
NOTHING = ("nothing", None)  # a division by zero: never true, never false


class Term(NamedTuple):
    """A column compared with one value.

    Attributes
    ----------
    column, operator
        ``<``, ``<=``, ``>``, ``>=``, ``=``, ``<>``, ``like`` or ``unlike``.
    value
        Its kind (``number``, ``text``, ``flag``, ``nothing``; ``expression`` for what differs from
        parcel to parcel) and the value itself.
    """

    column: str
    operator: str
    value: tuple[str, Any]


Alternatives = frozenset[frozenset[Term]]


class Formulas:
    """Turns conditions into alternatives: sets of terms, one of which must hold as a whole.

    Parameters
    ----------
    constants
        Thresholds that have the same value for all parcels.
    kind_of
        What the values of a column are: text, number, flag or date.
    """

    def __init__(self, constants: Mapping[str, Fraction], kind_of: Callable[[str], str]) -> None:
        self._constants, self._kind_of = constants, kind_of

    def alternatives(
        self, node: Node, *, true: bool = True, forced: Mapping[int, bool] | None = None
    ) -> Alternatives | None:
        """Say when a condition is true, or false.

        Parameters
        ----------
        node
            The condition's tree.
        true
            Whether it is to be true or to be false.
        forced
            Comparisons, by the id of their node, that are taken as true or false.

        Returns
        -------
        frozenset of frozenset of Term, or None
            None where there are too many.
        """
        forced = forced or {}
        if isinstance(node, exp.Paren):
            return self.alternatives(node.this, true=true, forced=forced)
        if isinstance(node, exp.Not):
            return self.alternatives(node.this, true=not true, forced=forced)
        if isinstance(node, exp.And | exp.Or):
            left = self.alternatives(node.left, true=true, forced=forced)
            right = self.alternatives(node.right, true=true, forced=forced)
            both = isinstance(node, exp.And) == true
            return conjunction(left, right) if both else _union(left, right)
        if id(node) in forced:
            return ALWAYS if forced[id(node)] == true else NEVER
        return self._atom(node, true=true)

    def _atom(self, node: Node, *, true: bool) -> Alternatives:
        if isinstance(node, exp.Between):
            low = self._term(node.this.name, ">=" if true else "<", node.args["low"])
            high = self._term(node.this.name, "<=" if true else ">", node.args["high"])
            parts = [{low, high}] if true else [{low}, {high}]
        elif isinstance(node, exp.In):
            sign = "=" if true else "<>"
            terms = [self._term(node.this.name, sign, each) for each in node.expressions]
            parts = [{term} for term in terms] if true else [set(terms)]
        elif isinstance(node, exp.Like):
            same = bool(node.args.get("negate")) != true
            sign = "like" if same else "unlike"
            parts = [{self._term(node.this.name, sign, node.expression)}]
        else:
            sign = COMPARISONS[type(node)]
            sign = sign if true else NEGATED[sign]
            parts = [{self._term(node.this.name, sign, node.expression)}]
        alternatives = (frozenset(part) for part in parts)
        return frozenset(terms for terms in alternatives if not impossible(terms))

    def _term(self, column: str, operator: str, node: Node) -> Term:
        kind, value = self.folded(node)
        if kind == "text" and self._kind_of(column) == "date":
            kind, value = _day(value)
        plain = kind == "expression" and value.isidentifier() and operator in FLIPPED
        if plain and value < column:
            return Term(value, FLIPPED[operator], ("expression", column))
        return Term(column, operator, (kind, value))

    def folded(self, node: Node) -> tuple[str, Any]:
        """Compute an expression as far as it is the same for all parcels.

        Parameters
        ----------
        node
            The right side of a comparison, or a part of it.

        Returns
        -------
        tuple
            As `Term.value`.
        """
        if isinstance(node, exp.Paren):
            return self.folded(node.this)
        if isinstance(node, exp.Neg):
            return _computed("-", ("number", Fraction(0)), self.folded(node.this))
        if type(node) in SIGNS:
            return _computed(SIGNS[type(node)], self.folded(node.left), self.folded(node.right))
        return self._leaf(node)

    def _leaf(self, node: Node) -> tuple[str, Any]:
        if isinstance(node, exp.Boolean):
            return "flag", bool(node.this)
        if isinstance(node, exp.Literal):
            return ("text", node.this) if node.is_string else ("number", Fraction(node.this))
        if isinstance(node, exp.Placeholder):
            known = self._constants.get(node.name)
            return ("expression", f":{node.name}") if known is None else ("number", known)
        return "expression", node.name


ALWAYS: Alternatives = frozenset({frozenset()})
NEVER: Alternatives = frozenset()


def _computed(sign: str, left: tuple[str, Any], right: tuple[str, Any]) -> tuple[str, Any]:
    if NOTHING in {left, right} or (sign == "/" and right == ("number", 0)):
        return NOTHING
    if left[0] == right[0] == "number":
        a, b = left[1], right[1]
        return "number", {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0}[sign]
    names = [str(left[1]), str(right[1])]
    return "expression", f"({f' {sign} '.join(sorted(names) if sign in '+*' else names)})"


def _day(text: str) -> tuple[str, Any]:
    try:
        return "number", Fraction(date.fromisoformat(text).toordinal())
    except ValueError:
        return "expression", repr(text)


def _union(left: Alternatives | None, right: Alternatives | None) -> Alternatives | None:
    if left is None or right is None:
        return None
    return _limited(left | right)


def conjunction(left: Alternatives | None, right: Alternatives | None) -> Alternatives | None:
    """Say when both of two conditions hold.

    Parameters
    ----------
    left, right
        When each holds; None for too many ways.

    Returns
    -------
    frozenset of frozenset of Term, or None
        Without the ways that are impossible.
    """
    if left is None or right is None or len(left) * len(right) > MOST:
        return None
    return _limited(frozenset(a | b for a, b in product(left, right)))


def _limited(alternatives: Alternatives) -> Alternatives | None:
    possible = frozenset(terms for terms in alternatives if not impossible(terms))
    return possible if len(possible) <= MOST else None
