"""What is to be known of a unit: its form, what it borders on, who owns it, what is open in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, Evaluator
from lowuse_gis.core.shape_of import hull_ratio, inertia_ratio, polsby_popper

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
    spec: Mapping[str, Any],
) -> pd.DataFrame:
    """Sum parcels up by unit, as ``[measures]`` of ``units.toml`` says.

    Parameters
    ----------
    units, members
        With ``unit_id``.
    parcels
        Judged parcels, indexed by ``row``.
    spec
        ``units.toml``: per column ``how`` (``share`` or ``count`` of parcels for which ``when``
        holds, shares by area; ``sum``, ``mean`` by area, or ``distinct`` values of ``of``).

    Returns
    -------
    DataFrame
        On the index of the units; a value that no parcel has is missing.
    """
    inside = members[members["row"].isin(parcels.index)]
    mine = parcels.loc[inside["row"]].reset_index(drop=True)
    unit = pd.Index(units["unit_id"]).get_indexer(inside["unit_id"])
    count = len(units)
    evaluator = Evaluator(mine, pd.DataFrame(index=mine.index)) if len(mine) else None
    columns = {}
    for name, rule in spec.get("measures", {}).items():
        if evaluator is None:
            columns[name] = np.full(count, np.nan)
        elif "when" in rule:
            condition = parse_condition(rule["when"], set(mine), set(), f"units.toml: {name}")
            (truth,) = evaluator.truths([condition])
            columns[name] = _held(truth == TRUE, mine["area"], unit, count, rule["how"])
        else:
            columns[name] = _valued(mine[rule["of"]], mine["area"], unit, count, rule["how"])
    return pd.DataFrame(columns, index=units.index)


def _held(
    held: NDArray[np.bool_], area: pd.Series, unit: NDArray[np.intp], count: int, how: str
) -> NDArray[np.float64]:
    if how == "count":
        return np.bincount(unit, held, minlength=count)
    whole = np.bincount(unit, area, minlength=count)
    part = np.bincount(unit, np.where(held, area, 0), minlength=count)
    return np.divide(part, whole, out=np.full(count, np.nan), where=whole > 0).round(DIGITS)


def _valued(
    values: pd.Series, area: pd.Series, unit: NDArray[np.intp], count: int, how: str
) -> NDArray[np.float64]:
    known = values.notna().to_numpy()
    found = np.bincount(unit[known], minlength=count)
    if how == "distinct":
        pairs = pd.DataFrame({"unit": unit[known], "value": values[known].to_numpy()})
        return np.bincount(pairs.drop_duplicates()["unit"], minlength=count).astype(float)
    weight = np.ones(known.sum()) if how == "sum" else area[known].to_numpy(dtype=float)
    total = np.bincount(unit[known], values[known].to_numpy(dtype=float) * weight, minlength=count)
    if how == "mean":
        whole = np.bincount(unit[known], weight, minlength=count)
        total = np.divide(total, whole, out=np.full(count, np.nan), where=whole > 0)
    return np.where(found > 0, total, np.nan).round(DIGITS)
