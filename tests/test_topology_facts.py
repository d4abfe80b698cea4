"""Facts about single shapes, vertices, and edges of two layers."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lowuse_gis.core.topology.edges import edge_facts
from lowuse_gis.core.topology.layer import regions_of_layer
from lowuse_gis.core.topology.overlaps import overlap_facts
from lowuse_gis.core.topology.shape import shape_facts
from lowuse_gis.core.topology.vertices import vertex_facts
from test_topology_overlaps import EAST, array, ours, plain

NORTH = 4_305_000.0


def test_measures_of_a_shape():
    block = shapely.box(0, 0, 10, 10, ccw=False)
    holed = block.difference(shapely.union(shapely.box(1, 1, 2, 2), shapely.box(5, 5, 8, 8)))
    parted = shapely.union(shapely.box(0, 0, 1, 1), shapely.box(5, 5, 8, 8))
    strip = shapely.affinity.rotate(shapely.box(0, 0, 100, 2), 30)
    facts = shape_facts(array(block, holed, parted, strip, None, shapely.Polygon()))
    assert facts["position"].tolist() == list(range(6))
    assert facts["vertices"].tolist() == [4, 12, 8, 4, 0, 0]
    assert facts["parts"].tolist() == [1, 1, 2, 1, 0, 0]
    assert facts["holes"].tolist() == [0, 2, 0, 0, 0, 0]
    assert facts["empty"].tolist() == [False] * 4 + [True] * 2
    assert facts["plane_area"][1] == pytest.approx(90.0)
    assert facts["smallest_hole_area"].tolist()[:2] == pytest.approx([np.nan, 1.0], nan_ok=True)
    assert facts["smallest_part_area"].tolist()[:3] == pytest.approx([100.0, 100.0, 1.0])
    assert facts["mean_width"][0] == pytest.approx(5.0)
    assert facts["compactness"][0] == pytest.approx(np.pi / 4)
    assert facts["box_length"][3] == pytest.approx(100.0, abs=1e-4)
    assert facts["box_width"][3] == pytest.approx(2.0, abs=1e-4)
    inside = shapely.points(facts["x"][:4], facts["y"][:4])
    assert shapely.contains(array(block, holed, parted, strip), inside).all()


def test_what_is_invalid_and_where():
    bow_tie = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
    outside = shapely.Polygon(shapely.box(0, 0, 2, 2).exterior, [shapely.box(5, 5, 6, 6).exterior])
    with np.errstate(invalid="ignore"):
        nan = shapely.from_wkt("POLYGON ((0 0, 4 0, nan 4, 0 0))")
        endless = shapely.from_wkt("POLYGON ((0 0, 4 0, inf 4, 0 0))")
    facts = shape_facts(array(bow_tie, outside, nan, endless, shapely.box(0, 0, 1, 1)))
    assert facts["invalid"].tolist() == [True] * 4 + [False]
    assert facts["invalid_reason"].tolist() == [
        "Self-intersection",
        "Hole lies outside shell",
        "Invalid Coordinate",
        "Invalid Coordinate",
        "",
    ]
    assert facts["invalid_x"][0] == pytest.approx(EAST + 2)
    assert facts["invalid_y"][0] == pytest.approx(NORTH + 2)
    assert facts["x"][0] == facts["invalid_x"][0]


def test_direction_of_rings():
    right = shapely.Polygon(shapely.box(0, 0, 9, 9, ccw=False).exterior.coords)
    hole = shapely.box(2, 2, 4, 4).exterior.coords
    good = shapely.Polygon(right.exterior.coords, [list(hole)])
    bad_hole = shapely.Polygon(right.exterior.coords, [list(hole)[::-1]])
    wound = array(right, good, bad_hole, right.reverse(), good.reverse())
    alike = shape_facts(wound)["wrong_orientation"]  # either way will do, if the rings agree
    assert alike.tolist() == [False, False, True, False, False]
    clockwise = shape_facts(wound, shell_ccw=False)["wrong_orientation"]
    assert clockwise.tolist() == [False, False, True, True, True]
    turned = shape_facts(wound, shell_ccw=True)["wrong_orientation"]
    assert turned.tolist() == [True, True, True, False, False]


def test_parts_that_could_be_one():
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2)]
    edge, corner = shapely.MultiPolygon(boxes[:2]), shapely.MultiPolygon([boxes[0], boxes[2]])
    over = shapely.MultiPolygon([boxes[0], shapely.box(0.5, 0, 2, 1)])
    apart = shapely.MultiPolygon([boxes[0], shapely.box(5, 0, 6, 1)])
    facts = shape_facts(array(edge, corner, over, apart, boxes[0]))
    assert facts["touching_parts"].tolist() == [True, False, True, False, False]


def test_doubled_vertices_and_spikes():
    doubled = shapely.Polygon([(0, 0), (10, 0), (10.0004, 0), (10, 10), (0, 10), (0, 0), (0, 0)])
    spike = shapely.Polygon([(0, 0), (10, 0), (10, 5), (30, 5.1), (10, 5.2), (10, 10), (0, 10)])
    first = shapely.Polygon([(30, 5.1), (10, 5.2), (10, 10), (0, 10), (0, 0), (10, 0), (10, 5)])
    cut = shapely.Polygon([(0, 0), (10, 0), (10, 5), (2, 5.1), (10, 5.2), (10, 10), (0, 10)])
    facts = vertex_facts(array(None, doubled, spike, first, cut), 0.001, 10.0)
    assert facts["kind"].tolist() == ["doubled"] * 2 + ["spike"] * 3
    assert facts["position"].tolist() == [1, 1, 2, 3, 4]
    assert facts["value"][:2].tolist() == pytest.approx([0.0004, 0.0], abs=1e-8)
    assert facts["value"][2:].tolist() == pytest.approx([0.573, 0.573, 1.432], abs=0.001)
    assert (facts["x"][2:] - EAST).tolist() == pytest.approx([30, 30, 2])
    assert shapely.get_num_coordinates(facts["geometry"].to_numpy()).tolist() == [1, 1, 3, 3, 3]
    assert len(vertex_facts(array(spike), 0.001, 0.5)) == 0
    assert len(vertex_facts(array(spike), 0.001, 10.0, leg=25.0)) == 0


def test_a_spike_behind_a_doubled_vertex_and_in_a_hole():
    tip = [(10, 5), (30, 5.1), (30.0003, 5.1), (10, 5.2)]
    shape = shapely.Polygon([(0, 0), (10, 0), *tip, (10, 10), (0, 10)])
    hole = [(40, 40), (60, 40), (60, 50), (41, 50.1), (60, 50.2), (60, 60), (40, 60)]
    holed = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior.coords, [hole])
    facts = vertex_facts(array(shape, holed), 0.001, 10.0)
    assert facts[["position", "ring", "kind"]].to_numpy().tolist() == [
        [0, 0, "doubled"],
        [0, 0, "spike"],
        [1, 1, "spike"],
    ]


def test_collapsed_rings():
    point = shapely.Polygon([(1, 1), (1, 1), (1, 1), (1, 1)])
    line = shapely.Polygon([(0, 0), (5, 0), (0, 0), (0, 0)])
    facts = vertex_facts(array(point, line), 0.001, 10.0)
    counts = facts.groupby(["position", "kind"]).size().to_dict()
    assert counts == {(0, "doubled"): 3, (1, "doubled"): 1, (1, "spike"): 2}
    assert len(vertex_facts(np.zeros(0, dtype=object), 0.001, 10.0)) == 0
    assert len(vertex_facts(array(None), 0.001, 10.0)) == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=9))
def test_vertices_against_one_at_a_time(points):
    shape = shapely.Polygon(points)
    facts = vertex_facts(array(shape), 0.5, 40.0, leg=0.5)
    ring = list(shape.exterior.coords)[:-1]
    doubled = sum(ring[i] == ring[i - 1] for i in range(len(ring)))
    ring = [p for i, p in enumerate(ring) if p != ring[(i + 1) % len(ring)]]
    spikes = 0
    for i, at in enumerate(ring):
        legs = np.subtract(ring[i - 1], at), np.subtract(ring[(i + 1) % len(ring)], at)
        cosine = legs[0] @ legs[1] / np.prod([np.hypot(*leg) for leg in legs])
        spikes += np.degrees(np.arccos(np.clip(cosine, -1, 1))) < 40.0
    kinds = facts["kind"].value_counts()
    assert (kinds.get("doubled", 0), kinds.get("spike", 0)) == (doubled, spikes)


def test_edges_that_nearly_match():
    one = array(shapely.box(0, 0, 10, 10), shapely.box(50, 50, 60, 60))
    two = array(shapely.box(10.1, 2, 20, 8), shapely.box(60, 40, 70, 70), shapely.box(0, -9, 9, -5))
    facts = edge_facts(one, two, 0.5)
    assert facts[["position", "other"]].to_numpy().tolist() == [[0, 0]]
    row = facts.iloc[0]
    assert row["distance"] == pytest.approx(0.1, abs=1e-7)
    assert row["length"] == pytest.approx(6.0)
    assert row["geometry"].length == pytest.approx(6.0)
    assert row["x"] == pytest.approx(EAST + 10)
    assert len(edge_facts(one, two, 0.05)) == 0
    assert len(edge_facts(one, two, 0.5, least=7.0)) == 0
    assert len(edge_facts(one, one, 0.5)) == 0


def test_edges_at_an_angle_count_where_they_are_near():
    one = array(shapely.box(0, 0, 100, 10))
    two = array(shapely.Polygon([(0, 10), (100, 11), (100, 30), (0, 30)]))
    row = edge_facts(one, two, 0.5).iloc[0]
    assert row["length"] == pytest.approx(50.0, abs=0.1)
    assert row["distance"] == pytest.approx(0.5, abs=1e-4)
    steep = array(shapely.Polygon([(0, 10), (40, 50), (0, 50)]))
    assert len(edge_facts(one, steep, 0.5, least=0.1)) == 0


def test_a_matching_edge_is_not_held_against_a_third():
    """The second layer has the first's edge, and a strip beside it; vertices differ."""
    one = array(shapely.box(0, 0, 10, 10))
    two = array(shapely.box(10, -5, 10.1, 15), shapely.box(10.1, -5, 20, 15))
    assert len(edge_facts(one, two, 0.5)) == 0


