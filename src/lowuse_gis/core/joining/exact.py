"""The true optimum of a small block, by looking at every choice of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem

MANY = 14  # nodes up to which every choice is looked at: 16,384
NEVER = -(1 << 60)


def optimum(problem: Problem, block: int) -> NDArray[np.int64]:
    """Return the best units of a block.

    Every set of nodes is one number, bit by bit. The units of a set are what hangs together in
    it; where that would be larger than allowed, or two units would have to lie side by side, this
    does not look: such a block has better choices than the one returned, or none.

    Parameters
    ----------
    problem
        What is to be joined.
    block
        A block of few nodes (`MANY`).

    Returns
    -------
    ndarray of int
        Unit of each node of the block, numbered by nodes of the problem; -1 for none. Of equal
        choices the one of fewer nodes, then of earlier ones.
    """
    begin, end = int(problem.blocks[block]), int(problem.blocks[block + 1])
    near = neighbours_of(problem, begin, end)
    sets = np.arange(1 << (end - begin), dtype=np.int64)
    worth, area, low = _sums(problem, begin, end, sets)
    first = _first_unit(sets, near)
    sound = problem.keeps_limits(area, low)
    rest, allowed = sets ^ first, sound[first] | (sets == 0)
    while rest.any():
        unit = first[rest]
        allowed &= sound[unit] | (rest == 0)
        rest ^= unit
    worth = np.where(allowed, worth, NEVER)
    size = np.bitwise_count(sets)
    chosen = int(np.lexsort((sets, size, -worth))[0])
    label = np.full(end - begin, -1, dtype=np.int64)
    while chosen:
        unit = int(first[chosen])
        label[(unit >> np.arange(end - begin)) & 1 == 1] = begin + (unit & -unit).bit_length() - 1
        chosen ^= unit
    return label


def neighbours_of(problem: Problem, begin: int, end: int) -> NDArray[np.int64]:
    """Return the neighbours of each node of a block as bits.

    Parameters
    ----------
    problem, begin, end
        First node of the block and the one after its last.

    Returns
    -------
    ndarray of int
    """
    near = np.zeros(end - begin, dtype=np.int64)
    mine = (problem.left >= begin) & (problem.left < end)
    left, right = problem.left[mine] - begin, problem.right[mine] - begin
    np.bitwise_or.at(near, left, 1 << right)
    np.bitwise_or.at(near, right, 1 << left)
    return near


def _sums(
    problem: Problem, begin: int, end: int, sets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Add up worth less borders, area and low-use area of every set."""
    inside = [(sets >> bit) & 1 for bit in range(end - begin)]
    worth, area, low = (np.zeros(len(sets), dtype=np.int64) for _of in range(3))
    for bit, has in enumerate(inside):
        worth += has * problem.worth[begin + bit]
        area += has * problem.area[begin + bit]
        low += has * problem.low[begin + bit]
    mine = (problem.left >= begin) & (problem.left < end)
    for a, b, cost in zip(
        problem.left[mine] - begin, problem.right[mine] - begin, problem.cost[mine], strict=True
    ):
        worth -= (inside[a] ^ inside[b]) * cost
    return worth, area, low


def _first_unit(sets: NDArray[np.int64], near: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what hangs together with the first node of each set."""
    unit = sets & -sets
    while True:
        wider = unit.copy()
        for bit, others in enumerate(near):
            wider |= np.where((unit >> bit) & 1, others, 0)
        wider &= sets
        if (wider == unit).all():
            return unit
        unit = wider
