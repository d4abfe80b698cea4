"""Half-edges and their twins: what is left when matching edges of neighbours cancel out.

Every polygon's boundary is a cycle of half-edges with the polygon on their left. The number of
polygons above a place changes only across an edge, and not where two polygons meet along the same
edge, in opposite directions. So the edges that are left bound every overlap, every gap and the
outside; in an exactly noded layer nearly none is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.core.topology.rings import ring_areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lowuse_gis.core.topology.rings import Rings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Keys = NDArray[np.uint64]

MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)


@dataclass(frozen=True)
class HalfEdges:
    """Directed edges with their polygon on the left.

    Attributes
    ----------
    start, end
        Coordinates, shape (n, 2).
    position
        The feature each belongs to.
    origin
        What was taken off the coordinates.
    """

    start: Floats
    end: Floats
    position: Whole
    origin: Floats


def untwinned(rings: Rings, label: Whole | None = None) -> HalfEdges:
    """Return the half-edges that no half-edge of a neighbour cancels.

    Parameters
    ----------
    rings
        Rings of valid polygons, wound any way.
    label
        One number per feature; only features with the same one cancel each other.

    Returns
    -------
    HalfEdges
        Ring by ring, each end the next start. Where more run one way than the other, as many as
        there are more.
    """
    first, left = _directed(rings)
    xy = rings.xy
    of_ring = np.repeat(np.arange(len(rings.part)), np.diff(rings.offset))[first]
    position = rings.position[of_ring]
    key = vertex_keys(xy)
    edge = key[first] + key[first + 1]  # the same both ways
    if label is not None:
        edge += _mixed(label.astype(np.uint64)[position])
    up = (key[first] < key[first + 1]) == left  # one way or the other, polygon on the left
    order = np.argsort(edge)
    rest = _without_twin(edge[order], order, xy, first, up == left, up)
    kept = _the_right_way(rest[_net(edge[rest], up[rest])], of_ring, left)
    a, b = xy[first[kept]], xy[first[kept] + 1]
    swap = ~left[kept]
    a[swap], b[swap] = b[swap], a[swap]
    return HalfEdges(a, b, position[kept], rings.origin)


def joined_edges(parts: Sequence[HalfEdges], origin: Floats) -> HalfEdges:
    """Put what parts of a layer left of their half-edges together: those at borders cancel out.

    Parameters
    ----------
    parts
        Of `untwinned`, of parts of a layer; positions are those in the whole layer.
    origin
        What was taken off the coordinates of all.

    Returns
    -------
    HalfEdges
        What `untwinned` returns of the whole layer, in the order of its features.

    Examples
    --------
    >>> corner = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    >>> left = HalfEdges(corner, np.roll(corner, -1, axis=0), np.zeros(4, int), np.zeros(2))
    >>> right = HalfEdges(left.start + [1, 0], left.end + [1, 0], np.ones(4, int), np.zeros(2))
    >>> len(joined_edges([left, right], np.zeros(2)).start)
    6
    """
    none = np.zeros((0, 2))
    start = np.concatenate([none, *(part.start for part in parts)])
    end = np.concatenate([none, *(part.end for part in parts)])
    position = np.concatenate([np.zeros(0, dtype=np.intp), *(part.position for part in parts)])
    order = np.argsort(position, kind="stable")
    start, end, position = start[order], end[order], position[order]
    key = vertex_keys(start), vertex_keys(end)
    kept = _net(key[0] + key[1], key[0] < key[1])
    return HalfEdges(start[kept], end[kept], position[kept], origin)


def _the_right_way(kept: Whole, ring: Whole, left: NDArray[np.bool_]) -> Whole:
    """Turn the order of the half-edges around in rings with the polygon on their right."""
    first = np.flatnonzero(np.diff(ring[kept], prepend=-1))
    count = np.diff(first, append=len(kept))
    number = np.arange(len(kept))
    turned = np.repeat(2 * first + count - 1, count) - number
    right_way: Whole = kept[np.where(left[kept], number, turned)]
    return right_way


def vertex_keys(xy: Floats) -> Keys:
    """Return a 64-bit number per vertex: the same for the same coordinates."""
    bits = (xy + 0.0).view(np.uint64)  # + 0.0: minus zero is zero
    keys: Keys = _mixed(_mixed(bits[:, 0]) + bits[:, 1])
    return keys


def _mixed(bits: Keys) -> Keys:
    """Spread bits over all 64 (splitmix64)."""
    bits = bits + MIX[0]
    bits ^= bits >> np.uint64(30)
    bits *= MIX[1]
    bits ^= bits >> np.uint64(27)
    bits *= MIX[2]
    bits ^= bits >> np.uint64(31)
    return bits


def _directed(rings: Rings) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the first vertex of every edge longer than nothing, and whether its left is inside."""
    length = np.diff(rings.offset)
    inside = (ring_areas(rings) > 0) != rings.hole
    edge = np.ones(len(rings.xy), dtype=np.bool_)
    edge[rings.offset[1:] - 1] = False
    edge[:-1] &= (rings.xy[1:] != rings.xy[:-1]).any(axis=1)
    first = np.flatnonzero(edge)
    return first, np.repeat(inside, length)[first]


def _without_twin(
    edge: Keys,
    order: Whole,
    xy: Floats,
    first: Whole,
    forward: NDArray[np.bool_],
    up: NDArray[np.bool_],
) -> Whole:
    """Return what is not one of exactly two half-edges that run opposite ways along one edge."""
    same = np.concatenate([[False], edge[1:] == edge[:-1], [False]])
    opens = ~same[:-1] & same[1:]
    opens[:-1] &= ~same[2:]  # exactly two
    at = np.flatnonzero(opens)
    one, two = order[at], order[at + 1]
    twins = up[one] != up[two]
    for end in (0, 1):  # the lower and the higher end, whichever comes first in the ring
        vertex = [first[e] + (forward[e] == end) for e in (one, two)]
        twins &= (xy[vertex[0]] == xy[vertex[1]]).all(axis=1)
    alone = np.ones(len(order), dtype=np.bool_)
    alone[one[twins]] = False
    alone[two[twins]] = False
    return np.flatnonzero(alone)


def _net(edge: Keys, up: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep of the half-edges along each edge as many as run more one way than the other."""
    _, group = np.unique(edge, return_inverse=True)
    more = np.bincount(group, np.where(up, 1, -1)).astype(np.intp)[group]
    order = np.lexsort((up, group))
    run = np.flatnonzero(np.diff(group[order] * 2 + up[order], prepend=-1))
    rank = np.empty(len(edge), dtype=np.intp)
    rank[order] = np.arange(len(edge)) - np.repeat(run, np.diff(run, append=len(edge)))
    kept: NDArray[np.bool_] = (up == (more > 0)) & (rank < np.abs(more))
    return kept
