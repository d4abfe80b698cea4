"""Mend shapes against each other: exact duplicates, narrow overlaps and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.mending.changes import (
    OTHERS,
    PARTS,
    TOO_MUCH,
    allowed,
    changes,
    joined,
)
from lowuse_gis.core.mending.moved import farthest_moved
from lowuse_gis.core.mending.shapes import Mended
from lowuse_gis.core.topology.gaps import gap_facts
from lowuse_gis.core.topology.layer import only
from lowuse_gis.core.topology.open_gaps import nearly_meeting
from lowuse_gis.core.topology.overlaps import overlap_facts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.core.mending.changes import Limits

    Shapes = NDArray[np.object_]

OPERATION = ("narrow_overlaps_and_gaps", "4101")


def duplicates(shapes: Shapes, attributes: pd.DataFrame) -> NDArray[np.bool_]:
    """Find features that repeat an earlier one in shape and in every attribute.

    Parameters
    ----------
    shapes, attributes
        All features, in order.

    Returns
    -------
    ndarray of bool
        True for the later ones.
    """
    present = ~shapely.is_missing(shapes)
    outline = np.array(shapely.to_wkb(shapely.normalize(shapes), hex=True), dtype=object)
    table = attributes.astype("str").fillna("").assign(__shape=outline)
    repeated: NDArray[np.bool_] = table.duplicated(keep="first").to_numpy()
    return repeated & present


def mend_coverage(shapes: Shapes, original: Shapes, stratum: Shapes, limits: Limits) -> Mended:
    """Close the narrow overlaps and gaps between neighbours; everything else stays where it is.

    Outlines of neighbours that nearly meet are snapped to each other.

    Parameters
    ----------
    shapes
        Polygons; invalid ones are passed over.
    original
        The shapes before anything was mended.
    stratum
        Features of different strata have nothing to do with each other.
    limits
        How narrow, and how much area may change.

    Returns
    -------
    Mended
        Features that hang together by such places are cleaned together, or, where one of them
        would change too much, fall apart or come to overlap others, not at all. Where nothing would
        move by as much as parts two points, nothing is done: cleaning would never come to an end.
    """
    sound = only(shapes, shapely.is_valid(shapes))
    clusters = _clusters(sound, stratum, limits)
    made = _cleaned(sound, clusters, limits)
    now, tree, parts = sound.copy(), shapely.STRtree(sound), []
    for cluster in clusters:  # the few groups that have such a place
        at = cluster[~shapely.equals(sound[cluster], made[cluster])]
        if not len(at):
            continue
        beside = np.setdiff1d(tree.query(_around(made[at], limits.snap))[1], cluster)
        refused = _refused(original[cluster], now[cluster], made[cluster], now[beside], limits)
        parts.append((at, np.full(len(at), refused, dtype=object)))
        now[at] = now[at] if refused else made[at]
    if not parts:
        return Mended(shapes, joined([]))
    every, why = (np.concatenate(side) for side in zip(*parts, strict=True))
    record = changes(every, sound[every], made[every], OPERATION, why)
    return Mended(np.where(shapely.is_missing(now), shapes, now), record)


def _cleaned(sound: Shapes, clusters: list[NDArray[np.intp]], limits: Limits) -> Shapes:
    """Clean each cluster; one where nothing would move noticeably stays as it is."""
    made = sound.copy()
    for cluster in clusters:
        made[cluster] = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
            sound[cluster], gap_width=limits.width, snapping_distance=limits.snap
        )
    used = np.concatenate([*clusters, np.zeros(0, dtype=np.intp)])
    moving = np.zeros(len(sound), dtype=bool)
    moving[used] = farthest_moved(sound[used], made[used]) > limits.near
    for cluster in clusters:
        if not moving[cluster].any():
            made[cluster] = sound[cluster]
    return made


def _around(shapes: Shapes, by: float) -> Any:
    """Return boxes around shapes, wider by some metres: neighbours may have moved since."""
    west, south, east, north = shapely.bounds(shapes).T
    return shapely.box(west - by, south - by, east + by, north + by)


def _refused(before: Shapes, now: Shapes, made: Shapes, beside: Shapes, limits: Limits) -> str:
    """Say why a cluster must stay as it is; empty where it need not."""
    if not allowed(before, made, limits).all() or not shapely.is_valid(made).all():
        return TOO_MUCH
    if (shapely.get_num_geometries(made) > shapely.get_num_geometries(now)).any():
        return PARTS
    return OTHERS if _shared(made, beside) > _shared(now, beside) + limits.least else ""


def _shared(mine: Shapes, others: Shapes) -> float:
    if not len(others):
        return 0.0
    one, other = shapely.STRtree(others).query(mine, predicate="intersects")
    return float(shapely.area(shapely.intersection(mine[one], others[other])).sum())


def _clusters(sound: Shapes, stratum: Shapes, limits: Limits) -> list[NDArray[np.intp]]:
    """Group the features that share a narrow overlap, nearly meet, or lie around a narrow gap."""
    overlaps = overlap_facts(sound, stratum, least=limits.least)
    narrow = overlaps[(overlaps["width"] < limits.width) & (overlaps["kind"] == "overlap")]
    one, other = (narrow[name].to_numpy(dtype=np.intp) for name in ("position", "other"))
    meeting = nearly_meeting(sound, limits.snap)
    near, beside = (meeting[name].to_numpy(dtype=np.intp) for name in ("position", "other"))
    same = stratum[near] == stratum[beside]
    one, other = np.r_[one, near[same]], np.r_[other, beside[same]]
    gaps = gap_facts(sound, 0.0, widest=limits.width, least=limits.least)
    thin = gaps.loc[gaps["width"] < limits.width, "geometry"].to_numpy(dtype=object)
    hole, feature = shapely.STRtree(sound).query(thin, predicate="intersects")
    first = np.full(len(thin), -1)
    first[hole[::-1]] = feature[::-1]
    one, other = np.r_[one, first[hole]], np.r_[other, feature]
    if not len(one):
        return []
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(sound),) * 2)
    _count, label = connected_components(links, directed=False)
    used = np.unique(np.r_[one, other])
    order = used[np.argsort(label[used], kind="stable")]
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return [np.sort(group) for group in np.split(order, cuts)]
