"""Layers and tables as they are to be written, and their rows as Arrow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.cartography.style import LayerStyle

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
ONE_PART = bytes([1, 6, 0, 0, 0, 1, 0, 0, 0])  # little-endian, a multi-polygon, of one polygon


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
        Its content; a layer where it has geometry. Points may stand in columns ``x`` and ``y``.
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


def batches_of(layer: OutLayer) -> pa.RecordBatchReader:
    """Turn a layer into Arrow some rows at a time; a file counts each batch as a transaction.

    Parameters
    ----------
    layer
        What is to be written.

    Returns
    -------
    RecordBatchReader
        No batch where there are no rows.
    """
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
    if layer.geometry:
        arrays.append(_geometry(layer))
        fields.append(pa.field(GEOMETRY, pa.binary()))
    table = pa.table(arrays, schema=pa.schema(fields))
    return table.combine_chunks()  # each chunk is a transaction, which the file counts


def _geometry(layer: OutLayer) -> pa.Array:
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        return point_wkb(*(layer.frame[name].to_numpy(dtype=float) for name in ("x", "y")))
    shapes = layer.frame.geometry.to_numpy()
    return multi_wkb(shapes) if layer.geometry == "MultiPolygon" else _wkb(shapes)


def point_wkb(x: np.ndarray, y: np.ndarray) -> pa.Array:
    """Write points, without making one.

    Parameters
    ----------
    x, y
        Coordinates; NaN for none.

    Returns
    -------
    BinaryArray
        Well-known binary, null where there is no point.

    Examples
    --------
    >>> one, none = point_wkb(np.array([1.5, np.nan]), np.array([2.0, np.nan])).to_pylist()
    >>> shapely.from_wkb(one), none
    (<POINT (1.5 2)>, None)
    """
    kind = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points = np.empty(len(x), kind)
    points["order"], points["type"], points["x"], points["y"] = 1, 1, x, y
    offsets = np.arange(len(x) + 1, dtype=np.int32) * kind.itemsize
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(points)]
    written = pa.Array.from_buffers(pa.binary(), len(x), buffers)
    return pc.if_else(pa.array(np.isnan(x)), pa.scalar(None, pa.binary()), written)


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


def multi_wkb(shapes: np.ndarray) -> pa.Array:
    """Write every polygon as a multi-polygon, without making one.

    Parameters
    ----------
    shapes
        As for `as_multi`.

    Returns
    -------
    BinaryArray
        Well-known binary: multi-polygons of one part begin with the same bytes.
    """
    kind, odd = shapely.get_type_id(shapes), shapely.is_empty(shapes) | shapely.has_z(shapes)
    plain = (kind == shapely.GeometryType.POLYGON) & ~odd
    shapes = shapes.copy()
    shapes[~plain] = as_multi(shapes[~plain])
    written = _wkb(shapes)
    multi = pc.binary_join_element_wise(ONE_PART, written, b"")
    return pc.if_else(pa.array(plain), multi, written)


def _wkb(shapes: np.ndarray) -> pa.Array:
    return pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())


def _array(values: pd.Series, dtype: pa.DataType) -> pa.Array:
    if pa.types.is_integer(dtype):
        values = values.astype("Int64")
    if pa.types.is_date(dtype):
        return pa.Array.from_pandas(values.astype("datetime64[us]")).cast(dtype)
    if pa.types.is_string(dtype) and not isinstance(values.dtype, pd.StringDtype):
        values = values.astype(object).where(values.notna(), None)
    return pa.Array.from_pandas(values, type=dtype)
