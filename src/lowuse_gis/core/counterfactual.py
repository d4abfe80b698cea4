"""The smallest change of measured values that would give another verdict."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import sqlglot
from sqlglot import exp

from lowuse_gis.core.grammar import COMPARISONS, Node
from lowuse_gis.core.settlement import verdict_with
from lowuse_gis.core.verdict import EXCLUDED, LOW_USE, NOT_LOW_USE, TOO_SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Change:
    """One measured value that would have to be another.

    Attributes
    ----------
    criterion
        The criterion it decides.
    measure
        The column.
    value, limit
        What it is, and what it is compared with; NaN for a code.
    operator
        The comparison that must then hold.
    met
        Whether the criterion is met after the change.
    """

    criterion: str
    measure: str
    value: float
    limit: float
    operator: str
    met: bool

    @property
    def size(self) -> float:
        """The change as a share of the limit; 1 for a code."""
        if np.isnan(self.value) or np.isnan(self.limit):
            return 1.0
        return abs(self.value - self.limit) / max(abs(self.limit), 1e-9)

    @property
    def direction(self) -> str:
        """Up, down, or aside for a code."""
        return {"<": "down", "<=": "down", ">": "up", ">=": "up"}.get(self.operator, "aside")


@dataclass(frozen=True)
class Reason:
    """A criterion's outcome for one parcel.

    Attributes
    ----------
    code, strength, when
        Of the criterion.
    truth
        None for unknown.
    atoms, values, limits
        Per atom, from left to right.
    """

    code: str
    strength: str
    when: str
    truth: bool | None
    atoms: tuple[bool | None, ...]
    values: tuple[float, ...]
    limits: tuple[float, ...]


Way = tuple[Change, ...]

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}


def flip(
    verdict: str, reasons: Sequence[Reason], weak_needed: int | None
) -> tuple[Way | None, str]:
    """Find the smallest change that flips a verdict.

    Parameters
    ----------
    verdict
        As it is.
    reasons
        The criteria of the parcel's own type and the exclusions.
    weak_needed
        Weak criteria needed; None where not known.

    Returns
    -------
    changes : tuple of Change, or None
        All of these together; None where nothing measured can do it.
    would_be : str
        The other verdict.
    """
    if verdict == LOW_USE:
        return _unmake(reasons, weak_needed), NOT_LOW_USE
    if verdict == NOT_LOW_USE:
        return _make(reasons, weak_needed), LOW_USE
    if verdict in (EXCLUDED, TOO_SMALL):
        strength = "exclusion" if verdict == EXCLUDED else "small"
        standing = [r for r in reasons if r.strength == strength and r.truth]
        ways = [smallest(reason, wanted=False) for reason in standing]
        lifted = verdict_with(reasons, weak_needed, {reason.code: False for reason in standing})
        return (_together(ways) if standing else None), lifted
    return None, verdict


def _make(reasons: Sequence[Reason], weak_needed: int | None) -> Way | None:
    strong = [smallest(r, wanted=True) for r in reasons if r.strength == "strong"]
    weak = [r for r in reasons if r.strength == "weak"]
    met = sum(r.truth is True for r in weak)
    open_ = [way for r in weak if not r.truth and (way := smallest(r, wanted=True)) is not None]
    ways = [way for way in strong if way]
    if weak_needed is not None and weak_needed > met:
        ways += [_joined(chosen) for chosen in combinations(open_, weak_needed - met)]
    return min(ways, key=size, default=None)


def _unmake(reasons: Sequence[Reason], weak_needed: int | None) -> Way | None:
    strong = [smallest(r, wanted=False) for r in reasons if r.strength == "strong" and r.truth]
    met = [r for r in reasons if r.strength == "weak" and r.truth]
    surplus = max(len(met) - weak_needed + 1, 0) if weak_needed is not None else 0
    if any(way is None for way in strong):
        return None
    open_ = [way for r in met if (way := smallest(r, wanted=False)) is not None]
    ways = [_joined([*filter(None, strong), *chosen]) for chosen in combinations(open_, surplus)]
    return min(ways, key=size, default=None)


def _joined(ways: Sequence[Way]) -> Way:
    """Put changes together; of several to one measure the farthest serves all."""
    changes = sorted((c for way in ways for c in way), key=lambda c: -c.size)
    farthest = {(c.measure, c.direction): c for c in reversed(changes)}
    return tuple(c for c in changes if farthest[c.measure, c.direction] is c)


def _together(ways: Sequence[Way | None]) -> Way | None:
    if any(way is None for way in ways):
        return None
    return _joined([way for way in ways if way])


def size(way: Way) -> float:
    """Return how large a set of changes is.

    Parameters
    ----------
    way
        Changes that belong together.

    Returns
    -------
    float
        The sum of their shares of the limits.
    """
    return sum(change.size for change in way)


def smallest(reason: Reason, *, wanted: bool) -> Way | None:
    """Find the smallest change that makes one criterion come out as wanted.

    Parameters
    ----------
    reason
        The criterion's outcome.
    wanted
        Met or not met.

    Returns
    -------
    tuple of Change, or None
        None where a value that would have to change is missing.

    Examples
    --------
    >>> r = Reason("X", "weak", "a < 5", False, (False,), (6.0,), (5.0,))
    >>> [(c.measure, c.operator, c.limit) for c in smallest(r, wanted=True)]
    [('a', '<', 5.0)]
    """
    tree = sqlglot.parse_one(reason.when, read="duckdb")
    return _way(tree, iter(range(len(reason.atoms))), reason, wanted=wanted)


def _way(node: Node, numbers: Iterator[int], reason: Reason, *, wanted: bool) -> Way | None:
    if isinstance(node, exp.Paren):
        return _way(node.this, numbers, reason, wanted=wanted)
    if isinstance(node, exp.Not):
        return _way(node.this, numbers, reason, wanted=not wanted)
    if isinstance(node, exp.And | exp.Or):
        ways = [_way(side, numbers, reason, wanted=wanted) for side in (node.left, node.right)]
        if isinstance(node, exp.And) == wanted:
            return _together(ways)
        ways.reverse()  # of equal changes the later one: conditions name the kind of parcel first
        return min((way for way in ways if way is not None), key=size, default=None)
    return _atom_way(node, next(numbers), reason, wanted=wanted)


def _atom_way(node: Node, number: int, reason: Reason, *, wanted: bool) -> Way | None:
    truth = reason.atoms[number]
    if truth is wanted:
        return ()
    if truth is None:
        return None
    operator = COMPARISONS.get(type(node), "")
    change = Change(
        criterion=reason.code,
        measure=node.this.name,
        value=reason.values[number],
        limit=reason.limits[number],
        operator=operator if wanted else OPPOSITE.get(operator, ""),
        met=wanted,
    )
    return (change,)
