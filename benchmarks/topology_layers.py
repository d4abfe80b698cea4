"""Invented cadastres for the topology benchmark: exactly noded lots with about 28 vertices each.

The lots are those of ``district.py``; every edge gets two vertices between, off the line by a few
centimetres, the same for both neighbours. ``planted`` then breaks a known share of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from district import blocks, lots
from lowuse_gis.core.topology.halfedges import vertex_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 20240601
BETWEEN = 2  # vertices put into every edge
ASIDE = np.array([3.0, 2.0])  # metres from a lot to its shifted copy
BULGE = 0.002  # of the edge's length, at most


def cadastre(count: int, seed: int = SEED) -> NDArray[np.object_]:
    """Draw `count` lots in blocks of ten with streets between."""
    random = np.random.default_rng([seed, count])
    layout = blocks(count, random)
    return densified(lots(layout, random)[:count])


def densified(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put vertices into every edge, the same for both polygons along it."""
    xy, ring = shapely.get_coordinates(shapes, return_index=True)
    inner = ring[1:] == ring[:-1]
    start, end, owner = xy[:-1][inner], xy[1:][inner], ring[1:][inner]
    key = vertex_keys(start) + vertex_keys(end)
    forward = vertex_keys(start) < vertex_keys(end)
    points = [start]
    for step in range(1, BETWEEN + 1):
        along = step / (BETWEEN + 1)
        place = np.where(forward, step, BETWEEN + 1 - step).astype(np.uint64)
        bits = (key * (place * np.uint64(2) + np.uint64(1))) >> np.uint64(40)
        off = (bits / 2.0**24 - 0.5) * 2 * BULGE * np.where(forward, 1, -1)
        line = end - start
        across = np.column_stack([-line[:, 1], line[:, 0]])
        points.append(start + line * along + across * off[:, None])
    dense = np.stack(points, axis=1).reshape(-1, 2).round(4)
    owner = np.repeat(owner, BETWEEN + 1)
    return shapely.polygons(shapely.linearrings(dense, indices=owner))


def planted(
    shapes: NDArray[np.object_], share: float = 0.01, seed: int = SEED
) -> NDArray[np.object_]:
    """Break a share of the lots: moved vertices, dropped vertices, exact copies, added lots."""
    random = np.random.default_rng([seed, len(shapes), 7])
    hit = np.flatnonzero(random.random(len(shapes)) < share)
    kind = random.integers(0, 3, len(hit))
    broken = shapes.copy()
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    first = np.searchsorted(owner, np.arange(len(shapes)))
    moved = first[hit[kind == 0]] + 2  # one vertex pushed: an overlap or a gap, or both
    xy[moved] += random.uniform(-0.6, 0.6, (len(moved), 2)).round(4)
    dropped = np.zeros(len(xy), dtype=bool)
    dropped[first[hit[kind == 1]] + 4] = True  # a vertex the neighbour still has
    ring = shapely.linearrings(xy[~dropped], indices=owner[~dropped])
    broken = shapely.polygons(ring)
    same = broken[hit[kind == 2][::2]]
    shifted = shapely.transform(broken[hit[kind == 2][1::2]], lambda at: at + ASIDE)
    return np.concatenate([broken, same, shifted])
