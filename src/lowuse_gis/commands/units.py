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
from lowuse_gis.stages.units import Units, draw_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, and the GeoPackage to write.
    barriers
        Line layers; those of the project where empty.
    project
        A project file or folder; None looks for one in the working folder.
    rules
        Rulebook whose units.toml counts; that of the result where empty.
    """

    result: Path
    output: Path
    barriers: Sequence[Path] = ()
    project: Path | None = None
    rules: str = ""
    overwrite: bool = False


@dataclass(frozen=True)
class Drawn:
    """What was drawn, for the screen."""

    units: Units
    rulebook: Rulebook
    barriers: int
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
    lines = barrier_lines(request, rulebook)
    drawn = draw_units(result.parcels, lines, rulebook.units)
    with all_or_nothing([request.output]) as (part,):
        layers = layers_of(drawn, _run_line(request, result, rulebook))
        write_geopackage(part, layers, rulebook.crs, date.fromisoformat(str(result.run["as_of"])))
    return Drawn(drawn, rulebook, 0 if lines is None else len(lines), [request.output])


def barrier_lines(request: Request, rulebook: Rulebook) -> gpd.GeoDataFrame | None:
    """Read the barrier layers that were named, else those of the project.

    Parameters
    ----------
    request, rulebook
        What was named; units.toml says which source holds barriers.

    Returns
    -------
    GeoDataFrame or None
        None where there is none.
    """
    source = rulebook.units["barrier_source"]
    wanted = [LayerRequest(path, source, geometry="line") for path in request.barriers]
    project = request.project or (Path(NAME) if Path(NAME).is_file() else None)
    if not wanted and project:
        wanted = [
            LayerRequest(e.path, source, e.layer, "line", e.crs, e.encoding)
            for e in read_project(project).entries
            if e.name == source
        ]
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
    shapes = drawn.units
    plain = pd.DataFrame(shapes.drop(columns="geometry"))
    return [
        OutLayer("units", _("units"), shapes, _columns(plain), "MultiPolygon"),
        OutLayer("members", _("members"), drawn.members, _columns(drawn.members)),
        OutLayer("left_out", _("left out"), drawn.left_out, _columns(drawn.left_out)),
        OutLayer("runs", _("runs"), run, _columns(run)),
    ]


def _columns(frame: pd.DataFrame) -> list[Column]:
    return [Column(name, dtype) for name, dtype in guessed(frame)]


def _run_line(request: Request, result: Result, rulebook: Rulebook) -> pd.DataFrame:
    line = result.run.to_dict() | {
        "result_sha256": file_hash(request.result),
        "units_rules_sha256": rulebook.sha256,
    }
    return pd.DataFrame([{key: str(value) for key, value in line.items()}])
