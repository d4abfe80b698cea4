"""Exact sums of rasters over polygons, against GEOS cell by cell and exactextract."""

import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st

from blobs import ZONE, blobs, star
from cells import Cells, cell_by_cell, raster
from lowuse_gis.core.zonal import plan, zonal, zonal_of_files
from lowuse_gis.kernels import compiled

NEAR = np.zeros(2)
EXACT = 1e-7  # exactextract keeps the covered parts in 32 bits


@pytest.fixture(params=["yes", "no"])
def way(request, monkeypatch):
    """Each test runs compiled and plain."""
    monkeypatch.setenv(compiled.SWITCH, request.param)
    return request.param


def extracted(polygons, grid, *operations):
    features = [
        {"type": "Feature", "id": at, "geometry": shapely.geometry.mapping(shape)}
        for at, shape in enumerate(polygons)
    ]
    west, south, east, north = grid.extent
    source = NumPyRasterSource(
        np.ma.masked_invalid(grid.values), xmin=west, ymin=south, xmax=east, ymax=north
    )
    found = exact_extract(source, JSONFeatureSource(features), list(operations))
    return {op: np.array([f["properties"][op] for f in found], dtype=float) for op in operations}


def polygons(seed=1):
    """Parcels, slivers, parts and holes; triangles much smaller than a cell; some outside."""
    rng = np.random.default_rng(seed)
    tiny = [
        star(rng, rng.uniform(0, 600, 2), 10.0 ** rng.uniform(-3, 0), 3 + at % 4)
        for at in range(150)
    ]
    outside = [
        shapely.box(-100, 100, 50, 160),
        shapely.box(-90, 0, -5, 50),
        shapely.box(0, 0, 1000, 1000),
    ]
    return np.array([*blobs(seed, 700, shift=NEAR), *tiny, *outside], dtype=object)


def test_sums_are_those_of_geos_cell_by_cell(way):
    shapes, grid = polygons(), raster(1)
    found = zonal(shapes, grid, cells=2000)
    (covered, valid, total), (owner, value, part) = cell_by_cell(shapes, grid)
    area = shapely.area(shapes) / grid.size**2
    assert np.abs(found.area / area - 1).max() < 1e-9
    assert np.abs((found.covered - covered) / area).max() < 1e-9
    assert np.abs((found.valid - valid) / area).max() < 1e-9
    scale = np.bincount(owner, part * np.abs(value), len(shapes))
    known = scale > 0
    assert (~known).sum() > 3
    assert np.abs((found.total - total)[known] / scale[known]).max() < 1e-9
    assert np.array_equal(np.isnan(found.mean), ~known)
    for extreme, found_one in ((np.minimum, found.low), (np.maximum, found.high)):
        wanted = np.full(len(shapes), np.inf if extreme is np.minimum else -np.inf)
        much = part > 1e-6 * np.minimum(area[owner], 1)
        extreme.at(wanted, owner[much], value[much])
        assert np.array_equal(wanted[known], found_one[known])


def test_sums_are_those_of_exactextract(way):
    shapes, grid = polygons(2), raster(2)
    found = zonal(shapes, grid)
    theirs = extracted(shapes, grid, "count", "sum", "mean", "min", "max")
    known = theirs["count"] > 1e-3
    assert known.sum() > 600
    assert np.abs(found.valid[known] / theirs["count"][known] - 1).max() < EXACT
    assert np.allclose(found.mean[known], theirs["mean"][known], rtol=EXACT, atol=EXACT * 50)
    assert np.array_equal(found.low[known], theirs["min"][known])
    assert np.array_equal(found.high[known], theirs["max"][known])


