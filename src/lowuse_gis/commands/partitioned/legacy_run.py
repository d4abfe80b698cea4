"""Find historical legacy partition by partition: the base from there, evidence layer by layer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.bench import Bench
from lowuse_gis.commands.partitioned.legacy_part import EVIDENCE, evidence_file
from lowuse_gis.commands.partitioned.steps import perform_all
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.partitioning import Boxes
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import (
    HOME,
    PARCELS,
    part_file,
    read_frame,
    read_manifest,
    reading_hash,
    write_frame,
)
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Survey
from lowuse_gis.stages.legacy.judge import coded, town_names
from lowuse_gis.stages.mend import mend
from lowuse_gis.stages.read import Reading, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.engines import Engine
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Manifest, Run, Source


def pieces_by_parts(
    folder: Path, supplies: Sequence[Supply], run: Run, engine: Engine, progress: Progress
) -> tuple[Survey, gpd.GeoDataFrame, pd.DataFrame]:
    """Judge the pieces of each partition, and join them.

    Parameters
    ----------
    folder
        What ``lowuse partition`` wrote; the base layer is in it.
    supplies
        The base layer and the evidence, as the project names them.
    run, engine, progress
        The rules, who does the work, and who is told of every stage.

    Returns
    -------
    survey : Survey
        What was supplied; parcels without shapes.
    pieces : GeoDataFrame
        Of `judged_pieces`, but for those that are no legacy.
    rest : DataFrame
        Sums of those by town.

    Raises
    ------
    LowuseError
        Where the base layer is not that of the partitions. What is finished is kept.
    """
    manifest, base = read_manifest(folder), str(run.rulebook.legacy["base"])
    own = [supply for supply in supplies if supply.name == base]
    _refuse_other(manifest, own, run)
    rules = str(Path(run.rulebook.folder).resolve())
    bench = Bench(folder.resolve(), run, rules, command="legacy")
    with progress.stage(_("reading")):
        found, parcels = _cut_evidence(bench, manifest, base, supplies)
    bench.sources = tuple(found)
    names = list(dict.fromkeys(s.name for s in supplies if s.name != base))
    with progress.stage(_("cutting pieces of one history")):
        told = [(s.name, s.file, s.layer, s.as_of) for s in found]  # what pieces are told of them
        jobs = []
        for part in manifest.partitions:
            files = {n: file_hash(evidence_file(bench.folder, part.name, n)) for n in names}
            known = {"base": base, EVIDENCE: names, "files": files, "sources": told}
            unit = replace(part, files={base: part.files[base]})
            jobs.append(bench.job("pieces", unit, {}, known))
        bench.note([supply.path for supply in supplies])
        perform_all(jobs, engine, progress)
    with progress.stage(_("joining")):
        survey = Survey(parcels, sources=tuple(found))
        pieces, rest = _joined([job.out for job in jobs], survey, run)
    bench.tidy()
    return survey, pieces, rest


def _refuse_other(manifest: Manifest, own: Sequence[Supply], run: Run) -> None:
    """See that the base layer was cut as it is, by these rules."""
    again = _("run 'lowuse partition' again")
    if reading_hash(run.rulebook) != manifest.reading_sha256:
        raise InputError(
            _("the partitions were read by other rules than {name}").format(name=run.rulebook.name),
            again,
        )
    cut = [s.sha256 for s in manifest.sources if s.name in {supply.name for supply in own}]
    for supply in own:
        if file_hash(supply.path) not in cut or len(own) != len(cut):
            raise InputError(
                _("{file} is not what was cut into partitions").format(file=supply.path.name), again
            )


def _cut_evidence(
    bench: Bench, manifest: Manifest, base: str, supplies: Sequence[Supply]
) -> tuple[list[Source], gpd.GeoDataFrame]:
    """Read evidence layer by layer, and write what lies at the base polygons of each partition."""
    shutil.rmtree(evidence_file(bench.folder, "", "").parent, ignore_errors=True)
    at_home = {part.name: _boxes(bench.folder, part.name, base) for part in manifest.partitions}
    sources: dict[int, Source] = {}
    parcels = gpd.GeoDataFrame({"geometry": []}, geometry="geometry")
    for name in dict.fromkeys(supply.name for supply in supplies):
        mine = {at: supply for at, supply in enumerate(supplies) if supply.name == name}
        if name == base:
            cut = [source for source in manifest.sources if source.name == name]
            pairs = zip(mine, cut, strict=True)
            sources |= {at: _as_said(source, mine[at], bench.run) for at, source in pairs}
            continue
        survey = mend(read(list(mine.values()), Reading(), bench.run))
        sources |= dict(zip(mine, survey.sources, strict=True))
        layer = survey.parcels if name == PARCELS else survey.layers[name]
        bounds = layer.bounds.to_numpy()
        for part, boxes in at_home.items():
            near = boxes.touched(bounds) if boxes else np.zeros(0, dtype=np.intp)
            near = near if len(near) else np.arange(min(1, len(layer)))  # that there is a layer
            file = evidence_file(bench.folder, part, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_frame(file, layer.iloc[near])
        if name == PARCELS:
            plain = attributes_of(layer)[["town_code", "town_name"]]
            parcels = gpd.GeoDataFrame(plain)
    return [sources[at] for at in sorted(sources)], parcels


def _as_said(source: Source, supply: Supply, run: Run) -> Source:
    """Give a layer that was cut what the project says of it now."""
    return replace(
        source,
        absence=supply.absence or run.rulebook.sources[supply.name].absence,
        as_of=supply.as_of,
        towns=supply.towns,
        towns_missing=supply.towns_missing,
    )


def _boxes(folder: Path, part: str, base: str) -> Boxes | None:
    layer = read_frame(part_file(folder, part, base), ["geometry", HOME])
    layer = layer[layer[HOME].to_numpy(dtype=bool)]
    return Boxes(layer.bounds.to_numpy()) if len(layer) else None


def _joined(
    outcomes: Sequence[Path], survey: Survey, run: Run
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give pieces codes of the whole district, and name their towns."""
    outcomes = [out for out in outcomes if (out / "pieces.parquet").is_file()]
    if not outcomes:
        raise InputError(
            _("no construction land in the base layer"),
            _("see that its classes are those of the survey, with 'lowuse check'"),
        )
    names: Mapping[str, str] = town_names(survey, run)
    frames = [read_frame(out / "pieces.parquet") for out in outcomes]
    pieces = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    pieces = pieces.sort_values("polygon", kind="stable", ignore_index=True)
    pieces = gpd.GeoDataFrame(pieces).assign(town_name=pieces["town_code"].map(names))
    rest = pd.concat([read_frame(out / "rest.parquet") for out in outcomes], ignore_index=True)
    return coded(pieces), rest.assign(town_name=rest["town_code"].map(names))
