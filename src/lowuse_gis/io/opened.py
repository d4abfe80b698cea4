"""Open a layer as the file has it: all fields, all records, no judgement."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from lowuse_gis.errors import InputError
from lowuse_gis.io import formats
from lowuse_gis.io.encoding import dbf_encoding
from lowuse_gis.io.land_txt import read_land_txt
from lowuse_gis.io.planar import planar
from lowuse_gis.io.unreadable import UNREADABLE, reason
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lowuse_gis.model import Found

    Chosen = Callable[[list[str]], list[str]]

DBF = {".shp", ".dbf"}
DBF_HEADER, DBF_FIELD = 32, 32
CURVED = ("Curve", "Surface", "Circular")
WIDTH = b"GDAL:OGR:width"


@dataclass(frozen=True)
class Opened:
    """A layer as the file has it.

    Attributes
    ----------
    frame
        All fields under the file's names, and geometry in the file's coordinates.
    fields
        One line per field: ``field``, ``dtype``, ``width`` (bytes, 0 where not limited).
    crs
        What the file declares; None where it is silent.
    encoding
        How the text was decoded; empty where the format says it itself.
    notices
        What was noticed.
    lost
        Kinds of geometry that were there and are none of the wanted ones.
    """

    frame: gpd.GeoDataFrame
    fields: pd.DataFrame
    crs: str | None
    encoding: str
    notices: tuple[Notice, ...] = ()
    lost: tuple[str, ...] = ()


def open_layer(
    found: Found, encoding: str = "", wanted: str = "polygon", only: Chosen | None = None
) -> Opened:
    """Read a layer with all its records.

    Parameters
    ----------
    found
        Which.
    encoding
        Declared by the user where the file is silent or wrong.
    wanted
        ``polygon`` or ``line``: what the geometry is taken as; empty for whatever there is.
    only
        Chooses among the names of the fields; None for all.

    Returns
    -------
    Opened
        A record without a shape of the wanted kind stays, without geometry.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    try:
        with _quiet():
            if found.format == formats.TXT:
                raw = Opened(*read_land_txt(found.path, found.shown, encoding))
            elif found.format == formats.PARQUET:
                raw = _parquet(found, only)
            else:
                raw = _ogr(found, encoding, only)
    except UNREADABLE as error:
        raise InputError(
            _("{path}: cannot be read as vector data: {reason}").format(
                path=found.shown, reason=reason(error)
            ),
            _("give a shapefile, GeoPackage, GeoJSON or GeoParquet that opens in a GIS"),
        ) from error
    shapes = raw.frame.geometry.to_numpy()
    plane = planar(shapes, found.shown, found.layer, wanted, close=found.format == "DXF")
    frame = raw.frame.set_geometry(gpd.GeoSeries(plane.shapes, raw.frame.index, crs=raw.frame.crs))
    notices = (*raw.notices, *plane.notices)
    return Opened(frame, raw.fields, raw.crs, raw.encoding, notices, plane.lost)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep GDAL's remarks about broken files off the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _ogr(found: Found, encoding: str, only: Chosen | None) -> Opened:
    options: dict[str, Any] = {}
    used, layer = "", found.layer or None
    if found.path.suffix.lower() in DBF:
        used = options["ENCODING"] = encoding or dbf_encoding(found.path)
    info, spoken = _described(found.path, layer, options)
    names = list(info["fields"])
    if found.format == "OSM":
        options["sql"] = f'SELECT * FROM "{found.layer}"'  # noqa: S608  a layer OGR named
        layer = None
    frame = pyogrio.read_dataframe(
        found.path,
        layer=layer,
        columns=only(names) if only else None,
        use_arrow=not spoken,
        encoding=spoken or None,
        on_invalid="fix",
        **options,
    )
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)))
    fields = pd.DataFrame({"field": names, "dtype": info["dtypes"]})
    fields["width"] = _widths(found, layer, names, options)
    notices = [*_short(found, len(frame)), *_curved(found, info), *_broken(found, frame, options)]
    return Opened(frame, fields, info["crs"], used or spoken, tuple(notices))


