"""Draw units: choose them, replay the edits of planners, measure them; take in those by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.composition import words_where
from lowuse_gis.core.joining import Choice, Limits, Weights, choose, posed
from lowuse_gis.core.joining.best import numbered
from lowuse_gis.core.joining.bound import upper_bound
from lowuse_gis.core.joining.problem import objective
from lowuse_gis.core.threshold_steps import FIRM
from lowuse_gis.stages.units.edits import (
    FORBID,
    Edits,
    bonus_of_pins,
    edits_table,
    guarded,
    names_of,
    reshaped,
)
from lowuse_gis.stages.units.graph import graph_of, taken_graph
from lowuse_gis.stages.units.left_out import NOT_TAKEN, SHARE_LOW, left_out
from lowuse_gis.stages.units.nodes import Surroundings, nodes_of
from lowuse_gis.stages.units.quality import form_of, summed_up
from lowuse_gis.stages.units.stability import stability
from lowuse_gis.stages.units.straddling import checks_of
from lowuse_gis.stages.units.tables import blocks_table, members_table, units_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Problem
    from lowuse_gis.stages.units.graph import Graph

ROUNDED = 1e-6  # what a share loses when it is written
# Beside what units.toml sums up: the part of the low-use land whose verdict hangs on no threshold.
FIRMNESS = {"firm_share": {"how": "mean", "of": FIRM, "low_use_only": True}}
NO_EDITS = pd.DataFrame(columns=["edit", "parcels", "cut", "name", "who", "date", "reason", "line"])


@dataclass(frozen=True)
class Units:
    """Units, their members, what was left out, and how good the choice is.

    Attributes
    ----------
    units
        ``unit_id``, ``name``, town, areas in m², ``low_use_share``, counts, ``type_mix``, ``value``
        of the objective (m²), form, what the parcels add up to, ``stability``, geometry.
    members
        One line per parcel and piece of land between of a unit: ``row``, ``part``, areas.
    left_out
        One line per low-use parcel in no unit: ``reason``, and ``value`` and ``limit`` behind it.
    blocks
        One line per block: towns' land that hangs together, with objective, upper bound and gap.
    checks
        Rows of the check list: parcels that a block or a line cuts.
    edits
        One line per edit of the planners, with what became of it.
    order
        Key and row of the first node of each block: blocks are numbered by them.
    """

    units: gpd.GeoDataFrame
    members: pd.DataFrame
    left_out: pd.DataFrame
    blocks: pd.DataFrame
    checks: pd.DataFrame
    edits: pd.DataFrame
    order: pd.DataFrame


@dataclass(frozen=True)
class Land:
    """What units may be made of.

    Attributes
    ----------
    nodes
        Of `nodes_of`; of some towns their own and all that lies at them.
    towns
        Those that units are wanted of; all where None.
    """

    nodes: gpd.GeoDataFrame
    towns: Collection[str] | None = None


def draw_units(
    parcels: gpd.GeoDataFrame,
    around: Surroundings,
    spec: Mapping[str, Any],
    edits: pd.DataFrame = NO_EDITS,
    *,
    steadiness: bool = True,
    firmness: Callable[[], pd.Series] | None = None,
    threads: int = 2,
) -> Units:
    """Choose the units that are worth most within the limits, then do what planners changed.

    Parameters
    ----------
    parcels
        Judged parcels in a plane CRS, indexed by ``row``.
    around
        Survey, barriers and planning blocks around them.
    spec
        ``units.toml``.
    edits
        Of ``ledgers/edits.csv``.
    steadiness
        Measure ``stability`` too.
    firmness
        Gives which verdicts are firm, by row (of `firm_verdicts`); asked when all is chosen.
    threads
        Threads to use; the result does not depend on it.

    Returns
    -------
    Units
        Every unit lies in one town and block. Ids follow from the parcels in it, so the same
        parcels have the same id next year.
    """
    hand = guarded(edits, set(parcels["parcel_code"].dropna()))
    nodes = nodes_of(parcels, around.survey, spec, threads=threads)
    return draw_over(
        parcels, Land(nodes), around, spec, hand,
        steadiness=steadiness, firmness=firmness, threads=threads,
    )  # fmt: skip


def draw_over(
    parcels: gpd.GeoDataFrame,
    land: Land,
    around: Surroundings,
    spec: Mapping[str, Any],
    hand: Edits,
    *,
    steadiness: bool = True,
    firmness: Callable[[], pd.Series] | None = None,
    threads: int = 2,
) -> Units:
    """Draw units over land that is listed: a whole district, or some towns of it.

    Parameters
    ----------
    parcels, around, spec, steadiness, firmness, threads
        As in `draw_units`; parcels of the towns, barriers and blocks at them.
    land
        Of the district or the towns.
    hand
        Of `guarded`.

    Returns
    -------
    Units
        No block crosses a town, and each is searched alone, so that towns have the units that they
        have in the whole; only blocks are numbered anew.
    """
    free = ~land.nodes["key"].isin(hand.parcels_of(FORBID))
    nodes = land.nodes[free].reset_index(drop=True)
    graph = graph_of(nodes, around, spec, towns=land.towns, threads=threads)
    problem = problem_of(graph, spec)
    bonus = bonus_of_pins(graph, hand, problem.worth)
    choice = choose(replace(problem, worth=problem.worth + bonus), threads=threads)
    label = numbered(reshaped(graph, problem, choice.label, hand))
    choice = _by_hand(problem, choice, label, bonus > 0)
    parcels = _with_firmness(parcels, firmness)
    with ThreadPoolExecutor(1) as beside:
        shifted = partial(stability, choice, partial(problem_of, graph), spec, threads=threads)
        steady = beside.submit(shifted).result if steadiness else None
        return _told(parcels, (graph, problem, choice), hand, spec, steady=steady, threads=threads)


def _by_hand(
    problem: Problem, choice: Choice, label: NDArray[np.int64], pinned: NDArray[np.bool_]
) -> Choice:
    """Bound the blocks anew that edits had a say in; of the others all stays."""
    block, count = problem.block, len(problem.blocks) - 1
    moved = _within(label, block, count) != _within(choice.label, block, count)
    touched = np.zeros(count, dtype=bool)
    touched[block[moved | pinned]] = True
    if not touched.any():
        return choice
    part, inside, _number = problem.only(touched)
    value, bound, exact = choice.objective.copy(), choice.bound.copy(), choice.exact & ~touched
    value[touched] = objective(part, label[inside])
    bound[touched] = np.maximum(upper_bound(part, value[touched]), value[touched])
    return Choice(label, value, bound, exact)


def _within(label: NDArray[np.int64], block: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Give the units of each block the numbers from 0 on."""
    first = np.full(count, len(label), dtype=np.int64)
    np.minimum.at(first, block[label >= 0], label[label >= 0])
    return np.where(label >= 0, label - first[block], label)


