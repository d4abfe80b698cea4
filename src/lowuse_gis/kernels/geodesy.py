"""Ellipsoidal area from coordinates of a Gauss-Krüger plane, by the formula of the land survey.

The inverse projection is Krüger's series to the sixth power of the third flattening (Karney,
Transverse Mercator with an accuracy of a few nanometers, 2011, equations 11 and 36). The official
series for the area of a trapezoid (国土调查办发〔2008〕32号) is the difference of one function q of
latitude, so that a polygon's area is a shoelace over longitude and q.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import chunks, jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged


NEAR = 0.1  # of the radius: five hundred kilometres from the central meridian


@dataclass(frozen=True)
class Plane:
    """A Gauss-Krüger plane whose origin is on the equator.

    Attributes
    ----------
    semi_major, flattening
        The ellipsoid.
    false_easting, false_northing
        Metres; the number of the zone stands in the first.
    scale
        On the central meridian.
    """

    semi_major: float
    flattening: float
    false_easting: float = 500_000.0
    false_northing: float = 0.0
    scale: float = 1.0


def _series(plane: Plane) -> NDArray[np.float64]:
    """Return radius, then the coefficients β and δ of the inverse projection."""
    n = plane.flattening / (2 - plane.flattening)
    p = n ** np.arange(7)
    radius = plane.semi_major / (1 + n) * (1 + p[2] / 4 + p[4] / 64 + p[6] / 256) * plane.scale
    beta = [
        p[1] / 2 - p[2] * 2 / 3 + p[3] * 37 / 96 - p[4] / 360 - p[5] * 81 / 512
        + p[6] * 96199 / 604800,
        p[2] / 48 + p[3] / 15 - p[4] * 437 / 1440 + p[5] * 46 / 105 - p[6] * 1118711 / 3870720,
        p[3] * 17 / 480 - p[4] * 37 / 840 - p[5] * 209 / 4480 + p[6] * 5569 / 90720,
        p[4] * 4397 / 161280 - p[5] * 11 / 504 - p[6] * 830251 / 7257600,
        p[5] * 4583 / 161280 - p[6] * 108847 / 3991680,
        p[6] * 20648693 / 638668800,
    ]  # fmt: skip
    delta = [
        p[1] * 2 - p[2] * 2 / 3 - p[3] * 2 + p[4] * 116 / 45 + p[5] * 26 / 45 - p[6] * 2854 / 675,
        p[2] * 7 / 3 - p[3] * 8 / 5 - p[4] * 227 / 45 + p[5] * 2704 / 315 + p[6] * 2323 / 945,
        p[3] * 56 / 15 - p[4] * 136 / 35 - p[5] * 1262 / 105 + p[6] * 73814 / 2835,
        p[4] * 4279 / 630 - p[5] * 332 / 35 - p[6] * 399572 / 14175,
        p[5] * 4174 / 315 - p[6] * 144838 / 6237,
        p[6] * 601676 / 22275,
    ]
    return np.array([radius, *beta, *delta])


def ellipsoidal_areas(
    layer: Ragged,
    plane: Plane,
    terms: NDArray[np.float64],
    longest_edge: float,
    *,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return the area of each feature on the ellipsoid.

    Parameters
    ----------
    layer
        Polygons in the plane.
    plane
        The plane.
    terms
        Coefficients of sin B, sin 3B, … of q(B), m² per radian.
    longest_edge
        Metres: longer edges are cut into equal pieces first.
    threads
        Threads to use.

    Returns
    -------
    ndarray of float
        Square metres, not rounded.
    """
    area = np.zeros(len(layer))
    series, powers = _series(plane), _powers_of_sine(terms)
    shift = np.array(
        [layer.origin[0] - plane.false_easting, layer.origin[1] - plane.false_northing]
    )

    def measure(start: int, stop: int) -> None:
        _measure(
            layer.xy,
            layer.turn,
            layer.first,
            shift,
            series,
            powers,
            longest_edge,
            area,
            start,
            stop,
        )

    chunks(measure, len(layer), threads)
    return area


