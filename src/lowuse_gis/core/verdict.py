"""The verdict formula: what strong, weak and excluding criteria add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW_USE = "low_use"
NOT_LOW_USE = "not_low_use"
UNDETERMINED = "undetermined"
EXCLUDED = "excluded"
TOO_SMALL = "too_small"
VERDICTS = (LOW_USE, UNDETERMINED, NOT_LOW_USE, EXCLUDED, TOO_SMALL)


@dataclass(frozen=True)
class Tally:
    """How many criteria of each strength are met, and how many are unknown, per parcel.

    Attributes
    ----------
    strong_met, strong_unknown, weak_met, weak_unknown
        Counts of the criteria of the parcel's own type.
    excluded, exclusion_unknown
        Counts of the exclusions.
    weak_needed
        Weak criteria that make a parcel low-use; NaN where the threshold is not known.
    """

    strong_met: NDArray[np.int64]
    strong_unknown: NDArray[np.int64]
    weak_met: NDArray[np.int64]
    weak_unknown: NDArray[np.int64]
    excluded: NDArray[np.int64]
    exclusion_unknown: NDArray[np.int64]
    weak_needed: NDArray[np.float64]


def judge(
    tally: Tally,
    *,
    type_known: NDArray[np.bool_],
    in_scope: NDArray[np.bool_],
    small: NDArray[np.bool_],
    small_unknown: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Give each parcel its verdict.

    Parameters
    ----------
    tally
        Criteria met and unknown.
    type_known
        Whether the land type is known, or known to be none of the five.
    in_scope
        Whether the land type is one of the five.
    small
        Whether the parcel is below the minimum area.
    small_unknown
        Whether that is not known, for want of its area; known everywhere where None.

    Returns
    -------
    verdict : ndarray of object
        ``too_small`` before ``excluded``: an exclusion that is true, or a type known to be none of
        the five. ``low_use``: a strong criterion met, or enough weak ones, and every exclusion
        known false. ``not_low_use``: no strong one met or unknown, and weak ones met or unknown
        too few. Else, or where it might be too small, ``undetermined``.
    leaning : ndarray of bool
        Undetermined where the criteria are met and only exclusions, or the area, are unknown.
    """
    enough = tally.weak_needed
    met = (tally.strong_met > 0) | (tally.weak_met >= enough)
    weak_possible = ~(tally.weak_met + tally.weak_unknown < enough)
    cannot = (tally.strong_met == 0) & (tally.strong_unknown == 0) & ~weak_possible
    candidate = type_known & in_scope
    sized = True if small_unknown is None else ~small_unknown
    clear = (tally.excluded == 0) & (tally.exclusion_unknown == 0)
    out = (tally.excluded > 0) | (type_known & ~in_scope)
    verdict = np.select(
        [small, out, candidate & met & clear & sized, candidate & cannot & sized],
        [TOO_SMALL, EXCLUDED, LOW_USE, NOT_LOW_USE],
        UNDETERMINED,
    ).astype(object)
    return verdict, (verdict == UNDETERMINED) & candidate & met
