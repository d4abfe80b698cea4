"""What stands on a sheet beside its map: what was judged, by whom, and the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS


def told(run: Any, system: CRS) -> list[str]:
    """Return what stands at the left foot of a sheet.

    Parameters
    ----------
    run, system
        What made the result, and its coordinate system.

    Returns
    -------
    list of str
    """
    return [
        _("CGCS2000 ({name})").format(name=system.name),
        _("as of {date}").format(date=run["as_of"]),
        _("rules: {title} {version}").format(title=run["title"], version=run["version"]),
    ]


def made_by(name: str) -> list[str]:
    """Return what stands at the right foot of a sheet.

    Parameters
    ----------
    name
        Who makes the map; empty where nobody was named.

    Returns
    -------
    list of str
    """
    maker = name or _("(to be named)")
    return [
        _("made by: {name}").format(name=maker),
        _("the program proposes, the towns decide; for work only"),
    ]


def counted(
    parcels: gpd.GeoDataFrame, place: str, labels: Mapping[str, str], mu: float
) -> list[str]:
    """Count parcels and their area by verdict.

    Parameters
    ----------
    parcels, place, labels, mu
        Some, where they are, what verdicts are called, and the m² of a mu.

    Returns
    -------
    list of str
        A line for every verdict that there is.
    """
    found = parcels.groupby("verdict")["area"].agg(["size", "sum"])
    there = [code for code in VERDICTS if code in found.index]
    return [_("{place}, parcels and area").format(place=place)] + [
        _("{verdict}: {count} parcels, {area} mu").format(
            verdict=labels.get(code, code),
            count=f"{found.at[code, 'size']:,}",
            area=f"{found.at[code, 'sum'] / mu:,.1f}",
        )
        for code in there
    ]
