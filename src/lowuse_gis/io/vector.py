"""Read vector layers into standard columns and the working coordinate system."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import match_fields, require, standard_values
from lowuse_gis.io.located import PARQUET, located
from lowuse_gis.io.not_a_base import no_base
from lowuse_gis.io.opened import field_names, open_layer
from lowuse_gis.io.place import Given, placed
from lowuse_gis.io.projection import declared_crs, to_working
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.shifts import Shift
    from lowuse_gis.model import Rulebook

BLOCK = 1 << 24  # bytes of a file that are hashed at a time


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
    shift
        Parameters that bring its coordinates to CGCS2000.
    option
        Whether the command has options that speak of it; else only the project file does.
    """

    path: Path
    source: str
    layer: str = ""
    geometry: str = "polygon"
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    among: bool = False
    shift: Shift | None = None
    option: bool = False


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
    found: dict[str, str] = {}

    def only(names: list[str]) -> list[str]:
        found.update(_fields(names, request, rulebook))
        return list(found.values())

    with located(path, request.layer, request.source, rulebook) as (at, layer):
        opened = open_layer(at, request.encoding, request.geometry, only)
    frame = opened.frame.rename(columns={name: column for column, name in found.items()})
    if not len(frame):
        raise InputError(
            _("{path}: the layer is empty").format(path=path),
            _("export it again, without a selection or filter"),
        )
    if opened.lost:
        raise _wrong_geometry(opened.lost, request)
    if request.shift:
        given = Given(request.crs, request.shift)
        frame = placed(frame, opened.crs, given, rulebook, path.name).frame
    else:
        declared = declared_crs(opened.crs, request.crs, path.name)
        frame = to_working(frame, declared, rulebook, path.name, option=request.option)
    values = standard_values(attributes_of(frame), rulebook, request.source)
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
        The file; for a ``.shp`` its ``.dbf``, ``.prj`` and ``.cpg`` count too, for a ``.tif`` what
        else says of its place and its gaps, and for a folder such as a ``.gdb`` all files in it.

    Returns
    -------
    str
        Hexadecimal.
    """
    digest = hashlib.sha256()
    parts = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    if path.suffix.lower() == ".shp":
        parts += [p for s in (".dbf", ".prj", ".cpg") if (p := path.with_suffix(s)).exists()]
    if path.suffix.lower() in {".tif", ".tiff"}:
        beside = (path.with_suffix(".tfw"), *(Path(f"{path}{s}") for s in (".aux.xml", ".msk")))
        parts += [part for part in beside if part.exists()]
    if len(parts) == 1:  # read for each of its layers
        state = parts[0].stat()
        return _hash_of(parts[0], state.st_size, state.st_mtime_ns)
    for part in parts:
        _take_in(part, digest)
    return digest.hexdigest()


@cache
def _hash_of(path: Path, size: int, changed: int) -> str:
    """Return the SHA-256 of a file in a certain state."""
    del size, changed
    digest = hashlib.sha256()
    _take_in(path, digest)
    return digest.hexdigest()


def _take_in(path: Path, digest: hashlib._Hash) -> None:
    """Add what a file holds, few times: each time Python's lock is waited for among threads."""
    block = memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as file:
        while read := file.readinto(block):
            digest.update(block[:read])


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
        wanted = layer or rulebook.sources["survey"].layer
        with located(path, wanted, "survey", rulebook) as (at, _name):
            names = field_names(at)
    except InputError:
        return False
    survey = match_fields(names, rulebook, "survey", {})
    parcel = match_fields(names, rulebook, "parcels", {})
    return "parcel_code" not in parcel and {"survey_class", "polygon_number"} <= set(survey)


def _fields(names: list[str], request: Request, rulebook: Rulebook) -> dict[str, str]:
    called = (request.path.stem, request.layer)
    instead = no_base(request.source, called, names, rulebook.checks)
    if instead:
        raise InputError(
            _("{path}: {what}").format(path=request.path, what=instead),
            _("give the full layer at the end of the year"),
        )
    strict = not request.among
    found = match_fields(names, rulebook, request.source, request.mapping, strict=strict)
    require(found, names, rulebook, request.source, request.path.name)
    return found


def _wrong_geometry(lost: Sequence[str], request: Request) -> InputError:
    return InputError(
        _("{path}: {wanted} geometry is needed, the layer has {found}").format(
            path=request.path,
            wanted=_("polygon") if request.geometry == "polygon" else _("line"),
            found=", ".join(lost),
        ),
        _("choose the right layer, or export only that geometry type"),
    )
