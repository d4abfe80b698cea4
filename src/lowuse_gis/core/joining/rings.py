"""What every unit with a small cluster of low-use land must reach: the rings around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from lowuse_gis.core.joining.problem import Problem

RINGS = 3


def ring_rows(problem: Problem) -> csr_array:
    """Write down that who takes land of a small cluster takes land of each ring around it.

    A cluster is low-use nodes that hang together. One below the least area is no unit, so its unit
    holds a node of the first ring; one whose low-use area is less than the least a unit has holds
    a node of every ring up to the next low-use land. For a node i of it and a ring R that is
    ``x_i ≤ Σ_R x_j``, which holds for all units, and not for the cuts of a bound.

    Parameters
    ----------
    problem
        What is to be joined.

    Returns
    -------
    csr_array
        A row per node and ring: the node's area times +1 on the ring and -1 on the node.
    """
    count = len(problem)
    ends = (
        np.concatenate([problem.left, problem.right]),
        np.concatenate([problem.right, problem.left]),
    )
    near = csr_array((np.ones(len(ends[0]), dtype=np.int32), ends), shape=(count, count))
    low = problem.low > 0
    cluster, area, amount = _clusters(problem, near, low)
    short = amount * 1.0 < problem.limits.low_use_share * problem.least
    known = csr_array(
        (np.ones(low.sum(), dtype=np.int32), (cluster[low], np.flatnonzero(low))),
        shape=(len(area), count),
    )
    edge, open_, rows = known, area < problem.least, []
    for _ring in range(RINGS):
        edge = _beyond(edge, near, known)
        rows.append(_rows(problem, cluster, low, open_, edge))
        found = np.zeros(len(area), dtype=bool)
        found[np.unique(edge.tocoo().row[low[edge.tocoo().col]])] = True
        open_ = open_ & short & ~found
        known = known + edge
    return csr_array(vstack(rows))


def _clusters(problem: Problem, near: csr_array, low: np.ndarray) -> tuple[np.ndarray, ...]:
    """Find the clusters of low-use nodes, with area and low-use area of each."""
    inside = np.flatnonzero(low)
    label = np.full(len(low), -1)
    if len(inside):
        label[inside] = connected_components(near[inside][:, inside], directed=False)[1]
    size = int(label.max()) + 1 if len(inside) else 0
    area, amount = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(area, label[inside], problem.area[inside])
    np.add.at(amount, label[inside], problem.low[inside])
    return label, area, amount


def _beyond(edge: csr_array, near: csr_array, known: csr_array) -> csr_array:
    """Return the nodes one step further out, per cluster."""
    wider = (edge @ near).tocoo()
    fresh = csr_array(
        (np.ones(len(wider.row), dtype=np.int32), (wider.row, wider.col)), shape=wider.shape
    )
    fresh.sum_duplicates()
    fresh.data[:] = 1
    seen = known.copy()
    seen.data = np.ones(len(seen.data), dtype=np.int32)
    left = fresh - fresh.multiply(seen)
    result = csr_array(left)
    result.eliminate_zeros()
    return result


def _rows(
    problem: Problem, cluster: np.ndarray, low: np.ndarray, open_: np.ndarray, edge: csr_array
) -> csr_array:
    nodes = np.flatnonzero(low)
    nodes = nodes[open_[cluster[nodes]]]
    mine = csr_array(
        (np.ones(len(nodes)), (np.arange(len(nodes)), nodes)), shape=(len(nodes), len(problem))
    )
    weight = problem.area[nodes].astype(float)
    rows = edge[cluster[nodes]].astype(float) - mine
    return csr_array(rows.multiply(weight[:, None]))
