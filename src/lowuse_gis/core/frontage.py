"""Roads at parcels: how far the next one is, and how much boundary lies at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.threaded import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

CORNERS = 4  # segments to a quarter of a circle


def nearest(shapes: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the distance to the nearest line.

    Parameters
    ----------
    shapes
        Polygons of one plane.
    lines
        Lines or areas, at least one.

    Returns
    -------
    ndarray of float
        Metres; 0 where one runs through.
    """
    (at, _line), distance = shapely.STRtree(lines).query_nearest(
        shapes, all_matches=False, return_distance=True
    )
    found = np.full(len(shapes), np.nan)
    found[at] = distance
    return found


def frontage(
    shapes: NDArray[np.object_], lines: NDArray[np.object_], reach: float, *, threads: int = 2
) -> NDArray[np.float64]:
    """Return how much of each boundary lies within reach of a line.

    Parameters
    ----------
    shapes
        Polygons of one plane.
    lines
        Lines or areas.
    reach
        Metres.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Metres of outer and inner boundary, each counted once. What only leads away from the line
        counts as far as it is within reach.

    Examples
    --------
    A street along the south side of a square of 100 m, 10 m away; 5 m of each side reach it too:

    >>> lot, street = shapely.box(0, 0, 100, 100), shapely.LineString([(-50, -10), (150, -10)])
    >>> frontage(np.array([lot]), np.array([street]), 15.0).tolist()
    [110.0]
    """
    tree = shapely.STRtree(lines)
    at, line = tree.query(shapes, predicate="dwithin", distance=reach)
    found = np.zeros(len(shapes))
    if not len(at):
        return found
    used, number = np.unique(line, return_inverse=True)

    def widened(some: NDArray[np.object_]) -> NDArray[Any]:
        area: Any = shapely.buffer(some, reach, quad_segs=CORNERS)
        return np.asarray(area)

    def at_road(some: NDArray[np.object_], area: NDArray[np.object_]) -> NDArray[Any]:
        return np.asarray(shapely.length(shapely.intersection(shapely.boundary(some), area)))

    near = in_threads(widened, lines[used], threads=threads)
    order = np.lexsort((line, at))
    mine, group = np.unique(at[order], return_inverse=True)
    around = union_by_group(near[number[order]], group, threads=threads)
    found[mine] = in_threads(at_road, shapes[mine], around, threads=threads)
    return found
