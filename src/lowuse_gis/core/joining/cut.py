"""The best choice of nodes without limits on units, by a minimum cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem

LARGEST = 2**31 - 1  # what the library's flow can hold


def include(problem: Problem, worth: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Choose the nodes whose worth less their borders is the most there can be.

    Every choice of nodes S has the value Σ worth(S) − Σ cost of borders between S and the rest.
    As costs are not negative that is a minimum cut: the source feeds nodes of worth, nodes of
    negative worth run to the sink, borders hold in both directions (Kolmogorov and Zabih 2004).

    Parameters
    ----------
    problem, worth
        Borders, and the worth of each node (0.01 m²), which need not be that of the problem.

    Returns
    -------
    ndarray of bool
        Of all best choices the smallest. Worths beyond 21 km² count as 21 km².
    """
    count = len(problem)
    if not count:
        return np.zeros(0, dtype=bool)
    source, sink, node = count, count + 1, np.arange(count)
    gain, loss = worth > 0, worth < 0
    start = np.concatenate([np.full(gain.sum(), source), node[loss], problem.left, problem.right])
    end = np.concatenate([node[gain], np.full(loss.sum(), sink), problem.right, problem.left])
    room = np.concatenate([worth[gain], -worth[loss], problem.cost, problem.cost])
    some = room > 0
    room = np.minimum(room[some], LARGEST).astype(np.int32)
    net = csr_array((room, (start[some], end[some])), shape=(count + 2, count + 2))
    flow = maximum_flow(net, source, sink).flow
    left = (net - flow).tocsr()
    left.data = (left.data > 0).astype(np.int8)
    left.eliminate_zeros()
    reached = breadth_first_order(left, source, return_predecessors=False)
    chosen = np.zeros(count + 2, dtype=bool)
    chosen[reached] = True
    return chosen[:count]


def value_of(
    problem: Problem, worth: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return what a choice of nodes is worth in each block, less its borders to the rest.

    Parameters
    ----------
    problem, worth, chosen
        As `include` takes and returns them.

    Returns
    -------
    ndarray of int
        Per block, 0.01 m².
    """
    block = problem.block
    total = np.zeros(len(problem.blocks) - 1, dtype=np.int64)
    np.add.at(total, block[chosen], worth[chosen])
    cut = chosen[problem.left] != chosen[problem.right]
    np.subtract.at(total, block[problem.left[cut]], problem.cost[cut])
    return total
