"""Cut lines where they meet, and find the areas between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.topology.contacts import along_and_off, crosses
from lowuse_gis.core.topology.halfedges import vertex_keys
from lowuse_gis.core.topology.rings import polylines, segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Lines = tuple[Floats, Floats]


MEETING = 2  # ends of lines where one follows another


def cut(lines: Lines, pairs: tuple[Whole, Whole], snap: float) -> tuple[Lines, Lines, Floats]:
    """Cut segments at the ends of others that lie on them.

    Parameters
    ----------
    lines
        Starts and ends, shape (n, 2) each.
    pairs
        Numbers of segments that meet.
    snap
        Metres within which an end lies on a segment. The segment bends to the end, which stays.

    Returns
    -------
    pieces : tuple of ndarray
        Starts and ends; those that cross another are left out.
    crossing : tuple of ndarray
        Starts and ends of those that cross another inside both.
    bends : ndarray of float
        The triangles that segments swept when they bent, shape (m, 3, 2).
    """
    owner, at, bends = _ends_on(lines, pairs, snap)
    number = np.concatenate([np.arange(len(lines[0])), owner, np.arange(len(lines[0]))])
    point = np.concatenate([lines[0], at, lines[1]])
    step = np.zeros(len(number))
    step[len(lines[0]) : len(lines[0]) + len(owner)] = along_and_off(
        at, lines[0][owner], lines[1][owner]
    )[0]
    step[len(lines[0]) + len(owner) :] = 2.0
    order = np.lexsort((step, number))
    number, point = number[order], point[order]
    piece = (number[1:] == number[:-1]) & (point[1:] != point[:-1]).any(axis=1)
    start, end, number = point[:-1][piece], point[1:][piece], number[1:][piece]
    real = crosses(*((lines[0][side], lines[1][side]) for side in pairs))
    crossing = np.isin(number, np.concatenate([side[real] for side in pairs]))
    return (
        (start[~crossing], end[~crossing]),
        (start[crossing], end[crossing]),
        bends,
    )


def _ends_on(lines: Lines, pairs: tuple[Whole, Whole], snap: float) -> tuple[Whole, Floats, Floats]:
    """Return which segments are cut where, and the triangles they sweep."""
    owners, points, bends = [], [], []
    for one, other in (pairs, pairs[::-1]):
        for end in lines:
            point, start, stop = end[one], lines[0][other], lines[1][other]
            along, off = along_and_off(point, start, stop)
            apart = [(point != corner).any(axis=1) for corner in (start, stop)]
            on = (along > 0) & (along < 1) & (off <= snap) & apart[0] & apart[1]
            owners.append(other[on])
            points.append(point[on])
            bends.append(np.stack([start[on], point[on], stop[on]], axis=1))
    return np.concatenate(owners), np.concatenate(points), np.concatenate(bends)


def bridges(lines: Lines, pairs: tuple[Whole, Whole], snap: float) -> Lines:
    """Return the short lines between ends that all but coincide, so that no gap leaks there.

    Parameters
    ----------
    lines
        Starts and ends, shape (n, 2) each.
    pairs
        Numbers of segments that meet.
    snap
        Metres.

    Returns
    -------
    tuple of ndarray
        Starts and ends.
    """
    starts, ends = [], []
    for a in lines:
        for b in lines:
            p, q = a[pairs[0]], b[pairs[1]]
            near = (np.hypot(*(p - q).T) <= snap) & (p != q).any(axis=1)
            starts.append(p[near])
            ends.append(q[near])
    return np.concatenate(starts), np.concatenate(ends)


def areas_between(pieces: Lines, crossing: Lines) -> NDArray[np.object_]:
    """Return the areas that lines enclose.

    Parameters
    ----------
    pieces
        Starts and ends of lines that meet at their ends only.
    crossing
        Starts and ends of lines that may cross each other.

    Returns
    -------
    ndarray of Polygon
        Every area once, holes taken out.
    """
    start, end = pieces
    if len(crossing[0]):
        noded = shapely.union_all(segments(*_once(*crossing)))
        cut_start, cut_end = _segments(noded)
        start, end = np.concatenate([start, cut_start]), np.concatenate([end, cut_end])
    return shapely.get_parts(shapely.polygonize(chains(*_once(start, end))))


def chains(start: Floats, end: Floats) -> NDArray[np.object_]:
    """Draw segments that follow each other as one line, up to where others meet them.

    Parameters
    ----------
    start, end
        Ends of segments that meet at their ends only, none twice.

    Returns
    -------
    ndarray of LineString
        Far fewer to make areas from than the segments are.
    """
    keys = vertex_keys(np.concatenate([start, end]))
    _, vertex, met = np.unique(keys, return_inverse=True, return_counts=True)
    first, last = vertex[: len(start)], vertex[len(start) :]
    breaks = np.ones(len(start), dtype=np.bool_)
    breaks[1:] = (first[1:] != last[:-1]) | (met[first[1:]] != MEETING)
    return polylines(start, end, breaks)


def _segments(line: shapely.Geometry) -> Lines:
    xy, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    inner = part[1:] == part[:-1]
    return xy[:-1][inner], xy[1:][inner]


def _once(start: Floats, end: Floats) -> Lines:
    """Keep of the same line, either way, one; in the order they came."""
    _, first = np.unique(vertex_keys(start) + vertex_keys(end), return_index=True)
    first.sort()
    return start[first], end[first]
