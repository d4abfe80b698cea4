"""Edges that run beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.topology.halfedges import vertex_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.rings import Rings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]
    Keys = NDArray[np.uint64]

TURN = 0.5  # sine of 30 degrees: edges that differ more in direction do not run together


@dataclass(frozen=True)
class Owners:
    """Every edge of every feature.

    Attributes
    ----------
    first
        Number of its first vertex.
    key
        The same for the same edge, whichever way it runs.
    position
        The feature.
    """

    first: Whole
    key: Keys
    position: Whole


@dataclass(frozen=True)
class Segments:
    """Edges of a layer, each once, and the first feature that each belongs to."""

    start: Floats
    end: Floats
    position: Whole
    key: Keys


@dataclass(frozen=True)
class Beside:
    """Where one segment has another beside it.

    Attributes
    ----------
    low, high
        Metres from the start of the first; `low` is not below `high` where they are nowhere near.
    off
        Distance at both, metres, below zero on the right.
    """

    low: Floats
    high: Floats
    off: tuple[Floats, Floats]


def owners_of(rings: Rings) -> Owners:
    """List every edge of every feature.

    Parameters
    ----------
    rings
        Of a layer.

    Returns
    -------
    Owners
        In the order of the rings; edges without length are left out.
    """
    ring = np.repeat(np.arange(len(rings.part)), np.diff(rings.offset))
    keys = vertex_keys(rings.xy)
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (keys[1:] != keys[:-1]))
    return Owners(first, keys[first] + keys[first + 1], rings.position[ring[first]])


def segments_of(rings: Rings, owners: Owners, some: Bools | None = None) -> Segments:
    """Return the edges of a layer, each once.

    Parameters
    ----------
    rings, owners
        The layer.
    some
        Which edges to take; all if None.

    Returns
    -------
    Segments
    """
    at = np.arange(len(owners.key)) if some is None else np.flatnonzero(some)
    at = at[~pd.Series(owners.key[at]).duplicated().to_numpy()]
    first = owners.first[at]
    return Segments(rings.xy[first], rings.xy[first + 1], owners.position[at], owners.key[at])


def close_pairs(
    one: Segments, two: Segments, pairs: tuple[Whole, Whole], tolerance: float
) -> tuple[Whole, Whole]:
    """Keep the pairs of segments that run beside each other.

    Parameters
    ----------
    one, two
        Segments of two layers.
    pairs
        Numbers in each.
    tolerance
        Metres; farther apart is not beside.

    Returns
    -------
    first, second : ndarray of int
    """
    beside = beside_of(one, two, pairs, tolerance)
    near = beside.high > beside.low
    return pairs[0][near], pairs[1][near]


def beside_of(one: Segments, two: Segments, pairs: tuple[Whole, Whole], tolerance: float) -> Beside:
    """Find the stretch of each first segment along which the second is near.

    Parameters
    ----------
    one, two, pairs, tolerance
        As for `close_pairs`.

    Returns
    -------
    Beside
        One per pair.
    """
    a, b = pairs
    line, begin = one.end[a] - one.start[a], one.start[a]
    length = np.hypot(*line.T)
    line /= length[:, None]
    ends = two.start[b] - begin, two.end[b] - begin
    along = [(end * line).sum(axis=1) for end in ends]
    off = [line[:, 0] * end[:, 1] - line[:, 1] * end[:, 0] for end in ends]
    run, rise = along[1] - along[0], off[1] - off[0]
    aligned = np.abs(rise) <= TURN * np.hypot(run, rise)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(aligned, rise / run, 0.0)
        reach = [along[0] + (side * tolerance - off[0]) / slope for side in (-1, 1)]
    flat = slope == 0
    aligned &= ~flat | (np.abs(off[0]) <= tolerance)
    first = np.where(flat, 0.0, np.minimum(*reach))
    last = np.where(flat, length, np.maximum(*reach))
    low = np.maximum(np.minimum(*along), np.maximum(first, 0.0))
    high = np.minimum(np.maximum(*along), np.minimum(last, length))
    high = np.where(aligned, high, low)
    return Beside(low, high, tuple(off[0] + slope * (at - along[0]) for at in (low, high)))
