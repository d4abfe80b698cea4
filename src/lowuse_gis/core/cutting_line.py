"""Lines that people draw to part something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.errors import GEOSException

if TYPE_CHECKING:
    from numpy.typing import NDArray


def line_of(text: object) -> shapely.LineString | None:
    """Read a line.

    Parameters
    ----------
    text
        WKT.

    Returns
    -------
    LineString, or None
        None where it is no line.
    """
    try:
        line = shapely.from_wkt(str(text))
    except GEOSException:
        return None
    return line if isinstance(line, shapely.LineString) and line.length > 0 else None


def left_of(line: shapely.LineString, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which points lie left of the piece of a line that is nearest to them.

    Parameters
    ----------
    line
        Its first and last piece go on for ever.
    points
        x and y of each.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> north = shapely.LineString([(0, 0), (0, 1)])
    >>> left_of(north, np.array([[-1.0, 5.0], [1.0, -5.0]])).tolist()
    [True, False]
    """
    xy = shapely.get_coordinates(line)
    start, along = xy[:-1], np.diff(xy, axis=0)
    size = (along**2).sum(axis=1)
    start, along, size = start[size > 0], along[size > 0], size[size > 0]
    to = points[:, None, :] - start[None]
    place = np.clip((to * along).sum(axis=2) / size, 0, 1)
    place[:, 0] = np.minimum((to[:, 0] * along[0]).sum(axis=1) / size[0], place[:, 0])  # both ends
    last = len(size) - 1  # go on for ever
    place[:, last] = np.maximum(
        (to[:, last] * along[last]).sum(axis=1) / size[last], place[:, last]
    )
    near = ((to - place[:, :, None] * along) ** 2).sum(axis=2).argmin(axis=1)
    pick = np.arange(len(points)), near
    cross = along[near, 0] * to[pick][:, 1] - along[near, 1] * to[pick][:, 0]
    side: NDArray[np.bool_] = cross > 0
    return side
