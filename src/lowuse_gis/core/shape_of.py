"""How compact areas are, by three measures that planners know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def polsby_popper(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return 4π·area / perimeter²: 1 for a circle (Polsby and Popper 1991).

    Parameters
    ----------
    shapes
        Polygons and multipolygons of one plane.

    Returns
    -------
    ndarray of float
        0 to 1; NaN without an area.

    Examples
    --------
    >>> polsby_popper(shapely.box([0], [0], [10], [10])).round(4).tolist()
    [0.7854]
    """
    area, length = shapely.area(shapes), shapely.length(shapes)
    return _divided(4 * np.pi * area, length**2)


def hull_ratio(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return area / area of the convex hull.

    Parameters
    ----------
    shapes
        Polygons and multipolygons of one plane.

    Returns
    -------
    ndarray of float
        0 to 1; NaN without an area.
    """
    return _divided(shapely.area(shapes), shapely.area(shapely.convex_hull(shapes)))


def inertia_ratio(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return area² / (2π · moment of inertia about the centroid): 1 for a circle.

    The moment is the sum over edges of ``cross · (a² + a·b + b²) / 12`` with rings turned so that
    holes count against their shells (Li, Goodchild and Church 2013).

    Parameters
    ----------
    shapes
        Polygons and multipolygons of one plane.

    Returns
    -------
    ndarray of float
        0 to 1; NaN without an area.

    Examples
    --------
    >>> inertia_ratio(shapely.box([0, 0], [0, 0], [10, 20], [10, 5])).round(3).tolist()
    [0.955, 0.449]
    """
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    rings, of = _rings(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = xy - centre[of[ring]]
    a, b, same = xy[:-1], xy[1:], ring[:-1] == ring[1:]
    cross = (a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]) * same
    square = (a**2 + a * b + b**2).sum(axis=1)
    moment = np.bincount(of[ring[:-1]], cross * square / 12, minlength=len(shapes))
    return _divided(shapely.area(shapes) ** 2, 2 * np.pi * np.abs(moment))


def _rings(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return all rings, shells one way round and holes the other, and whose they are."""
    parts, owner = shapely.get_parts(shapely.normalize(shapes), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, owner[part]


def _divided(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
