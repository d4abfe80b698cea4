"""How far the next road is from a parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import cKDTree

from lowuse_gis.core.straight_pieces import boxes_around, pieces_near, straight_pieces
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.apart import apart
from lowuse_gis.kernels.compiled import SMALL, wanted
from lowuse_gis.kernels.origin import origin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 6  # of a metre


def nearest(
    shapes: NDArray[np.object_],
    lines: NDArray[np.object_],
    *,
    threads: int = 2,
    compiled_from: int = SMALL,
) -> NDArray[np.float64]:
    """Return the distance to the nearest line.

    Parameters
    ----------
    shapes
        Polygons of one plane.
    lines
        Lines or areas, at least one.
    threads
        Threads to use.
    compiled_from
        How many shapes compiled loops begin with.

    Returns
    -------
    ndarray of float
        Metres, to a micrometre; 0 where one runs through.

    Notes
    -----
    From one vertex of a shape to the nearest of many points on the lines it is never nearer than
    from shape to line. What lies within that distance of the shape's box is all that is measured.

    Examples
    --------
    >>> street = shapely.LineString([(-9, 60), (9, 60)])
    >>> nearest(shapely.box([0, 90], 0, [50, 140], 50), np.array([street])).round(2).tolist()
    [10.0, 81.61]
    """
    straight, areas = straight_pieces(lines)
    known = cKDTree(np.concatenate([straight.reshape(-1, 2), shapely.get_coordinates(areas)]))

    def first_reach(some: NDArray[np.object_]) -> NDArray[Any]:
        vertices, of = shapely.get_coordinates(some, return_index=True)
        first = np.flatnonzero(np.diff(of, prepend=-1))
        reach = np.full(len(some), np.nan)
        reach[of[first]] = known.query(vertices[first])[0]
        return reach

    reach = in_threads(first_reach, shapes, threads=threads)
    if not len(areas) and wanted(len(shapes), compiled_from):
        return np.round(_compiled(shapes, straight, reach, threads), DIGITS)
    around = boxes_around(shapes, reach)
    pieces = np.concatenate([pieces_near(straight, around), areas])
    tree = shapely.STRtree(pieces)

    def measure(some: NDArray[np.object_], boxes: NDArray[np.float64]) -> NDArray[Any]:
        at, piece = tree.query(shapely.box(*boxes.T))
        order = np.argsort(at, kind="stable")
        at, piece = at[order], piece[order]
        distance = shapely.distance(some[at], pieces[piece])
        found = np.full(len(some), np.nan)
        starts = np.flatnonzero(np.diff(at, prepend=-1))
        if len(at):
            found[at[starts]] = np.minimum.reduceat(distance, starts)
        return found

    return np.round(in_threads(measure, shapes, around, threads=threads), DIGITS)


def _compiled(
    shapes: NDArray[np.object_],
    ends: NDArray[np.float64],
    reach: NDArray[np.float64],
    threads: int,
) -> NDArray[np.float64]:
    from lowuse_gis.kernels.nearby import distance_to_nearest  # noqa: PLC0415  loads numba

    layer = apart(shapes, origin_of(shapes))
    pieces = (ends - np.array(layer.origin)).reshape(-1, 4)
    return distance_to_nearest(layer, pieces, reach, threads=threads)
