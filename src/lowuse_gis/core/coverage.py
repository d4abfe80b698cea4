"""The way of `kernels.zonal` for who has no compiler, and for few polygons: arrays of numpy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.kernels.cells import COVERED, DUST, HIGH, LOW, TOTAL, TOUCHED, UPRIGHT, VALID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lowuse_gis.kernels.cells import Outlines

AT_ONCE = 1 << 19  # cells and vertices
DEPTH = 3  # how deep collections may stand in each other


@dataclass(frozen=True)
class _Edges:
    """Edges, or pieces of them, of several polygons: counted from the frame of each.

    Attributes
    ----------
    x0, y0, x1, y1
        Ends, ``y0 < y1``.
    sign
        1 where the polygon lies to the right.
    frame
        Position of the polygon's frame.
    """

    x0: NDArray[np.float64]
    y0: NDArray[np.float64]
    x1: NDArray[np.float64]
    y1: NDArray[np.float64]
    sign: NDArray[np.float64]
    frame: NDArray[np.int64]

    def __getitem__(self, rows: NDArray[np.generic]) -> _Edges:
        return _Edges(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class _Frames:
    """Rectangles of a window's cells, laid one after the other into one array.

    Attributes
    ----------
    feature
        Whose they are.
    left, upper, width, height
        Columns and rows of the raster.
    begin
        Where each begins; every row has two cells more than it needs.
    """

    feature: NDArray[np.int64]
    left: NDArray[np.int64]
    upper: NDArray[np.int64]
    width: NDArray[np.int64]
    height: NDArray[np.int64]

    @property
    def begin(self) -> NDArray[np.int64]:
        sizes = np.cumsum(self.height * (self.width + 2))
        return np.concatenate([[0], sizes])

    def __getitem__(self, rows: slice) -> _Frames:
        return _Frames(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def outlines(
    geometry: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.int64]]:
    """Take polygons apart, as `kernels.ragged` does.

    Parameters
    ----------
    geometry
        Polygons, multi-polygons, collections (of which the polygons count) or None.

    Returns
    -------
    xy, turn, first
        As in `Ragged`, counted from nowhere.
    """
    parts, owner = geometry, np.arange(len(geometry))
    for _depth in range(DEPTH):
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    size = np.bincount(ring, minlength=len(rings))
    last = np.cumsum(size) - 1
    start = xy[np.repeat(last + 1 - size, size)] if len(xy) else xy
    near, following = xy - start, np.roll(xy, -1, axis=0) - start
    cross = near[:, 0] * following[:, 1] - following[:, 0] * near[:, 1]
    cross[last] = 0
    twice = np.bincount(ring, cross, minlength=len(rings))
    hole = np.append(False, part[1:] == part[:-1])[: len(rings)]
    turn = np.where((twice > 0) ^ hole, 1, -1)[ring].astype(np.int8)
    turn[last] = 0
    count = np.bincount(owner[part[ring]], minlength=len(geometry))
    return xy, turn, np.concatenate([[0], np.cumsum(count)]).astype(np.int64)


def frames(
    xy: NDArray[np.float64], turn: NDArray[np.int8], first: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where polygons lie and how large they are, as `kernels.zonal.frames` does.

    Parameters
    ----------
    xy, turn, first
        Polygons in cells.

    Returns
    -------
    boxes, area
    """
    boxes, area = np.full((len(first) - 1, 4), np.nan), np.full(len(first) - 1, np.nan)
    full = np.flatnonzero(np.diff(first))
    if not len(full):
        return boxes, area
    begin = first[:-1][full]
    boxes[full, :2] = np.minimum.reduceat(xy, begin)
    boxes[full, 2:] = np.maximum.reduceat(xy, begin)
    ends = np.append(-1, np.flatnonzero(turn == 0))
    with np.errstate(invalid="ignore"):
        near = xy - np.repeat(xy[ends[:-1] + 1], np.diff(ends), axis=0)
        following = np.roll(near, -1, axis=0)
        cross = near[:, 0] * following[:, 1] - following[:, 0] * near[:, 1]
        area[full] = np.add.reduceat(np.where(turn == 0, 0.0, turn * cross), begin) / 2
    nowhere = ~np.isfinite(boxes).all(axis=1)
    boxes[nowhere], area[nowhere] = np.nan, np.nan
    return boxes, area


