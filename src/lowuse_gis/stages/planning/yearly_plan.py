"""Draw up the plan of a year: which units become projects, when, by whom, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from lowuse_gis.core.yearly import QUARTERS, Carry, scheduled
from lowuse_gis.stages.planning.ranking import AXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

NEW, CARRIED_OVER = "new", "carried_over"
OTHERWISE = ""  # key of [yearly.cost] and [yearly.quarters] for what they do not name
PERCENT = 100.0
HECTARE = 10_000
ONE = 1


@dataclass(frozen=True)
class YearlyPlan:
    """A year's plan.

    Attributes
    ----------
    projects
        A line per project, see `drawn_up`.
    limits
        ``limit``, ``town``, ``allowed``, ``used``, and ``short``: by how much it is not met.
    """

    projects: gpd.GeoDataFrame
    limits: pd.DataFrame


def drawn_up(
    units: gpd.GeoDataFrame, register: pd.DataFrame, spec: Mapping[str, Any], year: int, mu: float
) -> YearlyPlan:
    """Choose the projects of a year.

    Parameters
    ----------
    units
        Ranked, with pathway, quadrant and areas (m²).
    register
        Projects as they stand (`register_at`): those begun and not yet revitalised are carried
        over; a unit of any other project of the register that is not ended may be planned, and
        keeps its number, body and sum.
    spec
        ``plan.toml``.
    year
        The year planned for.
    mu
        m² in a mu.

    Returns
    -------
    YearlyPlan
        Projects with number, kind (new or carried over), unit, place, areas, body, investment
        (10,000 yuan), first and last quarter.
    """
    yearly = spec["yearly"]
    costs = _by_disposal(units, yearly["cost"]) * units["area"] / mu
    table = units.assign(
        investment=costs.round(2), quarters=_by_disposal(units, yearly["quarters"])
    )
    table = _from_register(table, register, yearly["body"])
    carried = table[table["kind"] == CARRIED_OVER]
    offered = table[(table["kind"] == NEW) & table["quadrant"].isin(yearly["quadrants"])]
    offered = offered.sort_values("rank")
    towns = sorted(set(table["town_code"]))
    town = pd.Series(range(len(towns)), index=towns)
    held = np.bincount(town[carried["town_code"]], minlength=len(towns))
    carry = _left(yearly, carried)
    value = offered[[f"{axis}_low" for axis in AXES]].mean(axis=1) / PERCENT
    value *= (
        offered["low_use_area"]
        / HECTARE
        * offered["quadrant"].map(yearly["quadrants"]).astype(float)
    )
    found = scheduled(
        value.to_numpy(dtype=float), offered["investment"].to_numpy(dtype=float),
        town[offered["town_code"]].to_numpy(), held, carry,
    )  # fmt: skip
    chosen = offered.assign(quarter=found.quarter)[found.quarter > 0]
    projects = _listed(pd.concat([carried.assign(quarter=ONE), chosen]), year)
    short = {towns[at]: number for at, number in found.short.items()}
    return YearlyPlan(projects, _limits(projects, yearly, short))


def _by_disposal(units: pd.DataFrame, table: Mapping[str, float]) -> pd.Series:
    return units["disposal"].map(table).fillna(table[OTHERWISE]).astype(float)


def _from_register(units: gpd.GeoDataFrame, register: pd.DataFrame, body: str) -> gpd.GeoDataFrame:
    """Join what the register says of a unit's project; leave out units whose project is done."""
    mine = register.drop_duplicates("unit", keep="last").set_index("unit")
    known = mine.reindex(units["unit_id"]).set_axis(units.index)
    state = known["state"].astype("str").fillna("")
    sums = pd.to_numeric(known["investment"]).fillna(units["investment"])
    bodies = known["body"].astype("str").fillna("")
    joined = units.assign(
        project=known["project"].astype("str").fillna(""),
        project_name=known["name"].astype("str").fillna(""),
        body=bodies.where(bodies != "", body),
        investment=sums.astype(float).round(2),
        kind=np.where(state == "begun", CARRIED_OVER, NEW),
    )
    return joined[~state.isin(["revitalised", "ended"])]


def _left(yearly: Mapping[str, Any], carried: pd.DataFrame) -> Carry:
    """Return what the projects carried over leave of the limits."""
    money = yearly["investment"] - carried["investment"].sum()
    quarter = yearly["quarter_share"] * yearly["investment"]
    return Carry(
        projects=max(yearly["projects"] - len(carried), 0),
        money=max(money, 0.0),
        per_town=_per_town(yearly),
        town_least=yearly["town_least"],
        per_quarter=yearly["quarter_projects"],
        quarter_money=quarter,
        later=yearly["later"],
    )


def _per_town(yearly: Mapping[str, Any]) -> int:
    return max(int(yearly["projects"] * yearly["town_share"]), ONE)


def _listed(projects: gpd.GeoDataFrame, year: int) -> gpd.GeoDataFrame:
    """Put projects in order of quarter and rank, and say where and until when."""
    order = projects.sort_values(["quarter", "kind", "rank"], ignore_index=True)
    last = order["quarter"] + order["quarters"].astype(int) - ONE
    names = order["project_name"]
    middle = shapely.point_on_surface(order.geometry.to_numpy())
    degrees = Transformer.from_crs(order.crs, "EPSG:4490", always_xy=True)
    longitude, latitude = degrees.transform(shapely.get_x(middle), shapely.get_y(middle))
    own = order["name"].where(order["name"] != "", order["unit_id"])
    return order.assign(
        year=year,
        number=np.arange(1, len(order) + 1),
        project_name=names.where(names != "", own),
        longitude=np.round(longitude, 6),
        latitude=np.round(latitude, 6),
        begins=_quarter(year, order["quarter"]),
        ends=_quarter(year, last),
    )


def _quarter(year: int, number: pd.Series) -> pd.Series:
    """Write quarters such as 2025Q3; those above 4 lie in later years."""
    place = number.astype(int) - ONE
    return (year + place // QUARTERS).astype("str") + "Q" + (place % QUARTERS + ONE).astype("str")


def _limits(
    projects: pd.DataFrame, yearly: Mapping[str, Any], short: Mapping[str, int]
) -> pd.DataFrame:
    """Say of every limit what it allows, what is used, and what cannot be met."""
    new = projects[projects["kind"] == NEW].groupby("quarter")
    towns = projects["town_code"].value_counts()
    money = projects["investment"].sum()
    most = int(new.size().max()) if len(new) else 0
    lines = [
        ("projects", "", yearly["projects"], len(projects)),
        ("investment", "", yearly["investment"], round(float(money), 2)),
        ("quarter_projects", "", yearly["quarter_projects"], most),
        (
            "quarter_investment", "", yearly["quarter_share"] * yearly["investment"],
            round(float(new["investment"].sum().max() if len(new) else 0.0), 2),
        ),
        *(("town_most", str(t), _per_town(yearly), int(n)) for t, n in sorted(towns.items())),
    ]  # fmt: skip
    table = pd.DataFrame(lines, columns=["limit", "town_code", "allowed", "used"])
    table["short"] = (table["used"] - table["allowed"]).clip(lower=0).astype(float).round(2)
    least = pd.DataFrame(
        [
            ("town_least", town, yearly["town_least"], int(towns.get(town, 0)), float(number))
            for town, number in sorted(short.items())
        ],
        columns=list(table),
    )
    return pd.concat([table, least], ignore_index=True) if len(least) else table
