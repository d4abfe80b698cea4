"""Judge a district partition by partition: the road of classify, with joins between its steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

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
from lowuse_gis.commands.partitioned.supplied import (
    files_read,
    run_for,
    supplies_beside,
    tables_beside,
)
from lowuse_gis.core.lookup import rows_among
from lowuse_gis.core.partitioning import meet
from lowuse_gis.io.partitions import (
    HOME,
    PARCELS,
    part_file,
    read_frame,
    read_manifest,
)
from lowuse_gis.language import _
from lowuse_gis.measures.demand import needed
from lowuse_gis.stages.audit import audit, inspect_beside
from lowuse_gis.stages.read import RASTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    import pandas as pd

    from lowuse_gis.commands.classify import Request
    from lowuse_gis.commands.partitioned.directory import Directory
    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.engines import Engine
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Manifest, Partition, Run, Survey
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
        survey = tables_beside(request, supplies, manifest, run)
    bench = _bench(folder, supplies, survey, run)
    files = files_read(request, supplies, survey)
    with progress.stage(_("looking up keys")):
        survey, patch = matched(survey, folder, manifest, run)
        towns = towns_of(survey.parcels)
    with progress.stage(_("laying the survey under the parcels")):
        jobs = [bench.job("ground", p, {"patch": patch_of(patch, p, folder)}, {"towns": towns})
                for p in manifest.partitions]  # fmt: skip
        bench.note(files)
        perform_all(jobs, engine, progress)
    ground = _outcomes(bench, "ground", manifest)
    with progress.stage(_("joining by keys")):
        directory = directory_of(survey, ground, manifest, towns, run)
        survey = answers_weighed(survey, directory, ground, run)
        jobs = _to_judge(bench, survey, directory, manifest)
        bench.note(files)
        found = inspect_beside(survey, run)
    with progress.stage(_("judging")):
        perform_all(jobs, engine, progress)
    with progress.stage(_("listing problems")):
        jobs = _to_finish(bench, manifest)
        bench.note(files)
        perform_all(jobs, engine, progress)
    engine.close()  # what workers hold is wanted for the joining
    with progress.stage(_("joining")):
        outcomes = {step: _outcomes(bench, step, manifest) for step in ("judge", "finish")}
        outcomes["ground"] = ground
        summary = summary_of(directory, outcomes["finish"])
        survey = audit(survey, found.result(), run)
        whole, order = survey_of(survey, directory, outcomes, run, in_one=in_one)
    bench.tidy()
    if in_one:
        return Judged(run, whole, summary)
    lines = check_batches(whole.checks, outcomes["judge"], order)
    return Judged(run, whole, summary, _files_of(outcomes), lines)


def _bench(folder: Path, supplies: Sequence[Supply], survey: Survey, run: Run) -> Bench:
    """Prepare the place where jobs are made, for workers that may stand elsewhere."""
    rasters = [s for s in supplies if run.rulebook.sources[s.name].kind == RASTER]
    return Bench(
        folder=folder.resolve(),
        run=run,
        rules=str(Path(run.rulebook.folder).resolve()),
        sources=survey.sources,
        rasters=tuple(replace(supply, path=supply.path.resolve()) for supply in rasters),
    )


def _outcomes(bench: Bench, step: str, manifest: Manifest) -> dict[str, Path]:
    """Say where the outcome of a step stands, for each partition."""
    return {part.name: bench.outcome(step, part.name) for part in manifest.partitions}


def _files_of(outcomes: Mapping[str, Mapping[str, Path]]) -> dict[str, dict[str, Path]]:
    """Say where the parts of tables stand."""
    steps = {PARCELS: "finish", "findings": "judge", "problems": "finish"}
    return {
        name: {part: folder / f"{name}.parquet" for part, folder in outcomes[step].items()}
        for name, step in steps.items()
    }


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
