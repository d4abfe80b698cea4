"""Low-use parcels in no unit, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.joining.best import pieces
from lowuse_gis.core.joining.problem import HUNDREDTHS
from lowuse_gis.core.lookup import is_among
from lowuse_gis.stages.units.nodes import LOW, SURFACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Problem
    from lowuse_gis.stages.units.graph import Graph

TOO_SMALL, TOO_LARGE, SHARE_LOW = "too_small", "too_large", "share_low"
NOT_WORTH, NOT_SURFACE, NO_PLACE = "not_worth", "not_surface", "no_place"
REST_SMALL, NO_PART, MISSED = "rest_small", "no_part", "missed"
FORBIDDEN, NOT_TAKEN = "forbidden", "not_taken"
KEPT = ("parcel_code", "town_code", "town_name", "land_type", "area")
NEEDED = (*KEPT, "stratum", "geometry")


def left_out(
    parcels: gpd.GeoDataFrame,
    graph: Graph,
    problem: Problem,
    hands: tuple[set[str], set[str]],
    spec: Mapping[str, Any],
    otherwise: str = SHARE_LOW,
) -> pd.DataFrame:
    """Say of every low-use parcel in no unit why.

    Parameters
    ----------
    parcels, spec
        Judged parcels; ``units.toml``.
    graph, problem
        What there was to choose from.
    hands
        Rows that are in a unit, and parcel codes that planners forbade.
    otherwise
        Reason of those that there was no choice of: their low-use area is 0, or nobody drew a unit
        around them.

    Returns
    -------
    DataFrame
        ``reason`` with the value and the limit behind it: ``no_place``; ``not_surface``;
        ``forbidden`` by hand; ``too_large`` alone; ``too_small``, the area of all that it hangs
        together with; ``share_low``, the largest low-use share a unit of the least area could have
        there. Of the low-use land that is left together there: ``rest_small``, its area, and no
        land beside it is worth taking in; ``not_worth``, m² that it is worth, less its border;
        ``no_part``, its area, of which no part keeps the limits; ``missed``, what it is worth,
        could be a unit that the search or an edit left out.
    """
    chosen, forbidden = hands
    inside = pd.Series(sorted(chosen), dtype="str")
    low = parcels.loc[parcels["verdict"].isin(spec["verdicts"]), list(NEEDED)]
    low = low[~is_among(low.index.to_series(), inside)]
    nowhere = (low.geometry.isna() | low["town_code"].isna()).to_numpy(dtype=bool)
    buried = ~nowhere & (low["stratum"].fillna(SURFACE) != SURFACE).to_numpy(dtype=bool)
    taken = is_among(graph.nodes["row"], inside).to_numpy(dtype=bool)
    why = _reasons(graph, problem, taken, spec).reindex(low.index.astype("str")).set_axis(low.index)
    kept = pd.DataFrame(low[list(KEPT)]).join(why)
    kept["reason"] = kept["reason"].astype(object).where(kept["reason"].notna(), otherwise)
    kept.loc[nowhere, "reason"] = NO_PLACE
    kept.loc[buried, "reason"] = NOT_SURFACE
    kept.loc[low["parcel_code"].isin(forbidden), "reason"] = FORBIDDEN
    kept["reason"] = kept["reason"].astype("str")
    return kept.rename_axis("row").reset_index().sort_values("row", ignore_index=True)


def _reasons(
    graph: Graph, problem: Problem, taken: NDArray[np.bool_], spec: Mapping[str, Any]
) -> pd.DataFrame:
    """Return for every low-use node in no unit why it would be left out."""
    nodes, block = graph.nodes, problem.block
    rest = (nodes["part"] == LOW).to_numpy() & ~taken
    area = _per_block(problem.area, block) / HUNDREDTHS
    amount = _per_block(problem.low, block) / HUNDREDTHS
    least, most = spec["minimum_area"], spec["maximum_area"]
    share = spec["minimum_low_use_share"]
    own = nodes["area"].to_numpy(dtype=float)
    best = np.minimum(amount[block] / least, 1.0)
    together, worth = _alone(problem, rest)
    cases = [
        (own > most, TOO_LARGE, own, most),
        (area[block] < least, TOO_SMALL, area[block], least),
        (best < share, SHARE_LOW, best, share),
        (together < least, REST_SMALL, together, least),
        (worth <= 0, NOT_WORTH, worth, 0.0),
        (together > most, NO_PART, together, most),
    ]
    table = pd.DataFrame(
        {"reason": MISSED, "value": worth, "limit": 0.0}, index=nodes["row"].astype("str")
    )
    for hit, reason, value, limit in reversed(cases):
        table.loc[hit, "reason"] = reason
        table.loc[hit, "value"] = np.round(value[hit], 6)
        table.loc[hit, "limit"] = limit
    return table[rest]


def _per_block(values: NDArray[np.int64], block: NDArray[np.int64]) -> NDArray[np.int64]:
    sums = np.zeros(int(block.max()) + 1 if len(block) else 0, dtype=np.int64)
    np.add.at(sums, block, values)
    return sums


def _alone(
    problem: Problem, rest: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return area and worth of what hangs together of the rest that each node belongs to, m²."""
    cluster = pieces(problem, np.where(rest, 0, -1))
    area, worth = np.zeros((2, len(problem) + 1), dtype=np.int64)
    np.add.at(area, cluster, problem.area)
    np.add.at(worth, cluster, problem.worth)
    left, right = cluster[problem.left], cluster[problem.right]
    apart = left != right
    np.subtract.at(worth, left[apart], problem.cost[apart])
    np.subtract.at(worth, right[apart], problem.cost[apart])
    return area[cluster] / HUNDREDTHS, worth[cluster] / HUNDREDTHS
