"""Polygons as arrays of coordinates: no object per polygon, no digits lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.kernels.compiled import announce, chunks, cuts_by_weight, in_ranges, jit, offsets_of
from lowuse_gis.kernels.origin import origin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7
CHUNK = 30_000  # vertices taken at once: they stay in the cache, and their memory is used again
DEPTH = 3  # how deep collections may stand in each other


@dataclass(frozen=True)
class Ragged:
    """A layer of polygons as flat arrays.

    Attributes
    ----------
    xy
        Vertices (n, 2) in metres from `origin`; every ring ends where it began.
    turn
        Per vertex, of the edge that begins there: 1 where the ring runs as its kind should (shells
        counter-clockwise, holes clockwise), -1 where it runs the other way, 0 for the last vertex
        of a ring, where no edge begins.
    first
        Offsets (features + 1) of each feature's vertices.
    boxes
        West, south, east, north of each feature, from `origin`; west > east where it is empty.
    origin
        Taken off the coordinates: with the number of the zone before it an easting has 39 million
        metres, and squares of that leave no digits for the millimetres.
    """

    xy: NDArray[np.float64]
    turn: NDArray[np.int8]
    first: NDArray[np.int64]
    boxes: NDArray[np.float64]
    origin: tuple[float, float]

    def __len__(self) -> int:
        """Count the features."""
        return len(self.first) - 1


def ragged(geometry: NDArray[np.object_], origin: tuple[float, float] | None = None) -> Ragged:
    """Take polygons apart.

    Parameters
    ----------
    geometry
        Polygons, multi-polygons, collections (of which the polygons count) or None.
    origin
        What to take off the coordinates; chosen where None.

    Returns
    -------
    Ragged

    Examples
    --------
    >>> layer = ragged(np.array([shapely.box(39_500_000, 4_300_000, 39_500_010, 4_300_005), None]))
    >>> layer.first.tolist(), layer.origin, layer.boxes[0].tolist()
    ([0, 5, 5], (39500000.0, 4300000.0), [0.0, 0.0, 10.0, 5.0])
    """
    announce()
    x, y = origin or origin_of(geometry)
    kind = shapely.get_type_id(geometry)
    solid = _only_polygons(geometry, kind)
    first = offsets_of(shapely.get_num_coordinates(solid))
    xy, turn = np.empty((first[-1], 2)), np.ones(first[-1], dtype=np.int8)
    boxes = np.empty((len(solid), 4))

    def take(start: int, stop: int) -> None:
        mine = slice(first[start], first[stop])
        xy[mine] = shapely.get_coordinates(solid[start:stop])
        _mark(solid[start:stop], kind[start:stop], first[start : stop + 1], turn)
        _orient(xy, turn, first, boxes, x, y, start, stop)

    in_ranges(take, cuts_by_weight(np.diff(first), first[-1] // CHUNK + 1))
    return Ragged(xy, turn, first, boxes, (x, y))


def _mark(
    solid: NDArray[np.object_],
    kind: NDArray[np.int32],
    first: NDArray[np.int64],
    turn: NDArray[np.int8],
) -> None:
    """Mark where rings end, and holes."""
    plain = (kind == POLYGON) & (shapely.get_num_interior_rings(solid) == 0)
    turn[first[1:][plain & (np.diff(first) > 0)] - 1] = 0
    several = np.flatnonzero(~plain & ~shapely.is_missing(solid))
    if len(several):
        _mark_rings(solid, several, first, turn)


def _only_polygons(geometry: NDArray[np.object_], kind: NDArray[np.int32]) -> NDArray[np.object_]:
    """Leave out what is no polygon, in collections too."""
    odd = (kind != POLYGON) & (kind != MULTIPOLYGON)
    if not odd.any():
        return geometry
    solid = geometry.copy()
    solid[odd] = None
    mixed = np.flatnonzero(kind == COLLECTION)
    parts, owner = shapely.get_parts(geometry[mixed], return_index=True)
    for _depth in range(DEPTH):  # a part may be of several itself
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    flat = shapely.get_type_id(parts) == POLYGON
    if flat.any():
        holders, group = np.unique(owner[flat], return_inverse=True)
        solid[mixed[holders]] = shapely.multipolygons(parts[flat], indices=group)
    return solid


def _mark_rings(
    solid: NDArray[np.object_],
    at: NDArray[np.intp],
    first: NDArray[np.int64],
    turn: NDArray[np.int8],
) -> None:
    """Mark holes and the ends of rings in features of several rings, as their binary tells them."""
    written = shapely.to_wkb(solid[at], output_dimension=2, byte_order=1)
    bytes_ = np.frombuffer(b"".join(written), dtype=np.uint8)
    offsets = offsets_of(np.array([*map(len, written)]))
    size = first[at + 1] - first[at]
    mine = offsets_of(size)
    marks, xy = np.empty(mine[-1], dtype=np.int8), np.empty((mine[-1], 2))
    _fill(bytes_, offsets, mine, xy.view(np.uint8).reshape(-1), marks)
    turn[np.arange(mine[-1]) + np.repeat(first[at] - mine[:-1], size)] = marks


def from_wkb(data: bytes, offsets: NDArray[np.int64], origin: tuple[float, float]) -> Ragged:
    """Take polygons apart that are written as well-known binary.

    Parameters
    ----------
    data
        Little-endian, two dimensions, one after the other.
    offsets
        Where each begins, and the end of the last; no bytes for a missing one.
    origin
        What to take off the coordinates.

    Returns
    -------
    Ragged
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    first = offsets_of(_count_vertices(bytes_, offsets))
    xy, turn = np.empty((first[-1], 2)), np.zeros(first[-1], dtype=np.int8)
    _fill(bytes_, offsets, first, xy.view(np.uint8).reshape(-1), turn)
    return _oriented(xy, turn, first, origin)


