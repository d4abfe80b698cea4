"""What lies around the parcels that units are drawn over: survey, barriers, planning blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.unit_run import layer_in_parts
from lowuse_gis.errors import InputError
from lowuse_gis.io.project import NAME, read_project
from lowuse_gis.io.vector import Request as LayerRequest
from lowuse_gis.io.vector import file_hash, read_layer
from lowuse_gis.language import _
from lowuse_gis.stages.units.nodes import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.commands.partitioned.unit_run import Parts
    from lowuse_gis.commands.units import Request
    from lowuse_gis.model import Rulebook


def surroundings(request: Request, rulebook: Rulebook) -> Surroundings:
    """Read the survey, the barriers and the planning blocks around the parcels.

    Parameters
    ----------
    request, rulebook
        What was named, and the project; units.toml says which source holds barriers.

    Returns
    -------
    Surroundings
    """
    ground = rulebook.measures["survey"]["source"]
    lines, areas = (rulebook.units[key] for key in ("barrier_source", "block_source"))
    barriers = [given(request, path, lines, "line") for path in request.barriers]
    blocks = [given(request, path, areas) for path in request.blocks]
    project = _project(request)
    return Surroundings(
        _read(_of_project(project, ground, "polygon"), rulebook),
        _read(barriers or _of_project(project, lines, "line"), rulebook),
        _read(blocks or _of_project(project, areas, "polygon"), rulebook),
    )


def _project(request: Request) -> Path | None:
    return request.project or (Path(NAME) if Path(NAME).is_file() else None)


def _of_project(project: Path | None, source: str, geometry: str) -> list[LayerRequest]:
    """Return what the project names as a source."""
    if project is None:
        return []
    mine = [supply for supply in read_project(project).supplies if supply.name == source]
    return [
        LayerRequest(
            e.path, source, e.layer, geometry, e.crs, e.encoding, e.mapping, len(mine) > 1, e.shift
        )
        for e in mine
    ]


def _read(wanted: Sequence[LayerRequest], rulebook: Rulebook) -> gpd.GeoDataFrame | None:
    frames = [read_layer(item, rulebook).frame for item in wanted]
    return pd.concat(frames, ignore_index=True) if frames else None


def surroundings_of_parts(request: Request, parts: Parts) -> Surroundings:
    """Read the barriers and the planning blocks around parcels that stand in parts.

    Parameters
    ----------
    request, parts
        What was named, and the partitions, which hold what the project had.

    Returns
    -------
    Surroundings
        Of the survey only whether there is one.

    Raises
    ------
    InputError
        Where the project names another layer than was cut.
    """
    rulebook, project = parts.rulebook, _project(request)
    lines, areas = (str(rulebook.units[key]) for key in ("barrier_source", "block_source"))
    named = {
        lines: [given(request, path, lines, "line") for path in request.barriers],
        areas: [given(request, path, areas) for path in request.blocks],
    }
    cut = {(source.name, source.file): source.sha256 for source in parts.manifest.sources}
    for source in (parts.ground, *(name for name, paths in named.items() if not paths)):
        for supply in _of_project(project, source, ""):
            if cut.get((source, supply.path.name)) != file_hash(supply.path):
                raise InputError(
                    _("{file} is not what was cut into partitions").format(file=supply.path.name),
                    _("run 'lowuse partition' again, or leave the layer out of the project"),
                )
    barriers, blocks = (
        _read(paths, rulebook) if paths else layer_in_parts(parts, source)
        for source, paths in named.items()
    )
    surveyed = any(parts.ground in part.files for part in parts.manifest.partitions)
    return Surroundings(gpd.GeoDataFrame() if surveyed else None, barriers, blocks)


def given(request: Request, path: Path, source: str, geometry: str = "polygon") -> LayerRequest:
    """Ask for a layer that was named for units.

    Parameters
    ----------
    request, path, source, geometry
        Has the coordinate system; the file, what it is read as, and its kind of geometry.

    Returns
    -------
    Request
        To read it.
    """
    return LayerRequest(path, source, geometry=geometry, crs=request.crs, option=True)
