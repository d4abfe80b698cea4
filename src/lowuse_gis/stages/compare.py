"""What two rulebooks make of the same measured parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.evaluation import FALSE, TRUE
from lowuse_gis.core.judging import DECIDING, WEAK_NEEDED
from lowuse_gis.core.marks import joined_marks
from lowuse_gis.core.verdict import LOW_USE, VERDICTS
from lowuse_gis.core.weighing import net_area

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from lowuse_gis.core.judging import Judgement


@dataclass(frozen=True)
class Compared:
    """Verdicts under two rulebooks, side by side.

    Attributes
    ----------
    matrix
        Verdict under the first and the second rulebook: parcels and area (m²).
    by_type, by_town
        Low-use parcels and m² under both, and the net change.
    changed
        Parcels whose verdict is another, the largest first, with the criteria that made the
        difference.
    """

    matrix: pd.DataFrame
    by_type: pd.DataFrame
    by_town: pd.DataFrame
    changed: pd.DataFrame


def compare(a: Judgement, b: Judgement) -> Compared:
    """Compare two judgements of the same parcels.

    Parameters
    ----------
    a, b
        By the first and the second rulebook.

    Returns
    -------
    Compared
    """
    return Compared(
        matrix=_matrix(a, b),
        by_type=_net(a, b, ["land_type"]),
        by_town=_net(a, b, ["town_code", "town_name"]),
        changed=_changed(a, b),
    )


def _matrix(a: Judgement, b: Judgement) -> pd.DataFrame:
    table = pd.DataFrame(
        {"before": a.verdict, "after": b.verdict, "parcels": 1}, index=a.parcels.index
    ).assign(area=a.parcels["area"].fillna(0))
    sums = table.groupby(["before", "after"], as_index=False)[["parcels", "area"]].sum()
    order = sums[["before", "after"]].map(VERDICTS.index)
    sums = sums.iloc[np.lexsort((order["after"], order["before"]))]
    return sums.assign(area=sums["area"].round(2)).reset_index(drop=True)


def _net(a: Judgement, b: Judgement, keys: list[str]) -> pd.DataFrame:
    table = a.parcels[keys].astype(object).fillna("")
    net = net_area(a.parcels)
    for name, judgement in (("before", a), ("after", b)):
        low = judgement.verdict == LOW_USE
        table[name], table[f"{name}_area"] = low.astype(int), np.where(low, net, 0.0)
    sums = ["before", "after", "before_area", "after_area"]
    grouped = table.groupby(keys, as_index=False)[sums].sum()
    areas = ["before_area", "after_area"]
    grouped[areas] = grouped[areas].round(2)
    grouped["change"] = grouped["after"] - grouped["before"]
    grouped["change_area"] = (grouped["after_area"] - grouped["before_area"]).round(2) + 0.0
    return grouped[(grouped[sums] != 0).any(axis=1)].reset_index(drop=True)


def _changed(a: Judgement, b: Judgement) -> pd.DataFrame:
    at = np.flatnonzero(a.verdict != b.verdict)
    parcels = a.parcels.iloc[at]
    known = ["parcel_code", "town_code", "town_name", "land_type", "area"]
    table = parcels[known].rename_axis("row").reset_index()
    table = table.assign(
        before=a.verdict[at], after=b.verdict[at], criteria=_made_the_difference(a, b, at)
    )
    return table.sort_values(["area", "row"], ascending=[False, True], ignore_index=True)


def _made_the_difference(a: Judgement, b: Judgement, at: NDArray[np.intp]) -> ExtensionArray:
    """Name the criteria that count otherwise: met, unknown, or of another strength."""
    weights_a, weights_b = _weights(a, at), _weights(b, at)
    nothing = np.zeros(len(at), dtype=np.int64)
    marks = [
        (code, weights_a.get(code, nothing) != weights_b.get(code, nothing))
        for code in sorted({*weights_a, *weights_b})
    ]
    needed_a = a.tally.weak_needed[at]
    needed_b = b.tally.weak_needed[at]
    other = ~((needed_a == needed_b) | (np.isnan(needed_a) & np.isnan(needed_b)))
    return joined_marks([*marks, (WEAK_NEEDED, other)], len(at))


def _weights(judgement: Judgement, at: NDArray[np.intp]) -> dict[str, NDArray[np.int64]]:
    """Say by a number what each deciding criterion does for each parcel; 0 for nothing."""
    weights = {}
    for criterion in judgement.rulebook.criteria:
        if criterion.strength not in DECIDING:
            continue
        truth = judgement.truths[criterion.code][at]
        strength = DECIDING.index(criterion.strength)
        weight = np.where(truth == TRUE, 2 * strength + 1, 2 * strength + 2)
        weights[criterion.code] = np.where(truth == FALSE, 0, weight).astype(np.int64)
    return weights
