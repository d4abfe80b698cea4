"""Answers of the bodies: they fill what the program has no value for, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.asked import ANSWERS, asked_fields, settled_by
from lowuse_gis.core.review import SURVEY, matched_rows, parcel_marks
from lowuse_gis.core.wording import written
from lowuse_gis.language import _, pick
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lowuse_gis.model import Rulebook, Run, Survey

OPEN, FILLED, SAME, DIFFERS = "open", "filled", "same", "differs"
UNREADABLE, DISPUTED, UNKNOWN, OTHER_LAND = "unreadable", "disputed", "unknown", "other_land"
NO_PARCEL, NOT_UNDERSTOOD, AT_ODDS = "6101", "6102", "6112"  # checks
YES = "1"
NEAR = 1e-9  # relative: numbers that are the same


def weighed(survey: Survey, run: Run) -> Survey:
    """Find the parcels that answers speak of, and set aside those that cannot be taken.

    Parameters
    ----------
    survey, run
        With ``tables["answers"]`` as read, and parcels that have areas; and the rules.

    Returns
    -------
    Survey
        The table has the ``found`` parcel, the judged columns it ``serves`` and the ``state`` of
        each line; lines set aside are check rows. Without answers the survey as it was.
    """
    lines = survey.tables.get(ANSWERS)
    if lines is None or not len(lines) or "state" in lines:  # found already
        return survey
    parcels = survey.parcels
    found = matched_rows(lines["parcel_code"], lines["row"], parcels)
    mark = found.map(parcel_marks(parcels))
    survey_parcel = found.map(parcels["origin"]) == SURVEY
    fault = lines["fault"].mask(
        lines["fault"].eq("") & found.notna(), _implausible(lines, found.map(parcels["area"]), run)
    )
    lines = lines.assign(
        found=found,
        row=found.where(found.notna(), lines["row"]),
        fault=fault,
        serves=lines["column"].map(_served(run.rulebook)),
    )
    states = [
        (found.isna(), UNKNOWN),
        (survey_parcel & (mark != lines["parcel_mark"]), OTHER_LAND),
        (fault != "", UNREADABLE),
    ]
    masks, names = zip(*states, strict=True)
    lines["state"] = np.select([np.asarray(mask, dtype=bool) for mask in masks], names, OPEN)
    lines["state"] = lines["state"].mask(_disputed(lines), DISPUTED)
    return _with_lines(survey, lines, _set_aside(lines, run.rulebook))


def fill(survey: Survey, columns: Collection[str], run: Run) -> Survey:
    """Fill columns with answers where the program has no value of its own.

    Parameters
    ----------
    survey
        As `weighed` left it.
    columns
        Those that will not be measured any more.
    run
        The rules.

    Returns
    -------
    Survey
        An answer that differs from the program's value is a check row, and changes nothing.
    """
    lines = survey.tables.get(ANSWERS)
    if lines is None or "state" not in lines:  # parcels are not looked for yet
        return survey
    mine = lines["column"].isin(list(columns))
    if not mine.any():
        return survey
    for column, open_ in lines[mine & (lines["state"] == OPEN)].groupby("column", sort=False):
        survey = _filled(survey, str(column), open_, run)
    return survey


def _served(rulebook: Rulebook) -> dict[str, str]:
    """Name the columns that each asked one is a value of, or a part."""
    settled = settled_by(rulebook.fields).groupby("asked")["missing"]
    return {str(name): ";".join(dict.fromkeys([name, *given])) for name, given in settled}


def _implausible(lines: pd.DataFrame, area: pd.Series, run: Run) -> pd.Series:
    """Say which areas are no plausible share of their parcel."""
    fault = pd.Series("", index=lines.index)
    for column, spec in asked_fields(run.rulebook.fields).items():
        if "share" not in spec:
            continue
        low, high = spec["share"]
        mine = (lines["column"] == column) & (lines["fault"] == "")
        share = pd.to_numeric(lines["value"].where(mine)) / area
        text = _("not {low} to {high} of the parcel's area: is it in m²?")
        fault = fault.mask(
            (share != 0) & ((share < low) | (share > high)), text.format(low=low, high=high)
        )
    return fault


def _disputed(lines: pd.DataFrame) -> pd.Series:
    """Mark answers about one cell that are not the same."""
    counted = lines["state"] == OPEN
    kinds = lines[counted].groupby(["found", "column"])["value"].transform("nunique")
    return counted & (kinds.reindex(lines.index) > 1)


def _set_aside(lines: pd.DataFrame, rulebook: Rulebook) -> list[pd.DataFrame]:
    """List what is not taken as check rows."""
    where = lines["file"] + " " + lines["place"] + " "
    what = lines["column"].map(_labels(rulebook)) + ": " + lines["value"]
    parcel = lines["parcel_code"].fillna(lines["row"]).fillna("")
    row = lines["found"].fillna("")

    def rows(code: str, states: str, note: pd.Series) -> pd.DataFrame:
        mine = lines["state"] == states
        at = {"file": lines["file"][mine], "cell": lines["place"][mine]}
        return check_rows(code, row[mine], note=note[mine], **at)

    other = _("the land under this code is no longer the same")
    return [
        rows(NO_PARCEL, UNKNOWN, where + parcel),
        rows(NO_PARCEL, OTHER_LAND, where + parcel + " (" + other + ")"),
        rows(NOT_UNDERSTOOD, UNREADABLE, where + what + " (" + lines["fault"] + ")"),
        rows(AT_ODDS, DISPUTED, where + what + " (" + _("another answer differs") + ")"),
    ]


def _labels(rulebook: Rulebook) -> dict[str, str]:
    table = rulebook.columns
    pairs = zip(table["label"], table["label_en"], strict=True)
    return {name: pick(*both) for name, both in zip(table["name"], pairs, strict=True)}


def _filled(survey: Survey, column: str, lines: pd.DataFrame, run: Run) -> Survey:
    """Fill one column with open lines about it."""
    known = run.rulebook.columns.loc[column]
    parcels = survey.parcels
    first = lines.drop_duplicates("found").set_index("found")
    answer = _typed(first["value"], known["dtype"]).reindex(parcels.index)
    own = _own(parcels.get(column, pd.Series(np.nan, parcels.index)), known["dtype"])
    there = lines["found"].map(own.notna()).astype(bool)
    agree = lines["found"].map(_alike(own, answer)).astype(bool)
    state = np.select([~there, agree], [FILLED, SAME], DIFFERS)
    table = survey.tables[ANSWERS].copy()
    table.loc[lines.index, "state"] = state
    differs = lines[state == DIFFERS]
    labels = run.rulebook.domain(known["domain"])
    mine = differs["found"].map(written(own, known["unit"], labels))
    note = differs["file"] + " " + differs["place"] + " " + _labels(run.rulebook)[column]
    note = note + ": " + differs["value"] + " / " + _("the program has") + " " + mine
    at = {"file": differs["file"], "cell": differs["place"]}
    checks = [check_rows(AT_ODDS, differs["found"], note=note, **at)]
    columns = pd.DataFrame({column: own.where(own.notna(), answer)})
    return _with_lines(survey.with_columns(columns), table, checks)


def _typed(values: pd.Series, dtype: str) -> pd.Series:
    """Give answers the type of their column."""
    if dtype == "number":
        return pd.to_numeric(values).astype(float)
    if dtype == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    return values.eq(YES).astype("boolean") if dtype == "flag" else values.astype("str")


def _own(values: pd.Series, dtype: str) -> pd.Series:
    """Give a column that may be empty the type it should have."""
    if dtype == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    types = {"number": "float64", "flag": "boolean"}
    return values.astype(types.get(dtype, "str")) if values.isna().all() else values


def _alike(own: pd.Series, answer: pd.Series) -> pd.Series:
    if own.dtype.kind == "f":
        return pd.Series(np.isclose(own, answer, rtol=NEAR, atol=0), index=own.index)
    return own.eq(answer).fillna(value=False).astype(bool)


def _with_lines(survey: Survey, lines: pd.DataFrame, checks: Collection[Any]) -> Survey:
    found = tuple(check for check in checks if len(check))
    tables: Mapping[str, pd.DataFrame] = {**survey.tables, ANSWERS: lines}
    return replace(survey, tables=tables, checks=(*survey.checks, *found))
