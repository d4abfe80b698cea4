"""Tear a few nodes out of units and grow units anew, in the search for units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.kernels.compiled import jit
from lowuse_gis.kernels.moves import FREE, Ground, State, fits, free_label, move, reached

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATIENCE = 40  # nodes without a better state after which growing ends
BONUSES, STEP = 4, 400  # thousandths of the area that growing anew may overrate land by


@jit
def grow(
    g: Ground, s: State, seed: int, begin: int, end: int, bonus: int, members: NDArray[np.int64]
) -> int:
    """Grow a unit from a free node by what gains most, with a bonus in thousandths of the area.

    Its best state that keeps the limits stays; nothing where there is none. Returns the gain.
    """
    u = free_label(s, seed, begin, end)
    s.used[0] += 1
    v, gain, best, kept, count, edge = seed, 0, 0, 0, 0, 0
    while v >= 0:
        gain += move(g, s, v, u)
        members[count] = v
        count += 1
        if gain > best and fits(g, s, u):
            best, kept = gain, count
        if count == len(members) or s.area[u] > g.most or count - kept >= PATIENCE:
            break
        edge = _reach_out(g, s, v, bonus, edge)
        v, edge = _best_of(s, edge)
    for k in range(count - 1, kept - 1, -1):
        move(g, s, members[k], FREE)
    return best


@jit
def _reach_out(g: Ground, s: State, v: int, bonus: int, edge: int) -> int:
    """Queue the free neighbours of a unit's new node with what they gain; return how many wait."""
    stamp = s.used[0]
    for e in range(g.first[v], g.first[v + 1]):
        w = g.other[e]
        if s.label[w] != FREE:
            continue
        if s.mark[w] != stamp:
            s.mark[w] = stamp
            s.score[w] = g.net[w] + bonus * g.area[w] // 1000
            s.queue[edge] = w
            edge += 1
        s.score[w] += 2 * g.cost[e]
    return edge


@jit
def _best_of(s: State, edge: int) -> tuple[int, int]:
    """Take the node that gains most out of the queue; return it, -1 for none, and who waits."""
    at = -1
    for k in range(edge):
        if at < 0 or s.score[s.queue[k]] > s.score[s.queue[at]]:
            at = k
    if at < 0:
        return FREE, 0
    found = s.queue[at]
    for k in range(at, edge - 1):
        s.queue[k] = s.queue[k + 1]
    return found, edge - 1


@jit
def tear(
    g: Ground, s: State, centre: int, begin: int, end: int, reach: int, ball: NDArray[np.int64]
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
        gain += move(g, s, ball[k], FREE)
    stamp = s.used[0]
    for k in range(tail):
        gain += _settle(g, s, ball[k], begin, end, stamp)
    return gain


@jit
def _settle(g: Ground, s: State, v: int, begin: int, end: int, stamp: int) -> int:
    """Make units of the pieces a unit fell into beside a node; free what keeps no limits.

    Pieces that were walked since a mark are settled.
    """
    gain = 0
    for e in range(g.first[v], g.first[v + 1]):
        w = g.other[e]
        u = s.label[w]
        if u < 0 or s.mark[w] > stamp:
            continue
        n = reached(g, s, w)
        if n < s.size[u]:
            u = free_label(s, w, begin, end)
            for k in range(n):
                gain += move(g, s, s.queue[k], u)
        if not fits(g, s, u):
            for k in range(n):
                gain += move(g, s, s.queue[k], FREE)
    return gain


@jit
def regrow(
    g: Ground,
    s: State,
    centre: int,
    begin: int,
    end: int,
    chance: tuple[int, int],
    members: NDArray[np.int64],
) -> int:
    """Grow units from what was freed; chance says with what bonus, and where to begin."""
    gain, bonus, n = 0, chance[0] * STEP, s.used[1]
    for k in range(n):
        v = s.touched[(k + chance[1]) % n]
        if s.label[v] == FREE and g.low[v] > 0:
            gain += grow(g, s, v, begin, end, bonus, members)
    if s.label[centre] == FREE:
        gain += grow(g, s, centre, begin, end, bonus, members)
    return gain


@jit
def drop_losses(g: Ground, s: State) -> int:
    """Give up units, among those touched, that are worth less than nothing."""
    gain = 0
    for k in range(s.used[1]):
        v = s.touched[k]
        if s.label[v] >= 0 and s.value[s.label[v]] < 0:
            for j in range(reached(g, s, v)):
                gain += move(g, s, s.queue[j], FREE)
    return gain
