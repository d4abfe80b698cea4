"""What would settle an undetermined parcel, and in which direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.core.verdict import Tally, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.counterfactual import Reason


@dataclass(frozen=True)
class Option:
    """A criterion that is unknown, and what its outcome would do.

    Attributes
    ----------
    criterion, strength
        The criterion.
    if_met, if_unmet
        The verdict if this one alone became known to be met, or not met.
    """

    criterion: str
    strength: str
    if_met: str
    if_unmet: str


@dataclass(frozen=True)
class Settlement:
    """What the unknown criteria can still do.

    Attributes
    ----------
    strong, weak, exclusions
        The unknown criteria of each strength.
    weak_to_meet
        How many of the weak ones make it low-use; 0 where enough is met already, None where they
        cannot.
    weak_to_miss
        How many of the weak ones must not be met for not low-use, none of the strong ones being
        met either; None where it can no longer become not low-use.
    """

    strong: tuple[Option, ...]
    weak: tuple[Option, ...]
    exclusions: tuple[Option, ...]
    weak_to_meet: int | None
    weak_to_miss: int | None


def settle(reasons: Sequence[Reason], weak_needed: int | None) -> Settlement:
    """Say what would settle a parcel of known type.

    Parameters
    ----------
    reasons
        The criteria of its type and the exclusions.
    weak_needed
        Weak criteria needed; None where not known.

    Returns
    -------
    Settlement

    Examples
    --------
    >>> from lowuse_gis.core.counterfactual import Reason
    >>> tax = Reason("W", "weak", "tax < 5", None, (None,), (float("nan"),), (5.0,))
    >>> low = Reason("R", "weak", "ratio < 1", True, (True,), (0.5,), (1.0,))
    >>> found = settle([tax, low], 2)
    >>> found.weak[0].if_met, found.weak[0].if_unmet, found.weak_to_meet, found.weak_to_miss
    ('low_use', 'not_low_use', 1, 1)
    """

    def options(strength: str) -> tuple[Option, ...]:
        return tuple(
            Option(
                r.code,
                r.strength,
                verdict_with(reasons, weak_needed, {r.code: True}),
                verdict_with(reasons, weak_needed, {r.code: False}),
            )
            for r in reasons
            if r.strength == strength and r.truth is None
        )

    strong, weak = options("strong"), options("weak")
    met = sum(r.strength == "weak" and r.truth is True for r in reasons)
    sure = any(r.strength == "strong" and r.truth for r in reasons)
    lacking = None if weak_needed is None else max(weak_needed - met, 0)
    enough = sure or lacking == 0
    possible = lacking is not None and lacking <= len(weak)
    return Settlement(
        strong=strong,
        weak=weak,
        exclusions=options("exclusion"),
        weak_to_meet=0 if enough else (lacking if possible else None),
        weak_to_miss=None if enough or lacking is None else max(len(weak) - lacking + 1, 0),
    )


def verdict_with(
    reasons: Sequence[Reason], weak_needed: int | None, truths: Mapping[str, bool]
) -> str:
    """Give the verdict of one parcel with the outcome of some criteria replaced.

    Parameters
    ----------
    reasons, weak_needed
        As for `settle`.
    truths
        Criterion to outcome.

    Returns
    -------
    str
        By the formula of `judge`, for a type that is known and in scope.
    """

    def counted(strength: str, *, truth: bool | None) -> np.ndarray:
        mine = (truths.get(r.code, r.truth) for r in reasons if r.strength == strength)
        return np.array([sum(known is truth for known in mine)])

    tally = Tally(
        strong_met=counted("strong", truth=True),
        strong_unknown=counted("strong", truth=None),
        weak_met=counted("weak", truth=True),
        weak_unknown=counted("weak", truth=None),
        excluded=counted("exclusion", truth=True),
        exclusion_unknown=counted("exclusion", truth=None),
        weak_needed=np.array([np.nan if weak_needed is None else float(weak_needed)]),
    )
    one = np.array([True])
    verdict, _leaning = judge(
        tally,
        type_known=one,
        in_scope=one,
        small=counted("small", truth=True) > 0,
        small_unknown=counted("small", truth=None) > 0,
    )
    return str(verdict[0])
