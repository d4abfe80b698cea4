"""First step of units over partitions: the land at home in one that units may be made of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep, layer_of, refuse_damaged
from lowuse_gis.commands.results import with_known_columns
from lowuse_gis.commands.rules_sweep import columns_read
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.lookup import is_among, rows_among
from lowuse_gis.core.partitioning import MARGIN, Boxes
from lowuse_gis.core.threshold_steps import spans_of
from lowuse_gis.io.judged_table import typed_table
from lowuse_gis.io.partitions import HOME, ORDER, part_file
from lowuse_gis.io.result_folder import read_result_part
from lowuse_gis.stages.units.nodes import BETWEEN, MARKS, NEEDED, land_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.commands.partitioned.job import Job
    from lowuse_gis.model import Rulebook

AROUND = (*NEEDED[:-1], "stratum")  # columns that are needed of the parcels of neighbours
SIDES = ["min_x", "min_y", "max_x", "max_y"]
LISTED = ["row", "key", "part", "town", *MARKS]


def list_land(job: Job) -> None:
    """List the low-use parcels at home in a partition, and the land at home at low-use parcels.

    Parameters
    ----------
    job
        ``before`` is the file of its parcels in the result, ``neighbours`` those of the partitions
        nearby. The outcome: ``land`` as `land_of` lists it; ``index``, the same without shapes but
        with their bounds; ``parcels`` that stand in it, or are low-use; names of ``towns``;
        ``spans`` of what is compared with thresholds.
    """
    refuse_damaged(job)
    rulebook, (_facts, known) = job.run.rulebook, facts_of(job)
    spec, source = rulebook.units, known["survey"]
    assert job.before is not None  # noqa: S101  it was judged before
    own = with_known_columns(read_result_part(job.before, rulebook), rulebook)
    survey, boxes = None, [own.bounds.to_numpy()]
    if part_file(job.folder, job.part, source).exists():
        layer, marks = layer_of(job, source)
        at_home = layer[marks[HOME].to_numpy()]
        survey = at_home if len(at_home) else None
        boxes.append(at_home.bounds.to_numpy())
    reach = float(spec["infill_distance"]) + MARGIN
    here = _with_near(own, Boxes(np.concatenate(boxes)), reach, job, rulebook)
    land = land_of(here, survey, spec, threads=job.threads)
    mine = (land["part"] == BETWEEN) | is_among(land["row"], own.index.to_series())
    land = land[mine].reset_index(drop=True)
    low = own["verdict"].isin(spec["verdicts"]).to_numpy(dtype=bool)
    towns = pd.DataFrame(own[["town_code", "town_name", ORDER]]).dropna(subset=["town_code"])
    measured = typed_table(own, sorted(columns_read(rulebook)), rulebook.columns["dtype"])
    keep(
        job,
        {
            "land": land,
            "index": _index(land),
            "parcels": own[low | rows_among(own.index, pd.Index(land["row"]))],
            "towns": towns.drop_duplicates("town_code"),
            "spans": spans_of(measured, parsed_criteria(rulebook)),
        },
    )


def _with_near(
    own: gpd.GeoDataFrame, at_home: Boxes, reach: float, job: Job, rulebook: Rulebook
) -> gpd.GeoDataFrame:
    """Add the parcels of other partitions that lie at what is at home here, in order."""
    parts = [own[[name for name in [*AROUND, ORDER, "geometry"] if name in own]]]
    touched = partial(at_home.touched, reach=reach)
    parts += [read_result_part(file, rulebook, AROUND, touched) for _name, file in job.neighbours]
    whole = pd.concat([part for part in parts if len(part)] or parts[:1])
    return gpd.GeoDataFrame(whole.sort_values(ORDER, kind="stable"))


def _index(land: gpd.GeoDataFrame) -> pd.DataFrame:
    bounds: NDArray[np.float64] = land.bounds.to_numpy()
    return pd.DataFrame(land[LISTED]).assign(**dict(zip(SIDES, bounds.T, strict=True)))
