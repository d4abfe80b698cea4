"""Dissolve an exactly noded coverage: walk along the edges whose other side is of another group."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import jit, offsets_of
from lowuse_gis.kernels.edges import GRID, HALVES, linked_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged


def outlines(
    layer: Ragged, group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Trace the outlines of groups of polygons.

    Parameters
    ----------
    layer
        Polygons that do not overlap, neighbours sharing their vertices.
    group
        The group of each, not negative.

    Returns
    -------
    xy : ndarray of float
        Vertices from the layer's origin, ring after ring, each ending where it began.
    offsets : ndarray of int
        Where each ring begins, and the end of the last.
    of : ndarray of int
        The group of each ring.
    area : ndarray of float
        Signed m²: shells are positive, holes negative. A ring touches itself nowhere.

    Raises
    ------
    ValueError
        Where the edges of a group do not close: the layer overlaps itself.
    """
    head, after = linked_edges(layer)
    owner = np.repeat(group.astype(np.int64), np.diff(layer.first))
    edges = np.flatnonzero(_outer(layer.turn, owner, head, after))
    of = owner[edges]
    with ThreadPoolExecutor(HALVES) as pool:
        traced = list(pool.map(lambda mine: _traced(layer, edges[mine], of[mine]), _halves(of)))
    xy, size, of, area = (np.concatenate(column) for column in zip(*traced, strict=True))
    return xy, offsets_of(size), of, area


