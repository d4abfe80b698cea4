"""Back from a Gauss-Krüger plane: by a series and, near a point, by a polynomial.

The series is Krüger's to the sixth power of the third flattening (Karney, Transverse Mercator with
an accuracy of a few nanometers, 2011, equations 11 and 36). The projection is conformal, so that
isometric latitude and longitude together are an analytic function of northing and easting: near a
point its Taylor polynomial does instead of sines and square roots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.compiled import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR = 0.1  # of the radius: five hundred kilometres from the central meridian
CELL = 4096.0  # metres: the rings that begin in a cell share its polynomial
REACH = 10_000.0  # metres from the middle of the cell: the polynomial is within a micron there
SLOTS = 256  # polynomials that a thread remembers; a district has about a hundred cells
TERMS = 12  # of a polynomial: four complex coefficients, four of q by isometric latitude
NO_CELL = 1 << 40  # column and row of a slot that holds nothing
SQUARE, ECCENTRICITY = 13, 14  # where a² and e² stand behind the series


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


def series_of(plane: Plane) -> NDArray[np.float64]:
    """Return the numbers of a plane that its inverse projection needs.

    Parameters
    ----------
    plane
        The plane.

    Returns
    -------
    ndarray of float
        Radius in metres, coefficients β₁ … β₆ and δ₁ … δ₆, a² in m², e².
    """
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
    e2 = plane.flattening * (2 - plane.flattening)
    return np.array([radius, *beta, *delta, plane.semi_major**2, e2])


def powers_of_sine(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn Σ cₖ sin((2k+1)B) into a polynomial in sin B.

    Parameters
    ----------
    terms
        The cₖ, m² per radian.

    Returns
    -------
    ndarray of float
        Coefficients, lowest odd power first.
    """
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
def inverse(x: float, y: float, series: NDArray[np.float64]) -> tuple[float, float]:
    """Project a point back by the series.

    Parameters
    ----------
    x, y
        Metres from the origin of the plane.
    series
        As `series_of` returns it.

    Returns
    -------
    float, float
        Longitude from the central meridian in radians, and the sine of the latitude.
    """
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
    return np.arctan(sh / c), s


@jit
def area_to(sine: float, powers: NDArray[np.float64]) -> float:
    """Return q of a latitude.

    Parameters
    ----------
    sine
        Of the latitude.
    powers
        As `powers_of_sine` returns them.

    Returns
    -------
    float
        Square metres per radian of longitude, from the equator.
    """
    q, square = 0.0, sine * sine
    for k in range(len(powers) - 1, -1, -1):
        q = q * square + powers[k]
    return q * sine


@jit
def _expand(x: float, y: float, series: NDArray[np.float64], into: NDArray[np.float64]) -> None:
    """Write the polynomial about a point of the plane.

    Coefficients of isometric latitude + i longitude by powers of metres north + i metres east,
    then those of q by powers of isometric latitude. With s the sine of the latitude, q grows by
    a²(1 − s²)/(1 − e²s²) and s by (1 − s²)(1 − e²s²)/(1 − e²); the fourth term is that of a sphere.
    """
    zeta = complex(y / series[0], x / series[0])
    turned, a1, a2, a3, a4 = zeta, 1 + 0j, 0j, 0j, 0j
    for k in range(1, 7):
        sine, cosine = series[k] * np.sin(2 * k * zeta), series[k] * np.cos(2 * k * zeta)
        turned -= sine
        a1, a2 = a1 - 2 * k * cosine, a2 + 2 * k**2 * sine
        a3, a4 = a3 + 4 / 3 * k**3 * cosine, a4 - 2 / 3 * k**4 * sine
    f1, tan = 1 / np.cos(turned), np.tan(turned)
    f2, f3 = f1 * tan, f1 * (1 + 2 * tan * tan)
    f4 = f2 * (5 + 6 * tan * tan)
    c1 = f1 * a1
    c2 = f1 * a2 + f2 / 2 * a1**2
    c3 = f1 * a3 + f2 * a1 * a2 + f3 / 6 * a1**3
    c4 = f1 * a4 + f2 / 2 * (a2**2 + 2 * a1 * a3) + f3 / 2 * a1**2 * a2 + f4 / 24 * a1**4
    by = series[0]
    into[0], into[1] = c1.real / by, c1.imag / by
    into[2], into[3] = c2.real / by**2, c2.imag / by**2
    into[4], into[5] = c3.real / by**3, c3.imag / by**3
    into[6], into[7] = c4.real / by**4, c4.imag / by**4
    _longitude, s = inverse(x, y, series)
    a_square, e2 = series[SQUARE], series[ECCENTRICITY]
    p, d = 1 - s * s, 1 - e2 * s * s
    into[8], into[9] = a_square * p / d, -a_square * s * p / d
    bent = (1 - 3 * s * s) * d + 2 * e2 * s * s * p
    into[10] = -a_square * p * bent / (3 * d * (1 - e2))
    into[11] = a_square * s * p * (2 - 3 * s * s) / 3


@jit
def no_cells() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return an empty memory of polynomials, one for each thread.

    Returns
    -------
    known : ndarray of int
        Column and row of the cell in each slot.
    table : ndarray of float
        Its polynomial.
    """
    return np.full((SLOTS, 2), NO_CELL), np.empty((SLOTS, TERMS))


@jit
def polynomial(
    cell: tuple[int, int],
    series: NDArray[np.float64],
    known: NDArray[np.int64],
    table: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the polynomial of a cell, from the table where it stands there.

    Parameters
    ----------
    cell
        Column and row, in cells from the origin of the plane to the middle.
    series
        As `series_of` returns it.
    known, table
        Of `no_cells`; changed.

    Returns
    -------
    ndarray of float
        `TERMS` coefficients, as `near` takes them.
    """
    slot = (cell[0] * 73_856_093 ^ cell[1] * 19_349_663) % SLOTS
    if known[slot, 0] != cell[0] or known[slot, 1] != cell[1]:
        known[slot, 0], known[slot, 1] = cell
        _expand(cell[0] * CELL, cell[1] * CELL, series, table[slot])
    return table[slot]


@jit
def near(dx: float, dy: float, by: NDArray[np.float64]) -> tuple[float, float]:
    """Project a point back by a polynomial.

    Parameters
    ----------
    dx, dy
        Metres east and north of the middle of the cell, at most `REACH`.
    by
        The polynomial.

    Returns
    -------
    float, float
        Longitude in radians and q in m² per radian, both from those of the middle.
    """
    re, im = by[6], by[7]
    re, im = re * dy - im * dx + by[4], re * dx + im * dy + by[5]
    re, im = re * dy - im * dx + by[2], re * dx + im * dy + by[3]
    re, im = re * dy - im * dx + by[0], re * dx + im * dy + by[1]
    re, im = re * dy - im * dx, re * dx + im * dy
    return im, re * (by[8] + re * (by[9] + re * (by[10] + re * by[11])))
