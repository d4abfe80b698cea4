"""Part a unit that is too large along its weakest seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem


def parted(problem: Problem, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part every unit above the largest area until none is.

    A tree is spanned along the longest borders; cutting one of its edges parts the unit in two.
    The cut taken makes the shortest new border for the area of its smaller side.

    Parameters
    ----------
    problem, label
        Unit of each node, numbered by nodes, -1 for none; each hangs together.

    Returns
    -------
    ndarray of int
        Unit of each node; a single node above the largest area stays.
    """
    label = label.copy()
    area = np.zeros(len(problem), dtype=np.int64)
    np.add.at(area, label[label >= 0], problem.area[label >= 0])
    waiting = [int(unit) for unit in np.flatnonzero(area > problem.most)]
    while waiting:
        nodes = np.flatnonzero(label == waiting.pop())
        if len(nodes) == 1:
            continue
        side = seam(problem, nodes)
        for part in (nodes[side], nodes[~side]):
            label[part] = part[0]
            if problem.area[part].sum() > problem.most:
                waiting.append(int(part[0]))
    return label


def seam(problem: Problem, nodes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Find the weakest seam of a unit.

    Parameters
    ----------
    problem
        What is to be joined.
    nodes
        Nodes that hang together, ascending, two or more.

    Returns
    -------
    ndarray of bool
        Which nodes lie on the first side.
    """
    at = np.full(len(problem), -1)
    at[nodes] = np.arange(len(nodes))
    mine = (at[problem.left] >= 0) & (at[problem.right] >= 0)
    left, right, cost = at[problem.left[mine]], at[problem.right[mine]], problem.cost[mine]
    weight = 1.0 / (1.0 + cost)  # the longer a border, the nearer
    size = (len(nodes), len(nodes))
    tree = minimum_spanning_tree(csr_array((weight, (left, right)), shape=size))
    order, before = breadth_first_order(tree, 0, directed=False)
    below = _below(order, before, len(nodes))
    across = (below[:, left] != below[:, right]) @ cost
    area = below @ problem.area[nodes]
    smaller = np.minimum(area, problem.area[nodes].sum() - area)
    score = np.where(smaller > 0, (across + 1) / np.maximum(smaller, 1), np.inf)
    side: NDArray[np.bool_] = below[int(np.argmin(score))]
    return side


def _below(order: NDArray[np.int32], before: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    """Say which nodes hang below each node of a tree."""
    below = np.eye(count, dtype=bool)
    for node in order[:0:-1]:
        below[before[node]] |= below[node]
    return below
