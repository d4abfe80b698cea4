"""Ellipsoidal areas against the official vectors and against geodesics."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from lowuse_gis.core.area import ellipsoidal_area

VECTORS = [
    (493497.0791, 4311290.6935, 100, 100, 9999.99),
    (493497.0791, 4311290.6935, 300, 250, 74999.93),
    (465315.2623, 4310809.0269, 100, 100, 9999.71),
    (465315.2623, 4310809.0269, 1000, 1000, 999971.24),
    (517373.9569, 4296320.2706, 1000, 1000, 999992.14),
    (500000, 4307402.532, 1000, 1000, 999999.99),
]


@pytest.mark.parametrize(("east", "north", "width", "height", "official"), VECTORS)
def test_official_vectors(east, north, width, height, official):
    square = np.array([shapely.box(east, north, east + width, north + height)])
    assert ellipsoidal_area(square, "EPSG:4548")[0] == pytest.approx(official, abs=0.011)


@pytest.mark.parametrize(("crs", "shift"), [("EPSG:4527", 39_000_000), ("EPSG:4548", 0)])
def test_the_zone_prefix_changes_nothing(crs, shift):
    east, north, *_size, official = VECTORS[0]
    square = np.array([shapely.box(east + shift, north, east + shift + 100, north + 100)])
    assert ellipsoidal_area(square, crs)[0] == pytest.approx(official, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(466_000, 516_000),
    st.floats(4_272_000, 4_328_000),
    st.lists(st.floats(20, 900), min_size=5, max_size=12),
    st.booleans(),
)
def test_agrees_with_geodesics(east, north, radii, with_hole):
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None]
    middle = np.array([east, north])
    holes = [ring[::-1] * 0.3 + middle] if with_hole else []
    shell = ring + middle
    polygon = shapely.Polygon(shell, holes)
    cut = shapely.segmentize(polygon, 70)
    to_degrees = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)
    degrees = shapely.transform(cut, to_degrees.transform, interleaved=False)
    expected = abs(
        Geod(ellps="GRS80").geometry_area_perimeter(shapely.geometry.polygon.orient(degrees))[0]
    )
    found = ellipsoidal_area(np.array([polygon]), "EPSG:4548")[0]
    bulge = 70**2 * np.tan(np.radians(39)) / (8 * 6.37e6)  # geodesic above a straight 70 m edge
    assert found == pytest.approx(expected, abs=0.001 + bulge * polygon.length)


def test_parts_holes_and_nothing():
    square = shapely.box(493000, 4311000, 493100, 4311100)
    far = shapely.box(493500, 4311000, 493600, 4311100)
    both = shapely.MultiPolygon([square, far])
    areas = ellipsoidal_area(np.array([square, far, both, None], dtype=object), "EPSG:4548")
    assert areas[2] == pytest.approx(areas[0] + areas[1], abs=1e-6)
    assert areas[3] == 0
