"""Points, the box they span, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.systems import Box

MARGIN = 0.5  # of a box on each side: the district's is approximate, and systems are far apart


def known_points(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which points have a place.

    Parameters
    ----------
    points
        Rows of x and y.

    Returns
    -------
    ndarray of bool
        False where one of them is not finite.
    """
    return np.asarray(np.isfinite(points[:, 0]) & np.isfinite(points[:, 1]))


def extent_of(points: NDArray[np.float64]) -> Box:
    """Return the box that points span.

    Parameters
    ----------
    points
        Rows of finite x and y.

    Returns
    -------
    tuple of float
        West, south, east, north; no numbers where there is no point.
    """
    if not len(points):
        return (float("nan"),) * 4
    x, y = points[:, 0], points[:, 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def lies_in(extent: Box, box: Box) -> bool:
    """Say whether every point of an extent lies in a box.

    Parameters
    ----------
    extent, box
        West, south, east, north.

    Returns
    -------
    bool

    Examples
    --------
    >>> lies_in((0, 0, 2, 1), (0, 0, 2, 2)), lies_in((0, 0, 3, 1), (0, 0, 2, 2))
    (True, False)
    """
    low = extent[0] >= box[0] and extent[1] >= box[1]
    return low and extent[2] <= box[2] and extent[3] <= box[3]


def comes_near(extent: Box, box: Box) -> bool:
    """Say whether any point of an extent can lie in a box or its margin.

    Parameters
    ----------
    extent, box
        West, south, east, north.

    Returns
    -------
    bool
    """
    west, south, east, north = box
    wide, high = (east - west) * MARGIN, (north - south) * MARGIN
    beside = extent[2] < west - wide or extent[0] > east + wide
    return not (beside or extent[3] < south - high or extent[1] > north + high)


def within(points: NDArray[np.float64], box: Box, margin: float = 0.0) -> NDArray[np.bool_]:
    """Say which points lie in a box.

    Parameters
    ----------
    points
        Rows of x and y.
    box
        West, south, east, north.
    margin
        Share of the box to be added on each side.

    Returns
    -------
    ndarray of bool
    """
    west, south, east, north = box
    wide, high = (east - west) * margin, (north - south) * margin
    x, y = points[:, 0], points[:, 1]
    inside = (x >= west - wide) & (x <= east + wide) & (y >= south - high) & (y <= north + high)
    return np.asarray(inside)
