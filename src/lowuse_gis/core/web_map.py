"""Find the offset of Chinese web maps (GCJ-02) in a layer, by laying it beside another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

from lowuse_gis.core.datum import BASE
from lowuse_gis.core.gcj02 import from_gcj02, to_gcj02

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FITS, LAYER, REFERENCE, UNCLEAR = "fits", "layer", "reference", "unclear"
POINTS = 4000  # corners looked at
NEAR = 5.0  # m; outlines drawn by different hands
TURNS = (45.0, 90.0, 135.0, 225.0, 270.0, 315.0)  # the offset in other directions: mere chance
CLEAR = 0.1  # share above chance that counts
ORIGINS = re.compile(
    r"gcj|amap|gaode|autonavi|tencent|qqmap|baidu|高德|腾讯|百度|火星", re.IGNORECASE
)


@dataclass(frozen=True)
class Misfit:
    """How well a layer lies on a reference, as it is and with GCJ-02 undone.

    Attributes
    ----------
    verdict
        ``fits``, ``layer`` (the layer is offset), ``reference`` (the reference is), or
        ``unclear``.
    distance
        Length of the offset of GCJ-02 at this place, m.
    as_is, undone, reference, chance
        Share of the layer's corners near an outline of the reference: as it is, with the layer's
        offset undone, with the reference's, and by the same offset in other directions.
    """

    verdict: str
    distance: float
    as_is: float
    undone: float
    reference: float
    chance: float


def misfit(
    geometry: NDArray[np.object_], reference: NDArray[np.object_], crs: str
) -> Misfit | None:
    """Test whether a layer is offset as web maps are.

    Parameters
    ----------
    geometry
        Of the layer.
    reference
        Of a layer whose place is trusted: survey, parcels, a boundary of towns; outlines of the
        same things must be among both.
    crs
        The plane system of both.

    Returns
    -------
    Misfit, or None
        None where either is empty.
    """
    points, lines = corners_of(geometry), outlines_of(reference)
    if not len(points) or not len(lines):
        return None
    tries = tries_of(points, crs)
    return misfit_of([float(near.mean()) for near in near_outlines(tries, lines)], tries)


def corners_of(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Choose some corners of a layer, by which its place is compared.

    Parameters
    ----------
    geometry
        Of the layer.

    Returns
    -------
    ndarray
        Rows of x and y.
    """
    corners = shapely.get_coordinates(geometry)
    corners = corners[:: max(1, len(corners) // (4 * POINTS))]
    points = np.unique(corners[np.isfinite(corners).all(axis=1)], axis=0)
    chosen: NDArray[np.float64] = points[:: max(1, len(points) // POINTS)]
    return chosen


def outlines_of(reference: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the outlines of a layer; shapes without one are left out.

    Parameters
    ----------
    reference
        Geometries.

    Returns
    -------
    ndarray of geometry
    """
    lines: NDArray[np.object_] = shapely.boundary(reference)
    return lines[~(shapely.is_empty(lines) | shapely.is_missing(lines))]


def tries_of(points: NDArray[np.float64], crs: str) -> list[NDArray[np.float64]]:
    """Say where corners would be: as they are, offsets undone, and offset by mere chance.

    Parameters
    ----------
    points, crs
        Of `corners_of`, one at least, and their plane system.

    Returns
    -------
    list of ndarray
        As they are, with the layer's offset undone, with the reference's, then by `TURNS`.
    """
    undone, there = _by(points, crs, from_gcj02), _by(points, crs, to_gcj02)
    offset = np.median(undone - points, axis=0)
    return [points, undone, there, *(points + _turned(offset, angle) for angle in TURNS)]


def near_outlines(
    tries: Sequence[NDArray[np.float64]], lines: NDArray[np.object_]
) -> list[NDArray[np.bool_]]:
    """Say which points lie near an outline.

    Parameters
    ----------
    tries, lines
        Points, several times over, and outlines.

    Returns
    -------
    list of ndarray of bool
    """
    tree, found = shapely.STRtree(lines), []
    for points in tries:
        near = np.zeros(len(points), dtype=bool)
        at = tree.query_nearest(shapely.points(points), max_distance=NEAR, all_matches=False)[0]
        near[at] = True
        found.append(near)
    return found


def misfit_of(shares: Sequence[float], tries: Sequence[NDArray[np.float64]]) -> Misfit:
    """Say from the shares of corners near an outline how a layer lies.

    Parameters
    ----------
    shares, tries
        Of each of `tries_of` the share, and the points.

    Returns
    -------
    Misfit
    """
    as_is, undone, there, *others = shares
    known = {FITS: as_is, LAYER: undone, REFERENCE: there}
    best = max(known, key=known.__getitem__)
    verdict = best if known[best] > 2 * max(others) + CLEAR else UNCLEAR
    distance = float(np.hypot(*np.median(tries[1] - tries[0], axis=0)))
    return Misfit(verdict, distance, as_is, undone, there, max(others))


def from_web_map(*names: str) -> bool:
    """Say whether names of a file, layer or its fields point to a Chinese web map.

    Parameters
    ----------
    *names
        Any names.

    Returns
    -------
    bool

    Examples
    --------
    >>> from_web_map("高德POI_2023.geojson"), from_web_map("parcels.shp")
    (True, False)
    """
    return any(ORIGINS.search(name) for name in names)


def _by(points: NDArray[np.float64], crs: str, way: object) -> NDArray[np.float64]:
    transformer = Transformer.from_crs(crs, BASE, always_xy=True)
    east, north = way(*transformer.transform(*points.T))  # type: ignore[operator]
    return np.stack(transformer.transform(east, north, direction="INVERSE"), axis=1)


def _turned(offset: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([c * offset[0] - s * offset[1], s * offset[0] + c * offset[1]])
