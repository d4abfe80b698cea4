"""Write filed layers as FileGDB, GeoPackage or shapefile, the same bytes for the same content."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer, as_multi
from lowuse_gis.io.package.dbf import finish_dbf
from lowuse_gis.model.filing import DATE, NUMBER, TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model.filing import FiledField, FiledLayer

DRIVERS = {"gdb": "OpenFileGDB", "shp": "ESRI Shapefile"}
GEOMETRY = "geom"
GBK_LANGUAGE = 0x4D  # of a dbf: cp936
DBF_TEXT = 254
KINDS = {TEXT: "text", NUMBER: "number", WHOLE: "count", DATE: "text"}


def write_layers(
    path: Path, form: str, layers: Sequence[FiledLayer], as_of: date, encoding: str
) -> None:
    """Write layers into one database, or one shapefile.

    Parameters
    ----------
    path
        A name nothing stands under.
    form
        ``gdb``, ``gpkg`` or ``shp``.
    layers
        In order; one for a shapefile.
    as_of
        Stands for the date of writing.
    encoding
        Of a shapefile: GBK or UTF-8.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    if form == "gpkg":
        out = [_out_layer(layer) for layer in layers]
        write_geopackage(path, out, layers[0].crs, as_of)
        return
    with fixed_writing(as_of):
        for number, layer in enumerate(layers):
            _write(path, form, layer, encoding, append=number > 0)
    if form == "shp":
        (layer,) = layers
        numbers = {f.code: f.length for f in layer.fields if f.kind in {NUMBER, WHOLE}}
        finish_dbf(path.with_suffix(".dbf"), numbers, GBK_LANGUAGE if encoding == "GBK" else 0)


@contextmanager
def fixed_writing(as_of: date) -> Iterator[None]:
    """Keep the clock and chance out of what GDAL writes.

    Parameters
    ----------
    as_of
        Stands for the date of writing.
    """
    options = {
        "OGR_CURRENT_DATE": f"{as_of:%Y-%m-%d}T00:00:00.000Z",
        "OPENFILEGDB_REPRODUCIBLE_UUID": "YES",
    }
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _out_layer(layer: FiledLayer) -> OutLayer:
    domains = {f"{layer.name}_{f.code}": f.domain for f in layer.fields if f.domain}
    columns = [
        Column(
            f.code, KINDS[f.kind], f.title, f"{layer.name}_{f.code}" if f.domain else "", f.length
        )
        if f.kind == TEXT
        else Column(f.code, KINDS[f.kind], f.title, f"{layer.name}_{f.code}" if f.domain else "")
        for f in layer.fields
    ]
    shape = "MultiPolygon" if layer.shaped else ""
    return OutLayer(layer.name, layer.title, layer.frame, columns, shape, domains)


def _write(path: Path, form: str, layer: FiledLayer, encoding: str, *, append: bool) -> None:
    options: dict[str, object] = {"driver": DRIVERS[form], "layer": layer.name, "append": append}
    if layer.shaped:
        options |= {"geometry_name": GEOMETRY, "geometry_type": "MultiPolygon", "crs": layer.crs}
    if form == "gdb":
        options["layer_options"] = {"LAYER_ALIAS": layer.title, "TARGET_ARCGIS_VERSION": "ALL"}
    else:
        options["encoding"] = encoding
        options["layer_options"] = {"DBF_DATE_LAST_UPDATE": "2000-01-01"}
    try:
        pyogrio.write_arrow(_table(layer, form), path, **options)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise OSError(str(error)) from error


def _table(layer: FiledLayer, form: str) -> pa.Table:
    arrays, fields = [], []
    for field in layer.fields:
        values = layer.frame[field.code]
        dtype = _dtype(field, form)
        if pa.types.is_decimal(dtype):
            array = _decimals(values.tolist(), field.decimals, dtype)
        elif field.kind in {TEXT, DATE}:
            array = pa.array(values.astype(object).where(values.notna(), None), pa.string())
        else:
            array = pa.Array.from_pandas(values, type=dtype)
        arrays.append(array)
        fields.append(pa.field(field.code, dtype, metadata=_metadata(field, form)))
    if layer.shaped and isinstance(layer.frame, gpd.GeoDataFrame):
        shapes = as_multi(layer.frame.geometry.to_numpy())
        arrays.append(pa.array(shapely.to_wkb(shapes, flavor="iso"), pa.binary()))
        fields.append(pa.field(GEOMETRY, pa.binary()))
    return pa.table(arrays, schema=pa.schema(fields))


def _dtype(field: FiledField, form: str) -> pa.DataType:
    if field.kind == WHOLE:
        return pa.int32() if field.length < 10 else pa.int64()  # noqa: PLR2004  32 bits hold nine digits
    if field.kind == NUMBER:
        return pa.decimal128(field.length, field.decimals) if form == "shp" else pa.float64()
    return pa.string()


def _decimals(values: list[float], decimals: int, dtype: pa.DataType) -> pa.Array:
    step = Decimal(1).scaleb(-decimals)
    exact = [
        None if value != value else Decimal(repr(value)).quantize(step, ROUND_HALF_EVEN)  # noqa: PLR0124  NaN
        for value in values
    ]
    return pa.array(exact, dtype)


def _metadata(field: FiledField, form: str) -> dict[str, str]:
    said = {"GDAL:OGR:alternative_name": field.title} if form == "gdb" else {}
    if field.kind in {TEXT, DATE}:
        width = min(field.length, DBF_TEXT) if form == "shp" else field.length
        said["GDAL:OGR:width"] = str(width)
    return said
