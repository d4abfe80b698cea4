"""How much of polygons a layer covers, where it overlaps itself too.

All functions take polygons of one plane coordinate system and give plane square metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.overlay import Overlaps, overlaps, self_overlaps

if TYPE_CHECKING:
    from numpy.typing import NDArray


def covered_area(
    subject: NDArray[np.object_],
    context: NDArray[np.object_],
    *,
    threads: int = 2,
    pairs: Overlaps | None = None,
) -> tuple[NDArray[np.float64], Overlaps, Overlaps]:
    """Return how much of each subject the context covers, counting no place twice.

    Parameters
    ----------
    subject, context
        Valid polygons.
    threads
        Threads for the intersections.
    pairs
        The overlaps of the two, where they are known already.

    Returns
    -------
    covered : ndarray of float
        Square metres, at most the subject's plane area.
    pairs : Overlaps
        Subject and context pairs, as they are.
    doubled : Overlaps
        Pairs of context polygons that overlap each other.
    """
    pairs = pairs or overlaps(subject, context, threads=threads)
    covered = np.bincount(pairs.subject, pairs.area, minlength=len(subject)).astype(float)
    used = np.zeros(len(context), dtype=bool)
    used[pairs.context] = True
    doubled = _among(used, context, threads)
    exact = _under_both(pairs, doubled)
    if len(exact):
        chosen = np.isin(pairs.subject, exact)
        group = np.searchsorted(exact, pairs.subject[chosen])
        merged = union_by_group(context[pairs.context[chosen]], group, threads=threads)
        covered[exact] = shapely.area(shapely.intersection(subject[exact], merged))
    return np.minimum(covered, shapely.area(subject)), pairs, doubled


def _among(used: NDArray[np.bool_], polygons: NDArray[np.object_], threads: int) -> Overlaps:
    """Find the pairs of polygons that are used and overlap."""
    if used.all():
        return self_overlaps(polygons, threads=threads)
    at = np.flatnonzero(used)
    found = self_overlaps(polygons[at], threads=threads)
    return Overlaps(at[found.subject], at[found.context], found.area)


def _under_both(pairs: Overlaps, doubled: Overlaps) -> NDArray[np.intp]:
    """List the subjects on which both of two overlapping context polygons lie.

    What lies elsewhere has no say in it, so that a part of a district gives what the whole does.
    """
    order = np.argsort(pairs.context, kind="stable")
    context, subject = pairs.context[order], pairs.subject[order]
    first = np.searchsorted(context, doubled.subject, side="left")
    count = np.searchsorted(context, doubled.subject, side="right") - first
    which = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    on = subject[first[which] + turn]
    width = int(max(pairs.context.max(initial=0), doubled.context.max(initial=0))) + 1
    known = pairs.subject * width + pairs.context  # sorted, as the pairs are
    sought = on * width + doubled.context[which]
    at = np.minimum(np.searchsorted(known, sought), max(len(known) - 1, 0))
    return np.unique(on[known[at] == sought]) if len(known) else on
