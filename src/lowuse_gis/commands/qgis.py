"""``lowuse qgis``: a project for QGIS, with sheets to print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
from pyproj import CRS

from lowuse_gis.commands.qgis_borders import borders_of, write_borders
from lowuse_gis.commands.qgis_sheets import counted, made_by, told
from lowuse_gis.commands.results import read_with_rules
from lowuse_gis.core.cartography.project import Layer, Project, System
from lowuse_gis.core.cartography.sheet import Extent, Sheet
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.legacy_file import read_legacy
from lowuse_gis.io.qgis_file import layer_of, write_qgz
from lowuse_gis.io.styled import OF_TYPE, styles_of
from lowuse_gis.io.units_file import read_units
from lowuse_gis.language import _
from lowuse_gis.stages.maps.lists import labels_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook

NOWHERE = (0.0, 0.0, 1000.0, 1000.0)  # what is shown of a result without shapes


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, and the project to write.
    units, legacy
        What units and legacy find wrote; None for none.
    rules
        Rulebook whose map.toml counts; that of the result where empty.
    maker
        Who makes the map, for the foot of a sheet.
    project, sources
        Where borders are: a project, and names with files that stand above it.
    """

    result: Path
    output: Path
    units: Path | None = None
    legacy: Path | None = None
    rules: str = ""
    maker: str = ""
    overwrite: bool = False
    project: Path | None = None
    sources: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Written:
    """What was written, for the screen.

    Attributes
    ----------
    path
        The project.
    files
        All that was written: the project, and its borders where there are any.
    layers, places, sheets
        How many it has.
    """

    path: Path
    files: Sequence[Path]
    layers: int
    places: int
    sheets: int


def qgis(request: Request) -> Written:
    """Write a project beside a result.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Written

    Raises
    ------
    InputError
        Where a file is missing or is something else, or the project has no name of one.
    """
    if request.output.suffix.lower() != ".qgz":
        raise InputError(
            _("{path}: a project of QGIS is a .qgz").format(path=request.output),
            _("give it a name that ends in .qgz"),
        )
    result, rulebook = read_with_rules(request.result, request.rules, request.project)
    borders = borders_of(request.sources, request.project, rulebook)
    beside = request.output.with_name(f"{request.output.stem}_borders.gpkg")
    files = [request.output, beside] if borders else [request.output]
    refuse_existing(files, overwrite=request.overwrite)
    groups = _groups(request, rulebook)
    with all_or_nothing(files) as (part, *rest):
        if borders:
            layers = write_borders(rest[0], beside, borders, result, rulebook)
            groups.insert(1 if request.units else 0, (_("borders"), layers))
        project = _project(request, result, rulebook, groups)
        write_qgz(part, project)
    count = sum(len(layers) for _name, layers in groups)
    return Written(request.output, files, count, len(project.places), len(project.sheets))


def _groups(request: Request, rulebook: Rulebook) -> list[tuple[str, list[Layer]]]:
    """Return the layers that there are, in groups, from the top down."""
    result = request.result
    names = [str(n) for n, geometry in pyogrio.list_layers(result) if geometry is not None]
    by_verdict, *others = _layers(request, result, "parcels", rulebook)
    by_verdict = replace(by_verdict, shown=True, title=_("parcels by verdict"))
    of_types = [
        layer
        for name in names
        if name.startswith(OF_TYPE)
        for layer in _layers(request, result, name, rulebook)
    ]
    groups = [
        (_("defects of the data"), _layers(request, result, "checks", rulebook)),
        (_("verdicts of parcels"), [by_verdict, *of_types]),
        (_("productivity and types"), others),
    ]
    if request.legacy:
        read_legacy(request.legacy)
        groups.insert(
            1, (_("historical legacy"), _layers(request, request.legacy, "legacy", rulebook))
        )
    if request.units:
        read_units(request.units)
        shown = [replace(u, shown=True) for u in _layers(request, request.units, "units", rulebook)]
        groups.insert(0, (_("spatial units"), shown))
    return groups


def _layers(request: Request, file: Path, name: str, rulebook: Rulebook) -> list[Layer]:
    """Return a layer once for each of its styles, switched off; the first has the layer's title."""
    columns = {str(field) for field in pyogrio.read_info(file, layer=name)["fields"]}
    folder = request.output.parent
    return [
        replace(
            layer_of(file, name, folder, style, style.name if at else ""),
            id=f"lowuse_{name}_{at}",
            shown=False,
        )
        for at, style in enumerate(styles_of(name, columns, rulebook))
    ]


def _project(
    request: Request, result: Result, rulebook: Rulebook, groups: Sequence[tuple[str, list[Layer]]]
) -> Project:
    parcels = result.parcels
    system = CRS.from_user_input(parcels.crs)
    title = _("Map of low-use land, {district}").format(district=rulebook.district)
    whole = extent_of(parcels)
    towns = towns_of(parcels)
    places = [(name, extent) for _code, name, extent in towns]
    drawn = [layer for _name, layers in groups for layer in layers if layer.shown]
    parts: dict[str, Any] = {
        "layers": drawn,
        "told": told(result.run, system),
        "maker": made_by(request.maker),
        "words": {"map": _("main map"), "legend": _("Legend"), "m": _("m"), "km": _("km")},
    }
    mu = float(result.run["mu"])
    labels = labels_of(result, "verdict")
    sheets = [
        Sheet(title, title, whole, **parts, summary=counted(parcels, rulebook.district, labels, mu))
    ]
    for code, name, extent in towns:
        town = _("Map of low-use land, {town}, {district}").format(
            town=name, district=rulebook.district
        )
        own = counted(parcels[parcels["town_code"] == code], name, labels, mu)
        sheets.append(Sheet(town, town, extent, **parts, summary=own))
    authority = system.to_authority()
    known = System(":".join(authority) if authority else "", system.to_wkt())
    return Project(title, known, whole, groups, [(_("whole district"), whole), *places], sheets)


def towns_of(parcels: gpd.GeoDataFrame) -> list[tuple[str, str, Extent]]:
    """Return where each town is.

    Parameters
    ----------
    parcels
        Judged parcels.

    Returns
    -------
    list
        Code, name and extent, by code; towns of one name are told apart by their code.
    """
    there = parcels[parcels["town_code"].notna()]
    names = there.groupby("town_code")["town_name"].first()
    names = names.where(names.notna(), names.index.to_series())
    doubled = names.duplicated(keep=False)
    names = names.where(~doubled, names + " " + names.index.to_series())
    extents = {code: extent_of(own) for code, own in there.groupby("town_code")}
    return [(str(c), str(names[c]), e) for c, e in extents.items() if e != NOWHERE]


def extent_of(parcels: gpd.GeoDataFrame) -> Extent:
    """Return the extent of parcels, at least of 200 m.

    Parameters
    ----------
    parcels
        Some.

    Returns
    -------
    tuple of float
        Least x, least y, largest x, largest y; any place where nothing has a shape.
    """
    bounds = parcels.total_bounds
    if not np.isfinite(bounds).all():
        return NOWHERE
    least, largest = bounds[:2], bounds[2:]
    room = np.maximum(100.0 - (largest - least) / 2, 0.0)
    left, low = least - room
    right, high = largest + room
    return float(left), float(low), float(right), float(high)
