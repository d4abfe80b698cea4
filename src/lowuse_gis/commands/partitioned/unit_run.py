"""Draw units town by town over a result that stands in parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.bench import Bench
from lowuse_gis.commands.partitioned.steps import perform_all
from lowuse_gis.commands.partitioned.unit_groups import groups_of, index_of, towns_by_part
from lowuse_gis.commands.partitioned.unit_joined import units_of
from lowuse_gis.core.partitioning import MARGIN, Boxes, meet
from lowuse_gis.core.threshold_steps import joined_spans
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import HOME, ORDER, part_file, read_frame, reading_hash, whole_file
from lowuse_gis.io.result_folder import parts_of_result, read_folder_run
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Partition, Run
from lowuse_gis.stages.units.barriers import hard_lines
from lowuse_gis.stages.units.edits import FORBID, guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.commands.partitioned.unit_groups import Group
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.engines import Engine
    from lowuse_gis.model import Manifest, Rulebook
    from lowuse_gis.stages.units.draw import Units
    from lowuse_gis.stages.units.edits import Edits
    from lowuse_gis.stages.units.nodes import Surroundings


@dataclass(frozen=True)
class Parts:
    """A result in parts, and the partitions it was judged from.

    Attributes
    ----------
    result, data, manifest
        The two folders, and what the second holds.
    rulebook
        The rules that units are drawn by.
    """

    result: Path
    data: Path
    manifest: Manifest
    rulebook: Rulebook

    @property
    def ground(self) -> str:
        """The source that is the survey."""
        return str(self.rulebook.measures["survey"]["source"])


def layer_in_parts(parts: Parts, source: str) -> gpd.GeoDataFrame | None:
    """Put a layer together from the partitions: of a kind that is small, such as planning blocks.

    Parameters
    ----------
    parts, source
        The partitions, and the layer.

    Returns
    -------
    GeoDataFrame
        In its order; None where it was not supplied.
    """
    if source in parts.manifest.whole:
        return gpd.GeoDataFrame(read_frame(whole_file(parts.data, source)))
    frames = []
    for part in parts.manifest.partitions:
        if source in part.files:
            frame = read_frame(part_file(parts.data, part.name, source))
            frames.append(frame[frame[HOME]])
    if not frames:
        return None
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    return gpd.GeoDataFrame(whole.sort_values(ORDER, ignore_index=True).drop(columns=[ORDER, HOME]))


def units_by_parts(
    parts: Parts,
    around: Surroundings,
    edits: pd.DataFrame,
    engine: Engine,
    progress: Progress,
) -> tuple[Units, pd.Series]:
    """Draw units town by town, and join them.

    Parameters
    ----------
    parts, around
        The result, and barriers and blocks of the whole district.
    edits
        Of ``ledgers/edits.csv``.
    engine, progress
        Who does the work, and who is told of every stage.

    Returns
    -------
    units : Units
        As the whole district in one piece would have them.
    codes : Series of str
        Parcel codes of the rows of checks.

    Raises
    ------
    LowuseError
        Where the result is not of these partitions. What is finished is kept.
    """
    if reading_hash(parts.rulebook) != parts.manifest.reading_sha256:
        raise InputError(
            _("the partitions were read by other rules than {name}").format(
                name=parts.rulebook.name
            ),
            _("run 'lowuse partition' again: fields, sources or the CRS have changed"),
        )
    files = parts_of_result(parts.result, parts.data)
    as_of = date.fromisoformat(str(read_folder_run(parts.result)["as_of"]))
    bench = Bench(
        folder=parts.data.resolve(),
        run=Run(parts.rulebook, as_of),
        rules=str(Path(parts.rulebook.folder).resolve()),
        command="units",
    )
    with progress.stage(_("listing the land of units")):
        perform_all(_to_list(bench, parts, files), engine, progress)
    land = {part: bench.outcome("land", part) for part in files}
    hand = guarded(edits, _known_codes(edits, files))
    with progress.stage(_("joining by keys")):
        index = index_of(land)
        groups = groups_of(index, towns_by_part(land, index), hand, parts.rulebook.units)
        spans = joined_spans([read_frame(folder / "spans.parquet") for folder in land.values()])
        told = _told(hand, spans, around, parts.rulebook)
        jobs = [told.job(bench, number, group) for number, group in enumerate(groups)]
    bench.note([*files.values()])
    with progress.stage(_("drawing units")):
        perform_all(jobs, engine, progress)
    with progress.stage(_("joining")):
        found = units_of([job.out for job in jobs], groups, list(land.values()), hand)
    bench.tidy()
    return found


def _to_list(bench: Bench, parts: Parts, files: Mapping[str, Path]) -> list[Job]:
    """Make the jobs of the first step; each reads the result of its partition and of those near."""
    reach = float(parts.rulebook.units["infill_distance"]) + MARGIN
    hashes = {name: file_hash(file) for name, file in files.items()}
    jobs = []
    for part in parts.manifest.partitions:
        near = [o.name for o in parts.manifest.partitions
                if o is not part and meet(o.bounds, part.bounds, reach)]  # fmt: skip
        known = {"survey": parts.ground, "result": {n: hashes[n] for n in (part.name, *near)}}
        kept = {n: sha256 for n, sha256 in part.files.items() if n == parts.ground}
        job = bench.job("land", replace(part, files=kept), {}, known)
        neighbours = tuple((name, files[name].resolve()) for name in near)
        jobs.append(replace(job, before=files[part.name].resolve(), neighbours=neighbours))
    return jobs


def _known_codes(edits: pd.DataFrame, files: Mapping[str, Path]) -> set[str]:
    """Return the codes of parcels that there are, of those that edits name."""
    cells = edits["parcels"].astype("str").fillna("")
    named = {code.strip() for cell in cells for code in cell.split(";")} - {""}
    found: set[str] = set()
    for file in files.values() if named else ():
        codes = read_frame(file, ["parcel_code"])["parcel_code"]
        found |= set(codes[codes.isin(named)])
    return found


@dataclass(frozen=True)
class _Told:
    """What the whole district tells the second step.

    Attributes
    ----------
    hand, spans
        Edits that fit, and what thresholds are compared with.
    lines, areas
        Barriers and planning blocks, which part units.
    reach
        Metres from its land to the barriers that a group of towns has to know.
    """

    hand: Edits
    spans: pd.DataFrame
    lines: gpd.GeoSeries
    areas: gpd.GeoSeries
    reach: float

    def job(self, bench: Bench, number: int, group: Group) -> Job:
        """Make the job of a group of towns."""
        frame = self.hand.frame
        fit = self.hand.outcome.why == ""
        excluding = np.flatnonzero((frame["edit"] == FORBID).to_numpy() & fit).tolist()
        codes = sorted({c for at in (*excluding, *group.edits) for c in self.hand.codes[at]})
        facts = {
            "nodes": group.nodes,
            "lines": _near(self.lines, group, self.reach),
            "areas": _near(self.areas, group, 1.0),
            "edits": frame.iloc[[*excluding, *group.edits]].reset_index(drop=True),
            "spans": self.spans,
        }
        known = {part: key for (step, part), key in bench.keys.items() if step == "land"}
        files = {part: known[part] for part in group.parts or [*known][:1]}
        name = next((town for town in group.towns if town), f"none-{number}")
        box = (np.nan,) * 4
        part = Partition(name, 0, len(group.nodes), box, box, files)
        return bench.job("draw", part, facts, {"towns": [*group.towns], "codes": codes})


def _told(hand: Edits, spans: pd.DataFrame, around: Surroundings, rulebook: Rulebook) -> _Told:
    spec, crs = rulebook.units, rulebook.crs
    lines = gpd.GeoSeries(hard_lines(around.barriers, spec), crs=crs)
    areas = gpd.GeoSeries([], crs=crs) if around.blocks is None else around.blocks.geometry
    return _Told(hand, spans, lines, areas, float(spec["bridge_distance"]) + 1)


def _near(shapes: gpd.GeoSeries, group: Group, reach: float) -> gpd.GeoDataFrame:
    """Choose the shapes that come near the land of a group."""
    at: Sequence[int] = ()
    if len(shapes) and len(group.bounds):
        at = Boxes(group.bounds).touched(shapes.bounds.to_numpy(), reach=reach).tolist()
    return gpd.GeoDataFrame(geometry=shapes.iloc[list(at)].reset_index(drop=True), crs=shapes.crs)
