"""Read vector layers into standard columns and the working coordinate system."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.io.encoding import dbf_encoding
from lowuse_gis.io.fields import applicable, match_fields, require, standard_values
from lowuse_gis.io.not_a_base import no_base
from lowuse_gis.io.projection import declared_crs, to_working
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lowuse_gis.model import Rulebook

PARQUET = {".parquet", ".geoparquet"}
POLYGONS = {3, 6}
LINES = {1, 5}
KINDS = {"polygon": POLYGONS, "line": LINES}


@dataclass(frozen=True)
class Request:
    """Which layer to read, and what the user said about it.

    Attributes
    ----------
    path, layer
        The file, and its layer where there are several.
    source
        The rulebook's name of what it is.
    geometry
        ``polygon`` or ``line``.
    crs, encoding
        Declared by the user where the file is silent or wrong.
    mapping
        Fields named by the user.
    among
        Whether it was said of several files, so that not all need to have these fields.
    """

    path: Path
    source: str
    layer: str = ""
    geometry: str = "polygon"
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    among: bool = False


@dataclass(frozen=True)
class Layer:
    """A layer as read.

    Attributes
    ----------
    frame
        Standard columns and geometry in the working CRS, indexed from 0.
    name
        Layer name, empty for a file of one layer.
    sha256
        Hash of the file, and of a shapefile's parts.
    """

    frame: gpd.GeoDataFrame
    name: str
    sha256: str


def read_layer(request: Request, rulebook: Rulebook) -> Layer:
    """Read one layer.

    Parameters
    ----------
    request
        What to read.
    rulebook
        Knows field names and the working CRS.

    Returns
    -------
    Layer
        Every feature of the file, also those without geometry.

    Raises
    ------
    InputError
        Where the file is missing, empty, no vector data, of the wrong geometry type, or has no CRS.
    """
    path = request.path
    if not path.exists():
        near = _near_files(path)
        raise InputError(
            _("{path}: no such file").format(path=path),
            _("files there: {names}").format(names=near) if near else _("check the path"),
        )
    if path.suffix.lower() in PARQUET:
        frame, crs = _read_parquet(request, rulebook)
        layer = ""
    else:
        frame, crs, layer = _read_ogr(request, rulebook)
    if not len(frame):
        raise InputError(
            _("{path}: the layer is empty").format(path=path),
            _("export it again, without a selection or filter"),
        )
    _right_geometry(frame, request)
    frame = to_working(frame, declared_crs(crs, request.crs, path.name), rulebook, path.name)
    values = standard_values(pd.DataFrame(frame.drop(columns="geometry")), rulebook, request.source)
    return Layer(
        gpd.GeoDataFrame(values, geometry=frame.geometry, crs=frame.crs), layer, file_hash(path)
    )


def _near_files(path: Path) -> str:
    folder = path.parent
    names = sorted(p.name for p in folder.glob(f"*{path.suffix}")) if folder.is_dir() else []
    return ", ".join(names[:8])


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or of a shapefile's parts together.

    Parameters
    ----------
    path
        The file; for a ``.shp`` its ``.dbf``, ``.prj`` and ``.cpg`` count too, and for a folder
        such as a ``.gdb`` all files in it.

    Returns
    -------
    str
        Hexadecimal.
    """
    digest = hashlib.sha256()
    parts = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    if path.suffix.lower() == ".shp":
        parts += [p for s in (".dbf", ".prj", ".cpg") if (p := path.with_suffix(s)).exists()]
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _read_ogr(request: Request, rulebook: Rulebook) -> tuple[gpd.GeoDataFrame, object, str]:
    path = request.path
    options = {}
    if path.suffix.lower() == ".shp":
        options["ENCODING"] = request.encoding or dbf_encoding(path)
    try:
        layer = _layer_name(request)
        info = pyogrio.read_info(path, layer=layer, **options)
        names = list(info["fields"])
        found = _fields(names, request, rulebook)
        frame = pyogrio.read_dataframe(
            path,
            layer=layer,
            columns=list(found.values()),
            force_2d=True,
            use_arrow=True,
            on_invalid="ignore",
            **options,
        )
    except (DataSourceError, UnicodeDecodeError, ValueError, OSError) as error:
        raise _unreadable(path, error) from error
    if "geometry" not in frame:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame)))
    renamed = frame.rename(columns={name: column for column, name in found.items()})
    return renamed, info["crs"], layer or ""


