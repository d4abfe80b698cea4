"""``lowuse classify``: judge every parcel, with reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lowuse_gis.commands.classified_files import problem_list_path, write_classified
from lowuse_gis.commands.ledgers import ledgers_folder, with_ledgers
from lowuse_gis.commands.partitioned.asked import engine_for, folder_among
from lowuse_gis.commands.partitioned.run import Judged, judged_by_parts
from lowuse_gis.commands.progress import Progress
from lowuse_gis.commands.supplies import prepare, size_of, with_survey_known
from lowuse_gis.commands.written_aside import kept_aside
from lowuse_gis.core.threaded import meanwhile
from lowuse_gis.engines.beside import LARGE, kept_beside, load_beside
from lowuse_gis.engines.memory import trim
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.project import project_file
from lowuse_gis.io.project_writing import save_mapping
from lowuse_gis.io.result_folder import DATA, log_of
from lowuse_gis.kernels.apart import layers_kept
from lowuse_gis.language import _
from lowuse_gis.stages.audit import audit, inspect_beside
from lowuse_gis.stages.check import check, parcel_overlaps
from lowuse_gis.stages.compose import areas_of, compose
from lowuse_gis.stages.correct import correct
from lowuse_gis.stages.decide import decide
from lowuse_gis.stages.judge import judge
from lowuse_gis.stages.match import match
from lowuse_gis.stages.measure import identify, look_around, measure
from lowuse_gis.stages.mend import mend
from lowuse_gis.stages.problems import problems
from lowuse_gis.stages.read import Reading, read
from lowuse_gis.stages.subtype import subtype
from lowuse_gis.stages.summarise import Summary, summarise
from lowuse_gis.stages.villages import villages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.commands.written_aside import Aside
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Run, Survey


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    parcels
        Parcel files; those of the project where empty.
    output
        The GeoPackage to write; for partitions also a folder.
    project
        A project file or folder; None looks for one in the working folder.
    sources
        Further sources as ``name`` to file, optionally ``file:layer``.
    rules, as_of
        Override the project's.
    reading
        What was said of the parcel files.
    threads
        Threads for geometry.
    ledgers
        Folder of the ledgers; that of the project, where it is there, if None.
    save_mapping
        Keep the fields named by the user in the project file.
    engine, workers, scheduler
        Who judges a folder of partitions, as `lowuse_gis.engines.engine_of` takes them.
    """

    parcels: Sequence[Path]
    output: Path
    project: Path | None = None
    sources: Sequence[tuple[str, str]] = ()
    rules: str = ""
    as_of: date | None = None
    reading: Reading = field(default_factory=Reading)
    overwrite: bool = False
    threads: int = 2
    ledgers: Path | None = None
    save_mapping: bool = False
    engine: str = ""
    workers: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class Outcome:
    """What classify found, for the screen.

    Attributes
    ----------
    survey, summary, run
        The judged parcels, their summary, the rules.
    checks
        Check rows counted, with their titles.
    files
        What was written.
    read_rows
        Parcels read, to be compared with those that came out.
    """

    survey: Survey
    summary: Summary
    run: Run
    checks: pd.DataFrame
    files: Sequence[Path]
    read_rows: int


def classify(request: Request, progress: Progress | None = None) -> Outcome:
    """Judge parcels and write the result.

    Parameters
    ----------
    request
        What the user asked for.
    progress
        Told of every stage.

    Returns
    -------
    Outcome

    Raises
    ------
    LowuseError
        Where the request cannot be carried out; nothing is written then.
    """
    progress = progress or Progress()
    parted, in_one = _is_folder(request), request.output.suffix.lower() == ".gpkg"
    finals = [request.output, *([problem_list_path(request.output)] if in_one else [])]
    if not in_one and not parted:
        raise InputError(
            _("{path}: the result is a GeoPackage").format(path=request.output),
            _("give it a name that ends in .gpkg"),
        )
    refuse_existing(finals, overwrite=request.overwrite)
    keep = _project_to_save_in(request)
    with kept_beside(), kept_aside(request.output) as aside:
        done = (_judged_by_parts if parted else _judged_whole)(request, progress, aside)
        with all_or_nothing([*finals, log_of(request.output)]) as parts:
            with progress.stage(_("writing")):
                checks = write_classified(parts, done, request.parcels, aside)
            _write_log(parts[-1], request, progress)
    if keep:
        save_mapping(keep, "parcels", request.reading.mapping)
        finals.append(keep)
    rows = sum(source.rows for source in done.survey.supplied("parcels"))
    return Outcome(done.survey, done.summary, done.run, checks, finals, rows)


