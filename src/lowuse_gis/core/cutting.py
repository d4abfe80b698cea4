"""Cut polygons along the edge of a cover, into what lies inside and what lies outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.threaded import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

THIN = 1e-6  # m²: what an intersection leaves by rounding


def cut_along(
    shapes: NDArray[np.object_], cover: NDArray[np.object_], noise: float, *, threads: int = 2
) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.bool_]]:
    """Cut polygons into the parts inside and outside of a cover.

    Parameters
    ----------
    shapes, cover
        Valid polygons of one plane; the cover may overlap itself.
    noise
        m²: where less than this lies inside, or outside, the polygon stays whole.
    threads
        Threads for the geometry.

    Returns
    -------
    parts : ndarray of Polygon
        Sorted by the polygon they come from, inside before outside.
    owner : ndarray of int
        Which polygon each comes from.
    inside : ndarray of bool
        Whether it lies in the cover.

    Examples
    --------
    >>> land, cover = shapely.box([0.0], 0, 10, 10), shapely.box([6.0], 0, 20, 10)
    >>> parts, owner, inside = cut_along(land, cover, 1.0)
    >>> shapely.area(parts).tolist(), inside.tolist()
    ([40.0, 60.0], [True, False])
    """
    area = shapely.area(shapes)
    covered, pairs, _doubled = covered_area(shapes, cover, threads=threads)
    mixed = (covered >= noise) & (area - covered >= noise)
    whole = np.flatnonzero(~mixed)
    split = np.flatnonzero(mixed)
    chosen = mixed[pairs.subject]
    group = np.searchsorted(split, pairs.subject[chosen])
    if not len(split):
        return shapes, whole, covered[whole] >= area[whole] / 2
    merged = union_by_group(cover[pairs.context[chosen]], group, threads=threads)
    within = in_threads(shapely.intersection, shapes[split], merged, threads=threads)
    without = in_threads(shapely.difference, shapes[split], merged, threads=threads)
    parts = np.concatenate([shapes[whole], within, without])
    owner = np.concatenate([whole, split, split])
    inside = np.concatenate(
        [covered[whole] >= area[whole] / 2, np.ones(len(split), bool), np.zeros(len(split), bool)]
    )
    pieces, at = shapely.get_parts(parts, return_index=True)
    keep = (shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON) & (
        shapely.area(pieces) > THIN
    )
    pieces, owner, inside = pieces[keep], owner[at][keep], inside[at][keep]
    order = np.lexsort((~inside, owner))
    return pieces[order], owner[order], inside[order]
