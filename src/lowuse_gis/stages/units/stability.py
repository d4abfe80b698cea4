"""How far units stay what they are when prices and limits are a little other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array

from lowuse_gis.core.joining import adapted, worth_a_search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Choice, Problem

LOW_USE = "minimum_low_use_share"
SHIFTED = ("border", "minimum_area", "maximum_area", LOW_USE)
DIGITS = 4
SHARE = 1.0  # no low-use share can be above


def stability(
    choice: Choice,
    pose: Callable[[Mapping[str, Any]], Problem],
    spec: Mapping[str, Any],
    *,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return how much of each unit remains when a threshold is a little lower or higher.

    Parameters
    ----------
    choice
        The units.
    pose
        Poses the problem that a ``units.toml`` describes.
    spec
        The one that the units were drawn with; its ``stability_shift`` says by which share.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Per unit the mean over all shifts of the Jaccard index (by area) with the unit that is most
        like it, when a search goes on from the units: 1 where nothing changes.
    """
    label, hard = choice.label, worth_a_search(choice.objective, choice.bound)
    count = int(label.max()) + 1 if len(label) else 0
    total = np.zeros(count)
    shift = spec["stability_shift"]
    shifts = [(key, factor) for key in SHIFTED for factor in (1 - shift, 1 + shift)]
    for key, factor in shifts:
        value = spec[key] * factor
        problem = pose({**spec, key: min(value, SHARE) if key == LOW_USE else value})
        other = adapted(problem, label, hard, threads=threads)
        total += likeness(label, other, problem.area, count)
    return (total / len(shifts)).round(DIGITS)


def likeness(
    label: NDArray[np.int64], other: NDArray[np.int64], area: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return the Jaccard index of each unit with the unit of another choice most like it.

    Parameters
    ----------
    label, other
        Unit of each node, -1 for none.
    area
        Of each node.
    count
        Units of the first choice.

    Returns
    -------
    ndarray of float
        0 where none of its land is in a unit.

    Examples
    --------
    >>> likeness(np.array([0, 0, 1]), np.array([0, -1, -1]), np.array([3, 1, 5]), 2).tolist()
    [0.75, 0.0]
    """
    size = int(other.max()) + 1 if len(other) else 0
    if not count or not size:
        return np.zeros(count)
    one = np.bincount(label[label >= 0], area[label >= 0], minlength=count)
    two = np.bincount(other[other >= 0], area[other >= 0], minlength=size)
    both = (label >= 0) & (other >= 0)
    shared = (
        coo_array((area[both].astype(float), (label[both], other[both])), shape=(count, size))
        .tocsr()
        .tocoo()
    )
    index = shared.data / (one[shared.row] + two[shared.col] - shared.data)
    best = np.zeros(count)
    np.maximum.at(best, shared.row, index)
    return best
