"""Judge whole villages by the criteria that are criteria of the village."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.composition import joined_text
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.division_codes import town_of, village_of
from lowuse_gis.core.evaluation import Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds
from lowuse_gis.core.verdict import Tally, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Criterion, Run, Survey

WEAK_NEEDED = "weak_needed"
Truths = list[tuple["Criterion", "pd.Series"]]


def villages(survey: Survey, run: Run) -> Survey:
    """Judge every village that has a parcel.

    Parameters
    ----------
    survey, run
        Measured parcels, whose village columns are the same all over a village; the criteria with
        a strength of the village.

    Returns
    -------
    Survey
        With ``villages``: code, name, town, number of parcels, the columns the criteria read, the
        criteria met, those unknown, and the verdict by the formula of the parcels.
    """
    lines = village_lines(survey.parcels, run)
    names = {**named_by(survey.layers.get("survey")), **named_by(survey.tables.get("villages"))}
    table = headed(lines, names, towns_named(survey.parcels))
    return replace(survey, villages=judged(table, run))


def village_lines(parcels: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Count the parcels of each village, and take the columns that its criteria read.

    Parameters
    ----------
    parcels, run
        As for `villages`.

    Returns
    -------
    DataFrame
        One line per village, sorted by ``village_code``.
    """
    conditions = parsed_criteria(run.rulebook)
    criteria = [c for c in run.rulebook.criteria if c.village]
    columns = sorted({name for c in criteria for name in conditions[c.code].columns})
    code = village_of(parcels["village_code"]).rename("village_code")
    own = parcels[[c for c in columns if c != "village_code"]]
    grouped = own[code.notna()].groupby(code[code.notna()])
    found = grouped.first()
    found.insert(0, "parcels", grouped.size())
    return found.reset_index()


def joined(lines: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the lines of villages of which several parts of a district have parcels.

    Parameters
    ----------
    lines
        Of `village_lines`, part by part.

    Returns
    -------
    DataFrame
        As of `village_lines` for the whole.
    """
    grouped = pd.concat(lines, ignore_index=True).groupby("village_code")
    found = grouped.first()
    return found.assign(parcels=grouped["parcels"].sum()).reset_index()


def named_by(table: pd.DataFrame | None) -> dict[str, str]:
    """Return the names of villages that a layer or table has.

    Parameters
    ----------
    table
        With ``village_code`` and perhaps ``village_name``; None where it was not supplied.

    Returns
    -------
    dict
        Code to the first name.
    """
    if table is None or "village_name" not in table:
        return {}
    rows = table.dropna(subset=["village_code", "village_name"]).drop_duplicates("village_code")
    return dict(zip(village_of(rows["village_code"]), rows["village_name"], strict=True))


def towns_named(parcels: pd.DataFrame) -> dict[str, str]:
    """Return the name that the first parcel of each town has for it.

    Parameters
    ----------
    parcels
        Measured.

    Returns
    -------
    dict
        Code to name.
    """
    towns = parcels.dropna(subset=["town_code"]).drop_duplicates("town_code")
    return dict(zip(towns["town_code"], towns["town_name"], strict=True))


def headed(lines: pd.DataFrame, names: Mapping[str, str], towns: Mapping[str, str]) -> pd.DataFrame:
    """Put code, name and town before what is known of each village.

    Parameters
    ----------
    lines
        Of `village_lines`.
    names, towns
        Names by code.

    Returns
    -------
    DataFrame
    """
    code = lines["village_code"].astype("str")
    town = town_of(code)
    head = pd.DataFrame(
        {
            "village_code": code,
            "village_name": code.map(dict(names)).astype("str").where(code.isin(list(names))),
            "town_code": town,
            "town_name": town.map(dict(towns)),
        }
    )
    return pd.concat([head, lines.drop(columns="village_code")], axis=1)


def judged(table: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Judge villages.

    Parameters
    ----------
    table
        Of `headed`.
    run
        The criteria with a strength of the village.

    Returns
    -------
    DataFrame
        With the criteria met, those unknown, and the verdict.
    """
    criteria = [c for c in run.rulebook.criteria if c.village]
    conditions = parsed_criteria(run.rulebook)
    names = sorted({n for c in criteria for n in conditions[c.code].thresholds} | {WEAK_NEEDED})
    selectors = pd.DataFrame(
        {"town": table["town_code"], "zone": np.nan, "industry": np.nan}, index=table.index
    ).astype({"zone": "str", "industry": "str"})
    values, _chosen = resolve_thresholds(run.rulebook.thresholds, names, selectors)
    evaluator = Evaluator(table, values)
    truths = [(c, evaluator.evaluate(conditions[c.code]).truth) for c in criteria]
    verdict, _leaning = judge(
        _tally(truths, values[WEAK_NEEDED].to_numpy(), len(table)),
        type_known=np.ones(len(table), dtype=bool),
        in_scope=np.ones(len(table), dtype=bool),
        small=np.zeros(len(table), dtype=bool),
    )
    return table.assign(
        criteria_met=_codes(truths, len(table), truth=True),
        criteria_unknown=_codes(truths, len(table), truth=None),
        verdict=verdict,
    )


def _tally(truths: Truths, weak_needed: NDArray[np.float64], count: int) -> Tally:
    def counted(strength: str, *, truth: bool | None) -> NDArray[np.int64]:
        marks = [_marks(series, truth=truth) for c, series in truths if c.village == strength]
        return np.sum(marks, axis=0, dtype=np.int64) if marks else np.zeros(count, dtype=np.int64)

    return Tally(
        strong_met=counted("strong", truth=True),
        strong_unknown=counted("strong", truth=None),
        weak_met=counted("weak", truth=True),
        weak_unknown=counted("weak", truth=None),
        excluded=np.zeros(count, dtype=np.int64),
        exclusion_unknown=np.zeros(count, dtype=np.int64),
        weak_needed=weak_needed,
    )


def _marks(series: pd.Series, *, truth: bool | None) -> NDArray[np.bool_]:
    same = series.isna() if truth is None else series.eq(truth).fillna(value=False)
    return same.to_numpy(dtype=bool)


def _codes(truths: Truths, count: int, *, truth: bool | None) -> NDArray[np.object_]:
    """Write per village the codes of the criteria that came out as asked."""
    if not truths:
        return np.full(count, "", dtype=object)
    marks = np.stack([_marks(series, truth=truth) for _c, series in truths], axis=1)
    at, which = np.nonzero(marks)
    return joined_text(at, np.array([c.code for c, _series in truths])[which], count)
