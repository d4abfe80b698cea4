"""The tables that indicators count: land and projects on a date, the survey, stated figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NO_PROJECT = "none"  # state of land that no project of the register names
STATES = ("prepared", "begun", "revitalised", "ended")
LAST_DAY = (12, 31)


def progress_tables(
    parcels: pd.DataFrame,
    balance: pd.DataFrame | None,
    register: pd.DataFrame | None,
    members: pd.DataFrame | None,
    figures: pd.DataFrame,
) -> dict[str, pd.DataFrame | None]:
    """Put the tables together.

    Parameters
    ----------
    parcels
        Judged parcels.
    balance
        Construction land of the survey by town and class; None without a survey.
    register
        Projects on the date (`register_at`); None where there is no register.
    members
        Parcels of units, for projects that name a unit only; None for none.
    figures
        Of `stated_figures`.

    Returns
    -------
    dict
        ``land``: parcels with ``project``, ``project_state``, ``project_gate`` (of the project that
        is farthest), and a line without area for each project whose land was not found whole.
        ``projects`` with ``town_code`` and ``area`` of their land. ``survey``, ``figures``.
    """
    flat = attributes_of(parcels).reset_index(drop=True)
    survey = None if balance is None else balance.rename(columns={"town": "town_code"})
    tables = {"survey": survey, "figures": figures}
    none = pd.Series(np.nan, index=flat.index, dtype="str")
    if register is None:
        marks = dict.fromkeys(("project", "project_state", "project_gate"), none)
        return {"land": flat.assign(**marks), "projects": None, **tables}
    lots, lost = _lots(register, flat, members)
    numbers = {name: pd.to_numeric(register[name]) for name in ("investment", "overdue_days")}
    projects = register.assign(**numbers, **_of_projects(register, lots, flat, lost))
    return {"land": _land(flat, projects, lots, lost), "projects": projects, **tables}


def _lots(
    register: pd.DataFrame, flat: pd.DataFrame, members: pd.DataFrame | None
) -> tuple[pd.DataFrame, set[str]]:
    """Find the parcels of every project, and the projects of which some are not found."""
    named = register.set_index("project")["parcels"].astype("str").fillna("").str.split(";")
    named = named.explode().str.strip().rename("parcel_code").reset_index()
    named = named[named["parcel_code"] != ""]
    silent = register[~register["project"].isin(named["project"])]
    if members is not None:
        of_unit = members[["unit_id", "parcel_code"]].rename(columns={"unit_id": "unit"})
        by_unit = silent[["project", "unit"]].merge(of_unit, on="unit")
        named = pd.concat([named, by_unit[["project", "parcel_code"]]], ignore_index=True)
    named = named.drop_duplicates()
    places = pd.DataFrame({"parcel_code": flat["parcel_code"], "at": flat.index})
    lots = named.merge(places, on="parcel_code", how="left")
    lost = set(lots.loc[lots["at"].isna(), "project"])
    lost |= set(register["project"]) - set(named["project"])
    lots = lots.dropna(subset=["at"])
    return lots.assign(at=lots["at"].astype(int)), lost


def _of_projects(
    register: pd.DataFrame, lots: pd.DataFrame, flat: pd.DataFrame, lost: set[str]
) -> dict[str, Any]:
    """Measure the land of projects; a project lies where most of it lies."""
    land = lots.assign(
        area=flat["area"].to_numpy()[lots["at"]],
        town=flat["town_code"].fillna("").to_numpy()[lots["at"]],
    )
    known = land.groupby("project")["area"].sum()
    by_town = land.groupby(["project", "town"], as_index=False)["area"].sum()
    by_town = by_town.sort_values(["project", "area", "town"], ascending=[True, False, True])
    first = by_town.drop_duplicates("project").set_index("project")["town"]
    area = register["project"].map(known).where(~register["project"].isin(lost))
    return {
        "area": area.astype(float),
        "town_code": register["project"].map(first).astype("str").fillna(""),
    }


def _land(
    flat: pd.DataFrame, projects: pd.DataFrame, lots: pd.DataFrame, lost: set[str]
) -> pd.DataFrame:
    about = projects.set_index("project")
    rank = {state: at for at, state in enumerate(STATES)}
    best = lots.assign(rank=lots["project"].map(about["state"]).map(rank))
    best = best.sort_values(["at", "rank", "project"], ascending=[True, False, True])
    best = best.drop_duplicates("at").set_index("at")["project"].reindex(flat.index)
    land = flat.assign(
        project=best.astype("str").fillna(""),
        project_state=best.map(about["state"]).astype("str").fillna(NO_PROJECT),
        project_gate=best.map(about["gate"]).astype("str").fillna(""),
    )
    unknown = projects[projects["project"].isin(lost)]
    lines = pd.DataFrame(
        {
            "project": unknown["project"],
            "project_state": unknown["state"],
            "project_gate": unknown["gate"],
            "town_code": unknown["town_code"],
            "verdict": "",  # the land of a project that is not found is nobody's parcel
        }
    )
    return pd.concat([land, lines], ignore_index=True) if len(lines) else land


def stated_figures(
    lines: pd.DataFrame, spec: Mapping[str, Any], as_of: date
) -> tuple[pd.DataFrame, int]:
    """Read the figures that hold on a date: of the last year that is complete by then.

    Parameters
    ----------
    lines
        Of ``ledgers/figures.csv``; of lines about the same, the last counts.
    spec
        ``indicators.toml``.
    as_of
        The date.

    Returns
    -------
    figures : DataFrame
        ``figure``, ``town_code`` (empty for the district), ``year``, ``value``, ``source``.
    unread : int
        Lines of a figure that nobody knows, in another unit, or without year or value.
    """
    entries = spec.get("figure", [])
    names = {text: e["code"] for e in entries for text in _names(e)}
    units = {e["code"]: e["unit"] for e in entries}
    figure = lines["figure"].map(names)
    year = pd.to_numeric(lines["year"], errors="coerce")
    value = pd.to_numeric(lines["value"], errors="coerce")
    sound = figure.notna() & (lines["unit"] == figure.map(units)) & year.notna() & value.notna()
    last = as_of.year if (as_of.month, as_of.day) == LAST_DAY else as_of.year - 1
    found = pd.DataFrame(
        {
            "figure": figure, "town_code": lines["town"].astype("str").fillna(""), "year": year,
            "value": value, "source": lines["source"].astype("str").fillna(""),
        }
    )  # fmt: skip
    found = found[sound & (year <= last)].sort_values("year", kind="stable")
    return found.drop_duplicates(["figure", "town_code"], keep="last"), int((~sound).sum())


def _names(entry: Mapping[str, Any]) -> set[str]:
    return {entry["code"], entry["title"], entry.get("title_en", entry["title"])}
