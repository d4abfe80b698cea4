"""The places of a layer that more than one polygon covers, and those that none covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.topology.linework import areas_between, bridges, chains, cut
from lowuse_gis.core.topology.residue import SNAP
from lowuse_gis.core.topology.rings import POLYGON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.residue import Residue

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

INSIDE = 1e-5  # metres from an outline to the point that tells how often its inside is covered
NARROW = 4 * INSIDE  # metres, area by length: below, that point may be outside again


@dataclass(frozen=True)
class Regions:
    """Places by how many polygons cover them, in the coordinates of the layer.

    Attributes
    ----------
    doubled
        Polygons that hold every place that two features cover, and perhaps more.
    void
        Polygons that no feature covers; outlines inside them are taken out.
    """

    doubled: Shapes
    void: Shapes


def regions_of(residue: Residue, tree: shapely.STRtree, *, snap: float = SNAP) -> Regions:
    """Find where a layer is covered twice or not at all.

    Parameters
    ----------
    residue
        Half-edges without a twin.
    tree
        The valid polygons of the layer.
    snap
        Metres within which an end lies on a line.

    Returns
    -------
    Regions
        Whatever two features share lies in `doubled`; a gap bounded by the layer is in `void`.
    """
    cover, narrow = _cover_of_outlines(residue, tree)
    positive, tangled = residue.area > 0, ~residue.simple
    twice = residue.simple & positive & ((cover > 1) | narrow)
    hole = residue.simple & ~positive & ((cover == 0) | narrow)
    faces, bends = _faces(residue, tangled, snap)
    covered, unsure = _cover_of_faces(faces, tree, residue.edges.origin)
    void = np.concatenate([faces[(covered == 0) | unsure], _drawn(residue, hole)])
    island = _inside(residue, residue.simple & positive & ~narrow & (cover <= 1), void)
    void = _without_islands(void, np.concatenate([_drawn(residue, island), faces]))
    doubled = np.concatenate([faces[(covered > 1) | unsure], _drawn(residue, twice), bends])
    return Regions(*(_moved(shapes, residue.edges.origin) for shapes in (doubled, void)))


def _moved(shapes: Shapes, by: Floats) -> Shapes:
    moved: Shapes = shapely.transform(shapes, lambda xy: xy + by)
    return moved


def _cover_of_outlines(residue: Residue, tree: shapely.STRtree) -> tuple[Whole, Bools]:
    """Count the polygons just inside each simple outline; say where it is too narrow to tell."""
    length = np.hypot(*(residue.edges.end - residue.edges.start).T)
    around = np.bincount(residue.outline, length, minlength=len(residue.simple))
    longest = _longest(residue.outline, length)
    inside = _beside(residue.edges.start[longest], residue.edges.end[longest], residue.area > 0)
    wanted = np.flatnonzero(residue.simple)
    points = shapely.points(inside[wanted] + residue.edges.origin)
    cover = np.zeros(len(residue.simple), dtype=np.intp)
    hits = tree.query(points, predicate="intersects")[0]
    cover[wanted] = np.bincount(hits, minlength=len(wanted))
    return cover, np.abs(residue.area) < NARROW * around


def _longest(group: Whole, length: Floats) -> Whole:
    """Return the number of the longest line of each group."""
    order = np.lexsort((length, group))
    last: Whole = order[np.flatnonzero(np.diff(group[order], append=-1))]
    return last


def _beside(start: Floats, end: Floats, left: Bools) -> Floats:
    """Return a point a little left (else right) of the middle of each line."""
    line = end - start
    across = np.column_stack([-line[:, 1], line[:, 0]]) / np.hypot(*line.T)[:, None]
    beside: Floats = (start + end) / 2 + across * np.where(left, INSIDE, -INSIDE)[:, None]
    return beside


def _drawn(residue: Residue, outlines: Bools) -> Shapes:
    """Draw simple outlines as polygons."""
    some = outlines[residue.outline]
    if not some.any():
        return np.zeros(0, dtype=object)
    lines = chains(residue.edges.start[some], residue.edges.end[some])
    drawn = shapely.get_parts(shapely.polygonize(lines))
    filled: Any = shapely.polygons(shapely.get_exterior_ring(drawn))
    return filled


def _faces(residue: Residue, tangled: Bools, snap: float) -> tuple[Shapes, Shapes]:
    """Return the areas between tangled outlines, and what lines swept when they bent."""
    some = np.flatnonzero(tangled[residue.outline])
    if not len(some):
        return np.zeros(0, dtype=object), np.zeros(0, dtype=object)
    lines = residue.edges.start[some], residue.edges.end[some]
    pairs = np.searchsorted(some, residue.contacts[0]), np.searchsorted(some, residue.contacts[1])
    pieces, crossing, bends = cut(lines, pairs, snap)
    start, end = zip(pieces, bridges(lines, pairs, snap), strict=True)
    swept: Any = shapely.polygons(bends[np.abs(_double_area(bends)) > 0])
    return areas_between((np.concatenate(start), np.concatenate(end)), crossing), swept


def _double_area(triangles: Floats) -> Floats:
    a, b = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    area: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return area


def _cover_of_faces(faces: Shapes, tree: shapely.STRtree, origin: Floats) -> tuple[Whole, Bools]:
    """Count the polygons above each face just inside its outline; say where it is too narrow."""
    if not len(faces):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.bool_)
    shells = shapely.get_exterior_ring(faces)
    xy, face = shapely.get_coordinates(shells, return_index=True)
    inner = face[1:] == face[:-1]
    start, end, face = xy[:-1][inner], xy[1:][inner], face[1:][inner]
    longest = _longest(face, np.hypot(*(end - start).T))
    inside = _beside(start[longest], end[longest], shapely.is_ccw(shells))
    hits = tree.query(shapely.points(inside + origin), predicate="intersects")[0]
    narrow = shapely.area(faces) < NARROW * shapely.length(shells)
    return np.bincount(hits, minlength=len(faces)), narrow


def _inside(residue: Residue, outlines: Bools, void: Shapes) -> Bools:
    """Say which outlines lie in a hole; they are looked for by one vertex of each."""
    _, first = np.unique(residue.outline, return_index=True)
    wanted = np.flatnonzero(outlines)
    corner: Any = shapely.points(residue.edges.start[first[wanted]])
    found = np.zeros(len(outlines), dtype=np.bool_)
    found[wanted[shapely.STRtree(corner).query(void, predicate="contains")[1]]] = True
    return found


def _without_islands(void: Shapes, island: Shapes) -> Shapes:
    """Take out of each hole what stands in it alone."""
    first = np.flatnonzero(np.diff(_owners(island), prepend=-1))
    corner: Any = shapely.points(shapely.get_coordinates(island)[first])
    hole, inner = shapely.STRtree(corner).query(void, predicate="contains")
    if not len(hole):
        return void
    order = np.lexsort((inner, hole))
    holes, group = np.unique(hole[order], return_inverse=True)
    cleared = void.copy()
    cleared[holes] = shapely.difference(void[holes], union_by_group(island[inner[order]], group))
    parts = shapely.get_parts(cleared)
    return parts[(shapely.get_type_id(parts) == POLYGON) & ~shapely.is_empty(parts)]


def _owners(shapes: Shapes) -> Whole:
    owners: Whole = shapely.get_coordinates(shapes, return_index=True)[1]
    return owners
