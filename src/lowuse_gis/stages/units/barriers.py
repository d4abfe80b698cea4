"""Lines that part units: roads, railways, rivers as they are drawn on maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from lowuse_gis.stages.units.straddling import LINE, cut_parcels, seen_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

SLIT = 0.01  # m: half the width of the cut that a line makes


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
        Every node, of what a line cuts only the larger side.
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
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    least: float,
) -> Parted:
    """Find the neighbours that a line parts.

    The path from inside one node over the middle of the common border to inside the other meets a
    line that runs between them, along their border, or through one of them. Inside means inside
    the larger part where a line cuts a node, so that it belongs to that side.

    Parameters
    ----------
    nodes
        Of `nodes_of`.
    lines
        Lines that part units.
    pairs
        Neighbours.
    least
        Share of a parcel beyond a line that is told; less means that it runs along the border.

    Returns
    -------
    Parted
    """
    left, right = pairs
    cut = np.zeros(len(left), dtype=bool)
    shapes = nodes.geometry.to_numpy()
    tree = shapely.STRtree(lines)
    touched = np.unique(tree.query(shapes, predicate="dwithin", distance=SLIT)[0])
    parts, of, share = _sides(shapes, touched, lines, tree)
    at, first = np.unique(of, return_index=True)  # nothing is left within the slit
    sides = shapes.copy()
    sides[at] = parts[first]
    told = cut_parcels(nodes, (of, share), LINE, least)
    second = first[np.searchsorted(at, told["at"])] + 1
    straddling = seen_at(told, parts[second])
    if not len(touched):
        return Parted(cut, straddling, sides)
    inner = shapely.point_on_surface(sides)
    close = np.isin(left, touched) | np.isin(right, touched)
    a, b = left[close], right[close]
    middle = shapely.point_on_surface(shapely.intersection(shapes[a], shapes[b]))
    nowhere = shapely.is_empty(middle)  # borders noded differently have no common line
    middle[nowhere] = shapely.centroid(shapely.shortest_line(shapes[a], shapes[b])[nowhere])
    ends = [shapely.get_coordinates(x) for x in (inner[a], middle, inner[b])]
    paths = shapely.linestrings(np.stack(ends, axis=1))
    cut[close] = crossed(np.asarray(paths, dtype=object), lines, shapes[:0])
    return Parted(cut, straddling, sides)


def _sides(
    shapes: NDArray[np.object_],
    touched: NDArray[np.int64],
    lines: NDArray[np.object_],
    tree: shapely.STRtree,
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.float64]]:
    """Return the parts of what lines cut: shape, node (ascending) and share, the largest first."""
    node, line = tree.query(shapes[touched], predicate="crosses")
    if not len(node):
        return shapes[:0], np.zeros(0, np.int64), np.zeros(0)
    at, group = np.unique(touched[node], return_inverse=True)
    slits = gpd.GeoSeries(shapely.buffer(lines[line], SLIT, quad_segs=1, cap_style="flat"))
    slit = slits.groupby(group).apply(lambda part: shapely.union_all(part.to_numpy()))
    parts, of = shapely.get_parts(
        shapely.difference(shapes[at], slit.to_numpy()), return_index=True
    )
    size = shapely.area(parts)
    order = np.lexsort((-size, of))
    share = size / np.bincount(of, size)[of]
    return parts[order], at[of[order]], share[order]
