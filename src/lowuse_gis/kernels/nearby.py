"""How far polygons are from the nearest of many straight pieces of line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.boxes import pieces_near
from lowuse_gis.kernels.compiled import chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged

BESIDE = 1e-6  # metres: boxes that only touch are no pair


def distance_to_nearest(
    layer: Ragged, pieces: NDArray[np.float64], reach: NDArray[np.float64], *, threads: int = 2
) -> NDArray[np.float64]:
    """Measure how far the nearest piece is.

    Parameters
    ----------
    layer
        Polygons.
    pieces
        Ends of straight pieces (n, 4), x and y of the one and of the other, from the layer's
        origin.
    reach
        Per polygon, metres within which there is a piece; NaN where it is empty.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Metres; 0 where a piece runs through, NaN for an empty polygon.

    Examples
    --------
    >>> import shapely
    >>> from lowuse_gis.kernels.ragged import ragged
    >>> lot = ragged(np.array([shapely.box(0, 0, 10, 10)]), (0.0, 0.0))
    >>> pieces = np.array([[-5.0, 13, 20, 13], [14, -9, 14, 99]])
    >>> distance_to_nearest(lot, pieces, np.array([9.0])).tolist()
    [3.0]
    """
    far = np.nan_to_num(reach) + BESIDE
    offsets, right = pieces_near(layer.boxes, pieces, far, threads=threads)
    metres = np.full(len(layer), np.nan)

    def measure(start: int, stop: int) -> None:
        _measure(layer.xy, layer.turn, layer.first, pieces, offsets, right, metres, start, stop)

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
    metres: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    """Find the least square of a distance among the edges of each polygon."""
    for feature in range(start, stop):
        least = np.inf
        for k in range(offsets[feature], offsets[feature + 1]):
            piece = pieces[right[k]]
            inside = False
            for i in range(first[feature], first[feature + 1]):
                if turn[i] == 0:
                    continue
                ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
                if (ay > piece[1]) != (by > piece[1]):
                    at = ax + (piece[1] - ay) / (by - ay) * (bx - ax)
                    inside ^= at > piece[0]
                least = min(least, _square_between(ax, ay, bx, by, piece))
            if inside:
                least = 0.0
            if least == 0:
                break
        if least < np.inf:
            metres[feature] = np.sqrt(least)


@jit
def _square_between(
    ax: float, ay: float, bx: float, by: float, piece: NDArray[np.float64]
) -> float:
    """Return the square of the distance between an edge and a piece."""
    cx, cy, dx, dy = piece[0], piece[1], piece[2], piece[3]
    c_side = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    d_side = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    a_side = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    b_side = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    if c_side * d_side < 0 and a_side * b_side < 0:
        return 0.0
    return min(
        _square_from(cx, cy, ax, ay, bx, by),
        _square_from(dx, dy, ax, ay, bx, by),
        _square_from(ax, ay, cx, cy, dx, dy),
        _square_from(bx, by, cx, cy, dx, dy),
    )


@jit
def _square_from(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Return the square of the distance from a point to what is straight between two others."""
    ux, uy = bx - ax, by - ay
    length = ux * ux + uy * uy
    at = 0.0
    if length > 0:
        at = min(max(((x - ax) * ux + (y - ay) * uy) / length, 0.0), 1.0)
    px, py = ax + at * ux - x, ay + at * uy - y
    return px * px + py * py
