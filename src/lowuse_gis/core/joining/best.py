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
        block by block. Equal inputs in the same order give equal units.
    """
    ground, count = problem.ground(), len(problem.blocks) - 1
    label = np.full(len(problem), -1, dtype=np.int64)
    value = np.zeros(count, dtype=np.int64)
    block = problem.block
    for start in [label.copy(), *(_cut(problem, price) for price in PRICES)]:
        found = join_nodes(ground, start, problem.blocks, kicks=kicks, threads=threads)
        worth = objective(problem, found)
        better = worth > value
        label = np.where(better[block], found, label)
        value = np.where(better, worth, value)
    bound, looked = upper_bound(problem, value), np.zeros(count, dtype=bool)
    if exact:
        sizes = np.diff(problem.blocks)
        for at in np.flatnonzero((bound > value) & (sizes <= MANY)):
            units, looked[at] = optimum(problem, int(at)), True
            tried = np.where(block == at, -1, label)
            tried[problem.blocks[at] : problem.blocks[at + 1]] = units
            worth = objective(problem, tried)[at]
            if worth > value[at]:
                label, value[at] = tried, worth
            if problem.low[block == at].sum() <= problem.most:
                bound[at] = value[at]
    return Choice(numbered(label), value, np.maximum(bound, value), looked)


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


def adapted(problem: Problem, label: NDArray[np.int64], *, threads: int = 2) -> NDArray[np.int64]:
    """Go on from units that were chosen under other prices and limits.

    Parameters
    ----------
    problem
        With the new prices and limits.
    label
        Unit of each node, -1 for none.
    threads
        Threads to use; the result does not depend on it.

    Returns
    -------
    ndarray of int
        Units after a short search that begins with those that still keep the limits.
    """
    start = pieces(problem, _sound(problem, pieces(problem, label)))
    found: NDArray[np.int64] = join_nodes(
        problem.ground(), start, problem.blocks, kicks=1, threads=threads
    )
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