def test_a_zone_before_the_easting_costs_no_digits(way):
    shapes = shapely.transform(polygons(3), lambda xy: np.round(xy * 1024) / 1024)
    shapes = shapes[shapely.is_valid(shapes) & (shapely.area(shapes) > 0)]
    far = shapely.transform(shapes, lambda xy: xy + ZONE)
    grid = raster(3)
    there = Cells(grid.values, (float(ZONE[0]), float(ZONE[1]) + 600.0), grid.size)
    near, shifted = zonal(shapes, grid), zonal(far, there)
    for name in ("area", "covered", "valid", "total", "low", "high"):
        assert np.array_equal(getattr(near, name), getattr(shifted, name), equal_nan=True)


def test_polygons_along_the_cells_touch_no_other_cell(way):
    grid = raster(4, gaps=0)
    boxes = shapely.box(*np.array([[0, 0, 5, 5], [10, 20, 40, 35], [0, 0, 750, 600]]).T)
    found = zonal(boxes, grid)
    assert found.covered.tolist() == [1, 18, 18000]
    parts = grid.values[119:120, 0:1], grid.values[113:116, 2:8], grid.values
    assert found.low.tolist() == [part.min() for part in parts]
    assert found.high.tolist() == [part.max() for part in parts]
    assert np.allclose(found.total, [part.sum() for part in parts], rtol=1e-12)


def test_holes_and_parts_and_whichever_way_they_run(way):
    grid = Cells(np.arange(16.0).reshape(4, 4), (0.0, 4.0))
    shell, hole = shapely.box(0, 0, 3, 3).exterior, shapely.box(1, 1, 2, 2).exterior
    turned = [
        shapely.Polygon(a, [b]) for a in (shell, shell.reverse()) for b in (hole, hole.reverse())
    ]
    far = shapely.MultiPolygon([turned[0], shapely.box(3.25, 3.5, 3.75, 4)])
    mixed = shapely.GeometryCollection(
        [far, shapely.Point(1, 1), shapely.LineString([(0, 0), (3, 3)])]
    )
    found = zonal(np.array([*turned, far, mixed], dtype=object), grid)
    ring = 4 + 5 + 6 + 8 + 10 + 12 + 13 + 14
    assert found.total.tolist() == [ring] * 4 + [ring + 0.25 * 3] * 2
    assert found.valid.tolist() == [8] * 4 + [8.25] * 2


def test_what_lies_nowhere_has_no_values(way):
    grid = raster(5)
    shapes = np.array(
        [
            None,
            shapely.Polygon(),
            shapely.box(2000, 0, 2100, 50),
            shapely.Point(3, 3),
            shapely.box(0, 0, 9, 9),
        ],
        dtype=object,
    )
    found = zonal(shapes, grid)
    assert found.covered[:4].tolist() == [0, 0, 0, 0]
    assert np.isnan(found.mean[:4]).all()
    assert np.isnan(found.low[:4]).all()
    assert found.share[2] == 0
    assert np.isnan(found.share[[0, 1, 3]]).all()
    assert found.covered[4] > 0
    empty = zonal(shapes[:0], grid)
    assert len(empty.mean) == 0


def test_half_outside_is_half_valid(way):
    found = zonal(shapely.box([-50], [100], [50], [160]), raster(6, gaps=0))
    assert found.share.tolist() == [0.5]
    assert found.covered == found.valid


def test_a_vertex_that_a_projection_cannot_place_leaves_the_polygon_out(way):
    class Holed(Cells):
        def to_cells(self, xy):
            cells = super().to_cells(xy)
            cells[xy[:, 0] > 300] = np.inf
            return cells

    grid = Holed(raster(7, gaps=0).values, (0.0, 600.0), 5.0)
    found = zonal(shapely.box([100, 250], [100, 100], [200, 350], [200, 200]), grid)
    assert found.share[0] == 1
    assert np.isnan(found.share[1])
    assert found.covered[1] == 0


def test_a_hole_in_the_values_next_door_does_not_reach_over(way):
    values = np.full((3, 3), 7.0)
    values[:, 2] = 3e38  # an undeclared value for nothing
    found = zonal(shapely.box([0.25], [0.3], [2.0], [2.9]), Cells(values, (0.0, 3.0)))
    assert found.mean == pytest.approx(7.0, rel=1e-12)


