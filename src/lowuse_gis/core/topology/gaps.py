"""Places between the polygons of a layer that none covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.overlay import SELF_OVERLAP
from lowuse_gis.core.topology.layer import regions_of_layer, solid_polygons
from lowuse_gis.core.topology.residue import SNAP
from lowuse_gis.core.topology.widths import widest_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.regions import Regions

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Shapes = NDArray[np.object_]


def gap_facts(
    geometry: Shapes,
    largest: float,
    within: shapely.Geometry | None = None,
    *,
    widest: float = 0.0,
    least: float = SELF_OVERLAP,
    threads: int = 2,
    regions: Regions | None = None,
    origin: Floats | None = None,
) -> pd.DataFrame:
    """Find the places that polygons enclose and none covers.

    A place is enclosed where edges meet within 0.1 mm, so that a vertex that only one neighbour has
    opens no gap. What is open to the outside of the layer is no gap, however thin, unless `within`
    closes it: how far a layer ought to reach cannot be read from its polygons.

    Parameters
    ----------
    geometry
        Polygons in plane metres. Invalid ones count with the area that making them valid gives.
    largest
        Square metres; a larger place is listed only if it is not wider than `widest`.
    within
        The polygon that the layer should cover; then what it leaves uncovered inside is listed
        too, within the same limits, and nothing outside.
    widest
        Metres, of the largest circle that fits in.
    least
        Square metres; less is rounding of coordinates.
    threads
        Threads to use.
    regions
        What `regions_of_layer` returned for the same polygons and `within`, if known already;
        then only polygons along these places are needed.
    origin
        From where to count coordinates; the middle of the layer if not given.

    Returns
    -------
    DataFrame
        ``area``, ``width`` (diameter of the largest circle that fits in), ``x``, ``y`` (where
        it fits), ``geometry``, ``neighbours`` (features along its outline), ``position`` (the first
        of them, -1 for none); sorted by position and place.
    """
    if regions is None:
        regions = regions_of_layer(geometry, within=within, threads=threads, origin=origin)
    tree = shapely.STRtree(solid_polygons(geometry, threads))
    void: Shapes = shapely.normalize(regions.void)  # wherever its outline was begun
    area, around = shapely.area(void), shapely.length(void)
    holes = shapely.get_num_interior_rings(void)
    wider = area > widest / 2 * around + np.pi * widest**2 / 4 * np.maximum(holes - 1, 0)
    void = _uncovered(void[(area > least) & ((area <= largest) | ~wider)], tree, threads)
    area, wide = shapely.area(void), widest_places(void, threads=threads)
    keep = (area <= largest) | (wide.width <= widest)
    void, area = void[keep], area[keep]
    neighbours, first = _neighbours(void, tree)
    found = pd.DataFrame(
        {
            "area": area,
            "width": wide.width[keep],
            "x": wide.x[keep],
            "y": wide.y[keep],
            "geometry": void,
            "neighbours": neighbours,
            "position": first,
        }
    )
    return found.sort_values(["position", "x", "y"], ignore_index=True)


def _uncovered(void: Shapes, tree: shapely.STRtree, threads: int) -> Shapes:
    """Leave out what is so narrow that only its area tells whether it is covered, and is."""
    narrow = np.flatnonzero(shapely.area(void) < 2 * SNAP * shapely.length(void))
    place, cover = tree.query(void[narrow], predicate="intersects")
    if not len(place):
        return void
    order = np.argsort(place, kind="stable")
    some, group = np.unique(place[order], return_inverse=True)
    united = union_by_group(tree.geometries[cover[order]], group, threads=threads)
    left = shapely.area(shapely.difference(void[narrow[some]], united))
    covered = narrow[some][left < shapely.area(void[narrow[some]]) / 2]
    return np.delete(void, covered)


def _neighbours(void: Shapes, tree: shapely.STRtree) -> tuple[Whole, Whole]:
    """Count the features along each outline; a feature at a corner only is none."""
    parts, owner = shapely.get_rings(void, return_index=True)
    xy, ring = shapely.get_coordinates(parts, return_index=True)
    inner = ring[1:] == ring[:-1]
    middle = shapely.points((xy[1:] + xy[:-1])[inner] / 2)
    place, feature = tree.query(middle, predicate="dwithin", distance=2 * SNAP)
    pairs = np.unique(np.column_stack([owner[ring[1:][inner]][place], feature]), axis=0)
    count = np.bincount(pairs[:, 0], minlength=len(void))
    first = np.full(len(void), -1, dtype=np.intp)
    first[pairs[::-1, 0]] = pairs[::-1, 1]
    return count, first
