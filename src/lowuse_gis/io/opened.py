"""Open a layer as the file has it: all fields, all records, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio

from lowuse_gis.errors import InputError
from lowuse_gis.io import formats
from lowuse_gis.io.encoding import named
from lowuse_gis.io.gdal import OTHER, UNREADABLE, described, distinct, quiet, reason
from lowuse_gis.io.land_txt import FIELDS, read_land_txt
from lowuse_gis.io.legible import legible, text_of
from lowuse_gis.io.planar import planar
from lowuse_gis.io.shapefile_parts import dbf_widths
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lowuse_gis.io.encoding import TextEncoding
    from lowuse_gis.model import Found

    Chosen = Callable[[list[str]], list[str]]

DBF = {".shp", ".dbf"}
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
        with quiet():
            if found.format == formats.TXT:
                raw = Opened(*read_land_txt(found.path, found.shown, encoding))
            elif found.format == formats.PARQUET:
                raw = _parquet(found, only)
            else:
                raw = _ogr(found, encoding, only)
    except UNREADABLE as error:
        raise unreadable(found.path, error, found.shown) from error
    shapes = raw.frame.geometry.to_numpy()
    plane = planar(shapes, found.shown, found.layer, wanted, close=found.format == "DXF")
    frame = raw.frame.set_geometry(gpd.GeoSeries(plane.shapes, raw.frame.index, crs=raw.frame.crs))
    notices = (*raw.notices, *plane.notices)
    return Opened(frame, raw.fields, raw.crs, raw.encoding, notices, plane.lost)


def field_names(found: Found) -> list[str]:
    """Return the names of a layer's fields without reading it.

    Parameters
    ----------
    found
        Which layer.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    try:
        with quiet():
            if found.format == formats.TXT:
                return list(FIELDS)
            if found.format == formats.PARQUET:
                return _columns(found.path)
            text = text_of(found, "")
            options = _encoded(found.path, text)
            return named(described(found.path, found.layer or None, options)[0]["fields"], text)
    except UNREADABLE as error:
        raise unreadable(found.path, error, found.shown) from error


def unreadable(path: Path, error: BaseException, shown: str = "") -> InputError:
    """Say why a file cannot be read.

    Parameters
    ----------
    path
        The file.
    error
        What was raised.
    shown
        Its name for the user; else the path.

    Returns
    -------
    InputError
    """
    missing = path.suffix.lower() == ".shp" and [
        suffix for suffix in (".shx", ".dbf") if not path.with_suffix(suffix).exists()
    ]
    if missing:
        return InputError(
            _("{path}: the shapefile is incomplete, {missing} is missing").format(
                path=shown or path, missing=", ".join(missing)
            ),
            _("copy all parts of the shapefile: .shp .shx .dbf .prj"),
        )
    return InputError(
        _("{path}: cannot be read as vector data: {reason}").format(
            path=shown or path, reason=reason(error)
        ),
        _("give a shapefile, GeoPackage, GeoJSON or GeoParquet that opens in a GIS"),
    )


def _encoded(path: Path, text: TextEncoding) -> dict[str, Any]:
    """Return the open options that say in which encoding a DBF file is."""
    return {"ENCODING": text.name} if path.suffix.lower() in DBF else {}


def _ogr(found: Found, encoding: str, only: Chosen | None) -> Opened:
    text = text_of(found, encoding)
    options = _encoded(found.path, text)
    used, layer = options.get("ENCODING", ""), found.layer or None
    info, spoken = described(found.path, layer, options)
    names = list(info["fields"])
    if found.format == "OSM":
        options["sql"] = f"SELECT * FROM {found.layer}"  # noqa: S608  a name of GDAL's, not the user's
        layer = None
    meant = named(names, text)
    unique = distinct(meant)
    chosen = only(unique) if only else unique
    columns = chosen if unique == names and only else None
    arguments = {"layer": layer, "columns": columns, "on_invalid": "fix", **options}
    frame, spoken, curved = _frame(found.path, spoken, arguments)
    if unique != names:
        frame.columns = pd.Index([*unique, *frame.columns[len(unique) :]])
        frame = frame[[*chosen, *frame.columns[len(unique) :]]]
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)))
    frame, told = legible(frame, unique, text, found)
    fields = pd.DataFrame({"field": unique, "dtype": info["dtypes"]})
    fields["width"] = 0 if spoken else _widths(found, layer, names, options)
    notices = [*told, *_short(found, len(frame))]
    notices += [] if spoken else _broken(found, frame, options)
    if curved:
        note = _("curves are drawn by short straight lines")
        notices.append(Notice("2205", found.shown, found.layer, note))
    if unique != meant:
        note = _("fields of the same name, numbered: {names}")
        note = note.format(names=", ".join(n for n in unique if n not in meant))
        notices.append(Notice("1203", found.shown, found.layer, note))
    return Opened(frame, fields, info["crs"], used or spoken, tuple(notices))


def _frame(
    path: Path, spoken: str, arguments: dict[str, Any]
) -> tuple[gpd.GeoDataFrame, str, bool]:
    """Read the records; return the encoding if not UTF-8, and whether there were curves."""
    plain = {"deduplicate_objects": False}  # no two shapes are the same bytes
    how = {"use_arrow": not spoken, "arrow_to_pandas_kwargs": plain, "encoding": spoken or None}
    try:
        return pyogrio.read_dataframe(path, **how, **arguments), spoken, False
    except NotImplementedError:  # curves, which GDAL draws by short lines on the slower way
        return pyogrio.read_dataframe(path, use_arrow=False, **arguments), spoken, True
    except (UnicodeDecodeError, pyogrio.errors.DataSourceError) as error:
        if spoken or "UTF-8" not in str(error).upper():
            raise
        frame = pyogrio.read_dataframe(path, use_arrow=False, encoding=OTHER, **arguments)
        return frame, OTHER, False


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


def _short(found: Found, count: int) -> list[Notice]:
    """Tell where fewer records could be read than the file says it has."""
    if count >= found.count:
        return []
    note = _("{count} of {said} records could be read").format(count=count, said=found.count)
    return [Notice("1201", found.shown, found.layer, note)]


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
    names = _columns(found.path)
    geo = formats.geo_metadata(found.path)
    column = geo["primary_column"]
    frame = gpd.read_parquet(found.path, columns=[*(only(names) if only else names), column])
    crs = frame.crs.to_wkt() if frame.crs and "crs" in geo["columns"][column] else None
    frame = frame.rename_geometry("geometry") if column != "geometry" else frame
    fields = pd.DataFrame({"field": names, "dtype": [str(schema.field(n).type) for n in names]})
    return Opened(frame.reset_index(drop=True), fields.assign(width=0), crs, "")


def _columns(path: Path) -> list[str]:
    """Return the columns of a GeoParquet file that are no geometry."""
    import pyarrow.parquet as pq  # noqa: PLC0415  only for this format

    others = set(formats.geo_metadata(path)["columns"])
    return [name for name in pq.read_schema(path).names if name not in others]
