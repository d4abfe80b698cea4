"""Ellipsoidal area on CGCS2000, as the land survey defines it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.kernels.compiled import SMALL, wanted
from lowuse_gis.kernels.origin import origin_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEMI_MAJOR = 6378137.0
FLATTENING = 1 / 298.257222101
SEMI_MINOR = SEMI_MAJOR * (1 - FLATTENING)
E2 = 1 - (SEMI_MINOR / SEMI_MAJOR) ** 2
LONGEST_EDGE = 70.0
ROUNDING = 1e-12
DEGREE = 111_000.0  # metres in a degree of latitude, near enough to cut edges by

# Coefficients A..E of the official series (国土调查办发〔2008〕32号), powers of e².
_A = 1 + 3 / 6 * E2 + 30 / 80 * E2**2 + 35 / 112 * E2**3 + 630 / 2304 * E2**4
_B = 1 / 6 * E2 + 15 / 80 * E2**2 + 21 / 112 * E2**3 + 420 / 2304 * E2**4
_C = 3 / 80 * E2**2 + 7 / 112 * E2**3 + 180 / 2304 * E2**4
_D = 1 / 112 * E2**3 + 45 / 2304 * E2**4
_E = 5 / 2304 * E2**4


def meridian_area(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return q(B), the area between equator and parallel per radian of longitude.

    Parameters
    ----------
    latitude
        Radians.

    Returns
    -------
    ndarray
        Square metres per radian. The official trapezoid series is the difference of this
        function at its two latitudes, since 2 sin(ΔB/2) cos(Bm) = sin B2 − sin B1, so a polygon's
        area is a shoelace over longitude and q.
    """
    sines = [np.sin(k * latitude) for k in (1, 3, 5, 7, 9)]
    terms = zip((_A, -_B, _C, -_D, _E), sines, strict=True)
    return SEMI_MINOR**2 * np.sum([factor * sine for factor, sine in terms], axis=0)


def ellipsoidal_area(
    geometry: NDArray[np.object_],
    crs: object,
    longest_edge: float = LONGEST_EDGE,
    threads: int = 2,
    compiled_from: int = SMALL,
) -> NDArray[np.float64]:
    """Return the area on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geometry
        Polygons or multi-polygons in `crs`; None gives 0.
    crs
        A CGCS2000 system, projected or geographic.
    longest_edge
        Edges longer than this many metres are cut first, as the survey's rules ask, since a
        straight edge of the plane is curved on the ellipsoid.
    threads
        Threads to use.
    compiled_from
        How many polygons compiled loops begin with.

    Returns
    -------
    ndarray of float
        Square metres, not rounded.

    Examples
    --------
    The square of 100 m in 静海城区 that the domain notes give as 9999.99 m²:

    >>> square = shapely.box(493497.0791, 4311290.6935, 493597.0791, 4311390.6935)
    >>> round(float(ellipsoidal_area(np.array([square]), "EPSG:4548")[0]), 2)
    9999.99
    """
    system = CRS.from_user_input(crs)
    origin = _false_origin(system)
    if origin is not None and wanted(len(geometry), compiled_from):
        return _compiled_area(geometry, origin, longest_edge, threads)
    step = longest_edge / DEGREE if system.is_geographic else longest_edge
    measure = partial(_chunk_area, crs=system, step=step)
    return in_threads(measure, geometry, threads=threads)


def _false_origin(crs: CRS) -> tuple[float, float] | None:
    """Return easting and northing of the origin of a Gauss-Krüger plane on CGCS2000, else None."""
    operation, ellipsoid = crs.coordinate_operation, crs.ellipsoid
    if operation is None or operation.method_name != "Transverse Mercator" or crs.is_bound:
        return None
    same = ellipsoid and abs(1 / ellipsoid.inverse_flattening - FLATTENING) < ROUNDING
    values = {item.name: float(item.value) for item in operation.params}
    usual = values["Scale factor at natural origin"] == 1
    usual = usual and values["Latitude of natural origin"] == 0
    metres = all(axis.unit_conversion_factor == 1 for axis in crs.axis_info)
    if not (same and usual and metres and "China" in str(crs.datum)):
        return None
    return values["False easting"], values["False northing"]


def _compiled_area(
    geometry: NDArray[np.object_],
    origin: tuple[float, float],
    longest_edge: float,
    threads: int,
) -> NDArray[np.float64]:
    from lowuse_gis.kernels.gauss_kruger import Plane  # noqa: PLC0415  loads numba
    from lowuse_gis.kernels.geodesy import ellipsoidal_areas  # noqa: PLC0415
    from lowuse_gis.kernels.ragged import ragged  # noqa: PLC0415

    plane = Plane(SEMI_MAJOR, FLATTENING, *origin)
    terms = SEMI_MINOR**2 * np.array([_A, -_B, _C, -_D, _E])
    near = origin_of(geometry)

    def measure(some: NDArray[np.object_]) -> NDArray[np.float64]:
        return ellipsoidal_areas(ragged(some, near), plane, terms, longest_edge, threads=1)

    return in_threads(measure, geometry, threads=threads)


def _chunk_area(geometry: NDArray[np.object_], crs: CRS, step: float) -> NDArray[np.float64]:
    transformer = Transformer.from_crs(crs, "EPSG:4490", always_xy=True)  # one to a thread
    polygons, owner = shapely.get_parts(geometry, return_index=True)
    rings, polygon = shapely.get_rings(shapely.segmentize(polygons, step), return_index=True)
    if not len(rings):
        return np.zeros(len(geometry))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    longitude, latitude = transformer.transform(xy[:, 0], xy[:, 1])
    lam, q = np.radians(longitude), meridian_area(np.radians(latitude))
    inside = ring[1:] == ring[:-1]
    first = np.searchsorted(ring, np.arange(len(rings)))[ring]  # an origin of its own keeps digits
    lam, q = lam - lam[first], q - q[first]
    trapezoid = (lam[1:] - lam[:-1]) * (q[1:] + q[:-1]) / 2
    per_ring = np.abs(np.bincount(ring[1:][inside], trapezoid[inside], minlength=len(rings)))
    is_shell = np.append(True, polygon[1:] != polygon[:-1])
    per_polygon = np.bincount(polygon, np.where(is_shell, per_ring, -per_ring), len(polygons))
    return np.bincount(owner, per_polygon, minlength=len(geometry)).astype(float)
