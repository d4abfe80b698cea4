"""Judge the measured parcels by the criteria of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core import verdict as formula
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.evaluation import TRUE, UNKNOWN, Comparison
from lowuse_gis.core.findings import Block, Coded, stacked
from lowuse_gis.core.judging import Judgement, judgement_of, scope
from lowuse_gis.core.lookup import mapped
from lowuse_gis.core.marks import coded_marks, joined_marks
from lowuse_gis.core.threaded import meanwhile
from lowuse_gis.core.weighing import verdict_table
from lowuse_gis.measures.measured import sources_to_ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.model import Criterion, Run, Survey

OUT_OF_SCOPE = "OUT-OF-SCOPE"
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
    truth, atoms
        The outcome for these, and that of each comparison.
    """

    criterion: Criterion
    condition: Condition
    rows: NDArray[np.intp]
    truth: NDArray[np.int8]
    atoms: tuple[Comparison, ...]


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
    parcels = attributes_of(survey.parcels)
    judgement = judgement_of(parcels, run.rulebook)
    judged = _judged(judgement)
    with meanwhile(run.threads) as begin:
        findings = begin(_findings, judgement, judged)
        columns = _verdicts(judgement, judged, survey, run)
        return replace(survey.with_columns(columns), findings=findings.result())


def _judged(judgement: Judgement) -> list[Judged]:
    """Take every criterion apart into its comparisons, for the parcels it is put to."""
    criteria = judgement.rulebook.criteria
    conditions = [judgement.conditions[criterion.code] for criterion in criteria]
    found = judgement.evaluator.comparisons(conditions)
    judged = []
    for criterion, condition, atoms in zip(criteria, conditions, found, strict=True):
        rows = np.flatnonzero(judgement.applies(criterion))
        own = tuple(Comparison(atom.truth[rows], atom.limit[rows]) for atom in atoms)
        truth = judgement.truths[criterion.code][rows]
        judged.append(Judged(criterion, condition, rows, truth, own))
    return judged


def _verdicts(
    judgement: Judgement, judged: Sequence[Judged], survey: Survey, run: Run
) -> pd.DataFrame:
    parcels, tally, verdict = judgement.parcels, judgement.tally, judgement.verdict
    leaning, count = judgement.leaning, len(judgement.parcels)
    matters = _mattering(tally, verdict, leaning)
    missing = _missing(judgement, judged, matters, survey, run)
    codes = run.rulebook.result_codes
    weighed = verdict_table(verdict, leaning, parcels)
    result = mapped(weighed["verdict"], codes).mask(leaning, codes[LEANING])
    type_known, in_scope = scope(parcels["land_type"])
    out = (verdict == formula.EXCLUDED) & type_known & ~in_scope
    met = _codes_met(judgement, ("strong", "weak", "exclusion", "small"), (OUT_OF_SCOPE, out))
    return pd.DataFrame(
        {
            "verdict": weighed["verdict"].array,
            "leaning": weighed["leaning"],
            "result_code": result.array,
            "verdict_rule": weighed["verdict"].array,
            "verdict_final": pd.array([None], dtype="str").take(np.zeros(count, dtype=int)),
            "criteria_met": met,
            "flags_met": _codes_met(judgement, ("flag",)),
            "strong_met": tally.strong_met.astype(float),
            "weak_met": tally.weak_met.astype(float),
            "weak_needed": tally.weak_needed,
            **missing,
            "low_use_area": weighed["low_use_area"],
            "possible_area": weighed["possible_area"],
        },
        index=parcels.index,
    )


