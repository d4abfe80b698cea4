"""``lowuse units``: join low-use parcels to redevelopment units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import existing_ledger
from lowuse_gis.commands.partitioned.asked import engine_for
from lowuse_gis.commands.partitioned.unit_run import Parts, units_by_parts
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.results import rulebook_named, up_to
from lowuse_gis.commands.rules_sweep import rejudged
from lowuse_gis.commands.unit_layers import given, surroundings, surroundings_of_parts
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.check_rows import catalogued, checks_layer
from lowuse_gis.io.geopackage import write_geopackage
from lowuse_gis.io.ledgers import EDITS, read_ledger
from lowuse_gis.io.partitions import read_manifest
from lowuse_gis.io.result import read_result, read_run
from lowuse_gis.io.result_folder import data_of, is_result_folder, read_folder_run
from lowuse_gis.io.styled import styled
from lowuse_gis.io.unit_schema import out_layer, titles
from lowuse_gis.io.vector import file_hash, read_layer
from lowuse_gis.language import _
from lowuse_gis.stages.firmness import firm_verdicts
from lowuse_gis.stages.units.draw import NO_EDITS, Units, draw_units, take_units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.io.out_layer import OutLayer
    from lowuse_gis.model import Rulebook
    from lowuse_gis.stages.units.nodes import Surroundings

    _Found = tuple[Units, pd.DataFrame, pd.Series, Rulebook, Surroundings]


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    result, output
        What classify wrote, a GeoPackage or a folder; and the GeoPackage to write.
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
    data, engine, workers, scheduler
        For a result that is a folder: the partitions it was judged from, where the log beside it
        does not say so, and who does the work.
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
    data: Path | None = None
    engine: str = ""
    workers: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class Drawn:
    """What was drawn, for the screen; ``checks`` with what the catalogue says of each."""

    units: Units
    checks: pd.DataFrame
    rulebook: Rulebook
    around: Surroundings
    files: Sequence[Path]


def units(request: Request, progress: Progress | None = None) -> Drawn:
    """Draw units over a result and write them.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage, where the result is a folder.

    Returns
    -------
    Drawn

    Raises
    ------
    LowuseError
        Where the request cannot be carried out; nothing is written then.
    """
    refuse_existing([request.output], overwrite=request.overwrite)
    parted = is_result_folder(request.result)
    refuse_unfit(request, parted=parted)
    if parted:
        drawn, checks, run, rulebook, around = _over_parts(request, progress or Progress())
    else:
        drawn, checks, run, rulebook, around = _over_whole(request)
    with all_or_nothing([request.output]) as (part,):
        layers = layers_of(drawn, checks, _run_line(request, run, rulebook), rulebook)
        write_geopackage(part, layers, rulebook.crs, date.fromisoformat(str(run["as_of"])))
    return Drawn(drawn, checks, rulebook, around, [request.output])


def refuse_unfit(request: Request, *, parted: bool) -> None:
    """See that what was asked for goes with the result.

    Parameters
    ----------
    request, parted
        What the user asked for, and whether the result is a folder.

    Raises
    ------
    InputError
        Where it does not.
    """
    if not parted and (request.data or request.engine or request.workers or request.scheduler):
        raise InputError(
            _("--data, --engine, --workers and --scheduler are for a result that is a folder"),
            _("leave them away, or give the folder that 'lowuse classify DATA -o FOLDER' wrote"),
        )
    if parted and request.take:
        raise InputError(
            _("--take does not work on a result that is a folder"),
            _("judge into one file: lowuse classify DATA -o result.gpkg"),
        )


def _over_whole(request: Request) -> _Found:
    """Draw units over a result that is read as a whole."""
    name = str(read_run(request.result)["rulebook"])
    rulebook = rulebook_named(name, request.rules, request.project)
    spec, threads = rulebook.units, request.threads
    hand, by_hand = edits(request, rulebook), None
    with ThreadPoolExecutor(2) as beside:
        about = beside.submit(surroundings, request, rulebook)
        beside.submit(file_hash, request.result)  # kept for the line of the run
        result = up_to(read_result(request.result), rulebook)
        parcels, around = result.parcels, about.result()
        if request.take:
            taken = given(request, request.take, spec["block_source"])
            by_hand = read_layer(taken, rulebook).frame
        # verdicts are judged anew while units are chosen
        asked = beside.submit(firm, request.result, parcels, rulebook).result
        if by_hand is None:
            drawn = draw_units(parcels, around, spec, hand, firmness=asked, threads=threads)
        else:
            drawn = take_units(parcels, around, by_hand, spec, firmness=asked, threads=threads)
    checks = _listed(drawn.checks, result.parcels["parcel_code"], rulebook)
    return drawn, checks, result.run, rulebook, around


def _over_parts(request: Request, progress: Progress) -> _Found:
    """Draw units over a result that stands in parts, town by town."""
    run = read_folder_run(request.result)
    rulebook = rulebook_named(str(run["rulebook"]), request.rules, request.project)
    data = request.data or data_of(request.result)
    parts = Parts(request.result, data, read_manifest(data), rulebook)
    around = surroundings_of_parts(request, parts)
    with engine_for(request) as engine:
        hand = edits(request, rulebook)
        drawn, codes = units_by_parts(parts, around, hand, engine, progress)
    return drawn, _listed(drawn.checks, codes, rulebook), run, rulebook, around


def _listed(checks: pd.DataFrame, codes: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    """Put the texts of the catalogue to the rows, in the order of their numbers."""
    return catalogued(checks, codes.reindex(sorted(set(checks["row"]))), rulebook)


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
    return list(styled([*layers, checks_layer(checks)], rulebook))


def _run_line(request: Request, run: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    file = existing_ledger(request.ledgers, request.project, EDITS)
    line = run.to_dict() | {
        "result_sha256": file_hash(request.result),
        "units_rules_sha256": rulebook.sha256,
        "edits_sha256": file_hash(file) if file else "",
        "taken_sha256": file_hash(request.take) if request.take else "",
    }
    return pd.DataFrame([{key: str(value) for key, value in line.items()}])
