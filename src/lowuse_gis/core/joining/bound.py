"""A certified upper bound of the objective: no choice of units can be worth more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from lowuse_gis.core.joining.cut import include, value_of
from lowuse_gis.core.joining.rings import ring_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem

ROUNDS = 40
FEW = 2  # rounds after which only blocks that are not done go on


def upper_bound(
    problem: Problem, reached: NDArray[np.int64], rounds: int = ROUNDS
) -> NDArray[np.int64]:
    """Bound what the units of each block can be worth.

    Limits of units are relaxed with prices μ ≥ 0: whatever units a block has, their low-use area
    exceeds the share, they add up to the minimum area, and they reach beyond small clusters
    (`ring_rows`). With ``A x ≥ b`` for all of that no choice is worth more than
    ``max(0, max_S J(S) + μ (A x_S - b))``, which is one minimum cut (Lagrangian relaxation,
    Held, Wolfe and Crowder 1974 for the steps).

    Parameters
    ----------
    problem
        What is to be joined.
    reached
        Per block, what was found; a block is done where the bound meets it.
    rounds
        Cuts to make.

    Returns
    -------
    ndarray of int
        Per block, 0.01 m², never below 0.
    """
    if len(problem.blocks) == 1:
        return np.zeros(0, dtype=np.int64)
    best = _after(problem, reached, min(rounds, FEW))
    open_ = best > reached
    if rounds > FEW and open_.any():
        part, _inside, _number = problem.only(open_)
        best[open_] = np.minimum(best[open_], _after(part, reached[open_], rounds))
    return best


def _after(problem: Problem, reached: NDArray[np.int64], rounds: int) -> NDArray[np.int64]:
    """Return the bound after some rounds, fewer where all blocks are done before."""
    count = len(problem.blocks) - 1
    problem, may = _without_too_large(problem)
    rows, owner, least = _relaxed(problem)
    rows = csr_array(rows.multiply(may))
    turned = csr_array(rows.T)
    price, best = np.zeros(len(owner)), np.full(count, np.iinfo(np.int64).max)
    pace, stale = np.ones(count), np.zeros(count, dtype=np.int64)
    for _round in range(rounds):
        worth = problem.worth + np.ceil(turned @ price).astype(np.int64)
        chosen = include(problem, worth)
        paid = np.bincount(owner, price * least, minlength=count)
        value = np.maximum(value_of(problem, worth, chosen) - np.floor(paid).astype(np.int64), 0)
        stale = np.where(value < best, 0, stale + 1)
        best = np.minimum(best, value)
        if (best <= reached).all():
            break
        pace = np.where(stale >= 4, pace / 2, pace)  # noqa: PLR2004
        stale = np.where(stale >= 4, 0, stale)  # noqa: PLR2004
        slack = rows @ chosen.astype(float) - least
        slack = np.where((price == 0) & (slack > 0), 0.0, slack)
        steep = np.bincount(owner, slack**2, minlength=count)
        gap = pace * np.maximum(value - reached, 0)
        step = np.divide(gap, steep, out=np.zeros(count), where=steep > 0)
        price = np.maximum(price - step[owner] * slack, 0)
    return best


def _without_too_large(problem: Problem) -> tuple[Problem, NDArray[np.float64]]:
    """Make nodes that exceed the largest area by themselves never worth taking.

    Returns
    -------
    problem : Problem
        Such a node costs at least what its borders can save.
    may : ndarray of float
        1 for nodes that may be in a unit, else 0.
    """
    size = len(problem)
    borders = np.bincount(problem.left, problem.cost, minlength=size)
    borders += np.bincount(problem.right, problem.cost, minlength=size)
    may = problem.area <= problem.most
    never = np.minimum(problem.worth, 0) - borders.astype(np.int64)
    return replace(problem, worth=np.where(may, problem.worth, never)), may.astype(float)


def _relaxed(problem: Problem) -> tuple[csr_array, NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows ``A``, the block of each, and ``b``."""
    count, size = len(problem.blocks) - 1, len(problem)
    place = (problem.block, np.arange(size))
    over = problem.low - np.floor(problem.limits.low_use_share * problem.area)
    share = csr_array((over, place), shape=(count, size))
    area = csr_array((problem.area.astype(float), place), shape=(count, size))
    rings = ring_rows(problem)
    node = rings.indices[rings.indptr[:-1]] if rings.shape[0] else np.zeros(0, dtype=np.int64)
    owner = np.concatenate([np.arange(count), np.arange(count), problem.block[node]])
    least = np.zeros(len(owner))
    least[count : 2 * count] = problem.least
    return csr_array(vstack([share, area, rings])), owner, least
