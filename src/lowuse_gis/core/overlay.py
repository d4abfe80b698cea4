"""Areas of one layer on another, without building more geometry than needed.

All functions take polygons of one plane coordinate system and give plane square metres.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CHUNK = 20_000
SELF_OVERLAP = 0.01  # m²: less between two context features is rounding, not an overlap


@dataclass(frozen=True)
class Overlaps:
    """Pairs of a subject and a context polygon that share area.

    Attributes
    ----------
    subject, context
        Positions in the two layers, sorted by subject, then context.
    area
        Shared area of the pair, square metres, more than zero.
    """

    subject: NDArray[np.intp]
    context: NDArray[np.intp]
    area: NDArray[np.float64]


def in_threads(
    function: Callable[..., NDArray[Any]], *arrays: NDArray[Any], threads: int = 2
) -> NDArray[Any]:
    """Apply a vectorised function to chunks of arrays on several threads.

    Parameters
    ----------
    function
        Takes as many arrays as given, all of one length, and returns one; releases the GIL.
    *arrays
        What to cut into chunks.
    threads
        How many at once.

    Returns
    -------
    ndarray
        The chunks' results in order, so the answer does not depend on `threads`.
    """
    starts = range(0, len(arrays[0]), CHUNK)
    if len(starts) <= 1 or threads <= 1:
        return function(*arrays)
    with ThreadPoolExecutor(threads) as pool:
        cut = [[array[start : start + CHUNK] for array in arrays] for start in starts]
        return np.concatenate(list(pool.map(lambda part: function(*part), cut)))


def overlaps(
    subject: NDArray[np.object_], context: NDArray[np.object_], *, threads: int = 2
) -> Overlaps:
    """Find every subject and context polygon that share area, and how much.

    Parameters
    ----------
    subject, context
        Valid polygons; None is passed over.
    threads
        Threads for the intersections.

    Returns
    -------
    Overlaps
        Pairs that only touch are left out.
    """
    pairs = shapely.STRtree(context).query(subject, predicate="intersects")
    order = np.lexsort((pairs[1], pairs[0]))
    left, right = pairs[0][order], pairs[1][order]
    area = in_threads(_shared_area, subject[left], context[right], threads=threads)
    keep = area > 0
    return Overlaps(left[keep], right[keep], area[keep])


def _shared_area(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the shared area of each pair; a polygon inside the other needs no intersection."""
    shapely.prepare(b)
    inside = shapely.covers(b, a)
    area = np.where(inside, shapely.area(a), 0.0)
    rest = ~inside
    area[rest] = shapely.area(shapely.intersection(a[rest], b[rest]))
    return area


def self_overlaps(polygons: NDArray[np.object_], *, threads: int = 2) -> Overlaps:
    """Find the pairs of one layer that share area, each once.

    Parameters
    ----------
    polygons
        Valid polygons.
    threads
        Threads for the intersections.

    Returns
    -------
    Overlaps
        With ``subject < context``.
    """
    tree = shapely.STRtree(polygons)
    pairs = tree.query(polygons)
    pairs = pairs[:, pairs[0] < pairs[1]]
    order = np.lexsort((pairs[1], pairs[0]))
    left, right = pairs[0][order], pairs[1][order]
    meet = in_threads(_interiors_meet, polygons[left], polygons[right], threads=threads)
    left, right = left[meet], right[meet]
    area = in_threads(_shared_area, polygons[left], polygons[right], threads=threads)
    keep = area > SELF_OVERLAP
    return Overlaps(left[keep], right[keep], area[keep])


def _interiors_meet(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.bool_]:
    shapely.prepare(a)
    return shapely.intersects(a, b) & ~shapely.touches(a, b)


def covered_area(
    subject: NDArray[np.object_], context: NDArray[np.object_], *, threads: int = 2
) -> tuple[NDArray[np.float64], Overlaps, Overlaps]:
    """Return how much of each subject the context covers, counting no place twice.

    Parameters
    ----------
    subject, context
        Valid polygons.
    threads
        Threads for the intersections.

    Returns
    -------
    covered : ndarray of float
        Square metres, at most the subject's plane area.
    pairs : Overlaps
        Subject and context pairs, as they are.
    doubled : Overlaps
        Pairs of context polygons that overlap each other.
    """
    pairs = overlaps(subject, context, threads=threads)
    covered = np.bincount(pairs.subject, pairs.area, minlength=len(subject))
    used = np.unique(pairs.context)
    doubled = self_overlaps(context[used], threads=threads)
    doubled = Overlaps(used[doubled.subject], used[doubled.context], doubled.area)
    twice = np.isin(pairs.context, np.union1d(doubled.subject, doubled.context))
    exact = np.unique(pairs.subject[twice])
    if len(exact):
        chosen = np.isin(pairs.subject, exact)
        group = np.searchsorted(exact, pairs.subject[chosen])
        merged = union_by_group(context[pairs.context[chosen]], group)
        covered[exact] = shapely.area(shapely.intersection(subject[exact], merged))
    return np.minimum(covered, shapely.area(subject)), pairs, doubled


def union_by_group(polygons: NDArray[np.object_], group: NDArray[np.intp]) -> NDArray[np.object_]:
    """Unite the polygons of each group.

    Parameters
    ----------
    polygons
        Valid polygons.
    group
        Group number of each, sorted, from 0 without gaps.

    Returns
    -------
    ndarray of geometry
        One per group.
    """
    collections: Any = shapely.geometrycollections(polygons, indices=group)
    united: Any = shapely.union_all(collections[:, None], axis=1)
    return united
