"""A threshold moved over values: which verdicts would be others at each."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.core.judging import DECIDING, WEAK_NEEDED, decided, outcomes, tallied
from lowuse_gis.core.thresholds import threshold_labels
from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.judging import Judgement
    from lowuse_gis.model import Criterion, Rulebook


@dataclass(frozen=True)
class Target:
    """The threshold row that is moved.

    Attributes
    ----------
    name, label
        Of the threshold, and of the row with its selectors.
    row
        Its position among the threshold rows.
    present
        Its value now.
    unit
        As the rules say.
    criteria
        Codes of the criteria that read it.
    decides
        Whether any of these, or the formula itself, decides verdicts; flags do not.
    """

    name: str
    label: str
    row: int
    present: float
    unit: str
    criteria: tuple[str, ...]
    decides: bool


@dataclass(frozen=True)
class Swing:
    """What one value of a threshold would change.

    Attributes
    ----------
    value
        Of the threshold.
    rows
        Positions of the parcels whose verdict or leaning would be another.
    verdict, leaning
        What these would be.
    """

    value: float
    rows: NDArray[np.intp]
    verdict: NDArray[np.object_]
    leaning: NDArray[np.bool_]


def target_of(label: str, rulebook: Rulebook, conditions: Mapping[str, Condition]) -> Target:
    """Find the threshold row that a name means.

    Parameters
    ----------
    label
        A threshold, for its row without selectors; or a row with its selectors.
    rulebook, conditions
        The rules, and their parsed criteria.

    Returns
    -------
    Target

    Raises
    ------
    InputError
        Where there is none, or nothing reads it.
    """
    rows, labels = rulebook.thresholds, threshold_labels(rulebook.thresholds).tolist()
    name = label.partition("[")[0]
    if name not in set(rows["name"]):
        raise _unknown(label, sorted(set(rows["name"])))
    own = [known for known in labels if known.partition("[")[0] == name]
    if label not in own:
        raise _unknown(label, own)
    readers = [c for c in rulebook.criteria if name in conditions[c.code].thresholds]
    if not readers and name != WEAK_NEEDED:
        raise InputError(
            _("no criterion reads the threshold {name}").format(name=name),
            _("thresholds that criteria read: {names}").format(
                names=", ".join(read_names(conditions))
            ),
        )
    return _target(labels.index(label), label, rulebook, readers)


def _unknown(label: str, known: Collection[str]) -> InputError:
    near = difflib.get_close_matches(label, known, n=3, cutoff=0.3) or list(known)
    return InputError(
        _("unknown threshold {name}").format(name=label),
        _("nearest known names: {names}").format(names=", ".join(near)),
    )


def _target(position: int, label: str, rulebook: Rulebook, readers: Sequence[Criterion]) -> Target:
    row = rulebook.thresholds.iloc[position]
    decides = row["name"] == WEAK_NEEDED or any(c.strength in DECIDING for c in readers)
    return Target(
        name=row["name"],
        label=label,
        row=position,
        present=float(row["value"]),
        unit=row["unit"],
        criteria=tuple(c.code for c in readers),
        decides=decides,
    )


def read_names(conditions: Mapping[str, Condition]) -> list[str]:
    """Return the thresholds that criteria or the formula read, sorted.

    Parameters
    ----------
    conditions
        The parsed criteria.

    Returns
    -------
    list of str
    """
    return sorted({n for c in conditions.values() for n in c.thresholds} | {WEAK_NEEDED})


def all_targets(rulebook: Rulebook, conditions: Mapping[str, Condition]) -> list[Target]:
    """Return a target for every threshold that is read.

    Parameters
    ----------
    rulebook, conditions
        The rules, and their parsed criteria.

    Returns
    -------
    list of Target
        The row without selectors; where there is none, every row.
    """
    labels = threshold_labels(rulebook.thresholds).tolist()
    targets = []
    for name in read_names(conditions):
        own = [label for label in labels if label.partition("[")[0] == name]
        general = [label for label in own if label == name]
        targets += [target_of(label, rulebook, conditions) for label in general or own]
    return targets


def swings(judgement: Judgement, target: Target, values: Sequence[float]) -> Iterator[Swing]:
    """Judge again at every value, evaluating only the criteria that read the threshold.

    Parameters
    ----------
    judgement
        The parcels as they are judged now.
    target, values
        The row to move, and where to.

    Yields
    ------
    Swing
        In the order of the values. Parcels that another row of the threshold fits stay.
    """
    criteria = judgement.rulebook.criteria
    readers = [c for c in criteria if c.code in target.criteria]
    conditions = [judgement.conditions[c.code] for c in readers]
    uses = uses_row(judgement, target)
    own = judgement.values[target.name].to_numpy()
    needed = judgement.values[WEAK_NEEDED].to_numpy()
    for value in values:
        column = np.where(uses, value, own)
        found = judgement.evaluator.truths(conditions, {target.name: column}) if readers else []
        truths = outcomes(readers, judgement.masks, found)
        moved = uses & (target.name == WEAK_NEEDED)
        for code, truth in truths.items():
            moved |= truth != judgement.truths[code]
        weak_needed = column if target.name == WEAK_NEEDED else needed
        yield _swing(judgement, value, np.flatnonzero(moved), truths, weak_needed)


def uses_row(judgement: Judgement, target: Target) -> NDArray[np.bool_]:
    """Say which parcels a threshold row is used for.

    Parameters
    ----------
    judgement, target
        The parcels, and the row.

    Returns
    -------
    ndarray of bool
    """
    used: NDArray[np.bool_] = judgement.chosen[target.name].to_numpy() == target.row
    return used


def _swing(
    judgement: Judgement,
    value: float,
    rows: NDArray[np.intp],
    truths: Mapping[str, NDArray[np.int8]],
    weak_needed: NDArray[np.float64],
) -> Swing:
    """Apply the formula to the parcels for which a criterion comes out otherwise."""
    criteria = judgement.rulebook.criteria
    part = {c.code: truths.get(c.code, judgement.truths[c.code])[rows] for c in criteria}
    tally = tallied(criteria, part, weak_needed[rows])
    land_type = judgement.parcels["land_type"].iloc[rows]
    verdict, leaning = decided(criteria, part, tally, land_type)
    other = (verdict != judgement.verdict[rows]) | (leaning != judgement.leaning[rows])
    return Swing(value, rows[other], verdict[other], leaning[other])
