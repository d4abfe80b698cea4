"""Which verdicts would stay if a threshold of the district were a little other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.sweeping import all_targets, swings
from lowuse_gis.core.threshold_steps import FIRM, in_whole_numbers, spans_of, step_of

if TYPE_CHECKING:
    from lowuse_gis.core.judging import Judgement

DIGITS = 10  # values of thresholds, without the dust of floating point


def firm_verdicts(
    judgement: Judgement, stated: pd.DataFrame, shift: float, spans: pd.DataFrame | None = None
) -> pd.Series:
    """Mark verdicts that no single threshold would turn by moving a little down or up.

    Parameters
    ----------
    judgement
        The parcels as these rules judge them now.
    stated
        The result, on the same rows: ``verdict`` and ``verdict_rule``.
    shift
        How far each threshold that decides is moved, as `step_of` says; in whole numbers where it
        counts, so that "2 of 3" stays what it is.
    spans
        What is measured in the whole district (`spans_of`), where these parcels are a part of it.

    Returns
    -------
    Series of float
        By row: 1 where the verdict stays whichever threshold moves, or where a town decided; 0
        where one would turn it; missing where these rules judge otherwise than the result says.
    """
    firm = np.ones(len(judgement.verdict))
    if spans is None:
        spans = spans_of(judgement.parcels, judgement.conditions)
    for target in all_targets(judgement.rulebook, judgement.conditions):
        if not target.decides:
            continue
        digits = 0 if in_whole_numbers(judgement, target, spans) else DIGITS
        step = step_of(judgement, target, shift, spans)
        moved = {round(target.present + way * step, digits) for way in (-1, 1)}
        for swing in swings(judgement, target, sorted(moved - {target.present})):
            turned = swing.verdict != judgement.verdict[swing.rows]
            firm[swing.rows[turned]] = 0
    rule = stated["verdict_rule"].to_numpy()
    firm[rule != judgement.verdict] = np.nan
    firm[(stated["verdict"] != stated["verdict_rule"]).to_numpy()] = 1
    return pd.Series(firm, index=stated.index, name=FIRM)