def _codes_met(
    judgement: Judgement, strengths: tuple[str, ...], *more: tuple[str, NDArray[np.bool_]]
) -> ExtensionArray:
    """Name the criteria of some strengths that are met, and what else is to be named."""
    marks = [
        (c.code, judgement.truths[c.code] == TRUE)
        for c in judgement.rulebook.criteria
        if c.strength in strengths
    ]
    return joined_marks([*marks, *more], len(judgement.parcels))


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
    judgement: Judgement,
    judged: Sequence[Judged],
    matters: Mapping[str, NDArray[np.bool_]],
    survey: Survey,
    run: Run,
) -> dict[str, ExtensionArray]:
    """Name, for undetermined parcels, the columns that could settle them and who has these."""
    parcels = judgement.parcels
    count = len(parcels)
    lacking: dict[str, NDArray[np.bool_]] = {
        name: matters["exclusion"] & parcels[name].isna().to_numpy()
        for name in ("area", "land_type")
    }
    for item in (j for j in judged if j.criterion.strength in matters):
        decides = matters[item.criterion.strength]
        for column, mark in lacking_columns(item, judgement).items():
            hit = np.zeros(count, dtype=bool)
            hit[item.rows] = mark
            lacking[column] = lacking.get(column, np.zeros(count, dtype=bool)) | (hit & decides)
    asked: dict[str, NDArray[np.bool_]] = {}
    blamed: list[tuple[str, NDArray[np.bool_]]] = []  # one source for each column, in their order
    for column, mark in lacking.items():
        for source, blame in sorted(sources_to_ask(column, survey, run).items()):
            hit, body = mark & blame, run.rulebook.sources[source].body
            blamed.append((source, hit))
            asked[body] = asked.get(body, np.zeros(count, dtype=bool)) | hit
    order = [body for body in run.rulebook.codes["bodies"]["code"] if body in asked]
    return {
        "missing": joined_marks(list(lacking.items()), count),
        "missing_from": joined_marks(blamed, count),
        "ask": joined_marks([(body, asked[body]) for body in order], count),
    }


def lacking_columns(item: Judged, judgement: Judgement) -> Mapping[str, NDArray[np.bool_]]:
    """Say which columns leave a criterion unknown.

    Parameters
    ----------
    item
        A criterion and its outcome.
    judgement
        The measured table, and the thresholds resolved for it.

    Returns
    -------
    mapping
        Column to a mark for each row of the criterion: a value that is missing, or a town, park or
        industry without which a threshold is not known.
    """
    parcels = judgement.parcels
    unknown = item.truth == UNKNOWN
    marks: dict[str, NDArray[np.bool_]] = {}
    for atom, outcome in zip(item.condition.atoms, item.atoms, strict=True):
        open_ = unknown & (outcome.truth == UNKNOWN)
        for column in atom.columns:
            absent = parcels[column].isna().to_numpy()[item.rows]
            marks[column] = marks.get(column, np.zeros(len(open_), dtype=bool)) | (open_ & absent)
        for name in atom.thresholds:
            for column, absent in judgement.unknown_selectors[name].items():
                mark = open_ & absent[item.rows]
                marks[column] = marks.get(column, np.zeros(len(open_), dtype=bool)) | mark
    return marks


def _findings(judgement: Judgement, judged: Sequence[Judged]) -> pd.DataFrame:
    """Write one line per parcel, criterion and atom: codes and numbers, no prose."""
    blocks = [block for item in judged for block in _blocks(item, judgement)]
    return stacked(blocks, judgement.parcels.index)


def _blocks(item: Judged, judgement: Judgement) -> list[Block]:
    rows, evaluator = item.rows, judgement.evaluator
    lacking = Coded(*coded_marks(list(lacking_columns(item, judgement).items()), len(rows)))
    return [
        Block(
            rows=rows,
            criterion=item.criterion.code,
            truth=item.truth,
            atom=number,
            measure=atom.column,
            value=evaluator.table.numbers(atom.column)[rows],
            text=Coded(*evaluator.table.texts(atom.column)).at(rows),
            operator=atom.operator,
            limit=outcome.limit,
            atom_truth=outcome.truth,
            threshold=_threshold_rows(atom.thresholds, rows, judgement),
            missing=lacking,
        )
        for number, (atom, outcome) in enumerate(zip(item.condition.atoms, item.atoms, strict=True))
    ]


def _threshold_rows(names: tuple[str, ...], rows: NDArray[np.intp], judgement: Judgement) -> Coded:
    """Name the threshold rows used, such as ``tax_per_mu_min[town=120118108]``."""
    labels = judgement.threshold_labels
    used = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        used = used * len(labels) + judgement.chosen[name].to_numpy()[rows] % len(labels)
    codes, distinct = pd.factorize(used)
    text = np.full(len(distinct), "", dtype=object)
    for number in range(len(names)):
        part = labels[distinct // len(labels) ** number % len(labels)]
        text = part if number == 0 else part + ";" + text
    return Coded(codes.astype(np.int64), text)
