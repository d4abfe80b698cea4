"""Pairs of boxes that meet, by a uniform grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import chunks, jit, offsets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELLS = 4_000_000  # at most, so that the grid stays small beside the coordinates
SAMPLE = 100_000  # boxes looked at to choose the side of a cell
FEW = 32  # pairs: sorted by insertion up to here
WIDE = 64  # cells: a box on more is compared with every other instead


def join(
    a: NDArray[np.float64], b: NDArray[np.float64], *, threads: int = 2
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the pairs of boxes whose insides meet.

    Parameters
    ----------
    a, b
        West, south, east, north (n, 4); boxes with west > east are empty.
    threads
        Threads to use.

    Returns
    -------
    left, right : ndarray of int
        Positions in `a` and `b`, sorted by the first, then the second. Boxes that only touch are
        no pair.

    Examples
    --------
    >>> one = np.array([[0.0, 0, 2, 2]])
    >>> two = np.array([[1.0, 1, 3, 3], [2, 0, 4, 2], [0.5, 0.5, 1, 1]])
    >>> [pair.tolist() for pair in join(one, two)]
    [[0, 0], [0, 2]]
    """
    if not len(a) or not len(b):
        none = np.empty(0, dtype=np.int64)
        return none, none
    if _typical(a) > _typical(b):  # the grid holds the smaller ones
        right, left = _query(b, a, threads)
        order = _by_first(left, right, len(a))
        return left[order], right[order]
    left, right = _query(a, b, threads)
    order = _by_first(left, right, len(a))
    return left[order], right[order]


def join_apart(
    boxes: NDArray[np.float64], owner: NDArray[np.int64], *, threads: int = 2
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the pairs of boxes of one set whose insides meet, each once, of two owners.

    Parameters
    ----------
    boxes
        West, south, east, north (n, 4).
    owner
        Whose each box is.
    threads
        Threads to use.

    Returns
    -------
    left, right : ndarray of int
        Positions; the owner of the left one comes before that of the right one. No order.
    """
    if not len(boxes):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return _query(boxes, boxes, threads, owner)


def pieces_near(
    boxes: NDArray[np.float64],
    pieces: NDArray[np.float64],
    reach: NDArray[np.float64] | float,
    *,
    threads: int = 2,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the straight pieces whose boxes come within reach of others.

    Parameters
    ----------
    boxes
        West, south, east, north (n, 4).
    pieces
        Ends of straight pieces (m, 4), x and y of the one and of the other.
    reach
        Metres, of all boxes or of each.
    threads
        Threads to use.

    Returns
    -------
    offsets : ndarray of int
        Of each box (n + 1), where its pieces begin.
    pieces : ndarray of int
        Positions.

    Examples
    --------
    >>> lots = np.array([[0.0, 0, 1, 1], [5, 0, 6, 1]])
    >>> [part.tolist() for part in pieces_near(lots, np.array([[0.0, 2, 3, 2]]), 1.5)]
    [[0, 1, 1], [0]]
    """
    wide = boxes + np.multiply.outer(np.broadcast_to(reach, len(boxes)), [-1, -1, 1, 1])
    corners = pieces.reshape(-1, 2, 2)
    left, right = join(
        wide, np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1), threads=threads
    )
    return offsets_of(np.bincount(left, minlength=len(boxes))), right