@pytest.mark.parametrize("cells", [16, 700, 1 << 20])
@pytest.mark.parametrize("block", [(1, 150), (16, 16), (120, 150), (7, 11)])
def test_windows_stay_small_and_change_nothing(way, cells, block):
    shapes, values = polygons(8), raster(8)
    sizes = []

    class Watched(Cells):
        def read(self, windows):
            sizes.extend(w.height * w.width for w in windows)
            yield from super().read(windows)

    grid = Watched(values.values, values.corner, values.size, block)
    found = zonal(shapes, grid, cells=cells)
    whole = zonal(shapes, values)
    assert max(sizes) <= max(cells, 150)  # never less than a row
    assert np.allclose(found.total, whole.total, rtol=1e-9, atol=1e-9)
    assert np.allclose(found.covered, whole.covered, rtol=1e-12, atol=1e-15)


def test_only_windows_that_polygons_reach_are_read():
    boxes = np.array([[10.0, 10, 20, 20], [5000, 7000, 5003.5, 7002], [np.nan] * 4])
    which, windows = plan(boxes, (100_000, 100_000), (256, 256), 1 << 20)
    assert [w.tolist() for w in which] == [[0], [1]]
    assert [(w.row, w.column, w.height, w.width) for w in windows] == [
        (10, 10, 10, 10),
        (7000, 5000, 2, 4),
    ]


def test_both_ways_round_to_the_same(monkeypatch):
    shapes, grid = polygons(9), raster(9)
    found = []
    for switch in ("yes", "no"):
        monkeypatch.setenv(compiled.SWITCH, switch)
        found.append(zonal(shapes, grid, cells=3000))
    one, other = found
    assert np.array_equal(one.low, other.low, equal_nan=True)
    assert np.array_equal(one.high, other.high, equal_nan=True)
    for name, digits in (("mean", 4), ("share", 6), ("total", 4)):
        a, b = (np.round(np.round(getattr(each, name), 9), digits) for each in found)
        assert np.array_equal(a, b, equal_nan=True)


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setenv(compiled.SWITCH, "yes")
    shapes, grid = blobs(10, 3000, size=8, shift=NEAR), raster(10)
    one, two = zonal(shapes, grid, threads=1), zonal(shapes, grid, threads=2)
    assert np.array_equal(one.total, two.total)
    assert np.array_equal(one.high, two.high, equal_nan=True)


@given(st.integers(0, 10**6), st.floats(-3, 2), st.integers(3, 40))
@settings(max_examples=60, deadline=None)
def test_shares_of_cells_add_up_to_the_area(seed, scale, corners):
    rng = np.random.default_rng(seed)
    shape = np.array([star(rng, np.array([300.0, 300.0]), 10.0**scale, corners)])
    grid = raster(0, gaps=0)
    found = zonal(shape, grid, cells=1000)
    assert np.isclose(found.covered[0], shapely.area(shape)[0] / 25, rtol=1e-9, atol=1e-15)
    assert found.share[0] <= 1


def test_files_side_by_side_are_one_raster_and_doubled_ones_count_once():
    shapes, whole = polygons(11), raster(11)
    west = Cells(whole.values[:, :70], whole.corner, whole.size)
    east = Cells(whole.values[:, 70:], (350.0, 600.0), whole.size)
    together, wanted = zonal_of_files(shapes, (west, east)), zonal(shapes, whole)
    assert np.allclose(together.mean, wanted.mean, rtol=1e-9, equal_nan=True)
    assert np.allclose(together.share, wanted.share, rtol=1e-9, equal_nan=True)
    assert np.array_equal(together.high, wanted.high, equal_nan=True)
    shapes, wanted = shapes[:-1], zonal(shapes[:-1], whole)  # the last one has no vertex on it
    twice = zonal_of_files(shapes, (whole, whole))
    assert np.allclose(twice.total, wanted.total, equal_nan=True)
    assert np.allclose(twice.share, wanted.share, equal_nan=True)
