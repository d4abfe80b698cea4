"""Take shapes as plane polygons or lines, whatever they were, and count what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT, LINE, RING, POLYGON, POINTS, LINES, POLYGONS, COLLECTION = range(8)
NAMES = {
    POINT: "Point",
    LINE: "LineString",
    RING: "LinearRing",
    POLYGON: "Polygon",
    POINTS: "MultiPoint",
    LINES: "MultiLineString",
    POLYGONS: "MultiPolygon",
    COLLECTION: "GeometryCollection",
}
FITTING = {"polygon": (POLYGON, POLYGONS), "line": (LINE, LINES)}
CLOSED = 4  # vertices of the smallest closed line
LISTED = 10


@dataclass(frozen=True)
class Planar:
    """Shapes of one kind.

    Attributes
    ----------
    shapes
        One per record, None for none.
    notices
        What was made of the others.
    lost
        Names of the kinds that nothing could be made of.
    """

    shapes: NDArray[np.object_]
    notices: tuple[Notice, ...]
    lost: tuple[str, ...]


def planar(
    shapes: NDArray[np.object_], file: str, layer: str, wanted: str = "polygon", *, close: bool
) -> Planar:
    """Take shapes as plane polygons or lines.

    Parameters
    ----------
    shapes
        As read, None for none.
    file, layer
        Names to show.
    wanted
        ``polygon`` or ``line``; empty for whatever there is.
    close
        Whether a closed line is a polygon, as in a drawing; unless lines are wanted.

    Returns
    -------
    Planar
        A record whose shape is none of the wanted ones stays, without a shape.
    """
    high = int((shapely.has_z(shapes) | shapely.has_m(shapes)).sum())
    shapes = shapely.force_2d(shapes) if high else shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    endless = ~_finite(shapes)
    shapes[endless] = None
    notices, said = [], []
    if endless.any():
        rows = ", ".join(str(at + 1) for at in np.flatnonzero(endless)[:LISTED])
        note = _("{count} records, taken without a shape: {rows}")
        notices.append(Notice("2206", file, layer, note.format(count=endless.sum(), rows=rows)))
    if high:
        said.append(_("{count} with heights or measures").format(count=high))
    kinds = shapely.get_type_id(shapes)
    if close and not wanted:
        _close(shapes, kinds)
    lost: tuple[str, ...] = ()
    odd = (kinds >= 0) & ~np.isin(kinds, FITTING.get(wanted, tuple(NAMES)))
    if odd.any():
        shapes[odd] = _reduced(shapes[odd], wanted, close=close)
        gone = odd & shapely.is_missing(shapes)
        made = int(odd.sum() - gone.sum())
        lost = tuple(NAMES[kind] for kind in np.unique(kinds[gone]))
        if made:
            said.append(_("{count} made plain").format(count=made))
        if gone.any():
            note = _("{count} without a {wanted}, taken without a shape: {kinds}")
            kind = _("polygon") if wanted == "polygon" else _("line")
            said.append(note.format(count=gone.sum(), wanted=kind, kinds=_counted(kinds[gone])))
    if said:
        notices.append(Notice("2205", file, layer, "; ".join(said)))
    return Planar(shapes, tuple(notices), lost)


def _counted(kinds: NDArray[np.integer[Any]]) -> str:
    found, counts = np.unique(kinds, return_counts=True)
    return ", ".join(f"{NAMES[kind]} {n}" for kind, n in zip(found, counts, strict=True))


def _finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which shapes have only numbers for coordinates."""
    with np.errstate(invalid="ignore", over="ignore"):  # no number where a coordinate is none
        size = shapely.length(shapes)
    kind = shapely.get_type_id(shapes)
    good = np.isfinite(size) & (size != 0) & (kind != COLLECTION) | shapely.is_missing(shapes)
    doubtful = np.flatnonzero(~good)
    good[doubtful] = True
    coordinates, at = shapely.get_coordinates(shapes[doubtful], return_index=True)
    good[doubtful[at[~np.isfinite(coordinates).all(axis=1)]]] = False
    return good


def _reduced(shapes: NDArray[np.object_], wanted: str, *, close: bool) -> NDArray[np.object_]:
    """Put together the polygons, or lines, that are in each shape."""
    parts, at = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_type_id(parts)
    while (kinds > POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        at, kinds = at[inner], shapely.get_type_id(parts)
    if close and wanted == "polygon":
        _close(parts, kinds)
        kinds = shapely.get_type_id(parts)
    simple, several = FITTING[wanted]
    fit = (kinds == simple) & ~shapely.is_empty(parts)
    whole: NDArray[np.object_] = np.full(len(shapes), None, object)
    parts, at = parts[fit], at[fit]
    counts = np.bincount(at, minlength=len(shapes))
    whole[at[counts[at] == 1]] = parts[counts[at] == 1]
    many = counts[at] > 1
    if many.any():
        join = shapely.multipolygons if several == POLYGONS else shapely.multilinestrings
        join(parts[many], indices=at[many], out=whole)
    return whole


def _close(shapes: NDArray[np.object_], kinds: NDArray[np.integer[Any]]) -> None:
    """Turn closed lines into polygons, in place."""
    rings = (kinds == LINE) & shapely.is_closed(shapes)
    rings &= shapely.get_num_coordinates(shapes) >= CLOSED
    if rings.any():
        coordinates, which = shapely.get_coordinates(shapes[rings], return_index=True)
        shapes[rings] = shapely.polygons(shapely.linearrings(coordinates, indices=which))
