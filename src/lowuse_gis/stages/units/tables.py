"""The tables of units: units with their areas, their members, and how good each block is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.core.composition import shares_text
from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.joining.problem import HUNDREDTHS
from lowuse_gis.core.member_ids import member_id
from lowuse_gis.stages.units.nodes import BETWEEN, LOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Choice, Problem
    from lowuse_gis.stages.units.graph import Graph


def blocks_table(graph: Graph, choice: Choice) -> pd.DataFrame:
    """Say of each block how good its units are.

    Parameters
    ----------
    graph, choice
        Nodes, and the units of each block.

    Returns
    -------
    DataFrame
        ``town_code``, ``nodes``, areas (m²), ``objective`` and ``upper_bound`` (m²), ``gap`` (their
        distance / bound), ``exact``.
    """
    nodes = graph.nodes
    by = nodes.groupby("block")
    bound = choice.bound / HUNDREDTHS
    distance = bound - choice.objective / HUNDREDTHS
    table = pd.DataFrame(
        {
            "town_code": by["town"].first().astype("str"),
            "nodes": by.size(),
            "area": by["area"].sum().round(2),
            "low_use_area": by["low_area"].sum().round(2),
            "objective": choice.objective / HUNDREDTHS,
            "upper_bound": bound,
            "gap": np.divide(distance, bound, out=np.zeros(len(bound)), where=bound > 0).round(6),
            "exact": choice.exact,
        }
    )
    return table.rename_axis("block").reset_index()


def units_table(
    graph: Graph,
    problem: Problem,
    choice: Choice,
    parcels: gpd.GeoDataFrame,
    prefix: str,
    threads: int,
) -> gpd.GeoDataFrame:
    """Put the units together from their nodes.

    Parameters
    ----------
    graph, problem, choice
        Nodes, and the unit of each.
    parcels
        Judged parcels; they know the names of towns.
    prefix
        What the ids of units begin with.
    threads
        Threads to use.

    Returns
    -------
    GeoDataFrame
        Indexed by the number of the unit in the choice.
    """
    inside = choice.label >= 0
    nodes, unit = graph.nodes[inside].reset_index(drop=True), choice.label[inside]
    count = int(unit.max()) + 1 if len(unit) else 0
    town = nodes["town"].groupby(unit).first()
    real = nodes["part"] != BETWEEN
    named = (real | ~real.groupby(unit).transform("any")).to_numpy(dtype=bool)
    ids = _ids(prefix, town, nodes["key"].to_numpy(dtype=object)[named], unit[named])
    known = parcels.drop_duplicates("town_code").set_index("town_code")["town_name"]
    barrier = np.bincount(unit, nodes["barrier"].to_numpy(dtype=float), minlength=count)
    return gpd.GeoDataFrame(
        {
            "unit_id": pd.Series(ids, dtype="str"),
            "name": pd.Series([""] * count, dtype="str"),
            "town_code": town.astype("str"),
            "town_name": town.map(known).astype("str"),
            **_sums(nodes, unit, count),
            "type_mix": _mix(nodes, unit, count),
            "value": _values(problem, choice, count),
            "block": nodes["block"].groupby(unit).first(),
            "barrier_border": barrier,
        },
        geometry=dissolve(nodes.geometry.to_numpy(), unit, threads=threads, compiled_from=0),
        crs=graph.nodes.crs,
    )


def members_table(
    graph: Graph, choice: Choice, parcels: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """List the parcels and the survey land of each unit.

    Parameters
    ----------
    graph, choice, parcels, units
        Nodes, the unit of each, judged parcels, and the units by number.

    Returns
    -------
    GeoDataFrame
        ``row``, ``parcel_code``, ``part``, classes, areas (m²), ``unit_id``, geometry.
    """
    inside = choice.label >= 0
    columns = ["row", "part", "survey_class", "land_type", "area", "low_area", "geometry"]
    members = graph.nodes.loc[inside, columns].reset_index(drop=True)
    members = members.rename(columns={"low_area": "low_use_area"})
    codes = parcels["parcel_code"].reindex(members["row"]).to_numpy()
    members.insert(1, "parcel_code", codes)
    ids = units["unit_id"].to_numpy(dtype=object)
    members["unit_id"] = pd.Series(ids[choice.label[inside]], dtype="str")
    return members.sort_values(["unit_id", "row"], ignore_index=True)


def _ids(
    prefix: str, town: pd.Series, names: NDArray[np.object_], unit: NDArray[np.int64]
) -> list[str]:
    """Name every unit by its town and members; every unit has some."""
    order = np.argsort(unit, kind="stable")
    ends = np.searchsorted(unit[order], np.arange(len(town) + 1))
    listed, towns = names[order].tolist(), town.astype("str").tolist()
    slices = zip(towns, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    return [member_id(prefix, code, listed[begin:end]) for code, begin, end in slices]


def _sums(nodes: pd.DataFrame, unit: NDArray[np.int64], count: int) -> dict[str, Any]:
    def total(values: pd.Series) -> NDArray[np.float64]:
        return np.bincount(unit, values, minlength=count).astype(float).round(2)

    low, between = nodes["part"] == LOW, nodes["part"] == BETWEEN
    area, low_area = total(nodes["area"]), total(nodes["low_area"])
    return {
        "area": area,
        "low_use_area": low_area,
        "low_use_share": np.divide(low_area, area, out=np.zeros(count), where=area > 0).round(6),
        "parcel_area": total(nodes["area"].where(~between, 0)),
        "infill_area": total(nodes["area"].where(~low, 0)),
        "parcel_count": np.bincount(unit, ~between, minlength=count).astype(int),
        "low_use_count": np.bincount(unit, low, minlength=count).astype(int),
    }


def _values(problem: Problem, choice: Choice, count: int) -> NDArray[np.float64]:
    """Return what each unit is worth, m²."""
    label = choice.label
    worth = np.zeros(count + 1, dtype=np.int64)
    np.add.at(worth, label, problem.worth)
    left, right = label[problem.left], label[problem.right]
    apart = left != right
    np.subtract.at(worth, left[apart], problem.cost[apart])
    np.subtract.at(worth, right[apart], problem.cost[apart])
    return worth[:count] / HUNDREDTHS


def _mix(nodes: pd.DataFrame, unit: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """Write the share of each land type in the low-use area of each unit."""
    low = nodes.assign(unit=unit)[(nodes["part"] == LOW).to_numpy()]
    mix = low.groupby(["unit", "land_type"], as_index=False)["low_area"].sum()
    mix = mix[mix["low_area"] > 0]
    share = mix["low_area"] / mix.groupby("unit")["low_area"].transform("sum")
    kinds = mix["land_type"].to_numpy(dtype=object)
    return shares_text(mix["unit"].to_numpy(), kinds, share.to_numpy(), count)
