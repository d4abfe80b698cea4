"""Where segments meet each other anywhere but at a common end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def cross(a: Floats, b: Floats) -> Floats:
    """Return the cross product of plane vectors, row by row."""
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def along_and_off(point: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return where points stand beside segments.

    Parameters
    ----------
    point, start, end
        Coordinates, shape (n, 2); no segment is a point.

    Returns
    -------
    along : ndarray of float
        0 at the start, 1 at the end, of the foot on the segment's line.
    off : ndarray of float
        Distance to the segment, metres.
    """
    line, to = end - start, point - start
    along = (line * to).sum(axis=1) / (line * line).sum(axis=1)
    foot = start + np.clip(along, 0, 1)[:, None] * line
    return along, np.hypot(*(point - foot).T)


def meet(a: tuple[Floats, Floats], b: tuple[Floats, Floats], reach: float) -> Bools:
    """Say which pairs of segments meet elsewhere than at a common end.

    Parameters
    ----------
    a, b
        Starts and ends of the segments, shape (n, 2) each.
    reach
        Metres within which they count as meeting.

    Returns
    -------
    ndarray of bool
        False for the same segment twice, and for neighbours of a ring.
    """
    same = [[(p == q).all(axis=1) for q in b] for p in a]
    shared = sum(s.astype(np.int8) for row in same for s in row)
    found = (shared == 0) & crosses(a, b)
    for one, other, mine in ((a, b, np.array(same)), (b, a, np.array(same).swapaxes(0, 1))):
        for end in (0, 1):  # an end of `one` on `other`
            free = ~mine[end].any(axis=0) & (shared <= 1) & ~found
            at = np.flatnonzero(free)
            along, off = along_and_off(one[end][at], other[0][at], other[1][at])
            near = off <= reach
            past = ((along <= 0) & mine[:, 0][:, at].any(axis=0)) | (
                (along >= 1) & mine[:, 1][:, at].any(axis=0)
            )
            found[at] |= near & ~past
    return found


def crosses(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> Bools:
    """Say which pairs of segments cross inside both."""
    line_a, line_b = a[1] - a[0], b[1] - b[0]
    sides_b = [np.sign(cross(line_a, end - a[0])) for end in b]
    sides_a = [np.sign(cross(line_b, end - b[0])) for end in a]
    return (sides_b[0] * sides_b[1] < 0) & (sides_a[0] * sides_a[1] < 0)
