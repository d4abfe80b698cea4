"""Bring coordinates to the working system by parameters that the user gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer

from lowuse_gis.core.datum import BASE
from lowuse_gis.core.extents import within
from lowuse_gis.core.place import find_place
from lowuse_gis.core.shifts import (
    GCJ02,
    HELMERT,
    PIPELINE,
    Road,
    Shift,
    by_transformer,
    gcj02,
    helmert,
    similarity,
    turned,
)
from lowuse_gis.core.systems import plane_envelope, system_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.projection import centres, moved, road_to
from lowuse_gis.io.unplaced import UnplacedError, unplaced
from lowuse_gis.language import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.placed import Place
    from lowuse_gis.model import Rulebook

SAMPLE = 1000
EXACT, EXACT_DEGREES = 0.001, 1e-8  # there and back, in metres and in degrees
PLANE = 1000.0  # larger numbers are metres


def shifted(
    geometry: NDArray[np.object_],
    crs: CRS | None,
    shift: Shift,
    place: Place,
    rulebook: Rulebook,
    file: str,
) -> NDArray[np.object_]:
    """Bring a layer to the working system by given parameters.

    Parameters
    ----------
    geometry
        In the file's coordinates.
    crs
        What is declared of them.
    shift
        The parameters.
    place
        What the coordinates say by themselves.
    rulebook
        Says the working CRS and the envelope.
    file
        Its name, for messages.

    Returns
    -------
    ndarray
        In the working CRS.

    Raises
    ------
    InputError
        Where the transformation cannot be undone, leads out of the district, or starts from a
        system that is not known.
    """
    points = centres(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    road = _first(crs, shift, place, file)
    sample = points[:: max(1, len(points) // SAMPLE)]
    missed = road.misses(sample)
    if missed > (EXACT if np.abs(sample).max() > PLANE else EXACT_DEGREES):
        message = _("{file}: the transformation cannot be undone: there and back misses by {far:g}")
        raise InputError(message.format(file=file, far=missed), _("check its parameters"))
    behind = _behind(road, points, shift, rulebook, file)
    made = moved(geometry, road.then(behind) if behind else road)
    if not within(centres(made), plane_envelope(rulebook.crs, rulebook.envelope)).any():
        raise _lost(file)
    return made


def kind_of(shift: Shift) -> str:
    """Return what a transformation is called.

    Parameters
    ----------
    shift
        The parameters.

    Returns
    -------
    str
        In the user's language.
    """
    return {
        PIPELINE: _("PROJ pipeline"),
        HELMERT: _("seven parameters"),
        GCJ02: _("inverse of GCJ-02"),
    }.get(shift.kind, _("four parameters"))


def _first(crs: CRS | None, shift: Shift, place: Place, file: str) -> Road:
    """Return the part of the way that the user's parameters describe, and what it rests on."""
    if shift.kind == PIPELINE:
        return by_transformer(Transformer.from_pipeline(shift.text))
    if shift.kind == HELMERT:
        if crs is None or place.system is None:
            raise UnplacedError(
                _("{file}: seven parameters start from a known system").format(file=file),
                _("declare the old system of the coordinates: --crs, or crs in lowuse.toml"),
                "2202",
            )
        road = helmert(shift, crs, place.system)
        return turned().then(road) if place.swapped else road
    if shift.kind == GCJ02:
        if place.system is None or not place.certain:
            raise unplaced(place, file)
        degrees = Transformer.from_crs(place.system.crs, BASE, always_xy=True)
        road = by_transformer(degrees).then(gcj02())
        return turned().then(road) if place.swapped else road
    return similarity(shift)


def _behind(
    road: Road, points: NDArray[np.float64], shift: Shift, rulebook: Rulebook, file: str
) -> Road | None:
    """Return the way from where the parameters lead to the working system."""
    if shift.kind in {HELMERT, GCJ02} or shift.to:
        target = CRS.from_user_input(shift.to or BASE)
        return road_to(system_of(target, rulebook.envelope), rulebook)
    found = find_place(np.stack(road.there(*points.T), axis=1), None, rulebook)
    if found.system is None or not found.certain or found.swapped:
        raise _lost(file)
    return road_to(found.system, rulebook)


def _lost(file: str) -> InputError:
    return InputError(
        _("{file}: these parameters put the data outside the district").format(file=file),
        _("check their order, signs and units, and the system they start from"),
    )
