"""The area two polygons share, in exact fractions: slow, and right where GEOS is not."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import shapely


def edges(shape):
    """Give edges as (x0, y0, x1, y1, sign), left end first; the ground below is the polygon's."""
    for polygon in shapely.get_parts(shape):
        for number, ring in enumerate(shapely.get_rings(polygon)):
            points = shapely.get_coordinates(ring).tolist()
            steps = list(pairwise(tuple(map(Fraction, point)) for point in points))
            twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in steps)
            turn = 1 if (twice > 0) == (number == 0) else -1
            for a, b in steps:
                if a[0] != b[0]:
                    yield (*a, *b, turn * -1) if a[0] < b[0] else (*b, *a, turn)


def shared_area(a, b):
    """Add up the signed ground below both of each pair of edges."""
    ours, theirs = list(edges(a)), list(edges(b))
    base = min(min(e[1], e[3]) for e in ours + theirs)
    total = Fraction(0)
    for x0, y0, x1, y1, s in ours:
        for u0, v0, u1, v1, t in theirs:
            begin, end = max(x0, u0), min(x1, u1)
            if begin >= end:
                continue
            f = [y0 + (y1 - y0) * (x - x0) / (x1 - x0) - base for x in (begin, end)]
            g = [v0 + (v1 - v0) * (x - u0) / (u1 - u0) - base for x in (begin, end)]
            cuts, (d0, d1) = [begin, end], (f[0] - g[0], f[1] - g[1])
            heights = [min(f[0], g[0]), min(f[1], g[1])]
            if d0 * d1 < 0:
                part = d0 / (d0 - d1)
                cuts.insert(1, begin + part * (end - begin))
                heights.insert(1, f[0] + part * (f[1] - f[0]))
            total += (
                s
                * t
                * sum(
                    (cuts[k + 1] - cuts[k]) * (heights[k] + heights[k + 1]) / 2
                    for k in range(len(cuts) - 1)
                )
            )
    return float(total)
