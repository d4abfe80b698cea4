"""Join low-use parcels to redevelopment units (空间单元)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.composition import shares_text
from lowuse_gis.core.dissolve import union_by_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SURFACE = "surface"
TOO_SMALL, SHARE_LOW, NOT_SURFACE, NO_PLACE = "too_small", "share_low", "not_surface", "no_place"


@dataclass(frozen=True)
class Units:
    """Units, their members, and what was left out.

    Attributes
    ----------
    units
        ``unit_id``, town, areas in m², ``low_use_share``, ``parcel_count``, ``type_mix``, geometry.
    members
        One line per parcel of a unit.
    left_out
        One line per low-use parcel in no unit: ``reason``, and ``value`` and ``limit`` behind it.
    """

    units: gpd.GeoDataFrame
    members: pd.DataFrame
    left_out: pd.DataFrame


def draw_units(
    parcels: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None, spec: Mapping[str, Any]
) -> Units:
    """Join parcels that share a boundary, or lie near each other with no barrier between.

    Parameters
    ----------
    parcels
        Judged parcels in a plane CRS, indexed by ``row``.
    barriers
        Lines that part units; None where none were supplied.
    spec
        ``units.toml``.

    Returns
    -------
    Units
        Every unit lies in one town. Ids follow from the members, so the same members have the
        same id next year.
    """
    low = parcels[parcels["verdict"].isin(spec["verdicts"])]
    nowhere = low.geometry.isna() | low["town_code"].isna()
    buried = ~nowhere & (low["stratum"].fillna(SURFACE) != SURFACE)
    free = low[~nowhere & ~buried]
    group = joined_groups(free, barriers, spec)
    sums = _sums(free, group)
    small = (sums["area"] < spec["minimum_area"]).to_numpy()
    poor = ~small & (sums["low_use_share"] < spec["minimum_low_use_share"]).to_numpy()
    left = [
        _left(free, small[group], TOO_SMALL, sums["area"].to_numpy()[group], spec["minimum_area"]),
        _left(
            free,
            poor[group],
            SHARE_LOW,
            sums["low_use_share"].to_numpy()[group],
            spec["minimum_low_use_share"],
        ),
        _left(low, buried.to_numpy(), NOT_SURFACE),
        _left(low, nowhere.to_numpy(), NO_PLACE),
    ]
    inside = ~(small | poor)[group]
    units, members = _units(free[inside], group[inside], sums)
    left_out = pd.concat(left).rename_axis("row").reset_index()
    left_out = left_out.sort_values("row", ignore_index=True)
    return Units(units, members, left_out)


def joined_groups(
    parcels: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None, spec: Mapping[str, Any]
) -> NDArray[np.intp]:
    """Give a number to every group of parcels that belong together.

    Parameters
    ----------
    parcels, barriers, spec
        As `draw_units` takes them; all parcels with geometry and town.

    Returns
    -------
    ndarray of int
        A group number per parcel, from 0.
    """
    shapes = parcels.geometry.to_numpy()
    if not len(shapes):
        return np.zeros(0, dtype=np.intp)
    pairs = shapely.STRtree(shapes).query(
        shapes, predicate="dwithin", distance=spec["bridge_distance"]
    )
    pairs = pairs[:, pairs[0] < pairs[1]]
    town = parcels["town_code"].to_numpy()
    left, right = pairs[:, town[pairs[0]] == town[pairs[1]]]
    shared = shapely.length(shapely.intersection(shapes[left], shapes[right]))
    open_ = shared >= spec["shared_boundary"]
    apart = np.flatnonzero(~open_)
    bridges = shapely.shortest_line(shapes[left[apart]], shapes[right[apart]])
    open_[apart] = ~_crossed(bridges, barriers, spec)
    size = len(shapes)
    links = coo_array((np.ones(open_.sum()), (left[open_], right[open_])), shape=(size, size))
    _count, group = connected_components(links, directed=False)
    result: NDArray[np.intp] = group.astype(np.intp)
    return result


def _crossed(
    bridges: NDArray[np.object_], barriers: gpd.GeoDataFrame | None, spec: Mapping[str, Any]
) -> NDArray[np.bool_]:
    crossed = np.zeros(len(bridges), dtype=bool)
    if barriers is not None and len(bridges):
        hard = barriers[barriers[spec["barrier_column"]].isin(spec["barriers"])]
        hit = shapely.STRtree(hard.geometry.to_numpy()).query(bridges, predicate="intersects")
        crossed[hit[0]] = True
    return crossed


def _sums(parcels: gpd.GeoDataFrame, group: NDArray[np.intp]) -> pd.DataFrame:
    count = int(group.max()) + 1 if len(group) else 0
    sums = pd.DataFrame(
        {
            "area": np.bincount(group, parcels["area"], minlength=count).round(2),
            "low_use_area": np.bincount(group, parcels["possible_area"], minlength=count).round(2),
            "parcel_count": np.bincount(group, minlength=count),
        }
    )
    sums["low_use_share"] = (sums["low_use_area"] / sums["area"]).round(6)
    return sums


def _left(
    parcels: pd.DataFrame,
    chosen: NDArray[np.bool_],
    reason: str,
    value: NDArray[np.float64] | None = None,
    limit: float = np.nan,
) -> pd.DataFrame:
    kept = pd.DataFrame(parcels[["parcel_code", "town_code", "town_name", "land_type", "area"]])
    measured = np.full(len(parcels), np.nan) if value is None else value
    return kept.assign(reason=reason, value=measured, limit=limit)[chosen]


def _units(
    parcels: gpd.GeoDataFrame, group: NDArray[np.intp], sums: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    names = parcels["parcel_code"].fillna(pd.Series(parcels.index, parcels.index))
    order = np.lexsort((parcels.index, names, group))
    parcels, group, names = parcels.iloc[order], group[order], names.iloc[order]
    numbers, start, unit = np.unique(group, return_index=True, return_inverse=True)
    towns = parcels["town_code"].to_numpy()[start]
    stops = np.append(start[1:], len(names))[: len(start)]
    ids = [
        unit_id(town, names.iloc[a:b].tolist())
        for town, a, b in zip(towns, start, stops, strict=True)
    ]
    shapes = (
        union_by_group(parcels.geometry.to_numpy(), unit) if len(parcels) else np.zeros(0, object)
    )
    units = gpd.GeoDataFrame(
        {
            "unit_id": pd.Series(ids, dtype="str"),
            "town_code": towns,
            "town_name": parcels["town_name"].to_numpy()[start],
            **{c: sums[c].to_numpy()[numbers] for c in sums},
            "type_mix": _mix(parcels, unit, len(ids)),
            "parts": shapely.get_num_geometries(shapes),
        },
        geometry=shapes,
        crs=parcels.crs,
    )
    kept = ["parcel_code", "town_code", "land_type", "area", "low_use_area"]
    members = pd.DataFrame(parcels[kept]).assign(unit_id=np.array(ids, dtype=object)[unit])
    members = members.rename_axis("row").reset_index().sort_values(["unit_id", "row"])
    return units.sort_values("unit_id", ignore_index=True), members.reset_index(drop=True)


def _mix(parcels: pd.DataFrame, unit: NDArray[np.intp], count: int) -> NDArray[np.object_]:
    """Write the share of each land type in each unit."""
    mix = parcels.assign(unit=unit).groupby(["unit", "land_type"], as_index=False)["area"].sum()
    share = mix["area"] / mix.groupby("unit")["area"].transform("sum")
    kinds = mix["land_type"].to_numpy(dtype=object)
    return shares_text(mix["unit"].to_numpy(), kinds, share.to_numpy(), count)


def unit_id(town: str, members: list[str]) -> str:
    """Name a unit by its town and members.

    Parameters
    ----------
    town
        Town code.
    members
        Parcel codes.

    Returns
    -------
    str

    Examples
    --------
    >>> unit_id("120118100", ["b", "a"]) == unit_id("120118100", ["a", "b"])
    True
    """
    digest = hashlib.sha256(";".join(sorted(members)).encode()).hexdigest()
    return f"DY{town}-{digest[:8]}"
