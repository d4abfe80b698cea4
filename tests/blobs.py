"""Random polygons for oracles: stars, rings, several parts, slivers, copies, neighbours."""

from __future__ import annotations

import numpy as np
import shapely

ZONE = np.array([39_500_000.0, 4_300_000.0])


def star(rng, centre, radius, corners):
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = radius * rng.uniform(0.3, 1.0, corners)
    ring = centre + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    return shapely.make_valid(shapely.Polygon(ring))


def only_polygons(shape):
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 0]
    return shapely.union_all(parts) if parts else None


def blobs(seed, count, *, size=25.0, extent=600.0, shift=ZONE):
    """Return valid polygons: some with holes, some of several parts, some with many vertices."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        centre = rng.uniform(0, extent, 2)
        shape = star(rng, centre, size, int(rng.integers(3, 30)))
        if number % 5 == 0:
            shape = shapely.difference(shape, star(rng, centre, size * 0.5, 7))
        if number % 7 == 0:
            shape = shapely.union(shape, star(rng, centre + 2.5 * size, size * 0.6, 9))
        if number % 11 == 0:  # a sliver
            shape = shapely.box(*centre, centre[0] + 3 * size, centre[1] + 0.02)
        if number % 13 == 0 and made:  # an exact copy, or one that shares an edge
            shape = made[-1]
        if number % 17 == 0:  # the neighbour along one side
            shape = shapely.box(*(centre.round(-1)), *(centre.round(-1) + 20))
        if number % 29 == 0:  # many vertices
            shape = shapely.Point(centre).buffer(size * 3, quad_segs=120)
        made.append(only_polygons(shape))
    array = np.array(made, dtype=object)
    return shapely.transform(array, lambda xy: (xy + shift).round(4))


def brick_wall(columns, rows, side=20.0, shift=ZONE):
    """Return bricks set off row by row: neighbours above and below are noded differently."""
    row, column = np.divmod(np.arange(columns * rows), columns)
    x = shift[0] + column * side + (row % 2) * side / 2
    y = shift[1] + row * side
    return shapely.box(x, y, x + side, y + side)


def squares(columns, rows, side=20.0, shift=ZONE):
    """Return an exactly noded coverage of squares."""
    row, column = np.divmod(np.arange(columns * rows), columns)
    x, y = shift[0] + column * side, shift[1] + row * side
    return shapely.box(x, y, x + side, y + side)
