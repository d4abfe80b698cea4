"""Rasters as measures see them: cells that are read window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """A rectangle of cells.

    Attributes
    ----------
    row, column
        Its first row and column in the raster.
    height, width
        How many rows and columns it has.
    """

    row: int
    column: int
    height: int
    width: int


class Grid(Protocol):
    """One band of a raster, of which nothing is in memory but what is asked for."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns of the pieces it is stored in, which are read whole."""

    def to_cells(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn places of the working CRS into column and row, counted from its first corner.

        Parameters
        ----------
        xy
            Rows of x and y.

        Returns
        -------
        ndarray
            Rows of column and row; not finite where the raster's CRS has no such place.
        """

    def read(self, windows: Iterable[Window]) -> Iterator[NDArray[np.float64]]:
        """Read windows, one after the other.

        Parameters
        ----------
        windows
            All within the raster.

        Yields
        ------
        ndarray of float
            The values of each, NaN where there is none.
        """
