"""Lines as short straight pieces, of which few are near anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 100.0  # metres between known points of a line; no answer depends on it


def boxes_around(
    shapes: NDArray[np.object_], reach: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the box around each shape, widened.

    Parameters
    ----------
    shapes
        Shapes, or None.
    reach
        Metres.

    Returns
    -------
    ndarray
        West, south, east, north (n, 4); NaN for none.
    """
    west, south, east, north = shapely.bounds(shapes).T
    return np.stack([west - reach, south - reach, east + reach, north + reach], axis=1)


def straight_pieces(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Cut lines into short straight pieces; areas stay whole.

    Parameters
    ----------
    lines
        Lines or areas.

    Returns
    -------
    ndarray of float
        Pairs of ends (n, 2, 2).
    ndarray of geometry
        The areas.
    """
    dense = shapely.segmentize(lines, STEP)
    straight = shapely.get_dimensions(lines) == 1
    parts = shapely.get_parts(dense[straight])
    vertices, of = shapely.get_coordinates(parts, return_index=True)
    along = of[1:] == of[:-1]
    return np.stack([vertices[:-1][along], vertices[1:][along]], axis=1), dense[~straight]


def pieces_near(ends: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.object_]:
    """Make lines of the pieces that come near the box around boxes; of a city, that is few.

    Parameters
    ----------
    ends
        Of `straight_pieces`.
    boxes
        Of `boxes_around`.

    Returns
    -------
    ndarray of geometry
    """
    known = boxes[~np.isnan(boxes).any(axis=1)]
    least, most = (
        known[:, :2].min(axis=0, initial=np.inf),
        known[:, 2:].max(axis=0, initial=-np.inf),
    )
    near = ((ends.max(axis=1) >= least) & (ends.min(axis=1) <= most)).all(axis=1)
    made: NDArray[np.object_] = shapely.linestrings(ends[near])
    return made
