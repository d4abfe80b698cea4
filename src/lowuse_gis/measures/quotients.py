"""A column divided by another, where nothing else gave the quotient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.measures.measured import Measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.model import Run, Survey

DIGITS = 6


def quotient(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Divide a column by another where the quotient is missing.

    Parameters
    ----------
    survey, spec, run
        ``into``, ``part`` and ``whole``; ``factor`` the quotient is multiplied by, and ``most``,
        which it cannot exceed; ``quality``, a column that then says ``known_as``.

    Returns
    -------
    Measured
        What stands in ``into`` stays; missing where a part is, or would be divided by zero.
    """
    del run
    parcels = survey.parcels
    absent = pd.Series(np.nan, index=parcels.index)
    part, whole, stands = (
        parcels.get(spec[key], absent).astype(float) for key in ("part", "whole", "into")
    )
    found = part / whole.where(whole > 0) * spec.get("factor", 1)
    found = found.clip(upper=spec.get("most", np.inf)).round(DIGITS)
    columns = pd.DataFrame({spec["into"]: stands.where(stands.notna(), found)})
    if "quality" in spec:
        divided = stands.isna() & found.notna()
        quality = parcels.get(spec["quality"], pd.Series(np.nan, parcels.index, dtype="str"))
        columns[spec["quality"]] = quality.mask(divided, spec["known_as"])
    return Measured(columns)
