"""Judge the measured parcels by the criteria of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core import verdict as formula
from lowuse_gis.core.composition import joined_text
from lowuse_gis.core.conditions import Condition, parsed_criteria
from lowuse_gis.core.evaluation import Evaluation, Evaluator
from lowuse_gis.core.thresholds import resolve_thresholds, threshold_labels
from lowuse_gis.measures.measured import bodies_to_ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Criterion, Run, Survey

OUT_OF_SCOPE = "OUT-OF-SCOPE"
OTHER = "other"
WEAK_NEEDED = "weak_needed"
LEANING = "leaning"


@dataclass(frozen=True)
class Judged:
    """One criterion and the parcels it was put to.

    Attributes
    ----------
    criterion, condition
        The rule and its parsed form.
    rows
        Positions of the parcels it applies to.
    outcome
        Truth and atoms for these.
    """

    criterion: Criterion
    condition: Condition
    rows: NDArray[np.intp]
    outcome: Evaluation

    def marked(self, count: int, *, truth: bool | None) -> NDArray[np.bool_]:
        """Say for all parcels whether the criterion came out as asked; None is unknown."""
        mark = np.zeros(count, dtype=bool)
        same = self.outcome.truth.isna() if truth is None else self.outcome.truth.eq(truth)
        mark[self.rows] = same.fillna(value=False).to_numpy(dtype=bool)
        return mark


def judge(survey: Survey, run: Run) -> Survey:
    """Give every parcel its verdict, its reasons and what is missing.

    Parameters
    ----------
    survey, run
        Measured parcels and the rules.

    Returns
    -------
    Survey
        Parcels with the verdict columns; ``findings`` with one line per parcel, criterion and
        atom, of the parcel's own type and the exclusions only.
    """
    parcels = pd.DataFrame(survey.parcels.drop(columns="geometry"))
    conditions = parsed_criteria(run.rulebook)
    names = sorted({n for c in conditions.values() for n in c.thresholds} | {WEAK_NEEDED})
    selectors = pd.DataFrame(
        {
            "town": parcels["town_code"],
            "zone": parcels["zone"],
            "industry": parcels["industry_code"],
        }
    )
    values, chosen = resolve_thresholds(run.rulebook.thresholds, names, selectors)
    evaluator = Evaluator(parcels, values)
    kind = parcels["land_type"].to_numpy(dtype=object)
    judged = []
    for criterion in run.rulebook.criteria:
        applies = kind == criterion.land_type if criterion.land_type else np.ones(len(kind), bool)
        rows, condition = np.flatnonzero(applies), conditions[criterion.code]
        judged.append(Judged(criterion, condition, rows, evaluator.evaluate(condition, rows)))
    columns = _verdicts(parcels, judged, values[WEAK_NEEDED].to_numpy(), survey, run)
    findings = _findings(parcels, judged, chosen, run.rulebook.thresholds)
    return replace(survey.with_columns(columns), findings=findings)


def _count(
    judged: Sequence[Judged], strength: str, *, truth: bool | None, count: int
) -> NDArray[np.int64]:
    marks = [j.marked(count, truth=truth) for j in judged if j.criterion.strength == strength]
    return np.sum(marks, axis=0, dtype=np.int64) if marks else np.zeros(count, dtype=np.int64)


def _tally(judged: Sequence[Judged], weak_needed: NDArray[np.float64], count: int) -> formula.Tally:
    """Count the criteria of each strength that are met and unknown."""
    return formula.Tally(
        strong_met=_count(judged, "strong", truth=True, count=count),
        strong_unknown=_count(judged, "strong", truth=None, count=count),
        weak_met=_count(judged, "weak", truth=True, count=count),
        weak_unknown=_count(judged, "weak", truth=None, count=count),
        excluded=_count(judged, "exclusion", truth=True, count=count),
        exclusion_unknown=_count(judged, "exclusion", truth=None, count=count),
        weak_needed=weak_needed,
    )


def _verdicts(
    parcels: pd.DataFrame,
    judged: Sequence[Judged],
    weak_needed: NDArray[np.float64],
    survey: Survey,
    run: Run,
) -> pd.DataFrame:
    count, tally = len(parcels), _tally(judged, weak_needed, len(parcels))
    type_known = parcels["land_type"].notna().to_numpy()
    in_scope = type_known & (parcels["land_type"] != OTHER).to_numpy(dtype=bool)
    small = _count(judged, "small", truth=True, count=count) > 0
    verdict, leaning = formula.judge(tally, type_known=type_known, in_scope=in_scope, small=small)
    missing, ask = _missing(parcels, judged, _mattering(tally, verdict, leaning), survey, run)
    codes = run.rulebook.result_codes
    result = pd.Series(verdict).map(codes).mask(leaning, codes[LEANING])
    deducted = _deducted(parcels)
    area = parcels["area"].fillna(0).to_numpy(dtype=float)
    possible = np.isin(verdict, [formula.LOW_USE, formula.UNDETERMINED])
    met = _codes_met(judged, ("strong", "weak", "exclusion", "small"), count)
    out = (verdict == formula.EXCLUDED) & type_known & ~in_scope
    met = np.where(out, np.where(met == "", OUT_OF_SCOPE, met + ";" + OUT_OF_SCOPE), met)
    return pd.DataFrame(
        {
            "verdict": verdict,
            "leaning": pd.array(leaning, dtype="boolean"),
            "result_code": result.to_numpy(),
            "verdict_rule": verdict,
            "verdict_final": pd.Series(np.nan, index=range(count), dtype="str").to_numpy(),
            "criteria_met": met,
            "flags_met": _codes_met(judged, ("flag",), count),
            "strong_met": tally.strong_met.astype(float),
            "weak_met": tally.weak_met.astype(float),
            "weak_needed": weak_needed,
            "missing": missing,
            "ask": ask,
            "low_use_area": np.where(verdict == formula.LOW_USE, (area - deducted).round(2), 0.0),
            "possible_area": np.where(possible, (area - deducted).round(2), 0.0),
        },
        index=parcels.index,
    )


def _deducted(parcels: pd.DataFrame) -> NDArray[np.float64]:
    """Return what control lines take from a parcel's low-use area, as far as it is known."""
    known = parcels[["control_area", "permanent_farmland_area", "redline_area"]]
    return known.max(axis=1).fillna(0).to_numpy(dtype=float)


