"""Key areas (重点区域): strong units that lie near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lowuse_gis.core.dissolve import union_by_group
from lowuse_gis.core.member_ids import member_id
from lowuse_gis.core.neighbours import near

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE = ""


def key_areas(
    units: gpd.GeoDataFrame, spec: Mapping[str, Any]
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Gather strong units of one town that lie near each other.

    Parameters
    ----------
    units
        With ``unit_id``, ``town_code``, ``town_name``, ``quadrant`` and areas.
    spec
        ``[key_area]`` of ``plan.toml``.

    Returns
    -------
    areas : GeoDataFrame
        ``key_area``, town, ``units``, areas in m², the union of its units.
    member : Series
        The key area of each unit; empty for none.
    """
    member = pd.Series(NONE, index=units.index, dtype="str")
    strong = units[units["quadrant"].isin(spec["quadrants"])]
    group = _clusters(strong, spec["distance"])
    sums = strong.groupby(group).agg(
        units=("unit_id", "size"),
        area=("area", "sum"),
        low_use_area=("low_use_area", "sum"),
        town_code=("town_code", "first"),
        town_name=("town_name", "first"),
    )
    kept = sums[(sums["units"] >= spec["least_units"]) & (sums["area"] >= spec["least_area"])]
    inside = np.isin(group, kept.index)
    strong, group = strong[inside], np.searchsorted(kept.index, group[inside])
    ids = [
        member_id(spec["id_prefix"], str(town), strong["unit_id"][group == n].tolist())
        for n, town in enumerate(kept["town_code"])
    ]
    member[strong.index] = np.array(ids, dtype=object)[group] if ids else []
    order = np.argsort(group, kind="stable")
    shapes = union_by_group(strong.geometry.to_numpy()[order], group[order])
    areas = gpd.GeoDataFrame(
        kept.reset_index(drop=True).assign(key_area=pd.Series(ids, dtype="str")),
        geometry=shapely.normalize(shapes) if len(shapes) else [],
        crs=units.crs,
    ).round({"area": 2, "low_use_area": 2})
    columns = ["key_area", "town_code", "town_name", "units", "area", "low_use_area", "geometry"]
    return areas[columns].sort_values("key_area", ignore_index=True), member


def _clusters(units: gpd.GeoDataFrame, distance: float) -> np.ndarray:
    """Find what hangs together within a distance and a town, by number."""
    shapes, town = units.geometry.to_numpy(), units["town_code"].to_numpy(dtype=object)
    left, right = near(shapes, distance)
    same = town[left] == town[right]
    ends = left[same], right[same]
    links = coo_array((np.ones(same.sum(), dtype=np.int8), ends), shape=(len(units), len(units)))
    group: np.ndarray = connected_components(links, directed=False)[1]
    return group
