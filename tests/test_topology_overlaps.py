"""Overlaps of a layer, found through edges without a twin, against a plain search."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lowuse_gis.core.topology.layer import regions_of_layer
from lowuse_gis.core.topology.overlaps import overlap_facts
from lowuse_gis.core.topology.widths import widest_places

EAST = 39_492_000.0  # a zone-prefixed easting leaves few digits


def array(*shapes):
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    with np.errstate(invalid="ignore"):
        return shapely.transform(found, lambda xy: xy + np.array([EAST, 4_305_000.0]))


def plain(shapes, stratum=None, least=1e-5):
    """Search all pairs with a tree and intersections."""
    found = {}
    for i, j in zip(*shapely.STRtree(shapes).query(shapes), strict=True):
        both = shapes[i], shapes[j]
        if i < j and all(s is not None and s.is_valid for s in both):
            area = shapely.intersection(*both).area
            if area > least and (stratum is None or stratum[i] == stratum[j]):
                found[int(i), int(j)] = area
    return found


def ours(facts):
    pairs = zip(facts["position"].tolist(), facts["other"].tolist(), strict=True)
    return dict(zip(pairs, facts["area"].tolist(), strict=True))


cell = st.integers(0, 8)
box = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    cell,
    cell,
    st.integers(1, 4),
    st.integers(1, 4),
)
triangle = st.lists(st.tuples(cell, cell), min_size=3, max_size=3, unique=True).map(shapely.Polygon)
holed = st.builds(
    lambda x, y: shapely.difference(
        shapely.box(x, y, x + 4, y + 4), shapely.box(x + 1, y + 1, x + 2, y + 3)
    ),
    cell,
    cell,
)
several = st.lists(box, min_size=2, max_size=3).map(shapely.union_all)
figure = st.one_of(box, box, triangle, holed, several)


@st.composite
def layers(draw, turns=(0.0, 0.0, 17.0)):
    """Mosaics, noded or not, with foreign polygons on top; turned, nothing matches exactly."""
    shapes = draw(st.lists(figure, min_size=0, max_size=8))
    if draw(st.booleans()):
        cuts = draw(st.lists(st.integers(0, 12), min_size=2, max_size=5, unique=True))
        rows = itertools.pairwise(sorted(cuts))
        offset = draw(st.sampled_from([0, 0, 1, 2]))  # rows set off: T-junctions
        for row, (low, high) in enumerate(rows):
            shapes += [
                shapely.box(x + offset * row / 3, low, x + 3 + offset * row / 3, high)
                for x in range(0, 12, 3)
            ]
    if shapes and draw(st.booleans()):
        shapes.append(draw(st.sampled_from(shapes)))
    if shapes and draw(st.booleans()):  # another whole layer on top
        shapes += [shapely.transform(s, lambda xy: xy + np.array([0.5, 0.0])) for s in shapes]
    if draw(st.booleans()):
        shapes.insert(0, None)
    order = draw(st.permutations(range(len(shapes))))
    turn = draw(st.sampled_from(turns))
    shapes = [shapely.affinity.rotate(s, turn, (0, 0)) if s else s for s in shapes]
    return array(*[shapes[i] for i in order])


@settings(max_examples=300, deadline=None)
@given(layers(), st.booleans())
def test_overlaps_are_those_of_a_plain_search(shapes, digits):
    if digits:
        shapes = shapely.transform(shapes, lambda xy: xy.round(4))
    facts = overlap_facts(shapes, regions=regions_of_layer(shapes))
    assert ours(facts) == pytest.approx(plain(shapes), abs=1e-6)
    assert overlap_facts(shapes).drop(columns="geometry").equals(facts.drop(columns="geometry"))
    assert (shapely.area(facts["geometry"].to_numpy()) == facts["area"]).all()


@settings(max_examples=200, deadline=None)
@given(layers(), st.randoms(use_true_random=False))
def test_only_one_stratum_is_compared(shapes, random):
    stratum = np.array([random.choice(["surface", "below"]) for _ in shapes], dtype=object)
    expected = pytest.approx(plain(shapes, stratum), abs=1e-6)
    assert ours(overlap_facts(shapes, stratum)) == expected
    regions = regions_of_layer(shapes, stratum)
    assert ours(overlap_facts(shapes, stratum, regions=regions)) == expected


def mosaic(side=12, cell_size=10.0):
    return [
        shapely.box(x, y, x + cell_size, y + cell_size)
        for y in np.arange(side) * cell_size
        for x in np.arange(side) * cell_size
    ]


def test_whole_layers_on_each_other():
    """Inside, every edge has its twin; only the outer border tells of the overlap."""
    aside = [shapely.transform(s, lambda xy: xy + 5.0) for s in mosaic()]
    shapes = array(*mosaic(), *aside)
    facts = overlap_facts(shapes, regions=regions_of_layer(shapes))
    assert ours(facts) == pytest.approx(plain(shapes))
    same = array(*mosaic(), *mosaic())
    facts = overlap_facts(same, regions=regions_of_layer(same))
    assert len(facts) == 144
    assert set(facts["kind"]) == {"identical"}


def test_an_exact_cover_has_no_place_to_look_at():
    regions = regions_of_layer(array(*mosaic()))
    assert len(regions.doubled) == len(regions.void) == 0


def test_kinds_and_places():
    shapes = array(
        shapely.box(0, 0, 10, 10),
        shapely.box(2, 2, 4, 4),
        shapely.segmentize(shapely.box(0, 0, 10, 10), 3.0),
        shapely.box(9, 4, 30, 6),
        shapely.box(10, 0, 20, 4),
    )
    facts = overlap_facts(shapes).set_index(["position", "other"])
    assert facts["kind"].to_dict() == {
        (0, 1): "contained",
        (0, 2): "identical",
        (0, 3): "overlap",
        (1, 2): "contained",
        (2, 3): "overlap",
    }
    row = facts.loc[0, 3]
    assert row["area"] == pytest.approx(2.0)
    assert row["width"] == pytest.approx(1.0, abs=0.01)
    assert shapely.box(9, 4, 10, 6).contains(shapely.Point(row["x"] - EAST, row["y"] - 4_305_000.0))


def test_the_invalid_are_passed_over():
    bow_tie = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
    with np.errstate(invalid="ignore"):
        nan = shapely.from_wkt("POLYGON ((0 0, 4 0, nan 4, 0 0))")
    shapes = array(bow_tie, shapely.box(0, 0, 9, 9), nan, None, shapely.box(8, 8, 12, 12))
    shapes = np.append(shapes, array(shapely.Point(1, 1), shapely.Polygon()))
    assert ours(overlap_facts(shapes)) == pytest.approx({(1, 4): 1.0})


def test_no_polygon_at_all():
    empty = overlap_facts(np.zeros(0, dtype=object))
    assert len(empty) == 0
    assert len(overlap_facts(array(None, None))) == 0
    assert list(empty.columns) == [
        "position",
        "other",
        "area",
        "width",
        "x",
        "y",
        "geometry",
        "kind",
    ]


@settings(max_examples=100, deadline=None)
@given(st.floats(0.05, 50), st.floats(0.05, 50), st.floats(0, 180))
def test_width_is_the_largest_circle_that_fits(a, b, angle):
    shape = shapely.affinity.rotate(shapely.box(0, 0, a, b), angle)
    assert widest_places(array(shape)).width[0] == pytest.approx(min(a, b), rel=0.02)
    right = shapely.Polygon([(0, 0), (3, 0), (0, 4)])
    assert widest_places(array(right)).width[0] == pytest.approx(2.0, rel=0.02)


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0.05, 8), st.floats(0.0, 0.02), st.floats(20, 400), st.floats(0, 180),
    st.sampled_from([0.0, 39_492_000.0]),
)  # fmt: skip
def test_the_place_lies_where_it_is_wide(side, tail, length, angle, east):
    """A square with a tail, of no width perhaps, on the line through its middle."""
    square = shapely.Polygon(
        [(0, 0), (side, 0), (side, side), (0, side), (0, side / 2 + tail), (-length, side / 2)]
    )
    shape = shapely.affinity.rotate(square, angle, (0, 0))
    shape = shapely.affinity.translate(shape, east, 4_305_000.0 if east else 0.0)
    found = widest_places(array(shape))
    room = shape.exterior.distance(shapely.Point(found.x[0], found.y[0]))
    assert room > 0.4 * side
    assert found.width[0] == pytest.approx(side, rel=0.05)
