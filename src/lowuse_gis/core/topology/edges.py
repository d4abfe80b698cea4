"""Where the outlines of two layers run together nearly, but not on each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.topology.alongside import (
    Beside,
    beside_of,
    close_pairs,
    owners_of,
    segments_of,
)
from lowuse_gis.core.topology.nearby import near_pairs, runs_of
from lowuse_gis.core.topology.residue import SNAP
from lowuse_gis.core.topology.rings import polylines, rings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.alongside import Owners, Segments

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Bools = NDArray[np.bool_]
    Keys = NDArray[np.uint64]
    Pairs = tuple[Whole, Whole]
    Shapes = NDArray[np.object_]

ALL_ALONG = 0.99  # share of an edge that others must match for it to be matched


def edge_facts(
    geometry: Shapes,
    other: Shapes,
    tolerance: float,
    threads: int = 2,
    *,
    snap: float = SNAP,
    least: float = 1.0,
    origin: Floats | None = None,
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
        held against a third one beside it, nor is an edge of `other` held against the feature that
        matches it; against the neighbour of that feature it is.
    least
        Metres; two features whose outlines run together for less are not listed.
    origin
        From where to count coordinates; the middle of the layer if not given.

    Returns
    -------
    DataFrame
        ``position`` and ``other`` (each edge counts for the first feature that has it),
        ``distance`` (the largest along the way), ``length`` (of the way), ``x``, ``y`` (where the
        distance is largest), ``geometry`` (the part of the first layer's outline); sorted by the
        two positions.
    """
    rings = rings_of(geometry, origin)
    theirs = rings_of(other, rings.origin)
    owners, others = owners_of(rings), owners_of(theirs)
    one = segments_of(rings, owners, ~pd.Series(owners.key).isin(others.key).to_numpy())
    two = segments_of(theirs, others)
    grown = tolerance / 2
    second, first = near_pairs(  # the tree is made of the few that have no equal
        runs_of(two.start, two.end, grown),
        runs_of(one.start, one.end, grown),
        lambda b, a: close_pairs(one, two, (a, b), tolerance)[::-1],
        threads,
    )
    pairs, beside, match = _unmatched(one, two, (first, second), tolerance, snap)
    held = ~_is_own(owners, (one, two), pairs, match)
    off = beside.off[0][held], beside.off[1][held]
    beside = Beside(beside.low[held], beside.high[held], off)
    return _rows(one, two, (pairs[0][held], pairs[1][held]), beside, rings.origin, least)


@dataclass(frozen=True)
class Match:
    """Pairs of segments that lie on each other, and the metres for which they do."""

    pairs: Pairs
    length: Floats


def _unmatched(
    one: Segments, two: Segments, pairs: Pairs, tolerance: float, snap: float
) -> tuple[Pairs, Beside, Match]:
    """Keep the pairs that do not match, of first segments that nothing matches all along.

    Returns them, how they lie, and the pairs that match.
    """
    order = np.lexsort(pairs[::-1])
    a, b = pairs[0][order], pairs[1][order]
    beside = beside_of(one, two, (a, b), tolerance)
    distance, length = np.abs(beside.off).max(axis=0), beside.high - beside.low
    match = distance <= snap
    whole = _length(one)
    matched = np.bincount(a[match], length[match], minlength=len(whole))
    near = ~match & (matched < ALL_ALONG * whole)[a]
    off = beside.off[0][near], beside.off[1][near]
    found = Beside(beside.low[near], beside.high[near], off)
    return (a[near], b[near]), found, Match((a[match], b[match]), length[match])


def _is_own(owners: Owners, layers: tuple[Segments, Segments], pairs: Pairs, match: Match) -> Bools:
    """Say whether a feature with the first segment also has the second, whole, elsewhere."""
    one, two = layers
    seconds = np.unique(pairs[1])
    of_second = np.isin(match.pairs[1], seconds)
    on, second = match.pairs[0][of_second], match.pairs[1][of_second]
    keys = np.concatenate([one.key[pairs[0]], one.key[on], two.key[seconds]])
    some = pd.Series(owners.key).isin(keys).to_numpy()
    known = pd.DataFrame({"key": owners.key[some], "position": owners.position[some]})
    known = known.drop_duplicates()
    whole = pd.DataFrame({"key": two.key[seconds], "second": seconds}).merge(known, on="key")
    parts = pd.DataFrame(
        {"key": one.key[on], "second": second, "length": match.length[of_second]}
    ).merge(known, on="key")
    total = parts.groupby(["second", "position"], as_index=False)["length"].sum()
    total = total[total["length"] >= ALL_ALONG * _length(two)[total["second"]]]
    columns = ["second", "position"]
    own = pd.concat([whole[columns], total[columns]]).drop_duplicates()
    asked = pd.DataFrame({"key": one.key[pairs[0]], "second": pairs[1]}).reset_index()
    hit = asked.merge(known, on="key").merge(own, on=columns)["index"]
    return np.isin(np.arange(len(asked)), hit)


def _length(layer: Segments) -> Floats:
    length: Floats = np.hypot(*(layer.end - layer.start).T)
    return length


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