def is_survey(path: Path, layer: str, rulebook: Rulebook) -> bool:
    """Say whether a file is the land-change survey itself, not a parcel layer.

    Parameters
    ----------
    path, layer
        The file and its layer; what cannot be opened is no survey.
    rulebook
        Knows the fields of both.

    Returns
    -------
    bool
        True where it has survey classes and polygon numbers and no parcel code.
    """
    if path.suffix.lower() in PARQUET or not path.exists():
        return False
    try:
        options = {"ENCODING": dbf_encoding(path)} if path.suffix.lower() == ".shp" else {}
        wanted = layer or rulebook.sources["survey"].layer
        name = _layer_name(Request(path, "survey", wanted))
        names = list(pyogrio.read_info(path, layer=name, **options)["fields"])
    except (DataSourceError, InputError, ValueError, OSError):
        return False
    survey = match_fields(names, rulebook, "survey", {})
    parcel = match_fields(names, rulebook, "parcels", {})
    return "parcel_code" not in parcel and {"survey_class", "polygon_number"} <= set(survey)


def _layer_name(request: Request) -> str | None:
    layers = pyogrio.list_layers(request.path)
    names = [str(name) for name in layers[:, 0]]
    if request.layer in names:
        return request.layer
    shaped = [str(name) for name, kind in layers if kind is not None]
    if len(shaped) == 1 or (len(names) == 1 and not shaped):
        return (shaped or names)[0]
    raise InputError(
        _("{path}: which layer? There are {count}").format(path=request.path, count=len(names)),
        _("name one after the file, such as {path}:{layer}; layers: {names}").format(
            path=request.path.name, layer=(shaped or names or ["?"])[0], names=", ".join(names)
        ),
    )


def _read_parquet(request: Request, rulebook: Rulebook) -> tuple[gpd.GeoDataFrame, object]:
    import pyarrow.parquet as pq  # noqa: PLC0415  only for this format

    path = request.path
    try:
        schema = pq.read_schema(path)
        geo = json.loads((schema.metadata or {})[b"geo"])
        column = geo["primary_column"]
        names = [name for name in schema.names if name != column]
        found = _fields(names, request, rulebook)
        frame = gpd.read_parquet(path, columns=[*found.values(), column])
    except (ValueError, OSError, KeyError) as error:
        raise _unreadable(path, error) from error
    crs = frame.crs if "crs" in geo["columns"][column] else None
    renamed = frame.rename(columns={name: col for col, name in found.items()})
    renamed = renamed.rename_geometry("geometry") if column != "geometry" else renamed
    renamed.geometry = shapely.force_2d(renamed.geometry.to_numpy())
    return renamed.reset_index(drop=True), crs


def _fields(names: list[str], request: Request, rulebook: Rulebook) -> dict[str, str]:
    called = (request.path.stem, request.layer)
    instead = no_base(request.source, called, names, rulebook.checks)
    if instead:
        raise InputError(
            _("{path}: {what}").format(path=request.path, what=instead),
            _("give the full layer at the end of the year"),
        )
    given = applicable(request.mapping, names) if request.among else request.mapping
    found = match_fields(names, rulebook, request.source, given)
    require(found, names, rulebook, request.source, request.path.name)
    return found


def _unreadable(path: Path, error: Exception) -> InputError:
    missing = path.suffix.lower() == ".shp" and [
        suffix for suffix in (".shx", ".dbf") if not path.with_suffix(suffix).exists()
    ]
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if missing:
        return InputError(
            _("{path}: the shapefile is incomplete, {missing} is missing").format(
                path=path, missing=", ".join(missing)
            ),
            _("copy all parts of the shapefile: .shp .shx .dbf .prj"),
        )
    return InputError(
        _("{path}: cannot be read as vector data: {reason}").format(path=path, reason=reason),
        _("give a shapefile, GeoPackage, GeoJSON or GeoParquet that opens in a GIS"),
    )


def _right_geometry(frame: gpd.GeoDataFrame, request: Request) -> None:
    kinds = np.unique(shapely.get_type_id(frame.geometry.to_numpy()))
    wrong = set(kinds.tolist()) - KINDS[request.geometry] - {-1}
    if not wrong:
        return
    names = {0: "Point", 1: "LineString", 2: "LinearRing", 3: "Polygon", 4: "MultiPoint"}
    names |= {5: "MultiLineString", 6: "MultiPolygon", 7: "GeometryCollection"}
    raise InputError(
        _("{path}: {wanted} geometry is needed, the layer has {found}").format(
            path=request.path,
            wanted=_("polygon") if request.geometry == "polygon" else _("line"),
            found=", ".join(names.get(kind, "?") for kind in sorted(wrong)),
        ),
        _("choose the right layer, or export only that geometry type"),
    )
