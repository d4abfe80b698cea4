"""Coordinate systems: what a file declares, and the way to the working system."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from lowuse_gis.core.place import find_place, plainly_in
from lowuse_gis.core.place_words import named
from lowuse_gis.core.placed import AGREES, EMPTY, SHIFTED, Place
from lowuse_gis.core.shifts import Road, by_transformer, turned
from lowuse_gis.errors import InputError, RuleError
from lowuse_gis.language import _

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.systems import System
    from lowuse_gis.model import Rulebook

ROWS_NAMED = 5


def declared_crs(found: object, given: str, file: str) -> CRS | None:
    """Return the coordinate system to take a file's coordinates in.

    Parameters
    ----------
    found
        What the file declares, None where it is silent.
    given
        What the user declares; stands above the file.
    file
        Its name, for the message.

    Returns
    -------
    CRS, or None
        None where neither says.

    Raises
    ------
    InputError
        Where it is no system that is known.
    """
    if not given and not found:
        return None
    try:
        return CRS.from_user_input(given or found)
    except CRSError as error:
        raise InputError(
            _("{file}: unknown coordinate system {crs}").format(
                file=file, crs=str(given or found)[:80]
            ),
            _("write it as EPSG:4527, EPSG:4548 or EPSG:4490"),
        ) from error


def centres(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return one point per feature by which its place is told.

    Parameters
    ----------
    geometry
        Of a layer; None is allowed.

    Returns
    -------
    ndarray
        Rows of x and y, not finite where there is nothing.
    """
    west, south, east, north = shapely.bounds(geometry).T
    return np.stack([west / 2 + east / 2, south / 2 + north / 2]).T


def to_working(
    frame: gpd.GeoDataFrame,
    declared: CRS | None,
    rulebook: Rulebook,
    file: str,
    *,
    option: bool = True,
) -> gpd.GeoDataFrame:
    """Bring a layer to the rulebook's working CRS, on what is declared alone.

    Parameters
    ----------
    frame
        A layer in the file's coordinates.
    declared
        Their system; None where nobody says.
    rulebook
        Says the working CRS and the envelope of the district.
    file
        Its name, for the message.
    option
        Whether ``--crs`` speaks of this layer, for the hint; else only the project file can.

    Returns
    -------
    GeoDataFrame
        Every vertex transformed; edges are straight in the working plane.

    Raises
    ------
    InputError
        Where no system is declared, where its datum has no known parameters, or where coordinates
        do not fit it. The hint names the system that fits.
    """
    geometry = frame.geometry.to_numpy()
    points = centres(geometry)
    system = plainly_in(points, declared, rulebook)
    if system is None:
        system = _told_system(find_place(points, declared, rulebook), declared, file, option=option)
    if system is not None:
        geometry = moved(geometry, road_to(system, rulebook))
    return frame.set_geometry(geometry).set_crs(rulebook.crs, allow_override=True)


def _told_system(place: Place, declared: CRS | None, file: str, *, option: bool) -> System | None:
    """Return the system of a place; None where the layer is nowhere."""
    if declared is None:
        raise InputError(
            _("{file}: no coordinate system (.prj) is declared").format(file=file),
            _fitting(place, option=option)
            or _("declare it: {way} (eastings 39 xxx xxx) or EPSG:4548 (6 digits)").format(
                way=_way("EPSG:4527", option=option)
            ),
        )
    if place.verdict == SHIFTED:
        raise InputError(
            _("{file}: {crs} has another datum; its shift to CGCS2000 is not public").format(
                file=file, crs=place.declared
            ),
            _("give local parameters: transform = … in lowuse.toml; it is never just relabelled"),
        )
    if place.verdict not in {AGREES, EMPTY}:
        raise InputError(
            _("{file}: all coordinates are outside the district ({crs})").format(
                file=file, crs=declared.name
            ),
            _fitting(place, option=option)
            or _("check the declared coordinate system: {why}").format(why=place.why),
        )
    _of_one_system(place, file)
    return place.system


def road_to(system: System, rulebook: Rulebook) -> Road | None:
    """Return the way from a system to the working one.

    Parameters
    ----------
    system
        Where the coordinates are.
    rulebook
        Says where they should be.

    Returns
    -------
    Road, or None
        None where they are there already.
    """
    straight = None if _same(system.crs, rulebook.crs) else _transformer(system.crs, rulebook.crs)
    if not system.swapped:
        return by_transformer(straight) if straight else None
    return turned().then(by_transformer(straight)) if straight else turned()


def moved(geometry: NDArray[np.object_], road: Road | None) -> NDArray[np.object_]:
    """Move every vertex.

    Parameters
    ----------
    geometry
        In the file's coordinates.
    road
        The way; None for none.

    Returns
    -------
    ndarray
        New geometry; what cannot be moved becomes infinite.
    """
    if road is None:
        return geometry

    def there(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        there = np.stack(road.there(x, y))
        return np.where(np.isnan(there), np.inf, there)  # NaN would leave a ring open

    way: Any = there
    with np.errstate(invalid="ignore"):
        return shapely.transform(geometry, way, interleaved=False)


def _same(crs: CRS, working: str) -> bool:
    return crs.equals(CRS.from_user_input(working), ignore_axis_order=True)


@cache
def _transformer(source: CRS, target: str) -> Transformer:
    """Return the transformation, which must be a pure projection: never a guess at a datum."""
    group = TransformerGroup(source, target, always_xy=True)
    best = group.transformers[0] if group.transformers else None
    if best is None or best.accuracy < 0 or "allpark" in best.description:
        raise RuleError(
            _("no exact way leads from {source} to {target}").format(
                source=source.name, target=target
            ),
            _("name a CGCS2000 system as the working CRS of the rulebook"),
        )
    return best


def _way(crs: str, *, option: bool) -> str:
    """Say how a system is declared."""
    return f"--crs {crs}" if option else _('crs = "{crs}" in lowuse.toml').format(crs=crs)


def _fitting(place: Place, *, option: bool) -> str:
    """Return the hint that names the system the coordinates are in; empty where none is known."""
    if place.system is None or not place.certain:
        return ""
    if place.swapped:
        return _("the coordinates fit {guess}: export it with the easting first").format(
            guess=named(place.system)
        )
    way = _way(place.crs, option=option)
    return _("the coordinates fit {guess}: use {way}").format(guess=place.crs, way=way)


def _of_one_system(place: Place, file: str) -> None:
    if not place.elsewhere:
        return
    part = place.elsewhere[0]
    rows = ", ".join(str(row + 1) for row in part.rows[:ROWS_NAMED])
    more = "…" if len(part.rows) > ROWS_NAMED else ""
    raise InputError(
        _("{file}: {count} features are in another system, {crs}: rows {rows}").format(
            file=file, count=len(part.rows), crs=named(part.system), rows=rows + more
        ),
        _("bring all features to one system before handing them over"),
    )
