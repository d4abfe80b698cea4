"""Compiled loops against GEOS, geodesics and plain counting; both ways give the same columns."""

import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from blobs import ZONE, blobs, brick_wall, squares, star
from exact_area import shared_area
from lowuse_gis.commands.progress import Progress
from lowuse_gis.core import area as areas
from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.overlay import overlaps, self_overlaps
from lowuse_gis.kernels import compiled
from lowuse_gis.kernels.apart import apart, layers_kept
from lowuse_gis.kernels.areas import pair_areas
from lowuse_gis.kernels.boxes import join, join_apart
from lowuse_gis.kernels.gauss_kruger import (
    CELL,
    REACH,
    Plane,
    area_to,
    inverse,
    near,
    no_cells,
    polynomial,
    powers_of_sine,
    series_of,
)
from lowuse_gis.kernels.geodesy import ellipsoidal_areas
from lowuse_gis.kernels.neighbours import neighbours
from lowuse_gis.kernels.origin import origin_of
from lowuse_gis.kernels.ragged import COLLECTION, from_wkb, ragged
from test_jts_validity import cases

TERMS = areas.SEMI_MINOR**2 * np.array([areas._A, -areas._B, areas._C, -areas._D, areas._E])


def measured(a, b):
    origin = origin_of(a, b)
    one, other = ragged(a, origin), ragged(b, origin)
    left, right = join(one.boxes, other.boxes)
    return left, right, pair_areas(one, other, left, right)


