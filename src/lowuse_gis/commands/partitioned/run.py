"""Judge a district partition by partition: the road of classify, with joins between its steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.commands.ledgers import ledgers_folder, with_ledgers
from lowuse_gis.commands.partitioned.bench import Bench
from lowuse_gis.commands.partitioned.check_lines import check_batches
from lowuse_gis.commands.partitioned.cut import told
from lowuse_gis.commands.partitioned.directory import (
    PART,
    answers_weighed,
    directory_of,
    names_of_towns,
)
from lowuse_gis.commands.partitioned.joined import summary_of, survey_of
from lowuse_gis.commands.partitioned.keys import matched, towns_of
from lowuse_gis.commands.partitioned.steps import perform_all
from lowuse_gis.commands.supplies import all_supplies, of_legacy, run_of
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.lookup import rows_among
from lowuse_gis.core.partitioning import meet
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import ledger_file
from lowuse_gis.io.partitions import (
    HOME,
    PARCELS,
    part_file,
    read_frame,
    read_manifest,
    reading_hash,
)
from lowuse_gis.io.project import find_project
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.measures.demand import needed
from lowuse_gis.stages.read import GEOMETRY, RASTER, Reading, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    import pandas as pd

    from lowuse_gis.commands.classify import Request
    from lowuse_gis.commands.partitioned.directory import Directory
    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.engines import Engine
    from lowuse_gis.model import Manifest, Partition, Run, Source, Survey
    from lowuse_gis.stages.read import Supply
    from lowuse_gis.stages.summarise import Summary


@dataclass(frozen=True)
class Judged:
    """A district that was judged partition by partition.

    Attributes
    ----------
    run, survey, summary
        As `lowuse_gis.commands.classify` has them.
    files
        Table and partition to its file, where parcels, findings and problems stay in parts.
    lines
        Check rows by code, some codes at a time, where they stay in parts too.
    """

    run: Run
    survey: Survey
    summary: Summary
    files: Mapping[str, Mapping[str, Path]] = field(default_factory=dict)
    lines: Iterable[pd.DataFrame] = ()

    @property
    def count(self) -> int:
        """Parcels that came out."""
        return int(self.summary.parcels_balance["parcels"].sum())


def judged_by_parts(
    request: Request, folder: Path, engine: Engine, progress: Progress, *, in_one: bool = True
) -> Judged:
    """Judge the partitions of a folder, and join what was found.

    Parameters
    ----------
    request
        What the user asked for; its parcels are `folder`.
    folder
        What ``lowuse partition`` wrote.
    engine
        Who does the work; closed when all steps are done.
    progress
        Told of every stage.
    in_one
        Whether the result is wanted in one piece, in memory.

    Returns
    -------
    Judged

    Raises
    ------
    LowuseError
        Where the request cannot be carried out. What is finished is kept.
    """
    manifest = read_manifest(folder)
    run = run_for(request, manifest)
    supplies = supplies_beside(request, manifest, run)
    with progress.stage(_("reading")):
        survey = _tables(request, supplies, manifest, run)
    bench = Bench(
        folder=folder.resolve(),
        run=run,
        rules=str(Path(run.rulebook.folder).resolve()),
        sources=survey.sources,
        rasters=tuple(
            replace(supply, path=supply.path.resolve())
            for supply in supplies
            if run.rulebook.sources[supply.name].kind == RASTER
        ),
    )
    files = _files(request, supplies, survey)
    with progress.stage(_("looking up keys")):
        survey, patch = matched(survey, folder, manifest, run)
        towns = towns_of(survey.parcels)
    with progress.stage(_("laying the survey under the parcels")):
        jobs = [bench.job("ground", p, {"patch": patch_of(patch, p, folder)}, {"towns": towns})
                for p in manifest.partitions]  # fmt: skip
        bench.note(files)
        perform_all(jobs, engine, progress)
    ground = {p.name: bench.outcome("ground", p.name) for p in manifest.partitions}
    with progress.stage(_("joining by keys")):
        directory = directory_of(survey, ground, manifest, towns, run)
        survey = answers_weighed(survey, directory, ground, run)
        jobs = _to_judge(bench, survey, directory, manifest)
        bench.note(files)
    with progress.stage(_("judging")):
        perform_all(jobs, engine, progress)
    with progress.stage(_("listing problems")):
        jobs = _to_finish(bench, manifest)
        bench.note(files)
        perform_all(jobs, engine, progress)
    engine.close()  # what workers hold is wanted for the joining
    with progress.stage(_("joining")):
        outcomes = {
            step: {p.name: bench.outcome(step, p.name) for p in manifest.partitions}
            for step in ("ground", "judge", "finish")
        }
        summary = summary_of(directory, outcomes["finish"])
        whole, order = survey_of(survey, directory, outcomes, run, in_one=in_one)
    bench.tidy()
    if in_one:
        return Judged(run, whole, summary)
    lines = check_batches(whole.checks, outcomes["judge"], order)
    return Judged(run, whole, summary, _files_of(outcomes), lines)


def _files_of(outcomes: Mapping[str, Mapping[str, Path]]) -> dict[str, dict[str, Path]]:
    """Say where the parts of tables stand."""
    steps = {PARCELS: "finish", "findings": "judge", "problems": "finish"}
    return {
        name: {part: folder / f"{name}.parquet" for part, folder in outcomes[step].items()}
        for name, step in steps.items()
    }


def run_for(request: Request, manifest: Manifest) -> Run:
    """Read the rules, and see that the partitions were read by the same.

    Parameters
    ----------
    request, manifest
        What the user asked for, and the folder.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        Where layers would be read otherwise by these rules.
    """
    project = find_project(request.project)
    rules = request.rules or (project.rules if project else "") or manifest.rulebook
    run = run_of(rules, request.as_of, project, request.threads)
    parsed_criteria(run.rulebook)  # a wrong rule is told before anything is read
    if reading_hash(run.rulebook) != manifest.reading_sha256:
        raise InputError(
            _("the partitions were read by other rules than {name}").format(name=run.rulebook.name),
            _("run 'lowuse partition' again: fields, sources or the CRS have changed"),
        )
    return replace(run, with_names=manifest.with_names)


def supplies_beside(request: Request, manifest: Manifest, run: Run) -> list[Supply]:
    """Return the tables and rasters of the project; its layers stand in the folder.

    Parameters
    ----------
    request, manifest, run
        What the user asked for, the folder, the rules.

    Returns
    -------
    list of Supply

    Raises
    ------
    InputError
        Where the project names another layer than was cut, or one that has changed since.
    """
    known = {(source.name, source.file): source.sha256 for source in manifest.sources}
    beside = []
    for supply in all_supplies(request.sources, find_project(request.project)):
        if supply.name in run.rulebook.sources and of_legacy(supply.name, run.rulebook):
            continue
        kind = run.rulebook.sources[supply.name].kind if supply.name in run.rulebook.sources else ""
        if kind not in GEOMETRY:
            beside.append(supply)
        elif known.get((supply.name, supply.path.name)) != file_hash(supply.path):
            raise InputError(
                _("{file} is not what was cut into partitions").format(file=supply.path.name),
                _("run 'lowuse partition' again, or leave the layer out of the project"),
            )
    return beside


def _tables(request: Request, supplies: Sequence[Supply], manifest: Manifest, run: Run) -> Survey:
    """Read tables and ledgers; sources are listed in the order in which all was supplied."""
    survey = read(supplies, Reading(with_names=manifest.with_names), run)
    ranks = {(name, file): at for at, (name, file, _layer) in reversed(
        list(enumerate(manifest.order)))}  # fmt: skip

    def rank(source: Source) -> int:
        return ranks.get((source.name, source.file), len(ranks))

    sources = sorted([*manifest.sources, *survey.sources], key=rank)
    folder = ledgers_folder(request.ledgers, request.project)
    return with_ledgers(replace(survey, sources=tuple(sources)), folder, run)


def _files(request: Request, supplies: Sequence[Supply], survey: Survey) -> list[Path]:
    """List the files that a run reads beside the partitions."""
    folder = ledgers_folder(request.ledgers, request.project)
    ledgers = [ledger_file(folder, source.name) for source in survey.sources] if folder else []
    return [*(supply.path for supply in supplies), *(f for f in ledgers if f.is_file())]


def patch_of(patch: pd.DataFrame, part: Partition, folder: Path) -> pd.DataFrame:
    """Choose the corrected values of the parcels that are in a partition."""
    if not len(patch):
        return patch
    rows = read_frame(part_file(folder, part.name, PARCELS), [HOME]).index
    return patch[rows_among(patch.index, rows)]


def _to_judge(bench: Bench, survey: Survey, directory: Directory, manifest: Manifest) -> list[Job]:
    names = names_of_towns(survey, directory, bench.run)
    parts = {part.name: part for part in manifest.partitions}
    having = set(directory.numbers[PART])
    jobs = []
    for name, facts in told(survey, directory, list(parts), bench.run):
        part = parts[name]
        near = [n for n, p in parts.items()
                if n != name and n in having and meet(p.bounds, part.context)]  # fmt: skip
        numbers = directory.numbers[directory.numbers[PART].isin([name, *near])]
        known = _known(bench.run, part, manifest, first=name == next(iter(parts)))
        known |= {"names": names, "parcels": manifest.parcels}
        jobs.append(bench.job("judge", part, {**facts, "numbers": numbers}, known, near))
    return jobs


def _known(run: Run, part: Partition, manifest: Manifest, *, first: bool) -> dict[str, Any]:
    """Name the layers that are measured in a partition; those that are whole with their hash."""
    measures = run.rulebook.measures
    specs = [spec for spec in measures["measure"] if needed(spec, run.rulebook)]
    read_by = {spec["source"] for spec in specs if "source" in spec}
    read_by |= {name for spec in specs for name in spec.get("sources", ())}
    ground = measures["survey"]["source"]
    return {
        "layers": [n for n in part.files if n != PARCELS and (n != ground or n in read_by)],
        "whole": {n: sha256 for n, sha256 in manifest.whole.items() if first or n in read_by},
        "chained": [spec["source"] for spec in specs if spec["kind"] == "buildings"],
    }


def _to_finish(bench: Bench, manifest: Manifest) -> list[Job]:
    rulebook = bench.run.rulebook
    after = [spec for spec in rulebook.measures["after"] if needed(spec, rulebook)]
    reach = max((float(spec["reach"]) for spec in after), default=0.0)
    jobs = []
    for part in manifest.partitions:
        near = [
            other.name
            for other in manifest.partitions
            if after and other is not part and meet(other.bounds, part.bounds, reach)
        ]
        jobs.append(bench.job("finish", part, {}, {"reach": reach}, near))
    return jobs
