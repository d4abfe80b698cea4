"""What polygons cover of a raster: sums weighted by the exact part of every cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core import coverage
from lowuse_gis.kernels.cells import COVERED, HIGH, LOW, TOTAL, VALID, Outlines
from lowuse_gis.kernels.compiled import wanted
from lowuse_gis.model import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Grid

    Adder = Callable[..., None]

EDGE = 1e-6  # of a cell, or of a polygon: rounding where two files meet
CELLS = 1 << 20  # of a window: what is in memory of a raster at one time


@dataclass(frozen=True)
class Zonal:
    """Sums over the cells of a raster, one per polygon.

    Attributes
    ----------
    area
        The polygon's area in cells; NaN where it is empty or nowhere in the raster's CRS.
    covered
        What of it lies on the raster.
    valid
        What of it lies on cells that have a value.
    total
        Sum of values, each weighted by the covered part of its cell.
    low, high
        Least and greatest value met; NaN where there is none.
    """

    area: NDArray[np.float64]
    covered: NDArray[np.float64]
    valid: NDArray[np.float64]
    total: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean weighted by covered parts; NaN where no cell has a value."""
        none = np.full_like(self.total, np.nan)
        return np.divide(self.total, self.valid, out=none, where=self.valid > 0)

    @property
    def share(self) -> NDArray[np.float64]:
        """Which share of the polygon has values, 0 to 1; half outside the raster gives 0.5."""
        none = np.full_like(self.area, np.nan)
        share = np.divide(self.valid, self.area, out=none, where=self.area > 0)
        return np.minimum(share, 1.0)

    def statistic(self, name: str) -> NDArray[np.float64]:
        """Return one of `STATISTICS`; NaN where no cell has a value.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        ndarray of float
        """
        found = {"mean": self.mean, "sum": self.total, "min": self.low, "max": self.high}[name]
        return np.where(self.valid > 0, found, np.nan)


def zonal_of_files(
    polygons: NDArray[np.object_], grids: Sequence[Grid], *, threads: int = 2
) -> Zonal:
    """Sum a raster that comes in one or several files over polygons.

    Parameters
    ----------
    polygons, threads
        As for `zonal`.
    grids
        The files, at least one.

    Returns
    -------
    Zonal
        In cells of the first file that has the place. Sums where the files lie side by side. Of a
        polygon with a vertex on several files, or that they cover more than once, the file counts
        that has values for most of it, the first among equals.
    """
    parts = [zonal(polygons, grid, threads=threads) for grid in grids]
    if len(parts) == 1:
        return parts[0]
    areas = _column(parts, "area")
    covered, valid, total = (
        np.nan_to_num(_column(parts, name) / areas) for name in ("covered", "valid", "total")
    )
    doubled = _in_several(polygons, grids) | (covered.sum(axis=0) > 1 + EDGE)
    used = ~doubled | (np.argmax(valid, axis=0) == np.arange(len(parts))[:, None])
    area = areas[np.argmax(np.isfinite(areas), axis=0), np.arange(areas.shape[1])]
    return Zonal(
        area=area,
        covered=np.where(used, covered, 0).sum(axis=0) * area,
        valid=np.where(used, valid, 0).sum(axis=0) * area,
        total=np.where(used, total, 0).sum(axis=0) * area,
        low=np.fmin.reduce(np.where(used, _column(parts, "low"), np.nan)),
        high=np.fmax.reduce(np.where(used, _column(parts, "high"), np.nan)),
    )


def _in_several(polygons: NDArray[np.object_], grids: Sequence[Grid]) -> NDArray[np.bool_]:
    """Say which polygons have a vertex that lies on several files."""
    xy, owner = shapely.get_coordinates(polygons, return_index=True)
    number = np.zeros(len(xy), dtype=np.int64)
    for grid in grids:
        cells, size = grid.to_cells(xy), grid.shape[::-1]
        number += ((cells > EDGE) & (cells < np.subtract(size, EDGE))).all(axis=1)
    several: NDArray[np.bool_] = np.bincount(owner, number > 1, len(polygons)) > 0
    return several


def _column(parts: Sequence[Zonal], name: str) -> NDArray[np.float64]:
    return np.array([getattr(part, name) for part in parts])


