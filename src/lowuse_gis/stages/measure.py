"""Take the measures of the rulebook, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.lint.measure_keys import columns_added
from lowuse_gis.core.lookup import mapped
from lowuse_gis.core.threaded import meanwhile
from lowuse_gis.kernels.apart import layers_kept
from lowuse_gis.measures.answers import fill, weighed
from lowuse_gis.measures.demand import needed
from lowuse_gis.measures.kinds import take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Run, Survey


# Kinds that read no measured column: they are begun first, and seldom hold Python's lock.
OF_THE_GROUND = {"buildings", "form", "majority", "overlap", "roads"}


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


def measure(survey: Survey, run: Run, names: Mapping[str, str] | None = None) -> Survey:
    """Measure everything the rules may ask for.

    Parameters
    ----------
    survey, run
        With areas and survey classes, and the rules' ``measure`` list.
    names
        Names of towns by code; those that parcels have beside their code where None.

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
    names = town_names(survey.parcels) if names is None else names
    with layers_kept():
        survey = _taken(_with_towns(survey, names, run), run, "measure")
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
    """Take the measures of a list, with the names of rows as Python's texts meanwhile.

    pandas takes those that stand in Arrow out one by one, anew for each of its ``where``.
    """
    rows = survey.parcels.index
    return _with_rows(_added_to(_with_rows(survey, rows.astype(object)), run, part), rows)


def _with_rows(survey: Survey, rows: pd.Index) -> Survey:
    """Name the rows of parcels, and of what is to blame for them, anew."""
    old = survey.parcels.index
    causes = {
        name: cause.set_axis(rows) if cause.index.is_(old) else cause
        for name, cause in survey.causes.items()
    }
    return replace(survey, parcels=survey.parcels.set_axis(rows), causes=causes)


def _added_to(survey: Survey, run: Run, part: str) -> Survey:
    specs = [s for s in run.rulebook.measures[part] if needed(s, run.rulebook)]
    with meanwhile(run.threads) as begin:
        begun = {
            number: begin(take, survey, spec, run)
            for number, spec in enumerate(specs)
            if spec["kind"] in OF_THE_GROUND
        }
        for number, spec in enumerate(specs):
            measured = begun[number].result() if number in begun else take(survey, spec, run)
            survey = survey.with_columns(measured.columns, measured.checks, measured.causes)
            survey = fill(survey, set(measured.columns) - _added(specs[number + 1 :]), run)
    return survey


def _added(specs: Sequence[Mapping[str, Any]]) -> set[str]:
    return {name for spec in specs for name in columns_added(spec)}


def town_names(parcels: pd.DataFrame) -> dict[str, str]:
    """Name the towns as parcels do.

    Parameters
    ----------
    parcels
        With ``town_code`` and ``town_name``.

    Returns
    -------
    dict
        Code to the name of the first parcel that has both.
    """
    code = parcels["town_code"].where(parcels["town_name"].notna())
    own = parcels.loc[(code.notna() & ~code.duplicated()).to_numpy(), ["town_code", "town_name"]]
    return dict(zip(own["town_code"], own["town_name"], strict=True))


def _with_towns(survey: Survey, names: Mapping[str, str], run: Run) -> Survey:
    """Name the towns of parcels that do not; by the code table where nobody does."""
    parcels, table = survey.parcels, run.rulebook.codes["towns"]
    known = {**dict(zip(table["code"], table["name"], strict=True)), **names}
    listed = mapped(parcels["town_code"], known)
    name = parcels["town_name"].where(parcels["town_name"].notna(), listed)
    return survey.with_columns(pd.DataFrame({"town_name": name.astype("str").where(name.notna())}))
