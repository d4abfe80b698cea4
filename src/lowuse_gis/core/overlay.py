"""Areas of one layer on another, without building more geometry than needed.

All functions take polygons of one plane coordinate system and give plane square metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.apart import apart
from lowuse_gis.kernels.compiled import SMALL as FEW
from lowuse_gis.kernels.compiled import wanted
from lowuse_gis.kernels.origin import origin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL = 200  # vertices: below, preparing a polygon costs more than it saves
NOISE = 1e-6  # m²: a pair that shares less only touches; the rounding of coordinates makes as much
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


def overlaps(
    subject: NDArray[np.object_],
    context: NDArray[np.object_],
    *,
    threads: int = 2,
    compiled_from: int = FEW,
) -> Overlaps:
    """Find every subject and context polygon that share area, and how much.

    Parameters
    ----------
    subject, context
        Valid polygons; None is passed over.
    threads
        Threads for the intersections.
    compiled_from
        How many polygons compiled loops begin with; 0 where a part must give what the whole gives.

    Returns
    -------
    Overlaps
        Pairs that only touch are left out.
    """
    if wanted(len(subject) + len(context), compiled_from):
        return _compiled_overlaps(subject, context, threads, NOISE)
    subject, context = _near_origin(subject, context)
    pairs = shapely.STRtree(context).query(subject)
    order = np.lexsort((pairs[1], pairs[0]))
    left, right = pairs[0][order], pairs[1][order]
    area = _plain_areas(subject, context, left, right, threads)
    keep = area > NOISE
    return Overlaps(left[keep], right[keep], area[keep])


def _compiled_overlaps(
    subject: NDArray[np.object_], context: NDArray[np.object_], threads: int, least: float
) -> Overlaps:
    """Measure by compiled loops; of one layer with itself, each pair once."""
    from lowuse_gis.kernels.areas import pair_areas  # noqa: PLC0415  loads numba
    from lowuse_gis.kernels.boxes import join, join_apart  # noqa: PLC0415

    origin = origin_of(subject, context)
    one = apart(subject, origin)
    if subject is context:
        other = one
        left, right = join_apart(one.boxes, np.arange(len(one)), threads=threads)
        order = np.lexsort((right, left))
        left, right = left[order], right[order]
    else:
        other = apart(context, origin)
        left, right = join(one.boxes, other.boxes, threads=threads)
    area = pair_areas(one, other, left, right, threads=threads)
    keep = area > least
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
    if wanted(len(left)):
        return _compiled_pairs(subject, context, left, right, threads)
    near, other = _near_origin(subject, context)
    return _plain_areas(near, other, left, right, threads)


def _near_origin(*layers: NDArray[np.object_]) -> tuple[NDArray[np.object_], ...]:
    """Take an origin off the coordinates: squares of 39 million metres leave no digits."""
    origin = np.array(origin_of(*layers))
    return tuple(shapely.transform(layer, lambda xy: xy - origin) for layer in layers)


def _plain_areas(
    subject: NDArray[np.object_],
    context: NDArray[np.object_],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    threads: int,
) -> NDArray[np.float64]:
    order = np.argsort(right, kind="stable")
    pairs = subject[left[order]], context[right[order]]
    area = np.empty(len(left))
    area[order] = in_threads(_shared_area, *pairs, threads=threads, together=right[order])
    return area


def _compiled_pairs(
    subject: NDArray[np.object_],
    context: NDArray[np.object_],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    threads: int,
) -> NDArray[np.float64]:
    from lowuse_gis.kernels.areas import pair_areas  # noqa: PLC0415  loads numba

    origin = origin_of(subject, context)
    one = apart(subject, origin)
    other = one if subject is context else apart(context, origin)
    return pair_areas(one, other, left, right, threads=threads)


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
    if wanted(len(polygons)):
        return _compiled_overlaps(polygons, polygons, threads, SELF_OVERLAP)
    (polygons,) = _near_origin(polygons)
    tree = shapely.STRtree(polygons)
    pairs = tree.query(polygons)
    pairs = pairs[:, pairs[0] < pairs[1]]
    order = np.lexsort((pairs[1], pairs[0]))
    left, right = pairs[0][order], pairs[1][order]
    both = polygons[left], polygons[right]
    meet = in_threads(interiors_meet, *both, threads=threads, together=left)
    left, right = left[meet], right[meet]
    area = _plain_areas(polygons, polygons, left, right, threads)
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
