"""How much of the boundary of polygons lies within reach of straight pieces of line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.boxes import pieces_near
from lowuse_gis.kernels.compiled import chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged

STILL = 1e-12  # metres: an edge that leads no nearer


def boundary_near(
    layer: Ragged, pieces: NDArray[np.float64], reach: float, *, threads: int = 2
) -> NDArray[np.float64]:
    """Measure the boundary within reach of a piece, each metre once.

    Parameters
    ----------
    layer
        Polygons.
    pieces
        Ends of straight pieces (n, 4), x and y of the one and of the other, from the layer's
        origin.
    reach
        Metres.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Metres of each polygon's outer and inner boundary.

    Notes
    -----
    What lies within reach of a piece is convex: a band with a round cap at either end. So of an
    edge it takes one interval, and along several pieces the union of the intervals counts.
    """
    offsets, right = pieces_near(layer.boxes, pieces, reach, threads=threads)
    metres = np.zeros(len(layer))

    def measure(start: int, stop: int) -> None:
        rows = layer.xy, layer.turn, layer.first
        _measure(*rows, pieces, offsets, right, reach, metres, start, stop)

    chunks(measure, len(layer), threads)
    return metres


@jit
def _measure(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    pieces: NDArray[np.float64],
    offsets: NDArray[np.int64],
    right: NDArray[np.int64],
    reach: float,
    metres: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    """Add up the edges of each polygon."""
    most = 0
    for feature in range(start, stop):
        most = max(most, offsets[feature + 1] - offsets[feature])
    low, high = np.empty(most), np.empty(most)
    for feature in range(start, stop):
        begin, end = offsets[feature], offsets[feature + 1]
        if begin == end:
            continue
        for i in range(first[feature], first[feature + 1]):
            if turn[i] == 0:
                continue
            dx, dy = xy[i + 1, 0] - xy[i, 0], xy[i + 1, 1] - xy[i, 1]
            found = 0
            for k in range(begin, end):
                one, other = _interval(xy[i, 0], xy[i, 1], dx, dy, pieces[right[k]], reach)
                if one < other:
                    at = found
                    while at > 0 and low[at - 1] > one:
                        low[at], high[at] = low[at - 1], high[at - 1]
                        at -= 1
                    low[at], high[at] = one, other
                    found += 1
            share, reached = 0.0, 0.0
            for k in range(found):
                share += max(high[k] - max(low[k], reached), 0.0)
                reached = max(reached, high[k])
            metres[feature] += share * np.hypot(dx, dy)


@jit
def _interval(
    x: float, y: float, dx: float, dy: float, piece: NDArray[np.float64], reach: float
) -> tuple[float, float]:
    """Return from where to where, as parts of its length, an edge is within reach of a piece."""
    ux, uy = piece[2] - piece[0], piece[3] - piece[1]
    length = np.hypot(ux, uy)
    if length > 0:
        ux, uy = ux / length, uy / length
    px, py = x - piece[0], y - piece[1]
    a0, a1 = px * ux + py * uy, dx * ux + dy * uy  # along the piece
    c0, c1 = px * uy - py * ux, dx * uy - dy * ux  # across it
    low, high = _between(a0, a1, 0.0, length)
    other, another = _between(c0, c1, -reach, reach)
    low, high = max(low, other, 0.0), min(high, another, 1.0)
    if low >= high:
        low, high = np.inf, -np.inf
    square = a1 * a1 + c1 * c1
    if square == 0:
        return low, high
    for end in (0.0, length):
        half = ((a0 - end) * a1 + c0 * c1) / square
        under = half * half - ((a0 - end) * (a0 - end) + c0 * c0 - reach * reach) / square
        if under > 0:
            root = np.sqrt(under)
            one, two = max(-half - root, 0.0), min(-half + root, 1.0)
            if one < two:
                low, high = min(low, one), max(high, two)
    return low, high


@jit
def _between(start: float, change: float, least: float, most: float) -> tuple[float, float]:
    """Return from where to where ``start + t · change`` lies between two bounds."""
    if abs(change) < STILL:
        if least <= start <= most:
            return 0.0, 1.0
        return np.inf, -np.inf
    one, other = (least - start) / change, (most - start) / change
    return min(one, other), max(one, other)
