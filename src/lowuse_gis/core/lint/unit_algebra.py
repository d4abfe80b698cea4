"""Units of expressions: what may be compared and added, and what multiplying makes of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

    from lowuse_gis.core.grammar import Node

POWERS = {"²": 2, "³": 3}
Unit = tuple[tuple[str, int], ...]
NONE: Unit = ()
BARE: Unit = (("", 0),)  # a number written out, whose unit nobody says


def unit_of(text: str) -> Unit:
    """Take a unit apart.

    Parameters
    ----------
    text
        Such as ``万元/亩`` or ``m²``.

    Returns
    -------
    tuple
        Symbols and powers.

    Examples
    --------
    >>> unit_of("万元/亩"), unit_of("m²"), unit_of("")
    ((('万元', 1), ('亩', -1)), (('m', 2),), ())
    """
    powers: Counter[str] = Counter()
    for number, part in enumerate(text.replace(" ", "").split("/")):
        for factor in filter(None, part.split("·")):
            power = POWERS.get(factor[-1], 1)
            powers[factor.rstrip("²³")] += -power if number else power
    return _unit(powers)


def _unit(powers: Counter[str]) -> Unit:
    return tuple(sorted((symbol, power) for symbol, power in powers.items() if power))


def multiplied(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """Return the unit of a product, or of a ratio.

    Parameters
    ----------
    left, right
        Units of the factors.
    sign
        1 for a product, -1 for a ratio.

    Returns
    -------
    tuple

    Examples
    --------
    >>> multiplied(unit_of("万元"), unit_of("亩"), -1) == unit_of("万元/亩")
    True
    """
    if left == right == BARE:
        return BARE
    powers: Counter[str] = Counter(dict(() if left == BARE else left))
    for symbol, power in () if right == BARE else right:
        powers[symbol] += sign * power
    return _unit(powers)


def unit_of_expression(
    node: Node, column: Callable[[str], Unit], threshold: Callable[[str], Unit]
) -> tuple[Unit, list[tuple[Unit, Unit]]]:
    """Return the unit of an expression, and the units in it that do not go together.

    Parameters
    ----------
    node
        The right side of a comparison, or a part of it.
    column, threshold
        Give the unit of a name.

    Returns
    -------
    unit : tuple
        `BARE` where nothing but numbers stand in it.
    clashes : list of tuple
        Pairs of units that are added or subtracted.
    """
    if isinstance(node, exp.Paren | exp.Neg):
        return unit_of_expression(node.this, column, threshold)
    if isinstance(node, exp.Column):
        return column(node.name), []
    if isinstance(node, exp.Placeholder):
        return threshold(node.name), []
    if not isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        return BARE, []
    left, clashes = unit_of_expression(node.left, column, threshold)
    right, more = unit_of_expression(node.right, column, threshold)
    clashes = clashes + more
    if isinstance(node, exp.Mul | exp.Div):
        return multiplied(left, right, 1 if isinstance(node, exp.Mul) else -1), clashes
    if left != right and {left, right} != {BARE, NONE}:
        clashes.append((left, right))
    return (right if left == BARE else left), clashes


def written_unit(unit: Unit) -> str:
    """Write a unit for people.

    Parameters
    ----------
    unit
        Symbols and powers.

    Returns
    -------
    str

    Examples
    --------
    >>> written_unit(unit_of("万元/亩")), written_unit(unit_of("m²")), written_unit(NONE)
    ('万元/亩', 'm²', '1')
    """
    if unit in (NONE, BARE):
        return "1"
    signs = {1: "", **{power: sign for sign, power in POWERS.items()}}

    def factor(symbol: str, power: int) -> str:
        return symbol + signs.get(abs(power), f"^{abs(power)}")

    above = "·".join(factor(s, p) for s, p in unit if p > 0) or "1"
    return "/".join([above, *(factor(s, p) for s, p in unit if p < 0)])