def take_units(
    parcels: gpd.GeoDataFrame,
    around: Surroundings,
    drawn: gpd.GeoDataFrame,
    spec: Mapping[str, Any],
    *,
    firmness: Callable[[], pd.Series] | None = None,
    threads: int = 2,
) -> Units:
    """Take units in that were drawn by hand, and measure them as drawn ones are.

    Parameters
    ----------
    parcels, around, spec, firmness
        As in `draw_units`.
    drawn
        Polygons; parcels and survey land belong to the one that holds most of them, if that is
        more than half.

    Returns
    -------
    Units
        Limits are not imposed: what breaks them is told in ``breaks``. There is no bound.
    """
    nodes = nodes_of(parcels, around.survey, spec, at=drawn.geometry.to_numpy(), threads=threads)
    graph = taken_graph(nodes, drawn, spec, threads=threads)
    problem = problem_of(graph, spec)
    label = problem.block
    value = objective(problem, label)
    choice = Choice(label, value, value, np.zeros(len(value), dtype=bool))
    hand = guarded(NO_EDITS, set())
    chosen = graph, problem, choice
    parcels = _with_firmness(parcels, firmness)
    told = _told(parcels, chosen, hand, spec, otherwise=NOT_TAKEN, threads=threads)
    return replace(told, blocks=told.blocks.assign(upper_bound=np.nan, gap=np.nan))


def _with_firmness(
    parcels: gpd.GeoDataFrame, firmness: Callable[[], pd.Series] | None
) -> gpd.GeoDataFrame:
    return parcels if firmness is None else parcels.assign(**{FIRM: firmness()})


def _told(
    parcels: gpd.GeoDataFrame,
    chosen: tuple[Graph, Problem, Choice],
    hand: Edits,
    spec: Mapping[str, Any],
    *,
    steady: Callable[[], NDArray[np.float64]] | None = None,
    otherwise: str = SHARE_LOW,
    threads: int,
) -> Units:
    """Measure the units that were chosen, and list the rest."""
    graph, problem, choice = chosen
    units = units_table(graph, problem, choice, parcels, spec["id_prefix"], threads)
    members = members_table(graph, choice, parcels, units)
    units["name"] = names_of(hand, members, units["unit_id"])
    measures = spec.get("measures", {}) | FIRMNESS
    sums = summed_up(units, members, parcels, measures, spec["known_share"])
    units = units.join(form_of(units)).join(sums)
    units["barrier_share"] = (units["barrier_border"] / units["perimeter"]).clip(upper=1).round(4)
    units["breaks"] = _broken(problem, units)
    units["stability"] = np.nan if steady is None else steady()
    order = [name for name in units if name not in ("barrier_border", "geometry")]
    units = units[[*order, "geometry"]].sort_values("unit_id", ignore_index=True)
    hands = set(members["row"]), hand.parcels_of(FORBID)
    left = left_out(parcels, graph, problem, hands, spec, otherwise)
    checks = checks_of(graph.straddling, spec)
    order = pd.DataFrame(graph.nodes.drop_duplicates("block")[["key", "row"]])
    order = order.reset_index(drop=True)
    blocks = blocks_table(graph, choice)
    return Units(units, members, left, blocks, checks, edits_table(hand), order)


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


def _broken(problem: Problem, units: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Name the limits that each unit breaks: none, unless it was drawn or changed by hand."""
    limits = problem.limits
    checks = {
        "too_small": units["area"] < limits.minimum_area,
        "too_large": units["area"] > limits.maximum_area,
        "share_low": units["low_use_share"] < limits.low_use_share - ROUNDED,
    }
    return words_where(np.stack([hit.to_numpy() for hit in checks.values()]), list(checks))
