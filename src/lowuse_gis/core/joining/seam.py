"""Part units that are too large along their weakest seams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from lowuse_gis.kernels.compiled import announce
from lowuse_gis.kernels.seams import Trees, part_trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining.problem import Problem


def parted(problem: Problem, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part every unit above the largest area until none is.

    A tree is spanned along the longest borders; cutting one of its edges parts the unit in two.
    The cut taken makes the shortest new border for the area of its smaller side. What is left of
    the tree on either side is such a tree again.

    Parameters
    ----------
    problem, label
        Unit of each node, numbered by nodes, -1 for none; each hangs together.

    Returns
    -------
    ndarray of int
        Unit of each node; a single node above the largest area stays.
    """
    area = np.zeros(len(problem), dtype=np.int64)
    np.add.at(area, label[label >= 0], problem.area[label >= 0])
    large = np.flatnonzero(area > problem.most)
    if not len(large):
        return label
    announce()
    part = part_trees(_spanned(problem, label), large, problem.most)
    return np.where(part >= 0, part, label)


def _spanned(problem: Problem, label: NDArray[np.int64]) -> Trees:
    """Span a tree over each unit, the nearer two nodes the longer their border."""
    size = (len(problem), len(problem))
    inside = (label[problem.left] == label[problem.right]) & (label[problem.left] >= 0)
    ends = problem.left[inside], problem.right[inside]
    cost = problem.cost[inside]
    rank = np.empty(len(cost))  # no two alike, so that there is one tree, whatever else there is
    rank[np.lexsort((ends[1], ends[0], -cost))] = np.arange(1, len(cost) + 1)
    tree = minimum_spanning_tree(csr_array((rank, ends), shape=size))
    tree = csr_array(tree + tree.T)
    both = np.concatenate(ends), np.concatenate(ends[::-1])
    around = csr_array(coo_array((np.concatenate([cost, cost]), both), shape=size))
    first, other = around.indptr.astype(np.int64), around.indices.astype(np.int64)
    branch, twig = tree.indptr.astype(np.int64), tree.indices.astype(np.int64)
    return Trees(first, other, around.data, branch, twig, problem.area)
