"""Polygons that share boundary (rook contiguity), and those that only lie near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.compiled import SMALL, wanted

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART = 0.002  # m that boundaries noded differently may lie apart and still be one
LEAST = 0.05  # m of common boundary below which polygons only meet at a point


def rook(
    polygons: NDArray[np.object_], *, threads: int = 2, compiled_from: int = SMALL
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Find the polygons that share boundary.

    Parameters
    ----------
    polygons
        Valid polygons of one plane.
    threads
        Threads to use.
    compiled_from
        How many polygons compiled loops begin with; 0 where a part of them must give what the whole
        gives, since the two ways differ by millimetres.

    Returns
    -------
    left, right : ndarray of int
        Positions, the first before the second, in order.
    length : ndarray of float
        Metres of common boundary, to the centimetre.

    Examples
    --------
    >>> left, right, length = rook(shapely.box([0, 2, 2], [0, 0, 4], [2, 4, 4], [3, 4, 6]))
    >>> left.tolist(), right.tolist(), length.tolist()
    ([0, 1], [1, 2], [3.0, 2.0])
    """
    if wanted(len(polygons), compiled_from):
        from lowuse_gis.kernels.neighbours import neighbours  # noqa: PLC0415  loads numba
        from lowuse_gis.kernels.ragged import ragged  # noqa: PLC0415

        left, right, length = neighbours(ragged(polygons), APART, threads=threads)
    else:
        left, right, length = _by_bands(polygons, threads)
    length = np.round(length, 2)
    keep = length >= LEAST
    return left[keep], right[keep], length[keep]


def _by_bands(
    polygons: NDArray[np.object_], threads: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Measure how much of one boundary lies in a narrow band around the other."""
    reach = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=APART)
    left, right = reach[:, reach[0] < reach[1]]
    order = np.lexsort((right, left))
    left, right = left[order].astype(np.int64), right[order].astype(np.int64)
    line = shapely.boundary(polygons)

    def shared(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
        band = shapely.buffer(b, APART, quad_segs=1, cap_style="flat", join_style="mitre")
        length: NDArray[np.float64] = shapely.length(shapely.intersection(a, band))
        return length

    return left, right, in_threads(shared, line[left], line[right], threads=threads)


def near(
    polygons: NDArray[np.object_], distance: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the polygons that lie within a distance of each other, touching ones too.

    Parameters
    ----------
    polygons
        Of one plane.
    distance
        Metres.

    Returns
    -------
    left, right : ndarray of int
        Positions, the first before the second, in order.
    """
    pairs = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=distance)
    left, right = pairs[:, pairs[0] < pairs[1]]
    order = np.lexsort((right, left))
    return left[order].astype(np.int64), right[order].astype(np.int64)
