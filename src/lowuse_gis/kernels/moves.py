"""Moves of the search for units: a node goes to a unit, and what that does to the objective.

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
    worth
        What a node adds to the objective, its borders to other nodes apart.
    area, low
        0.01 m², and the low-use part of them.
    least, most, share
        Limits of a unit: area, and low-use area in a million of its area.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int64]
    cost: NDArray[np.int64]
    worth: NDArray[np.int64]
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
    area, low, size
        Sums of each unit.
    mark, queue
        For walks through a unit; the queue is of one block.
    saved, touched
        Labels before the moves since `forget`, and the nodes that were moved.
    count
        Last mark, number of nodes touched, random number.
    """

    label: NDArray[np.int64]
    area: NDArray[np.int64]
    low: NDArray[np.int64]
    size: NDArray[np.int64]
    mark: NDArray[np.int64]
    queue: NDArray[np.int64]
    saved: NDArray[np.int64]
    touched: NDArray[np.int64]
    used: NDArray[np.int64]


@jit
def change_of(g: Ground, s: State, v: int, to: int) -> int:
    """Return what the objective gains when a node goes to a unit."""
    a = s.label[v]
    if a == to:
        return 0
    change = 0
    if a >= 0:
        change -= g.worth[v]
    if to >= 0:
        change += g.worth[v]
    for e in range(g.first[v], g.first[v + 1]):
        near = s.label[g.other[e]]
        if near != a:
            change += g.cost[e] * ((a >= 0) + (near >= 0))
        if near != to:
            change -= g.cost[e] * ((to >= 0) + (near >= 0))
    return change


@jit
def move(g: Ground, s: State, v: int, to: int) -> int:
    """Put a node into a unit and return the gain."""
    change = change_of(g, s, v, to)
    a = s.label[v]
    if a >= 0:
        s.area[a] -= g.area[v]
        s.low[a] -= g.low[v]
        s.size[a] -= 1
    if to >= 0:
        s.area[to] += g.area[v]
        s.low[to] += g.low[v]
        s.size[to] += 1
    s.label[v] = to
    if s.saved[v] == UNTOUCHED:
        s.saved[v] = a
        s.touched[s.used[1]] = v
        s.used[1] += 1
    return change


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
def fits(g: Ground, s: State, u: int) -> bool:
    """Say whether a unit keeps its limits; an empty one does."""
    if u < 0 or s.size[u] == 0:
        return True
    whole = s.area[u]
    return g.least <= whole <= g.most and s.low[u] * MILLION >= g.share * whole


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
def holds_without(g: Ground, s: State, v: int, u: int) -> bool:
    """Say whether a unit hangs together that a node has left."""
    if u < 0 or s.size[u] == 0:
        return True
    start, near = -1, 0
    for e in range(g.first[v], g.first[v + 1]):
        if s.label[g.other[e]] == u:
            near += 1
            start = g.other[e]
    if near < 2:
        return near == 1
    return reached(g, s, start) == s.size[u]


@jit
def holds_beside(g: Ground, s: State, v: int, w: int, u: int) -> bool:
    """Say whether a unit hangs together that two nodes have left or joined."""
    if u < 0 or s.size[u] == 0:
        return True
    start = -1
    for x in (v, w):
        if s.label[x] == u:
            start = x
        for e in range(g.first[x], g.first[x + 1]):
            if s.label[g.other[e]] == u:
                start = g.other[e]
    return start >= 0 and reached(g, s, start) == s.size[u]


@jit
def single(g: Ground, s: State, v: int) -> int:
    """Make the best allowed move of a node that gains; return the gain."""
    a = s.label[v]
    best, to = 0, a
    for e in range(g.first[v] - 1, g.first[v + 1]):
        t = FREE
        if e >= g.first[v]:
            t = s.label[g.other[e]]
        if t in (a, to):
            continue
        change = change_of(g, s, v, t)
        if change <= best:
            continue
        move(g, s, v, t)
        if fits(g, s, a) and fits(g, s, t) and holds_without(g, s, v, a):
            best, to = change, t
        move(g, s, v, a)
    if to != a:
        move(g, s, v, to)
    return best


@jit
def pair(g: Ground, s: State, v: int) -> int:
    """Move a node and a neighbour where only both together gain; return the gain."""
    a = s.label[v]
    for e in range(g.first[v] - 1, g.first[v + 1]):
        t = FREE
        if e >= g.first[v]:
            t = s.label[g.other[e]]
        if t == a:
            continue
        one = move(g, s, v, t)
        for f in range(g.first[v], g.first[v + 1]):
            w = g.other[f]
            both = _second(g, s, v, w, a, t, one)
            if both > 0:
                return both
        move(g, s, v, a)
    return 0


@jit
def _second(g: Ground, s: State, v: int, w: int, a: int, t: int, one: int) -> int:
    """Move the second node of a pair where both may and gain; return what both gain, else 0."""
    b = s.label[w]
    for way in range(3):
        to = FREE
        if way == 1:
            to = t
        elif way == 2:
            to = a
        if to == b or (way > 0 and to == FREE):
            continue
        two = move(g, s, w, to)
        if one + two > 0 and fits(g, s, a) and fits(g, s, t) and fits(g, s, b) and fits(g, s, to):
            whole = holds_beside(g, s, v, w, a) and holds_beside(g, s, v, w, t)
            if whole and holds_beside(g, s, v, w, b) and holds_beside(g, s, v, w, to):
                return one + two
        move(g, s, w, b)
    return 0


@jit
def merge(g: Ground, s: State, v: int) -> int:
    """Join the unit of a node with one it borders on, where the limits allow; return the gain."""
    a = s.label[v]
    if a < 0:
        return 0
    for e in range(g.first[v], g.first[v + 1]):
        b = s.label[g.other[e]]
        if b < 0 or b == a or g.cost[e] == 0 or s.area[a] + s.area[b] > g.most:
            continue
        into, start = a, g.other[e]
        if s.size[a] <= s.size[b]:
            into, start = b, v
        gain = 0
        for k in range(reached(g, s, start)):
            gain += move(g, s, s.queue[k], into)
        return gain
    return 0
