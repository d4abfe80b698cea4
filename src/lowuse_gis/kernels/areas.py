"""Exact area that two polygons share, without building the shape they share.

For polygons given as signed edges, area(A ∩ B) is the sum over pairs of edges of the signed area
below both: ∫ min(f, g) dx over the x-range the two edges share, from a base line below both. It is
closed-form, since two straight lines cross at most once. Holes and parts are only signs; shared and
touching boundaries need no case of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import chunks, jit, offsets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged

LARGE = 192  # vertices: from here on the edges of a feature are listed by strips of x
PER_STRIP = 6  # edges in a strip, on average
PIECES = 3  # into how many pieces the box of a pair can cut an edge
BRUTE = 1024  # pairs of edges: above, the edges of the second are listed by strips


def pair_areas(
    a: Ragged,
    b: Ragged,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    *,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return the area that given pairs share.

    Parameters
    ----------
    a, b
        Valid polygons with one origin; a polygon that overlaps itself counts twice there.
    left, right
        Positions of the pairs in the two.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Square metres, off by rounding only (about 1e-9 m² for parcels).

    Raises
    ------
    ValueError
        Where the two have not one origin.
    """
    if a.origin != b.origin:
        message = "layers that are compared need one origin"
        raise ValueError(message)
    area = np.zeros(len(left))
    strips_a = _strips(a)
    strips_b = strips_a if b is a else _strips(b)
    one = a.xy, a.turn, a.first, a.boxes, *strips_a
    other = b.xy, b.turn, b.first, b.boxes, *strips_b

    def measure(start: int, stop: int) -> None:
        _areas(one, other, left, right, area, start, stop)

    chunks(measure, len(left), threads)
    return area


