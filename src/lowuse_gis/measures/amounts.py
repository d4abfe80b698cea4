"""What firms pay, make, employ and burn, shared out over their parcels without losing a cent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.composition import rounded_parts
from lowuse_gis.core.in_arrow import NOWHERE
from lowuse_gis.core.lookup import is_among, numbers_at, one_of
from lowuse_gis.measures.firms import last_complete_year
from lowuse_gis.measures.measured import Measured, check_rows
from lowuse_gis.measures.tables import at_places, linked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey

HUNDREDTHS = 2  # what rounded_parts rounds to


def amounts(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Share the yearly amounts of firms out over their parcels.

    Parameters
    ----------
    survey, spec, run
        ``source``, a table of firms and years, and its column ``amount``; ``links``, the table of
        firms on parcels; ``basis``, its columns of areas, the first that is known for all parcels
        of a firm counts (``land`` is the parcel's own area); ``into``, columns of the last
        complete year and those before; ``places``, decimals; ``check`` for firms on no parcel.

    Returns
    -------
    Measured
        Firms on one parcel add up; where one's amount is missing, so is the sum. The parts of a
        firm add up to its amount by the largest remainder. Where no table of firms was supplied,
        the parcel's own credit code counts; rows that name a parcel stand above both. A firm that
        is on no parcel is a check row with the amount it carries.
    """
    parcels, table = survey.parcels, survey.tables.get(spec["source"])
    columns = pd.DataFrame(np.nan, index=parcels.index, columns=list(spec["into"]))
    checks = []
    if table is not None:
        links = _shares(survey, spec["links"], spec["basis"])
        latest = last_complete_year(run.as_of)
        for back, name in enumerate(spec["into"]):
            rows = table[table["year"] == latest - back]
            shared = _shared_out(rows, links, spec)
            found = _by_parcel(shared, links)
            amount = _named(rows, spec, survey).combine_first(found)
            columns[name] = at_places(amount, parcels.index)
            checks.append(_on_no_parcel(rows, links, spec, name))
        columns = columns.round(spec["places"])
    somebody = _with_firms(survey, spec["links"])
    blame = one_of(somebody, spec["source"], spec["links"], parcels.index)
    return Measured(columns, checks, dict.fromkeys(spec["into"], blame))


def _with_firms(survey: Survey, source: str) -> NDArray[np.bool_]:
    """Say which parcels a firm is on."""
    table = survey.tables.get(source)
    if table is None:
        return survey.parcels["credit_code"].notna().to_numpy()
    links = linked(survey, table)
    at = links.loc[links["credit_code"].notna(), "at"]
    found = np.zeros(len(survey.parcels), dtype=bool)
    found[at[at != NOWHERE]] = True
    return found


def _shares(survey: Survey, source: str, basis: Sequence[str]) -> pd.DataFrame:
    """Say which firm is on which parcel, and the part of the firm that falls on it."""
    table = survey.tables.get(source)
    if table is None:
        own = survey.parcels[["credit_code", "area"]].rename(columns={"area": "land"})
        own = own.reset_index(drop=True).rename_axis("at").reset_index()
        links = own.dropna(subset=["credit_code"]).reset_index(drop=True)
    else:
        links = linked(survey, table).dropna(subset=["credit_code"])
    firm = pd.factorize(links["credit_code"])[0]
    size = pd.Series(np.nan, index=links.index)
    for column in reversed(basis):
        if column in links:
            known = links[column].where((links["at"] >= 0) | (column != "land"), 0.0)
            whole = known.notna().groupby(firm).transform("all")
            size = known.where(whole & (known.groupby(firm).transform("sum") > 0), size)
    total = size.groupby(firm).transform("sum", min_count=1)
    return links.assign(share=(size / total).where(total > 0)).reset_index(drop=True)


def _shared_out(rows: pd.DataFrame, links: pd.DataFrame, spec: Mapping[str, Any]) -> pd.Series:
    """Return the amount of each link; a firm's links add up to what the firm has."""
    if "credit_code" not in rows or not len(links):
        return pd.Series(np.nan, index=links.index)
    by_firm = rows.groupby("credit_code")[spec["amount"]].sum(min_count=1)
    whole = numbers_at(links["credit_code"], by_firm)
    known = ~np.isnan(whole) & links["share"].notna().to_numpy()
    result = np.full(len(links), np.nan)
    if known.any():
        group, firms = pd.factorize(links.loc[known, "credit_code"])
        order = np.argsort(group, kind="stable")
        scale = 10.0 ** (spec["places"] - HUNDREDTHS)
        totals = np.empty(len(firms))
        totals[group] = whole[known] * scale  # the same for all links of a firm
        at = np.flatnonzero(known)[order]
        sign = np.where(totals < 0, -1.0, 1.0)
        parts = rounded_parts(links["share"].to_numpy()[at], group[order], np.abs(totals))
        result[at] = parts / scale * sign[group[order]]
    return pd.Series(result, index=links.index)


