"""Search for units block by block: grow, improve, and tear a little down to grow it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import cuts_by_weight, in_ranges, jit
from lowuse_gis.kernels.growing import BONUSES, drop_losses, grow, regrow, tear
from lowuse_gis.kernels.improving import improve, list_all, list_changed
from lowuse_gis.kernels.moves import FREE, UNTOUCHED, Ground, State, forget, undo, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEMBERS = 400  # nodes that a unit may be grown to before it is merged with others
BALL = 10  # nodes torn down at a time, at most
EAGER = 500  # thousandths of its area that land is overrated by when units are first grown
SEED = 12345
RANGES = 16  # of blocks, for each thread: who is done early takes another


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
        Threads to use, on the largest blocks first; the result does not depend on it.

    Returns
    -------
    ndarray of int
        Unit of every node; numbers differ between blocks.
    """
    size = len(label)
    label = label.copy()
    sums = [np.zeros(size, dtype=np.int64) for _of in range(6)]
    saved = np.full(size, UNTOUCHED, dtype=np.int64)
    nodes = np.diff(blocks)
    order = np.argsort(-nodes, kind="stable")

    def run(start: int, stop: int) -> None:
        _run(ground, label, *sums, saved, blocks, order[start:stop], kicks)

    pieces = 1 if threads <= 1 else threads * RANGES
    in_ranges(run, cuts_by_weight(nodes[order], pieces), threads)
    return label


@jit
def _run(
    ground: Ground,
    label: NDArray[np.int64],
    area: NDArray[np.int64],
    low: NDArray[np.int64],
    size: NDArray[np.int64],
    value: NDArray[np.int64],
    mark: NDArray[np.int64],
    score: NDArray[np.int64],
    saved: NDArray[np.int64],
    blocks: NDArray[np.int64],
    chosen: NDArray[np.int64],
    kicks: int,
) -> None:
    """Search some blocks; each begins with the same random number."""
    for block in chosen:
        begin, end = blocks[block], blocks[block + 1]
        room = end - begin
        queue, touched = np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int64)
        used = np.array([0, 0, SEED])
        s = State(label, area, low, size, value, mark, score, queue, saved, touched, used)
        for v in range(begin, end):
            u = label[v]
            if u >= 0:
                area[u] += ground.area[v]
                low[u] += ground.low[v]
                size[u] += 1
                value[u] += (ground.net[v] + within(ground, s, v, u)) // 2
        _search(ground, s, begin, end, kicks)


@jit
def _search(g: Ground, s: State, begin: int, end: int, kicks: int) -> None:
    """Improve the units of one block."""
    room = end - begin
    members, ball = np.zeros(min(MEMBERS, room), np.int64), np.zeros(BALL, np.int64)
    todo, waiting = np.zeros(room, np.int64), np.zeros(room, np.bool_)
    lows = begin + np.flatnonzero(g.low[begin:end] > 0)
    if len(lows) == 0:
        return
    improve(g, s, begin, todo, waiting, list_all(begin, end, todo, waiting))
    for v in lows:
        if s.label[v] == FREE:
            grow(g, s, v, begin, end, EAGER, members)
    improve(g, s, begin, todo, waiting, list_all(begin, end, todo, waiting))
    forget(s)
    for _kick in range(kicks * len(lows)):
        centre = lows[_random(s, len(lows))]
        gain = tear(g, s, centre, begin, end, 2 + _random(s, BALL - 2), ball)
        chance = _random(s, BONUSES), _random(s, max(s.used[1], 1))
        gain += regrow(g, s, centre, begin, end, chance, members)
        count = list_changed(g, s, begin, todo, waiting)
        gain += improve(g, s, begin, todo, waiting, count)
        gain += drop_losses(g, s)
        if gain < 0:
            undo(g, s)
        else:
            forget(s)


@jit
def _random(s: State, below: int) -> int:
    """Return the next number of a linear congruential row; the same on every machine."""
    s.used[2] = (s.used[2] * 1103515245 + 12345) % 2147483648
    return int((s.used[2] >> 8) % below)
