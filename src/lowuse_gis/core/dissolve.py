"""Dissolve polygons by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.compiled import SMALL, wanted

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 1_000  # outlines, which may be long, to a chunk
OFF = 1e-9  # of the area: more, and the outline is not that of the union


def dissolve(
    polygons: NDArray[np.object_],
    group: NDArray[np.intp],
    *,
    threads: int = 2,
    compiled_from: int = SMALL,
) -> NDArray[np.object_]:
    """Unite the polygons of each group.

    Parameters
    ----------
    polygons
        Valid polygons of one plane.
    group
        Group number of each, from 0 without gaps, in any order.
    threads
        Threads for what is united by GEOS.
    compiled_from
        How many polygons compiled loops begin with; 0 where some groups must give what all give:
        the two ways begin rings at other vertices.

    Returns
    -------
    ndarray of geometry
        One per group. Where the members share their vertices and do not overlap, so does the
        result: its outline is walked along their edges. Other groups are united by GEOS.
    """
    count = int(group.max()) + 1 if len(group) else 0
    shapes = np.empty(count, dtype=object)
    if count and wanted(len(polygons), compiled_from):
        shapes = _walked(polygons, group, count, threads)
    rest = np.flatnonzero(shapely.is_missing(shapes))
    if len(rest):
        mine = np.isin(group, rest)
        order = np.argsort(group[mine], kind="stable")
        label = np.searchsorted(rest, group[mine][order])
        shapes[rest] = union_by_group(polygons[mine][order], label, threads=threads)
    return shapes


def _walked(
    polygons: NDArray[np.object_], group: NDArray[np.intp], count: int, threads: int
) -> NDArray[np.object_]:
    """Walk the outlines; None for groups that are no coverage noded alike."""
    from lowuse_gis.kernels.outlines import outlines  # noqa: PLC0415  loads numba
    from lowuse_gis.kernels.ragged import ragged  # noqa: PLC0415

    layer = ragged(polygons)
    try:
        xy, offsets, of, area = outlines(layer, group.astype(np.int64))
    except ValueError:  # a group overlaps itself so that its outlines do not close: GEOS unites it
        return _by_halves(polygons, group, count, threads)
    rings: Any = shapely.linearrings(
        xy + np.array(layer.origin), indices=np.repeat(np.arange(len(of)), np.diff(offsets))
    )
    shapes = _assembled(rings, of, area, count)
    members = np.bincount(group, shapely.area(polygons), minlength=count)
    total = np.bincount(of, area, minlength=count)
    sound = np.abs(total - members) <= OFF * members + OFF
    sound &= in_threads(shapely.is_valid, shapes, threads=threads, chunk=FEW)
    shapes[~sound] = None
    return shapes


def _by_halves(
    polygons: NDArray[np.object_], group: NDArray[np.intp], count: int, threads: int
) -> NDArray[np.object_]:
    """Walk each half of the groups alone, so that one that does not close hinders no other."""
    shapes = np.empty(count, dtype=object)
    half = count // 2
    for first, last in ((0, half), (half, count)) if half else ():
        mine = (group >= first) & (group < last)
        shapes[first:last] = _walked(polygons[mine], group[mine] - first, last - first, threads)
    return shapes


def _assembled(
    rings: NDArray[np.object_], of: NDArray[np.int64], area: NDArray[np.float64], count: int
) -> NDArray[np.object_]:
    """Put each hole into its shell, and the shells of a group together."""
    shell = _shells(rings, of, area, count)
    order = np.lexsort((area < 0, shell, of))  # a shell, its holes, the next shell of the group
    order = order[shell[order] >= 0]
    at, part = np.unique(of[order] * len(of) + shell[order], return_inverse=True)
    solid: Any = shapely.polygons(rings[order], indices=part)
    group, first, several = np.unique(at // len(of), return_index=True, return_counts=True)
    shapes = np.empty(count, dtype=object)
    shapes[group] = solid[first]
    many = several > 1
    if many.any():
        label = np.repeat(np.arange(many.sum()), several[many])
        parts = solid[np.repeat(many, several)]
        together: Any = shapely.multipolygons(parts, indices=label)
        shapes[group[many]] = together
    return shapes


def _shells(
    rings: NDArray[np.object_], of: NDArray[np.int64], area: NDArray[np.float64], count: int
) -> NDArray[np.intp]:
    """Say which ring is the shell of each: itself, the one of its group, the smallest around it."""
    shells, holes = np.flatnonzero(area > 0), np.flatnonzero(area < 0)
    shell = np.full(len(of), -1)
    shell[shells] = shells
    only = np.full(count, -1)
    only[of[shells]] = shells
    shell[holes] = only[of[holes]]
    among = np.bincount(of[shells], minlength=count) > 1
    shells, holes = shells[among[of[shells]]], holes[among[of[holes]]]
    if len(holes):
        inside = shapely.point_on_surface(shapely.polygons(rings[holes]))
        solid: Any = shapely.polygons(rings[shells])
        hole, around = shapely.STRtree(solid).query(inside, predicate="within")
        same = of[holes[hole]] == of[shells[around]]
        hole, around = holes[hole[same]], shells[around[same]]
        smallest = np.lexsort((area[around], hole))
        found, first = np.unique(hole[smallest], return_index=True)
        shell[holes] = -1
        shell[found] = around[smallest][first]
    return shell


def union_by_group(
    polygons: NDArray[np.object_], group: NDArray[np.intp], *, threads: int = 2
) -> NDArray[np.object_]:
    """Unite the polygons of each group.

    Parameters
    ----------
    polygons
        Valid polygons.
    group
        Group number of each, sorted, from 0 without gaps.
    threads
        Threads for the unions.

    Returns
    -------
    ndarray of geometry
        One per group.
    """
    collections: Any = shapely.geometrycollections(polygons, indices=group)
    return in_threads(_united, collections, threads=threads)


def _united(collections: NDArray[np.object_]) -> NDArray[np.object_]:
    united: Any = shapely.union_all(collections[:, None], axis=1)
    return united
