"""Edges that run along each other though their vertices differ: T-junctions, moved vertices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.boxes import join_apart
from lowuse_gis.kernels.compiled import chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged


def along(
    layer: Ragged, edges: NDArray[np.int64], tolerance: float, *, threads: int = 2
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Add up, pair by pair, the length over which edges of two features run along each other.

    Parameters
    ----------
    layer
        Polygons.
    edges
        The edges to compare: positions of the vertices they begin at.
    tolerance
        Metres: two edges run along each other where they are this near at both ends of the
        stretch they have in common.
    threads
        Threads to use.

    Returns
    -------
    left, right : ndarray of int
        Features, the first before the second; a pair of edges is a line of its own.
    length : ndarray of float
        Metres of the stretch.
    """
    boxes = np.empty((len(edges), 4))

    def bound(start: int, stop: int) -> None:
        _edge_boxes(layer.xy, edges, tolerance / 2, boxes, start, stop)

    chunks(bound, len(edges), threads)
    owner = np.searchsorted(layer.first, edges, side="right") - 1
    left, right = join_apart(boxes, owner, threads=threads)
    length = np.zeros(len(left))

    def measure(start: int, stop: int) -> None:
        _stretches(layer.xy, edges, left, right, tolerance, length, start, stop)

    chunks(measure, len(left), threads)
    some = length > tolerance
    return owner[left[some]], owner[right[some]], length[some]


@jit
def _edge_boxes(
    xy: NDArray[np.float64],
    edges: NDArray[np.int64],
    margin: float,
    boxes: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    for k in range(start, stop):
        i = edges[k]
        for axis in range(2):
            boxes[k, axis] = min(xy[i, axis], xy[i + 1, axis]) - margin
            boxes[k, axis + 2] = max(xy[i, axis], xy[i + 1, axis]) + margin


@jit
def _stretches(
    xy: NDArray[np.float64],
    edges: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    tolerance: float,
    length: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    for k in range(start, stop):
        a, b = xy[edges[left[k]] :], xy[edges[right[k]] :]
        dx, dy = a[1, 0] - a[0, 0], a[1, 1] - a[0, 1]
        whole = np.hypot(dx, dy)
        if whole == 0:
            continue
        dx, dy = dx / whole, dy / whole
        t0 = (b[0, 0] - a[0, 0]) * dx + (b[0, 1] - a[0, 1]) * dy
        t1 = (b[1, 0] - a[0, 0]) * dx + (b[1, 1] - a[0, 1]) * dy
        d0 = (b[0, 1] - a[0, 1]) * dx - (b[0, 0] - a[0, 0]) * dy
        d1 = (b[1, 1] - a[0, 1]) * dx - (b[1, 0] - a[0, 0]) * dy
        begin, end = max(min(t0, t1), 0.0), min(max(t0, t1), whole)
        if end - begin <= 0 or t0 == t1:
            continue
        slope = (d1 - d0) / (t1 - t0)
        if (
            abs(d0 + slope * (begin - t0)) <= tolerance
            and abs(d0 + slope * (end - t0)) <= tolerance
        ):
            length[k] = end - begin
