"""Whether a layer is offset as web maps are, by the outlines of the survey in all partitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.check_file import XY
from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep, layer_of
from lowuse_gis.commands.receive_delivery import SURVEY
from lowuse_gis.core.partitioning import Boxes
from lowuse_gis.core.web_map import (
    NEAR,
    corners_of,
    misfit_of,
    near_outlines,
    outlines_of,
    tries_of,
)
from lowuse_gis.io.offsets import notice_of
from lowuse_gis.io.partitions import HOME, read_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.bench import Bench
    from lowuse_gis.commands.partitioned.check_run import Given
    from lowuse_gis.commands.partitioned.check_whole import Layers
    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.model import Manifest, Notice

WHICH = ["number", "try", "at"]  # of a point: number of its file, which try, and which corner


@dataclass(frozen=True)
class Offsets:
    """Corners of layers, which partitions hold against the outlines of the survey.

    Attributes
    ----------
    jobs
        To be done.
    tries
        By number of the file, where its corners would be.
    names
        By number, file and layer.
    """

    jobs: Sequence[Job]
    tries: Mapping[int, Sequence[NDArray[np.float64]]]
    names: Mapping[int, tuple[str, str]]

    def notices(self) -> list[Notice]:
        """Tell which layers are offset, once the jobs are done."""
        hits = [read_frame(job.out / "hits.parquet") for job in self.jobs]
        if not self.tries or not hits:
            return []
        once = pd.concat(hits).drop_duplicates()
        count = once.groupby(["number", "try"]).size()
        noticed = []
        for number, tries in sorted(self.tries.items()):
            shares = [count.get((number, at), 0) / len(points) for at, points in enumerate(tries)]
            noticed.append(notice_of(misfit_of(shares, tries), *self.names[number]))
        return [notice for notice in noticed if notice.code]


def offsets_of(bench: Bench, manifest: Manifest, layers: Layers, given: Given) -> Offsets:
    """Make the jobs that hold corners of each layer against the survey.

    Parameters
    ----------
    bench, manifest, layers, given
        What makes jobs, the partitions, the layers in them, and what was delivered.

    Returns
    -------
    Offsets
        None to do without a survey.
    """
    if SURVEY not in layers.files:
        return Offsets([], {}, {})
    corners, names = {}, {}
    for number, (source, out) in given.seen.items():
        if source != SURVEY and (out / "corners.parquet").is_file():
            corners[number] = read_frame(out / "corners.parquet")[XY].to_numpy(dtype=float)
            line = read_frame(out / "file.parquet").iloc[0]
            names[number] = (str(line["file"]), str(line["layer"]))
    for number, table in given.tables.items():
        corners[number] = corners_of(table.frame.geometry.to_numpy())
        names[number] = (table.file, table.layer)
    crs = bench.run.rulebook.crs
    tries = {number: tries_of(points, crs) for number, points in corners.items() if len(points)}
    whole = _listed(tries)
    bounds = np.column_stack([whole[XY], whole[XY]])
    jobs = []
    for part in manifest.partitions:
        near = Boxes(np.array([part.bounds])).touched(bounds, reach=NEAR + 1)
        unit = replace(part, files={SURVEY: part.files[SURVEY]}, rows=len(near))
        jobs.append(bench.job("offset", unit, {"points": whole.iloc[near]}, {}))
    return Offsets(jobs, tries, names)


def _listed(tries: Mapping[int, Sequence[NDArray[np.float64]]]) -> pd.DataFrame:
    """List all points, several times over."""
    parts = [
        pd.DataFrame(points, columns=XY).assign(
            **dict(zip(WHICH, (number, at, np.arange(len(points))), strict=True))
        )
        for number, places in tries.items()
        for at, points in enumerate(places)
    ]
    return pd.concat([pd.DataFrame(columns=[*XY, *WHICH], dtype=float), *parts], ignore_index=True)


def hit_outlines(job: Job) -> None:
    """Say which points lie near an outline of the survey at home in a partition.

    Parameters
    ----------
    job
        Its facts: ``points``. The outcome: ``hits``.
    """
    facts, _known = facts_of(job)
    survey, marks = layer_of(job, SURVEY)
    lines = outlines_of(survey.geometry.to_numpy()[marks[HOME].to_numpy(dtype=bool)])
    points = facts["points"]
    (near,) = near_outlines([points[XY].to_numpy(dtype=float)], lines)
    keep(job, {"hits": points.loc[near, WHICH].reset_index(drop=True)})
