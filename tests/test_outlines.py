"""Dissolve by walking along edges, against the union of GEOS."""

import numpy as np
import pytest
import shapely

from blobs import ZONE, squares
from lowuse_gis.core.dissolve import dissolve


def by_union(shapes, group):
    order = np.argsort(group, kind="stable")
    return np.array(
        [shapely.union_all(shapes[order][group[order] == one]) for one in np.unique(group)]
    )


def same(found, wanted):
    assert len(found) == len(wanted)
    assert shapely.is_valid(found).all()
    assert np.abs(shapely.area(found) - shapely.area(wanted)).max() < 1e-6
    assert shapely.area(shapely.symmetric_difference(found, wanted)).max() < 1e-6


@pytest.fixture(params=["no", "yes"])
def way(request, monkeypatch):
    monkeypatch.setenv("LOWUSE_KERNELS", request.param)
    return request.param


@pytest.mark.parametrize("groups", [1, 2, 5, 40])
@pytest.mark.parametrize("seed", range(5))
def test_random_groups_of_a_coverage(groups, seed, way):
    shapes, rng = squares(18, 18), np.random.default_rng(seed)
    group = rng.integers(0, groups, len(shapes))
    group = np.unique(group, return_inverse=True)[1]
    same(dissolve(shapes, group), by_union(shapes, group))


def test_holes_islands_and_corners(way):
    shapes = squares(5, 5)
    ring = np.array([0, 1, 2, 3, 4, 5, 9, 10, 14, 15, 19, 20, 21, 22, 23, 24])
    group = np.zeros(25, dtype=int)
    group[12] = 0  # an island in the hole
    keep = np.append(ring, 12)
    same(dissolve(shapes[keep], group[keep]), by_union(shapes[keep], group[keep]))
    corner = np.array([0, 6, 12, 18])  # touch at corners only
    same(dissolve(shapes[corner], group[corner]), by_union(shapes[corner], group[corner]))
    pinched = np.array(
        [0, 1, 2, 5, 7, 10, 11, 12, 16]
    )  # a hole that touches the outside at a corner
    same(dissolve(shapes[pinched], group[pinched]), by_union(shapes[pinched], group[pinched]))


def test_every_vertex_is_one_of_the_members(way):
    shapes = squares(10, 10)
    found = dissolve(shapes, np.arange(100) // 30)
    ours = {tuple(p) for p in shapely.get_coordinates(found)}
    assert ours <= {tuple(p) for p in shapely.get_coordinates(shapes)}
    assert shapely.get_num_coordinates(found).sum() > 60  # none was left out


def test_what_is_not_noded_alike_or_overlaps_is_united_all_the_same(way):
    apart = squares(3, 3)
    shifted = np.append(apart, shapely.box(*(ZONE + 30), *(ZONE + 75)))  # overlaps several
    group = np.zeros(10, dtype=int)
    same(dissolve(shifted, group), by_union(shifted, group))
    halves = np.array(
        [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 5), shapely.box(10, 5, 20, 10)]
    )
    same(dissolve(halves, np.zeros(3, dtype=int)), by_union(halves, np.zeros(3, dtype=int)))


def test_a_plot_drawn_twice_beside_its_neighbour_is_united_all_the_same(way):
    twice = np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    half = np.array([shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, 0), (1, 1)])])
    for shapes in (twice, half):
        group = np.zeros(len(shapes), dtype=int)
        same(dissolve(shapes, group), by_union(shapes, group))
