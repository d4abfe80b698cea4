"""Edges that two polygons share, vertex for vertex, by hashing; and what is left without a twin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import announce, chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged

GRID = 1e-4  # m: the land survey rounds coordinates to it; vertices that fall together are one
HALVES = 2  # tables: each thread fills one, with the edges whose hash falls into it
NONE = -1


def linked_edges(layer: Ragged, grid: float = GRID) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Link the edges that run between the same two vertices, in either direction.

    Parameters
    ----------
    layer
        Polygons.
    grid
        Metres: coordinates are rounded to it before they are compared.

    Returns
    -------
    head, after : ndarray of int
        Per vertex, of the edge that begins there: the first edge of its group, and the next one;
        -1 where there is none.
    """
    announce()
    count = len(layer.xy)
    head, after = np.full(count, NONE, dtype=np.int32), np.full(count, NONE, dtype=np.int32)
    size = 16
    while size < count:  # half of the edges, at most half full
        size *= 2

    def fill(half: int) -> None:
        slots = np.full(size, NONE, dtype=np.int32)
        _link(layer.xy, layer.turn, 1.0 / grid, half, slots, head, after)

    with ThreadPoolExecutor(HALVES) as pool:
        list(pool.map(fill, range(HALVES)))
    return head, after


@jit
def _cell(value: float, per_metre: float) -> int:
    return int(np.rint(value * per_metre))


@jit
def _mixed(ax: int, ay: int, bx: int, by: int) -> int:
    """Hash two points, whichever comes first."""
    a = np.uint64(ax) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(ay) * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    b = np.uint64(bx) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(by) * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    a ^= a >> np.uint64(29)
    b ^= b >> np.uint64(29)
    both = (a + b) ^ (a * b)
    both = (both ^ (both >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return int((both ^ (both >> np.uint64(32))) >> np.uint64(1))


@jit
def _link(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    per_metre: float,
    half: int,
    slots: NDArray[np.int32],
    head: NDArray[np.int32],
    after: NDArray[np.int32],
) -> None:
    """Put the edges of one half into a table with open addressing."""
    mask = len(slots) - 1
    for i in range(len(turn)):
        if turn[i] == 0:
            continue
        ax, ay = _cell(xy[i, 0], per_metre), _cell(xy[i, 1], per_metre)
        bx, by = _cell(xy[i + 1, 0], per_metre), _cell(xy[i + 1, 1], per_metre)
        key = _mixed(ax, ay, bx, by)
        if (key & 1) != half or (ax == bx and ay == by):
            continue
        slot = (key >> 1) & mask
        while slots[slot] != -1:
            k = slots[slot]
            cx, cy = _cell(xy[k, 0], per_metre), _cell(xy[k, 1], per_metre)
            dx, dy = _cell(xy[k + 1, 0], per_metre), _cell(xy[k + 1, 1], per_metre)
            same = ax == cx and ay == cy and bx == dx and by == dy
            if same or (ax == dx and ay == dy and bx == cx and by == cy):
                break
            slot = (slot + 1) & mask
        first = slots[slot]
        if first == -1:
            slots[slot] = i
            head[i] = i
        else:
            head[i] = first
            after[i] = after[first]
            after[first] = i


def shared_edges(
    layer: Ragged, head: NDArray[np.int32], after: NDArray[np.int32], *, threads: int = 2
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Add up, pair by pair, the length of the edges that features share.

    Parameters
    ----------
    layer, head, after
        Polygons and their linked edges.
    threads
        Threads to use.

    Returns
    -------
    left, right : ndarray of int
        Features, the first before the second, in order.
    length : ndarray of float
        Metres.
    alone : ndarray of bool
        Per vertex: an edge begins there that no other feature has.
    """
    owner = np.repeat(np.arange(len(layer), dtype=np.int64), np.diff(layer.first))
    alone = np.zeros(len(layer.xy), dtype=np.bool_)

    def add(
        start: int, stop: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        return _shared(layer.xy, layer.turn, layer.first, owner, head, after, alone, start, stop)

    found = chunks(add, len(layer), threads)
    left, right, length = (np.concatenate([part[at] for part in found]) for at in range(3))
    return left, right, length, alone


@jit
def _shared(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    owner: NDArray[np.int64],
    head: NDArray[np.int32],
    after: NDArray[np.int32],
    alone: NDArray[np.bool_],
    start: int,
    stop: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Collect the neighbours of a range of features."""
    left = np.empty(1024 + 4 * (stop - start), dtype=np.int64)
    right, length, n = np.empty(len(left), dtype=np.int64), np.empty(len(left)), 0
    for feature in range(start, stop):
        begin = n
        for i in range(first[feature], first[feature + 1]):
            if turn[i] == 0:
                continue
            if head[i] == -1:
                continue  # no length
            k, mine = head[i], True
            while k != -1:
                other = owner[k]
                if other != feature:
                    mine = False
                if other > feature:
                    at = begin
                    while at < n and right[at] != other:
                        at += 1
                    if at == n:
                        if n == len(left):
                            left, right, length = _wider(left, right, length)
                        left[n], right[n], length[n] = feature, other, 0.0
                        n += 1
                    length[at] += np.hypot(xy[i + 1, 0] - xy[i, 0], xy[i + 1, 1] - xy[i, 1])
                k = after[k]
            alone[i] = mine
        _sort_by(right, length, begin, n)
    return left[:n].copy(), right[:n].copy(), length[:n].copy()


@jit
def _wider(
    left: NDArray[np.int64], right: NDArray[np.int64], length: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    more = 2 * len(left)
    a, b, c = np.empty(more, dtype=np.int64), np.empty(more, dtype=np.int64), np.empty(more)
    a[: len(left)], b[: len(left)], c[: len(left)] = left, right, length
    return a, b, c


@jit
def _sort_by(right: NDArray[np.int64], length: NDArray[np.float64], begin: int, end: int) -> None:
    """Sort a short range by the right feature."""
    for k in range(begin + 1, end):
        name, metres, to = right[k], length[k], k
        while to > begin and right[to - 1] > name:
            right[to], length[to] = right[to - 1], length[to - 1]
            to -= 1
        right[to], length[to] = name, metres