def expected(a, b, left, right, origin):
    """The areas GEOS finds, near the origin so that it has digits to find them with."""
    here = [shapely.transform(layer, lambda xy: xy - origin) for layer in (a, b)]
    return shapely.area(shapely.intersection(here[0][left], here[1][right]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shift", [np.zeros(2), ZONE])
def test_shared_areas_are_those_of_geos(seed, shift):
    a, b = blobs(seed, 1500, shift=shift), blobs(seed + 100, 1500, size=18, shift=shift)
    left, right, found = measured(a, b)
    assert len(left) > 10_000
    wanted = expected(a, b, left, right, origin_of(a, b))
    assert np.abs(found - wanted).max() < 1e-8
    known = wanted > 1e-3
    assert known.sum() > 5_000
    assert np.abs(found[known] / wanted[known] - 1).max() < 1e-9


def test_every_pair_of_boxes_that_meet_is_found_once():
    a, b = blobs(7, 800), blobs(8, 900)
    one, other = shapely.bounds(a), shapely.bounds(b)
    left, right = join(one, other)
    meet = (one[:, None, :2] < other[None, :, 2:]) & (other[None, :, :2] < one[:, None, 2:])
    wanted = np.argwhere(meet.all(axis=2))
    assert np.array_equal(np.column_stack([left, right]), wanted)


def test_boxes_of_all_sizes_together():
    rng = np.random.default_rng(3)
    corner, side = rng.uniform(0, 1e5, (3000, 2)), 10 ** rng.uniform(0, 5, (3000, 1))
    boxes = np.hstack([corner, corner + side])
    boxes[5] = [1, 1, -1, -1]  # empty
    boxes[6] = [9, 9, 9, 9]  # a point
    left, right = join(boxes, boxes)
    meet = (boxes[:, None, :2] < boxes[None, :, 2:]) & (boxes[None, :, :2] < boxes[:, None, 2:])
    assert np.array_equal(np.column_stack([left, right]), np.argwhere(meet.all(axis=2)))
    few = join_apart(boxes, np.arange(len(boxes)) // 2)
    other = {(i, k) for i, k in zip(left, right, strict=True) if i // 2 < k // 2}
    assert set(zip(*few, strict=True)) == other


def test_the_robust_cases_of_jts(shared_data):
    """Where GEOS finds another area, exact fractions decide."""
    compared, geos_wrong = 0, []
    for name, _case, both in cases(shared_data / "jts"):
        a, b = (np.array([both[key]], dtype=object) for key in ("a", "b"))
        pair = np.array([a[0], b[0]])
        if not (shapely.is_valid(pair) & (shapely.area(pair) > 0)).all():
            continue
        if (shapely.get_type_id(pair) == COLLECTION).any():  # its members may overlap
            continue
        try:
            wanted = shapely.area(shapely.intersection(a, b))[0]
        except shapely.errors.GEOSException:
            continue
        found, scale = measured(a, b)[2].sum(), shapely.area(pair).max()
        if abs(found - wanted) > 1e-9 * scale:
            assert abs(found - shared_area(a[0], b[0])) <= 1e-9 * scale, name
            geos_wrong.append(name)
        compared += 1
    assert compared > 300
    assert {file for file, _number in geos_wrong} <= {"failure/TestOverlayNGFailure.xml"}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_pieces_add_up_and_nothing_is_more_than_the_whole(seed):
    rng = np.random.default_rng(seed)
    wall = squares(12, 12, side=15 + rng.uniform(0, 10), shift=(0, 0))
    shapes = blobs(seed, 60, extent=150.0, shift=np.zeros(2))
    left, _right, found = measured(shapes, wall)
    total = np.bincount(left, found, minlength=len(shapes))
    inside = shapely.area(shapely.intersection(shapes, shapely.union_all(wall)))
    assert np.abs(total - inside).max() < 1e-8
    assert (total <= shapely.area(shapes) + 1e-8).all()


def test_well_known_binary_and_objects_give_the_same_arrays():
    shapes = blobs(11, 400)
    shapes[3] = None
    shapes[4] = shapely.Polygon()
    shapes[5] = shapely.GeometryCollection([shapes[6], shapely.Point(1, 2), shapely.LineString()])
    shapes[7] = shapely.LineString([(0, 0), (5, 5)])
    flat = shapes.copy()
    flat[5], flat[7] = shapes[6], None
    one, plain = ragged(shapes, (0.0, 0.0)), ragged(flat, (0.0, 0.0))
    shapes[7] = None
    written = [b"" if g is None else shapely.to_wkb(g, byte_order=1) for g in shapes]
    offsets = np.cumsum([0, *map(len, written)])
    other = from_wkb(b"".join(written), offsets, (0.0, 0.0))
    for name in ("xy", "turn", "first", "boxes"):
        assert np.array_equal(getattr(one, name), getattr(plain, name)), name
        assert np.array_equal(getattr(other, name), getattr(plain, name)), name


def by_geos(shapes, least):
    i, k = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, k = i[i < k], k[i < k]
    line = shapely.intersection(shapely.boundary(shapes[i]), shapely.boundary(shapes[k]))
    length = shapely.length(line)
    return {(a, b): n for a, b, n in zip(i, k, length, strict=True) if n > least}


@pytest.mark.parametrize(
    "layer", [squares(30, 30), brick_wall(30, 30), squares(9, 9, shift=(0, 0))]
)
def test_neighbours_share_the_length_that_geos_finds(layer):
    left, right, length = neighbours(ragged(layer), 1e-3)
    found = dict(zip(zip(left, right, strict=True), length, strict=True))
    wanted = by_geos(layer, 1e-3)
    assert set(found) == set(wanted)
    assert max(abs(found[pair] - wanted[pair]) for pair in wanted) < 1e-6


def noisy(layer, rng):
    """Move every corner of every square by up to 0.4 mm, rings staying closed."""
    xy = shapely.get_coordinates(layer).reshape(-1, 5, 2)
    xy[:, :4] += rng.uniform(-4e-4, 4e-4, xy[:, :4].shape)
    xy[:, 4] = xy[:, 0]
    return xy.reshape(-1, 2)


def test_neighbours_noded_differently_are_found_within_the_tolerance():
    rng = np.random.default_rng(5)
    sound = squares(25, 25)
    moved = shapely.set_coordinates(sound.copy(), noisy(sound, rng))
    wanted = by_geos(sound, 1.0)
    left, right, length = neighbours(ragged(moved), 2e-3)
    found = dict(zip(zip(left, right, strict=True), length, strict=True))
    assert set(wanted) <= set(found)
    assert all(found[pair] < 0.01 for pair in set(found) - set(wanted))
    assert max(abs(found[pair] - wanted[pair]) for pair in wanted) < 0.01


@settings(max_examples=25, deadline=None)
@given(
    st.floats(466_000, 516_000),
    st.floats(4_272_000, 4_328_000),
    st.floats(5, 3000),
    st.integers(0, 1000),
)
@example(466_000.0, 4_272_000.0, 29.0, 205)
def test_the_ellipsoidal_area_is_that_of_geodesics(east, north, size, seed):
    rng = np.random.default_rng(seed)
    shape = star(rng, np.array([east + 39_000_000, north]), size, 9)
    plane = Plane(areas.SEMI_MAJOR, areas.FLATTENING, 39_500_000.0)
    found = ellipsoidal_areas(ragged(np.array([shape])), plane, TERMS, 70.0)[0]
    turn = Transformer.from_crs("EPSG:4527", "EPSG:4490", always_xy=True)
    fine = shapely.transform(
        shapely.segmentize(shape, 70.0), lambda xy: np.column_stack(turn.transform(*xy.T))
    )
    total = sum(
        abs(Geod(ellps="GRS80").geometry_area_perimeter(part)[0])
        for part in shapely.get_parts(fine)
    )
    # the formula's edges are straight in latitude and longitude, not geodesic: what lies between
    edges = np.linalg.norm(
        np.diff(shapely.get_coordinates(shapely.segmentize(shape, 70.0)), axis=0), axis=1
    )
    between = np.sum(edges**3) * np.tan(np.radians(40.0)) / (12 * areas.SEMI_MAJOR)
    assert found == pytest.approx(total, rel=1e-6, abs=max(between, 1e-3))


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-300_000, 300_000),
    st.floats(300_000, 5_900_000),
    st.floats(-REACH, REACH),
    st.floats(-REACH, REACH),
)
def test_the_polynomial_of_a_cell_is_the_series(east, north, dx, dy):
    cell = round(east / CELL), round(north / CELL)
    series, powers = series_of(Plane(areas.SEMI_MAJOR, areas.FLATTENING)), powers_of_sine(TERMS)
    memory = no_cells()
    found = near(dx, dy, polynomial(cell, series, *memory))
    x, y = cell[0] * CELL, cell[1] * CELL
    (l0, s0), (l1, s1) = inverse(x, y, series), inverse(x + dx, y + dy, series)
    wanted = l1 - l0, area_to(s1, powers) - area_to(s0, powers)
    across = areas.SEMI_MAJOR * np.sqrt(1 - s1**2)  # metres to a radian of longitude
    assert abs(found[0] - wanted[0]) * across < 1e-6
    assert abs(found[1] - wanted[1]) / across < 1e-6
    again = near(dx, dy, polynomial(cell, series, *memory))
    assert again == found


def test_both_ways_give_the_same_overlaps(monkeypatch):
    a, b = blobs(21, 700), blobs(22, 900)
    results = {}
    for way in ("no", "yes"):
        monkeypatch.setenv("LOWUSE_KERNELS", way)
        pairs, doubled = overlaps(a, b), self_overlaps(a)
        covered, _pairs, _doubled = covered_area(a, b)
        results[way] = (pairs, doubled, covered)
    (one, twice, cover), (other, again, same) = results["no"], results["yes"]
    for left, right in ((one, other), (twice, again)):
        assert np.array_equal(left.subject, right.subject)
        assert np.array_equal(left.context, right.context)
        assert np.array_equal(left.area.round(6), right.area.round(6))
    assert np.array_equal(cover.round(5), same.round(5))
    assert (cover <= shapely.area(a)).all()


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:4548"])
def test_both_ways_give_the_same_ellipsoidal_area(crs, monkeypatch):
    shift = ZONE if crs == "EPSG:4527" else ZONE - [39_000_000, 0]
    shapes = blobs(31, 300, shift=shift)
    found = []
    for way in ("no", "yes"):
        monkeypatch.setenv("LOWUSE_KERNELS", way)
        found.append(areas.ellipsoidal_area(shapes, crs))
    assert np.abs(found[0] - found[1]).max() < 1e-5
    assert np.array_equal(found[0].round(2), found[1].round(2))


def test_without_numba_the_plain_way_serves(monkeypatch):
    monkeypatch.setattr("lowuse_gis.kernels.compiled.HAVE_NUMBA", False)
    monkeypatch.setenv("LOWUSE_KERNELS", "yes")
    a = squares(5, 5)
    assert len(overlaps(a, a).area) == 25


def test_compiling_is_announced_once_on_a_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_listeners", [])
    said = []
    Progress(show=said.append)
    for _run in range(3):
        monkeypatch.setattr(compiled, "_told", [])
        compiled.announce()
    assert len(said) == 1
    assert "once on this machine" in said[0]


def test_a_layer_is_taken_apart_once_while_it_is_kept():
    layer = np.array([shapely.box(at, 0, at + 1, 1) for at in range(5)])
    with layers_kept():
        one = apart(layer, (0.0, 0.0))
        assert apart(layer, (0.0, 0.0)) is one
        assert apart(layer, (1000.0, 0.0)) is not one
        assert apart(layer.copy(), (0.0, 0.0)) is not one
        gone = weakref.ref(apart(layer[1:], (0.0, 0.0)))
        assert gone() is None  # with the array that it was made of
        with layers_kept():
            assert apart(layer, (0.0, 0.0)) is one
        assert apart(layer, (0.0, 0.0)) is one
    assert apart(layer, (0.0, 0.0)) is not one


def test_threads_that_ask_for_a_layer_at_once_get_the_same(monkeypatch):
    layer = np.array([shapely.box(0, 0, 1, 1)])
    taken, both = [], threading.Barrier(2)

    def slow(*given):
        taken.append(given)
        time.sleep(0.05)
        return object()

    def ask():
        both.wait()
        return apart(layer, (0.0, 0.0))

    monkeypatch.setattr("lowuse_gis.kernels.ragged.ragged", slow)
    with layers_kept(), ThreadPoolExecutor(2) as pool:
        one, other = (asked.result() for asked in [pool.submit(ask), pool.submit(ask)])
    assert one is other
    assert len(taken) == 1