def zonal(
    polygons: NDArray[np.object_], grid: Grid, *, threads: int = 2, cells: int = CELLS
) -> Zonal:
    """Sum a raster over polygons.

    Parameters
    ----------
    polygons
        Valid polygons of the working CRS; None and empty ones have no values.
    grid
        The raster. The polygons are brought into its coordinates, vertex by vertex.
    threads
        Threads to use.
    cells
        Cells to read at a time.

    Returns
    -------
    Zonal
    """
    outlines, add = _taken_apart(polygons, grid, threads)
    area = np.abs(outlines.area)
    totals = np.zeros((len(polygons), 5))
    totals[:, LOW], totals[:, HIGH] = np.inf, -np.inf
    which, windows = plan(outlines.boxes, grid.shape, grid.block, cells)
    for some, window, values in zip(which, windows, grid.read(windows), strict=True):
        add(outlines, some, values, (window.row, window.column), totals)
    met = np.isfinite(totals[:, LOW])
    return Zonal(
        area=area,
        covered=totals[:, COVERED],
        valid=totals[:, VALID],
        total=totals[:, TOTAL],
        low=np.where(met, totals[:, LOW], np.nan),
        high=np.where(met, totals[:, HIGH], np.nan),
    )


def _taken_apart(polygons: NDArray[np.object_], grid: Grid, threads: int) -> tuple[Outlines, Adder]:
    """Return polygons in cells, and the way to add them up: compiled or not."""
    if not wanted(len(polygons)):
        xy, turn, first = coverage.outlines(polygons)
        xy = grid.to_cells(xy)
        return Outlines(xy, turn, first, *coverage.frames(xy, turn, first)), coverage.add_window
    from lowuse_gis.kernels import zonal as compiled  # noqa: PLC0415
    from lowuse_gis.kernels.ragged import ragged  # noqa: PLC0415

    layer = ragged(polygons, (0.0, 0.0))
    xy = grid.to_cells(layer.xy)
    found = compiled.frames(xy, layer.turn, layer.first, threads)
    add = partial(compiled.add_window, threads=threads)
    return Outlines(xy, layer.turn, layer.first, *found), add


def plan(
    boxes: NDArray[np.float64], shape: tuple[int, int], block: tuple[int, int], cells: int
) -> tuple[list[NDArray[np.int64]], list[Window]]:
    """Cut a raster into windows, and say which polygons reach into which.

    Parameters
    ----------
    boxes
        Of the polygons, in cells; NaN for one that lies nowhere.
    shape, block
        Of the raster, and of the pieces it is stored in.
    cells
        The most a window should have.

    Returns
    -------
    which
        Polygons by window.
    windows
        Only such as polygons reach into, no larger than these need, row by row.
    """
    found = np.where(np.isnan(boxes).any(axis=1, keepdims=True), -1.0, boxes)
    low = np.clip(np.floor(found[:, [1, 0]]), 0, shape).astype(np.int64)
    high = np.clip(np.ceil(found[:, [3, 2]]), 0, shape).astype(np.int64)
    at = np.flatnonzero((low < high).all(axis=1))
    if not len(at):
        return [], []
    low, high = low[at], high[at]
    step = np.array(_step(int(high[:, 1].max() - low[:, 1].min()), block, cells))
    begin, end = low // step, (high - 1) // step + 1
    tall, wide = (end - begin).T
    pair = np.repeat(np.arange(len(at)), tall * wide)
    number = np.arange(len(pair)) - np.repeat(np.cumsum(tall * wide) - tall * wide, tall * wide)
    tile = begin[pair] + np.stack(np.divmod(number, wide[pair]), axis=1)
    order = np.lexsort((pair, tile[:, 1], tile[:, 0]))
    pair, tile = pair[order], tile[order]
    start = np.flatnonzero(np.append(True, (tile[1:] != tile[:-1]).any(axis=1)))
    upper = np.minimum.reduceat(np.maximum(low[pair], tile * step), start)
    lower = np.maximum.reduceat(np.minimum(high[pair], (tile + 1) * step), start)
    windows = np.concatenate([upper, lower - upper], axis=1).tolist()
    return np.split(at[pair], start[1:]), [Window(*window) for window in windows]


def _step(width: int, block: tuple[int, int], cells: int) -> tuple[int, int]:
    """Return how many rows and columns a window has: whole blocks, as far as these fit.

    Examples
    --------
    Rows of a raster stored by strips are read whole; tiles make squares.

    >>> _step(30_000, (1, 40_000), 1 << 20), _step(30_000, (256, 256), 1 << 20)
    ((34, 40000), (1024, 1024))
    """
    side = min(int(cells**0.5), width)
    columns = min(max(block[1], side // block[1] * block[1]), cells)
    rows = max(cells // min(columns, width), 1)
    return max(rows // block[0] * block[0], min(rows, block[0])), columns
