"""What stands around a parcel once all are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.measures.measured import Measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey


def around(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure which share of the land near a parcel has a verdict.

    Parameters
    ----------
    survey, spec, run
        Judged parcels; ``verdict``, the one counted; ``verdicts``, those that count as land
        judged; ``reach``, metres between boundaries; ``into``.

    Returns
    -------
    Measured
        By area, the parcel itself left out: 0 to 1. Missing where no judged parcel is near.
    """
    del run
    parcels = survey.parcels
    judged = parcels["verdict"].isin(spec["verdicts"]) & parcels.geometry.notna()
    shapes = parcels.geometry.to_numpy()
    of = np.flatnonzero(judged.to_numpy())
    share = np.full(len(parcels), np.nan)
    if len(of):
        tree = shapely.STRtree(shapes[of])
        at, near = tree.query(shapes, predicate="dwithin", distance=spec["reach"])
        near = of[near]
        at, near = at[at != near], near[at != near]
        area = parcels["area"].to_numpy(dtype=float)[near]
        counted = (parcels["verdict"] == spec["verdict"]).to_numpy()[near]
        whole = np.bincount(at, area, minlength=len(parcels))
        some = np.bincount(at, area * counted, minlength=len(parcels))
        share = np.divide(some, whole, out=share, where=whole > 0)
    return Measured(pd.DataFrame({spec["into"]: share.round(4)}, index=parcels.index))
