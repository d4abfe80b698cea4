"""Doubled vertices and spikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.topology.nearby import counted
from lowuse_gis.core.topology.rings import rings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.rings import Rings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Shapes = NDArray[np.object_]

COLUMNS = ("position", "ring", "kind", "value", "x", "y", "geometry")
PIECE = 20_000  # features measured at once: what is held in between stays small


def vertex_facts(geometry: Shapes, near: float, angle: float, *, leg: float = 0.1) -> pd.DataFrame:
    """Find vertices that stand where the one before does, and sharp corners.

    A ring is followed all the way around, across its closing point. Doubled vertices are left out
    before corners are measured; what is left of a collapsed ring, two vertices, is two spikes.

    Parameters
    ----------
    geometry
        Polygons in plane metres, valid or not; None is passed over.
    near
        Metres; vertices at most this far from the one before are doubled.
    angle
        Degrees; a corner between two edges below this is a spike, whether it stands out of the
        polygon or cuts into it.
    leg
        Metres; both edges of a spike are longer. A short one is a step of digitising.

    Returns
    -------
    DataFrame
        ``position``, ``ring`` (0 for the first of the feature), ``kind`` (``doubled`` or
        ``spike``), ``value`` (distance in metres or angle in degrees), ``x``, ``y``, ``geometry``
        (the vertex, or the two edges of the spike); in the order of features and vertices.
    """
    found = [
        _of_piece(geometry[at : at + PIECE], at, near, angle, leg)
        for at in range(0, len(geometry), PIECE)
    ]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(found, ignore_index=True)


def _of_piece(geometry: Shapes, first: int, near: float, angle: float, leg: float) -> pd.DataFrame:
    rings = rings_of(geometry)
    ring = np.repeat(np.arange(len(rings.part)), np.diff(rings.offset) - 1)
    open_ = np.ones(len(rings.xy), dtype=np.bool_)
    open_[rings.offset[1:] - 1] = False
    xy = rings.xy[open_]
    step = _after(xy, ring) - xy  # from each vertex to the next
    length = np.hypot(*step.T)
    close = length <= near
    doubled = _rows(rings, ring[close], "doubled", length[close], _after(xy, ring)[close])
    doubled["geometry"] = shapely.points(doubled[["x", "y"]].to_numpy())
    spikes = _spikes(rings, xy[~close], ring[~close], angle, leg)
    both = pd.concat([doubled, spikes], ignore_index=True)
    both = both.sort_values(["position", "ring"], kind="stable", ignore_index=True)
    both["position"] += first
    return both[list(COLUMNS)]


def _spikes(rings: Rings, xy: Floats, ring: Whole, angle: float, leg: float) -> pd.DataFrame:
    """Return the corners of vertices that are not doubled."""
    before, after = _before(xy, ring) - xy, _after(xy, ring) - xy
    cosine = (before * after).sum(axis=1)
    legs = np.hypot(*before.T), np.hypot(*after.T)
    sharp = cosine > np.cos(np.radians(min(angle + 1e-6, 90.0))) * legs[0] * legs[1]
    at = np.flatnonzero(sharp & (legs[0] > leg) & (legs[1] > leg))
    one, two = before[at], after[at]
    across = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    degrees = np.degrees(np.arctan2(across, cosine[at]))
    at, degrees = at[degrees < angle], degrees[degrees < angle]
    found = _rows(rings, ring[at], "spike", degrees, xy[at])
    edges = np.stack([xy[at] + before[at], xy[at], xy[at] + after[at]], axis=1)
    found["geometry"] = shapely.linestrings(edges + rings.origin)
    return found


def _rows(rings: Rings, ring: Whole, kind: str, value: Floats, xy: Floats) -> pd.DataFrame:
    position = rings.position
    start = np.flatnonzero(np.diff(position, prepend=-1))
    number = counted(np.diff(start, append=len(position)))
    return pd.DataFrame(
        {
            "position": position[ring],
            "ring": number[ring],
            "kind": pd.Series(np.full(len(ring), kind), dtype=object),
            "value": value,
            "x": xy[:, 0] + rings.origin[0],
            "y": xy[:, 1] + rings.origin[1],
        }
    )


def _after(xy: Floats, ring: Whole) -> Floats:
    """Return the next vertex of the same ring, after the last the first."""
    return xy[_turned(ring, 1)]


def _before(xy: Floats, ring: Whole) -> Floats:
    return xy[_turned(ring, -1)]


def _turned(ring: Whole, by: int) -> Whole:
    number = np.arange(len(ring)) + by
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    last = np.append(first[1:], len(ring))[: len(first)] - 1
    if by > 0:
        number[last] = first
    else:
        number[first] = last
    return number
