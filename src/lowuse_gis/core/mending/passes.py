"""Mend a layer in passes until nothing changes, and hold every feature to its limit in total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.mending.changes import TOO_MUCH, allowed, joined
from lowuse_gis.core.mending.coverage import duplicates, mend_coverage
from lowuse_gis.core.mending.shapes import mend_shapes
from lowuse_gis.core.topology.layer import only

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.core.mending.changes import Limits

    Shapes = NDArray[np.object_]

PASSES = 6  # closing a gap may double a point; two or three are the rule


@dataclass(frozen=True)
class MendedLayer:
    """The shapes of a layer after mending.

    Attributes
    ----------
    geometry
        All shapes, in order; None for exact duplicates.
    twice
        Which are exact duplicates of an earlier feature.
    changes
        One row per change, applied or refused.
    """

    geometry: Shapes
    twice: NDArray[np.bool_]
    changes: pd.DataFrame


def mend_layer(
    original: Shapes, attributes: pd.DataFrame, stratum: Shapes, limits: Limits
) -> MendedLayer:
    """Mend shapes one by one, then those left against each other, until nothing changes.

    Each pass holds a feature against what it was before that pass, so what the last pass leaves
    the next mending leaves too. What goes beyond the limits in total is taken back, with all that
    was changed beside it.

    Parameters
    ----------
    original
        As delivered.
    attributes
        One row per feature; with the shapes they tell exact duplicates.
    stratum
        Features of different strata have nothing to do with each other.
    limits
        How far to go.

    Returns
    -------
    MendedLayer
    """
    single = mend_shapes(original, original, limits)
    twice = duplicates(single.geometry, attributes)
    now, parts = only(single.geometry, ~twice), [single.changes]
    for _turn in range(PASSES):
        whole = mend_coverage(now, now, stratum, limits)
        among = np.union1d(_changed(whole.changes), _changed(single.changes))
        single = mend_shapes(whole.geometry, whole.geometry, limits, among)
        now = single.geometry
        parts += [whole.changes, single.changes]
        if not (whole.changes["applied"].any() or single.changes["applied"].any()):
            break
    made = joined(parts)
    again = made.duplicated(["position", "operation"]) & ~made["applied"].astype(bool)
    back = _beyond(original, now, made, limits)
    now = np.where(back, only(original, ~twice), now)
    return MendedLayer(now, twice, _given_up(made[~again], back))


def _changed(changes: pd.DataFrame) -> NDArray[np.intp]:
    """Return the positions of what was changed."""
    applied = changes.loc[changes["applied"].astype(bool), "position"]
    return np.unique(applied.to_numpy(dtype=np.intp))


def _beyond(
    original: Shapes, now: Shapes, changes: pd.DataFrame, limits: Limits
) -> NDArray[np.bool_]:
    """Say which features go too far in total, and which were changed together with them."""
    at = _changed(changes)
    at = at[~shapely.is_missing(now[at])]
    back = np.zeros(len(now), dtype=bool)
    beyond = ~allowed(original[at], now[at], limits)
    if not beyond.any():
        return back
    reach = max(limits.width, limits.snap)
    near = shapely.STRtree(now[at]).query(now[at], predicate="dwithin", distance=reach)
    links = coo_array((np.ones(near.shape[1]), near), shape=(len(at),) * 2)
    _count, label = connected_components(links, directed=False)
    back[at[np.isin(label, label[beyond])]] = True
    return back


def _given_up(changes: pd.DataFrame, back: NDArray[np.bool_]) -> pd.DataFrame:
    """Put on record what was taken back."""
    undone = changes["applied"].astype(bool) & back[changes["position"].to_numpy(dtype=np.intp)]
    return changes.assign(
        applied=changes["applied"].astype(bool) & ~undone,
        refused=changes["refused"].mask(undone, TOO_MUCH),
    )