def _oriented(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    origin: tuple[float, float],
) -> Ragged:
    boxes = np.empty((len(first) - 1, 4))

    def orient(start: int, stop: int) -> None:
        _orient(xy, turn, first, boxes, origin[0], origin[1], start, stop)

    chunks(orient, len(boxes))
    return Ragged(xy, turn, first, boxes, origin)


@jit
def _number(data: NDArray[np.uint8], at: int) -> int:
    return (
        int(data[at]) | int(data[at + 1]) << 8 | int(data[at + 2]) << 16 | int(data[at + 3]) << 24
    )


@jit
def _count_vertices(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the vertices of each feature."""
    counts = np.zeros(len(offsets) - 1, dtype=np.int64)
    for feature in range(len(counts)):
        at, end = offsets[feature], offsets[feature + 1]
        while at < end:
            kind, count = _number(data, at + 1), 1
            at += 5
            if kind == 1:
                at += 16
            elif kind == 2:  # a line in a collection
                at += 4 + 16 * _number(data, at)
            elif kind == POLYGON:
                rings = _number(data, at)
                at += 4
                for _ring in range(rings):
                    count = _number(data, at)
                    counts[feature] += count
                    at += 4 + 16 * count
            else:  # of several: the parts follow with headers of their own
                at += 4
    return counts


@jit
def _fill(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    first: NDArray[np.int64],
    xy: NDArray[np.uint8],
    turn: NDArray[np.int8],
) -> None:
    """Copy the vertices; `turn` is 1 in shells, -1 in holes, 0 at the end of each ring."""
    for feature in range(len(offsets) - 1):
        at, end, to = offsets[feature], offsets[feature + 1], first[feature]
        while at < end:
            kind = _number(data, at + 1)
            at += 5
            if kind == 1:
                at += 16
            elif kind == 2:
                at += 4 + 16 * _number(data, at)
            elif kind == POLYGON:
                rings = _number(data, at)
                at += 4
                for ring in range(rings):
                    count = _number(data, at)
                    at += 4
                    xy[16 * to : 16 * (to + count)] = data[at : at + 16 * count]
                    turn[to : to + count] = 1 if ring == 0 else -1
                    if count:
                        turn[to + count - 1] = 0
                    at += 16 * count
                    to += count
            else:
                at += 4


@jit
def _orient(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    boxes: NDArray[np.float64],
    x0: float,
    y0: float,
    start: int,
    stop: int,
) -> None:
    """Take off the origin, find the boxes, and mark rings that run the wrong way round."""
    for feature in range(start, stop):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        begin = first[feature]
        for i in range(first[feature], first[feature + 1]):
            xy[i, 0] -= x0
            xy[i, 1] -= y0
            west, east = min(west, xy[i, 0]), max(east, xy[i, 0])
            south, north = min(south, xy[i, 1]), max(north, xy[i, 1])
            if turn[i] == 0:
                twice = 0.0
                for k in range(begin, i):
                    ax, ay = xy[k, 0] - xy[begin, 0], xy[k, 1] - xy[begin, 1]
                    bx, by = xy[k + 1, 0] - xy[begin, 0], xy[k + 1, 1] - xy[begin, 1]
                    twice += ax * by - bx * ay
                for k in range(begin, i):
                    turn[k] = 1 if twice * turn[k] > 0 else -1
                begin = i + 1
        boxes[feature, 0], boxes[feature, 1] = west, south
        boxes[feature, 2], boxes[feature, 3] = east, north
