"""Writing layers the way a department does, and the same bytes every time."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio
import shapely

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = "2024-03-31T00:00:00.000Z"
os.environ["OGR_CURRENT_DATE"] = CLOCK

Columns = Mapping[str, Sequence[object]]


def schema(text: str) -> dict[str, str]:
    """Return fields and types of a text such as ``ZDDM C19, ZDMJ N15.2``."""
    return dict(part.split() for part in text.split(","))


def _array(values: Sequence[object], kind: str) -> tuple[pa.Array, dict[str, str]]:
    if kind[0] == "C":
        return pa.array(values, pa.string()), {"GDAL:OGR:width": kind[1:]}
    if kind[0] == "I":
        return pa.array(values, pa.int32()), {}
    if kind[0] == "R":
        return pa.array(values, pa.float64()), {}
    width, decimals = (int(v) for v in kind[1:].split("."))
    exact = [None if v is None else Decimal(f"{v:.{decimals}f}") for v in values]
    return pa.array(exact, pa.decimal128(width - 2, decimals)), {}


def _multi(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    if shape is None or shape.geom_type == "MultiPolygon":
        return shape
    return shapely.MultiPolygon([shape])


def _table(
    fields: dict[str, str], columns: Columns, shapes: Sequence[shapely.Geometry | None], name: str
) -> tuple[pa.Table, str]:
    """Return the Arrow table of a layer and its kind of geometry."""
    arrays, listed = [], []
    for field, form in fields.items():
        array, meta = _array(columns[field], form)
        arrays.append(array)
        listed.append(pa.field(field, array.type, metadata=meta))
    kind = "Polygon"
    if any(g is not None and g.geom_type == "MultiPolygon" for g in shapes):
        kind = "MultiPolygon"
        shapes = [_multi(g) for g in shapes]
    geometry = np.asarray([*shapes, None], dtype=object)[:-1]
    wkb = shapely.to_wkb(geometry, include_srid=False, byte_order=1)
    arrays.append(pa.array([None if w is None else bytes(w) for w in wkb], pa.binary()))
    meta = {"ARROW:extension:name": "geoarrow.wkb"}
    listed.append(pa.field(name, pa.binary(), metadata=meta))
    return pa.Table.from_arrays(arrays, schema=pa.schema(listed)), kind


def write_layer(
    path: Path,
    layer: str,
    fields: dict[str, str],
    columns: Columns,
    shapes: Sequence[shapely.Geometry | None],
    *,
    driver: str = "GPKG",
    epsg: int = 4527,
    options: Mapping[str, str] | None = None,
) -> None:
    """Write one layer with its field widths.

    Parameters
    ----------
    path, layer
        File and layer; a GeoPackage that is there already gets one layer more.
    fields
        Field names and types in their order, as :func:`schema` gives them.
    columns
        Values by field.
    shapes
        One geometry a row, ``None`` for a record without geometry.
    driver, epsg, options
        GDAL driver, projection and creation options.
    """
    name = "geom" if driver == "GPKG" else "geometry"
    table, kind = _table(fields, columns, shapes, name)
    pyogrio.write_arrow(
        table,
        path,
        layer=layer,
        driver=driver,
        geometry_name=name,
        geometry_type=kind,
        crs=f"EPSG:{epsg}",
        append=False,
        encoding="GBK" if driver == "ESRI Shapefile" else None,
        **dict(options or {}),
    )


GPKG = {"VERSION": "1.3"}


def write_geojson(path: Path, fields: dict[str, str], columns: Columns, shapes: list) -> None:
    """Write a GeoJSON in degrees (EPSG:4490) that names its projection, 9 decimals."""
    features = []
    for k, shape in enumerate(shapes):
        rings = [shape.exterior, *shape.interiors]
        coords = [[[round(x, 9), round(y, 9)] for x, y in ring.coords] for ring in rings]
        values = {name: columns[name][k] for name in fields}
        geometry = {"type": "Polygon", "coordinates": coords}
        features.append({"type": "Feature", "properties": values, "geometry": geometry})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    head = json.dumps({"type": "FeatureCollection", "name": "planning", "crs": crs})
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = f'{head[:-1]},\n"features": [\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def write_lines(path: Path, columns: Columns, lines: list) -> None:
    """Write lines in degrees as GeoParquet."""
    table = gpd.GeoDataFrame(dict(columns), geometry=lines, crs="EPSG:4490")
    table.to_parquet(path, compression="zstd", index=False)
