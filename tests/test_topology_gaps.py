"""Gaps of a layer against the holes of its union."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from lowuse_gis.core.topology.gaps import gap_facts
from test_topology_overlaps import EAST, array, layers, mosaic

NORTH = 4_305_000.0


def enclosed(shapes):
    """Return the areas that the union's outlines enclose and it does not cover.

    Its holes are not all: two parts that touch at two points enclose an area too. Snapped to a
    thousandth of a millimetre, a vertex that touches a sloping edge does touch it.
    """
    union = shapely.union_all([s for s in shapes if s is not None], grid_size=1e-6)
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.boundary(union))]))
    return sorted(f.area for f in faces if f.difference(union).area > 1e-5)


@settings(max_examples=400, deadline=None)
@given(layers(turns=(0.0,)))
def test_gaps_are_what_the_union_encloses(shapes):
    found = gap_facts(shapes, 1e9)
    assert sorted(found["area"]) == pytest.approx(enclosed(shapes), abs=1e-4)


@settings(max_examples=200, deadline=None)
@given(layers())
def test_within_finds_all_that_is_not_covered(shapes):
    """The same places; where two of them touch in a point they may count as one."""
    whole = array(shapely.box(-1, -2, 14, 13))[0]
    found = gap_facts(shapes, 1e9, whole)["geometry"].to_numpy()
    missing = whole.difference(shapely.union_all([s for s in shapes if s is not None]))
    assert shapely.area(found).sum() == pytest.approx(missing.area, abs=1e-4)
    assert shapely.union_all(found).symmetric_difference(missing).area < 1e-4


def test_a_vertex_only_one_neighbour_has_opens_no_gap():
    """The vertex is 0.04 mm off the neighbour's edge, as coordinates of four decimals are."""
    left = shapely.Polygon([(0, 0), (10, 0), (10.00004, 5), (10, 10), (0, 10)])
    right = shapely.box(10, 0, 20, 10)
    below = [shapely.box(x, -10, x + 4, 0) for x in range(0, 20, 4)]
    found = gap_facts(array(left, right, *below), 1000.0)
    assert (found["width"] < 1e-3).all()


def test_a_gap_closed_by_such_a_vertex_is_found():
    low = shapely.Polygon([(0, 0), (10, 0), (10, 5), (6, 5), (5, 4), (4, 5), (0, 5)])
    left = shapely.box(0, 5, 4.5, 10)
    right = shapely.Polygon([(5.5, 5.00003), (10, 5.00003), (10, 10), (4.50004, 10), (4.50004, 7)])
    shapes = array(low, left, right)
    found = gap_facts(shapes, 1000.0)
    wide = found[found["width"] > 1e-3]
    assert len(wide) == 1
    assert wide["area"].iloc[0] == pytest.approx(2.0, abs=0.1)
    assert wide["neighbours"].iloc[0] == 3
    assert wide["position"].iloc[0] == 0


def test_limits_and_columns():
    cells = mosaic(5)
    strip = shapely.box(10, 10.0, 20, 20).difference(shapely.box(10, 14.0, 20, 14.2))
    cells[6] = strip  # a gap of 10 m by 0.2 m
    del cells[18]  # a gap of a whole cell
    shapes = array(*cells)
    assert gap_facts(shapes, 1000.0)["area"].round(6).tolist() == [2.0, 100.0]
    assert gap_facts(shapes, 50.0)["area"].round(6).tolist() == [2.0]
    assert len(gap_facts(shapes, 1.0)) == 0
    found = gap_facts(shapes, 1.0, widest=0.5)
    assert list(found.columns) == [
        "area",
        "width",
        "x",
        "y",
        "geometry",
        "neighbours",
        "position",
    ]
    row = found.iloc[0]
    assert row["width"] == pytest.approx(0.2, abs=0.005)
    assert (row["position"], row["neighbours"]) == (5, 3)
    assert 10 < row["x"] - EAST < 20
    assert 14 < row["y"] - NORTH < 14.2


def test_a_moat_and_the_parcel_in_it():
    """The parcel in the hole is none of the hole."""
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    inner = shapely.box(10.1, 10.1, 19.9, 19.9)
    found = gap_facts(array(ring, inner), 10.0)
    assert found["area"].tolist() == pytest.approx([100 - 9.8**2])
    assert found["width"].tolist() == pytest.approx([0.1], abs=0.05)
    assert found["neighbours"].tolist() == [2]


def test_what_is_open_to_the_outside_needs_a_boundary():
    crack = array(shapely.box(0, 0, 10, 10), shapely.box(10.1, 0, 20, 10))
    assert len(gap_facts(crack, 100.0)) == 0
    found = gap_facts(crack, 100.0, array(shapely.box(0, 0, 20, 10))[0])
    assert found["area"].tolist() == pytest.approx([1.0])


def test_the_invalid_count_with_their_area():
    cells = mosaic(3)
    cells[4] = shapely.Polygon([(10, 10), (20, 10), (20, 20), (10, 20), (10, 10), (15, 12)])
    assert not cells[4].is_valid
    found = gap_facts(array(*cells), 1000.0)
    assert found["area"].sum() < 30.0


def test_no_polygon_at_all():
    assert len(gap_facts(np.zeros(0, dtype=object), 10.0)) == 0
    assert len(gap_facts(array(None), 10.0)) == 0
    whole = array(shapely.box(0, 0, 3, 3))[0]
    found = gap_facts(array(None), 10.0, whole)
    assert found["area"].tolist() == [9.0]
    assert found["position"].tolist() == [-1]


def test_threads_do_not_change_the_answer(monkeypatch):
    monkeypatch.setattr("lowuse_gis.core.topology.nearby.AT_ONCE", 5)
    cells = [
        c for c, odd in zip(mosaic(), itertools.cycle([0, 0, 0, 1, 0]), strict=False) if not odd
    ]
    one, two = (gap_facts(array(*cells), 1000.0, threads=n) for n in (1, 2))
    assert one.drop(columns="geometry").equals(two.drop(columns="geometry"))
    assert len(one)