def _is_folder(request: Request) -> bool:
    """Say whether what is judged was cut into partitions."""
    folder, told = folder_among(request.parcels, request), request.reading
    if folder and (told.town or told.crs or told.encoding or told.mapping or told.with_names):
        raise InputError(
            _("the partitions are read already: --town, --crs, --encoding, --map come too late"),
            _("give them to 'lowuse partition'"),
        )
    return bool(folder)


def _judged_by_parts(request: Request, progress: Progress, aside: Aside) -> Judged:
    in_one = request.output.suffix.lower() == ".gpkg"
    with engine_for(request) as engine:
        done = judged_by_parts(request, request.parcels[0], engine, progress, in_one=in_one)
    aside.list(done.survey.problems if in_one else None, done.run)
    return replace(done, survey=aside.take(done.survey))


def _judged_whole(request: Request, progress: Progress, aside: Aside) -> Judged:
    run, supplies = prepare(request)
    _spare_inputs(request.output, supplies)
    supplies = with_survey_known(supplies, run, progress)
    if size_of(supplies) > LARGE:
        load_beside(__name__)
    survey = judged(_as_read(request, supplies, run, progress), run, progress, aside)
    return Judged(run, survey.without_grounds(), summarise(survey, run))


def _as_read(request: Request, supplies: Sequence[Supply], run: Run, progress: Progress) -> Survey:
    """Read what was supplied; whoever holds the answer holds every layer in memory."""
    with progress.stage(_("reading")):
        folder = ledgers_folder(request.ledgers, request.project)
        return with_ledgers(read(supplies, request.reading, run), folder, run)


def judged(survey: Survey, run: Run, progress: Progress, aside: Aside) -> Survey:
    """Take a survey that was read through all stages to the problem list.

    Parameters
    ----------
    survey, run, progress, aside
        As read, the rules, who is told of every stage, and what takes findings, parcels and list.

    Returns
    -------
    Survey
        Without findings.
    """
    with progress.stage(_("mending")), meanwhile(run.threads) as begin:
        survey = correct(mend(survey), run)
        areas = begin(areas_of, survey.parcels)
        survey = match(identify(survey, run), run).with_columns(areas.result())
    with progress.stage(_("laying the survey under the parcels")):
        found = inspect_beside(survey, run)
        survey = compose(survey, run)
        trim()
    with progress.stage(_("measuring")), layers_kept(), meanwhile(run.threads) as begin:
        overlapping = begin(parcel_overlaps, survey.parcels, run)
        survey = measure(survey, run)
        pairs = overlapping.result()
    with progress.stage(_("checking")):
        survey = audit(check(survey, run, pairs).without_shapes(), found.result(), run)
        trim()
        aside.check(survey, run)
    with progress.stage(_("judging")):
        survey = aside.put_down(judge(survey, run))
        trim()
        survey = look_around(decide(survey, run), run)
        survey = villages(subtype(survey, run), run)
        aside.begin(survey, run)
    with progress.stage(_("listing problems")):
        survey = problems(survey, run)
        aside.list(survey.problems, run)
    return survey


def _project_to_save_in(request: Request) -> Path | None:
    """Return the project file that ``--save-map`` writes to; None where it was not asked for."""
    if not request.save_mapping:
        return None
    file = project_file(request.project)
    if file is None or request.parcels or not request.reading.mapping:
        raise InputError(
            _("--save-map: there is no project file, or nothing to save in it"),
            _("lowuse classify --project FOLDER --map 宗地代码=FIELD --save-map, no files named"),
        )
    return file


def _write_log(path: Path, request: Request, progress: Progress) -> None:
    """Keep what depends on the clock and the place apart from the result."""
    content = {"output": str(request.output.resolve()), "seconds": progress.seconds}
    if _is_folder(request):
        content[DATA] = str(request.parcels[0].resolve())
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _spare_inputs(output: Path, supplies: Sequence[Supply]) -> None:
    """Refuse to write a result over one of its inputs, even with ``--overwrite``."""
    if any(output.resolve() == supply.path.resolve() for supply in supplies):
        raise InputError(
            _("{path} is an input and would be lost").format(path=output),
            _("give the result another name with -o"),
        )
