"""Last step of a partition: what stands around, subtypes, problems, and its share of the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.judged import of_rows
from lowuse_gis.commands.partitioned.layers import in_order, keep
from lowuse_gis.core.asked import ANSWERS
from lowuse_gis.core.partitioning import Boxes
from lowuse_gis.io.partitions import ORDER, PARCELS, read_frame
from lowuse_gis.model import Survey
from lowuse_gis.stages.measure import look_around
from lowuse_gis.stages.problems import problems
from lowuse_gis.stages.subtype import subtype
from lowuse_gis.stages.summarise import summarise
from lowuse_gis.stages.villages import village_lines

if TYPE_CHECKING:
    from lowuse_gis.commands.partitioned.job import Job

SUMS = ("by_type", "parcels_balance", "lacking")


def finish_part(job: Job) -> None:
    """Look around the parcels at home in a partition, and list their problems.

    Parameters
    ----------
    job
        Its facts: ``reach`` of what stands around, in metres.
    """
    run, (_facts, known) = job.run, facts_of(job)
    assert job.before is not None  # noqa: S101  it was judged before
    parcels = gpd.GeoDataFrame(read_frame(job.before / f"{PARCELS}.parquet"))
    causes = read_frame(job.before / "causes.parquet")
    answered = job.before / f"{ANSWERS}.parquet"
    lines = {ANSWERS: read_frame(answered)} if answered.exists() else {}
    survey = Survey(
        _with_near(parcels, job, known["reach"]),
        tables=lines,
        sources=job.sources,
        causes={name: causes[name] for name in causes},
    )
    survey = of_rows(look_around(survey, run), parcels.index)
    survey = problems(subtype(survey, run), run)
    done, summary = survey.parcels, summarise(survey, run)
    towns = pd.DataFrame(done[["town_code", "town_name", ORDER]]).dropna(subset=["town_code"])
    frames = {
        PARCELS: done,
        "villages": village_lines(done, run),
        "towns": towns.drop_duplicates("town_code"),
        "problems": survey.problems,
        **{name: getattr(summary, name) for name in SUMS},
        **survey.tables,
    }
    keep(job, frames)


def _with_near(parcels: gpd.GeoDataFrame, job: Job, reach: float) -> gpd.GeoDataFrame:
    """Add the judged parcels of other partitions that are as near as what stands around reaches."""
    here, near = Boxes(parcels.bounds.to_numpy()), [parcels]
    for _name, folder in job.neighbours:
        other = gpd.GeoDataFrame(read_frame(folder / f"{PARCELS}.parquet"))
        near.append(other.iloc[here.touched(other.bounds.to_numpy(), reach=reach)])
    whole = pd.concat([part for part in near if len(part)] or near[:1])
    return in_order(gpd.GeoDataFrame(whole), whole[ORDER])