def test_an_edge_drawn_back_is_found_though_its_neighbour_fits():
    """Of two neighbours one is 0.2 m short on 6 m of the border; the other layer has both whole."""
    left, right = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)
    back = shapely.Polygon(
        [(0, 0), (10, 0), (10, 2), (9.8, 2), (9.8, 8), (10, 8), (10, 10), (0, 10)]
    )
    for one, other in ((array(back, right), 0), (array(right, back), 1)):
        facts = edge_facts(one, array(left, right), 0.5)
        assert facts["position"].tolist() == [other]
        assert facts["distance"].iloc[0] == pytest.approx(0.2, abs=1e-7)
        assert facts["length"].iloc[0] == pytest.approx(6.0)
    noded = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 7), (10, 3)])
    assert edge_facts(array(back, noded), array(left, right), 0.5)["position"].tolist() == [0]


def test_the_own_corner_of_a_feature_is_not_held_against_it():
    """A wedge between an edge that matches and one that the other layer has not."""
    wedge = shapely.Polygon([(0, 0), (100, 0), (100, 3)])
    above = shapely.Polygon([(0, 0), (100, 3), (100, 50), (0, 50)])
    both = shapely.Polygon([(0, 0), (100, 0), (100, 3), (100, 50), (0, 50)])
    for one in (array(wedge, above), array(above, wedge)):
        assert len(edge_facts(one, array(both), 0.5)) == 0
    noded = shapely.Polygon([(0, 0), (40, 0), (100, 0), (100, 3)])
    assert len(edge_facts(array(above, noded), array(both), 0.5)) == 0


