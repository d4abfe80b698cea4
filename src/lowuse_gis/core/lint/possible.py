"""Say when several terms can certainly not hold together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lowuse_gis.core.lint.formula import Term

ORDERS = {"<": {-1}, "<=": {-1, 0}, "=": {0}, ">=": {0, 1}, ">": {1}, "<>": {-1, 1}}
LOWER, UPPER = (">", ">="), ("<", "<=")


def impossible(terms: Iterable[Term]) -> bool:
    """Say whether terms certainly contradict each other.

    Parameters
    ----------
    terms
        Terms that are all to hold.

    Returns
    -------
    bool
        False where it is not certain.
    """
    groups: dict[tuple[str, str], list[tuple[str, Any]]] = {}
    for column, operator, (kind, value) in terms:
        if kind == "nothing":
            return True
        key = f"{column} {value}" if kind == "expression" else column
        groups.setdefault((key, kind), []).append((operator, value))
    return any(_clash(kind, group) for (_key, kind), group in groups.items())


def _clash(kind: str, group: list[tuple[str, Any]]) -> bool:
    if kind == "expression":
        signs = [ORDERS[sign] for sign, _value in group if sign in ORDERS]
        like = {sign for sign, _value in group} >= {"like", "unlike"}
        return like or (bool(signs) and not set.intersection(*signs))
    if kind == "flag":
        left = {True, False}
        for sign, value in group:
            left &= {value} if sign == "=" else {not value} if sign == "<>" else left
        return not left
    return _empty(group) or (kind == "text" and _unlike(group))


def _empty(group: list[tuple[str, Any]]) -> bool:
    """Say whether no value is within all the bounds."""
    equal = {value for sign, value in group if sign == "="}
    other = {value for sign, value in group if sign == "<>"}
    lower = max(((value, sign == ">") for sign, value in group if sign in LOWER), default=None)
    upper = min(((value, sign == "<=") for sign, value in group if sign in UPPER), default=None)
    if len(equal) > 1 or equal & other:
        return True
    for value in equal:
        below = lower and (value < lower[0] or (value == lower[0] and lower[1]))
        above = upper and (value > upper[0] or (value == upper[0] and not upper[1]))
        if below or above:
            return True
    if lower is None or upper is None:
        return False
    touching = lower[0] == upper[0]
    return bool(
        lower[0] > upper[0] or (touching and (lower[1] or not upper[1] or lower[0] in other))
    )


def _unlike(group: list[tuple[str, str]]) -> bool:
    """Say whether patterns exclude each other, or the text that is asked for."""
    equal = {value for sign, value in group if sign == "="}
    like = {value for sign, value in group if sign == "like"}
    unlike = {value for sign, value in group if sign == "unlike"}
    if like & unlike:
        return True
    for text in equal:
        if not all(matches(p, text) for p in like) or any(matches(p, text) for p in unlike):
            return True
    starts = [beginning(pattern) for pattern in like]
    if any(not (a.startswith(b) or b.startswith(a)) for a in starts for b in starts):
        return True
    open_ended = [p[:-1] for p in unlike if p.endswith("%") and p[:-1] == beginning(p)]
    return any(start.startswith(text) for start in starts for text in open_ended)


def matches(pattern: str, text: str) -> bool:
    """Say whether a text is like a pattern of SQL.

    Parameters
    ----------
    pattern, text
        ``%`` stands for any signs, ``_`` for one.

    Returns
    -------
    bool

    Examples
    --------
    >>> matches("09%", "0901"), matches("09_", "0901")
    (True, False)
    """
    signs = {"%": ".*", "_": "."}
    expression = "".join(signs.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def beginning(pattern: str) -> str:
    """Return what every text like a pattern begins with.

    Parameters
    ----------
    pattern
        A pattern of SQL.

    Returns
    -------
    str

    Examples
    --------
    >>> beginning("09%"), beginning("0_1")
    ('09', '0')
    """
    return re.split("[%_]", pattern, maxsplit=1)[0]
