"""What is to be known of a unit: its form, what it borders on, who owns it, what is open in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, UNKNOWN, Evaluator
from lowuse_gis.core.shape_of import hull_ratio, inertia_ratio, polsby_popper
from lowuse_gis.stages.units.nodes import LOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

DIGITS = 4


def form_of(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure the form of units.

    Parameters
    ----------
    units
        With geometry.

    Returns
    -------
    DataFrame
        ``perimeter`` (m), ``parts``, ``holes``, ``polsby_popper``, ``hull_ratio``, ``inertia``.
    """
    shapes = units.geometry.to_numpy()
    parts, of = shapely.get_parts(shapes, return_index=True)
    holes = np.bincount(of, shapely.get_num_interior_rings(parts), minlength=len(shapes))
    return pd.DataFrame(
        {
            "perimeter": shapely.length(shapes).round(2),
            "parts": shapely.get_num_geometries(shapes),
            "holes": holes.astype(int),
            "polsby_popper": polsby_popper(shapes).round(DIGITS),
            "hull_ratio": hull_ratio(shapes).round(DIGITS),
            "inertia": inertia_ratio(shapes).round(DIGITS),
        },
        index=units.index,
    )


def summed_up(
    units: gpd.GeoDataFrame,
    members: pd.DataFrame,
    parcels: pd.DataFrame,
    measures: Mapping[str, Mapping[str, Any]],
    known_share: float,
) -> pd.DataFrame:
    """Sum parcels up by unit, as ``[measures]`` of ``units.toml`` says.

    Parameters
    ----------
    units, members
        With ``unit_id``.
    parcels
        Judged parcels, indexed by ``row``.
    measures
        Per column ``how`` (``share`` by area or ``count`` of parcels for which ``when`` holds,
        where neither is it unknown nor holds ``unless``; ``sum``, ``mean`` by area, ``least``, or
        number of ``distinct`` values of ``of``), perhaps ``low_use_only``.
    known_share
        Of the area of a unit: what a sum needs.

    Returns
    -------
    DataFrame
        On the index of the units; missing where less than that share of the area is known, or the
        parcels have no such column.
    """
    place = parcels.index.get_indexer(members["row"])
    inside, place = members[place >= 0], place[place >= 0]
    mine = parcels.iloc[place].reset_index(drop=True)
    unit = pd.Index(units["unit_id"]).get_indexer(inside["unit_id"])
    low = (inside["part"] == LOW).to_numpy()
    evaluator = Evaluator(mine, pd.DataFrame(index=mine.index)) if len(mine) else None
    columns = {}
    for name, rule in measures.items():
        absent = "of" in rule and rule["of"] not in mine
        if evaluator is None or absent:
            columns[name] = np.full(len(units), np.nan)
            continue
        value, known = _values(name, rule, mine, evaluator)
        wanted = low if rule.get("low_use_only") else np.ones(len(mine), dtype=bool)
        group = _Group(unit[wanted], mine["area"].to_numpy(dtype=float)[wanted], len(units))
        columns[name] = group.summed(rule["how"], value[wanted], known[wanted], known_share)
    return pd.DataFrame(columns, index=units.index)


def _values(
    name: str, rule: Mapping[str, Any], parcels: pd.DataFrame, evaluator: Evaluator
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the value of each parcel, and whether it is known."""
    if "of" in rule:
        values = parcels[rule["of"]]
        return values.to_numpy(), values.notna().to_numpy()
    texts = [rule[key] for key in ("when", "unless") if key in rule]
    where = f"units.toml: {name}"
    conditions = [parse_condition(text, set(parcels), set(), where) for text in texts]
    truths = evaluator.truths(conditions)
    known = truths[0] != UNKNOWN
    if len(truths) > 1:
        known &= truths[1] != TRUE
    return truths[0] == TRUE, known


@dataclass(frozen=True)
class _Group:
    """Parcels by unit.

    Attributes
    ----------
    unit, area
        Of each parcel.
    count
        Number of units.
    """

    unit: NDArray[np.intp]
    area: NDArray[np.float64]
    count: int

    def summed(
        self, how: str, value: NDArray[Any], known: NDArray[np.bool_], least: float
    ) -> NDArray[np.float64]:
        """Sum values up by unit; missing where too little of the area is known."""
        whole = self._sum(self.area)
        part = self._sum(np.where(known, self.area, 0))
        share = np.divide(part, whole, out=np.zeros(self.count), where=whole > 0)
        enough = (share >= least) & (share > 0)
        found = getattr(self, f"_{how}")(value, known, part)
        return np.where(enough, found, np.nan).round(DIGITS)

    def _sum(self, values: NDArray[Any], *_rest: Any) -> NDArray[np.float64]:
        numbers = values.astype(float)
        numbers = np.where(np.isnan(numbers), 0, numbers)
        return np.bincount(self.unit, numbers, minlength=self.count).astype(float)

    def _count(self, value: NDArray[Any], known: NDArray[np.bool_], *_rest: Any) -> Any:
        return self._sum(value.astype(bool) & known)

    def _mean(self, value: NDArray[Any], known: NDArray[np.bool_], part: NDArray[Any]) -> Any:
        total = self._sum(np.where(known, value, 0).astype(float) * self.area)
        return np.divide(total, part, out=np.zeros(self.count), where=part > 0)

    _share = _mean

    def _least(self, value: NDArray[Any], known: NDArray[np.bool_], *_rest: Any) -> Any:
        found = np.full(self.count, np.inf)
        np.minimum.at(found, self.unit[known], value[known].astype(float))
        return found

    def _distinct(self, value: NDArray[Any], known: NDArray[np.bool_], *_rest: Any) -> Any:
        pairs = pd.DataFrame({"unit": self.unit[known], "value": value[known]}).drop_duplicates()
        return np.bincount(pairs["unit"], minlength=self.count).astype(float)
