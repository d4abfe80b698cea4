"""The pieces of one history of a partition's construction land, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.job import facts_of
from lowuse_gis.commands.partitioned.layers import keep, layer_of, refuse_damaged
from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, WORK, read_frame
from lowuse_gis.model import Survey
from lowuse_gis.stages.legacy.judge import NOT, judged_pieces
from lowuse_gis.stages.legacy.pieces import base_of, pieces_of
from lowuse_gis.stages.mend import mend

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.commands.partitioned.job import Job

EVIDENCE = "evidence"


def evidence_file(folder: Path, part: str, source: str) -> Path:
    """Return where what lies at the base polygons of a partition stands.

    Parameters
    ----------
    folder, part, source
        The folder of partitions, and names.

    Returns
    -------
    Path
    """
    return folder / WORK / EVIDENCE / part / f"{source}.parquet"


def find_pieces(job: Job) -> None:
    """Cut the base polygons at home in a partition by all evidence, and judge the pieces.

    Parameters
    ----------
    job
        Its facts: the ``base``, and the sources that are ``evidence``. The outcome: ``pieces``
        but for those that are no legacy, each with the place of its polygon in the whole layer;
        sums of the ``rest``.
    """
    refuse_damaged(job)
    run, (_facts, known) = job.run, facts_of(job)
    layer, marks = layer_of(job, known["base"])
    layer = gpd.GeoDataFrame(layer[marks[HOME].to_numpy(dtype=bool)])
    layers = {
        name: read_frame(evidence_file(job.folder, job.part, name)) for name in known[EVIDENCE]
    }
    parcels = gpd.GeoDataFrame(
        layers.pop(PARCELS, pd.DataFrame({"geometry": []})), geometry="geometry"
    )
    whole = mend(Survey(parcels, layers={known["base"]: layer.assign(**{ORDER: layer.index})}))
    survey = Survey(parcels, layers={**layers, **whole.layers}, sources=job.sources)
    base = base_of(survey, run)
    if not len(base):
        keep(job, {})
        return
    judged = judged_pieces(pieces_of(survey, run), survey, run)
    place = base[ORDER].to_numpy(dtype=np.int64)
    judged["polygon"] = place[judged["polygon"].to_numpy()]
    no = judged[judged["state"] == NOT]
    sums = no.groupby(["town_code", "state"], as_index=False, dropna=False)["area"]
    left = judged[judged["state"] != NOT].drop(columns=["legacy_code", "town_name"])
    keep(job, {"pieces": left, "rest": sums.agg(pieces="size", area="sum")})
