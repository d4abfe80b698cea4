"""How much of each cell of a raster polygons cover, exactly, and sums over the cells.

As font rasterisers do: each edge adds, row by row, the signed part of each cell to the right of it;
a running sum along the row is then the covered part of each cell. Holes and parts are only signs.
Coordinates are counted in cells: x in columns, y in rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.cells import COVERED, DUST, HIGH, LOW, TOTAL, TOUCHED, UPRIGHT, VALID
from lowuse_gis.kernels.compiled import chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.cells import Outlines


def frames(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    threads: int = 2,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where polygons lie and how large they are.

    Parameters
    ----------
    xy, turn, first
        As in `Outlines`.
    threads
        Threads to use.

    Returns
    -------
    boxes, area
        As there.
    """
    count = len(first) - 1
    boxes, area = np.empty((count, 4)), np.empty(count)

    def measure(start: int, stop: int) -> None:
        _frames(xy, turn, first, boxes, area, start, stop)

    chunks(measure, count, threads)
    return boxes, area


def add_window(
    outlines: Outlines,
    which: NDArray[np.int64],
    values: NDArray[np.float64],
    corner: tuple[int, int],
    totals: NDArray[np.float64],
    threads: int = 2,
) -> None:
    """Add what polygons cover of a window to their totals.

    Parameters
    ----------
    outlines
        The polygons.
    which
        The polygons that may reach into the window, each once.
    values
        Of the window's cells, NaN where there is none.
    corner
        First row and column of the window.
    totals
        Changed: a row per polygon of sum, valid area, covered area, least and greatest value.
    threads
        Threads to use.
    """

    def add(start: int, stop: int) -> None:
        _add(*outlines, which[start:stop], values, corner[0], corner[1], totals)

    chunks(add, len(which), threads, least=500)


@jit
def _frames(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    boxes: NDArray[np.float64],
    area: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    for feature in range(start, stop):
        begin, end = first[feature], first[feature + 1]
        ring = begin
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        twice, sound = 0.0, begin < end
        for i in range(begin, end):
            x, y = xy[i, 0], xy[i, 1]
            sound = sound and np.isfinite(x) and np.isfinite(y)
            west, east = min(west, x), max(east, x)
            south, north = min(south, y), max(north, y)
            if turn[i] != 0:
                ax, ay = x - xy[ring, 0], y - xy[ring, 1]
                bx, by = xy[i + 1, 0] - xy[ring, 0], xy[i + 1, 1] - xy[ring, 1]
                twice += turn[i] * (ax * by - bx * ay)
            else:
                ring = i + 1
        if not sound:
            west, south, east, north, twice = np.nan, np.nan, np.nan, np.nan, np.nan
        boxes[feature, 0], boxes[feature, 1] = west, south
        boxes[feature, 2], boxes[feature, 3] = east, north
        area[feature] = twice / 2


@jit
def _piece(
    cover: NDArray[np.float64], at: int, width: int, x0: float, x1: float, height: float
) -> None:
    """Add the part of each cell to the right of a piece of an edge within one row."""
    if x0 > x1:
        x0, x1 = x1, x0
    if x0 >= width:
        return
    if x1 <= 0:
        cover[at] += height
        return
    if x1 - x0 < UPRIGHT:
        x0 = max((x0 + x1) / 2, 0.0)
        x1 = x0
    column = int(max(x0, 0.0))
    if x0 >= 0 and x1 <= column + 1:
        right = height * ((x0 + x1) / 2 - column)
        cover[at + column] += height - right
        cover[at + column + 1] += right
        return
    steep = height / (x1 - x0)
    if x0 < 0:
        cover[at] -= steep * x0
        x0 = 0.0
    x1 = min(x1, np.float64(width))
    while column < x1:
        a, b = max(x0, np.float64(column)), min(x1, column + 1.0)
        whole = steep * (b - a)
        right = whole * ((a + b) / 2 - column)
        cover[at + column] += whole - right
        cover[at + column + 1] += right
        column += 1


@jit
def _edge(
    cover: NDArray[np.float64],
    height: int,
    width: int,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    sign: float,
) -> None:
    """Cut an edge at the rows and add its pieces."""
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -sign
    if y0 == y1 or y1 <= 0 or y0 >= height or min(x0, x1) >= width:
        return
    slope = (x1 - x0) / (y1 - y0)
    low, high = min(x0, x1), max(x0, x1)
    top, xa = y0, x0
    if y0 < 0:
        top, xa = 0.0, min(max(x0 - y0 * slope, low), high)
    end = min(y1, np.float64(height))
    row = int(top)
    while top < end:
        bottom = min(row + 1.0, end)
        xb = x1 if bottom == y1 else min(max(x0 + (bottom - y0) * slope, low), high)
        _piece(cover, row * (width + 2), width, xa, xb, (bottom - top) * sign)
        top, xa = bottom, xb
        row += 1


@jit
def _add(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    boxes: NDArray[np.float64],
    area: NDArray[np.float64],
    which: NDArray[np.int64],
    values: NDArray[np.float64],
    row0: int,
    column0: int,
    totals: NDArray[np.float64],
) -> None:
    cover = np.zeros(4096)
    for feature in which:
        left = int(max(np.floor(boxes[feature, 0]), column0))
        upper = int(max(np.floor(boxes[feature, 1]), row0))
        width = int(min(np.ceil(boxes[feature, 2]), column0 + values.shape[1])) - left
        height = int(min(np.ceil(boxes[feature, 3]), row0 + values.shape[0])) - upper
        if width <= 0 or height <= 0:
            continue
        if height * (width + 2) > len(cover):
            cover = np.zeros(2 * height * (width + 2))
        sign = 1.0 if area[feature] > 0 else -1.0
        for i in range(first[feature], first[feature + 1]):
            if turn[i] != 0:
                _edge(
                    cover, height, width, xy[i, 0] - left, xy[i, 1] - upper,
                    xy[i + 1, 0] - left, xy[i + 1, 1] - upper, -sign * turn[i],
                )  # fmt: skip
        small = min(abs(area[feature]), 1.0)
        cells = values[
            upper - row0 : upper - row0 + height, left - column0 : left - column0 + width
        ]
        _collect(cover, cells, DUST * small, TOUCHED * small, totals[feature])


@jit
def _collect(
    cover: NDArray[np.float64],
    values: NDArray[np.float64],
    dust: float,
    touched: float,
    totals: NDArray[np.float64],
) -> None:
    """Run along the rows, add up, and leave the cells at zero."""
    height, width = values.shape
    total, valid, covered, low, high = 0.0, 0.0, 0.0, totals[LOW], totals[HIGH]
    for row in range(height):
        at, running = row * (width + 2), 0.0
        for column in range(width):
            running += cover[at + column]
            cover[at + column] = 0.0
            if running <= dust:
                continue
            covered += running
            value = values[row, column]
            if value == value:  # noqa: PLR0124  NaN is not
                total += running * value
                valid += running
                if running > touched:
                    low, high = min(low, value), max(high, value)
        cover[at + width] = 0.0
        cover[at + width + 1] = 0.0
    totals[TOTAL] += total
    totals[VALID] += valid
    totals[COVERED] += covered
    totals[LOW], totals[HIGH] = low, high