def _powers_of_sine(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn Σ cₖ sin((2k+1)B) into a polynomial in sin B, lowest odd power first."""
    power = np.zeros(len(terms))
    for k, factor in enumerate(terms):
        odd = 2 * k + 1  # sin(nB) = (-1)^k T_n(sin B)
        chebyshev = np.polynomial.chebyshev.cheb2poly([*[0.0] * odd, 1.0])[1::2]
        power[: k + 1] += factor * (-1) ** k * chebyshev
    return power


@jit
def _sinh(x: float) -> float:
    """Return sinh of a number that is small inside a zone."""
    if abs(x) > NEAR:
        return float(np.sinh(x))
    s = x * x
    return x * (1 + s / 6 * (1 + s / 20 * (1 + s / 42)))


@jit
def _rotated(sine: float, cosine: float, by: float) -> tuple[float, float]:
    """Return sine and cosine of an angle that is larger by a few thousandths."""
    square = by * by
    s, c = by * (1 - square / 6 * (1 - square / 20)), 1 - square / 2 * (1 - square / 12)
    return sine * c + cosine * s, cosine * c - sine * s


@jit
def _turned(
    x: float, y: float, series: NDArray[np.float64], powers: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the longitude from the central meridian, and q of the latitude."""
    xi, eta = y / series[0], x / series[0]
    s, c, sh = np.sin(xi), np.cos(xi), _sinh(eta)
    ch = np.sqrt(1 + sh * sh)
    s2, c2, sh2, ch2 = 2 * s * c, 1 - 2 * s * s, 2 * sh * ch, 1 + 2 * sh * sh
    # Clenshaw's sum of both series at once: the real and the imaginary part of sin(2kζ)
    ar, ai = 2 * c2 * ch2, -2 * s2 * sh2
    br, bi, pr, pi = 0.0, 0.0, 0.0, 0.0
    for k in range(6, 0, -1):
        br, bi, pr, pi = ar * br - ai * bi - pr + series[k], ar * bi + ai * br - pi, br, bi
    sr, si = s2 * ch2, c2 * sh2
    s, c = _rotated(s, c, si * bi - sr * br)
    sh = _sinh(eta - (sr * bi + si * br))
    sine = s / np.sqrt(1 + sh * sh)  # of the conformal latitude
    cosine = np.sqrt(1 - sine * sine)
    double, b, p = 2 - 4 * sine * sine, 0.0, 0.0
    for k in range(12, 6, -1):
        b, p = double * b - p + series[k], b
    s, _cosine = _rotated(sine, cosine, 2 * sine * cosine * b)
    q, square = 0.0, s * s
    for k in range(len(powers) - 1, -1, -1):
        q = q * square + powers[k]
    return np.arctan(sh / c), q * s


@jit
def _measure(
    xy: NDArray[np.float64],
    turn: NDArray[np.int8],
    first: NDArray[np.int64],
    shift: NDArray[np.float64],
    series: NDArray[np.float64],
    powers: NDArray[np.float64],
    longest: float,
    area: NDArray[np.float64],
    start: int,
    stop: int,
) -> None:
    """Add up trapezoids along the rings, each from an origin of its own."""
    for feature in range(start, stop):
        total, fresh = 0.0, True
        l0, q0, la, qa = 0.0, 0.0, 0.0, 0.0
        for i in range(first[feature], first[feature + 1]):
            if fresh:
                l0, q0 = _turned(xy[i, 0] + shift[0], xy[i, 1] + shift[1], series, powers)
                la, qa, fresh = 0.0, 0.0, False
            if turn[i] == 0:
                fresh = True
                continue
            dx, dy = xy[i + 1, 0] - xy[i, 0], xy[i + 1, 1] - xy[i, 1]
            pieces = max(int(np.ceil(np.hypot(dx, dy) / longest)), 1)
            for k in range(1, pieces + 1):
                x = xy[i, 0] + dx * (k / pieces) + shift[0]
                y = xy[i, 1] + dy * (k / pieces) + shift[1]
                longitude, q = _turned(x, y, series, powers)
                lb, qb = longitude - l0, q - q0
                total -= turn[i] * (lb - la) * (qa + qb) / 2
                la, qa = lb, qb
        area[feature] = total
