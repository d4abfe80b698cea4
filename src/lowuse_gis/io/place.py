"""Bring a layer to the working system, going on where its place is certain, and saying so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.place import find_place
from lowuse_gis.core.place_words import named
from lowuse_gis.core.placed import EMPTY, Place
from lowuse_gis.core.shifts import GCJ02, Shift
from lowuse_gis.errors import InputError
from lowuse_gis.io.projection import centres, declared_crs, moved, road_to
from lowuse_gis.io.shifted import kind_of, shifted
from lowuse_gis.io.unplaced import unplaced
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from lowuse_gis.model import Rulebook

AREAS = ("survey_area", "registered_area")  # standard columns that say an area, best first
LARGE = 1000.0  # m²; smaller ones are rounded too much to tell a scale
AGREED = 300e-6  # how near the middle half of the ratios must lie for their median to speak
PLAUSIBLE = 0.01
NO_ROWS = pd.DataFrame({"row": [], "code": [], "note": []}, dtype="str")


@dataclass(frozen=True)
class Given:
    """What the user says about the coordinates of a file.

    Attributes
    ----------
    crs
        Stands above what the file declares.
    shift
        Parameters of a transformation.
    """

    crs: str = ""
    shift: Shift | None = None


@dataclass(frozen=True)
class Placed:
    """A layer in the working system.

    Attributes
    ----------
    frame
        In the working CRS.
    notices
        What was found out, 2102, 2103 or 2201.
    crs
        The system the coordinates were taken in, empty where there are none.
    rows
        Features that are in another system than most, or in none: ``row`` (label in the frame's
        index), ``code`` and ``note``. Those in another system were taken in it.
    place
        The verdict on the file's own numbers.
    """

    frame: gpd.GeoDataFrame
    notices: tuple[Notice, ...]
    crs: str
    rows: pd.DataFrame
    place: Place


def placed(
    frame: gpd.GeoDataFrame,
    declared: object,
    given: Given,
    rulebook: Rulebook,
    file: str,
    layer: str = "",
) -> Placed:
    """Bring a layer to the working system, as `lowuse check` reads it.

    Parameters
    ----------
    frame
        A layer in the file's coordinates; its areas, where it has such standard columns, are
        compared with the plane ones.
    declared
        What the file declares; None where it is silent.
    given
        What the user says.
    rulebook
        Says the working CRS and the envelope.
    file, layer
        Names for messages and notices.

    Returns
    -------
    Placed

    Raises
    ------
    UnplacedError
        Where the place is not certain: the message says why, the hint what is needed.
    InputError
        Where parameters are wrong: they cannot be undone, or lead out of the district.
    """
    shift = given.shift
    crs = _understood(declared, given.crs, file)
    geometry = frame.geometry.to_numpy()
    ratio = area_ratio(frame)
    place = find_place(centres(geometry), crs, rulebook, ratio)
    if place.verdict == EMPTY:
        empty = frame.set_crs(rulebook.crs, allow_override=True)
        return Placed(empty, (), "", _rows(place, frame.index), place)
    if shift is not None:
        geometry = shifted(geometry, crs, shift, place, rulebook, file)
        made = frame.set_geometry(geometry).set_crs(rulebook.crs, allow_override=True)
        note = _("brought to CGCS2000 by the given {kind}").format(kind=kind_of(shift))
        used = Notice("2103", file, layer, note)
        start = place.declared or (place.crs if shift.kind == GCJ02 else "")
        return Placed(made, (used,), start or kind_of(shift), NO_ROWS, place)
    if not place.certain or place.system is None:
        raise unplaced(place, file)
    whole = moved(geometry, road_to(place.system, rulebook)).copy()
    for part in place.elsewhere:
        whole[part.rows] = moved(geometry[part.rows], road_to(part.system, rulebook))
    made = frame.set_geometry(whole).set_crs(rulebook.crs, allow_override=True)
    notices = tuple(Notice(code, file, layer, place.why) for code in place.codes)
    return Placed(made, notices, named(place.system), _rows(place, frame.index), place)


def area_ratio(frame: gpd.GeoDataFrame) -> float | None:
    """Return by which factor plane areas exceed the areas that a layer says itself.

    Parameters
    ----------
    frame
        With standard columns.

    Returns
    -------
    float, or None
        The median over larger polygons; None where there are no areas, they disagree among
        themselves, or are in another unit.
    """
    column = next((name for name in AREAS if name in frame), None)
    if column is None:
        return None
    areas = frame.loc[:, ~frame.columns.duplicated()][column]
    said = pd.to_numeric(areas, errors="coerce").to_numpy(dtype=float)
    known = np.isfinite(said) & (said > LARGE)
    ratio = shapely.area(frame.geometry.to_numpy()[known]) / said[known]
    ratio = ratio[np.isfinite(ratio)]
    if not len(ratio):
        return None
    low, middle, high = np.quantile(ratio, (0.25, 0.5, 0.75))
    return float(middle) if high - low <= AGREED and abs(middle - 1) <= PLAUSIBLE else None


def _understood(declared: object, given: str, file: str) -> CRS | None:
    """Return the declared system; a .prj that nobody understands is as good as none."""
    try:
        return declared_crs(declared, given, file)
    except InputError:
        if given:
            raise
        return None


def _rows(place: Place, index: pd.Index) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "row": index[part.rows],
                "code": "2201",
                "note": _("this feature is in {system}").format(system=named(part.system)),
            }
        )
        for part in place.elsewhere
    ]
    if len(place.nowhere):
        note = _("its coordinates fit no system of the district")
        parts.append(pd.DataFrame({"row": index[place.nowhere], "code": "2203", "note": note}))
    return pd.concat(parts, ignore_index=True) if parts else NO_ROWS
