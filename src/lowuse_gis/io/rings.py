"""Put polygons together from numbered rings of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = 50  # parts of a plot that may have holes; further rings are parts without
TRIANGLE = 3


@dataclass(frozen=True)
class Points:
    """Boundary points, one value each per point, in the order of the file.

    Attributes
    ----------
    plot
        Number of the plot, from 0.
    ring
        Number of the ring in its plot.
    xy
        Easting and northing.
    """

    plot: NDArray[np.int64]
    ring: NDArray[np.int64]
    xy: NDArray[np.float64]

    def without(self, plots: NDArray[np.int64]) -> Points:
        """Leave out some plots.

        Parameters
        ----------
        plots
            Which.

        Returns
        -------
        Points
        """
        kept = ~np.isin(self.plot, plots)
        return Points(self.plot[kept], self.ring[kept], self.xy[kept])


def plots_of(points: Points, count: int) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Put the polygons of plots together.

    A ring inside an earlier one is a hole of it, else a part of its own.

    Parameters
    ----------
    points
        With finite coordinates. Rings need not be closed.
    count
        Number of plots.

    Returns
    -------
    array of geometry
        One per plot, None where there is none.
    array of int
        Plots with a ring of fewer than three points, which have no geometry.

    Examples
    --------
    >>> xy = np.array([[0, 0], [4, 0], [4, 4], [0, 4.0]])
    >>> plots_of(Points(np.zeros(4, int), np.ones(4, int), xy), 1)[0][0].area
    16.0
    """
    whole: NDArray[np.object_] = np.full(count, None, object)
    if not len(points.plot):
        return whole, np.zeros(0, np.int64)
    order = np.lexsort((points.ring, points.plot))
    plot, ring, xy = points.plot[order], points.ring[order], points.xy[order]
    first = np.r_[True, (np.diff(plot) != 0) | (np.diff(ring) != 0)]
    number = np.cumsum(first) - 1
    start = np.flatnonzero(first)
    end = np.r_[start[1:], len(plot)] - 1
    closed = (xy[start] == xy[end]).all(axis=1) & (end > start)
    corners = end - start + 1 - closed
    bad = np.unique(plot[start][corners < TRIANGLE])
    usable = ~np.isin(plot, bad)
    if not usable.any():
        return whole, bad
    _kept, number = np.unique(number[usable], return_inverse=True)
    rings: Any = shapely.linearrings(xy[usable], indices=number)
    owner = plot[usable][np.r_[0, np.flatnonzero(np.diff(number)) + 1]]
    parts, owners = _parts(rings, owner)
    counts = np.bincount(owners, minlength=count)
    single = counts[owners] == 1
    whole[owners[single]] = parts[single]
    if not single.all():
        shapely.multipolygons(parts[~single], indices=owners[~single], out=whole)
    return whole, bad


def _parts(
    rings: NDArray[np.object_], owner: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return polygons with their holes, and the plot of each."""
    shell = np.full(len(rings), -1)  # the ring that each ring is a hole of, or itself
    corners = shapely.get_point(rings, 0)
    corner = np.stack([shapely.get_x(corners), shapely.get_y(corners)], axis=1)
    for _turn in range(PARTS):
        left = np.flatnonzero(shell < 0)
        if not len(left):
            break
        _plots, at, which = np.unique(owner[left], return_index=True, return_inverse=True)
        outer = left[at]
        shell[outer] = outer
        filled: Any = shapely.polygons(rings[outer])
        shapely.prepare(filled)
        inside = shapely.intersects_xy(filled[which], corner[left, 0], corner[left, 1])
        inside &= shell[left] < 0
        shell[left[inside]] = outer[which[inside]]
    shell = np.where(shell < 0, np.arange(len(rings)), shell)
    order = np.lexsort((np.arange(len(rings)), shell))
    outers, number = np.unique(shell[order], return_inverse=True)
    filled = shapely.polygons(rings[order], indices=number)
    return filled, owner[outers]
