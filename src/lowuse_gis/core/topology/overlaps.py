"""Pairs of polygons of one layer that share area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.overlay import SELF_OVERLAP, interiors_meet
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.core.topology.layer import labels, valid_polygons
from lowuse_gis.core.topology.rings import POLYGON, polygon_parts
from lowuse_gis.core.topology.widths import widest_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.regions import Regions

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Shapes = NDArray[np.object_]


def overlap_facts(
    geometry: Shapes,
    stratum: NDArray[np.object_] | None = None,
    threads: int = 2,
    *,
    least: float = SELF_OVERLAP,
    regions: Regions | None = None,
) -> pd.DataFrame:
    """Find all pairs of polygons that share area, each once.

    Where it is known that the layer is covered twice, only polygons there are compared; an exactly
    noded layer has none. Finding that out takes longer than comparing all neighbours, so it pays
    where gaps are wanted too.

    Parameters
    ----------
    geometry
        Polygons in plane metres. Invalid ones, and None, are passed over.
    stratum
        What lies above or below another is no overlap: only equal ones are compared.
    threads
        Threads to use.
    least
        Square metres; less is rounding of coordinates.
    regions
        What `regions_of_layer` returned for the same polygons and strata, if known already.

    Returns
    -------
    DataFrame
        ``position`` < ``other``, ``area``, ``width`` (diameter of the largest circle that fits into
        the shared place), ``x``, ``y`` (where it fits), ``geometry`` (the shared place),
        ``kind`` (``overlap``, ``contained``: one inside the other, ``identical``: the same place,
        whatever its vertices); sorted by the two positions.
    """
    valid = valid_polygons(geometry, threads)
    suspects = np.flatnonzero(~shapely.is_missing(valid))
    if regions is not None:
        doubled = shapely.STRtree(valid).query(regions.doubled, predicate="intersects")
        suspects = np.unique(doubled[1])
    left, right = _box_pairs(valid[suspects])
    left, right = suspects[left], suspects[right]
    label = labels(stratum, len(geometry))
    same = label[left] == label[right]
    return _measured(valid, left[same], right[same], least, threads)


def _box_pairs(shapes: Shapes) -> tuple[Whole, Whole]:
    """Return the pairs whose boxes meet, the lower position first, sorted."""
    pairs = shapely.STRtree(shapes).query(shapes)
    pairs = pairs[:, pairs[0] < pairs[1]]
    order = np.lexsort((pairs[1], pairs[0]))
    return pairs[0][order], pairs[1][order]


def _measured(
    shapes: Shapes, left: Whole, right: Whole, least: float, threads: int
) -> pd.DataFrame:
    """Intersect the pairs whose insides meet and measure what they share."""
    meet = in_threads(interiors_meet, shapes[left], shapes[right], threads=threads, together=left)
    left, right = left[meet], right[meet]
    shared = in_threads(_shared, shapes[left], shapes[right], threads=threads)
    area = shapely.area(shared)
    keep = area > least
    left, right, shared, area = left[keep], right[keep], shared[keep], area[keep]
    widest = widest_places(shared, threads=threads)
    return pd.DataFrame(
        {
            "position": left,
            "other": right,
            "area": area,
            "width": widest.width,
            "x": widest.x,
            "y": widest.y,
            "geometry": shared,
            "kind": _kind(shapes[left], shapes[right], area, least),
        }
    )


def _shared(a: Shapes, b: Shapes) -> Shapes:
    """Return the polygons that pairs share, without points and lines."""
    both: Shapes = shapely.intersection(a, b)
    mixed = np.flatnonzero(shapely.get_type_id(both) > POLYGON)
    if len(mixed):
        parts, owner = polygon_parts(both[mixed])
        both[mixed] = shapely.multipolygons(np.zeros((len(mixed), 0), dtype=object))
        some = np.unique(owner, return_inverse=True)
        both[mixed[some[0]]] = shapely.multipolygons(parts, indices=some[1])
    return both


def _kind(a: Shapes, b: Shapes, area: Floats, least: float) -> NDArray[np.object_]:
    rest = np.stack([shapely.area(a) - area, shapely.area(b) - area])
    inside = rest <= np.maximum(least, 1e-9 * area)
    kind = np.where(inside.any(axis=0), "contained", "overlap").astype(object)
    kind[inside.all(axis=0)] = "identical"
    return kind
