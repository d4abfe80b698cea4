"""Check a district partition by partition: the road of check, with joins by key."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.classify import Request as Asked
from lowuse_gis.commands.partitioned.bench import Bench
from lowuse_gis.commands.partitioned.check_joined import Found, inspection_of
from lowuse_gis.commands.partitioned.check_layers import Files
from lowuse_gis.commands.partitioned.check_offset import offsets_of
from lowuse_gis.commands.partitioned.check_part import GROUPED
from lowuse_gis.commands.partitioned.check_whole import Layers, grouped
from lowuse_gis.commands.partitioned.homes import compared_layers
from lowuse_gis.commands.partitioned.steps import perform_all
from lowuse_gis.commands.partitioned.supplied import run_for, supplies_beside
from lowuse_gis.commands.receive_delivery import identified, of_project
from lowuse_gis.core.lookup import is_among
from lowuse_gis.engines.local import Local
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import HOME, ORDER, part_file, read_frame, read_manifest
from lowuse_gis.io.project import find_project
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Partition
from lowuse_gis.stages.inspect import TOWNS
from lowuse_gis.stages.receive import receive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.check import Request
    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.commands.receive_delivery import Item
    from lowuse_gis.engines import Engine
    from lowuse_gis.model import Delivered, Manifest, Notice, Run
    from lowuse_gis.stages.inspect import Inspection

NOWHERE = (float("nan"),) * 4


@dataclass(frozen=True)
class Given:
    """What is at hand of what was delivered.

    Attributes
    ----------
    notices
        What was noticed on the way.
    tables
        What was read here, whole: tables, and layers that are not cut; by number.
    seen
        Of each file of a layer that was cut, by number: its source, and the outcome of looking at
        it.
    files
        What was read, but for what stood in archives.
    """

    notices: dict[int, list[Notice]]
    tables: dict[int, Delivered]
    seen: dict[int, tuple[str, Path]]
    files: list[Path]


def checked_folder(
    request: Request, engine: Engine, progress: Progress
) -> tuple[Inspection, list[Delivered], Run]:
    """Check the folder of partitions that a request names.

    Parameters
    ----------
    request
        What the user asked for; its only file is the folder.
    engine, progress
        As for `inspected_by_parts`.

    Returns
    -------
    inspection : Inspection
    layers : list of Delivered
    run : Run
        The rules.

    Raises
    ------
    LowuseError
        Where the request cannot be carried out, or a layer has changed since it was cut.
    """
    (folder,) = request.files
    manifest = read_manifest(folder)
    asked = Asked(
        [folder],
        request.output,
        request.project,
        rules=request.rules,
        as_of=request.as_of,
        threads=request.threads,
    )
    run = run_for(asked, manifest)
    supplies_beside(asked, manifest, run)
    return *inspected_by_parts(folder, manifest, request.project, run, engine, progress), run


def inspected_by_parts(
    folder: Path, manifest: Manifest, project: Path | None, run: Run, engine: Engine,
    progress: Progress,
) -> tuple[Inspection, list[Delivered]]:  # fmt: skip
    """Check the partitions of a folder and the files beside them, and join what was found.

    Parameters
    ----------
    folder, manifest
        What ``lowuse partition`` wrote.
    project
        Names the tables, and the files that the layers were cut from.
    run, engine, progress
        The rules, who does the work, and who is told of every stage.

    Returns
    -------
    inspection : Inspection
        As of all files in one piece.
    layers : list of Delivered
        What was delivered, without features of layers that were cut.

    Raises
    ------
    LowuseError
        Where the request cannot be carried out. What is finished is kept.
    """
    rules = str(Path(run.rulebook.folder).resolve())
    bench = Bench(folder.resolve(), run, rules, command="check")
    parts = [part.name for part in manifest.partitions]
    with tempfile.TemporaryDirectory(prefix="lowuse-") as unpacked:
        with progress.stage(_("reading")):
            given = _given(bench, manifest, project, Path(unpacked), (engine, progress))
        files = _files(given, manifest, progress)
        layers = Layers(bench.folder, parts, run, files)
    _refuse_narrow(manifest, layers)
    with progress.stage(_("looking up keys")):
        keys = layers.keys()
        lies = offsets_of(bench, manifest, layers, given)
        jobs = _to_inspect(bench, manifest, layers, keys, given)
    bench.note(given.files)
    with progress.stage(_("checking")):
        perform_all([*lies.jobs, *jobs], engine, progress)
    with progress.stage(_("joining")):
        outcomes = [job.out for job in jobs]
        _refuse_lost(outcomes, files)
        given.notices[len(given.notices) + len(given.seen)] = lies.notices()
        found = Found(given.notices, given.tables, given.seen, keys, outcomes)
        inspection, delivered = inspection_of(found, layers)
    bench.tidy()
    return inspection, delivered


def _given(
    bench: Bench, manifest: Manifest, project: Path | None, unpacked: Path,
    who: tuple[Engine, Progress],
) -> Given:  # fmt: skip
    """Read the tables, and have every file looked at that a layer was cut from."""
    run, named = bench.run, find_project(project)
    items, noticed = of_project(named, run, unpacked) if named else ([], [])
    cut = _cut_layers(manifest)
    files = [item.found.path for item in items if not _is_in(item.found.path, unpacked)]
    given, jobs = Given({0: noticed}, {}, {}, files), {}
    for number, item in enumerate(items, start=1):
        if item.receiving.source in cut:
            jobs[number] = _to_receive(bench, item, number)
            continue
        received = receive(item.found, item.receiving, run.rulebook, number)
        given.notices[number] = list(received.notices)
        if received.delivered is not None:
            given.tables[number] = identified(received.delivered, run)
    inside = [job for job in jobs.values() if job.item and _is_in(job.item.found.path, unpacked)]
    perform_all(inside, Local(1), who[1])  # what was unpacked here is not seen elsewhere
    perform_all([job for job in jobs.values() if job not in inside], *who)
    for number, job in jobs.items():
        given.seen[number] = (items[number - 1].receiving.source, job.out)
    return given


def _cut_layers(manifest: Manifest) -> set[str]:
    """Name the layers that stand in partitions: not lines, nor what lies nowhere."""
    return {name for part in manifest.partitions for name in part.files}


def _is_in(path: Path, folder: Path) -> bool:
    return folder.resolve() in path.resolve().parents


def _to_receive(bench: Bench, item: Item, number: int) -> Job:
    found = replace(item.found, path=item.found.path.resolve())
    told = repr((found.shown, found.layer, found.kind, found.format, item.receiving))
    files = {"file": file_hash(found.path)}
    unit = Partition(str(number), 0, max(found.count, 0), NOWHERE, NOWHERE, files)
    job = bench.job("receive", unit, {}, {"number": number, "item": told})
    return replace(job, item=replace(item, found=found), files=())


def _files(given: Given, manifest: Manifest, progress: Progress) -> dict[str, Files]:
    """Say how the rows of each layer that was cut are numbered, in the order of the project."""
    cut = _cut_layers(manifest)
    sources = [source for source in manifest.sources if source.name in cut]
    first = dict.fromkeys(name for name, _out in given.seen.values())
    names = [
        *first,
        *(name for name in dict.fromkeys(s.name for s in sources) if name not in first),
    ]
    last = max([*given.seen, *given.tables, 0])
    found = {}
    for name in names:
        mine = [source for source in sources if source.name == name]
        numbers = [n for n, (source, _out) in given.seen.items() if source == name]
        outs = [given.seen[number][1] for number in numbers]
        read = [out for out in outs if (out / "file.parquet").is_file()]
        columns = None
        if len(numbers) != len(mine) or len(read) != len(mine):
            progress.show(_("{name}: the files it was cut from are not at hand: their fields and "
                            "cells are not checked").format(name=name))  # fmt: skip
            numbers = list(range(last + 1, last + 1 + len(mine)))
            last += len(mine)
        else:
            columns = sorted(
                {c for out in outs for c in read_frame(out / "columns.parquet")["column"]}
            )
        shown = [(s.file, s.layer) for s in mine] if columns is None else [*map(_shown, outs)]
        found[name] = Files(name, numbers, [s.rows for s in mine], shown, columns)
    return found


def _shown(out: Path) -> tuple[str, str]:
    line = read_frame(out / "file.parquet").iloc[0]
    return str(line["file"]), str(line["layer"])


def _refuse_narrow(manifest: Manifest, layers: Layers) -> None:
    """See that partitions know enough of what lies near for these checks."""
    known = {(one, other): reach for one, other, reach in manifest.compared}
    for one, other, reach in compared_layers(layers.run.rulebook, layers.files):
        if known.get((one, other), -1.0) < reach:
            raise InputError(
                _("the partitions do not hold what lies near for checks of {name}").format(
                    name=one
                ),
                _("run 'lowuse partition' again: checks have changed since, or lowuse"),
            )


def _refuse_lost(outcomes: Sequence[Path], files: Mapping[str, Files]) -> None:
    """See that partitions hold every feature that was delivered."""
    counts = pd.concat([read_frame(out / "counts.parquet") for out in outcomes])
    sums = counts.groupby("source")["count"].sum()
    for name, layer in files.items():
        if sums.get(name, 0) != layer.count:
            raise InputError(
                _("{name}: {count} of {all} features are in the partitions").format(
                    name=name, count=int(sums.get(name, 0)), all=layer.count
                ),
                _("run 'lowuse partition' again, without --town"),
            )


def _to_inspect(
    bench: Bench, manifest: Manifest, layers: Layers, keys: Mapping[str, Delivered], given: Given
) -> list[Job]:
    known = {"layers": {name: asdict(layer) for name, layer in layers.files.items()}}
    blank = _blank(given, layers)
    groups = {name: grouped(delivered, bench.run.rulebook) for name, delivered in keys.items()}
    whole, none = {}, pd.Series(dtype="str")
    if TOWNS in layers.files:
        towns = layers.whole(TOWNS, [*keys[TOWNS].frame.columns, "geometry"])
        whole[TOWNS] = gpd.GeoDataFrame(towns.frame).reset_index()
    jobs = []
    for part in manifest.partitions:
        asked = [name for name in layers.files if len(groups[name]) or len(blank[name])]
        rows = {name: _rows_at_home(layers, part.name, name) for name in asked}
        facts = {
            GROUPED + name: g[is_among(g["row"], rows.get(name, none))].reset_index(drop=True)
            for name, g in groups.items()
        }
        lost = [b[is_among(b["row"], rows.get(name, none))] for name, b in blank.items()]
        facts["blank"] = pd.concat(lost, ignore_index=True)
        own = {name: sha256 for name, sha256 in part.files.items() if name in layers.files}
        jobs.append(bench.job("inspect", replace(part, files=own), {**facts, **whole}, known))
    return jobs


def _blank(given: Given, layers: Layers) -> dict[str, pd.DataFrame]:
    """List the features without any attribute, by layer."""
    nothing = pd.DataFrame({"row": pd.Series(dtype="str")})
    blank = dict.fromkeys(layers.files, nothing)
    for source, out in given.seen.values():
        if (out / "blank.parquet").is_file():
            rows = [blank[source], read_frame(out / "blank.parquet")]
            blank[source] = pd.concat(rows, ignore_index=True)
    return blank


def _rows_at_home(layers: Layers, part: str, source: str) -> pd.Series:
    marks = read_frame(part_file(layers.folder, part, source), [ORDER, HOME])
    rows = layers.files[source].rows(marks.loc[marks[HOME].to_numpy(), ORDER].to_numpy())
    return rows.to_series()
