"""Measures of firms on parcels: how many, since when idle, and the tax they pay per mu of land."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import months_between
from lowuse_gis.measures.measured import Measured
from lowuse_gis.measures.tables import at_places, linked, unmatched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lowuse_gis.model import Run, Survey

LAST_DAY = (12, 31)


def last_complete_year(as_of: date) -> int:
    """Return the last year that is over on a date.

    Parameters
    ----------
    as_of
        The date.

    Returns
    -------
    int

    Examples
    --------
    >>> from datetime import date
    >>> last_complete_year(date(2024, 3, 31)), last_complete_year(date(2023, 12, 31))
    (2023, 2023)
    """
    return as_of.year if (as_of.month, as_of.day) == LAST_DAY else as_of.year - 1


def months_idle(table: pd.DataFrame, state: str, running: list[str], as_of: date) -> pd.Series:
    """Return how long each entry of a table has stood still.

    Parameters
    ----------
    table
        With the state column and ``stopped_on``.
    state
        Name of the state column.
    running
        States that count as not idle: 0 months.
    as_of
        The date to count to.

    Returns
    -------
    Series of float
        Missing where the state is, or the date of the stop.
    """
    blank = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    months = months_between(table.get("stopped_on", blank), as_of)
    states = table.get(state, pd.Series(np.nan, index=table.index, dtype="str"))
    return months.where(~states.isin(running), 0.0).where(states.notna())


def least_known(months: pd.Series, group: pd.Series) -> pd.Series:
    """Return the least of each group, three-valued.

    Parameters
    ----------
    months
        Not negative; may be missing.
    group
        The group of each.

    Returns
    -------
    Series of float
        0 where one is 0, whatever the others; missing where one is missing; else the least.
    """
    grouped = months.groupby(group)
    least = grouped.min()
    whole = grouped.count() == grouped.size()
    return least.where(whole | (least == 0))


def firms(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Count the firms of each parcel, and say since when all of them stand still.

    Parameters
    ----------
    survey, spec, run
        ``source``, ``running`` (states that are not idle) and ``check``.

    Returns
    -------
    Measured
        The industry is that of the firm that occupies most. Missing where no firm is known.
    """
    index = survey.parcels.index
    columns = pd.DataFrame({"firm_count": np.nan, "idle_months": np.nan}, index=index)
    columns["industry_code"] = pd.Series(np.nan, index=index, dtype="str")
    table = survey.tables.get(spec["source"])
    if table is None:
        return Measured(columns)
    links = linked(survey, table)
    links = links[links["at"] >= 0]
    idle = months_idle(links, "firm_status", spec["running"], run.as_of)
    count = links.groupby("at")["credit_code"].nunique()
    columns["firm_count"] = at_places(count, index).astype(float)
    columns["idle_months"] = at_places(least_known(idle, links["at"]), index)
    if "industry_code" in links:
        occupied = links.get("occupied_area", pd.Series(np.nan, index=links.index))
        order = links.assign(size=-occupied.fillna(0)).sort_values(
            ["at", "size", "credit_code"], kind="stable"
        )
        main = order.drop_duplicates("at").set_index("at")["industry_code"]
        columns["industry_code"] = at_places(main, index)
    return Measured(columns, [unmatched(table, survey, spec)])


def firm_flags(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Say whether a firm of the parcel is marked in the table of firms.

    Parameters
    ----------
    survey, spec, run
        ``source``; ``into``, column of the table to column written; ``yes``, the code of a mark.

    Returns
    -------
    Measured
        True where one firm is marked, false where all are known not to be, else missing.
    """
    del run
    index, table = survey.parcels.index, survey.tables.get(spec["source"])
    columns = pd.DataFrame(index=index)
    links = None if table is None else linked(survey, table)
    links = None if links is None else links[links["at"] >= 0]
    for column, target in spec["into"].items():
        columns[target] = pd.Series(pd.NA, index=index, dtype="boolean")
        if links is None or column not in links:
            continue
        marked = links[column].eq(spec["yes"]).where(links[column].notna()).astype("boolean")
        grouped = marked.groupby(links["at"])
        whole = grouped.count() == grouped.size()
        columns[target] = at_places(grouped.any().where(grouped.any() | whole), index)
    return Measured(columns)


def idle(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure for how long everything that a table keeps on a parcel has stood still.

    Parameters
    ----------
    survey, spec, run
        ``source`` (keyed by parcel code), ``state``, ``running``, ``into`` and ``check``.

    Returns
    -------
    Measured
        Months; missing where the table has nothing on the parcel.
    """
    index = survey.parcels.index
    months, checks = pd.Series(np.nan, index=index), []
    table = survey.tables.get(spec["source"])
    if table is not None:
        links = linked(survey, table)
        links = links[links["at"] >= 0]
        each = months_idle(links, spec["state"], spec["running"], run.as_of)
        months = at_places(least_known(each, links["at"]), index)
        checks = [unmatched(table, survey, spec)]
    return Measured(pd.DataFrame({spec["into"]: months}), checks)
