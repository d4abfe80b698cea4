"""What the search for units stands on: nodes, who is in which unit, and putting a node elsewhere.

All numbers are whole: areas and worth in 0.01 m², so that no order of adding changes a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lowuse_gis.kernels.compiled import jit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FREE = -1  # label of a node in no unit
UNTOUCHED = -2
MILLION = 1_000_000


class Ground(NamedTuple):
    """What a search stands on; nodes of one block lie side by side.

    Attributes
    ----------
    first, other, cost
        Neighbours of node ``i`` stand at ``first[i]:first[i + 1]``, with what a border costs.
    net
        What a unit of this node alone is worth: its worth less all its borders. A unit is worth
        the sum of these, and twice the cost of every border between two of its nodes.
    area, low
        0.01 m², and the low-use part of them.
    least, most, share
        Limits of a unit: area, and low-use area in a million of its area.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int64]
    cost: NDArray[np.int64]
    net: NDArray[np.int64]
    area: NDArray[np.int64]
    low: NDArray[np.int64]
    least: int
    most: int
    share: int


class State(NamedTuple):
    """Who is where, and what each unit adds up to.

    Attributes
    ----------
    label
        Unit of each node; the units of a block are numbered like its nodes.
    area, low, size, value
        Sums of each unit, and what it is worth.
    mark, score
        For walks: when a node was last met, and what it would gain.
    queue
        Nodes of a walk, of one block.
    saved, touched
        Labels before the moves since `forget`, and the nodes that were moved.
    used
        Last mark, number of nodes touched, random number.
    """

    label: NDArray[np.int64]
    area: NDArray[np.int64]
    low: NDArray[np.int64]
    size: NDArray[np.int64]
    value: NDArray[np.int64]
    mark: NDArray[np.int64]
    score: NDArray[np.int64]
    queue: NDArray[np.int64]
    saved: NDArray[np.int64]
    touched: NDArray[np.int64]
    used: NDArray[np.int64]


@jit
def within(g: Ground, s: State, v: int, u: int) -> int:
    """Return what a node adds to a unit it is in or goes to; 0 for none."""
    if u < 0:
        return 0
    shared = 0
    for e in range(g.first[v], g.first[v + 1]):
        if s.label[g.other[e]] == u:
            shared += g.cost[e]
    return int(g.net[v] + 2 * shared)


@jit
def move(g: Ground, s: State, v: int, to: int) -> int:
    """Put a node into a unit and return the gain."""
    a = s.label[v]
    if a == to:
        return 0
    lost, won = within(g, s, v, a), within(g, s, v, to)
    if a >= 0:
        s.area[a] -= g.area[v]
        s.low[a] -= g.low[v]
        s.size[a] -= 1
        s.value[a] -= lost
    if to >= 0:
        s.area[to] += g.area[v]
        s.low[to] += g.low[v]
        s.size[to] += 1
        s.value[to] += won
    s.label[v] = to
    if s.saved[v] == UNTOUCHED:
        s.saved[v] = a
        s.touched[s.used[1]] = v
        s.used[1] += 1
    return int(won - lost)


@jit
def forget(s: State) -> None:
    """Take the labels as they are for those to come back to."""
    for k in range(s.used[1]):
        s.saved[s.touched[k]] = UNTOUCHED
    s.used[1] = 0


@jit
def undo(g: Ground, s: State) -> None:
    """Put every node back to where it was."""
    for k in range(s.used[1]):
        move(g, s, s.touched[k], s.saved[s.touched[k]])
    forget(s)


@jit
def keeps(g: Ground, size: int, area: int, low: int) -> bool:
    """Say whether such sums keep the limits of a unit; those of an empty one do."""
    if size == 0:
        return True
    return g.least <= area <= g.most and low * MILLION >= g.share * area


@jit
def fits(g: Ground, s: State, u: int) -> bool:
    """Say whether a unit keeps its limits."""
    return u < 0 or keeps(g, s.size[u], s.area[u], s.low[u])


@jit
def free_label(s: State, v: int, begin: int, end: int) -> int:
    """Return the number of a unit that is empty, the node's own if it can be."""
    if s.size[v] == 0:
        return v
    for u in range(begin, end):
        if s.size[u] == 0:
            return u
    return FREE


@jit
def reached(g: Ground, s: State, start: int) -> int:
    """Fill the queue with what hangs together with a node in its unit; return how many."""
    u = s.label[start]
    s.used[0] += 1
    stamp = s.used[0]
    s.mark[start] = stamp
    s.queue[0] = start
    head, tail = 0, 1
    while head < tail:
        v = s.queue[head]
        head += 1
        for e in range(g.first[v], g.first[v + 1]):
            w = g.other[e]
            if s.label[w] == u and s.mark[w] != stamp:
                s.mark[w] = stamp
                s.queue[tail] = w
                tail += 1
    return tail


@jit
def holds_around(g: Ground, s: State, u: int, v: int, w: int) -> bool:
    """Say whether a unit hangs together that one or two nodes (have) left or joined.

    It hung together before. So it does still if its nodes at those two do, which a walk finds out
    without going round the whole unit. With ``v`` still in the unit, and ``w`` the same, the
    question is whether it may leave.
    """
    if u < 0 or s.size[u] == 0:
        return True
    leaves = v == w
    s.used[0] += 2
    met, wanted = s.used[0], s.used[0] - 1
    start, left = FREE, 0
    for x in (v, w):
        for e in range(g.first[x] - 1, g.first[x + 1]):
            y = x if e < g.first[x] else g.other[e]
            if s.label[y] == u and s.mark[y] != wanted and not (leaves and y == v):
                s.mark[y] = wanted
                start = y
                left += 1
    if start < 0:
        return bool(leaves and s.size[u] == 1)
    if leaves:
        s.mark[v] = met
    return _all_met(g, s, start, left, met)


@jit
def _all_met(g: Ground, s: State, start: int, left: int, met: int) -> bool:
    """Walk a unit from a node until as many nodes as were marked before are met."""
    u, wanted = s.label[start], met - 1
    s.mark[start] = met
    s.queue[0] = start
    head, tail = 0, 1
    left -= 1
    while head < tail and left > 0:
        x = s.queue[head]
        head += 1
        for e in range(g.first[x], g.first[x + 1]):
            y = g.other[e]
            if s.label[y] == u and s.mark[y] != met:
                left -= s.mark[y] == wanted
                s.mark[y] = met
                s.queue[tail] = y
                tail += 1
    return left == 0
