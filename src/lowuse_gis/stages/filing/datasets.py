"""Bring together what is filed: parcels, units, key areas, projects, problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.covered import covered_area
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from lowuse_gis.io.units_file import UnitsFile
    from lowuse_gis.model import Rulebook

RANKED = ("wish_low", "wish_high", "feasibility_low", "feasibility_high", "quadrant", "key_area",
          "disposal", "pathway")  # fmt: skip
MISSING_CODE = "R"  # begins the plot code of a parcel that has no code


@dataclass(frozen=True)
class Filed:
    """What is to be filed, as it was read.

    Attributes
    ----------
    parcels, problems
        Of classify; parcels by row.
    units
        Of units; None where there are none.
    plan
        Layers of a plan by name; empty where there is none.
    legacy
        Land of historical legacy in standard columns; None where there is none.
    pathways
        Per low-use parcel the disposal pathway; of `pathways_of`.
    reasons
        Per row why a parcel has its verdict.
    """

    parcels: gpd.GeoDataFrame
    problems: pd.DataFrame
    units: UnitsFile | None = None
    plan: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    legacy: gpd.GeoDataFrame | None = None
    pathways: pd.DataFrame | None = None
    reasons: pd.Series | None = None


def datasets(filed: Filed, rulebook: Rulebook, threads: int = 2) -> dict[str, pd.DataFrame]:
    """Return what a profile can file, by name.

    Parameters
    ----------
    filed
        What was read.
    rulebook
        Labels of disposals.
    threads
        Threads for the area of legacy on parcels.

    Returns
    -------
    dict
        ``parcels`` and ``problems``; ``units``, ``key_areas``, ``projects``, ``legacy`` where
        there are such.
    """
    parcels = _parcels(filed, rulebook, threads)
    found: dict[str, pd.DataFrame] = {"parcels": parcels}
    codes = parcels.set_index("row")["plot_code"]
    found["problems"] = filed.problems.assign(plot_code=filed.problems["row"].map(codes))
    if filed.units is not None:
        found["units"] = _units(filed.units, filed.plan)
    if "key_areas" in filed.plan:
        found["key_areas"] = filed.plan["key_areas"]
        found["projects"] = filed.plan["projects"]
    if filed.legacy is not None:
        found["legacy"] = filed.legacy
    return found


def plot_codes(codes: pd.Series, rows: pd.Series) -> pd.Series:
    """Make a code for each parcel that no other has.

    Parameters
    ----------
    codes, rows
        Parcel codes, which may be missing or doubled, and where each parcel was read.

    Returns
    -------
    Series of str
        The parcel code; ``-2`` and so on behind a doubled one, ``R`` and the row for none.

    Examples
    --------
    >>> plot_codes(pd.Series(["A", "A", None]), pd.Series(["1:1", "1:2", "1:3"])).tolist()
    ['A', 'A-2', 'R1-3']
    """
    number = codes.groupby(codes).cumcount() + 1
    text = codes.astype("str").fillna("")
    doubled = number > 1
    text = text.where(~doubled, text + "-" + number.astype("Int64").astype("str"))
    unknown = MISSING_CODE + rows.astype("str").str.replace(":", "-", regex=False)
    return text.where(text != "", unknown)


def _parcels(filed: Filed, rulebook: Rulebook, threads: int) -> gpd.GeoDataFrame:
    parcels = filed.parcels.reset_index()
    new: dict[str, pd.Series] = {
        "plot_code": plot_codes(parcels["parcel_code"], parcels["row"]),
        **_of_units(filed, parcels),
    }
    if filed.reasons is not None:
        new["reasons"] = parcels["row"].map(filed.reasons)
    if filed.pathways is not None:
        disposal = parcels["row"].map(filed.pathways.set_index("row")["disposal"])
        labels = {code: pick(*both) for code, both in rulebook.domain("disposal").items()}
        new["disposal"] = disposal.where(disposal != "")
        new["disposal_title"] = disposal.map(labels)
    if filed.legacy is not None:
        new["legacy_area"] = _legacy_area(parcels, filed.legacy, threads)
    kept = parcels.drop(columns=[name for name in new if name in parcels])
    return kept.join(pd.DataFrame(new, index=parcels.index))


def _of_units(filed: Filed, parcels: gpd.GeoDataFrame) -> dict[str, pd.Series]:
    """Say of each parcel its unit, the low-use land of that unit, and its project."""
    if filed.units is None:
        blank = pd.Series(np.nan, parcels.index, "str")
        return {"unit_id": blank, "plan_year": blank, "project_name": blank}
    members = filed.units.tables["members"]
    members = members[members["row"].notna()].drop_duplicates("row").set_index("row")
    unit = parcels["row"].map(members["unit_id"])
    low = parcels["area"].where(parcels["verdict"] == "low_use")
    new = {"unit_id": unit, "unit_plot_area": unit.map(low.groupby(unit).sum())}
    projects = filed.plan.get("projects")
    if projects is not None and len(projects):
        once = projects.drop_duplicates("unit_id").set_index("unit_id")
        new["plan_year"] = unit.map(once["year"].astype("str"))
        new["project_name"] = unit.map(once["project_name"])
    return new


def _legacy_area(parcels: gpd.GeoDataFrame, legacy: gpd.GeoDataFrame, threads: int) -> pd.Series:
    """Measure how much of each parcel is legacy, in m² of the ellipsoid."""
    shapes = parcels.geometry.to_numpy()
    plane, _pairs, _doubled = covered_area(shapes, legacy.geometry.to_numpy(), threads=threads)
    whole = parcels["plane_area"].where(parcels["plane_area"] > 0)
    area: pd.Series = (plane * parcels["area"] / whole).round(2)
    return area


def _units(file: UnitsFile, plan: Mapping[str, pd.DataFrame]) -> gpd.GeoDataFrame:
    """Add to the units their largest type, their scores, and their project."""
    units, members = file.units, file.tables["members"]
    low = members.groupby(["unit_id", "land_type"], as_index=False)["low_use_area"].sum()
    low = low.sort_values(["unit_id", "low_use_area", "land_type"], ascending=[True, False, True])
    new = {
        "main_type": units["unit_id"].map(
            low.drop_duplicates("unit_id").set_index("unit_id")["land_type"]
        )
    }
    ranking, projects = plan.get("ranking"), plan.get("projects")
    if ranking is not None:
        by_unit = ranking.set_index("unit_id")
        new |= {name: units["unit_id"].map(by_unit[name]) for name in RANKED}
        new["key_area"] = new["key_area"].where(new["key_area"] != "")
        new["disposal"] = new["disposal"].where(new["disposal"] != "")
    if projects is not None and len(projects):
        by_unit = projects.drop_duplicates("unit_id").set_index("unit_id")
        new["plan_year"] = units["unit_id"].map(by_unit["year"].astype("str"))
        new["plan_body"] = units["unit_id"].map(by_unit["body"])
        new["investment"] = units["unit_id"].map(by_unit["investment"])
    return units.join(pd.DataFrame(new, index=units.index))
