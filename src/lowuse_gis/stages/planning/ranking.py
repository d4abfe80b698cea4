"""Rank units by how strong the wish is and how feasible redevelopment, each point explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import TRUE, UNKNOWN, Evaluator
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

AXES = ("wish", "feasibility")
FIRST, MAKE_FEASIBLE, WIN_OWNERS, LATER, OPEN = (
    "first", "make_feasible", "win_owners", "later", "open",
)  # fmt: skip
DIGITS = 2


def ranked(units: pd.DataFrame, spec: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score units on both axes and put them in order.

    Parameters
    ----------
    units
        With ``unit_id`` and the columns that questions read; a missing value is unknown.
    spec
        ``plan.toml``.

    Returns
    -------
    ranking : DataFrame
        On the index of the units: per axis ``*_low`` and ``*_high`` (0–100), ``quadrant``,
        ``rank`` from 1; by lowest scores, then unit id, so that ties are always broken alike.
    points : DataFrame
        A line per unit and question: ``low`` and ``high`` points, ``weight``, the ``answer`` that
        counts, the values it rests on, and whom to ``ask``.
    """
    questions = spec["question"]
    lines = [_asked(question, units) for question in questions]
    points = pd.concat(lines, ignore_index=True)
    ranking = pd.DataFrame(index=units.index)
    for axis in AXES:
        mine = points[points["axis"] == axis]
        weight = mine["weight"].to_numpy(dtype=float)
        whole = sum(question["weight"] for question in questions if question["axis"] == axis)
        for end in ("low", "high"):
            given = (mine[end] * weight).groupby(mine["at"]).sum() / whole
            ranking[f"{axis}_{end}"] = given.reindex(range(len(units))).to_numpy().round(DIGITS)
    ranking["quadrant"] = _quadrant(ranking, spec)
    total = ranking[[f"{axis}_low" for axis in AXES]].sum(axis=1).to_numpy()
    order = np.lexsort((units["unit_id"].to_numpy(dtype=str), -total.round(DIGITS)))
    rank = np.empty(len(units), dtype=np.int64)
    rank[order] = np.arange(1, len(units) + 1)
    ranking["rank"] = rank
    points.insert(0, "unit_id", units["unit_id"].to_numpy()[points.pop("at")])
    return ranking, points.sort_values(["unit_id", "code"], ignore_index=True)


def _quadrant(ranking: pd.DataFrame, spec: Mapping[str, Any]) -> NDArray[np.object_]:
    """Name the quadrant; open where the room between lowest and highest score leaves it open."""
    sides = []
    for axis in AXES:
        least = spec[f"strong_{axis}"]
        strong, weak = ranking[f"{axis}_low"] >= least, ranking[f"{axis}_high"] < least
        sides.append((strong.to_numpy(), weak.to_numpy()))
    (wished, unwished), (feasible, unfeasible) = sides
    return np.select(
        [wished & feasible, wished & unfeasible, unwished & feasible, unwished & unfeasible],
        np.array([FIRST, MAKE_FEASIBLE, WIN_OWNERS, LATER], dtype=object),
        default=OPEN,
    )


def _asked(question: Mapping[str, Any], units: pd.DataFrame) -> pd.DataFrame:
    """Answer one question for every unit."""
    where, answers = f"plan.toml: {question['code']}", question["answers"]
    conditions = [parse_condition(a["when"], set(units), set(), where) for a in answers]
    plain = attributes_of(units)
    truths = Evaluator(plain, pd.DataFrame(index=units.index)).truths(conditions)
    low, high, chosen = _points(truths, answers, float(question["otherwise"]))
    texts = np.array([*(a["when"] for a in answers), ""], dtype=object)
    read = sorted({name for condition in conditions for name in condition.columns})
    known = low == high
    return pd.DataFrame(
        {
            "at": np.arange(len(units)),
            "axis": question["axis"],
            "code": question["code"],
            "title": pick(question["title"], question.get("title_en", question["title"])),
            "low": low,
            "high": high,
            "weight": float(question["weight"]),
            "answer": np.where(known, texts[chosen], ""),
            "values": _written(plain, read),
            "ask": np.where(known, "", question.get("ask", "")),
        }
    )


def _points(
    truths: Sequence[NDArray[np.int8]], answers: Sequence[Mapping[str, Any]], otherwise: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return lowest and highest points of the first answer that holds, and which that is."""
    size = len(truths[0])
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    chosen, going = np.full(size, -1), np.ones(size, dtype=bool)
    for number, (truth, answer) in enumerate(zip(truths, answers, strict=True)):
        may = going & ((truth == TRUE) | (truth == UNKNOWN))
        low[may] = np.minimum(low[may], answer["points"])
        high[may] = np.maximum(high[may], answer["points"])
        chosen[going & (truth == TRUE)] = number
        going &= truth != TRUE
    low[going] = np.minimum(low[going], otherwise)
    high[going] = np.maximum(high[going], otherwise)
    return low, high, chosen


def _written(units: pd.DataFrame, names: Sequence[str]) -> NDArray[np.object_]:
    """Write the values a question rests on, such as ``owner_count = 2``."""
    text = np.full(len(units), "", dtype=object)
    for name in names:
        values = units[name]
        if values.dtype.kind in "fi":
            told = values.astype(float).map(written_number)
        else:
            told = values.astype("str").fillna("—")
        text = text + np.where(text == "", "", "; ") + name + " = " + told.to_numpy(dtype=object)
    return text
