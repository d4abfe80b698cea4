"""Coordinate systems: what a file declares, and the way to the working system."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook

LIKELY = ("EPSG:4527", "EPSG:4548", "EPSG:4490", "EPSG:4526", "EPSG:4528", "EPSG:3857")
CONFIDENT = 70


def declared_crs(found: object, given: str, file: str) -> CRS:
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
    CRS
        The EPSG definition where the declared one is the same in all but name.

    Raises
    ------
    InputError
        Where neither says.
    """
    if not given and found is None:
        raise InputError(
            _("{file}: no coordinate system (.prj) is declared").format(file=file),
            _("declare it: --crs EPSG:4527 (eastings 39 xxx xxx) or EPSG:4548 (6 digits)"),
        )
    try:
        crs = CRS.from_user_input(given or found)
    except CRSError as error:
        raise InputError(
            _("{file}: unknown coordinate system {crs}").format(file=file, crs=given or found),
            _("write it as EPSG:4527, EPSG:4548 or EPSG:4490"),
        ) from error
    code = crs.to_epsg(min_confidence=CONFIDENT)
    return CRS.from_epsg(code) if code else crs


def to_working(frame: gpd.GeoDataFrame, rulebook: Rulebook, file: str) -> gpd.GeoDataFrame:
    """Bring a layer to the rulebook's working CRS.

    Parameters
    ----------
    frame
        A layer with a CRS.
    rulebook
        Says the working CRS and the envelope of the district.
    file
        Its name, for the message.

    Returns
    -------
    GeoDataFrame
        Every vertex transformed; edges are straight in the working plane.

    Raises
    ------
    InputError
        Where the way crosses a datum without known parameters, or all coordinates end up
        outside the district.
    """
    geometry = frame.geometry.to_numpy()
    if not _same(frame.crs, CRS.from_user_input(rulebook.crs)):
        transformer = _transformer(frame.crs.to_wkt(), rulebook.crs, file)
        project: Any = transformer.transform
        geometry = shapely.transform(geometry, project, interleaved=False)
    _inside(geometry, frame, rulebook, file)
    return frame.set_geometry(geometry, crs=rulebook.crs)


def _same(a: CRS, b: CRS) -> bool:
    return a.equals(b, ignore_axis_order=True)


@cache
def _transformer(source: str, target: str, file: str) -> Transformer:
    group = TransformerGroup(source, target, always_xy=True)
    best = group.transformers[0] if group.transformers else None
    if best is None or "allpark" in best.description:
        raise InputError(
            _("{file}: {crs} has another datum; its shift to CGCS2000 is not public").format(
                file=file, crs=CRS.from_user_input(source).name
            ),
            _("transform it with your local parameters first; it is never just relabelled"),
        )
    return best


def _inside(
    geometry: NDArray[np.object_], frame: gpd.GeoDataFrame, rulebook: Rulebook, file: str
) -> None:
    west, south, east, north = plane_envelope(rulebook.crs, rulebook.envelope)
    bounds = shapely.bounds(geometry)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    known = ~np.isnan(bounds[:, 0])
    within = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    if within.any() or not known.any():
        return
    guess = _guess(frame.geometry.to_numpy(), rulebook)
    raise InputError(
        _("{file}: all coordinates are outside the district ({crs})").format(
            file=file, crs=frame.crs.name
        ),
        _("the coordinates fit {guess}: use --crs {guess}").format(guess=guess)
        if guess
        else _("check the declared coordinate system"),
    )


def plane_envelope(
    crs: str, envelope: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
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
    transformer = Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    return transformer.transform_bounds(*envelope)


def _guess(geometry: NDArray[np.object_], rulebook: Rulebook) -> str:
    """Find the system in which the raw coordinates lie in the district."""
    west, south, east, north = shapely.total_bounds(geometry)
    x, y = (west + east) / 2, (south + north) / 2
    for crs in LIKELY:
        left, low, right, high = plane_envelope(crs, rulebook.envelope)
        if left <= x <= right and low <= y <= high:
            return crs
    return ""