def _codes_met(
    judged: Sequence[Judged], strengths: tuple[str, ...], count: int
) -> NDArray[np.object_]:
    marks = [
        (j.criterion.code, j.marked(count, truth=True))
        for j in judged
        if j.criterion.strength in strengths
    ]
    return _joined_marks(marks, count)


def _joined_marks(
    marks: Sequence[tuple[str, NDArray[np.bool_]]], count: int
) -> NDArray[np.object_]:
    """Write per parcel the names whose mark is set, in order."""
    if not marks:
        return np.full(count, "", dtype=object)
    names = np.array([name for name, _mark in marks])
    at, which = np.nonzero(np.stack([mark for _name, mark in marks], axis=1))
    return joined_text(at, names[which], count)


def _mattering(
    tally: formula.Tally, verdict: NDArray[np.object_], leaning: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Say for which parcels an unknown criterion of each strength could still decide."""
    open_ = verdict == formula.UNDETERMINED
    enough = tally.weak_met + tally.weak_unknown >= tally.weak_needed
    return {
        "exclusion": open_,
        "strong": open_ & ~leaning,
        "weak": open_ & ~leaning & enough,
    }


def _missing(
    parcels: pd.DataFrame,
    judged: Sequence[Judged],
    matters: Mapping[str, NDArray[np.bool_]],
    survey: Survey,
    run: Run,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Name, for undetermined parcels, the columns that could settle them and who has these."""
    count = len(parcels)
    lacking: dict[str, NDArray[np.bool_]] = {
        name: matters["exclusion"] & parcels[name].isna().to_numpy()
        for name in ("area", "land_type")
    }
    for item in (j for j in judged if j.criterion.strength in matters):
        decides = matters[item.criterion.strength]
        for column, mark in lacking_columns(item, parcels).items():
            hit = np.zeros(count, dtype=bool)
            hit[item.rows] = mark
            lacking[column] = lacking.get(column, np.zeros(count, dtype=bool)) | (hit & decides)
    asked: dict[str, NDArray[np.bool_]] = {}
    for column, mark in lacking.items():
        for body, blamed in bodies_to_ask(column, survey, run).items():
            hit = mark & blamed
            asked[body] = asked.get(body, np.zeros(count, dtype=bool)) | hit
    return _joined_marks(list(lacking.items()), count), _joined_marks(list(asked.items()), count)


def lacking_columns(item: Judged, parcels: pd.DataFrame) -> Mapping[str, NDArray[np.bool_]]:
    """Say which columns leave a criterion unknown.

    Parameters
    ----------
    item
        A criterion and its outcome.
    parcels
        The measured table.

    Returns
    -------
    mapping
        Column to a mark for each row of the criterion.
    """
    unknown = item.outcome.truth.isna().to_numpy()
    marks: dict[str, NDArray[np.bool_]] = {}
    for atom, outcome in zip(item.condition.atoms, item.outcome.atoms, strict=True):
        open_ = unknown & outcome["truth"].isna().to_numpy()
        for column in atom.columns:
            absent = parcels[column].isna().to_numpy()[item.rows]
            marks[column] = marks.get(column, np.zeros(len(open_), dtype=bool)) | (open_ & absent)
    return marks


def _findings(
    parcels: pd.DataFrame, judged: Sequence[Judged], chosen: pd.DataFrame, thresholds: pd.DataFrame
) -> pd.DataFrame:
    """Write one line per parcel, criterion and atom: codes and numbers, no prose."""
    parts = []
    for item in judged:
        truth = item.outcome.truth
        lacking = _joined_marks(list(lacking_columns(item, parcels).items()), len(item.rows))
        for number, (atom, outcome) in enumerate(
            zip(item.condition.atoms, item.outcome.atoms, strict=True)
        ):
            rows = chosen.iloc[item.rows]
            parts.append(
                pd.DataFrame(
                    {
                        "row": parcels.index[item.rows],
                        "criterion": item.criterion.code,
                        "truth": _truth_codes(truth),
                        "atom": number,
                        "measure": atom.column,
                        "value": outcome["value"].to_numpy(),
                        "text": outcome["text"].to_numpy(),
                        "operator": atom.operator,
                        "limit": outcome["limit"].to_numpy(),
                        "atom_truth": _truth_codes(outcome["truth"]),
                        "threshold": _threshold_rows(atom.thresholds, rows, thresholds),
                        "missing": lacking,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _truth_codes(truth: pd.Series) -> NDArray[np.object_]:
    known = truth.fillna(value=False).to_numpy(dtype=bool)
    return np.where(truth.isna(), "unknown", np.where(known, "true", "false")).astype(object)


def _threshold_rows(
    names: tuple[str, ...], chosen: pd.DataFrame, thresholds: pd.DataFrame
) -> NDArray[np.object_]:
    """Name the threshold rows used, such as ``tax_per_mu_min[town=120118108]``."""
    labels = threshold_labels(thresholds)
    parts = [np.append(labels, "")[chosen[name].to_numpy()] for name in names]
    text = np.full(len(chosen), "", dtype=object)
    for number, part in enumerate(parts):
        text = part if number == 0 else text + ";" + part
    return text
