"""Write GeoPackages that are the same bytes for the same content, with Chinese aliases."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lowuse_gis.io.gdal import unsynced
from lowuse_gis.io.layer_styles import write_styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.core.cartography.style import LayerStyle


VERSION = "1.3"  # validators in the field do not know 1.4 yet
TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "number": pa.float64(),
    "count": pa.int64(),
    "flag": pa.bool_(),
    "date": pa.date32(),
}
GEOMETRY = "geom"
ROWS = 50_000  # written at once


@dataclass(frozen=True)
class Column:
    """A column as the file shows it.

    Attributes
    ----------
    name
        Field name.
    dtype
        ``text``, ``code``, ``number``, ``count``, ``flag`` or ``date``.
    title
        Alias that a GIS shows.
    domain
        Name of its code list, empty for none.
    width
        Signs that a text may have; 0 for any number.
    """

    name: str
    dtype: str
    title: str = ""
    domain: str = ""
    width: int = 0


@dataclass(frozen=True)
class OutLayer:
    """A layer or table to write.

    Attributes
    ----------
    name, title
        Layer name, and what a GIS shows for it.
    frame
        Its content; a layer where it has geometry.
    columns
        The columns to write, in order.
    geometry
        ``MultiPolygon``, ``Point``, or empty for a table.
    domains
        The words of code lists, by name.
    styles
        How a GIS shows it: the first by itself, the others when asked.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: Sequence[Column]
    geometry: str = ""
    domains: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    styles: Sequence[LayerStyle] = ()


def write_geopackage(path: Path, layers: Iterable[OutLayer], crs: str, as_of: date) -> None:
    """Write layers and tables into one new GeoPackage.

    Parameters
    ----------
    path
        A name nothing stands under.
    layers
        In the order they are to appear. One that is made as it is asked for is let go when it is
        written.
    crs
        Of all layers.
    as_of
        Stands for the date of writing, so that the bytes do not depend on the clock.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    written: list[OutLayer] = []
    with _fixed_date(as_of), unsynced():
        for layer in layers:
            _write_layer(path, layer, crs, append=len(written) > 0)
            written.append(replace(layer, frame=layer.frame.head(0)))
    try:
        _describe(path, written)
        write_styles(path, written, GEOMETRY, as_of)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


@contextmanager
def _fixed_date(as_of: date) -> Iterator[None]:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of:%Y-%m-%d}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_layer(path: Path, layer: OutLayer, crs: str, *, append: bool) -> None:
    rows = _in_batches(layer)
    options: dict[str, object] = {"layer": layer.name, "driver": "GPKG", "append": append}
    if layer.geometry:
        options |= {"geometry_name": GEOMETRY, "geometry_type": layer.geometry, "crs": crs}
    options["layer_options"] = {"DESCRIPTION": layer.title}
    if not append:
        options["dataset_options"] = {"VERSION": VERSION}
    try:
        pyogrio.write_arrow(rows, path, **options)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise OSError(str(error)) from error


def _in_batches(layer: OutLayer) -> pa.RecordBatchReader:
    """Turn a layer into Arrow some rows at a time; the file counts each as a transaction."""
    starts = range(0, max(len(layer.frame), 1), ROWS)
    tables = (arrow_table(replace(layer, frame=layer.frame.iloc[at : at + ROWS])) for at in starts)
    first = next(tables)
    batches = (batch for table in chain([first], tables) for batch in table.to_batches())
    return pa.RecordBatchReader.from_batches(first.schema, batches)


def arrow_table(layer: OutLayer) -> pa.Table:
    """Turn a layer's columns into Arrow, geometry as WKB.

    Parameters
    ----------
    layer
        What is to be written.

    Returns
    -------
    Table
        Missing values are nulls, never NaN.
    """
    arrays, fields = [], []
    for column in layer.columns:
        dtype = TYPES[column.dtype]
        width = {"GDAL:OGR:width": str(column.width)} if column.width else None
        arrays.append(_array(layer.frame[column.name], dtype))
        fields.append(pa.field(column.name, dtype, metadata=width))
    if layer.geometry and isinstance(layer.frame, gpd.GeoDataFrame):
        shapes = layer.frame.geometry.to_numpy()
        if layer.geometry == "MultiPolygon":
            shapes = as_multi(shapes)
        arrays.append(pa.array(shapely.to_wkb(shapes), pa.binary()))
        fields.append(pa.field(GEOMETRY, pa.binary()))
    table = pa.table(arrays, schema=pa.schema(fields))
    return table.combine_chunks()  # each chunk is a transaction, which the file counts


def as_multi(shapes: np.ndarray) -> np.ndarray:
    """Make every polygon a multi-polygon, so that a layer has one type.

    Parameters
    ----------
    shapes
        Polygons and multi-polygons; None stays.

    Returns
    -------
    ndarray of geometry
    """
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    result = shapes.copy()
    if single.any():
        result[single] = shapely.multipolygons(
            shapes[single], indices=np.arange(np.count_nonzero(single))
        )
    return result


def _array(values: pd.Series, dtype: pa.DataType) -> pa.Array:
    if pa.types.is_integer(dtype):
        values = values.astype("Int64")
    if pa.types.is_date(dtype):
        return pa.Array.from_pandas(values.astype("datetime64[us]")).cast(dtype)
    if pa.types.is_string(dtype) and not isinstance(values.dtype, pd.StringDtype):
        values = values.astype(object).where(values.notna(), None)
    return pa.Array.from_pandas(values, type=dtype)


def _describe(path: Path, layers: Sequence[OutLayer]) -> None:
    """Add aliases and coded values by the schema extension of GeoPackage."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            """
            PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL,
              column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
              constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
              CONSTRAINT gdc_tn UNIQUE (table_name, name));
            CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL,
              constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
              max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
              CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
            CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,
              extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
              CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
            """
        )
        definition = "http://www.geopackage.org/spec121/#extension_schema"
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            base.execute(
                "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
                (table, "gpkg_schema", definition, "read-write"),
            )
        titled = [(layer, column) for layer in layers for column in layer.columns if column.title]
        base.executemany(
            "INSERT OR REPLACE INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, ?)",
            [
                (l.name, c.name, c.name, c.title, c.domain if c.domain in l.domains else None)
                for l, c in titled  # noqa: E741
            ],
        )
        used = {c.domain: l.domains[c.domain] for l, c in titled if c.domain in l.domains}  # noqa: E741
        base.executemany(
            "INSERT OR IGNORE INTO gpkg_data_column_constraints"
            " VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [(name, code, label) for name in sorted(used) for code, label in used[name].items()],
        )


def read_layer_frame(path: Path, layer: str, where: str | None = None) -> pd.DataFrame:
    """Read a layer or table of a GeoPackage that lowuse wrote.

    Parameters
    ----------
    path, layer
        The file and the layer.
    where
        A condition in SQL; None for all rows.

    Returns
    -------
    DataFrame
        A GeoDataFrame where it has geometry.
    """
    return pyogrio.read_dataframe(path, layer=layer, where=where, use_arrow=True)
