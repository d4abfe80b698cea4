"""Lines that part units: roads, railways, rivers as they are drawn on maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.stages.units.straddling import LINE, cut_parcels, seen_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

SLIT = 0.01  # m: half the width of the cut that a line makes
LEFT = 0.1  # of the border: with less of it left, a line runs along the border


@dataclass(frozen=True)
class Parted:
    """What lines part.

    Attributes
    ----------
    cut
        Per pair of neighbours: a line runs between them.
    straddling
        Of `seen_at`: parcels that a line cuts; they belong to the larger side.
    sides
        Every node without the slits of lines, of what falls apart only the larger side.
    """

    cut: NDArray[np.bool_]
    straddling: pd.DataFrame
    sides: NDArray[np.object_]


def hard_lines(barriers: gpd.GeoDataFrame | None, spec: Mapping[str, Any]) -> NDArray[np.object_]:
    """Return the lines that part units.

    Parameters
    ----------
    barriers, spec
        All lines; ``units.toml`` says which of them count.

    Returns
    -------
    ndarray of geometry
    """
    if barriers is None:
        return np.zeros(0, dtype=object)
    if spec["barrier_column"] not in barriers:
        return np.asarray(barriers.geometry.to_numpy(), dtype=object)
    chosen = barriers[barriers[spec["barrier_column"]].isin(spec["barriers"])]
    return np.asarray(chosen.geometry.to_numpy(), dtype=object)


def crossed(
    paths: NDArray[np.object_], lines: NDArray[np.object_], walls: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Say which paths meet a line or run through an area that parts units.

    Parameters
    ----------
    paths
        Lines between two nodes.
    lines, walls
        Lines and areas that part units.

    Returns
    -------
    ndarray of bool
    """
    found = np.zeros(len(paths), dtype=bool)
    if len(paths) and len(lines):
        found[np.unique(shapely.STRtree(lines).query(paths, predicate="intersects")[0])] = True
    if len(paths) and len(walls):
        path, wall = shapely.STRtree(walls).query(paths, predicate="intersects")
        inside = shapely.length(shapely.intersection(paths[path], walls[wall])) > SLIT
        found[np.unique(path[inside])] = True
    return found


def parted_by_lines(
    nodes: gpd.GeoDataFrame,
    lines: NDArray[np.object_],
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    least: float,
    *,
    threads: int = 2,
) -> Parted:
    """Find the neighbours that a line parts.

    Lines are slits in the nodes; of a node that falls apart only the larger side counts. A line
    parts two neighbours where their sides have less than a tenth of the border left: one that ends
    in a node, or crosses the border and leaves a node whole, parts nothing. Where the border is
    noded differently on both sides, so that it cannot be looked at, the path from inside one side
    over the nearest places to inside the other tells.

    Parameters
    ----------
    nodes
        Of `nodes_of`.
    lines
        Lines that part units.
    pairs
        Neighbours, and the metres of their common border.
    least
        Share of a parcel beyond a line that is told; less means that it runs along the border.
    threads
        Threads to use.

    Returns
    -------
    Parted
    """
    left, right, border = pairs
    cut = np.zeros(len(left), dtype=bool)
    shapes = nodes.geometry.to_numpy()
    parts, of, share = _sides(shapes, lines, threads)
    at, first = np.unique(of, return_index=True)  # nothing is left within the slit
    sides = shapes.copy()
    sides[at] = parts[first]
    told = cut_parcels(nodes, (of, share), LINE, least)
    second = first[np.searchsorted(at, told["at"])] + 1
    straddling = seen_at(told, parts[second])
    close = np.flatnonzero(np.isin(left, at) | np.isin(right, at))
    if len(close):
        a, b = left[close], right[close]
        few = _common(sides[a], sides[b], threads) < LEFT * border[close]
        close, a, b = close[few], a[few], b[few]
        cut[close] = True
        unseen = _common(shapes[a], shapes[b], threads) < LEFT * border[close]
        a, b = a[unseen], b[unseen]
        cut[close[unseen]] = crossed(_paths(shapes, sides, a, b), lines, shapes[:0])
    return Parted(cut, straddling, sides)


def _common(
    one: NDArray[np.object_], other: NDArray[np.object_], threads: int
) -> NDArray[np.float64]:
    """Return the metres of border that areas share, pair by pair."""
    return shapely.length(in_threads(shapely.intersection, one, other, threads=threads))


def _paths(
    shapes: NDArray[np.object_],
    sides: NDArray[np.object_],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
) -> NDArray[np.object_]:
    """Return lines from inside one side over the nearest places to inside the other."""
    middle = shapely.centroid(shapely.shortest_line(shapes[a], shapes[b]))
    inner = (shapely.point_on_surface(sides[ends]) for ends in (a, b))
    one, two = (shapely.get_coordinates(points) for points in inner)
    paths = shapely.linestrings(np.stack([one, shapely.get_coordinates(middle), two], axis=1))
    return np.asarray(paths, dtype=object)


def _sides(
    shapes: NDArray[np.object_], lines: NDArray[np.object_], threads: int
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.float64]]:
    """Return the parts of what lines touch: shape, node (ascending), share, the largest first."""
    node, line = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=SLIT)
    if not len(node):
        return shapes[:0], np.zeros(0, np.int64), np.zeros(0)
    slits = shapely.buffer(lines, SLIT, quad_segs=1, cap_style="flat")
    at, group = np.unique(node, return_inverse=True)
    order = np.lexsort((line, group))  # not in that of the tree, which holds other lines too
    slit = union_by_group(slits[line[order]], group[order], threads=threads)
    rest = in_threads(shapely.difference, shapes[at], slit, threads=threads)
    parts, of = shapely.get_parts(rest, return_index=True)
    size = shapely.area(parts)
    order = np.lexsort((-size, of))
    share = size / np.bincount(of, size)[of]
    return parts[order], at[of[order]], share[order]
