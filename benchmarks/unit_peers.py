"""What a planner would run instead of the choice of units, and what helps its answers."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.joining.best import pieces
from lowuse_gis.core.joining.problem import objective

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Problem
    from unit_ground import Place

    Labels = NDArray[np.int64]

HERE = Path(__file__).parent
DATA = HERE / "data"
REACH = 15.0  # m that a closing goes out and back in
FAR = 5  # times the least area, above which greedy growth gives a seed up


def touching(place: Place) -> Labels:
    """Join low-use nodes that share a border."""
    problem = place.problem
    held = problem.cost > 0
    left, right, cost = problem.left[held], problem.right[held], problem.cost[held]
    bare = replace(problem, left=left, right=right, cost=cost)
    return pieces(bare, np.where(problem.low > 0, 0, -1))


def bridged(place: Place) -> Labels:
    """Join low-use nodes that touch, or lie near each other."""
    return pieces(place.problem, np.where(place.problem.low > 0, 0, -1))


def closing(place: Place) -> Labels:
    """Take the nodes that lie mostly within the closing of the low-use land of their block."""
    problem, low = place.problem, place.problem.low > 0
    closed = []
    for begin, end in zip(problem.blocks[:-1], problem.blocks[1:], strict=True):
        land = shapely.union_all(place.cells[begin:end][low[begin:end]])
        closed.append(shapely.buffer(shapely.buffer(land, REACH), -REACH))
    within = shapely.intersection(place.cells, np.array(closed, dtype=object)[problem.block])
    inside = shapely.area(within) > 0.5 * shapely.area(place.cells)
    return pieces(problem, np.where(inside, 0, -1))


def greedy(place: Place) -> Labels:
    """Grow units from low-use nodes, the largest first, by the neighbour that is worth most."""
    problem = place.problem
    near: list[list[tuple[int, int]]] = [[] for _node in range(len(problem))]
    ends = (x.tolist() for x in (problem.left, problem.right, problem.cost))
    for a, b, cost in zip(*ends, strict=True):
        near[a].append((b, cost))
        near[b].append((a, cost))
    gain = [
        worth - sum(cost for _other, cost in others)
        for worth, others in zip(problem.worth.tolist(), near, strict=True)
    ]
    label = np.full(len(problem), -1, dtype=np.int64)
    seeds = np.flatnonzero(problem.low > 0)
    for seed in seeds[np.argsort(-problem.low[seeds], kind="stable")].tolist():
        if label[seed] < 0:
            label[_grown(problem, near, gain, label, seed)] = seed
    return label


def _grown(
    problem: Problem,
    near: list[list[tuple[int, int]]],
    gain: list[int],
    label: Labels,
    seed: int,
) -> list[int]:
    """Return the best unit met while growing from a seed, which may be empty."""
    unit: list[int] = []
    edge, area, low, worth, best, much = {seed: gain[seed]}, 0, 0, 0, 0, 0
    while edge:
        node = max(edge, key=edge.__getitem__)
        keeps = problem.least <= area <= problem.most
        keeps = keeps and low >= problem.limits.low_use_share * area
        if (keeps and edge[node] <= 0) or (not keeps and area > FAR * problem.least):
            break
        worth += edge.pop(node)
        unit.append(node)
        area, low = area + int(problem.area[node]), low + int(problem.low[node])
        for other, cost in near[node]:
            if label[other] < 0 and other not in unit:
                edge[other] = edge.get(other, gain[other]) + 2 * cost
        keeps = problem.least <= area <= problem.most
        if keeps and low >= problem.limits.low_use_share * area and worth > much:
            best, much = len(unit), worth
    return unit[:best]


def max_p(place: Place, python: str) -> tuple[Labels, dict[str, Any]]:
    """Run max-p per block in another environment; return labels, seconds and versions."""
    problem, count = place.problem, len(place.problem)
    DATA.mkdir(exist_ok=True)
    given, out = DATA / "maxp.npz", DATA / "maxp.npy"
    links = (np.ones(len(problem.left), dtype=np.int8), (problem.left, problem.right))
    part = connected_components(coo_array(links, shape=(count, count)), directed=False)[1]
    np.savez(
        given, left=problem.left, right=problem.right, area=problem.area, least=problem.least,
        share=problem.low / problem.area, part=part,
    )  # fmt: skip
    order = [python, str(HERE / "unit_maxp.py"), str(given), str(out)]
    done = subprocess.run(order, check=True, stdout=subprocess.PIPE, text=True)
    return np.load(out), json.loads(done.stdout.splitlines()[-1])


def sound(problem: Problem, label: Labels) -> Labels:
    """Drop units that break the limits; one that does not hang together is several."""
    unit, inverse = np.unique(pieces(problem, label), return_inverse=True)
    area, low = (np.zeros(len(unit), dtype=np.int64) for _of in range(2))
    np.add.at(area, inverse, problem.area)
    np.add.at(low, inverse, problem.low)
    keep = problem.keeps_limits(area, low) & (unit >= 0)
    return np.where(keep, unit, -1)[inverse]


def helped(problem: Problem, label: Labels) -> Labels:
    """Drop what is worth nothing, and join units that touch where that is worth more."""
    label = sound(problem, label)
    joined = sound(problem, np.where(label >= 0, 0, -1))
    one, other = _paying(problem, label), _paying(problem, joined)
    better = objective(problem, other) > objective(problem, one)
    return np.where(better[problem.block], other, one)


def _paying(problem: Problem, label: Labels) -> Labels:
    """Keep the units that are worth something."""
    worth = np.zeros(len(problem) + 1, dtype=np.int64)  # the last for no unit
    np.add.at(worth, label, problem.worth)
    left, right = label[problem.left], label[problem.right]
    apart = left != right
    for side in (left, right):
        np.subtract.at(worth, side[apart], problem.cost[apart])
    return np.where((label >= 0) & (worth[label] > 0), label, -1)
