"""Vector tiles of one zoom, cut by GDAL, packed into one string of bytes for a page."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from lowuse_gis.io.gdal import in_bulk

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

BUFFER = 16  # of 4096: outlines do not end at the edge of a tile
NO_LIMIT = 1_000_000_000  # GDAL leaves shapes out of tiles that grow beyond its limits


@dataclass(frozen=True)
class Tiles:
    """Tiles of one zoom.

    Attributes
    ----------
    zoom
        Of the web map's grid.
    index
        Per tile column, row (from the north), offset in `data` and length; by column and row.
    data
        The tiles behind each other, each a gzipped Mapbox vector tile.
    """

    zoom: int
    index: NDArray[np.int64]
    data: bytes


def tiles_of(frame: gpd.GeoDataFrame, layer: str, zoom: int) -> Tiles:
    """Cut a layer into vector tiles.

    Parameters
    ----------
    frame
        Polygons in any CRS; their columns are carried.
    layer
        What the layer is called in the tiles.
    zoom
        Of the web map's grid; a page draws the same tiles nearer by.

    Returns
    -------
    Tiles
        None where there are no shapes.

    Raises
    ------
    OSError
        Where there is no room for the temporary file.
    """
    drawn = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    if not len(drawn):
        return Tiles(zoom, np.empty((0, 4), dtype=np.int64), b"")
    limits = {"MINZOOM": zoom, "MAXZOOM": zoom, "MAX_SIZE": NO_LIMIT, "MAX_FEATURES": NO_LIMIT}
    with tempfile.TemporaryDirectory(prefix="lowuse-tiles-") as folder:
        path = Path(folder) / "tiles.mbtiles"
        with in_bulk():
            pyogrio.write_dataframe(
                drawn, path, layer=layer, driver="MVT", FORMAT="MBTILES", BUFFER=BUFFER, **limits
            )
        with closing(sqlite3.connect(path)) as base:
            rows = base.execute(
                "SELECT tile_column, tile_row, tile_data FROM tiles ORDER BY tile_column, tile_row"
            ).fetchall()
    sizes = np.array([len(data) for _column, _row, data in rows], dtype=np.int64)
    places = np.array([(column, 2**zoom - 1 - row) for column, row, _data in rows], dtype=np.int64)
    index = np.column_stack([places, np.cumsum(sizes) - sizes, sizes])
    return Tiles(zoom, index, b"".join(data for _column, _row, data in rows))
