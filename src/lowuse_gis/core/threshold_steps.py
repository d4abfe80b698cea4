"""By how much a threshold is moved: what it is compared with says what a little is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from sqlglot import exp

from lowuse_gis.core.judging import WEAK_NEEDED

if TYPE_CHECKING:
    from lowuse_gis.core.judging import Judgement
    from lowuse_gis.core.sweeping import Target

FIRM = "verdict_firm"  # the column: whether a verdict stays when any threshold moves a little


def compared_with(judgement: Judgement, target: Target) -> pd.Series:
    """Return the known values that are compared with the threshold itself.

    Parameters
    ----------
    judgement, target
        The parcels, and the row.

    Returns
    -------
    Series of float
        Of all columns that criteria compare with it.
    """
    atoms = [atom for code in target.criteria for atom in judgement.conditions[code].atoms]
    columns = [
        judgement.parcels[atom.column]
        for atom in atoms
        if isinstance(atom.limit, exp.Placeholder)
        and atom.limit.name == target.name
        and judgement.evaluator.table.is_number(atom.column)
    ]
    return pd.concat(columns).dropna() if columns else pd.Series(dtype=float)


def step_of(judgement: Judgement, target: Target, share: float) -> float:
    """Return by how much a threshold is moved.

    Parameters
    ----------
    judgement, target
        The parcels, and the row.
    share
        Of its value; where that would pass everything that is measured, as for a year, of the
        span of what is measured.

    Returns
    -------
    float
        In the unit of the threshold.
    """
    step, known = share * abs(target.present), compared_with(judgement, target)
    if not len(known):
        return step
    low, high = float(known.min()), float(known.max())
    if not step or (target.present - step < low and target.present + step > high):
        return share * (high - low)
    return step


def in_whole_numbers(judgement: Judgement, target: Target) -> bool:
    """Say whether a threshold counts: between two whole numbers it has no meaning of its own.

    Parameters
    ----------
    judgement, target
        The parcels, and the row.

    Returns
    -------
    bool
    """
    if target.name == WEAK_NEEDED:
        return True
    known = compared_with(judgement, target)
    whole = (known % 1 == 0).all() and target.present % 1 == 0
    return bool(len(known) and whole)
