"""By how much a threshold is moved: what it is compared with says what a little is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from sqlglot import exp

from lowuse_gis.core.arrow_table import ArrowTable
from lowuse_gis.core.judging import WEAK_NEEDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.judging import Judgement
    from lowuse_gis.core.sweeping import Target

FIRM = "verdict_firm"  # the column: whether a verdict stays when any threshold moves a little
SPAN = ["least", "most", "whole"]


def spans_of(parcels: pd.DataFrame, conditions: Mapping[str, Condition]) -> pd.DataFrame:
    """Measure what is compared with thresholds.

    Parameters
    ----------
    parcels
        As they are judged.
    conditions
        The parsed criteria.

    Returns
    -------
    DataFrame
        Per column of numbers with a known value ``least`` and ``most``, and whether all are
        ``whole`` numbers.
    """
    table, lines = ArrowTable(parcels), {}
    for name in sorted({c for code in conditions for c in _compared(conditions[code])}):
        known = parcels[name].dropna()
        if len(known) and table.is_number(name):
            whole = bool((known % 1 == 0).all())
            lines[name] = (float(known.min()), float(known.max()), whole)
    return pd.DataFrame.from_dict(lines, orient="index", columns=SPAN)


def joined_spans(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the spans of the parts of a district together.

    Parameters
    ----------
    parts
        Of `spans_of`.

    Returns
    -------
    DataFrame
        Those of the whole.

    Examples
    --------
    >>> one = pd.DataFrame({"least": [1.0], "most": [3.0], "whole": [True]}, index=["years"])
    >>> other = pd.DataFrame({"least": [0.0], "most": [2.5], "whole": [False]}, index=["years"])
    >>> joined_spans([one, other]).to_dict("list")
    {'least': [0.0], 'most': [3.0], 'whole': [False]}
    """
    full = [part for part in parts if len(part)]
    if not full:
        return pd.DataFrame(columns=SPAN)
    by = pd.concat(full).groupby(level=0)
    return pd.DataFrame(
        {"least": by["least"].min(), "most": by["most"].max(), "whole": by["whole"].all()}
    )


def _compared(condition: Condition, threshold: str = "") -> list[str]:
    """Return the columns that a condition compares with a threshold itself; with any if none."""
    return [
        atom.column
        for atom in condition.atoms
        if isinstance(atom.limit, exp.Placeholder) and threshold in {"", atom.limit.name}
    ]


def _known(judgement: Judgement, target: Target, spans: pd.DataFrame | None) -> pd.DataFrame:
    """Return the spans of the columns that are compared with a threshold."""
    codes = target.criteria
    columns = {c for at in codes for c in _compared(judgement.conditions[at], target.name)}
    if spans is None:
        spans = spans_of(
            judgement.parcels, {code: judgement.conditions[code] for code in target.criteria}
        )
    return spans[spans.index.isin(columns)]


def step_of(
    judgement: Judgement, target: Target, share: float, spans: pd.DataFrame | None = None
) -> float:
    """Return by how much a threshold is moved.

    Parameters
    ----------
    judgement, target
        The parcels, and the row.
    share
        Of its value; where that would pass everything that is measured, as for a year, of the
        span of what is measured.
    spans
        What is measured in the whole district, where these parcels are a part of it.

    Returns
    -------
    float
        In the unit of the threshold.
    """
    step, known = share * abs(target.present), _known(judgement, target, spans)
    if not len(known):
        return step
    low, high = float(known["least"].min()), float(known["most"].max())
    if not step or (target.present - step < low and target.present + step > high):
        return share * (high - low)
    return step


def in_whole_numbers(
    judgement: Judgement, target: Target, spans: pd.DataFrame | None = None
) -> bool:
    """Say whether a threshold counts: between two whole numbers it has no meaning of its own.

    Parameters
    ----------
    judgement, target, spans
        As for `step_of`.

    Returns
    -------
    bool
    """
    if target.name == WEAK_NEEDED:
        return True
    known = _known(judgement, target, spans)
    return bool(len(known) and known["whole"].all() and target.present % 1 == 0)
