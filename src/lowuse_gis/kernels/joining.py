"""Search for units block by block: grow, improve, and tear a little down to grow it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import chunks, jit
from lowuse_gis.kernels.moves import (
    FREE,
    UNTOUCHED,
    Ground,
    State,
    fits,
    forget,
    merge,
    move,
    pair,
    reached,
    single,
    undo,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEMBERS = 400  # nodes that a unit may be grown to before it is merged with others
PATIENCE = 40  # nodes without a better state after which growing ends
BALL = 10  # nodes torn down at a time, at most


def join_nodes(
    ground: Ground,
    label: NDArray[np.int64],
    blocks: NDArray[np.int64],
    *,
    kicks: int,
    threads: int = 2,
) -> NDArray[np.int64]:
    """Improve a choice of units in every block.

    Parameters
    ----------
    ground
        Graph, worth and limits.
    label
        Unit of every node to begin with, numbered by nodes of its block, -1 for none; units keep
        the limits and hang together.
    blocks
        First node of each block, and the number of nodes.
    kicks
        How often a place is torn down and grown anew for every low-use node.
    threads
        Threads to use; the result does not depend on it.

    Returns
    -------
    ndarray of int
        Unit of every node; numbers differ between blocks.
    """
    size = len(label)
    label = label.copy()
    sums = [np.zeros(size, dtype=np.int64) for _of in range(4)]
    saved = np.full(size, UNTOUCHED, dtype=np.int64)

    def run(start: int, stop: int) -> None:
        _run(ground, label, *sums, saved, blocks, start, stop, kicks)

    chunks(run, len(blocks) - 1, threads, least=2)
    return label


@jit
def _run(
    ground: Ground,
    label: NDArray[np.int64],
    area: NDArray[np.int64],
    low: NDArray[np.int64],
    size: NDArray[np.int64],
    mark: NDArray[np.int64],
    saved: NDArray[np.int64],
    blocks: NDArray[np.int64],
    start: int,
    stop: int,
    kicks: int,
) -> None:
    """Search a range of blocks; each begins with the same random number."""
    for block in range(start, stop):
        begin, end = blocks[block], blocks[block + 1]
        room = end - begin
        queue, touched = np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int64)
        count = np.array([0, 0, 12345])
        state = State(label, area, low, size, mark, queue, saved, touched, count)
        for v in range(begin, end):
            if label[v] >= 0:
                area[label[v]] += ground.area[v]
                low[label[v]] += ground.low[v]
                size[label[v]] += 1
        _search(ground, state, begin, end, kicks)


@jit
def _search(g: Ground, s: State, begin: int, end: int, kicks: int) -> None:
    """Improve the units of one block."""
    room = end - begin
    members, ball = np.zeros(min(MEMBERS, room), np.int64), np.zeros(BALL, np.int64)
    todo, waiting = np.zeros(room, np.int64), np.zeros(room, np.bool_)
    lows, n = np.zeros(room, np.int64), 0
    for v in range(begin, end):
        if g.low[v] > 0:
            lows[n] = v
            n += 1
    if n == 0:
        return
    _improve(g, s, begin, todo, waiting, _list_all(begin, end, todo, waiting))
    for k in range(n):
        if s.label[lows[k]] == FREE:
            _grow(g, s, lows[k], begin, end, 500, members)
    _improve(g, s, begin, todo, waiting, _list_all(begin, end, todo, waiting))
    forget(s)
    for _kick in range(kicks * n):
        centre = lows[_random(s, n)]
        gain = _tear(g, s, centre, begin, end, 2 + _random(s, BALL - 2), ball)
        gain += _regrow(g, s, centre, begin, end, members)
        count = _list_touched(g, s, begin, todo, waiting)
        gain += _improve(g, s, begin, todo, waiting, count)
        gain += _drop_losses(g, s)
        if gain < 0:
            undo(g, s)
        else:
            forget(s)


@jit
def _random(s: State, below: int) -> int:
    """Return the next number of a linear congruential row; the same on every machine."""
    s.used[2] = (s.used[2] * 1103515245 + 12345) % 2147483648
    return int((s.used[2] >> 8) % below)


@jit
def _list_all(begin: int, end: int, todo: NDArray[np.int64], waiting: NDArray[np.bool_]) -> int:
    for v in range(begin, end):
        todo[v - begin] = v
        waiting[v - begin] = True
    return end - begin


@jit
def _list_touched(
    g: Ground, s: State, begin: int, todo: NDArray[np.int64], waiting: NDArray[np.bool_]
) -> int:
    """List the nodes that were moved, and their neighbours."""
    count = 0
    for k in range(s.used[1]):
        v = s.touched[k]
        for e in range(g.first[v] - 1, g.first[v + 1]):
            w = v if e < g.first[v] else g.other[e]
            if not waiting[w - begin]:
                waiting[w - begin] = True
                todo[count] = w
                count += 1
    return count


@jit
def _improve(
    g: Ground,
    s: State,
    begin: int,
    todo: NDArray[np.int64],
    waiting: NDArray[np.bool_],
    count: int,
) -> int:
    """Move the nodes of a list, and then those around them, until nothing gains."""
    gain, head, room = 0, 0, len(todo)
    while count > 0:
        v = todo[head]
        head = (head + 1) % room
        count -= 1
        waiting[v - begin] = False
        got = single(g, s, v)
        if got == 0:
            got = pair(g, s, v)
        if got == 0:
            got = merge(g, s, v)
        if got == 0:
            continue
        gain += got
        for e in range(g.first[v] - 1, g.first[v + 1]):
            w = v if e < g.first[v] else g.other[e]
            if not waiting[w - begin]:
                waiting[w - begin] = True
                todo[(head + count) % room] = w
                count += 1
    return gain


@jit
def _free_label(s: State, v: int, begin: int, end: int) -> int:
    if s.size[v] == 0:
        return v
    for u in range(begin, end):
        if s.size[u] == 0:
            return u
    return FREE


@jit
def _grow(
    g: Ground,
    s: State,
    seed: int,
    begin: int,
    end: int,
    bonus: int,
    members: NDArray[np.int64],
) -> int:
    """Grow a unit from a free node by what gains most, with a bonus in thousandths of the area.

    Its best state that keeps the limits stays; nothing where there is none. Returns the gain.
    """
    u = _free_label(s, seed, begin, end)
    gain = move(g, s, seed, u)
    members[0] = seed
    count, best, kept = 1, 0, 0
    if gain > 0 and fits(g, s, u):
        best, kept = gain, 1
    while count < len(members) and s.area[u] <= g.most and count - kept < PATIENCE:
        v = _best_beside(g, s, u, bonus, members, count)
        if v < 0:
            break
        gain += move(g, s, v, u)
        members[count] = v
        count += 1
        if gain > best and fits(g, s, u):
            best, kept = gain, count
    for k in range(count - 1, kept - 1, -1):
        move(g, s, members[k], FREE)
    return best


@jit
def _best_beside(
    g: Ground, s: State, u: int, bonus: int, members: NDArray[np.int64], count: int
) -> int:
    """Return the free node beside a unit that gains most; -1 where there is none."""
    found, score = -1, 0
    for k in range(count):
        for e in range(g.first[members[k]], g.first[members[k] + 1]):
            v = g.other[e]
            if s.label[v] != FREE:
                continue
            gain = g.worth[v] + bonus * g.area[v] // 1000
            for f in range(g.first[v], g.first[v + 1]):
                near = s.label[g.other[f]]
                gain -= g.cost[f] * (1 if near == FREE else (-1 if near == u else 1))
            if found < 0 or gain > score:
                found, score = v, gain
    return found


@jit
def _tear(
    g: Ground,
    s: State,
    centre: int,
    begin: int,
    end: int,
    reach: int,
    ball: NDArray[np.int64],
) -> int:
    """Free the nodes around a centre, and units that fall below their limits by it."""
    s.used[0] += 1
    stamp = s.used[0]
    s.mark[centre] = stamp
    ball[0] = centre
    head, tail = 0, 1
    while head < tail < reach:
        v = ball[head]
        head += 1
        for e in range(g.first[v], g.first[v + 1]):
            w = g.other[e]
            if s.mark[w] != stamp and tail < reach:
                s.mark[w] = stamp
                ball[tail] = w
                tail += 1
    gain = 0
    for k in range(tail):
        if s.label[ball[k]] >= 0:
            gain += move(g, s, ball[k], FREE)
    for k in range(tail):
        gain += _settle(g, s, ball[k], begin, end)
    return gain


@jit
def _settle(g: Ground, s: State, v: int, begin: int, end: int) -> int:
    """Make units of the pieces a unit fell into beside a node; free what keeps no limits."""
    gain = 0
    for e in range(g.first[v], g.first[v + 1]):
        w = g.other[e]
        u = s.label[w]
        if u < 0:
            continue
        n = reached(g, s, w)
        if n < s.size[u]:
            u = _free_label(s, w, begin, end)
            for k in range(n):
                gain += move(g, s, s.queue[k], u)
        if not fits(g, s, u):
            for k in range(n):
                gain += move(g, s, s.queue[k], FREE)
    return gain


@jit
def _regrow(
    g: Ground, s: State, centre: int, begin: int, end: int, members: NDArray[np.int64]
) -> int:
    """Grow units from what was freed, beginning anywhere."""
    gain, bonus, n = 0, _random(s, 4) * 400, s.used[1]
    turn = _random(s, max(n, 1))
    for k in range(n):
        v = s.touched[(k + turn) % n]
        if s.label[v] == FREE and g.low[v] > 0:
            gain += _grow(g, s, v, begin, end, bonus, members)
    if s.label[centre] == FREE:
        gain += _grow(g, s, centre, begin, end, bonus, members)
    return gain


@jit
def _drop_losses(g: Ground, s: State) -> int:
    """Give up units, among those touched, that are worth less than nothing."""
    gain = 0
    for k in range(s.used[1]):
        v = s.touched[k]
        u = s.label[v]
        if u < 0:
            continue
        n, worth = reached(g, s, v), 0
        for j in range(n):
            x = s.queue[j]
            worth += g.worth[x]
            for e in range(g.first[x], g.first[x + 1]):
                if s.label[g.other[e]] != u:
                    worth -= g.cost[e]
        if worth < 0:
            for j in range(n):
                gain += move(g, s, s.queue[j], FREE)
    return gain
