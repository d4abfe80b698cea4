"""The coordinate system that the header of a coordinate TXT declares."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lowuse_gis.io.rings import Points

PREFIXED = 1e7  # metres: an easting as large as this has its zone in front
ZONE = 1e6
DECIDING = ("坐标系", "几度分带", "带号", "投影类型", "计量单位")
SYSTEMS = {  # EPSG code of the first zone, by degrees and whether the zone stands in front
    "2000": {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502},
    "80": {(3, True): 2349, (3, False): 2370, (6, True): 2327, (6, False): 2338},
    "54": {(3, True): 2401, (3, False): 2422, (6, True): 21413, (6, False): 21453},
}
ZONES = {3: range(25, 46), 6: range(13, 24)}
CGCS2000 = "EPSG:4490"


def prefixed(points: Points) -> bool:
    """Say whether eastings have the number of the zone in front.

    Parameters
    ----------
    points
        Boundary points; swapped axes are allowed for.

    Returns
    -------
    bool
    """
    with np.errstate(invalid="ignore"):
        return bool((np.abs(points.xy) >= PREFIXED).any())


def without_zone(points: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Take the zone off eastings that have it where others in the file have not.

    Parameters
    ----------
    points
        Boundary points.

    Returns
    -------
    Points
        The same where all or none have it.
    array of bool
        Which points were changed.
    """
    east, north = points.xy[:, 0], points.xy[:, 1]
    with np.errstate(invalid="ignore"):
        front = np.isfinite(east) & (east >= PREFIXED) & (east < 100 * ZONE)
        plain = np.isfinite(east) & (east > 0) & (east < ZONE)
    none = np.zeros(len(east), bool)
    if not (front.any() and plain.any()) or len(np.unique(east[front] // ZONE)) > 1:
        return points, none
    xy = np.stack([np.where(front, east % ZONE, east), north], axis=1)
    return replace(points, xy=xy), front


def declared(lines: Sequence[str], *, zone_in_front: bool) -> str | None:
    """Return the coordinate system that a header declares.

    Parameters
    ----------
    lines
        ``key=value``.
    zone_in_front
        Whether eastings carry the number of the zone.

    Returns
    -------
    str or None
        Such as ``EPSG:4527``; None where the header does not say, or says two things.

    Examples
    --------
    >>> header = ["坐标系=2000国家大地坐标系", "几度分带=3", "带号=39"]
    >>> declared(header, zone_in_front=True), declared(header, zone_in_front=False)
    ('EPSG:4527', 'EPSG:4548')
    """
    said: dict[str, str] = {}
    for key, _equals, value in sorted({line.partition("=") for line in lines}):
        if key.strip() in said and key.strip() in DECIDING:
            return None
        said[key.strip()] = value.strip()
    name = said.get("坐标系", "").upper()
    system = next((key for key in SYSTEMS if key in name), "2000" if "CGCS" in name else "")
    if "度" in said.get("计量单位", "") and system == "2000":
        return CGCS2000
    degrees = {"3": 3, "6": 6, "三": 3, "六": 6}.get(said.get("几度分带", "")[:1])
    zone = re.search(r"\d{1,2}", said.get("带号", ""))
    projection = said.get("投影类型", "")
    if not system or degrees is None or zone is None or (projection and "高斯" not in projection):
        return None
    if int(zone.group()) not in ZONES[degrees]:
        return None
    first = SYSTEMS[system][degrees, zone_in_front]
    return f"EPSG:{first + int(zone.group()) - ZONES[degrees].start}"
