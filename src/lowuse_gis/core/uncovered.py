"""What of polygons other polygons leave uncovered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.compiled import SMALL, wanted

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
        Which of the cover lie on which polygon, sorted by polygon.
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
    touched, first = np.unique(pairs.subject, return_index=True)
    offsets = np.append(first, len(pairs.subject))
    least = 0 if wanted(len(pairs.subject), compiled_from) else sys.maxsize  # one way for all

    def cut(some: NDArray[np.intp]) -> NDArray[np.object_]:
        mine = offsets[some[0] : some[-1] + 2]
        laid = cover[pairs.context[mine[0] : mine[-1]]]
        group = np.repeat(np.arange(len(some)), np.diff(mine))
        merged = dissolve(laid, group, threads=1, compiled_from=least)
        left: NDArray[np.object_] = shapely.difference(polygons[touched[some]], merged)
        return left

    rest = polygons.copy()
    if len(touched):
        rest[touched] = in_threads(cut, np.arange(len(touched)), threads=threads)
    parts, owner = shapely.get_parts(rest, return_index=True)
    keep = shapely.area(parts) > THIN
    return parts[keep], owner[keep]
