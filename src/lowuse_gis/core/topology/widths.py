"""How wide a place is: the largest circle that fits in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.overlay import in_threads
from lowuse_gis.core.topology.rings import POLYGON, polygon_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

STEPS = 9  # halvings: the width is found to 1/512 of what was not known about it
FINE = 0.002  # metres: below, the mean width is near enough


def inscribed_width(geometry: Shapes, *, threads: int = 2) -> Floats:
    """Return the diameter of the largest circle that fits into each polygon.

    The mean width 2A/P is never more than that, and equal for long even strips; but a tail, however
    thin, brings it down, so that a broad overlap with a tail would pass for a sliver. Between 2A/P
    and the narrow side of the smallest rectangle around, the diameter is found by halving:
    shrunk by half of it, the polygon is just gone.

    Parameters
    ----------
    geometry
        Valid polygons; of several parts the widest counts.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Metres; not below the true value by more than 1/512 of the difference of the two bounds.
        Where even the rectangle is below FINE, the mean width.

    Examples
    --------
    >>> strip = shapely.box(0, 0, 100, 1)
    >>> inscribed_width(np.array([strip, shapely.union(strip, shapely.box(0, 0, 9, 9))])).round(1)
    array([1., 9.])
    """
    parts, owner = polygon_parts(geometry)
    width = np.zeros(len(geometry))
    if not len(parts):
        return width
    wide = in_threads(_widths, parts, threads=threads)
    np.maximum.at(width, owner, wide)
    return width


def _widths(parts: Shapes) -> Floats:
    """Halve the bounds of each part's width."""
    parts = _at_home(parts)
    low = 2 * shapely.area(parts) / shapely.length(parts)
    high = np.maximum(box_sides(parts)[1], low)
    open_ = np.flatnonzero(high > FINE)
    for _ in range(STEPS):
        middle = (low[open_] + high[open_]) / 2
        left = shapely.buffer(parts[open_], -middle / 2, quad_segs=1, join_style="mitre")
        gone = shapely.is_empty(left)
        high[open_[gone]] = middle[gone]
        low[open_[~gone]] = middle[~gone]
    low[open_] = (low[open_] + high[open_]) / 2
    return low


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
    boxes = shapely.minimum_rotated_rectangle(_at_home(parts))
    long, narrow = shapely.length(boxes) / 2, np.zeros(len(parts))
    flat = shapely.get_type_id(boxes) == POLYGON
    xy = shapely.get_coordinates(boxes[flat]).reshape(-1, 5, 2)
    sides = np.stack([np.hypot(*(xy[:, i + 1] - xy[:, i]).T) for i in (0, 1)])
    long[flat], narrow[flat] = sides.max(axis=0), sides.min(axis=0)
    return long, narrow


def _at_home(parts: Shapes) -> Shapes:
    """Move each shape to its first vertex: eastings of 39 million leave too few digits."""
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    home = np.zeros((len(parts), 2))
    home[owner[first]] = xy[first]
    with np.errstate(invalid="ignore"):  # a coordinate that is not finite
        moved: Shapes = shapely.set_coordinates(parts.copy(), xy - home[owner])
    return moved
