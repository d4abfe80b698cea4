"""Judge whole villages by the criteria that are criteria of the village."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.composition import joined_text
from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.evaluation import Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds
from lowuse_gis.core.verdict import Tally, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.model import Criterion, Run, Survey

VILLAGE_DIGITS = 12
TOWN_DIGITS = 9
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
    criteria = [c for c in run.rulebook.criteria if c.village]
    conditions = parsed_criteria(run.rulebook)
    columns = sorted({name for c in criteria for name in conditions[c.code].columns})
    table = _table(survey, columns)
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
    judged = table.assign(
        criteria_met=_codes(truths, len(table), truth=True),
        criteria_unknown=_codes(truths, len(table), truth=None),
        verdict=verdict,
    )
    return replace(survey, villages=judged)


def _table(survey: Survey, columns: list[str]) -> pd.DataFrame:
    """Return one line per village: its name, its town, its parcels, its columns."""
    parcels = pd.DataFrame(survey.parcels.drop(columns="geometry"))
    code = parcels["village_code"].str[:VILLAGE_DIGITS]
    grouped = parcels.assign(code=code).dropna(subset=["code"]).groupby("code")
    found = grouped[columns].first()
    names = _names(survey)
    index = found.index.to_series().astype("str")
    towns = parcels.dropna(subset=["town_code"]).drop_duplicates("town_code")
    town_names = dict(zip(towns["town_code"], towns["town_name"], strict=True))
    head = pd.DataFrame(
        {
            "village_code": index,
            "village_name": index.map(names).astype("str").where(index.isin(list(names))),
            "town_code": index.str[:TOWN_DIGITS],
            "town_name": index.str[:TOWN_DIGITS].map(town_names),
            "parcels": grouped.size(),
        }
    )
    return pd.concat([head, found], axis=1).reset_index(drop=True)


def _names(survey: Survey) -> Mapping[str, str]:
    """Return the names of villages as the survey, then the table of villages, has them."""
    names: dict[str, str] = {}
    for table in (survey.layers.get("survey"), survey.tables.get("villages")):
        if table is not None and "village_name" in table:
            rows = table.dropna(subset=["village_code", "village_name"])
            rows = rows.drop_duplicates("village_code")
            codes = rows["village_code"].str[:VILLAGE_DIGITS]
            names |= dict(zip(codes, rows["village_name"], strict=True))
    return names


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
