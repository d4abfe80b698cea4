"""What of polygons other polygons leave uncovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.compiled import SMALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.overlay import Overlaps

THIN = 1e-6  # m²: what a difference leaves by rounding


def uncovered(
    polygons: NDArray[np.object_],
    cover: NDArray[np.object_],
    pairs: Overlaps,
    *,
    threads: int = 2,
    compiled_from: int = SMALL,
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Cut away what a cover takes of polygons.

    Parameters
    ----------
    polygons, cover
        Valid polygons of one plane.
    pairs
        Which of the cover lie on which polygon.
    threads
        Threads to use.
    compiled_from
        As for `dissolve`.

    Returns
    -------
    parts : ndarray of geometry
        Polygons, one for every piece that is left.
    owner : ndarray of int
        Of which polygon each is a piece.
    """
    rest = polygons.copy()
    touched, group = np.unique(pairs.subject, return_inverse=True)
    if len(touched):
        laid = cover[pairs.context]
        merged = dissolve(laid, group, threads=threads, compiled_from=compiled_from)
        rest[touched] = in_threads(shapely.difference, polygons[touched], merged, threads=threads)
    parts, owner = shapely.get_parts(rest, return_index=True)
    keep = shapely.area(parts) > THIN
    return parts[keep], owner[keep]
