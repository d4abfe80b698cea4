"""Invented ground for units: blocks of plots with low-use ones among them."""

import numpy as np
import shapely

from lowuse_gis.core.joining import Limits, Weights, posed

BORDER, ON_BARRIER = 6.0, 0.25
LEAST, MOST, SHARE = 10_000.0, 500_000.0, 0.6


def block(rng, plots, size):
    """Return the Voronoi cells of random points in a box, and which are low-use."""
    points, box = rng.random((plots, 2)) * size, shapely.box(0, 0, *size)
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=box)
    cells = shapely.intersection(shapely.get_parts(cells), box)
    at, near = shapely.get_coordinates(shapely.centroid(cells)), rng.random((2, 2)) * size
    far = ((at[:, None] - near) ** 2).sum(axis=2) / (2 * (0.3 * size[0]) ** 2)
    lean = np.exp(-far).sum(axis=1)
    low = rng.random(plots) < 0.15 + 0.7 * lean / lean.max() * rng.choice([0.6, 1.0])
    return cells, low


def bordering(cells):
    """Return pairs of cells with common border, its length, and the border of each to nothing."""
    left, right = shapely.STRtree(cells).query(cells, predicate="intersects")
    left, right = left[left < right], right[left < right]
    length = shapely.length(shapely.intersection(cells[left], cells[right]))
    some = length > 0.01
    left, right, length = left[some], right[some], length[some]
    outer = shapely.length(cells)
    outer = outer - np.bincount(left, length, len(cells)) - np.bincount(right, length, len(cells))
    return left, right, length, np.maximum(outer, 0)


def problem(blocks, order=None, least=LEAST):
    """Pose the problem of several blocks, whose edges are barriers."""
    parts = [bordering(cells) for cells, _low in blocks]
    sizes = np.array([len(cells) for cells, _low in blocks])
    start = np.cumsum(sizes) - sizes
    area = np.concatenate([shapely.area(cells) for cells, _low in blocks])
    low = np.concatenate([np.where(low, shapely.area(cells), 0) for cells, low in blocks])
    left, right = (
        np.concatenate([part[side] + at for part, at in zip(parts, start, strict=True)])
        for side in (0, 1)
    )
    border, outer = (np.concatenate([part[k] for part in parts]) for k in (2, 3))
    if order is not None:
        place = np.argsort(order)
        area, low, outer = area[order], low[order], outer[order]
        left, right = np.sort([place[left], place[right]], axis=0)
    return posed(
        area, low, np.ones(len(area)), (left, right, border), (np.zeros(len(area)), outer),
        np.repeat(np.arange(len(blocks)), sizes), Weights(BORDER, ON_BARRIER),
        Limits(least, MOST, SHARE),
    )  # fmt: skip


def planted(rng, blocks, side=12, width=45.0, noise=0.04):
    """Return the problem of blocks of plots with planted units in them, and the planted units."""
    area, low, truth, outer, ends, border, of = [], [], [], [], [], [], []
    count = unit = 0
    for number in range(blocks):
        rows, columns = rng.integers(side - 4, side + 5, 2)
        dx, dy = rng.uniform(0.6, 1.4, rows) * width, rng.uniform(0.6, 1.4, columns) * width
        mark, unit = _plant(rng, dx, dy, unit)
        wrong = rng.random((rows, columns)) < noise
        size = np.outer(dx, dy)
        at = count + np.arange(rows * columns).reshape(rows, columns)
        ends += [(at[:-1].ravel(), at[1:].ravel()), (at[:, :-1].ravel(), at[:, 1:].ravel())]
        border += [np.tile(dy, rows - 1), np.repeat(dx, columns - 1)]
        rim = np.zeros((rows, columns))
        rim[[0, -1]] += dy
        rim[:, [0, -1]] += dx[:, None]
        outer.append(rim.ravel())
        area.append(size.ravel())
        low.append(np.where((mark >= 0) ^ wrong, size, 0).ravel())
        truth.append(mark.ravel())
        of.append(np.full(rows * columns, number))
        count += rows * columns
    join = np.concatenate
    posed_ = posed(
        join(area), join(low), np.ones(count),
        (join([a for a, _b in ends]), join([b for _a, b in ends]), join(border)),
        (np.zeros(count), join(outer)), join(of), Weights(BORDER, ON_BARRIER),
        Limits(LEAST, MOST, SHARE),
    )  # fmt: skip
    return posed_, join(truth)


def _plant(rng, dx, dy, unit):
    """Mark up to three rectangles above the least area, two plots apart."""
    mark = np.full((len(dx), len(dy)), -1)
    for _try in range(rng.integers(0, 4)):
        high, wide = rng.integers(2, 6, 2)
        i, j = rng.integers(0, len(dx) - high), rng.integers(0, len(dy) - wide)
        around = mark[max(i - 2, 0) : i + high + 2, max(j - 2, 0) : j + wide + 2]
        if (around >= 0).any() or dx[i : i + high].sum() * dy[j : j + wide].sum() < 1.2 * LEAST:
            continue
        mark[i : i + high, j : j + wide] = unit
        unit += 1
    return mark, unit


def rand_index(one, other):
    """Return the adjusted Rand index of two partitions (Hubert and Arabie 1985)."""
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)

    def pairs(counts):
        return (counts * (counts - 1) / 2).sum()

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(np.array([len(one)]))
    return (both - expected) / ((rows + columns) / 2 - expected)
