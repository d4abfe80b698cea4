"""``lowuse units``: join low-use parcels to redevelopment units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.geopackage import Column, OutLayer, write_geopackage
from lowuse_gis.io.project import NAME, read_project
from lowuse_gis.io.result import read_result
from lowuse_gis.io.result_writing import guessed
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.vector import Request as LayerRequest
from lowuse_gis.io.vector import file_hash, read_layer
from lowuse_gis.language import _
from lowuse_gis.stages.unit_nodes import Surroundings
from lowuse_gis.stages.units import Units, draw_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook


BLOCKS = "planning"  # read like plots of the detailed plan: only their areas count


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, and the GeoPackage to write.
    barriers, blocks
        Line layers, and layers of planning blocks that no unit crosses; barriers are those of the
        project where none is named.
    project
        A project file or folder; None looks for one in the working folder.
    rules
        Rulebook whose units.toml counts; that of the result where empty.
    """

    result: Path
    output: Path
    barriers: Sequence[Path] = ()
    blocks: Sequence[Path] = ()
    project: Path | None = None
    rules: str = ""
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Drawn:
    """What was drawn, for the screen."""

    units: Units
    rulebook: Rulebook
    around: Surroundings
    files: Sequence[Path]


def units(request: Request) -> Drawn:
    """Draw units over a result and write them.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Drawn
    """
    refuse_existing([request.output], overwrite=request.overwrite)
    result = read_result(request.result)
    rulebook = read_rulebook(request.rules or str(result.run["rulebook"]))
    around = surroundings(request, rulebook)
    drawn = draw_units(result.parcels, around, rulebook.units, threads=request.threads)
    with all_or_nothing([request.output]) as (part,):
        layers = layers_of(drawn, _run_line(request, result, rulebook))
        write_geopackage(part, layers, rulebook.crs, date.fromisoformat(str(result.run["as_of"])))
    return Drawn(drawn, rulebook, around, [request.output])


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
    lines, ground = rulebook.units["barrier_source"], rulebook.measures["survey"]["source"]
    named = [LayerRequest(path, lines, geometry="line") for path in request.barriers]
    project = request.project or (Path(NAME) if Path(NAME).is_file() else None)
    return Surroundings(
        _read(_of_project(project, ground, "polygon"), rulebook),
        _read(named or _of_project(project, lines, "line"), rulebook),
        _read([LayerRequest(path, BLOCKS) for path in request.blocks], rulebook),
    )


def _of_project(project: Path | None, source: str, geometry: str) -> list[LayerRequest]:
    """Return what the project names as a source."""
    if project is None:
        return []
    return [
        LayerRequest(e.path, source, e.layer, geometry, e.crs, e.encoding)
        for e in read_project(project).entries
        if e.name == source
    ]


def _read(wanted: Sequence[LayerRequest], rulebook: Rulebook) -> gpd.GeoDataFrame | None:
    frames = [read_layer(item, rulebook).frame for item in wanted]
    return pd.concat(frames, ignore_index=True) if frames else None


def layers_of(drawn: Units, run: pd.DataFrame) -> list[OutLayer]:
    """Return the layers of a units file.

    Parameters
    ----------
    drawn, run
        The units, and the line that says what made them.

    Returns
    -------
    list of OutLayer
    """
    def layer(name: str, title: str, frame: pd.DataFrame) -> OutLayer:
        shaped = "geometry" in frame
        plain = pd.DataFrame(frame.drop(columns="geometry")) if shaped else frame
        return OutLayer(name, title, frame, _columns(plain), "MultiPolygon" if shaped else "")

    return [
        layer("units", _("units"), drawn.units),
        layer("members", _("members"), drawn.members),
        layer("left_out", _("left out"), drawn.left_out),
        layer("blocks", _("blocks"), drawn.blocks),
        layer("straddling", _("parcels cut by a barrier"), drawn.straddling),
        layer("runs", _("runs"), run),
    ]


def _columns(frame: pd.DataFrame) -> list[Column]:
    return [Column(name, dtype) for name, dtype in guessed(frame)]


def _run_line(request: Request, result: Result, rulebook: Rulebook) -> pd.DataFrame:
    line = result.run.to_dict() | {
        "result_sha256": file_hash(request.result),
        "units_rules_sha256": rulebook.sha256,
    }
    return pd.DataFrame([{key: str(value) for key, value in line.items()}])
