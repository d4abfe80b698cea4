"""Join low-use parcels, and the land between them, to redevelopment units (空间单元)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.core.composition import shares_text
from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.joining import Limits, Weights, choose, posed
from lowuse_gis.stages.unit_graph import graph_of
from lowuse_gis.stages.unit_left_out import left_out
from lowuse_gis.stages.unit_nodes import BETWEEN, LOW, Surroundings, nodes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Choice, Problem
    from lowuse_gis.stages.unit_graph import Graph

HUNDREDTHS = 100


@dataclass(frozen=True)
class Units:
    """Units, their members, what was left out, and how good the choice is.

    Attributes
    ----------
    units
        ``unit_id``, town, areas in m², ``low_use_share``, counts, ``type_mix``, ``value`` of the
        objective (m²), geometry.
    members
        One line per parcel and piece of land between of a unit: ``row``, ``part``, areas.
    left_out
        One line per low-use parcel in no unit: ``reason``, and ``value`` and ``limit`` behind it.
    blocks
        One line per block: towns' land that hangs together, with objective, upper bound and gap.
    straddling
        Parcels cut by a block or a line, with the share on the side they went to.
    """

    units: gpd.GeoDataFrame
    members: pd.DataFrame
    left_out: pd.DataFrame
    blocks: pd.DataFrame
    straddling: pd.DataFrame


def draw_units(
    parcels: gpd.GeoDataFrame,
    around: Surroundings,
    spec: Mapping[str, Any],
    *,
    threads: int = 2,
) -> Units:
    """Choose the units that are worth most within the limits.

    Parameters
    ----------
    parcels
        Judged parcels in a plane CRS, indexed by ``row``.
    around
        Survey, barriers and planning blocks around them.
    spec
        ``units.toml``.
    threads
        Threads to use; the result does not depend on it.

    Returns
    -------
    Units
        Every unit lies in one town and block. Ids follow from the parcels in it, so the same
        parcels have the same id next year.
    """
    nodes = nodes_of(parcels, around.survey, spec, threads=threads)
    graph = graph_of(nodes, around, spec, threads=threads)
    problem = problem_of(graph, spec)
    choice = choose(problem, threads=threads)
    units, members = _units(graph, problem, choice, parcels, threads)
    chosen = set(members["row"])
    left = left_out(parcels, graph, problem, chosen, spec)
    return Units(units, members, left, _blocks(graph, choice), graph.straddling)


def problem_of(graph: Graph, spec: Mapping[str, Any]) -> Problem:
    """Pose the problem that ``units.toml`` describes.

    Parameters
    ----------
    graph, spec
        Nodes and neighbours; prices and limits.

    Returns
    -------
    Problem
    """
    nodes = graph.nodes
    numbers = {name: nodes[name].to_numpy(dtype=float) for name in ("area", "low_area", "price")}
    return posed(
        numbers["area"],
        numbers["low_area"],
        numbers["price"],
        (graph.left, graph.right, graph.border),
        (nodes["open"].to_numpy(dtype=float), nodes["barrier"].to_numpy(dtype=float)),
        nodes["block"].to_numpy(dtype=np.int64),
        Weights(spec["border"], spec["barrier_border"]),
        Limits(spec["minimum_area"], spec["maximum_area"], spec["minimum_low_use_share"]),
    )


def _blocks(graph: Graph, choice: Choice) -> pd.DataFrame:
    nodes = graph.nodes
    by = nodes.groupby("block")
    table = pd.DataFrame(
        {
            "town_code": by["town"].first().astype("str"),
            "nodes": by.size(),
            "area": by["area"].sum().round(2),
            "low_use_area": by["low_area"].sum().round(2),
            "objective": choice.objective / HUNDREDTHS,
            "upper_bound": choice.bound / HUNDREDTHS,
            "exact": choice.exact,
        }
    )
    return table.rename_axis("block").reset_index()


def _units(
    graph: Graph, problem: Problem, choice: Choice, parcels: gpd.GeoDataFrame, threads: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    inside = choice.label >= 0
    nodes, unit = graph.nodes[inside].reset_index(drop=True), choice.label[inside]
    count = int(unit.max()) + 1 if len(unit) else 0
    town = nodes["town"].groupby(unit).first()
    names = nodes["key"].where(nodes["part"] != BETWEEN)
    ids = [
        unit_id(str(town[number]), group.dropna().tolist()) for number, group in names.groupby(unit)
    ]
    known = parcels.drop_duplicates("town_code").set_index("town_code")["town_name"]
    units = gpd.GeoDataFrame(
        {
            "unit_id": pd.Series(ids, dtype="str"),
            "town_code": town.astype("str"),
            "town_name": town.map(known).astype("str"),
            **_sums(nodes, unit, count),
            "type_mix": _mix(nodes, unit, count),
            "value": _values(problem, choice, count),
            "block": nodes["block"].groupby(unit).first(),
        },
        geometry=dissolve(nodes.geometry.to_numpy(), unit, threads=threads),
        crs=graph.nodes.crs,
    )
    columns = ["row", "part", "survey_class", "land_type", "area", "low_area", "geometry"]
    members = nodes[columns].assign(unit_id=np.array(ids, dtype=object)[unit])
    members = members.rename(columns={"low_area": "low_use_area"})
    codes = parcels["parcel_code"].reindex(members["row"]).to_numpy()
    members.insert(1, "parcel_code", codes)
    members = members.sort_values(["unit_id", "row"], ignore_index=True)
    return units.sort_values("unit_id", ignore_index=True), members


def _sums(nodes: pd.DataFrame, unit: NDArray[np.int64], count: int) -> dict[str, Any]:
    def total(values: pd.Series) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = np.bincount(unit, values, minlength=count).round(2)
        return sums

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
