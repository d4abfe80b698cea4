"""How much of the boundary of a parcel lies at roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.straight_pieces import boxes_around, pieces_near, straight_pieces
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.apart import apart
from lowuse_gis.kernels.compiled import SMALL, wanted
from lowuse_gis.kernels.origin import origin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

CORNERS = 4  # segments to a quarter of a circle
STILL = 1e-12  # metres: an edge that leads no nearer
DIGITS = 6  # of a metre


def frontage(
    shapes: NDArray[np.object_],
    lines: NDArray[np.object_],
    reach: float,
    *,
    threads: int = 2,
    compiled_from: int = SMALL,
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
    compiled_from
        How many shapes compiled loops begin with.

    Returns
    -------
    ndarray of float
        Metres of outer and inner boundary, each counted once, to a micrometre, so that the order
        of adding decides no digit. What only leads away from the line counts as far as it is
        within reach.

    Examples
    --------
    A street along the south side of a square of 100 m, 10 m away; 5 m of each side reach it too:

    >>> lot, street = shapely.box(0, 0, 100, 100), shapely.LineString([(-50, -10), (150, -10)])
    >>> frontage(np.array([lot]), np.array([street]), 15.0).round(6).tolist()
    [110.0]
    """
    if not (shapely.get_dimensions(lines) == 1).all():
        found = _inside(shapes, lines, reach, threads)
    elif wanted(len(shapes), compiled_from):
        found = _compiled(shapes, straight_pieces(lines)[0], reach, threads)
    else:
        pieces = pieces_near(straight_pieces(lines)[0], boxes_around(shapes, reach))
        tree = shapely.STRtree(pieces)
        ends = shapely.get_coordinates(pieces).reshape(-1, 2, 2)
        found = in_threads(lambda some: _beside(some, tree, ends, reach), shapes, threads=threads)
    return np.round(found, DIGITS)


def _compiled(
    shapes: NDArray[np.object_], ends: NDArray[np.float64], reach: float, threads: int
) -> NDArray[np.float64]:
    from lowuse_gis.kernels.roadside import boundary_near  # noqa: PLC0415  loads numba

    layer = apart(shapes, origin_of(shapes))
    pieces = (ends - np.array(layer.origin)).reshape(-1, 4)
    return boundary_near(layer, pieces, reach, threads=threads)


def _beside(
    shapes: NDArray[np.object_], tree: shapely.STRtree, ends: NDArray[np.float64], reach: float
) -> NDArray[np.float64]:
    """Measure boundary along straight pieces, edge by edge, without building any shape.

    What lies within reach of a piece is convex, so of an edge it takes one interval; of an edge
    along several pieces the union of the intervals counts.
    """
    at, piece = tree.query(shapely.box(*boxes_around(shapes, reach).T))
    start, along, first = _edges(shapes)
    counts = (first[1:] - first[:-1])[at]
    edge = np.repeat(first[:-1][at] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    piece = np.repeat(piece, counts)
    low, high = _within(start[edge], along[edge], ends[piece], reach)
    near = low < high
    edge, low, high = edge[near], low[near], high[near]
    order = np.lexsort((high, low, edge))
    edge, low, high = edge[order], low[order], high[order]
    share = np.maximum(high - np.maximum(low, _reached(edge, high)), 0.0)
    owner = np.repeat(np.arange(len(shapes)), first[1:] - first[:-1])
    length = np.hypot(along[:, 0], along[:, 1])
    metres = share * length[edge]
    return np.bincount(owner[edge], metres, minlength=len(shapes)).astype(np.float64)


def _reached(edge: NDArray[np.intp], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the intervals before each one reach on its edge; -1 for the first.

    By rank, so that no digit is lost and nothing hangs on how many edges come before.
    """
    by_height = np.argsort(high, kind="stable")
    rank = np.empty(len(high), dtype=np.int64)
    rank[by_height] = np.arange(len(high))
    furthest = np.maximum.accumulate(edge * len(high) + rank)
    first = np.diff(edge, prepend=-1) != 0
    before = np.concatenate([[0], furthest])[: len(high)] % max(len(high), 1)
    return np.where(first, -1.0, high[by_height[before]])


def _edges(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return where the edges of all rings begin, where they lead, and the first of each shape."""
    parts, whole = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    owner = whole[part]
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start = vertices[:-1][same]
    counts = np.bincount(owner[ring[1:][same]], minlength=len(shapes))
    return start, vertices[1:][same] - start, np.concatenate([[0], np.cumsum(counts)])


def _within(
    start: NDArray[np.float64],
    along: NDArray[np.float64],
    ends: NDArray[np.float64],
    reach: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from where to where, as parts of its length, each edge is within reach of a piece."""
    line = ends[:, 1] - ends[:, 0]
    length = np.hypot(line[:, 0], line[:, 1])
    unit = line / np.where(length > 0, length, 1.0)[:, None]
    apart = start - ends[:, 0]
    a0, a1 = (apart * unit).sum(axis=1), (along * unit).sum(axis=1)
    c0 = apart[:, 0] * unit[:, 1] - apart[:, 1] * unit[:, 0]
    c1 = along[:, 0] * unit[:, 1] - along[:, 1] * unit[:, 0]
    middle = [_between(a0, a1, 0.0, length), _between(c0, c1, -reach, reach)]
    low = np.maximum.reduce([middle[0][0], middle[1][0], np.zeros(len(a0))])
    high = np.minimum.reduce([middle[0][1], middle[1][1], np.ones(len(a0))])
    lows, highs = [np.where(low < high, low, np.inf)], [np.where(low < high, high, -np.inf)]
    square = a1 * a1 + c1 * c1
    for end in (0.0, length):
        half = ((a0 - end) * a1 + c0 * c1) / np.where(square > 0, square, 1.0)
        off = ((a0 - end) ** 2 + c0 * c0 - reach * reach) / np.where(square > 0, square, 1.0)
        root = np.sqrt(np.maximum(half * half - off, 0.0))
        low, high = np.maximum(-half - root, 0.0), np.minimum(-half + root, 1.0)
        met = (half * half > off) & (low < high) & (square > 0)
        lows.append(np.where(met, low, np.inf))
        highs.append(np.where(met, high, -np.inf))
    return np.minimum.reduce(lows), np.maximum.reduce(highs)


def _between(
    first: NDArray[np.float64],
    change: NDArray[np.float64],
    least: float | NDArray[np.float64],
    most: float | NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from where to where ``first + t · change`` lies between two bounds."""
    still = np.abs(change) < STILL
    step = np.where(still, 1.0, change)
    one, other = (least - first) / step, (most - first) / step
    inside = (first >= least) & (first <= most)
    low = np.where(still, np.where(inside, 0.0, np.inf), np.minimum(one, other))
    high = np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(one, other))
    return low, high


def _inside(
    shapes: NDArray[np.object_], lines: NDArray[np.object_], reach: float, threads: int
) -> NDArray[np.float64]:
    """Measure boundary within areas widened by reach."""
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