def test_no_edges():
    none = np.zeros(0, dtype=object)
    one = array(shapely.box(0, 0, 1, 1), None)
    for pair in ((none, none), (one, none), (none, one)):
        facts = edge_facts(*pair, 0.5)
        assert len(facts) == 0
        assert list(facts.columns) == [
            "position",
            "other",
            "distance",
            "length",
            "x",
            "y",
            "geometry",
        ]


@settings(max_examples=150, deadline=None)
@given(st.floats(0.001, 0.6), st.integers(0, 359), st.floats(0, 30), st.floats(1, 50))
def test_distance_and_length_of_shifted_edges(off, turn, along, width):
    """A box beside a box, turned any way, at a given distance."""
    pair = [shapely.box(0, 0, 40, 10), shapely.box(along, 10 + off, along + width, 20)]
    pair = [shapely.affinity.rotate(shape, turn, (0, 0)) for shape in pair]
    facts = edge_facts(array(pair[0]), array(pair[1]), 0.5, least=0.5)
    shared = min(40.0, along + width) - along
    if off < 0.499:
        assert facts["length"].iloc[0] == pytest.approx(shared, abs=1e-5)
        assert facts["distance"].iloc[0] == pytest.approx(off, abs=1e-5)
    elif off > 0.501:
        assert len(facts) == 0


def test_real_shapes_have_the_overlaps_of_a_plain_search(shared_data):
    file = shared_data / "osm" / "hangzhou_landuse.geojson"
    shapes = gpd.read_file(file).to_crs("EPSG:4528").geometry.to_numpy()
    found = ours(overlap_facts(shapes, regions=regions_of_layer(shapes)))
    assert len(found) > 100
    assert found == pytest.approx(plain(shapes), abs=1e-6)
    assert found == ours(overlap_facts(shapes))
