"""Say of every piece whether it is historical legacy, of which period, and what lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.composition import joined_text
from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import FALSE, TRUE, UNKNOWN, Evaluator
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey

LEGACY, DOUBTFUL, OPEN, SMALL, NOT = "legacy", "doubtful", "open", "too_small", "not_legacy"
CODE_MARK, CODE_DIGITS = "YL", 5
NO_VILLAGE = "0" * 12


def judged_pieces(pieces: gpd.GeoDataFrame, survey: Survey, run: Run) -> gpd.GeoDataFrame:
    """Judge pieces by the conditions of ``legacy.toml``.

    Parameters
    ----------
    pieces
        Of `pieces_of`.
    survey
        Names of towns; what was supplied, and as of when.
    run
        The rules.

    Returns
    -------
    GeoDataFrame
        With ``state`` (legacy, doubtful, open, too_small, not_legacy), ``reason``, ``missing``
        evidence, ``period``, ``procedure``, ``plan_conformity``, ``evidence`` in words, and a
        ``legacy_code`` for all but ``not_legacy``; these in the order of their codes.
    """
    spec = run.rulebook.legacy
    table = attributes_of(pieces)
    evaluator = Evaluator(table, pd.DataFrame(index=table.index))
    conditions = [_condition(spec["when"], table, "when")]
    doubts = spec.get("doubt", [])
    conditions += [_condition(entry["when"], table, entry["code"]) for entry in doubts]
    truth, *doubted = evaluator.truths(conditions)
    small = _small(table, spec)
    state = np.select([truth == FALSE, small, truth == UNKNOWN], [NOT, SMALL, OPEN], LEGACY)
    reason = np.full(len(table), "", dtype=object)
    for entry, holds in zip(doubts, doubted, strict=True):
        mine = (holds == TRUE) & (state == LEGACY)
        state = np.where(mine, DOUBTFUL, state)
        reason[mine] = pick(entry["title"], entry.get("title_en", entry["title"]))
    titles = {e["name"]: pick(e["title"], e.get("title_en", e["title"])) for e in spec["evidence"]}
    missing = _missing(table, conditions[0].columns, titles)
    judged = pieces.assign(
        state=pd.Series(state, dtype="str"),
        reason=pd.Series(reason, dtype="str"),
        missing=np.where(state == OPEN, missing, ""),
        period=_first(spec["period"], table, evaluator),
        procedure=_first(spec["procedure"], table, evaluator),
        plan_conformity=_first(spec["conformity"], table, evaluator),
        evidence=_told(table, survey, spec, titles),
        town_name=table["town_code"].map(town_names(survey, run)),
    )
    return coded(judged)


def _condition(text: str, table: pd.DataFrame, where: str) -> Any:
    return parse_condition(text, set(table), set(), f"legacy.toml: {where}")


def _small(table: pd.DataFrame, spec: Mapping[str, Any]) -> NDArray[np.bool_]:
    small = (table["area"] < spec["least_area"]) | (table["width"] < spec["least_width"])
    return small.to_numpy(dtype=bool)


def _missing(
    table: pd.DataFrame, columns: Sequence[str], titles: Mapping[str, str]
) -> NDArray[np.object_]:
    """Name the evidence that is not known, piece by piece."""
    names = [name for name in columns if name in titles]
    lacks = np.column_stack([table[name].isna().to_numpy() for name in names])
    at, which = np.nonzero(lacks)
    words = np.array([titles[name] for name in names], dtype=object)
    return joined_text(at, words[which], len(table), "、")


def _first(
    classes: Sequence[Mapping[str, Any]], table: pd.DataFrame, evaluator: Evaluator
) -> pd.Series:
    """Return the code of the first class that holds; missing where an earlier one may hold."""
    conditions = [_condition(entry["when"], table, entry["code"]) for entry in classes]
    found = pd.Series(np.nan, index=table.index, dtype="str")
    settled = np.zeros(len(table), dtype=bool)
    truths = evaluator.truths(conditions)
    for entry, truth in zip(classes, truths, strict=True):
        found[~settled & (truth == TRUE)] = entry["code"]
        settled |= truth != FALSE
    return found


def _told(
    table: pd.DataFrame, survey: Survey, spec: Mapping[str, Any], titles: Mapping[str, str]
) -> pd.Series:
    """Write which layers, of which file and date, say that it is construction land."""
    text = pd.Series("", index=table.index, dtype="str")
    for entry in spec["evidence"]:
        sources = survey.supplied(entry["source"])
        if entry.get("shares") or not sources:
            continue
        files = "、".join(f"{s.file} {s.layer} {s.as_of}".strip() for s in sources[:1])
        said = f"{titles[entry['name']]}（{files}）；"
        text = text.mask(table[entry["name"]] == 1, text + said)
    return text.str.removesuffix("；")


def town_names(survey: Survey, run: Run) -> dict[str, str]:
    """Name towns as parcels do, else as the code table does.

    Parameters
    ----------
    survey, run
        Parcels, and the rules.

    Returns
    -------
    dict
        By code.
    """
    towns = run.rulebook.codes["towns"]
    names = dict(zip(towns["code"], towns["name"], strict=True))
    if {"town_code", "town_name"} <= set(survey.parcels):
        pairs = survey.parcels[["town_code", "town_name"]].dropna().drop_duplicates("town_code")
        names |= dict(zip(pairs["town_code"], pairs["town_name"], strict=True))
    return names


def coded(judged: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each piece a code: numbered by village, from west to east.

    Parameters
    ----------
    judged
        With ``state``, ``village_code`` and ``polygon``.

    Returns
    -------
    GeoDataFrame
        With ``legacy_code`` for all but ``not_legacy``, in the order of the codes.
    """
    place = shapely.bounds(judged.geometry.to_numpy()).round(3)
    listed = judged.assign(west=place[:, 0], south=place[:, 1])
    listed = listed.sort_values(["village_code", "west", "south", "polygon"], na_position="first")
    kept = (listed["state"] != NOT).to_numpy()
    village = listed["village_code"].fillna(NO_VILLAGE)
    number = village[kept].groupby(village[kept]).cumcount() + 1
    code = CODE_MARK + village[kept] + number.astype("str").str.zfill(CODE_DIGITS)
    return listed.assign(legacy_code=code).drop(columns=["west", "south"]).reset_index(drop=True)