def _strips(
    layer: Ragged,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """List the edges of large features by strips of x.

    Returns
    -------
    first, offsets, edges
        Per feature where its strips begin; per strip where its edges begin; the edges.
    """
    size = np.diff(layer.first)
    number = np.where(size >= LARGE, size // PER_STRIP, 0)
    first = offsets_of(number)
    counts = np.zeros(first[-1] + 1, dtype=np.int64)
    large = np.flatnonzero(number)
    _strip_edges(layer.xy, layer.turn, layer.first, layer.boxes, large, first, counts, counts[:0])
    offsets = offsets_of(counts[:-1])
    edges = np.empty(offsets[-1], dtype=np.int64)
    counts[:] = offsets
    _strip_edges(layer.xy, layer.turn, layer.first, layer.boxes, large, first, counts, edges)
    return first, offsets, edges


@jit
def _strip(x: float, west: float, east: float, number: int) -> int:
    at = (x - west) / (east - west) * number if east > west else 0.0
    return int(min(max(at, 0.0), number - 1.0))


@jit
def _strip_edges(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    boxes: NDArray[np.float64],
    large: NDArray[np.int64],
    strips: NDArray[np.int64],
    counts: NDArray[np.int64],
    edges: NDArray[np.int64],
) -> None:
    """Count the edges of each strip, or where `edges` has room, write them down."""
    for feature in large:
        begin, number = strips[feature], strips[feature + 1] - strips[feature]
        west, east = boxes[feature, 0], boxes[feature, 2]
        for i in range(first[feature], first[feature + 1]):
            if turn[i] == 0 or xy[i, 0] == xy[i + 1, 0]:
                continue
            s0 = _strip(min(xy[i, 0], xy[i + 1, 0]), west, east, number)
            s1 = _strip(max(xy[i, 0], xy[i + 1, 0]), west, east, number)
            for s in range(begin + s0, begin + s1 + 1):
                if len(edges):
                    edges[counts[s]] = i
                counts[s] += 1


@jit
def _add_piece(
    out: NDArray[np.float64], n: int, x0: float, y0: float, x1: float, y1: float, sign: float
) -> int:
    """Keep a piece of an edge: left end, right end, sign, slope."""
    if x1 > x0:
        out[n, 0], out[n, 1], out[n, 2], out[n, 3] = x0, y0, x1, y1
        out[n, 4], out[n, 5] = sign, (y1 - y0) / (x1 - x0)
        return n + 1
    return n


@jit
def _clip(
    xy: NDArray[np.float64],
    i: int,
    turn: int,
    frame: NDArray[np.float64],
    out: NDArray[np.float64],
    n: int,
) -> int:
    """Clip an edge to a box: what lies below is left out, what lies above runs along the top."""
    x0, y0, x1, y1 = xy[i, 0] - frame[0], xy[i, 1] - frame[1], 0.0, 0.0
    x1, y1 = xy[i + 1, 0] - frame[0], xy[i + 1, 1] - frame[1]
    width, height, sign = frame[2], frame[3], np.float64(turn)
    if x0 > x1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    else:
        sign = -sign
    if x1 <= 0 or x0 >= width or x0 == x1 or (y0 <= 0 and y1 <= 0):
        return n
    slope = (y1 - y0) / (x1 - x0)
    if x0 < 0:
        x0, y0 = 0.0, y0 - slope * x0
    if x1 > width:
        x1, y1 = width, y1 - slope * (x1 - width)
    if y0 <= 0 and y1 <= 0:
        return n
    if y0 < 0:
        x0, y0 = min(x0 - y0 / slope, x1), 0.0
    elif y1 < 0:
        x1, y1 = max(x1 - y1 / slope, x0), 0.0
    if y0 >= height and y1 >= height:
        return _add_piece(out, n, x0, height, x1, height, sign)
    if y0 > height:
        cut = min(max(x0 + (height - y0) / slope, x0), x1)
        n = _add_piece(out, n, x0, height, cut, height, sign)
        x0, y0 = cut, height
    elif y1 > height:
        cut = min(max(x1 + (height - y1) / slope, x0), x1)
        n = _add_piece(out, n, cut, height, x1, height, sign)
        x1, y1 = cut, height
    return _add_piece(out, n, x0, y0, x1, y1, sign)


@jit
def _gather(
    layer: tuple[NDArray[np.float64], ...],
    feature: int,
    frame: NDArray[np.float64],
    out: NDArray[np.float64],
) -> int:
    """Collect the edges of a feature that matter inside a box."""
    xy, turn, first, boxes, strips, offsets, edges = layer
    begin, number, n = strips[feature], strips[feature + 1] - strips[feature], 0
    if number == 0:
        for i in range(first[feature], first[feature + 1]):
            if turn[i] != 0:
                n = _clip(xy, i, turn[i], frame, out, n)
        return n
    west, east = boxes[feature, 0], boxes[feature, 2]
    s0 = _strip(frame[0], west, east, number)
    s1 = _strip(frame[0] + frame[2], west, east, number)
    for s in range(s0, s1 + 1):
        for k in range(offsets[begin + s], offsets[begin + s + 1]):
            i = edges[k]
            if max(_strip(min(xy[i, 0], xy[i + 1, 0]), west, east, number), s0) == s:
                n = _clip(xy, i, turn[i], frame, out, n)
    return n


@jit
def _below_both(p: NDArray[np.float64], i: int, q: NDArray[np.float64], k: int) -> float:
    """Return the signed area below both of two pieces."""
    begin, end = max(p[i, 0], q[k, 0]), min(p[i, 2], q[k, 2])
    if begin >= end:
        return 0.0
    f0, g0 = p[i, 1] + p[i, 5] * (begin - p[i, 0]), q[k, 1] + q[k, 5] * (begin - q[k, 0])
    f1, g1 = p[i, 3] - p[i, 5] * (p[i, 2] - end), q[k, 3] - q[k, 5] * (q[k, 2] - end)
    d0, d1, width = f0 - g0, f1 - g1, end - begin
    if d0 <= 0 and d1 <= 0:
        area = 0.5 * (f0 + f1) * width
    elif d0 >= 0 and d1 >= 0:
        area = 0.5 * (g0 + g1) * width
    else:
        part = d0 / (d0 - d1)
        middle = f0 + part * (f1 - f0)
        low0, low1 = min(f0, g0), min(f1, g1)
        area = 0.5 * width * (part * (low0 + middle) + (1 - part) * (middle + low1))
    return area * p[i, 4] * q[k, 4]


@jit
def _sum_strips(
    p: NDArray[np.float64], n: int, q: NDArray[np.float64], m: int, width: float
) -> float:
    """Add up the pairs of two long lists of pieces, strip by strip of x."""
    number = max(m // 4, 1)
    counts = np.zeros(number + 1, dtype=np.int64)
    for k in range(m):
        for s in range(
            _strip(q[k, 0], 0.0, width, number), _strip(q[k, 2], 0.0, width, number) + 1
        ):
            counts[s + 1] += 1
    for s in range(number):
        counts[s + 1] += counts[s]
    listed, at = np.empty(counts[-1], dtype=np.int64), counts[:-1].copy()
    for k in range(m):
        for s in range(
            _strip(q[k, 0], 0.0, width, number), _strip(q[k, 2], 0.0, width, number) + 1
        ):
            listed[at[s]] = k
            at[s] += 1
    total = 0.0
    for i in range(n):
        s0, s1 = _strip(p[i, 0], 0.0, width, number), _strip(p[i, 2], 0.0, width, number)
        for s in range(s0, s1 + 1):
            for at_ in range(counts[s], counts[s + 1]):
                k = listed[at_]
                if max(_strip(q[k, 0], 0.0, width, number), s0) == s:
                    total += _below_both(p, i, q, k)
    return total


@jit
def _areas(
    a: tuple[NDArray[np.float64], ...],
    b: tuple[NDArray[np.float64], ...],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    area: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    """Measure a range of pairs."""
    boxes_a, boxes_b, frame = a[3], b[3], np.empty(4)
    p, q = np.empty((1024, 6)), np.empty((1024, 6))
    for k in range(start, stop):
        i, j = left[k], right[k]
        frame[0], frame[1] = max(boxes_a[i, 0], boxes_b[j, 0]), max(boxes_a[i, 1], boxes_b[j, 1])
        frame[2] = min(boxes_a[i, 2], boxes_b[j, 2]) - frame[0]
        frame[3] = min(boxes_a[i, 3], boxes_b[j, 3]) - frame[1]
        if frame[2] <= 0 or frame[3] <= 0:
            continue
        most = PIECES * (a[2][i + 1] - a[2][i])
        if most > len(p):
            p = np.empty((2 * most, 6))
        n = _gather(a, i, frame, p)
        if n == 0:
            continue
        most = PIECES * (b[2][j + 1] - b[2][j])
        if most > len(q):
            q = np.empty((2 * most, 6))
        m = _gather(b, j, frame, q)
        total = 0.0
        if n * m > BRUTE:
            total = _sum_strips(p, n, q, m, frame[2])
        else:
            for one in range(n):
                for other in range(m):
                    total += _below_both(p, one, q, other)
        area[k] = max(total, 0.0)
