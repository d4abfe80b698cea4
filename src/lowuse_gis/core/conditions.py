"""The grammar of criteria: SQL conditions, narrowed to what can be three-valued and explained.

AND, OR and NOT over atoms ``column operator expression``, also IN, BETWEEN and LIKE; expressions of
columns, ``:thresholds``, constants and + − × ÷. No CASE, COALESCE, IS NULL or function: they would
turn a missing value into true or false.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lowuse_gis.core.grammar import COMPARISONS, LONGEST, Node, fault_of, half_width, unnamed
from lowuse_gis.errors import RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class Atom:
    """One comparison of a condition.

    Attributes
    ----------
    column
        What is compared.
    operator
        ``<``, ``<=``, …, ``in``, ``between``, ``like`` or ``not like``.
    node
        The comparison as parsed.
    """

    column: str
    operator: str
    node: Node

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column the atom reads, the compared one first."""
        others = sorted({c.name for c in self.node.find_all(exp.Column)} - {self.column})
        return (self.column, *others)

    @cached_property
    def thresholds(self) -> tuple[str, ...]:
        """Every threshold the atom reads."""
        return tuple(sorted({p.name for p in self.node.find_all(exp.Placeholder)}))

    @property
    def limit(self) -> Node | None:
        """The expression the column is compared with, where there is just one."""
        return self.node.expression if self.operator in COMPARISONS.values() else None


@dataclass(frozen=True)
class Condition:
    """A parsed condition and what it needs."""

    text: str
    tree: Node

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The comparisons, from left to right."""
        return tuple(_atoms(self.tree))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads, sorted."""
        return tuple(sorted({name for atom in self.atoms for name in atom.columns}))

    @cached_property
    def thresholds(self) -> tuple[str, ...]:
        """Every threshold it reads, sorted."""
        return tuple(sorted({name for atom in self.atoms for name in atom.thresholds}))


def parse_condition(
    text: str, columns: Collection[str], thresholds: Collection[str], where: str
) -> Condition:
    """Parse a condition and refuse what the grammar does not allow.

    Parameters
    ----------
    text
        The condition.
    columns, thresholds
        Names it may use.
    where
        What to call it in a message: file and code.

    Returns
    -------
    Condition
        Ready to be evaluated.

    Raises
    ------
    RuleError
        With the corrected line, or the nearest known name, as the hint.

    Examples
    --------
    >>> c = parse_condition("a < b * :f AND NOT d = 'x'", {"a", "b", "d"}, {"f"}, "rules")
    >>> c.columns, c.thresholds, [atom.operator for atom in c.atoms]
    (('a', 'b', 'd'), ('f',), ['<', '='])
    """
    condition = grammatical(text, where)
    _known(condition.columns, columns, where, _("unknown column {name}"))
    _known(condition.thresholds, thresholds, where, _("unknown threshold :{name}"))
    return condition


def grammatical(text: str, where: str) -> Condition:
    """Parse a condition, whatever names it uses.

    Parameters
    ----------
    text, where
        As `parse_condition` takes them, and with the same errors.

    Returns
    -------
    Condition
    """
    corrected = half_width(text)
    if corrected != text:
        raise RuleError(
            _("{where}: full-width signs in the condition: {text}").format(where=where, text=text),
            _("write it as: {text}").format(text=corrected),
        )
    try:
        condition, fault = _parsed(text)
    except (SqlglotError, RecursionError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), "")
        raise RuleError(
            _("{where}: not a condition: {text} ({reason})").format(
                where=where, text=text, reason=reason
            ),
            _("write a condition such as: plot_ratio < :plot_ratio_min"),
        ) from error
    if fault:
        raise RuleError(
            _("{where}: {fault}: {text}").format(where=where, fault=fault, text=text),
            _("a condition is AND, OR, NOT over comparisons 'column operator expression'"),
        )
    return condition


@cache
def _parsed(text: str) -> tuple[Condition, str]:
    """Parse a condition once, and say what the grammar has against it."""
    outside = "".join(re.split(r"'[^']*'", text))
    condition = Condition(text, None)
    if len(text) > LONGEST:
        return condition, _("longer than {size} signs").format(size=LONGEST)
    if not text.strip():
        return condition, _("empty")
    if "--" in outside or "/*" in outside:
        return condition, _("a comment inside the condition")
    statements = sqlglot.parse(text, read="duckdb")
    if ";" in outside or len(statements) != 1 or statements[0] is None:
        return condition, _("more than one statement")
    condition = Condition(text, statements[0].transform(unnamed))
    return condition, fault_of(condition.tree) or ("" if condition.atoms else _("empty"))


def atom_limits(text: str) -> tuple[str, ...]:
    """Write what each comparison of a known condition compares with.

    Parameters
    ----------
    text
        A condition that was parsed before.

    Returns
    -------
    tuple of str
        Per atom, from left to right.

    Examples
    --------
    >>> atom_limits("a < b * :f AND d LIKE '09%' AND e IN (1, 2)")
    ('b * :f', "'09%'", '1, 2')
    """
    atoms = Condition(text, sqlglot.parse_one(text, read="duckdb").transform(unnamed)).atoms
    return tuple(", ".join(part.sql() for part in compared(atom.node)) for atom in atoms)


def compared(node: Node) -> list[Node]:
    """Return what a comparison compares its column with.

    Parameters
    ----------
    node
        A comparison as parsed.

    Returns
    -------
    list
        One expression; two of BETWEEN, any number of IN.
    """
    if isinstance(node, exp.Between):
        return [node.args["low"], node.args["high"]]
    return node.expressions if isinstance(node, exp.In) else [node.expression]


def parsed_criteria(rulebook: Rulebook) -> dict[str, Condition]:
    """Parse every criterion of a rulebook.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    dict
        Code to condition. Criteria read what is measured, never a verdict.

    Raises
    ------
    RuleError
        At the first that is wrong, with file and code.
    """
    measured = rulebook.columns.index[rulebook.columns["stage"] != "judge"]
    thresholds = set(rulebook.thresholds["name"])
    return {
        c.code: parse_condition(c.when, set(measured), thresholds, f"{c.file}: {c.code}")
        for c in rulebook.criteria
    }


def _known(names: Collection[str], known: Collection[str], where: str, message: str) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=3)
            hint = _("nearest known names: {names}").format(names=", ".join(near) or "-")
            raise RuleError(f"{where}: " + message.format(name=name), hint)


def _atoms(node: Node) -> Iterator[Atom]:
    if isinstance(node, exp.And | exp.Or):
        yield from _atoms(node.left)
        yield from _atoms(node.right)
    elif isinstance(node, exp.Not | exp.Paren):
        yield from _atoms(node.this)
    else:
        operator = COMPARISONS.get(type(node)) or type(node).__name__.lower()
        negated = "not " if node.args.get("negate") else ""  # NOT LIKE is a node of its own
        yield Atom(node.this.name, negated + operator, node)
