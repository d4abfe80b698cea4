"""``lowuse legacy find``: construction land that no procedure covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.commands.ledgers import existing_ledger
from lowuse_gis.commands.legacy_seal import refuse_sealed
from lowuse_gis.commands.partitioned.asked import engine_for, refuse_engine
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.supplies import all_supplies, run_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.ledgers import LEGACY_DECISIONS, read_ledger
from lowuse_gis.io.legacy_file import write_legacy
from lowuse_gis.io.project import find_project
from lowuse_gis.language import _
from lowuse_gis.stages.legacy.answered import answered_pieces
from lowuse_gis.stages.legacy.judge import NOT, judged_pieces
from lowuse_gis.stages.legacy.pieces import pieces_of
from lowuse_gis.stages.mend import mend
from lowuse_gis.stages.read import Reading, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from lowuse_gis.io.ledgers import Ledger
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Rulebook, Run, Survey


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    output
        The GeoPackage to write.
    project
        A project file or folder; None looks for one in the working folder.
    sources
        Sources as ``name`` to file, optionally ``file:layer``; they stand above the project's.
    rules, as_of
        Override the project's.
    ledgers
        Folder of the ledgers; that of the project, where it is there, if None.
    data, engine, workers, scheduler
        A folder of partitions to take the base layer from, and who does the work.
    """

    output: Path
    project: Path | None = None
    sources: Sequence[tuple[str, str]] = ()
    rules: str = ""
    as_of: date | None = None
    ledgers: Path | None = None
    overwrite: bool = False
    threads: int = 2
    data: Path | None = None
    engine: str = ""
    workers: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class Found:
    """What was found, for the screen.

    Attributes
    ----------
    pieces
        All but those that are not legacy.
    balance
        Pieces and m² by state.
    whole
        m² of the base layer.
    absent
        Titles of evidence that was not supplied, and the body to ask.
    run
        The rules.
    file
        What was written.
    answers
        Lines of the towns' ledger with their ``state``; None where there is no ledger.
    """

    pieces: gpd.GeoDataFrame
    balance: pd.DataFrame
    whole: float
    absent: Sequence[tuple[str, str]]
    run: Run
    file: Path
    answers: pd.DataFrame | None = None


def find(request: Request, progress: Progress | None = None) -> Found:
    """Find historical legacy and write it.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    Found

    Raises
    ------
    SealError
        Where the legacy of this project is sealed.
    InputError
        Where the base layer is not supplied.
    """
    progress = progress or Progress()
    refuse_sealed(request.ledgers, request.project)
    refuse_existing([request.output], overwrite=request.overwrite)
    if not request.data:
        refuse_engine(request, _("name it with --data FOLDER"))
    project = find_project(request.project)
    run = run_of(request.rules, request.as_of, project, request.threads)
    wanted = _wanted(run.rulebook)
    supplies = [s for s in all_supplies(request.sources, project) if s.name in wanted]
    if not any(supply.name == run.rulebook.legacy["base"] for supply in supplies):
        base = run.rulebook.legacy["base"]
        raise InputError(
            _("{title} is not supplied").format(title=run.rulebook.sources[base].title),
            _("name it with --source {name}=FILE, or in lowuse.toml").format(name=base),
        )
    ledger = _ledger(request, run)
    if request.data:
        survey, pieces, rest = _by_parts(request, request.data, supplies, run, progress)
    else:
        survey, pieces, rest = _in_one(supplies, run, progress)
    if ledger:
        survey = replace(survey, sources=(*survey.sources, ledger.source))
    judged, lines = answered_pieces(pieces, ledger.frame if ledger else None, run)
    tables = {"balance": _balance(judged, rest)}
    if lines is not None:
        tables["answers"] = lines
    kept = judged[judged["state"] != NOT]
    with all_or_nothing([request.output]) as (part,), progress.stage(_("writing")):
        write_legacy(part, kept, tables, survey, run)
    absent = _absent(run.rulebook, {supply.name for supply in supplies})
    whole = float(tables["balance"]["area"].sum())
    return Found(kept, tables["balance"], whole, absent, run, request.output, lines)


def _in_one(
    supplies: Sequence[Supply], run: Run, progress: Progress
) -> tuple[Survey, gpd.GeoDataFrame, pd.DataFrame]:
    """Judge the pieces of the whole district; none is left out."""
    with progress.stage(_("reading")):
        survey = mend(read(supplies, Reading(), run))
    with progress.stage(_("cutting pieces of one history")):
        pieces = pieces_of(survey, run)
    with progress.stage(_("judging")):
        return survey, judged_pieces(pieces, survey, run), pd.DataFrame()


def _by_parts(
    request: Request, data: Path, supplies: Sequence[Supply], run: Run, progress: Progress
) -> tuple[Survey, gpd.GeoDataFrame, pd.DataFrame]:
    """Judge pieces partition by partition; of those that are no legacy, only sums are kept."""
    from lowuse_gis.commands.partitioned.legacy_run import pieces_by_parts  # noqa: PLC0415

    with engine_for(request) as engine:
        return pieces_by_parts(data, supplies, run, engine, progress)


def _ledger(request: Request, run: Run) -> Ledger | None:
    """Read what the towns answered; the ledger stands among the sources."""
    file = existing_ledger(request.ledgers, request.project, LEGACY_DECISIONS)
    return read_ledger(file, LEGACY_DECISIONS, run.rulebook) if file else None


def _wanted(rulebook: Rulebook) -> set[str]:
    spec = rulebook.legacy
    return {spec["base"], *(entry["source"] for entry in spec["evidence"])}


def _balance(judged: gpd.GeoDataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """Sum up all pieces by town and state; what is no legacy too, so that nothing is lost."""
    table = pd.DataFrame(judged[["town_code", "town_name", "state", "area"]]).fillna("")
    table = table.assign(pieces=1)
    if len(rest):
        table = pd.concat([table, rest.fillna("")])
    lines = table.groupby(["town_code", "town_name", "state"], as_index=False)
    return lines.agg(pieces=("pieces", "sum"), area=("area", "sum")).round({"area": 2})


def _absent(rulebook: Rulebook, supplied: set[str]) -> list[tuple[str, str]]:
    bodies = rulebook.codes["bodies"].set_index("code")["name"]
    lacking = dict.fromkeys(e["source"] for e in rulebook.legacy["evidence"])
    rules = [rulebook.sources[name] for name in lacking if name not in supplied]
    return [(rule.title, str(bodies[rule.body])) for rule in rules]
