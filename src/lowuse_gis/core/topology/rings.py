"""Polygons as plain arrays: every ring's coordinates, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]

POLYGON = 3  # GEOS type number


@dataclass(frozen=True)
class Rings:
    """The rings of polygons.

    Attributes
    ----------
    xy
        Closed rings one after the other, less `origin`: a zone-prefixed easting of 39 million
        leaves too few digits for products of coordinates.
    offset
        Ring ``r`` is ``xy[offset[r]:offset[r + 1]]``.
    position
        Feature of each ring.
    part
        Number of the part of each ring, over all features.
    hole
        Rings that are holes.
    origin
        What was taken off, a whole number of metres, so that taking it off is exact.
    """

    xy: Floats
    offset: Whole
    position: Whole
    part: Whole
    hole: Bools
    origin: Floats


def rings_of(geometry: NDArray[np.object_], origin: Floats | None = None) -> Rings:
    """Take polygons apart.

    Parameters
    ----------
    geometry
        Polygons and multi-part polygons; None, lines and points are passed over, and so is every
        part with a coordinate that is not finite.
    origin
        What to take off the coordinates; the middle of the layer if not given.

    Returns
    -------
    Rings
        In the order of features, parts and rings.
    """
    parts, position = polygon_parts(geometry)
    rings, part = shapely.get_rings(parts, return_index=True)
    offset = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    xy = shapely.get_coordinates(rings)
    origin = _middle(xy) if origin is None else origin
    hole = np.concatenate([[False], part[1:] == part[:-1]])[: len(part)]
    return Rings(xy - origin, offset, position[part], part, hole, origin)


def polygon_parts(geometry: NDArray[np.object_]) -> tuple[NDArray[np.object_], Whole]:
    """Return the simple polygons with finite coordinates, and the feature of each."""
    parts, position = shapely.get_parts(geometry, return_index=True)
    if (shapely.get_type_id(parts) > POLYGON).any():  # parts of a collection
        parts, inner = shapely.get_parts(parts, return_index=True)
        position = position[inner]
    keep = (shapely.get_type_id(parts) == POLYGON) & ~shapely.is_empty(parts)
    keep &= finite(parts)
    return parts[keep], position[keep]


def segments(start: Floats, end: Floats) -> NDArray[np.object_]:
    """Draw a line from each start to its end."""
    drawn: Any = shapely.linestrings(np.stack([start, end], axis=1))
    return drawn


def polylines(start: Floats, end: Floats, breaks: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Draw segments that follow each other as lines.

    Parameters
    ----------
    start, end
        Ends of the segments, shape (n, 2).
    breaks
        Where a new line starts; true of the first.

    Returns
    -------
    ndarray of LineString
        As many as there are breaks.
    """
    line = np.cumsum(breaks) - 1
    last = np.flatnonzero(np.diff(line, append=-1))
    number = np.concatenate([line, line[last]])
    order = np.argsort(number, kind="stable")
    drawn: Any = shapely.linestrings(
        np.concatenate([start, end[last]])[order], indices=number[order]
    )
    return drawn


def finite(geometry: NDArray[np.object_]) -> Bools:
    """Say which geometries have finite coordinates only; one without any has."""
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    good = np.ones(len(geometry), dtype=np.bool_)
    good[owner[~np.isfinite(xy).all(axis=1)]] = False
    return good


def _middle(xy: Floats) -> Floats:
    if not len(xy):
        return np.zeros(2)
    return np.round((xy.min(axis=0) + xy.max(axis=0)) / 2)


def ring_areas(rings: Rings) -> Floats:
    """Return the signed area of each ring, above zero where it runs counterclockwise.

    Parameters
    ----------
    rings
        Closed rings.

    Returns
    -------
    ndarray of float
        Square metres, by the shoelace formula from each ring's first vertex.
    """
    if not len(rings.part):
        return np.zeros(0)
    first = np.repeat(rings.xy[rings.offset[:-1]], np.diff(rings.offset), axis=0)
    x, y = (rings.xy - first).T
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[rings.offset[1:] - 1] = 0.0  # from the end of one ring to the start of the next
    areas: Floats = np.add.reduceat(cross, rings.offset[:-1]) / 2
    return areas
