"""Judge measured parcels again with thresholds moved, and weigh what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.judging import WEAK_NEEDED
from lowuse_gis.core.sweeping import (
    Swing,
    Target,
    all_targets,
    swings,
    uses_row,
)
from lowuse_gis.core.threshold_steps import in_whole_numbers, step_of
from lowuse_gis.core.thresholds import GENERAL
from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED
from lowuse_gis.core.weighing import net_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lowuse_gis.core.judging import Judgement

SHARE = 0.2
SHIFTS = (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0)  # of that share; the small ones tell who flips first
TOTALS = ("low_use", "low_use_area", "leaning", "leaning_area", "undetermined", "undetermined_area")
FLIPS = ("row", "parcel_code", "town_name", "land_type", "area", "verdict", "would_be",
         "threshold", "present", "at", "distance")  # fmt: skip
DIGITS = 10  # values of thresholds, without the dust of floating point


@dataclass(frozen=True)
class Swept:
    """A threshold swept over values.

    Attributes
    ----------
    target
        The threshold row.
    by_value
        Per value: whether it is the present one; parcels and m² that are low-use, leaning and
        undetermined; the change of low-use against the present; parcels whose verdict is another.
    least, greatest
        The ends of the values asked for.
    by_type, by_town
        Low-use parcels and m² at the least, the present and the greatest value.
    used, special, unknown
        Parcels of the criteria that read it: that this row is used for, another row, or not known
        which.
    flips
        Parcels whose verdict flips, at the value nearest to the present one; the nearest first,
        then the largest.
    """

    target: Target
    least: float
    greatest: float
    by_value: pd.DataFrame
    by_type: pd.DataFrame
    by_town: pd.DataFrame
    used: int
    special: int
    unknown: int
    flips: pd.DataFrame


def sweep(judgement: Judgement, target: Target, values: Sequence[float]) -> Swept:
    """Sweep one threshold, the others left at their value.

    Parameters
    ----------
    judgement
        The parcels as they are judged now.
    target, values
        The row to move, and where to; the present value is added where it is not among them.

    Returns
    -------
    Swept
    """
    wanted = sorted({*values, target.present})
    moved = [value for value in wanted if value != target.present]
    found = {swing.value: swing for swing in swings(judgement, target, moved)}
    found[target.present] = _still(target.present)
    ordered = [found[value] for value in wanted]
    ends = (found[min(values)], found[target.present], found[max(values)])
    used, special, unknown = _rows_used(judgement, target)
    return Swept(
        target=target,
        least=min(values),
        greatest=max(values),
        by_value=_values_table(judgement, ordered, target),
        by_type=_by(judgement, ends, ["land_type"]),
        by_town=_by(judgement, ends, ["town_code", "town_name"]),
        used=used,
        special=special,
        unknown=unknown,
        flips=_flips(judgement, ordered, target),
    )


def rank(judgement: Judgement) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Move every threshold that is read by a fifth, down and up, one at a time.

    Parameters
    ----------
    judgement
        The parcels as they are judged now.

    Returns
    -------
    ranking : DataFrame
        Per threshold: its values, the change of the low-use area (m²) and of the low-use parcels,
        and the parcels whose verdict is another, both ways; what moves most first.
    flips : DataFrame
        As in `Swept`, for all thresholds.
    """
    lines, flips = [], []
    for target in all_targets(judgement.rulebook, judgement.conditions):
        moved = _shifted(judgement, target)
        found = list(swings(judgement, target, moved)) if target.decides and moved else []
        table = _values_table(judgement, [_still(target.present), *found], target)
        by_value = table.set_index("value")
        line = {"threshold": target.label, "unit": target.unit, "present": target.present,
                "criteria": ";".join(target.criteria), "decides": target.decides}  # fmt: skip
        for side, value in (("lower", min), ("higher", max)):
            at = value(moved, default=target.present)
            seen = by_value.loc[at] if at in by_value.index else by_value.loc[target.present]
            line |= {side: at, f"{side}_change": seen["change"], f"{side}_moved": seen["moved"],
                     f"{side}_change_area": seen["change_area"]}  # fmt: skip
        lines.append(line)
        flips.append(_flips(judgement, found, target))
    ranking = pd.DataFrame(lines)
    ranking["weight"] = ranking["lower_change_area"].abs() + ranking["higher_change_area"].abs()
    ranking["parcels"] = ranking["lower_moved"] + ranking["higher_moved"]
    order = ["weight", "parcels", "threshold"]
    ranking = ranking.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return ranking.drop(columns=["weight", "parcels"]), in_order(flips)


