"""Ellipsoidal area from coordinates of a Gauss-Krüger plane, by the formula of the land survey.

The official series for the area of a trapezoid (国土调查办发〔2008〕32号) is the difference of one
function q of latitude, so that a polygon's area is a shoelace over longitude and q. Rings that are
not large are measured by the polynomial of the cell they begin in, which serves all rings there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import chunks, jit
from lowuse_gis.kernels.gauss_kruger import (
    CELL,
    REACH,
    area_to,
    inverse,
    near,
    no_cells,
    polynomial,
    powers_of_sine,
    series_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.gauss_kruger import Plane
    from lowuse_gis.kernels.ragged import Ragged


def ellipsoidal_areas(
    layer: Ragged,
    plane: Plane,
    terms: NDArray[np.float64],
    longest_edge: float,
    *,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return the area of each feature on the ellipsoid.

    Parameters
    ----------
    layer
        Polygons in the plane.
    plane
        The plane.
    terms
        Coefficients of sin B, sin 3B, … of q(B), m² per radian.
    longest_edge
        Metres: longer edges are cut into equal pieces first.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Square metres, not rounded.
    """
    area = np.zeros(len(layer))
    series, powers = series_of(plane), powers_of_sine(terms)
    shift = np.array(
        [layer.origin[0] - plane.false_easting, layer.origin[1] - plane.false_northing]
    )

    def measure(start: int, stop: int) -> None:
        _measure(
            layer.xy,
            layer.turn,
            layer.first,
            shift,
            series,
            powers,
            longest_edge,
            area,
            start,
            stop,
        )

    chunks(measure, len(layer), threads)
    return area


@jit
def _ring(
    xy: NDArray[np.float64],
    begin: int,
    end: int,
    middle: tuple[float, float],
    by: NDArray[np.float64],
    longest: float,
) -> float:
    """Add up the trapezoids of a ring that is near the middle of its cell."""
    total = 0.0
    ax, ay = xy[begin, 0] - middle[0], xy[begin, 1] - middle[1]
    la, qa = near(ax, ay, by)
    for i in range(begin + 1, end + 1):
        bx, by_ = xy[i, 0] - middle[0], xy[i, 1] - middle[1]
        dx, dy = bx - ax, by_ - ay
        if dx * dx + dy * dy > longest * longest:
            pieces = int(np.ceil(np.hypot(dx, dy) / longest))
            for k in range(1, pieces):
                lb, qb = near(ax + dx * (k / pieces), ay + dy * (k / pieces), by)
                total += (lb - la) * (qa + qb)
                la, qa = lb, qb
        lb, qb = near(bx, by_, by)
        total += (lb - la) * (qa + qb)
        la, qa, ax, ay = lb, qb, bx, by_
    return total / 2


@jit
def _large_ring(
    xy: NDArray[np.float64],
    begin: int,
    end: int,
    shift: NDArray[np.float64],
    series: NDArray[np.float64],
    powers: NDArray[np.float64],
    longest: float,
) -> float:
    """Add up the trapezoids of a ring, its first vertex for an origin, by the series."""
    total, la, qa = 0.0, 0.0, 0.0
    l0, sine = inverse(xy[begin, 0] + shift[0], xy[begin, 1] + shift[1], series)
    q0 = area_to(sine, powers)
    for i in range(begin, end):
        dx, dy = xy[i + 1, 0] - xy[i, 0], xy[i + 1, 1] - xy[i, 1]
        pieces = max(int(np.ceil(np.hypot(dx, dy) / longest)), 1)
        for k in range(1, pieces + 1):
            x = xy[i, 0] + dx * (k / pieces) + shift[0]
            y = xy[i, 1] + dy * (k / pieces) + shift[1]
            longitude, sine = inverse(x, y, series)
            lb, qb = longitude - l0, area_to(sine, powers) - q0
            total += (lb - la) * (qa + qb)
            la, qa = lb, qb
    return total / 2


@jit
def _measure(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    shift: NDArray[np.float64],
    series: NDArray[np.float64],
    powers: NDArray[np.float64],
    longest: float,
    area: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    """Measure ring by ring; a ring ends where the turn is 0."""
    known, table = no_cells()
    for feature in range(start, stop):
        total, begin = 0.0, first[feature]
        while begin < first[feature + 1]:
            east, north = xy[begin, 0] + shift[0], xy[begin, 1] + shift[1]
            cell = int(np.round(east / CELL)), int(np.round(north / CELL))
            middle = cell[0] * CELL - shift[0], cell[1] * CELL - shift[1]
            end, far = begin, 0.0
            while turn[end] != 0:
                far = max(far, abs(xy[end, 0] - middle[0]), abs(xy[end, 1] - middle[1]))
                end += 1
            if far > REACH:
                ring = _large_ring(xy, begin, end, shift, series, powers, longest)
            else:
                by = polynomial(cell, series, known, table)
                ring = _ring(xy, begin, end, middle, by, longest)
            total -= turn[begin] * ring
            begin = end + 1
        area[feature] = total
