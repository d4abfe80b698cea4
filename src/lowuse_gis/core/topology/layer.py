"""Where a layer is covered twice or not at all, from its polygons as they were handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.core.topology.regions import Regions, regions_of
from lowuse_gis.core.topology.residue import SNAP, residue_of
from lowuse_gis.core.topology.rings import POLYGON, Rings, finite, rings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.intp]
    Shapes = NDArray[np.object_]

POLYGONAL = [POLYGON, 6]  # GEOS type numbers: polygons and multi-part polygons


def regions_of_layer(
    geometry: Shapes,
    stratum: NDArray[np.object_] | None = None,
    within: shapely.Geometry | None = None,
    *,
    snap: float = SNAP,
    threads: int = 2,
    origin: NDArray[np.float64] | None = None,
) -> Regions:
    """Find where a layer is covered twice or not at all.

    Overlaps and gaps both start from this; whoever wants both passes it to both.

    Parameters
    ----------
    geometry
        Polygons in plane metres. Invalid ones count with the area that making them valid gives.
    stratum
        Labels; features of different ones share no edges, as one may lie above the other.
    within
        The polygon that the layer should cover. Its outline closes what is open to the outside.
    snap
        Metres within which a vertex lies on the neighbour's edge.
    threads
        Threads to use.
    origin
        From where to count coordinates; the middle of the layer if not given.

    Returns
    -------
    Regions
        With `within`, voids inside it only.
    """
    solid = solid_polygons(geometry, threads)
    label = labels(stratum, len(geometry))
    rings = rings_of(solid if within is None else np.concatenate([solid, [within]]), origin)
    if within is not None:
        label = np.append(label, 0)
        outer = rings.position == len(solid)
        rings = Rings(
            rings.xy, rings.offset, rings.position, rings.part, rings.hole ^ outer, rings.origin
        )
    residue = residue_of(rings, label, snap=snap, threads=threads)
    regions = regions_of(residue, shapely.STRtree(solid), snap=snap)
    if within is None:
        return regions
    shapely.prepare(within)
    inside = shapely.contains(within, shapely.point_on_surface(regions.void))
    return Regions(regions.doubled, regions.void[inside])


def solid_polygons(geometry: Shapes, threads: int = 2) -> Shapes:
    """Return the polygons, invalid ones made valid.

    Parameters
    ----------
    geometry
        Any geometries.
    threads
        Threads to use.

    Returns
    -------
    ndarray of geometry
        None for what is not a polygon, is empty or has a coordinate that is not finite.
    """
    solid = only(geometry, polygonal(geometry))
    bad = np.flatnonzero(~in_threads(shapely.is_valid, solid, threads=threads))
    bad = bad[~shapely.is_missing(solid[bad])]
    good = finite(solid[bad])
    solid[bad[~good]] = None
    made = shapely.make_valid(solid[bad[good]], method="structure", keep_collapsed=False)
    solid[bad[good]] = only(made, polygonal(made))
    return solid


def polygons_left(geometry: Shapes) -> Shapes:
    """Drop what a repair left over of lower dimension.

    Parameters
    ----------
    geometry
        Any geometries.

    Returns
    -------
    ndarray of geometry
        Polygons as they are; the polygons of collections; None where none is left.
    """
    kept = np.array(geometry, dtype=object)
    odd = ~np.isin(shapely.get_type_id(kept), POLYGONAL) & ~shapely.is_missing(kept)
    kept[odd] = shapely.buffer(kept[odd], 0)
    return only(kept, ~shapely.is_empty(kept))


def valid_polygons(geometry: Shapes, threads: int = 2) -> Shapes:
    """Return the valid polygons, None in place of anything else.

    Parameters
    ----------
    geometry
        Any geometries.
    threads
        Threads to use.

    Returns
    -------
    ndarray of geometry
        As many as there were.
    """
    good = in_threads(shapely.is_valid, geometry, threads=threads) & polygonal(geometry)
    return only(geometry, good)


def only(geometry: Shapes, some: NDArray[np.bool_]) -> Shapes:
    """Put None in place of all geometries but some."""
    kept = geometry.copy()
    kept[~some] = None
    return kept


def polygonal(geometry: Shapes) -> NDArray[np.bool_]:
    """Say what is a polygon or multi-part polygon with at least one vertex."""
    return np.isin(shapely.get_type_id(geometry), POLYGONAL) & ~shapely.is_empty(geometry)


def labels(stratum: NDArray[np.object_] | None, count: int) -> Whole:
    """Give labels numbers from 0; missing ones are a label of their own."""
    if stratum is None:
        return np.zeros(count, dtype=np.intp)
    return cast("Whole", pd.factorize(np.asarray(stratum, dtype=object), use_na_sentinel=False)[0])
