"""What the compiled way over the cells of a raster and the plain one have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UPRIGHT = 1e-15  # cells: an edge that leans less within a row is upright
DUST = 1e-12  # of a cell, or of a polygon smaller than one: less is rounding
TOUCHED = 1e-6  # the same for the least and the greatest value: less may come of a projection
TOTAL, VALID, COVERED, LOW, HIGH = range(5)


class Outlines(NamedTuple):
    """Polygons counted in cells: x in columns, y in rows.

    Attributes
    ----------
    xy, turn, first
        As in `ragged.Ragged`; `turn` may be wrong for all of a polygon, as where rows count
        downwards.
    boxes
        Least column, least row, greatest column, greatest row; NaN where a vertex is nowhere.
    area
        Cells; negative where `turn` is wrong.
    """

    xy: NDArray[np.float64]
    turn: NDArray[np.int8]
    first: NDArray[np.int64]
    boxes: NDArray[np.float64]
    area: NDArray[np.float64]
