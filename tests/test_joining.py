"""The choice of units against every choice there is, against planted units, and against itself."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

import planar
from lowuse_gis.core.joining import choose
from lowuse_gis.core.joining.best import pieces
from lowuse_gis.core.joining.exact import optimum
from lowuse_gis.core.joining.problem import objective
from lowuse_gis.core.joining.seam import parted


@pytest.fixture(scope="module")
def blocks():
    rng = np.random.default_rng(1)
    sizes = [rng.uniform((150, 120), (260, 260)) for _block in range(120)]
    return [planar.block(rng, rng.integers(8, 13), size) for size in sizes]


@pytest.fixture(scope="module")
def problem(blocks):
    return planar.problem(blocks)


@pytest.fixture(scope="module")
def best(problem):
    """The optimum of each block, by a plain recursion over sets of nodes."""
    return np.array([plain_optimum(problem, at) for at in range(len(problem.blocks) - 1)])


def plain_optimum(problem, block):
    """Look at every set of nodes as a tree of choices, without bits or numpy."""
    begin, end = problem.blocks[block], problem.blocks[block + 1]
    near = {v: {} for v in range(begin, end)}
    for a, b, cost in zip(problem.left, problem.right, problem.cost, strict=True):
        if begin <= a < end:
            near[a][b] = near[b][a] = int(cost)
    best, nodes = 0, list(range(begin, end))
    for number in range(1, 1 << len(nodes)):
        chosen = {v for k, v in enumerate(nodes) if number >> k & 1}
        worth = sum(int(problem.worth[v]) for v in chosen)
        worth -= sum(c for v in chosen for w, c in near[v].items() if w not in chosen)
        if worth > best and all(keeps(problem, unit) for unit in hanging(chosen, near)):
            best = worth
    return best


def hanging(chosen, near):
    left = set(chosen)
    while left:
        unit, edge = set(), [left.pop()]
        while edge:
            v = edge.pop()
            unit.add(v)
            edge += [w for w in near[v] if w in left]
            left -= set(edge)
        yield unit


def keeps(problem, unit):
    area, low = (sum(int(x[v]) for v in unit) for x in (problem.area, problem.low))
    return problem.least <= area <= problem.most and low >= problem.limits.low_use_share * area


def check_sound(problem, choice):
    """Every unit hangs together and keeps the limits; worth and bound are what they claim."""
    label = choice.label
    inside = label >= 0
    assert len(np.unique(pieces(problem, label)[inside])) == label.max(initial=-1) + 1
    area, low = (np.bincount(label[inside], x[inside]) for x in (problem.area, problem.low))
    assert problem.keeps_limits(area.astype(np.int64), low.astype(np.int64)).all()
    assert (objective(problem, label) == choice.objective).all()
    assert (choice.objective <= choice.bound).all()


def test_the_search_finds_nearly_every_optimum(problem, best):
    choice = choose(problem, exact=False)
    check_sound(problem, choice)
    some = best > 0
    assert (choice.objective <= best).all()
    assert (choice.bound >= best).all()
    assert (choice.objective[some] / best[some]).mean() >= 0.95
    assert (choice.objective[some] == best[some]).mean() >= 0.7


def test_small_blocks_are_solved_exactly(problem, best):
    choice = choose(problem)
    check_sound(problem, choice)
    assert choice.objective.tolist() == best.tolist()
    assert (choice.bound[choice.exact] == best[choice.exact]).all()


def test_every_set_is_looked_at(problem, best):
    for at in range(0, len(best), 10):
        label = np.full(len(problem), -1)
        label[problem.blocks[at] : problem.blocks[at + 1]] = optimum(problem, at)
        assert objective(problem, label)[at] == best[at]


@pytest.mark.parametrize(("noise", "alike"), [(0.0, 1.0), (0.02, 0.93), (0.04, 0.88)])
def test_planted_units_are_found_again(noise, alike):
    """With noise the objective wants other units than those planted: see RESULTS-units.md."""
    problem, truth = planar.planted(np.random.default_rng(3), 150, noise=noise)
    choice = choose(problem, kicks=1)
    check_sound(problem, choice)
    assert len(problem) > 20_000
    assert choice.objective.sum() >= 0.9 * choice.bound.sum()
    either = (truth >= 0) | (choice.label >= 0)
    alone = np.arange(either.sum()) + max(truth.max(), choice.label.max()) + 1
    one, other = (np.where(x[either] >= 0, x[either], alone) for x in (truth, choice.label))
    one, other = (np.unique(x, return_inverse=True)[1] for x in (one, other))
    assert planar.rand_index(one, other) >= alike


def test_the_number_of_threads_does_not_matter():
    problem, _truth = planar.planted(np.random.default_rng(5), 20)
    one, two = choose(problem, threads=1, kicks=2), choose(problem, threads=2, kicks=2)
    assert one.label.tolist() == two.label.tolist()


def test_raising_the_least_area_gives_no_smaller_unit(blocks):
    for least in (8_000.0, 12_000.0, 20_000.0):
        problem = planar.problem(blocks, least=least)
        label = choose(problem).label
        area = np.bincount(label[label >= 0], problem.area[label >= 0])
        assert (area >= least * 100).all()


def test_the_order_of_equal_plots_changes_no_value(blocks):
    rng = np.random.default_rng(9)
    sizes = [len(cells) for cells, _low in blocks]
    start = np.cumsum([0, *sizes])[:-1]
    order = np.concatenate(
        [at + rng.permutation(size) for at, size in zip(start, sizes, strict=True)]
    )
    one, other = choose(planar.problem(blocks)), choose(planar.problem(blocks, order))
    assert one.objective.tolist() == other.objective.tolist()


def test_a_unit_that_is_too_large_is_parted_at_its_narrow_place():
    left, right = shapely.box(0, 0, 100, 100), shapely.box(120, 0, 220, 100)
    neck = shapely.box(100, 45, 120, 55)
    cells = np.array([left, neck, right])
    problem = planar.problem([(cells, np.array([True, True, True]))])
    problem = replace(problem, limits=replace(problem.limits, maximum_area=12_000.0))
    label = parted(problem, np.zeros(3, dtype=np.int64))
    assert len(np.unique(label)) == 2
    assert label[0] != label[2]
    choice = choose(problem)
    check_sound(problem, choice)
    assert choice.label.max() == 1


def test_nothing_to_join():
    nothing = np.zeros(0)
    empty = planar.posed(
        nothing, nothing, nothing, (nothing, nothing, nothing), (nothing, nothing),
        np.zeros(0, dtype=np.int64), planar.Weights(6, 0.25), planar.Limits(1, 2, 0.5),
    )  # fmt: skip
    choice = choose(empty)
    assert len(choice.label) == len(choice.objective) == 0
