"""GCJ-02, the offset of Chinese web maps: the way there, and back to a nanodegree.

The formula was never published by those who made it. It has been public since about 2013 as
"eviltransform" (github.com/googollee/eviltransform, after on4wp7.codeplex.com); this is written
anew from its coefficients and held against the points its authors publish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Coordinates = tuple[NDArray[np.float64], NDArray[np.float64]]

AXIS = 6378245.0
E2 = 0.00669342162296594323
ORIGIN = 105.0, 35.0  # longitude and latitude that the series starts from
CHINA = 72.004, 0.8293, 137.8347, 55.8271  # outside it nothing is shifted
CLOSE = 1e-10  # degrees, a hundredth of a millimetre
ROUNDS = 12
# Both series: constant, x, y, x², y², xy, √|x|; then amplitude and frequency of sines.
EAST = (300.0, 1.0, 2.0, 0.1, 0.0, 0.1, 0.1)
NORTH = (-100.0, 2.0, 3.0, 0.0, 0.2, 0.1, 0.2)
BOTH_SINES = ((20.0, 6.0), (20.0, 2.0))  # of x, in both
EAST_SINES = ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))  # of x
NORTH_SINES = ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))  # of y


def offset(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Coordinates:
    """Return how far GCJ-02 moves points.

    Parameters
    ----------
    longitude, latitude
        True degrees.

    Returns
    -------
    tuple of ndarray
        Degrees of longitude and latitude; 0 outside China.
    """
    x, y = longitude - ORIGIN[0], latitude - ORIGIN[1]
    shared = _sines(x, BOTH_SINES)
    east = _polynomial(x, y, EAST) + (shared + _sines(x, EAST_SINES)) * 2 / 3
    north = _polynomial(x, y, NORTH) + (shared + _sines(y, NORTH_SINES)) * 2 / 3
    phi = np.radians(latitude)
    bend = 1 - E2 * np.sin(phi) ** 2
    west, south, limit, top = CHINA
    there = (longitude >= west) & (longitude <= limit) & (latitude >= south) & (latitude <= top)
    per_east = np.radians(AXIS / np.sqrt(bend) * np.cos(phi))
    per_north = np.radians(AXIS * (1 - E2) / bend**1.5)
    return np.where(there, east / per_east, 0.0), np.where(there, north / per_north, 0.0)


def to_gcj02(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Coordinates:
    """Move true coordinates to where a web map shows them.

    Parameters
    ----------
    longitude, latitude
        True degrees.

    Returns
    -------
    tuple of ndarray
        Degrees in GCJ-02.

    Examples
    --------
    A point of the published tests:

    >>> east, north = to_gcj02(np.array([121.5272106]), np.array([31.1774276]))
    >>> print(f"{east[0]:.9f} {north[0]:.9f}")
    121.531541859 31.175303984
    """
    east, north = offset(longitude, latitude)
    return longitude + east, latitude + north


def from_gcj02(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Coordinates:
    """Undo GCJ-02.

    Parameters
    ----------
    longitude, latitude
        Degrees in GCJ-02.

    Returns
    -------
    tuple of ndarray
        True degrees: the point that the formula moves here, found by repeated correction until
        nothing moves by more than 1e-10 degrees.
    """
    east, north = longitude, latitude
    for _round in range(ROUNDS):
        moved = to_gcj02(east, north)
        wrong_east, wrong_north = moved[0] - longitude, moved[1] - latitude
        east, north = east - wrong_east, north - wrong_north
        size = np.maximum(np.abs(wrong_east), np.abs(wrong_north))
        if not (size[np.isfinite(size)] > CLOSE).any():
            break
    return east, north


def _polynomial(
    x: NDArray[np.float64], y: NDArray[np.float64], factors: tuple[float, ...]
) -> NDArray[np.float64]:
    terms = (np.ones_like(x), x, y, x * x, y * y, x * y, np.sqrt(np.abs(x)))
    return np.sum([factor * term for factor, term in zip(factors, terms, strict=True)], axis=0)


def _sines(
    values: NDArray[np.float64], parts: tuple[tuple[float, float], ...]
) -> NDArray[np.float64]:
    waves = [size * np.sin(values * np.pi * frequency) for size, frequency in parts]
    return np.sum(waves, axis=0)
