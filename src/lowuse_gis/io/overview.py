"""A picture of all parcels in which every cell knows its parcel: what a map shows from afar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from pyproj import Transformer

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WEB = "EPSG:3857"
DEGREES = "EPSG:4326"
LONGEST = 3072  # cells
FINEST = 1.0  # m of the web map a cell has at least


@dataclass(frozen=True)
class Overview:
    """Cells and the parcel in each.

    Attributes
    ----------
    cells
        Position of the parcel + 1, 0 for none; rows from the north.
    corners
        Longitude and latitude of the north-west, north-east, south-east and south-west corner.
    """

    cells: NDArray[np.uint32]
    corners: NDArray[np.float64]


def overview_of(frame: gpd.GeoDataFrame, order: NDArray[np.intp]) -> Overview:
    """Draw all shapes into cells.

    Parameters
    ----------
    frame
        Polygons.
    order
        Positions, the least important first: where several meet in a cell the last is seen.

    Returns
    -------
    Overview
        One empty cell where there are no shapes.
    """
    shapes = frame.to_crs(WEB).geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    order = order[there[order]]
    if not len(order):
        return Overview(np.zeros((1, 1), dtype=np.uint32), np.zeros((4, 2)))
    west, south, east, north = shapely.total_bounds(shapes[there])
    size = max((east - west) / LONGEST, (north - south) / LONGEST, FINEST)
    width, height = (int(np.ceil(span / size)) or 1 for span in (east - west, north - south))
    cells = rasterio.features.rasterize(
        zip(shapes[order], order + 1, strict=True),
        out_shape=(height, width),
        transform=Affine(size, 0, west, 0, -size, north),
        dtype="uint32",
    )
    east, south = west + width * size, north - height * size
    x, y = np.array([west, east, east, west]), np.array([north, north, south, south])
    to_degrees = Transformer.from_crs(WEB, DEGREES, always_xy=True)
    return Overview(cells, np.column_stack(to_degrees.transform(x, y)))
