"""The coordinate systems that a delivery of a district may be in, and its numbers in each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import floor

from pyproj import CRS, Proj, Transformer

from lowuse_gis.core.datum import (
    BASE,
    FIRST_3,
    FIRST_6,
    HALF,
    LAST_3,
    LAST_6,
    PLAIN_3,
    PLAIN_6,
    PREFIX,
    ZONE_3,
    ZONE_6,
    authority,
    gauss_kruger,
    horizontal,
    rebased,
)

Box = tuple[float, float, float, float]
MERCATOR = "EPSG:3857"
UTM_NORTH = 32600


@dataclass(frozen=True)
class System:
    """A coordinate system, and where the district lies in its numbers.

    Attributes
    ----------
    name
        Such as ``EPSG:4548``.
    crs
        Its definition on CGCS2000.
    box
        The district's envelope: west, south, east, north, or with swapped axes in the order of the
        file.
    meridian
        Central meridian; NaN where it has none.
    prefix
        Number of the zone in front of the eastings; 0 for none.
    same
        Other systems with the very same numbers.
    swapped
        Whether the northing comes first.
    """

    name: str
    crs: CRS
    box: Box
    meridian: float = float("nan")
    prefix: int = 0
    same: tuple[str, ...] = ()
    swapped: bool = False


def plane_envelope(crs: object, envelope: Box) -> Box:
    """Return the district's envelope in a plane system.

    Parameters
    ----------
    crs
        The system.
    envelope
        West, south, east, north in degrees.

    Returns
    -------
    tuple of float
        West, south, east, north in metres.
    """
    return Transformer.from_crs(BASE, crs, always_xy=True).transform_bounds(*envelope)


@cache
def system_of(crs: CRS, envelope: Box) -> System:
    """Describe a system that someone names.

    Parameters
    ----------
    crs
        A plane or geographic system on any datum.
    envelope
        The district in degrees.

    Returns
    -------
    System
        By its numbers, as if on CGCS2000.
    """
    based = rebased(crs)
    meridian, easting = gauss_kruger(horizontal(based))
    prefix = 0 if easting != easting else round((easting - HALF) / PREFIX)  # noqa: PLR0124  NaN
    return System(authority(crs), based, plane_envelope(based, envelope), meridian, prefix)


@cache
def systems(working: str, envelope: Box) -> tuple[System, ...]:
    """Derive the systems a delivery of the district may be in.

    Parameters
    ----------
    working
        The rulebook's working system.
    envelope
        The district in degrees.

    Returns
    -------
    tuple of System
        The working system first; then 3-degree zones of the district and its neighbours, with and
        without the zone's number, 6-degree zones likewise, degrees, Web Mercator; and then each of
        them with swapped axes. Systems with the very same numbers stand as one.
    """
    west, _south, east, _north = envelope
    codes = [CRS.from_user_input(working).to_epsg() or 0]
    for middle in _outward(floor((west + 1.5) / 3), floor((east + 1.5) / 3)):
        if FIRST_3 <= middle <= LAST_3:
            codes += [ZONE_3 + middle - FIRST_3, PLAIN_3 + middle - FIRST_3]
    for middle in _outward(floor(west / 6) + 1, floor(east / 6) + 1):
        if FIRST_6 <= middle <= LAST_6:
            codes += [ZONE_6 + middle - FIRST_6, PLAIN_6 + middle - FIRST_6]
    named = [CRS.from_epsg(code) for code in dict.fromkeys([*codes, 4490]) if code]
    named = named if codes[0] else [CRS.from_user_input(working), *named]
    found: dict[tuple[float, int], System] = {}
    for crs in named:
        system = system_of(crs, envelope)
        key = (
            (system.meridian, system.prefix)
            if gauss_kruger(crs) == gauss_kruger(crs)
            else (0.0, len(found))
        )
        known = found.setdefault(key, system)
        if known is not system:
            found[key] = replace(known, same=(*known.same, system.name))
    mercator = System(MERCATOR, CRS.from_epsg(3857), plane_envelope(MERCATOR, envelope))
    straight = (*found.values(), replace(mercator, crs=rebased(mercator.crs)))
    return (*straight, *map(swapped, straight))


def swapped(system: System) -> System:
    """Return a system with its axes in the other order.

    Parameters
    ----------
    system
        Any.

    Returns
    -------
    System
    """
    west, south, east, north = system.box
    return replace(system, box=(south, west, north, east), swapped=not system.swapped)


@cache
def rivals(envelope: Box) -> tuple[System, ...]:
    """Return systems whose numbers pass for others': only areas tell them apart.

    Parameters
    ----------
    envelope
        The district in degrees.

    Returns
    -------
    tuple of System
        The UTM zones of the district: a scale of 0.9996, some kilometres off in northing.
    """
    zones = dict.fromkeys(floor(lon / 6) + 31 for lon in (envelope[0], envelope[2]))
    return tuple(system_of(CRS.from_epsg(UTM_NORTH + zone), envelope) for zone in zones)


def areal_excess(system: System, envelope: Box) -> float:
    """Return by how much plane areas are too large in the middle of the district.

    Parameters
    ----------
    system, envelope
        The system, and the district in degrees.

    Returns
    -------
    float
        Millionths of the ellipsoidal area; NaN for degrees.
    """
    if not system.crs.is_projected:
        return float("nan")
    longitude, latitude = (envelope[0] + envelope[2]) / 2, (envelope[1] + envelope[3]) / 2
    return (Proj(system.crs).get_factors(longitude, latitude).areal_scale - 1) * 1e6


def _outward(first: int, last: int) -> list[int]:
    """Return zones with those of the district first, then their neighbours."""
    return [*range(first, last + 1), first - 1, last + 1]
