"""Where the outlines of two layers run together nearly, but not on each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.topology.halfedges import vertex_keys
from lowuse_gis.core.topology.nearby import near_pairs, runs_of
from lowuse_gis.core.topology.residue import SNAP
from lowuse_gis.core.topology.rings import polylines, rings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.rings import Rings

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

TURN = 0.5  # sine of 30 degrees: edges that differ more in direction do not run together


@dataclass(frozen=True)
class Segments:
    """The edges of a layer, each once, and the first feature that each belongs to."""

    start: Floats
    end: Floats
    position: Whole
    key: NDArray[np.uint64]


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


def edge_facts(
    geometry: Shapes,
    other: Shapes,
    tolerance: float,
    threads: int = 2,
    *,
    snap: float = SNAP,
    least: float = 1.0,
) -> pd.DataFrame:
    """Find where the outlines of two layers nearly match.

    Parameters
    ----------
    geometry, other
        Polygons in plane metres, valid or not; None is passed over.
    tolerance
        Metres; outlines farther apart have nothing to do with each other.
    threads
        Threads to use.
    snap
        Metres; nearer is a match. An edge of `geometry` that some edge of `other` matches is not
        held against a third one beside it.
    least
        Metres; two features whose outlines run together for less are not listed.

    Returns
    -------
    DataFrame
        ``position`` and ``other`` (each edge counts for the first feature that has it),
        ``distance`` (the largest along the way), ``length`` (of the way), ``x``, ``y`` (where the
        distance is largest), ``geometry`` (the part of the first layer's outline); sorted by the
        two positions.
    """
    rings = rings_of(geometry)
    one, two = _segments(rings), _segments(rings_of(other, rings.origin))
    one, two = _unmatched(one, two), _unmatched(two, one)
    grown = tolerance / 2
    pairs = near_pairs(
        runs_of(one.start, one.end, grown),
        runs_of(two.start, two.end, grown),
        lambda a, b: _close(one, two, (a, b), tolerance),
        threads,
    )
    found = _matching_left_out(one, two, pairs, tolerance, snap)
    return _rows(one, two, *found, rings.origin, least)


def _segments(rings: Rings) -> Segments:
    ring = np.repeat(np.arange(len(rings.part)), np.diff(rings.offset))
    inner = np.flatnonzero(ring[1:] == ring[:-1])
    keys = vertex_keys(rings.xy)
    key = keys[inner] + keys[inner + 1]
    real = (keys[inner] != keys[inner + 1]) & ~pd.Series(key).duplicated().to_numpy()
    inner = inner[real]
    return Segments(rings.xy[inner], rings.xy[inner + 1], rings.position[ring[inner]], key[real])


def _unmatched(one: Segments, two: Segments) -> Segments:
    """Leave out the segments that the other layer has just so."""
    alone = ~pd.Series(one.key).isin(two.key).to_numpy()
    return Segments(one.start[alone], one.end[alone], one.position[alone], one.key[alone])


def _close(
    one: Segments, two: Segments, pairs: tuple[Whole, Whole], tolerance: float
) -> tuple[Whole, Whole]:
    beside = _beside(one, two, pairs, tolerance)
    near = beside.high > beside.low
    return pairs[0][near], pairs[1][near]


def _beside(one: Segments, two: Segments, pairs: tuple[Whole, Whole], tolerance: float) -> Beside:
    """Find the stretch of each first segment along which the second is near."""
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


def _matching_left_out(
    one: Segments, two: Segments, pairs: tuple[Whole, Whole], tolerance: float, snap: float
) -> tuple[tuple[Whole, Whole], Beside]:
    """Keep the pairs that do not match, of segments that nothing matches all along."""
    a, b = pairs
    beside = _beside(one, two, pairs, tolerance)
    distance, length = np.abs(beside.off).max(axis=0), beside.high - beside.low
    match = distance <= snap
    near = ~match
    for layer, number in ((one, a), (two, b)):
        whole = np.hypot(*(layer.end - layer.start).T)
        matched = np.bincount(number[match], length[match], minlength=len(whole))
        near &= (matched < 0.99 * whole)[number]
    off = beside.off[0][near], beside.off[1][near]
    return (a[near], b[near]), Beside(beside.low[near], beside.high[near], off)


def _rows(
    one: Segments,
    two: Segments,
    pairs: tuple[Whole, Whole],
    beside: Beside,
    origin: Floats,
    least: float,
) -> pd.DataFrame:
    """Gather the stretches of each pair of features."""
    a = pairs[0]
    line = one.end[a] - one.start[a]
    line /= np.hypot(*line.T)[:, None]
    ends = [one.start[a] + line * at[:, None] + origin for at in (beside.low, beside.high)]
    far = np.abs(beside.off).argmax(axis=0)
    place = np.where(far[:, None] == 0, *ends)
    table = pd.DataFrame(
        {
            "position": one.position[a],
            "other": two.position[pairs[1]],
            "distance": np.abs(beside.off).max(axis=0),
            "length": beside.high - beside.low,
            "x": place[:, 0],
            "y": place[:, 1],
        }
    )
    group = table.groupby(["position", "other"], sort=True).ngroup().to_numpy()
    order = np.lexsort((-table["distance"], group))
    found = table.iloc[order].drop_duplicates(["position", "other"]).reset_index(drop=True)
    found["length"] = np.bincount(group, table["length"], minlength=len(found))
    along = np.lexsort((a, group))
    found["geometry"] = _drawn(ends[0][along], ends[1][along], group[along])
    return found[found["length"] >= least].reset_index(drop=True)


def _drawn(start: Floats, end: Floats, group: Whole) -> Shapes:
    """Draw the stretches of each group, those that follow each other as one line."""
    breaks = np.ones(len(group), dtype=np.bool_)
    breaks[1:] = (group[1:] != group[:-1]) | (np.abs(start[1:] - end[:-1]) > SNAP).any(axis=1)
    lines = polylines(start, end, breaks)
    drawn: Any = shapely.multilinestrings(lines, indices=group[breaks])
    single = shapely.get_num_geometries(drawn) == 1
    drawn[single] = shapely.get_geometry(drawn[single], 0)
    return drawn
