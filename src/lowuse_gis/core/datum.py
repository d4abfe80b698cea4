"""On which datum a coordinate system stands, told by its numbers, not by its name."""

from __future__ import annotations

import re
from functools import cache

from pyproj import CRS
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

CGCS2000, WGS84, XIAN80, BEIJING54, OTHER = "cgcs2000", "wgs84", "xian80", "beijing54", "other"
BASE = "EPSG:4490"
# Semi-major axis and inverse flattening. GRS80 and the CGCS2000 ellipsoid are the same to 0.1 mm.
SPHEROIDS = {
    CGCS2000: (6378137.0, 298.257222101),
    WGS84: (6378137.0, 298.257223563),
    XIAN80: (6378140.0, 298.257),
    BEIJING54: (6378245.0, 298.3),
}
AXIS, FLATTENING = 0.5, 5e-7  # how near the two numbers must come
OLD_NAMES = ((XIAN80, r"xi'?an|西安|1980"), (BEIJING54, r"beijing|peking|北京|pulkovo|1954|krasso"))
CONFIDENT = 70
FIRST_3, LAST_3, FIRST_6, LAST_6 = 25, 45, 13, 23  # zones that EPSG has codes for
ZONE_3, PLAIN_3, ZONE_6, PLAIN_6 = 4513, 4534, 4491, 4502  # the codes of the first of them
HALF, PREFIX = 500_000.0, 1_000_000.0
SCALE = "Scale factor at natural origin"
ORIGIN = (
    "Latitude of natural origin",
    "Longitude of natural origin",
    "False easting",
    "False northing",
    SCALE,
)
TRANSVERSE = re.compile(r"transverse mercator|gauss", re.IGNORECASE)


def horizontal(crs: CRS) -> CRS:
    """Strip a system of heights and of a shift that its file brings along.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    CRS
        The plane or geographic system itself. A ``TOWGS84`` in a .prj is dropped: a row of zeros
        there, as many programs write, would pass for parameters.
    """
    while crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return horizontal(crs.sub_crs_list[0]) if crs.is_compound else crs


def datum_of(crs: CRS) -> str:
    """Say on which datum a system stands.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    str
        ``cgcs2000``, ``wgs84``, ``xian80``, ``beijing54`` or ``other``. The spheroid decides, and
        an old datum's name also stands for it where the spheroid contradicts.

    Examples
    --------
    >>> [datum_of(CRS.from_epsg(code)) for code in (4548, 32650, 2384, 2436)]
    ['cgcs2000', 'wgs84', 'xian80', 'beijing54']
    """
    base = horizontal(crs).geodetic_crs
    if base is None or base.ellipsoid is None:
        return OTHER
    names = f"{base.name} {base.datum.name if base.datum else ''} {base.ellipsoid.name}"
    for datum, pattern in OLD_NAMES:
        if re.search(pattern, names, re.IGNORECASE):
            return datum
    if base.prime_meridian and abs(base.prime_meridian.longitude) > 0:
        return OTHER
    axis, flattening = base.ellipsoid.semi_major_metre, base.ellipsoid.inverse_flattening
    near = {
        datum: abs(flattening - rf)
        for datum, (a, rf) in SPHEROIDS.items()
        if abs(axis - a) < AXIS and abs(flattening - rf) < FLATTENING
    }
    return min(near, key=near.__getitem__, default=OTHER)


def located(crs: CRS) -> bool:
    """Say whether a system has a place on the earth, unlike a drawing's own."""
    flat = horizontal(crs)
    return bool(flat.is_geographic or flat.is_projected)


@cache
def rebased(crs: CRS) -> CRS:
    """Return the same numbers on CGCS2000.

    Parameters
    ----------
    crs
        A plane or geographic system on any datum.

    Returns
    -------
    CRS
        The EPSG definition where false easting and central meridian are those of one. For a system
        on another datum this is where its numbers *nearly* are, within some 150 m: good
        enough to tell zones apart, never to be used as a transformation.
    """
    flat = horizontal(crs)
    if flat.is_geographic:
        return CRS.from_user_input(BASE)
    meridian, easting = gauss_kruger(flat)
    code = gauss_code(meridian, easting)
    if code:
        return CRS.from_epsg(code)
    operation = flat.coordinate_operation
    if operation is not None and TRANSVERSE.search(operation.method_name):
        operation = TransverseMercatorConversion(*(_value(flat, name) for name in ORIGIN))
    return ProjectedCRS(operation, flat.name, flat.coordinate_system, BASE)


def gauss_kruger(crs: CRS) -> tuple[float, float]:
    """Return central meridian and false easting of a Gauss-Kruger system.

    Parameters
    ----------
    crs
        A horizontal system.

    Returns
    -------
    tuple of float
        NaN for both where it is none: another projection, a scale, another origin.
    """
    nothing = (float("nan"), float("nan"))
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None or not TRANSVERSE.search(operation.method_name):
        return nothing
    latitude, meridian, easting, northing, scale = (_value(crs, name) for name in ORIGIN)
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    plain = scale == 1 and latitude == 0 and northing == 0 and metres
    return (meridian, easting) if plain else nothing


def _value(crs: CRS, name: str) -> float:
    """Return a parameter of a projection, what is usual where it is not written."""
    operation = crs.coordinate_operation
    found = {param.name: param.value for param in operation.params} if operation else {}
    return float(found.get(name) or (0.0 if name != SCALE else 1.0))


def gauss_code(meridian: float, easting: float) -> int:
    """Return the EPSG code of a CGCS2000 Gauss-Kruger system.

    Parameters
    ----------
    meridian
        Central meridian in degrees.
    easting
        False easting; 500 000, or with the number of a zone in front.

    Returns
    -------
    int
        0 where there is none. Of two with the same numbers the 3-degree one.

    Examples
    --------
    >>> gauss_code(117, 39_500_000), gauss_code(117, 500_000), gauss_code(117, 20_500_000)
    (4527, 4548, 4498)
    >>> gauss_code(116.5, 500_000)
    0
    """
    prefix = (easting - HALF) / PREFIX
    three, six = meridian / 3, (meridian + 3) / 6
    if FIRST_3 <= three <= LAST_3 and three == int(three):
        if prefix == 0:
            return PLAIN_3 + int(three) - FIRST_3
        if prefix == three:
            return ZONE_3 + int(three) - FIRST_3
    if FIRST_6 <= six <= LAST_6 and six == int(six):
        if prefix == 0:
            return PLAIN_6 + int(six) - FIRST_6
        if prefix == six:
            return ZONE_6 + int(six) - FIRST_6
    return 0


def authority(crs: CRS) -> str:
    """Return how to name a system: its EPSG code, else its own name.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    str
        Such as ``EPSG:4548``.
    """
    flat = horizontal(crs)
    code = flat.to_epsg(min_confidence=CONFIDENT)
    if not code and datum_of(flat) == CGCS2000:
        code = gauss_code(*gauss_kruger(flat)) or (4490 if flat.is_geographic else None)
    return f"EPSG:{code}" if code else flat.name
