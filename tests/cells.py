"""Rasters in memory for tests, and what GEOS finds cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely


@dataclass(frozen=True)
class Cells:
    """Values in memory, rows downwards, as a raster that is read by windows."""

    values: np.ndarray
    corner: tuple[float, float] = (0.0, 0.0)
    size: float = 1.0
    block: tuple[int, int] = (32, 32)

    @property
    def shape(self):
        return self.values.shape

    def to_cells(self, xy):
        return np.stack([xy[:, 0] - self.corner[0], self.corner[1] - xy[:, 1]], axis=1) / self.size

    def read(self, windows):
        for w in windows:
            yield self.values[w.row : w.row + w.height, w.column : w.column + w.width]

    @property
    def extent(self):
        (left, top), (rows, columns) = self.corner, self.shape
        return left, top - rows * self.size, left + columns * self.size, top


def raster(seed, shape=(120, 150), *, gaps=0.1, corner=(0.0, 600.0), size=5.0):
    """Return random values, some of them missing."""
    rng = np.random.default_rng(seed)
    values = rng.normal(50, 40, shape)
    values[rng.random(shape) < gaps] = np.nan
    return Cells(values, corner, size)


def cell_by_cell(polygons, grid):
    """Return covered, valid and total of each polygon, in cells, as GEOS intersects them."""
    rows, columns = np.indices(grid.shape).reshape(2, -1)
    x, y = grid.corner[0] + columns * grid.size, grid.corner[1] - rows * grid.size
    boxes = shapely.box(x, y - grid.size, x + grid.size, y)
    left, right = shapely.STRtree(boxes).query(polygons, predicate="intersects")
    part = shapely.area(shapely.intersection(polygons[left], boxes[right])) / grid.size**2
    value = grid.values.reshape(-1)[right]
    known = ~np.isnan(value)
    sums = [
        np.bincount(left, part, len(polygons)),
        np.bincount(left[known], part[known], len(polygons)),
        np.bincount(left[known], (part * value)[known], len(polygons)),
    ]
    return np.array(sums), (left[known], value[known], part[known])
