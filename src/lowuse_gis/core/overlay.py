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
SMALL = 200  # vertices: below, preparing a polygon costs more than it saves
SELF_OVERLAP = 1e-5  # m²: less between two features is rounding of coordinates, not an overlap


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
    function: Callable[..., NDArray[Any]],
    *arrays: NDArray[Any],
    threads: int = 2,
    together: NDArray[np.intp] | None = None,
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
    together
        Sorted labels; what bears the same one stays in one chunk. A prepared geometry builds its
        index while it is used, so two threads must never use the same one.

    Returns
    -------
    ndarray
        The chunks' results in order, so the answer does not depend on `threads`.
    """
    cuts = np.arange(CHUNK, len(arrays[0]), CHUNK)
    if together is not None and len(cuts):
        cuts = np.unique(np.searchsorted(together, together[cuts]))
        cuts = cuts[cuts > 0]
    if not len(cuts) or threads <= 1:
        return function(*arrays)
    pieces = zip(*(np.split(array, cuts) for array in arrays), strict=True)
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(lambda piece: function(*piece), pieces)))


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
    pairs = shapely.STRtree(context).query(subject)
    order = np.lexsort((pairs[1], pairs[0]))
    left, right = pairs[0][order], pairs[1][order]
    area = shared_areas(subject, context, left, right, threads=threads)
    keep = area > 0
    return Overlaps(left[keep], right[keep], area[keep])


def shared_areas(
    subject: NDArray[np.object_],
    context: NDArray[np.object_],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    *,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return the shared area of given pairs.

    Parameters
    ----------
    subject, context
        Valid polygons.
    left, right
        Positions of the pairs in the two.
    threads
        Threads for the intersections.

    Returns
    -------
    ndarray of float
        Square metres, in the order of the pairs.
    """
    order = np.argsort(right, kind="stable")
    pairs = subject[left[order]], context[right[order]]
    area = np.empty(len(left))
    area[order] = in_threads(_shared_area, *pairs, threads=threads, together=right[order])
    return area


def _shared_area(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the shared area of each pair; a polygon inside the other needs no intersection."""
    shapely.prepare(b)
    apart, inside = ~shapely.intersects(b, a), shapely.covers(b, a)
    shapely.destroy_prepared(b)
    area = np.where(inside, shapely.area(a), 0.0)
    around = ~apart & ~inside & _boxes_within(b, a)
    around[around] = shapely.covers(a[around], b[around])
    area[around] = shapely.area(b[around])
    rest = ~apart & ~inside & ~around
    area[rest] = shapely.area(shapely.intersection(a[rest], b[rest]))
    return area


def _boxes_within(inner: NDArray[np.object_], outer: NDArray[np.object_]) -> NDArray[np.bool_]:
    a, b = shapely.bounds(inner), shapely.bounds(outer)
    within: NDArray[np.bool_] = np.all(a[:, :2] >= b[:, :2], axis=1)
    return within & np.all(a[:, 2:] <= b[:, 2:], axis=1)


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
    both = polygons[left], polygons[right]
    meet = in_threads(interiors_meet, *both, threads=threads, together=left)
    left, right = left[meet], right[meet]
    area = shared_areas(polygons, polygons, left, right, threads=threads)
    keep = area > SELF_OVERLAP
    return Overlaps(left[keep], right[keep], area[keep])


def interiors_meet(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which pairs share area, not only boundary.

    Parameters
    ----------
    a, b
        Valid polygons. Large ones of `a` are prepared, so each must be used by one thread only.

    Returns
    -------
    ndarray of bool
        For small polygons one relation is found faster than an index of their edges is built.
    """
    meet = np.zeros(len(a), dtype=np.bool_)
    large = shapely.get_num_coordinates(a) > SMALL
    one, other = a[large], b[large]
    shapely.prepare(one)
    meet[large] = shapely.intersects(one, other) & ~shapely.touches(one, other)
    shapely.destroy_prepared(one)
    meet[~large] = shapely.relate_pattern(a[~large], b[~large], "T********")
    return meet


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
    used = np.unique(pairs.context)
    doubled = self_overlaps(context[used], threads=threads)
    doubled = Overlaps(used[doubled.subject], used[doubled.context], doubled.area)
    twice = np.isin(pairs.context, np.union1d(doubled.subject, doubled.context))
    exact = np.unique(pairs.subject[twice])
    if len(exact):
        chosen = np.isin(pairs.subject, exact)
        group = np.searchsorted(exact, pairs.subject[chosen])
        merged = union_by_group(context[pairs.context[chosen]], group, threads=threads)
        covered[exact] = shapely.area(shapely.intersection(subject[exact], merged))
    return np.minimum(covered, shapely.area(subject)), pairs, doubled


def union_by_group(
    polygons: NDArray[np.object_], group: NDArray[np.intp], *, threads: int = 2
) -> NDArray[np.object_]:
    """Unite the polygons of each group.

    Parameters
    ----------
    polygons
        Valid polygons.
    group
        Group number of each, sorted, from 0 without gaps.
    threads
        Threads for the unions.

    Returns
    -------
    ndarray of geometry
        One per group.
    """
    collections: Any = shapely.geometrycollections(polygons, indices=group)
    return in_threads(_united, collections, threads=threads)


def _united(collections: NDArray[np.object_]) -> NDArray[np.object_]:
    united: Any = shapely.union_all(collections[:, None], axis=1)
    return united
