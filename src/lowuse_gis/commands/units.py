"""``lowuse units``: join low-use parcels to redevelopment units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import existing_ledger
from lowuse_gis.commands.results import up_to
from lowuse_gis.commands.rules_sweep import rejudged
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.check_rows import catalogued, checks_layer
from lowuse_gis.io.geopackage import OutLayer, write_geopackage
from lowuse_gis.io.ledgers import EDITS, read_ledger
from lowuse_gis.io.project import NAME, read_project
from lowuse_gis.io.result import read_result, read_run
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.styled import styled
from lowuse_gis.io.unit_schema import out_layer, titles
from lowuse_gis.io.vector import Request as LayerRequest
from lowuse_gis.io.vector import file_hash, read_layer
from lowuse_gis.language import _
from lowuse_gis.stages.firmness import firm_verdicts
from lowuse_gis.stages.units.draw import NO_EDITS, Units, draw_units, take_units
from lowuse_gis.stages.units.nodes import Surroundings

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
    barriers, blocks
        Line layers, and layers of planning blocks that no unit crosses; those of the project where
        none are named.
    crs
        Coordinate system of the layers named here; above what they declare.
    project
        A project file or folder; None looks for one in the working folder.
    rules
        Rulebook whose units.toml counts; that of the result where empty.
    ledgers
        Folder with edits.csv; that of the project where None.
    take
        A layer of units drawn by hand, to be measured instead of drawing any.
    """

    result: Path
    output: Path
    barriers: Sequence[Path] = ()
    blocks: Sequence[Path] = ()
    crs: str = ""
    project: Path | None = None
    rules: str = ""
    ledgers: Path | None = None
    take: Path | None = None
    overwrite: bool = False
    threads: int = 2


@dataclass(frozen=True)
class Drawn:
    """What was drawn, for the screen; ``checks`` with what the catalogue says of each."""

    units: Units
    checks: pd.DataFrame
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
    rulebook = read_rulebook(request.rules or str(read_run(request.result)["rulebook"]))
    spec, threads = rulebook.units, request.threads
    hand, by_hand = edits(request, rulebook), None
    with ThreadPoolExecutor(2) as beside:
        about = beside.submit(surroundings, request, rulebook)
        beside.submit(file_hash, request.result)  # kept for the line of the run
        result = up_to(read_result(request.result), rulebook)
        parcels, around = result.parcels, about.result()
        if request.take:
            taken = _given(request, request.take, spec["block_source"])
            by_hand = read_layer(taken, rulebook).frame
        # verdicts are judged anew while units are chosen
        asked = beside.submit(firm, request.result, parcels, rulebook).result
        if by_hand is None:
            drawn = draw_units(parcels, around, spec, hand, firmness=asked, threads=threads)
        else:
            drawn = take_units(parcels, around, by_hand, spec, firmness=asked, threads=threads)
    checks = catalogued(drawn.checks, result.parcels["parcel_code"], rulebook)
    with all_or_nothing([request.output]) as (part,):
        layers = layers_of(drawn, checks, _run_line(request, result, rulebook), rulebook)
        write_geopackage(part, layers, rulebook.crs, date.fromisoformat(str(result.run["as_of"])))
    return Drawn(drawn, checks, rulebook, around, [request.output])


def firm(path: Path, parcels: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Say which verdicts of a result would stay if thresholds of its criteria were a little other.

    Parameters
    ----------
    path, parcels
        What classify wrote, and its parcels.
    rulebook
        The criteria; units.toml says by how much.

    Returns
    -------
    Series of float
        Of `firm_verdicts`.
    """
    _table, judgement = rejudged(path, rulebook)
    return firm_verdicts(judgement, parcels, rulebook.units["stability_shift"])


def edits(request: Request, rulebook: Rulebook) -> pd.DataFrame:
    """Read what planners changed by hand.

    Parameters
    ----------
    request, rulebook
        Where the ledgers are, and what their headings mean.

    Returns
    -------
    DataFrame
        Empty where there is no ``edits.csv``.
    """
    file = existing_ledger(request.ledgers, request.project, EDITS)
    return read_ledger(file, EDITS, rulebook).frame if file else NO_EDITS


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
    barriers = [_given(request, path, lines, "line") for path in request.barriers]
    blocks = [_given(request, path, areas) for path in request.blocks]
    project = request.project or (Path(NAME) if Path(NAME).is_file() else None)
    return Surroundings(
        _read(_of_project(project, ground, "polygon"), rulebook),
        _read(barriers or _of_project(project, lines, "line"), rulebook),
        _read(blocks or _of_project(project, areas, "polygon"), rulebook),
    )


def _given(request: Request, path: Path, source: str, geometry: str = "polygon") -> LayerRequest:
    return LayerRequest(path, source, geometry=geometry, crs=request.crs, option=True)


def _of_project(project: Path | None, source: str, geometry: str) -> list[LayerRequest]:
    """Return what the project names as a source."""
    if project is None:
        return []
    mine = [entry for entry in read_project(project).entries if entry.name == source]
    return [
        LayerRequest(
            e.path, source, e.layer, geometry, e.crs, e.encoding, e.mapping, len(mine) > 1, e.shift
        )
        for e in mine
    ]


def _read(wanted: Sequence[LayerRequest], rulebook: Rulebook) -> gpd.GeoDataFrame | None:
    frames = [read_layer(item, rulebook).frame for item in wanted]
    return pd.concat(frames, ignore_index=True) if frames else None


def layers_of(
    drawn: Units, checks: pd.DataFrame, run: pd.DataFrame, rulebook: Rulebook
) -> list[OutLayer]:
    """Return the layers of a units file.

    Parameters
    ----------
    drawn, checks, run
        The units, their rows of the check list, and the line that says what made them.
    rulebook
        Knows the titles of columns.

    Returns
    -------
    list of OutLayer
    """
    known = titles(rulebook)
    tables = [
        ("units", _("units"), drawn.units),
        ("members", _("members"), drawn.members),
        ("left_out", _("left out"), drawn.left_out),
        ("blocks", _("blocks"), drawn.blocks),
        ("edits", _("edits by hand"), drawn.edits),
        ("runs", _("runs"), run),
    ]
    layers = [out_layer(name, title, frame, known) for name, title, frame in tables]
    return styled([*layers, checks_layer(checks, rulebook)], rulebook)


def _run_line(request: Request, result: Result, rulebook: Rulebook) -> pd.DataFrame:
    file = existing_ledger(request.ledgers, request.project, EDITS)
    line = result.run.to_dict() | {
        "result_sha256": file_hash(request.result),
        "units_rules_sha256": rulebook.sha256,
        "edits_sha256": file_hash(file) if file else "",
        "taken_sha256": file_hash(request.take) if request.take else "",
    }
    return pd.DataFrame([{key: str(value) for key, value in line.items()}])
