"""Part trees of nodes that are too large, each time at the edge whose cut is the best seam."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lowuse_gis.kernels.compiled import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = -1


class Trees(NamedTuple):
    """Graph, and a tree that spans each unit.

    Attributes
    ----------
    first, other, cost
        Neighbours within the unit of node ``i`` stand at ``first[i]:first[i + 1]``.
    branch, twig
        The same for neighbours in the tree: ``twig[branch[i]:branch[i + 1]]``.
    area
        Of each node.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int64]
    cost: NDArray[np.int64]
    branch: NDArray[np.int64]
    twig: NDArray[np.int64]
    area: NDArray[np.int64]


@jit
def part_trees(t: Trees, roots: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Part the trees of some roots until none is above an area, or only single nodes are.

    Parameters
    ----------
    t
        Graph and trees.
    roots
        A node of each tree.
    most
        Largest area.

    Returns
    -------
    ndarray of int
        For each node the root of its part; -1 for nodes of other trees.
    """
    size = len(t.area)
    part, before = np.full(size, NONE), np.full(size, NONE)
    depth, meet = np.zeros(size, np.int64), np.zeros(len(t.other), np.int64)
    queue, waiting = np.zeros(size, np.int64), np.zeros(size, np.int64)
    across, area = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for root in roots:
        count = _rooted(t, root, part, before, depth, queue)
        _find_meetings(t, queue[:count], before, depth, meet)
        waiting[0], left = root, 1
        while left > 0:
            left -= 1
            top = waiting[left]
            count = _listed(t, top, part, before, queue)
            cut = _weakest(t, queue[:count], part, before, meet, across, area, most)
            if cut == NONE:
                continue
            part[cut] = cut
            for node in queue[:count]:
                if node not in (top, cut):
                    part[node] = part[before[node]]
            waiting[left], waiting[left + 1] = top, cut
            left += 2
    return part


@jit
def _rooted(
    t: Trees,
    root: int,
    part: NDArray[np.int64],
    before: NDArray[np.int64],
    depth: NDArray[np.int64],
    queue: NDArray[np.int64],
) -> int:
    """Hang a tree up at its root; return how many nodes it has, listed from the root on."""
    queue[0], part[root] = root, root
    head, tail = 0, 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(t.branch[v], t.branch[v + 1]):
            w = t.twig[e]
            if w != before[v]:
                part[w], before[w], depth[w] = root, v, depth[v] + 1
                queue[tail] = w
                tail += 1
    return tail


@jit
def _listed(
    t: Trees,
    top: int,
    part: NDArray[np.int64],
    before: NDArray[np.int64],
    queue: NDArray[np.int64],
) -> int:
    """List the nodes of a part from its top on; return how many."""
    queue[0] = top
    head, tail = 0, 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(t.branch[v], t.branch[v + 1]):
            w = t.twig[e]
            if before[w] == v and part[w] == top:
                queue[tail] = w
                tail += 1
    return tail


@jit
def _find_meetings(
    t: Trees,
    nodes: NDArray[np.int64],
    before: NDArray[np.int64],
    depth: NDArray[np.int64],
    meet: NDArray[np.int64],
) -> None:
    """Find for every border the node where the ways of its two nodes to the root meet.

    Parts are subtrees, so that both ways up to there lie in every part that holds the two.
    """
    for v in nodes:
        for e in range(t.first[v], t.first[v + 1]):
            a, b = v, t.other[e]
            while a != b:
                if depth[a] >= depth[b]:
                    a = before[a]
                else:
                    b = before[b]
            meet[e] = a


@jit
def _weakest(
    t: Trees,
    nodes: NDArray[np.int64],
    part: NDArray[np.int64],
    before: NDArray[np.int64],
    meet: NDArray[np.int64],
    across: NDArray[np.int64],
    area: NDArray[np.int64],
    most: int,
) -> int:
    """Return the node to cut a part above; -1 where the part is not too large."""
    top, whole = nodes[0], 0
    for v in nodes:
        across[v], area[v] = 0, t.area[v]
        whole += t.area[v]
    if whole <= most:
        return NONE
    for v in nodes:
        for e in range(t.first[v], t.first[v + 1]):
            if part[t.other[e]] == top:  # every border comes twice, once from each side
                across[v] += t.cost[e]
                across[meet[e]] -= t.cost[e]
    found, least = NONE, np.inf
    for k in range(len(nodes) - 1, 0, -1):
        v = nodes[k]
        across[before[v]] += across[v]
        area[before[v]] += area[v]
        smaller = min(area[v], whole - area[v])
        score = (across[v] + 1) / smaller if smaller > 0 else np.inf
        if score < least:
            found, least = v, score
    return int(found)
