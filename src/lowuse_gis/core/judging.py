"""Verdicts for a table of measured parcels: thresholds, criteria, formula."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core import verdict as formula
from lowuse_gis.core.conditions import Condition, parsed_criteria
from lowuse_gis.core.evaluation import FALSE, TRUE, UNKNOWN, Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds, threshold_labels, unknown_selectors
from lowuse_gis.core.weighing import DEDUCTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Criterion, Rulebook

    Truths = Mapping[str, NDArray[np.int8]]
    Masks = Mapping[str, NDArray[np.bool_]]

OTHER = "other"
WEAK_NEEDED = "weak_needed"
SELECTED_BY = {"town": "town_code", "zone": "zone", "industry": "industry_code"}
DECIDING = ("small", "exclusion", "strong", "weak")
NEEDED = ("land_type", "area", *SELECTED_BY.values(), *DEDUCTED)


@dataclass(frozen=True)
class Judgement:
    """Measured parcels and what the rules make of them.

    Attributes
    ----------
    parcels, rulebook
        What was judged, and by what.
    conditions
        The parsed criteria by code.
    thresholds
        The threshold rows in force.
    values, chosen
        Per parcel and threshold the value, and the position of its row in `thresholds`.
    evaluator
        Over the parcels.
    masks
        The parcels of each type; empty text for all.
    truths
        Per criterion `TRUE`, `FALSE` or `UNKNOWN` for every parcel; false where the parcel is of
        another type.
    tally, verdict, leaning
        What they add up to.
    """

    parcels: pd.DataFrame
    rulebook: Rulebook
    conditions: Mapping[str, Condition]
    thresholds: pd.DataFrame
    values: pd.DataFrame
    chosen: pd.DataFrame
    evaluator: Evaluator
    masks: Masks
    truths: Truths
    tally: formula.Tally
    verdict: NDArray[np.object_]
    leaning: NDArray[np.bool_]

    @cached_property
    def unknown_selectors(self) -> Mapping[str, Mapping[str, NDArray[np.bool_]]]:
        """Per threshold, the columns whose absence leaves it unknown, parcel by parcel."""
        selectors = self.parcels[list(SELECTED_BY.values())].set_axis(list(SELECTED_BY), axis=1)
        found = unknown_selectors(self.thresholds, self.values, selectors)
        return {
            name: {SELECTED_BY[selector]: mark for selector, mark in marks.items()}
            for name, marks in found.items()
        }

    @cached_property
    def threshold_labels(self) -> NDArray[np.object_]:
        """The names of the threshold rows, and an empty one for none."""
        return np.append(threshold_labels(self.thresholds), "")

    def applies(self, criterion: Criterion) -> NDArray[np.bool_]:
        """Say to which parcels a criterion is put: those of its type, or all."""
        return self.masks[criterion.land_type]


def type_masks(land_type: pd.Series, criteria: Sequence[Criterion]) -> Masks:
    """Say which parcels are of each type that criteria name.

    Parameters
    ----------
    land_type, criteria
        The parcels' types, and the rules.

    Returns
    -------
    mapping
        Type to a mark for each parcel; empty text, of all types, to all of them.
    """
    codes, names = pd.factorize(land_type)
    masks = {
        kind: codes == (names.get_loc(kind) if kind in names else len(names))
        for kind in {criterion.land_type for criterion in criteria} - {""}
    }
    return {"": np.ones(len(land_type), dtype=bool), **masks}


def outcomes(
    criteria: Sequence[Criterion], masks: Masks, found: Sequence[NDArray[np.int8]]
) -> Truths:
    """Let criteria be false where they are not put to a parcel.

    Parameters
    ----------
    criteria, masks, found
        The rules, the parcels of each type, and the outcomes over all parcels.

    Returns
    -------
    mapping
        Code to outcomes.
    """
    return {
        c.code: np.where(masks[c.land_type], truth, np.int8(FALSE)) if c.land_type else truth
        for c, truth in zip(criteria, found, strict=True)
    }


def judgement_of(
    parcels: pd.DataFrame, rulebook: Rulebook, thresholds: pd.DataFrame | None = None
) -> Judgement:
    """Judge a table of measured parcels.

    Parameters
    ----------
    parcels
        Without geometry: the columns that the criteria read, and `NEEDED`.
    rulebook
        The rules.
    thresholds
        Rows that stand in for those of the rulebook.

    Returns
    -------
    Judgement

    Raises
    ------
    RuleError
        Where a criterion is wrong.
    """
    rows = rulebook.thresholds if thresholds is None else thresholds
    conditions = parsed_criteria(rulebook)
    names = sorted({n for c in conditions.values() for n in c.thresholds} | {WEAK_NEEDED})
    selectors = parcels[list(SELECTED_BY.values())].set_axis(list(SELECTED_BY), axis=1)
    values, chosen = resolve_thresholds(rows, names, selectors)
    evaluator = Evaluator(parcels, values)
    found = evaluator.truths([conditions[c.code] for c in rulebook.criteria])
    masks = type_masks(parcels["land_type"], rulebook.criteria)
    truths = outcomes(rulebook.criteria, masks, found)
    tally = tallied(rulebook.criteria, truths, values[WEAK_NEEDED].to_numpy())
    verdict, leaning = decided(rulebook.criteria, truths, tally, parcels["land_type"])
    return Judgement(
        parcels, rulebook, conditions, rows, values, chosen, evaluator, masks, truths, tally,
        verdict, leaning,
    )  # fmt: skip


def tallied(
    criteria: Sequence[Criterion], truths: Truths, weak_needed: NDArray[np.float64]
) -> formula.Tally:
    """Count the criteria of each strength that are met and unknown.

    Parameters
    ----------
    criteria, truths, weak_needed
        The rules, their outcomes, and the weak ones needed, parcel by parcel.

    Returns
    -------
    Tally
    """
    counts = {}
    for strength in ("strong", "weak", "exclusion"):
        mine = [truths[c.code] for c in criteria if c.strength == strength]
        for name, truth in (("met", TRUE), ("unknown", UNKNOWN)):
            count = np.zeros(len(weak_needed), dtype=np.int64)
            for found in mine:
                count += found == truth
            counts[strength, name] = count
    return formula.Tally(
        strong_met=counts["strong", "met"],
        strong_unknown=counts["strong", "unknown"],
        weak_met=counts["weak", "met"],
        weak_unknown=counts["weak", "unknown"],
        excluded=counts["exclusion", "met"],
        exclusion_unknown=counts["exclusion", "unknown"],
        weak_needed=weak_needed,
    )


def decided(
    criteria: Sequence[Criterion], truths: Truths, tally: formula.Tally, land_type: pd.Series
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Give the verdicts that outcomes add up to.

    Parameters
    ----------
    criteria, truths, tally
        The rules, their outcomes, and these counted.
    land_type
        The parcels' types.

    Returns
    -------
    verdict : ndarray of object
    leaning : ndarray of bool
    """
    small, small_unknown = (np.zeros(len(land_type), dtype=bool) for _truth in (TRUE, UNKNOWN))
    for criterion in criteria:
        if criterion.strength == "small":
            small |= truths[criterion.code] == TRUE
            small_unknown |= truths[criterion.code] == UNKNOWN
    type_known, in_scope = scope(land_type)
    return formula.judge(
        tally,
        type_known=type_known,
        in_scope=in_scope,
        small=small,
        small_unknown=small_unknown & ~small,
    )


def scope(land_type: pd.Series) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of which parcels the type is known, and which are of one of the five.

    Parameters
    ----------
    land_type
        The parcels' types.

    Returns
    -------
    known, in_scope : ndarray of bool
    """
    known = land_type.notna().to_numpy()
    other = (land_type == OTHER).fillna(value=False).to_numpy(dtype=bool)
    return known, known & ~other