def add_window(
    layer: Outlines,
    which: NDArray[np.int64],
    values: NDArray[np.float64],
    corner: tuple[int, int],
    totals: NDArray[np.float64],
) -> None:
    """Add what polygons cover of a window to their totals, as `kernels.zonal.add_window` does.

    Parameters
    ----------
    layer, which, values, corner, totals
        As there.
    """
    boxes = layer.boxes[which]
    left = np.maximum(np.floor(boxes[:, 0]), corner[1]).astype(np.int64)
    upper = np.maximum(np.floor(boxes[:, 1]), corner[0]).astype(np.int64)
    right = np.minimum(np.ceil(boxes[:, 2]), corner[1] + values.shape[1]).astype(np.int64)
    lower = np.minimum(np.ceil(boxes[:, 3]), corner[0] + values.shape[0]).astype(np.int64)
    there = (right > left) & (lower > upper)
    every = _Frames(*(a[there] for a in (which, left, upper, right - left, lower - upper)))
    for some in _portions(every, layer.first):
        _add(layer, some, values, corner, totals)


def _portions(every: _Frames, first: NDArray[np.int64]) -> Iterator[_Frames]:
    """Cut frames into lists that fit into memory together."""
    vertices = np.cumsum(np.diff(first)[every.feature])
    load = (every.begin[1:] + vertices) // AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(load)) + 1).tolist(), len(load)]
    for start, stop in pairwise(cuts):
        yield every[start:stop]


def _add(
    layer: Outlines,
    frames: _Frames,
    values: NDArray[np.float64],
    corner: tuple[int, int],
    totals: NDArray[np.float64],
) -> None:
    begin, stride = frames.begin, np.repeat(frames.width + 2, frames.height)
    ends = np.cumsum(stride)
    cover = _cover(_by_rows(_edges(layer, frames), frames), frames, int(begin[-1]))
    cover[ends - 1] -= np.add.reduceat(cover, ends - stride) if len(ends) else 0.0
    running = np.cumsum(cover)
    running -= np.repeat(np.append(0.0, running[ends[:-1] - 1])[: len(ends)], stride)
    column = np.arange(len(cover)) - np.repeat(ends - stride, stride)
    row = np.repeat(_counted(frames.height), stride)
    at = np.repeat(np.arange(len(frames.feature)), np.diff(begin))
    small = np.minimum(np.abs(layer.area[frames.feature]), 1.0)[at]
    keep = (column < frames.width[at]) & (running > DUST * small)
    at, part, small = at[keep], running[keep], small[keep]
    cell = values[
        row[keep] + frames.upper[at] - corner[0], column[keep] + frames.left[at] - corner[1]
    ]
    known = ~np.isnan(cell)
    count, owner = len(frames.feature), frames.feature
    totals[owner, COVERED] += np.bincount(at, part, count)
    totals[owner, VALID] += np.bincount(at[known], part[known], count)
    totals[owner, TOTAL] += np.bincount(at[known], part[known] * cell[known], count)
    known &= part > TOUCHED * small
    np.minimum.at(totals[:, LOW], owner[at[known]], cell[known])
    np.maximum.at(totals[:, HIGH], owner[at[known]], cell[known])


