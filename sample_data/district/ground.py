"""Constants of the ground: window, grid, projections, seeded random numbers."""

from __future__ import annotations

import zlib

import numpy as np
from pyproj import Geod, Transformer
from shapely import Polygon, box

SEED = 20240331
ORIGIN = (39_484_000.0, 4_298_000.0)
SIZE = (16_000.0, 14_000.0)
GRID = 1e-4
PLANE = 4527
PLANE_BARE = 4548
DEGREES = 4490
MU = 666.6667
WINDOW = box(ORIGIN[0], ORIGIN[1], ORIGIN[0] + SIZE[0], ORIGIN[1] + SIZE[1])
COUNTY = "120118"

_GEOD = Geod(ellps="GRS80")
_TO_DEGREES = Transformer.from_crs(PLANE, DEGREES, always_xy=True)


def rng(name: str) -> np.random.Generator:
    """Return the random numbers of one theme; themes do not disturb each other.

    Parameters
    ----------
    name
        Any text; the same text gives the same numbers.
    """
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def at(km_east: float, km_north: float) -> tuple[float, float]:
    """Return the plane coordinates of a point given in kilometres from the south-west corner."""
    return ORIGIN[0] + 1000.0 * km_east, ORIGIN[1] + 1000.0 * km_north


def to_degrees(xy: np.ndarray) -> np.ndarray:
    """Return longitude and latitude (CGCS2000) of plane coordinates, shape (n, 2)."""
    return np.column_stack(_TO_DEGREES.transform(xy[:, 0], xy[:, 1]))


def _ring_area(coords: np.ndarray) -> float:
    lonlat = to_degrees(coords)
    return abs(_GEOD.polygon_area_perimeter(lonlat[:, 0], lonlat[:, 1])[0])


def ellipsoid_area(shape: Polygon) -> float:
    """Return the ellipsoidal area (GRS80) of a plane polygon, square metres to 0.01."""
    if shape.geom_type == "MultiPolygon":
        return round(sum(ellipsoid_area(part) for part in shape.geoms), 2)
    area = _ring_area(np.asarray(shape.exterior.coords))
    area -= sum(_ring_area(np.asarray(hole.coords)) for hole in shape.interiors)
    return round(area, 2)
