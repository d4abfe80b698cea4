"""Moves that gain in the search for units: of one node, of two, of a whole unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.kernels.compiled import jit
from lowuse_gis.kernels.moves import (
    FREE,
    Ground,
    State,
    holds_around,
    keeps,
    move,
    reached,
    within,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WAYS = 3  # where the second node of a pair may go: to no unit, with the first, to its place


@jit
def list_all(begin: int, end: int, todo: NDArray[np.int64], waiting: NDArray[np.bool_]) -> int:
    """List the nodes of a block; return how many."""
    for v in range(begin, end):
        todo[v - begin] = v
        waiting[v - begin] = True
    return end - begin


@jit
def list_changed(
    g: Ground, s: State, begin: int, todo: NDArray[np.int64], waiting: NDArray[np.bool_]
) -> int:
    """List the nodes that are elsewhere than they were, and their neighbours; return how many."""
    count = 0
    for k in range(s.used[1]):
        v = s.touched[k]
        if s.label[v] != s.saved[v]:
            count = _list_around(g, v, begin, todo, waiting, 0, count)
    return count


@jit
def _list_around(
    g: Ground,
    v: int,
    begin: int,
    todo: NDArray[np.int64],
    waiting: NDArray[np.bool_],
    head: int,
    count: int,
) -> int:
    """Put a node and its neighbours at the end of the list, if they do not wait there."""
    for e in range(g.first[v] - 1, g.first[v + 1]):
        w = v if e < g.first[v] else g.other[e]
        if not waiting[w - begin]:
            waiting[w - begin] = True
            todo[(head + count) % len(todo)] = w
            count += 1
    return count


@jit
def improve(
    g: Ground,
    s: State,
    begin: int,
    todo: NDArray[np.int64],
    waiting: NDArray[np.bool_],
    count: int,
) -> int:
    """Move the nodes of a list, and then those around them, until nothing gains."""
    gain, head = 0, 0
    while count > 0:
        v = todo[head]
        head = (head + 1) % len(todo)
        count -= 1
        waiting[v - begin] = False
        got = single(g, s, v)
        if got == 0:
            got = pair(g, s, v)
        if got == 0:
            got = merge(g, s, v)
        if got > 0:
            gain += got
            count = _list_around(g, v, begin, todo, waiting, head, count)
    return gain


@jit
def _met_before(g: Ground, s: State, v: int, e: int) -> bool:
    """Say whether an earlier neighbour of a node is in the unit of this one."""
    for f in range(g.first[v], e):  # noqa: SIM110  compiled
        if s.label[g.other[f]] == s.label[g.other[e]]:
            return True
    return False


@jit
def single(g: Ground, s: State, v: int) -> int:
    """Make the best allowed move of a node that gains; return the gain."""
    a = s.label[v]
    here = within(g, s, v, a)
    best, to, may = 0, a, -1
    for e in range(g.first[v] - 1, g.first[v + 1]):
        t = FREE if e < g.first[v] else s.label[g.other[e]]
        if t in (a, to) or (e >= g.first[v] and _met_before(g, s, v, e)):
            continue
        change = within(g, s, v, t) - here
        if change <= best or not _keeps_with(g, s, t, v, 1) or not _keeps_with(g, s, a, v, -1):
            continue
        if may < 0:
            may = int(holds_around(g, s, a, v, v))
        if may:
            best, to = change, t
    if to != a:
        move(g, s, v, to)
    return best


@jit
def _keeps_with(g: Ground, s: State, u: int, v: int, sign: int) -> bool:
    """Say whether a unit keeps its limits with a node more (1) or less (-1)."""
    if u < 0:
        return True
    return keeps(g, s.size[u] + sign, s.area[u] + sign * g.area[v], s.low[u] + sign * g.low[v])


@jit
def pair(g: Ground, s: State, v: int) -> int:
    """Move a node and a neighbour where only both together gain; return the gain."""
    a = s.label[v]
    here = within(g, s, v, a)
    for e in range(g.first[v] - 1, g.first[v + 1]):
        t = FREE if e < g.first[v] else s.label[g.other[e]]
        if t == a or (e >= g.first[v] and _met_before(g, s, v, e)):
            continue
        one = within(g, s, v, t) - here
        for f in range(g.first[v], g.first[v + 1]):
            both = _second(g, s, v, t, f, one)
            if both > 0:
                return both
    return 0


@jit
def _second(g: Ground, s: State, v: int, t: int, f: int, one: int) -> int:
    """Move a pair, the second by its place among neighbours, where both may and gain.

    Returns what both gain, else 0.
    """
    w, c, a = g.other[f], 2 * g.cost[f], s.label[v]
    b = s.label[w]
    here = within(g, s, w, b)
    if b >= 0:
        here += c * ((b == t) - (b == a))  # the first will be there, or no longer
    for way in range(WAYS):
        to = FREE if way == 0 else (t if way == 1 else a)
        if to == b or (way > 0 and to == FREE):
            continue
        both = one - here
        if to >= 0:
            both += within(g, s, w, to) + c * ((to == t) - (to == a))
        if both > 0 and _pair_keeps(g, s, v, t, w, to):
            move(g, s, v, t)
            move(g, s, w, to)
            if _pair_holds(g, s, v, a, t, w, b, to):
                return int(both)
            move(g, s, w, b)
            move(g, s, v, a)
    return 0


@jit
def _pair_keeps(g: Ground, s: State, v: int, t: int, w: int, to: int) -> bool:
    """Say whether all units keep their limits when one node goes to one and one to another."""
    a, b = s.label[v], s.label[w]
    for u in (a, t, b, to):
        if u >= 0:
            one, two = int(u == t) - int(u == a), int(u == to) - int(u == b)
            area = s.area[u] + one * g.area[v] + two * g.area[w]
            low = s.low[u] + one * g.low[v] + two * g.low[w]
            if not keeps(g, s.size[u] + one + two, area, low):
                return False
    return True


@jit
def _pair_holds(g: Ground, s: State, v: int, a: int, t: int, w: int, b: int, to: int) -> bool:
    """Say whether the units hang together that two nodes have left and joined."""
    if not holds_around(g, s, a, v, w) or not holds_around(g, s, t, v, w):
        return False
    if b not in (a, t) and not holds_around(g, s, b, v, w):
        return False
    return to in (a, t, b) or holds_around(g, s, to, v, w)


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
