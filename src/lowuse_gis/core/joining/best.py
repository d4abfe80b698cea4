"""The best units found, block by block, and how far from the best there can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.joining.bound import upper_bound
from lowuse_gis.core.joining.cut import include
from lowuse_gis.core.joining.exact import MANY, optimum
from lowuse_gis.core.joining.problem import objective
from lowuse_gis.core.joining.seam import parted
from lowuse_gis.kernels.joining import join_nodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem

KICKS = 6  # times a place is torn down and grown anew, for every low-use node
PRICES = (1.0, 0.4)  # of land that is not low-use, in the cuts a search begins with
ENOUGH = 1_000  # a block is not searched on where less than one in so many is left to gain


@dataclass(frozen=True)
class Choice:
    """Units, and how good they are.

    Attributes
    ----------
    label
        Unit of each node, from 0 in order of their first node; -1 for none.
    objective, bound
        Per block, 0.01 m²: what the units are worth, and what none can exceed.
    exact
        Per block: every choice was looked at.
    """

    label: NDArray[np.int64]
    objective: NDArray[np.int64]
    bound: NDArray[np.int64]
    exact: NDArray[np.bool_]


def choose(problem: Problem, *, threads: int = 2, exact: bool = True, kicks: int = KICKS) -> Choice:
    """Choose which nodes join to which units.

    Parameters
    ----------
    problem
        What is to be joined.
    threads
        Threads to use; the result does not depend on it.
    exact
        Look at every choice in small blocks where the search does not meet the bound.
    kicks
        How often a place is torn down and grown anew for every low-use node.

    Returns
    -------
    Choice
        The search begins with no unit, and with minimum cuts at several prices; the best is kept
        block by block. Places of it are torn down only in blocks that stay short of the bound
        (`worth_a_search`). Equal inputs in the same order give equal units.
    """
    label, value = _begun(problem, threads)
    bound = upper_bound(problem, value)
    short = worth_a_search(value, bound)
    if kicks and short.any():
        part, inside, number = problem.only(short)
        start = np.where(label < 0, -1, number[label])[inside]
        found = join_nodes(part.ground(), start, part.blocks, kicks=kicks, threads=threads)
        label[inside] = np.where(found < 0, -1, np.flatnonzero(inside)[found])
        value[short] = objective(part, found)
    looked = np.zeros(len(value), dtype=bool)
    if exact:
        looked = (bound > value) & (np.diff(problem.blocks) <= MANY)
        label, value = _every_choice(problem, label, value, looked)
        alone = np.add.reduceat(problem.low, problem.blocks[:-1]) <= problem.most
        bound = np.where(looked & alone, value, bound)
    return Choice(numbered(label), value, np.maximum(bound, value), looked)


def worth_a_search(value: NDArray[np.int64], bound: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say in which blocks there is enough to be gained to search on.

    Parameters
    ----------
    value, bound
        Per block, what was found, and what none can exceed.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> worth_a_search(np.array([0, 5_000, 4_990]), np.array([0, 5_001, 5_000])).tolist()
    [False, False, True]
    """
    enough: NDArray[np.bool_] = (bound - value) * ENOUGH > bound
    return enough


def _begun(problem: Problem, threads: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Improve several beginnings; the best is kept block by block, with what it is worth."""
    ground, block = problem.ground(), problem.block
    label = np.full(len(problem), -1, dtype=np.int64)
    value = np.zeros(len(problem.blocks) - 1, dtype=np.int64)
    for start in (label, *(_cut(problem, price) for price in PRICES)):
        found = join_nodes(ground, start, problem.blocks, kicks=0, threads=threads)
        worth = objective(problem, found)
        better = worth > value
        label = np.where(better[block], found, label)
        value = np.where(better, worth, value)
    return label, value


def _every_choice(
    problem: Problem,
    label: NDArray[np.int64],
    value: NDArray[np.int64],
    looked: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Look at every choice in small blocks; kept where it is worth more."""
    if not looked.any():
        return label, value
    part, inside, _number = problem.only(looked)
    units = np.concatenate([optimum(part, at) for at in range(len(part.blocks) - 1)])
    tried = label.copy()
    tried[inside] = np.where(units < 0, -1, np.flatnonzero(inside)[units])
    worth = objective(problem, tried)
    better = looked & (worth > value)
    return np.where(better[problem.block], tried, label), np.where(better, worth, value)


def _cut(problem: Problem, price: float) -> NDArray[np.int64]:
    """Return the units of the best choice without limits, as far as they keep the limits."""
    other = problem.area - problem.low
    worth = problem.worth + np.round((1 - price) * other).astype(np.int64)
    chosen = include(problem, worth)
    label = pieces(problem, np.where(chosen, 0, -1))
    return _sound(problem, parted(problem, label))


def _sound(problem: Problem, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keep the units that keep the limits."""
    unit, inverse = np.unique(label, return_inverse=True)
    area, low = (np.zeros(len(unit), dtype=np.int64) for _of in range(2))
    np.add.at(area, inverse, problem.area)
    np.add.at(low, inverse, problem.low)
    sound = problem.keeps_limits(area, low) & (unit >= 0)
    return np.where(sound[inverse], label, -1)


def adapted(
    problem: Problem, label: NDArray[np.int64], hard: NDArray[np.bool_], *, threads: int = 2
) -> NDArray[np.int64]:
    """Go on from units that were chosen under other prices and limits.

    Parameters
    ----------
    problem
        With the new prices and limits.
    label
        Unit of each node, -1 for none.
    hard
        Per block, whether there was much left to gain; only there places are torn down.
    threads
        Threads to use; the result does not depend on it.

    Returns
    -------
    ndarray of int
        Units after a short search that begins with those that still keep the limits.
    """
    start = pieces(problem, _sound(problem, pieces(problem, label)))
    found = join_nodes(problem.ground(), start, problem.blocks, kicks=0, threads=threads)
    if hard.any():
        part, inside, number = problem.only(hard)
        begun = np.where(start < 0, -1, number[start])[inside]
        units = join_nodes(part.ground(), begun, part.blocks, kicks=1, threads=threads)
        found[inside] = np.where(units < 0, -1, np.flatnonzero(inside)[units])
    return numbered(found)


def pieces(problem: Problem, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part units into what hangs together.

    Parameters
    ----------
    problem, label
        Unit of each node, -1 for none.

    Returns
    -------
    ndarray of int
        Unit of each node, numbered by its first node.
    """
    same = (label[problem.left] == label[problem.right]) & (label[problem.left] >= 0)
    ends = (problem.left[same], problem.right[same])
    links = coo_array((np.ones(same.sum(), dtype=np.int8), ends), shape=(len(label), len(label)))
    piece = connected_components(links, directed=False)[1]
    _piece, first, inverse = np.unique(piece, return_index=True, return_inverse=True)
    return np.where(label >= 0, first[inverse], -1)


def numbered(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give units the numbers from 0 on, in order of their first node.

    Parameters
    ----------
    label
        Unit of each node, negative for none.

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> numbered(np.array([7, -1, 3, 7])).tolist()
    [0, -1, 1, 0]
    """
    unit, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.full(len(unit), -1, dtype=np.int64)
    real = np.flatnonzero(unit >= 0)
    rank[real[np.argsort(first[real])]] = np.arange(len(real))
    return rank[inverse]