def _described(
    path: Path, layer: str | None, options: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """Return what GDAL says of a layer, and GB18030 where its text is not UTF-8 as it should."""
    try:
        info = pyogrio.read_info(path, layer=layer, **options)
    except UnicodeDecodeError:
        return pyogrio.read_info(path, layer=layer, encoding="GB18030", **options), "GB18030"
    return info, ""


def _widths(found: Found, layer: str | None, names: list[str], options: dict[str, Any]) -> Any:
    """Return the width of each field, 0 where it is not limited."""
    if found.path.suffix.lower() in DBF:
        widths = dbf_widths(found.path)
        return widths if len(widths) == len(names) else 0
    if found.format == "OSM":
        return 0
    with pyogrio.open_arrow(found.path, layer=layer, use_pyarrow=True, **options) as source:
        schema = source[1].schema
    told = {field.name: (field.metadata or {}).get(WIDTH, b"0") for field in schema}
    return [int(told.get(name, b"0")) for name in names]


def dbf_widths(shp: Path) -> list[int]:
    """Return the width in bytes of each field of a DBF file.

    Parameters
    ----------
    shp
        The ``.shp``, or the ``.dbf`` itself.

    Returns
    -------
    list of int
        Empty where there is no such file, or its header is broken.
    """
    for dbf in (shp.with_suffix(".dbf"), shp.with_suffix(".DBF")):
        if dbf.is_file():
            with dbf.open("rb") as file:
                start = int.from_bytes(file.read(DBF_HEADER)[8:10], "little")
                data = file.read(max(start - DBF_HEADER, 0)).split(b"\r", 1)
            whole = np.frombuffer(data[0], np.uint8) if data else np.zeros(0, np.uint8)
            lines = whole[: len(whole) // DBF_FIELD * DBF_FIELD].reshape(-1, DBF_FIELD)
            return [int(width) for width in lines[:, 16]]
    return []


def _short(found: Found, count: int) -> list[Notice]:
    """Tell where fewer records could be read than the file says it has."""
    if count >= found.count:
        return []
    note = _("{count} of {said} records could be read").format(count=count, said=found.count)
    return [Notice("1201", found.shown, found.layer, note)]


def _curved(found: Found, info: dict[str, Any]) -> list[Notice]:
    if not any(word in (info["geometry_type"] or "") for word in CURVED):
        return []
    note = _("curves are drawn by short straight lines")
    return [Notice("2205", found.shown, found.layer, note)]


def _broken(found: Found, frame: gpd.GeoDataFrame, options: dict[str, Any]) -> list[Notice]:
    """Tell of shapes that are there but cannot be understood."""
    missing = int(frame.geometry.isna().sum())
    if not missing or found.format == "OSM":
        return []
    layer = found.layer or None
    _meta, table = pyogrio.read_arrow(found.path, layer=layer, columns=[], **options)
    broken = missing - table.column(table.num_columns - 1).null_count if table.num_columns else 0
    if broken <= 0:
        return []
    note = _("{count} shapes are broken, taken as missing").format(count=broken)
    return [Notice("1201", found.shown, found.layer, note)]


def _parquet(found: Found, only: Chosen | None) -> Opened:
    import pyarrow.parquet as pq  # noqa: PLC0415  only for this format

    schema = pq.read_schema(found.path)
    geo = formats.geo_metadata(found.path)
    column = geo["primary_column"]
    others = set(geo["columns"])
    names = [name for name in schema.names if name not in others]
    frame = gpd.read_parquet(found.path, columns=[*(only(names) if only else names), column])
    crs = frame.crs.to_wkt() if frame.crs and "crs" in geo["columns"][column] else None
    frame = frame.rename_geometry("geometry") if column != "geometry" else frame
    fields = pd.DataFrame({"field": names, "dtype": [str(schema.field(n).type) for n in names]})
    frame = frame.reset_index(drop=True)
    return Opened(frame, fields.assign(width=0), crs, "")
