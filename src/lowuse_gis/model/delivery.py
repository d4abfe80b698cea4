"""What somebody handed over: files found, layers read, and what was noticed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Notice:
    """Something noticed about a file or layer as a whole.

    Attributes
    ----------
    code
        Code in checks.csv.
    file
        The file as the user would name it, such as ``town.zip/parcels.shp``.
    layer
        Layer or sheet; empty where there is one only.
    note
        What exactly, in the user's language.
    """

    code: str
    file: str
    layer: str = ""
    note: str = ""


@dataclass(frozen=True)
class Found:
    """One layer or table found in what was handed over.

    Attributes
    ----------
    path
        Where it can be opened; inside a temporary folder for what came in an archive.
    shown
        The name to show: the archive and the path in it, never the temporary folder.
    layer
        Layer, sheet or band; empty where there is one only.
    kind
        ``layer``, ``table`` or ``raster``.
    format
        Such as ``ESRI Shapefile``, ``OpenFileGDB``, ``coordinate TXT``, ``xlsx``.
    count
        Features or rows, -1 where only reading them all would tell.
    """

    path: Path
    shown: str
    layer: str
    kind: str
    format: str
    count: int = -1


@dataclass(frozen=True)
class Delivered:
    """A layer as it was read, before anything is checked.

    Attributes
    ----------
    source
        The rulebook's name of what it is, such as ``parcels``.
    file, layer
        Where it comes from, as shown.
    frame
        Standard columns with their types, and geometry in the working CRS, indexed by ``row``.
    raw
        The cells as the file has them, under the names of standard columns where these are
        matched, else under the file's; same index.
    fields
        One line per field of the file: ``field``, ``column`` (standard, empty where none),
        ``dtype``, ``width`` (bytes, 0 where not limited).
    notices
        What was noticed while reading.
    remarks
        What was noticed about single records: ``row``, ``code``, ``note``; None for nothing.
    crs
        The system the coordinates were taken in, such as ``EPSG:4548``.
    encoding
        How the text was decoded; empty where the format says it itself.
    positions
        For a table, the column of the sheet each value of `raw` stands in, from 0; -1 for none.
    facts
        For a table, what its sheets show beside values: totals, hidden and merged cells, lost
        results; with ``row``, ``cell``, ``column`` and ``kind``.
    """

    source: str
    file: str
    layer: str
    frame: gpd.GeoDataFrame
    raw: pd.DataFrame
    fields: pd.DataFrame
    notices: tuple[Notice, ...] = field(default=())
    remarks: pd.DataFrame | None = None
    crs: str = ""
    encoding: str = ""
    positions: pd.DataFrame | None = None
    facts: pd.DataFrame | None = None
