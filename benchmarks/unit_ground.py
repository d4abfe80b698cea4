"""Invented ground for the choice of units: polygons, the problem they pose, and planted units."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.joining import Limits, Weights, posed
from lowuse_gis.core.joining.problem import HUNDREDTHS
from lowuse_gis.core.neighbours import near, rook

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]
import planar  # noqa: E402

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Problem

FEWEST, MOST = 8, 14  # nodes of a small block; above, the optimum is not looked for
BRIDGE = 25.0  # m: low-use parcels nearer than this may belong together
LANE = 0.3  # what a m² of a lane costs
SCRAP = 1.0  # m²


@dataclass(frozen=True)
class Place:
    """What is to be joined, on a map.

    Attributes
    ----------
    problem
        Nodes and borders.
    cells
        Polygon of each node; every block has a plane of its own.
    truth
        Planted unit of each node, -1 for none; None where nothing was planted.
    """

    problem: Problem
    cells: NDArray[np.object_]
    truth: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Block:
    """Nodes of one block: polygons, low-use m², price of other land; whether barriers bound it."""

    cells: NDArray[np.object_]
    low: NDArray[np.float64]
    price: NDArray[np.float64]
    barrier: bool


def plain(seed: int, count: int) -> Place:
    """Return blocks of Voronoi cells, the ground of the tests, with other seeds and sizes."""
    rng = np.random.default_rng(seed)
    sizes = [rng.uniform((150, 120), (280, 260)) for _block in range(count)]
    blocks = [planar.block(rng, rng.integers(FEWEST, MOST + 1), size) for size in sizes]
    return Place(planar.problem(blocks), np.concatenate([cells for cells, _low in blocks]))


def surveyed(seed: int, count: int) -> Place:
    """Return blocks of parcels with lanes and strips of land between, as a survey draws them."""
    rng, blocks = np.random.default_rng(seed), []
    while len(blocks) < count:
        block = _parcelled(rng)
        if FEWEST <= len(block.cells) <= MOST and block.low.any():
            blocks.append(block)
    return _joined(blocks)


def _parcelled(rng: np.random.Generator) -> Block:
    """Cut lanes along borders of Voronoi cells, and strips off one side of borders."""
    cells, low = planar.block(rng, rng.integers(5, 9), rng.uniform((140, 120), (260, 240)))
    left, right, length, _outer = planar.bordering(cells)
    long = np.flatnonzero(length > 30)
    chosen = rng.permutation(long)[: rng.integers(2, 6)]
    taken, strips, prices = shapely.Polygon(), [], []
    for at in chosen:
        border = shapely.intersection(cells[left[at]], cells[right[at]])
        lane = rng.random() < 0.6
        if lane:
            strip = shapely.buffer(border, rng.uniform(1.5, 5.0), cap_style="flat")
        else:
            strip = shapely.buffer(border, rng.uniform(8.0, 25.0), cap_style="flat")
            strip = shapely.intersection(strip, cells[left[at]])
        strip = shapely.difference(shapely.intersection(strip, shapely.union_all(cells)), taken)
        strips.append(strip)
        prices.append(LANE if lane else 1.0)
        taken = shapely.union(taken, strip)
    whole = np.concatenate([shapely.difference(cells, taken), np.array(strips, dtype=object)])
    parts, owner = shapely.get_parts(whole, return_index=True)
    fine = shapely.area(parts) >= SCRAP
    parts, owner = parts[fine], owner[fine]
    share = np.where(rng.random(len(cells)) < 0.7, 1.0, rng.uniform(0.75, 1.0, len(cells)))
    share = np.concatenate([np.where(low, share, 0.0), np.zeros(len(strips))])
    price = np.concatenate([np.ones(len(cells)), prices])
    return Block(parts, shapely.area(parts) * share[owner], price[owner], rng.random() < 0.5)


def _joined(blocks: list[Block]) -> Place:
    """Pose the problem of several blocks; low-use parcels near each other are neighbours too."""
    ends, borders, open_, barrier, start = [], [], [], [], 0
    for block in blocks:
        left, right, border = rook(block.cells, threads=1)
        count, low = len(block.cells), np.flatnonzero(block.low > 0)
        rim = shapely.length(block.cells)
        rim -= np.bincount(left, border, count) + np.bincount(right, border, count)
        rim = np.maximum(rim, 0)
        open_.append(np.where(block.barrier, 0, rim))
        barrier.append(np.where(block.barrier, rim, 0))
        a, b = (low[end] for end in near(block.cells[low], BRIDGE))
        apart = ~np.isin(a * count + b, left * count + right)
        left, right = np.concatenate([left, a[apart]]), np.concatenate([right, b[apart]])
        ends.append((left + start, right + start))
        borders.append(np.concatenate([border, np.zeros(apart.sum())]))
        start += count
    join = np.concatenate
    cells = join([block.cells for block in blocks])
    problem = posed(
        shapely.area(cells), join([x.low for x in blocks]), join([x.price for x in blocks]),
        (join([a for a, _b in ends]), join([b for _a, b in ends]), join(borders)),
        (join(open_), join(barrier)),
        np.repeat(np.arange(len(blocks)), [len(x.cells) for x in blocks]),
        Weights(planar.BORDER, planar.ON_BARRIER),
        Limits(planar.LEAST, planar.MOST, planar.SHARE),
    )  # fmt: skip
    return Place(problem, cells)


def planted(seed: int, count: int, noise: float) -> Place:
    """Return blocks of lattices with planted units in them."""
    problem, truth = planar.planted(np.random.default_rng(seed), count, noise=noise)
    return Place(problem, _lattice(problem), truth)


def _lattice(problem: Problem) -> NDArray[np.object_]:
    """Draw the plots of lattices from the lengths of their borders."""
    length, step = problem.cost / (planar.BORDER * HUNDREDTHS), problem.right - problem.left
    block, cells = problem.block[problem.left], []
    for number, begin in enumerate(problem.blocks[:-1]):
        mine = np.flatnonzero(block == number)
        columns = step[mine].max()
        first, last = problem.left[mine] - begin < columns, step[mine] == columns
        wide = length[mine[first & last]]
        high = length[mine[~last & ((problem.left[mine] - begin) % columns == 0)]]
        x, y = np.concatenate([[0], np.cumsum(wide)]), np.concatenate([[0], np.cumsum(high)])
        i, j = np.divmod(np.arange(len(wide) * len(high)), len(wide))
        cells.append(shapely.box(x[j], y[i], x[j + 1], y[i + 1]))
    return np.concatenate(cells)