def _counted(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count from 0 in each of several groups.

    Examples
    --------
    >>> _counted(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)


def _edges(layer: Outlines, frames: _Frames) -> _Edges:
    """Take the edges that may reach into the frames, downwards."""
    xy, turn = layer.xy, layer.turn
    size = np.diff(layer.first)[frames.feature]
    at = np.repeat(layer.first[frames.feature], size) + _counted(size)
    frame = np.repeat(np.arange(len(size)), size)
    at, frame = at[turn[at] != 0], frame[turn[at] != 0]
    corner = np.stack([frames.left, frames.upper], axis=1)[frame]
    one, other = xy[at] - corner, xy[at + 1] - corner
    sign = -np.sign(layer.area[frames.feature])[frame] * turn[at]
    up = one[:, 1] > other[:, 1]
    a, b = np.where(up[:, None], other, one), np.where(up[:, None], one, other)
    edges = _Edges(a[:, 0], a[:, 1], b[:, 0], b[:, 1], np.where(up, -sign, sign), frame)
    inside = (edges.y1 > 0) & (edges.y0 < frames.height[frame]) & (edges.y0 < edges.y1)
    return edges[inside & (np.minimum(edges.x0, edges.x1) < frames.width[frame])]


def _by_rows(edges: _Edges, frames: _Frames) -> tuple[_Edges, NDArray[np.int64]]:
    """Cut edges at the rows; return the pieces and their rows."""
    top = np.maximum(edges.y0, 0.0)
    end = np.minimum(edges.y1, frames.height[edges.frame])
    count = np.ceil(end).astype(np.int64) - np.floor(top).astype(np.int64)
    row = np.repeat(np.floor(top).astype(np.int64), count) + _counted(count)
    whole = edges[np.repeat(np.arange(len(count)), count)]
    a = np.maximum(np.repeat(top, count), row)
    b = np.minimum(np.repeat(end, count), row + 1)
    slope = (whole.x1 - whole.x0) / (whole.y1 - whole.y0)
    low, high = np.minimum(whole.x0, whole.x1), np.maximum(whole.x0, whole.x1)
    xa = np.clip(whole.x0 + (a - whole.y0) * slope, low, high)
    xb = np.where(b == whole.y1, whole.x1, np.clip(whole.x0 + (b - whole.y0) * slope, low, high))
    left, right = np.minimum(xa, xb), np.maximum(xa, xb)
    upright = (right - left) < UPRIGHT
    left = np.where(upright, (left + right) / 2, left)
    right = np.where(upright, left, right)
    return _Edges(left, a, right, b, whole.sign, whole.frame), row


def _cover(
    pieces: tuple[_Edges, NDArray[np.int64]], frames: _Frames, length: int
) -> NDArray[np.float64]:
    """Add up, cell by cell, what lies to the right of the pieces."""
    edges, row = pieces
    width, height = frames.width[edges.frame], (edges.y1 - edges.y0) * edges.sign
    start = frames.begin[edges.frame] + row * (width + 2)
    lean = edges.x1 - edges.x0
    steep = np.divide(height, lean, out=np.zeros_like(height), where=lean > 0)
    x0, x1 = np.clip(edges.x0, 0.0, width), np.clip(edges.x1, 0.0, width)
    before = np.where(edges.x1 <= 0, height, np.where(edges.x0 < 0, -steep * edges.x0, 0.0))
    cover = np.bincount(start, before, length).astype(float)
    some = (edges.x1 > 0) & (edges.x0 < width)
    x0, x1, start, steep = x0[some], x1[some], start[some], steep[some]
    plain, height = (lean == 0)[some], height[some]
    column = np.floor(x0).astype(np.int64)
    count = np.maximum(np.ceil(x1).astype(np.int64) - column, 1)
    piece = np.repeat(np.arange(len(count)), count)
    column = column[piece] + _counted(count)
    a, b = np.maximum(x0[piece], column), np.minimum(x1[piece], column + 1)
    whole = np.where(plain[piece], height[piece], steep[piece] * (b - a))
    right = whole * ((a + b) / 2 - column)
    at = start[piece] + column
    cover += np.bincount(at, whole - right, length)
    cover += np.bincount(at + 1, right, length)
    return cover
