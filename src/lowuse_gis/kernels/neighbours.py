"""Rook neighbours: polygons that share a stretch of boundary, and how long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.alongside import along
from lowuse_gis.kernels.edges import GRID, linked_edges, shared_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged


def neighbours(
    layer: Ragged, tolerance: float = GRID, *, threads: int = 2
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Find the polygons that share boundary.

    Parameters
    ----------
    layer
        Polygons.
    tolerance
        Metres: how far boundaries may lie apart that were noded differently and are still one.
        Edges with the same two vertices are found by hashing; only the rest is compared by place.
    threads
        Threads to use.

    Returns
    -------
    left, right : ndarray of int
        Features, the first before the second, in order.
    length : ndarray of float
        Metres of common boundary, more than the tolerance.
    """
    head, after = linked_edges(layer)
    left, right, length, alone = shared_edges(layer, head, after, threads=threads)
    rest = np.flatnonzero(alone)
    if len(rest):
        more = along(layer, rest, tolerance, threads=threads)
        pair = np.concatenate([left, more[0]]) * len(layer) + np.concatenate([right, more[1]])
        pair, group = np.unique(pair, return_inverse=True)
        both = np.concatenate([length, more[2]])
        left, right = pair // len(layer), pair % len(layer)
        length = np.bincount(group, both, minlength=len(pair)).astype(float)
    keep = length > tolerance
    return left[keep], right[keep], length[keep]