def in_order(flips: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the flips of several thresholds in one order: the nearest first, then the largest.

    Parameters
    ----------
    flips
        As in `Swept`.

    Returns
    -------
    DataFrame
    """
    filled = [table for table in flips if len(table)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in FLIPS})
    order = ["distance", "area", "row", "threshold"]
    return pd.concat(filled).sort_values(
        order, ascending=[True, False, True, True], ignore_index=True
    )


def _shifted(judgement: Judgement, target: Target) -> list[float]:
    """Return values up to one step below and above the present one."""
    step, whole = _step(judgement, target)
    digits = 0 if whole else DIGITS
    values = {round(target.present + shift * step, digits) for shift in SHIFTS}
    return sorted(values - {target.present})


def _step(judgement: Judgement, target: Target) -> tuple[float, bool]:
    """Return by how much a threshold is moved: a fifth, and whether in whole numbers.

    What is compared with whole numbers, and the number of weak criteria, moves by one at least.
    Where a fifth would pass everything that is measured, as for a year, it is a fifth of the span
    of what is measured.
    """
    step, whole = step_of(judgement, target, SHARE), in_whole_numbers(judgement, target)
    spanned = target.name == WEAK_NEEDED or step != SHARE * abs(target.present)
    if whole and (spanned or step < 1):
        return max(step, 1.0), True
    return step, False


def _still(value: float) -> Swing:
    none = np.empty(0, dtype=np.intp)
    return Swing(value, none, np.empty(0, dtype=object), np.empty(0, dtype=bool))


def _weighed(
    verdict: NDArray[np.object_], leaning: NDArray[np.bool_], net: NDArray[np.float64]
) -> NDArray[np.float64]:
    marks = (verdict == LOW_USE, leaning, verdict == UNDETERMINED)
    return np.array([total for mark in marks for total in (mark.sum(), net[mark].sum())], float)


def _values_table(judgement: Judgement, found: Sequence[Swing], target: Target) -> pd.DataFrame:
    """Weigh every value by what it changes against the present."""
    net = net_area(judgement.parcels)
    present = _weighed(judgement.verdict, judgement.leaning, net)
    lines = []
    for swing in found:
        rows = swing.rows
        was = _weighed(judgement.verdict[rows], judgement.leaning[rows], net[rows])
        totals = present - was + _weighed(swing.verdict, swing.leaning, net[rows])
        moved = int((swing.verdict != judgement.verdict[rows]).sum())
        lines.append((swing.value, swing.value == target.present, *totals, moved))
    table = pd.DataFrame(lines, columns=["value", "present", *TOTALS, "moved"])
    counts = [name for name in TOTALS if not name.endswith("_area")]
    areas = [name for name in TOTALS if name.endswith("_area")]
    table[counts] = table[counts].astype(int)
    table[areas] = table[areas].round(2) + 0.0
    table["change"] = table["low_use"] - int(present[0])
    table["change_area"] = (table["low_use_area"] - present[1]).round(2) + 0.0
    return table


def _by(judgement: Judgement, ends: Sequence[Swing], keys: list[str]) -> pd.DataFrame:
    """Sum low-use land by keys at the least, the present and the greatest value."""
    net = net_area(judgement.parcels)
    table = judgement.parcels[keys].astype(object).fillna("")
    sums = []
    for which, swing in zip(("least", "present", "greatest"), ends, strict=True):
        verdict = judgement.verdict.copy()
        verdict[swing.rows] = swing.verdict
        low = verdict == LOW_USE
        table[which], table[f"{which}_area"] = low.astype(int), np.where(low, net, 0.0)
        sums += [which, f"{which}_area"]
    grouped = table.groupby(keys, as_index=False)[sums].sum()
    areas = [name for name in sums if name.endswith("_area")]
    grouped[areas] = grouped[areas].round(2)
    return grouped[(grouped[sums] != 0).any(axis=1)].reset_index(drop=True)


def _rows_used(judgement: Judgement, target: Target) -> tuple[int, int, int]:
    """Count the parcels that the row, another row or no known row is used for."""
    criteria = [c for c in judgement.rulebook.criteria if c.code in target.criteria]
    concerned = np.full(len(judgement.parcels), target.name == WEAK_NEEDED)
    for criterion in criteria:
        concerned |= judgement.applies(criterion)
    own = uses_row(judgement, target)
    unknown = judgement.chosen[target.name].to_numpy() == GENERAL
    counts = (own, ~own & ~unknown, unknown)
    used, special, open_ = (int((concerned & mark).sum()) for mark in counts)
    return used, special, open_


def _flips(judgement: Judgement, found: Sequence[Swing], target: Target) -> pd.DataFrame:
    """List each parcel whose verdict flips, at the value nearest to the present one."""
    scale = _step(judgement, target)[0] / SHARE or 1.0
    parts = [
        pd.DataFrame(
            {
                "position": swing.rows,
                "would_be": swing.verdict,
                "at": swing.value,
                "distance": abs(swing.value - target.present) / scale,
            }
        )
        for swing in found
        if len(swing.rows)
    ]
    if not parts:
        return in_order([])
    lines = pd.concat(parts, ignore_index=True)
    lines = lines[lines["would_be"] != judgement.verdict[lines["position"]]]
    lines = lines.sort_values(["distance", "at"], kind="stable").drop_duplicates("position")
    at = lines["position"].to_numpy()
    parcels = judgement.parcels.iloc[at]
    known = ["parcel_code", "town_name", "land_type", "area"]
    table = parcels[known].rename_axis("row").reset_index().assign(
        verdict=judgement.verdict[at],
        threshold=target.label,
        present=target.present,
        **{name: lines[name].to_numpy() for name in ("would_be", "at", "distance")},
    )  # fmt: skip
    return in_order([table[list(FLIPS)]])
