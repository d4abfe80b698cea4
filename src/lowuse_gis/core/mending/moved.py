"""How far the outlines of mended shapes moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.topology.rings import segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]


def farthest_moved(before: Shapes, after: Shapes) -> Floats:
    """Return how far outlines moved at most.

    Parameters
    ----------
    before, after
        Polygons one for one; None has no outline.

    Returns
    -------
    ndarray of float
        Metres, per pair: of the vertices that only one of the two has, the largest distance from
        the outline of the other. Vertices that are not finite do not count.

    Examples
    --------
    >>> one, two = shapely.box(0, 0, 10, 10), shapely.Polygon([(0, 0), (10, 0), (10, 13), (0, 10)])
    >>> farthest_moved(np.array([one]), np.array([two])).tolist()
    [3.0]
    """
    old, new, count = _points(before), _points(after), len(before)
    return np.maximum(
        _distances(_lacking(new, old), old, count), _distances(_lacking(old, new), new, count)
    )


def _points(shapes: Shapes) -> pd.DataFrame:
    """Return the finite vertices of all rings with their owner and ring."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    points = pd.DataFrame({"owner": owner[part[ring]], "ring": ring, "x": xy[:, 0], "y": xy[:, 1]})
    return points[np.isfinite(xy).all(axis=1)]


def _lacking(points: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the points that the others of the same owner do not have."""
    names = ["owner", "x", "y"]
    mine = points[names].drop_duplicates()
    both = mine.merge(others[names].drop_duplicates(), how="left", indicator=True)
    return mine[(both["_merge"] == "left_only").to_numpy()]


def _distances(points: pd.DataFrame, outline: pd.DataFrame, count: int) -> Floats:
    """Return per owner the largest distance of its points from its outline.

    All owners are set apart from each other so far that one tree answers for all: comparing every
    vertex with every edge would take hours for a ring of a million.
    """
    far = np.zeros(count)
    points = points[points["owner"].isin(outline["owner"])]
    outline = outline[outline["owner"].isin(points["owner"])]
    if not len(points):
        return far
    whole = pd.concat([points, outline]).groupby("owner")[["x", "y"]].agg(["min", "max"])
    low = whole.xs("min", axis=1, level=1)
    size = whole.xs("max", axis=1, level=1) - low
    step = 3.0 * float(np.hypot(size["x"], size["y"]).max()) + 1.0
    away = low.assign(x=low["x"] - step * np.arange(len(low)))
    xy, ring = _apart(outline, away), outline["ring"].to_numpy()
    edge = ring[1:] == ring[:-1]
    tree = shapely.STRtree(segments(xy[:-1][edge], xy[1:][edge]))
    place = shapely.points(_apart(points, away))
    (at, _edge), distance = tree.query_nearest(place, return_distance=True, all_matches=False)
    np.maximum.at(far, points["owner"].to_numpy()[at], distance)
    return far


def _apart(points: pd.DataFrame, away: pd.DataFrame) -> Floats:
    shift = away.loc[points["owner"]].to_numpy()
    moved: Floats = points[["x", "y"]].to_numpy() - shift
    return moved