def _typical(boxes: NDArray[np.float64]) -> float:
    some = boxes[:: max(len(boxes) // SAMPLE, 1)]
    sides = np.maximum(some[:, 2] - some[:, 0], some[:, 3] - some[:, 1])
    return float(np.median(sides))


def _query(
    grid: NDArray[np.float64],
    wanted: NDArray[np.float64],
    threads: int,
    owner: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put one set of boxes into a grid and look the other up in it."""
    full = grid[grid[:, 0] <= grid[:, 2]]
    if not len(full):
        none = np.empty(0, dtype=np.int64)
        return none, none
    west, south = full[:, 0].min(), full[:, 1].min()
    width, height = full[:, 2].max() - west, full[:, 3].max() - south
    side = max(2 * _typical(full), np.sqrt(max(width, 1e-9) * max(height, 1e-9) / CELLS), 1e-6)
    side = max(side, width / CELLS, height / CELLS)
    columns, rows = int(width / side) + 1, int(height / side) + 1
    frame = np.array([west, south, side])
    offsets, members, wide = _fill(grid, frame, columns, rows)
    owner = np.empty(0, dtype=np.int64) if owner is None else owner

    def look(start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return _look(grid, wanted, owner, frame, columns, rows, offsets, members, wide, start, stop)

    found = chunks(look, len(wanted), threads)
    return np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])


def _by_first(left: NDArray[np.int64], right: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Order pairs by the left one, then the right one."""
    if not len(left):
        return left
    return _order(left, right, count)


@jit
def _order(left: NDArray[np.int64], right: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Sort by counting, then the few of each left one among themselves."""
    offsets = np.zeros(count + 1, dtype=np.int64)
    for k in range(len(left)):
        offsets[left[k] + 1] += 1
    for k in range(count):
        offsets[k + 1] += offsets[k]
    order, at = np.empty(len(left), dtype=np.int64), offsets[:-1].copy()
    for k in range(len(left)):
        order[at[left[k]]] = k
        at[left[k]] += 1
    for one in range(count):
        begin, end = offsets[one], offsets[one + 1]
        if end - begin > FEW:
            mine = order[begin:end].copy()
            order[begin:end] = mine[np.argsort(right[mine], kind="mergesort")]
            continue
        for k in range(begin + 1, end):
            moved, to = order[k], k
            while to > begin and right[order[to - 1]] > right[moved]:
                order[to] = order[to - 1]
                to -= 1
            order[to] = moved
    return order


@jit
def _cell(value: float, least: float, side: float, count: int) -> int:
    """Return the column or row of a coordinate, the nearest one outside."""
    at = np.floor((value - least) / side)
    return int(min(max(at, 0.0), count - 1.0))


@jit
def _fill(
    boxes: NDArray[np.float64], frame: NDArray[np.float64], columns: int, rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """List the boxes of each cell; those on very many cells are listed apart."""
    west, south, side = frame[0], frame[1], frame[2]
    counts, wide = np.zeros(columns * rows + 1, dtype=np.int64), 0
    for k in range(len(boxes)):
        if boxes[k, 0] > boxes[k, 2]:
            continue
        c0, c1 = _cell(boxes[k, 0], west, side, columns), _cell(boxes[k, 2], west, side, columns)
        r0, r1 = _cell(boxes[k, 1], south, side, rows), _cell(boxes[k, 3], south, side, rows)
        if (c1 - c0 + 1) * (r1 - r0 + 1) > WIDE:
            wide += 1
            continue
        for r in range(r0, r1 + 1):
            for c in range(c0, c1 + 1):
                counts[r * columns + c + 1] += 1
    for k in range(columns * rows):
        counts[k + 1] += counts[k]
    members, at = np.empty(counts[-1], dtype=np.int32), counts[:-1].copy()
    apart, found = np.empty(wide, dtype=np.int64), 0
    for k in range(len(boxes)):
        if boxes[k, 0] > boxes[k, 2]:
            continue
        c0, c1 = _cell(boxes[k, 0], west, side, columns), _cell(boxes[k, 2], west, side, columns)
        r0, r1 = _cell(boxes[k, 1], south, side, rows), _cell(boxes[k, 3], south, side, rows)
        if (c1 - c0 + 1) * (r1 - r0 + 1) > WIDE:
            apart[found] = k
            found += 1
            continue
        for r in range(r0, r1 + 1):
            for c in range(c0, c1 + 1):
                members[at[r * columns + c]] = k
                at[r * columns + c] += 1
    return counts, members, apart


@jit
def _meet(a: NDArray[np.float64], i: int, b: NDArray[np.float64], k: int) -> bool:
    return a[i, 0] < b[k, 2] and b[k, 0] < a[i, 2] and a[i, 1] < b[k, 3] and b[k, 1] < a[i, 3]


@jit
def _grown(array: NDArray[np.int64]) -> NDArray[np.int64]:
    larger = np.empty(2 * len(array), dtype=np.int64)
    larger[: len(array)] = array
    return larger


@jit
def _look(
    boxes: NDArray[np.float64],
    wanted: NDArray[np.float64],
    owner: NDArray[np.int64],
    frame: NDArray[np.float64],
    columns: int,
    rows: int,
    offsets: NDArray[np.int64],
    members: NDArray[np.int32],
    wide: NDArray[np.int64],
    start: int,
    stop: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Look boxes up; a pair is reported only in the cell of its common lower left corner."""
    west, south, side = frame[0], frame[1], frame[2]
    left = np.empty(1024 + 2 * (stop - start), dtype=np.int64)
    right, n = np.empty(len(left), dtype=np.int64), 0
    for k in range(start, stop):
        if wanted[k, 0] > wanted[k, 2]:
            continue
        c0, c1 = _cell(wanted[k, 0], west, side, columns), _cell(wanted[k, 2], west, side, columns)
        r0, r1 = _cell(wanted[k, 1], south, side, rows), _cell(wanted[k, 3], south, side, rows)
        for r in range(r0, r1 + 1):
            for c in range(c0, c1 + 1):
                for m in range(offsets[r * columns + c], offsets[r * columns + c + 1]):
                    i = np.int64(members[m])
                    if not _meet(boxes, i, wanted, k):
                        continue
                    if len(owner) and owner[i] >= owner[k]:
                        continue
                    x, y = max(boxes[i, 0], wanted[k, 0]), max(boxes[i, 1], wanted[k, 1])
                    here = _cell(x, west, side, columns) == c
                    if not here or _cell(y, south, side, rows) != r:
                        continue
                    if n == len(left):
                        left, right = _grown(left), _grown(right)
                    left[n], right[n] = i, k
                    n += 1
        for m in range(len(wide)):
            if len(owner) and owner[wide[m]] >= owner[k]:
                continue
            if _meet(boxes, wide[m], wanted, k):
                if n == len(left):
                    left, right = _grown(left), _grown(right)
                left[n], right[n] = wide[m], k
                n += 1
    return left[:n].copy(), right[:n].copy()
