"""Pairs of segments near each other, of one set or of two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.topology.rings import segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Pairs = tuple[Whole, Whole]

RUN = 8  # segments to a box of the tree: fewer boxes, more segments to compare
AT_ONCE = 100_000  # boxes looked up at once


@dataclass(frozen=True)
class Runs:
    """Consecutive segments under common boxes.

    Attributes
    ----------
    low, high
        Corners of each segment's box, shape (n, 2).
    first
        First segment of each run, and the number of segments at the end.
    run_low, run_high
        Corners of each run's box.
    """

    low: Floats
    high: Floats
    first: Whole
    run_low: Floats
    run_high: Floats


def runs_of(start: Floats, end: Floats, grown: float = 0.0) -> Runs:
    """Put consecutive segments under common boxes.

    Parameters
    ----------
    start, end
        Ends of the segments; those that follow each other form runs.
    grown
        Metres by which to grow every box.

    Returns
    -------
    Runs
        Of at most RUN segments each.
    """
    count = len(start)
    breaks = np.ones(count, dtype=np.bool_)
    breaks[1:] = (start[1:] != end[:-1]).any(axis=1)
    since = np.arange(count) - np.maximum.accumulate(np.where(breaks, np.arange(count), 0))
    first = np.append(np.flatnonzero(since % RUN == 0), count)
    low, high = np.minimum(start, end) - grown, np.maximum(start, end) + grown
    if not count:
        return Runs(low, high, first, low, high)
    run_low = np.minimum.reduceat(low, first[:-1])
    return Runs(low, high, first, run_low, np.maximum.reduceat(high, first[:-1]))


def near_pairs(
    one: Runs, two: Runs | None, keep: Callable[[Whole, Whole], Pairs], threads: int = 2
) -> Pairs:
    """Find pairs of segments whose boxes meet.

    Parameters
    ----------
    one, two
        Segments; without `two`, pairs within `one`, each once and the lower number first.
    keep
        Given pairs whose boxes meet, returns those wanted; called on pieces, so that not all
        pairs need to be held.
    threads
        Threads to use.

    Returns
    -------
    first, second : ndarray of int
        Numbers of segments in `one` and in `two`.
    """
    other = one if two is None else two
    boxes, tree = _boxes(one), shapely.STRtree(_boxes(other))

    def piece(at: int) -> Pairs:
        a, b = tree.query(boxes[at : at + AT_ONCE])
        a = a + at
        if two is None:
            half = a <= b
            a, b = a[half], b[half]
        left, right = _segments(one, other, a, b)
        if two is None:
            half = left < right
            left, right = left[half], right[half]
        return keep(left, right)

    tree.query(boxes[:1])  # builds the tree before threads share it
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(piece, range(0, len(boxes), AT_ONCE)))
    if not found:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    first, second = (np.concatenate(side) for side in zip(*found, strict=True))
    return first, second


def _boxes(runs: Runs) -> NDArray[np.object_]:
    """Return a line per run that has the run's box: made faster than a rectangle."""
    return segments(runs.run_low, runs.run_high)


def _segments(one: Runs, two: Runs, a: Whole, b: Whole) -> Pairs:
    """Return the pairs of segments of pairs of runs whose boxes meet."""
    low = np.maximum(one.run_low[a], two.run_low[b])
    high = np.minimum(one.run_high[a], two.run_high[b])
    left, of_left = _within(one, a, low, high)
    right, of_right = _within(two, b, low, high)
    starts = np.searchsorted(of_right, np.arange(len(a) + 1))
    each = np.diff(starts)[of_left]
    first = np.repeat(np.arange(len(left)), each)
    second = starts[of_left[first]] + counted(each)
    left, right = left[first], right[second]
    meet = (one.low[left] <= two.high[right]).all(axis=1)
    meet &= (two.low[right] <= one.high[left]).all(axis=1)
    return left[meet], right[meet]


def _within(runs: Runs, which: Whole, low: Floats, high: Floats) -> Pairs:
    """Return the segments of runs that reach into a box each, and the number of the box."""
    each = runs.first[which + 1] - runs.first[which]
    box = np.repeat(np.arange(len(which)), each)
    segment = runs.first[which][box] + counted(each)
    inside = (runs.low[segment] <= high[box]).all(axis=1)
    inside &= (runs.high[segment] >= low[box]).all(axis=1)
    return segment[inside], box[inside]


def counted(each: Whole) -> Whole:
    """Count from 0 within groups of given sizes.

    Examples
    --------
    >>> counted(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    ends = np.cumsum(each)
    number: Whole = np.arange(ends[-1] if len(each) else 0) - np.repeat(ends - each, each)
    return number