def _halves(of: NDArray[np.int64]) -> tuple[NDArray[np.bool_], ...]:
    """Part edges by group, about as many to each half; no ring is of two groups."""
    until = np.cumsum(np.bincount(of))
    low = of <= np.searchsorted(until, len(of) // 2)
    return low, ~low


def _traced(
    layer: Ragged, edges: NDArray[np.int64], of: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Chain edges to rings: vertices, how many of them each has, its group and its area."""
    node, number = _nodes(layer.xy, layer.turn, edges)
    order, ends, whole = _walk(layer.xy, layer.turn, edges, of, node, number)
    if not whole:
        message = "the outlines of a group do not close"
        raise ValueError(message)
    xy, area = _drawn(layer.xy, layer.turn, edges[order], ends)
    return xy, np.diff(ends) + 1, of[order[ends[:-1]]], area


@jit
def _outer(
    turn: NDArray[np.int8],
    owner: NDArray[np.int64],
    head: NDArray[np.int32],
    after: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Mark edges with no edge of the same group on their other side."""
    outer = np.zeros(len(turn), dtype=np.bool_)
    for i in range(len(turn)):
        if turn[i] == 0 or head[i] == -1:
            continue
        k, twins = head[i], 0
        while k != -1:
            if owner[k] == owner[i]:
                twins += 1
            k = after[k]
        outer[i] = twins == 1
    return outer


def _nodes(
    xy: NDArray[np.float64], turn: NDArray[np.int8], edges: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Give the places where edges begin and end a number: (edges, 2), in the sense of the walk."""
    size = 16
    while size < 2 * len(edges):  # about as many places as edges
        size *= 2
    place, number = _numbered(xy, turn, edges, np.full(size, -1, dtype=np.int32), 1.0 / GRID)
    return place, int(number)


@jit
def _numbered(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    edges: NDArray[np.int64],
    slots: NDArray[np.int32],
    per_metre: float,
) -> tuple[NDArray[np.int64], int]:
    mask, number = len(slots) - 1, 0
    place = np.empty((len(edges), 2), dtype=np.int64)
    vertex = np.empty(2 * len(edges), dtype=np.int64)  # of each place, one that lies there
    for e in range(len(edges)):
        along = turn[edges[e]] > 0
        for end in range(2):
            if end == 0 and e and edges[e] == edges[e - 1] + 1:  # begins where the last one ends
                place[e, 0 if along else 1] = place[e - 1, 1 if along else 0]
                continue
            i = edges[e] + end
            x, y = np.int64(np.rint(xy[i, 0] * per_metre)), np.int64(np.rint(xy[i, 1] * per_metre))
            key = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(y) * np.uint64(
                0xC2B2AE3D27D4EB4F
            )
            slot = np.int64((key ^ (key >> np.uint64(31))) & np.uint64(mask))
            while slots[slot] != -1:
                k = vertex[slots[slot]]
                same = x == np.int64(np.rint(xy[k, 0] * per_metre))
                if same and y == np.int64(np.rint(xy[k, 1] * per_metre)):
                    break
                slot = (slot + 1) & mask
            if slots[slot] == -1:
                slots[slot], vertex[number] = number, i
                number += 1
            place[e, end if along else 1 - end] = slots[slot]
    return place, number


@jit
def _heading(
    xy: NDArray[np.float64], turn: NDArray[np.int8], edge: int, back: int
) -> tuple[float, float]:
    """Return the direction of an edge at its beginning, or looking back from its end."""
    i, k = edge, edge + 1
    if (turn[edge] > 0) == (back == 1):
        i, k = k, i
    return xy[k, 0] - xy[i, 0], xy[k, 1] - xy[i, 1]


@jit
def _next(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    edges: NDArray[np.int64],
    of: NDArray[np.int64],
    listed: NDArray[np.int64],
    begin: int,
    end: int,
    current: int,
    used: NDArray[np.bool_],
) -> int:
    """Choose the edge that bounds the same ground: the first one clockwise from where we came."""
    best, least, several, only = -1, 0.0, 0, -1
    for k in range(begin, end):
        candidate = listed[k]
        if of[candidate] == of[current] and not used[candidate]:
            several += 1
            only = candidate
    if several <= 1:
        return only
    bx, by = _heading(xy, turn, edges[current], 1)
    for k in range(begin, end):
        candidate = listed[k]
        if of[candidate] != of[current] or used[candidate]:
            continue
        cx, cy = _heading(xy, turn, edges[candidate], 0)
        angle = np.arctan2(bx * cy - by * cx, bx * cx + by * cy)
        clockwise = -angle if angle < 0 else 2 * np.pi - angle
        if best == -1 or clockwise < least:
            best, least = candidate, clockwise
    return best


@jit
def _leaving(node: NDArray[np.int64], number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the edges that leave each place."""
    offsets = np.zeros(number + 1, dtype=np.int64)
    for e in range(len(node)):
        offsets[node[e, 0] + 1] += 1
    for k in range(number):
        offsets[k + 1] += offsets[k]
    listed, at = np.empty(len(node), dtype=np.int64), offsets[:-1].copy()
    for e in range(len(node)):
        listed[at[node[e, 0]]] = e
        at[node[e, 0]] += 1
    return offsets, listed


@jit
def _walk(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    edges: NDArray[np.int64],
    of: NDArray[np.int64],
    node: NDArray[np.int64],
    number: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Chain edges to rings; where a chain meets itself, the loop becomes a ring of its own."""
    offsets, listed = _leaving(node, number)
    order, ends = np.empty(len(edges), dtype=np.int64), np.zeros(len(edges) + 1, dtype=np.int64)
    used, depth = np.zeros(len(edges), dtype=np.bool_), np.full(number, -1, dtype=np.int64)
    chain, n, rings, whole = np.empty(len(edges), dtype=np.int64), 0, 0, True
    for begin in range(len(edges)):
        current, length = begin if not used[begin] else -1, 0
        while current != -1:
            used[current] = True
            depth[node[current, 0]] = length
            chain[length] = current
            length += 1
            back = depth[node[current, 1]]
            if back >= 0:  # from there on the chain is a ring
                for k in range(back, length):
                    order[n] = chain[k]
                    depth[node[chain[k], 0]] = -1
                    n += 1
                rings += 1
                ends[rings] = n
                length = back
                if length == 0:
                    break
                current = chain[length - 1]
            place = node[current, 1]
            current = _next(
                xy, turn, edges, of, listed, offsets[place], offsets[place + 1], current, used
            )
        whole = whole and length == 0
        for k in range(length):
            depth[node[chain[k], 0]] = -1
    return order[:n].copy(), ends[: rings + 1].copy(), whole


@jit
def _drawn(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    edges: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Write down the vertices of rings of edges, and their signed areas."""
    rings = len(ends) - 1
    out, area, n = np.empty((len(edges) + rings, 2)), np.empty(rings), 0
    for ring in range(rings):
        begin, twice = n, 0.0
        for k in range(ends[ring], ends[ring + 1]):
            i = edges[k] if turn[edges[k]] > 0 else edges[k] + 1
            out[n, 0], out[n, 1] = xy[i, 0], xy[i, 1]
            n += 1
        out[n] = out[begin]
        for k in range(begin, n):
            ax, ay = out[k, 0] - out[begin, 0], out[k, 1] - out[begin, 1]
            bx, by = out[k + 1, 0] - out[begin, 0], out[k + 1, 1] - out[begin, 1]
            twice += ax * by - bx * ay
        n += 1
        area[ring] = twice / 2
    return out, area
