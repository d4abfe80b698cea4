"""Take the measures of the rulebook, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.lint.measure_keys import columns_added
from lowuse_gis.measures.answers import fill, weighed
from lowuse_gis.measures.demand import needed
from lowuse_gis.measures.kinds import take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Run, Survey


def identify(survey: Survey, run: Run) -> Survey:
    """Read the parcel codes: ownership, kind, stratum.

    Parameters
    ----------
    survey, run
        Mended parcels, and the rules' ``identify`` list.

    Returns
    -------
    Survey
        With the columns of that list.
    """
    return _taken(survey, run, "identify")


def measure(survey: Survey, run: Run) -> Survey:
    """Measure everything the rules may ask for.

    Parameters
    ----------
    survey, run
        With areas and survey classes, and the rules' ``measure`` list.

    Returns
    -------
    Survey
        With every column of columns.csv that the stages up to here add, in that order; a column
        nothing measured is there, empty. Answers of the bodies fill a column where it is missing
        when its last measure is taken, so that later measures see them.
    """
    survey = weighed(survey, run)
    coming = _added(run.rulebook.measures["measure"])
    survey = fill(survey, set(survey.parcels) - coming, run)
    survey = _taken(_with_towns(survey, run), run, "measure")
    table = run.rulebook.columns
    wanted = table[table["stage"].isin(["read", "measure"]) & (table["name"] != "row")]
    absent = {
        name: pd.Series(np.nan, survey.parcels.index, float if dtype == "number" else "str")
        for name, dtype in zip(wanted["name"], wanted["dtype"], strict=True)
        if name not in survey.parcels
    }
    survey = survey.with_columns(pd.DataFrame(absent, index=survey.parcels.index))
    return fill(survey, set(absent), run)


def look_around(survey: Survey, run: Run) -> Survey:
    """Measure what the verdicts of the neighbours say of a parcel.

    Parameters
    ----------
    survey, run
        Judged, and the rules' ``after`` list.

    Returns
    -------
    Survey
        With the columns of that list.
    """
    return _taken(survey, run, "after")


def _taken(survey: Survey, run: Run, part: str) -> Survey:
    specs = [s for s in run.rulebook.measures[part] if needed(s, run.rulebook)]
    for number, spec in enumerate(specs, start=1):
        measured = take(survey, spec, run)
        survey = survey.with_columns(measured.columns, measured.checks, measured.causes)
        survey = fill(survey, set(measured.columns) - _added(specs[number:]), run)
    return survey


def _added(specs: Sequence[Mapping[str, Any]]) -> set[str]:
    return {name for spec in specs for name in columns_added(spec)}


def _with_towns(survey: Survey, run: Run) -> Survey:
    """Name the towns: by the parcels' own pairs of code and name, else by the code table."""
    parcels, table = survey.parcels, run.rulebook.codes["towns"]
    own = parcels.dropna(subset=["town_code", "town_name"]).drop_duplicates("town_code")
    names = dict(zip(table["code"], table["name"], strict=True))
    names |= dict(zip(own["town_code"], own["town_name"], strict=True))
    name = parcels["town_name"].where(parcels["town_name"].notna(), parcels["town_code"].map(names))
    return survey.with_columns(pd.DataFrame({"town_name": name.astype("str").where(name.notna())}))