def _by_parcel(shared: pd.Series, links: pd.DataFrame) -> pd.Series:
    """Add up the firms of each parcel; missing where one of them is."""
    there = links["at"] >= 0
    grouped = shared[there].groupby(links.loc[there, "at"])
    return grouped.sum().where(grouped.count() == grouped.size())


def _named(rows: pd.DataFrame, spec: Mapping[str, Any], survey: Survey) -> pd.Series:
    """Add up the rows that name a parcel."""
    if "parcel_code" not in rows:
        return pd.Series(np.nan, index=pd.Index([], dtype="int64"))
    named = linked(survey, rows.dropna(subset=["parcel_code"]))
    named = named[named["at"] >= 0]
    return named.groupby("at")[spec["amount"]].sum(min_count=1)


def _on_no_parcel(
    rows: pd.DataFrame, links: pd.DataFrame, spec: Mapping[str, Any], column: str
) -> pd.DataFrame:
    """List the firms whose amount reaches no parcel, with the amount."""
    if "credit_code" not in rows:
        return check_rows(spec["check"], pd.Index([], dtype="str"))
    placed = links.loc[(links["at"] >= 0) & links["share"].notna(), "credit_code"]
    lost = rows[rows["credit_code"].notna() & ~is_among(rows["credit_code"], placed)]
    if "parcel_code" in rows:
        lost = lost[lost["parcel_code"].isna()]
    lost = lost[lost[spec["amount"]].fillna(0) != 0]
    name = lost["firm_name"].fillna("") if "firm_name" in lost else ""
    note = spec["source"] + " " + lost["place"] + " " + lost["credit_code"] + " " + name
    blank = pd.Series("", index=lost.index)
    return check_rows(spec["check"], blank, value=lost[spec["amount"]], note=note, other=column)


def per_mu(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Divide yearly amounts by the parcel's area in mu.

    Parameters
    ----------
    survey, spec, run
        ``amounts``, columns of years, the last one first; ``into``, a column for each; ``mean``,
        column of the mean of the years that are known; ``years``, column of how many these are;
        ``zero_years``, column of how many years back nothing was paid.

    Returns
    -------
    Measured
        To blame for what is missing is whoever is for the amounts.
    """
    parcels = survey.parcels
    mu = (parcels["area"] / run.rulebook.constants["mu"]).where(parcels["area"] > 0)
    yearly = pd.DataFrame(
        {
            to: (parcels[name] / mu).round(6)
            for name, to in zip(spec["amounts"], spec["into"], strict=True)
        }
    )
    columns = yearly.copy()
    if "mean" in spec:
        columns[spec["mean"]] = yearly.mean(axis=1).round(6)
    given = parcels[spec["amounts"]]
    if "years" in spec:
        columns[spec["years"]] = given.count(axis=1).astype(float)
    if "zero_years" in spec:
        columns[spec["zero_years"]] = _zero_years(given)
    blame = survey.causes.get(spec["amounts"][0])
    causes = {} if blame is None else dict.fromkeys(columns, blame)
    return Measured(columns, causes=causes)


def _zero_years(given: pd.DataFrame) -> pd.Series:
    """Count the years without, backwards; missing where an unknown year decides."""
    years = pd.Series(float(len(given.columns)), index=given.index)
    for back in range(len(given.columns) - 1, -1, -1):
        value = given.iloc[:, back]
        years = years.where(value.notna() & (value <= 0), float(back)).where(value.notna())
    return years


def authority(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take a value from the body whose word counts; where two differ, both stay and are listed.

    Parameters
    ----------
    survey, spec, run
        ``from``, columns of the same measure by several bodies, the authority first; ``into``;
        ``tolerance``, the share by which they may differ; ``check``.

    Returns
    -------
    Measured
        The first that is known. Check rows carry the value taken and the other one.
    """
    parcels = survey.parcels
    first, *others = spec["from"]
    taken, rows = parcels[first].copy(), []
    for other in others:
        second = parcels[other]
        both = taken.notna() & second.notna()
        apart = both & ((taken - second).abs() > spec["tolerance"] * taken.abs())
        labels = run.rulebook.columns["label"]
        note = f"{labels[first]} / {labels[other]}"
        rows.append(
            check_rows(
                spec["check"],
                parcels.index[apart],
                value=taken[apart],
                limit=second[apart],
                note=note,
            )
        )
        taken = taken.where(taken.notna(), second)
    return Measured(pd.DataFrame({spec["into"]: taken}), rows)
