"""How wide a place is, and where: the largest circle that fits in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.core.topology.rings import POLYGON, polygon_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

STEPS = 9  # halvings: the width is found to 1/512 of what was not known about it
FINE = 0.002  # metres: below, the mean width is near enough


@dataclass(frozen=True)
class Widest:
    """The largest circle that fits into each polygon.

    Attributes
    ----------
    width
        Its diameter, metres; 0 of a polygon without area.
    x, y
        A place where it fits, or nearly: never in a tail. NaN of a polygon without area.
    """

    width: Floats
    x: Floats
    y: Floats


def widest_places(geometry: Shapes, *, threads: int = 2) -> Widest:
    """Find how wide each polygon is, and where.

    The mean width 2A/P is never more than the diameter of the largest circle that fits in, and
    equal for long even strips; but a tail, however thin, brings it down, so that a broad overlap
    with a tail would pass for a sliver. Between 2A/P and the narrow side of the smallest rectangle
    around (or the circle of the same area), the diameter is found by halving: shrunk by half of it,
    the polygon is just gone. The place is what was left last.

    Parameters
    ----------
    geometry
        Valid polygons; of several parts the widest counts.
    threads
        Threads to use.

    Returns
    -------
    Widest
        The width is not below the true one by more than 1/512 of the difference of the two bounds.
        Where even the rectangle is below FINE, it is the mean width.

    Examples
    --------
    >>> strip = shapely.box(0, 0, 100, 1)
    >>> found = widest_places(np.array([strip, shapely.union(strip, shapely.box(0, 0, 9, 9))]))
    >>> found.width.round(1)
    array([1., 9.])
    >>> found.x[1].round(1), found.y[1].round(1)
    (np.float64(4.5), np.float64(4.5))
    """
    parts, owner = polygon_parts(geometry)
    found = np.full((len(geometry), 3), (0.0, np.nan, np.nan))
    if len(parts):
        of_part = in_threads(_widest, parts, threads=threads)
        order = np.lexsort((of_part[:, 0], owner))
        last = order[np.flatnonzero(np.diff(owner[order], append=-1))]
        found[owner[last]] = of_part[last]
    return Widest(*found.T)


def _widest(parts: Shapes) -> Floats:
    """Halve the bounds of each part's width; return it and the place."""
    home = _homes(parts)
    parts = _moved(parts, home)
    area = shapely.area(parts)
    low = 2 * area / shapely.length(parts)
    high = np.minimum(box_sides(parts)[1], 2 * np.sqrt(area / np.pi))
    high = np.maximum(high, low)
    open_ = np.flatnonzero(high > FINE)
    core = parts.copy()
    core[open_] = _shrunk(parts[open_], 0.99 * low[open_])  # is never gone, but for rounding
    for _ in range(STEPS):
        middle = (low[open_] + high[open_]) / 2
        left = _shrunk(parts[open_], middle)
        gone = shapely.is_empty(left)
        high[open_[gone]] = middle[gone]
        low[open_[~gone]] = middle[~gone]
        core[open_[~gone]] = left[~gone]
    low[open_] = (low[open_] + high[open_]) / 2
    point = shapely.point_on_surface(np.where(shapely.is_empty(core), parts, core))
    place = np.column_stack([shapely.get_x(point), shapely.get_y(point)])
    return np.column_stack([low, place + home])


def _shrunk(parts: Shapes, width: Floats) -> Shapes:
    left: Shapes = shapely.buffer(parts, -width / 2, quad_segs=1, join_style="mitre")
    return left


def box_sides(parts: Shapes) -> tuple[Floats, Floats]:
    """Return the long and the narrow side of the smallest rectangle around each polygon.

    Parameters
    ----------
    parts
        Geometries; those without area give a narrow side of zero.

    Returns
    -------
    long, narrow : ndarray of float
        Metres.
    """
    boxes = shapely.minimum_rotated_rectangle(_moved(parts, _homes(parts)))
    long, narrow = shapely.length(boxes) / 2, np.zeros(len(parts))
    flat = shapely.get_type_id(boxes) == POLYGON
    xy = shapely.get_coordinates(boxes[flat]).reshape(-1, 5, 2)
    sides = np.stack([np.hypot(*(xy[:, i + 1] - xy[:, i]).T) for i in (0, 1)])
    long[flat], narrow[flat] = sides.max(axis=0), sides.min(axis=0)
    return long, narrow


def _homes(parts: Shapes) -> Floats:
    """Return the first vertex of each shape: eastings of 39 million leave too few digits."""
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    home = np.zeros((len(parts), 2))
    home[owner[first]] = xy[first]
    return home


def _moved(parts: Shapes, home: Floats) -> Shapes:
    """Return the shapes with their homes at the origin."""
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    with np.errstate(invalid="ignore"):  # a coordinate that is not finite
        moved: Shapes = shapely.set_coordinates(parts.copy(), xy - home[owner])
    return moved
