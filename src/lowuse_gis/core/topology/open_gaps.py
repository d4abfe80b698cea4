"""Neighbours of one layer whose outlines nearly meet: narrow gaps open at an end, and overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.topology.alongside import beside_of, close_pairs, owners_of, segments_of
from lowuse_gis.core.topology.nearby import near_pairs, runs_of
from lowuse_gis.core.topology.residue import SNAP
from lowuse_gis.core.topology.rings import rings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.intp]


def nearly_meeting(
    geometry: NDArray[np.object_], tolerance: float, threads: int = 2, *, least: float = 1.0
) -> pd.DataFrame:
    """Find neighbours whose outlines run beside each other, but not on each other.

    Parameters
    ----------
    geometry
        Polygons in plane metres; None is passed over.
    tolerance
        Metres; outlines farther apart are meant to be apart.
    threads
        Threads to use.
    least
        Metres; neighbours that run together for less are not listed.

    Returns
    -------
    DataFrame
        ``position`` and ``other``, the lower first, and ``length`` of the way in metres; sorted.

    Examples
    --------
    >>> import shapely
    >>> lots = np.array([shapely.box(0, 0, 9, 9), shapely.box(9.02, 0, 20, 9)])
    >>> nearly_meeting(lots, 0.05).to_numpy().tolist()
    [[0.0, 1.0, 9.0]]
    """
    rings = rings_of(geometry)
    owners = owners_of(rings)
    alone = ~pd.Series(owners.key).duplicated(keep=False).to_numpy()
    edges = segments_of(rings, owners, alone)

    def keep(a: Whole, b: Whole) -> tuple[Whole, Whole]:
        foreign = edges.position[a] != edges.position[b]
        return close_pairs(edges, edges, (a[foreign], b[foreign]), tolerance)

    a, b = near_pairs(runs_of(edges.start, edges.end, tolerance / 2), None, keep, threads)
    beside = beside_of(edges, edges, (a, b), tolerance)
    apart = np.abs(beside.off).max(axis=0) > SNAP
    mine, theirs = edges.position[a][apart], edges.position[b][apart]
    found = pd.DataFrame(
        {
            "position": np.minimum(mine, theirs),
            "other": np.maximum(mine, theirs),
            "length": (beside.high - beside.low)[apart],
        }
    )
    whole = found.groupby(["position", "other"], as_index=False)["length"].sum()
    return whole[whole["length"] >= least].reset_index(drop=True)
