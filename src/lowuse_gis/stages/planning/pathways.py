"""Suggest a disposal pathway (处置路径) and policy tools for every low-use parcel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.composition import words_where
from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import FALSE, TRUE, UNKNOWN, Evaluator
from lowuse_gis.core.wording import LIST_MARK, filled
from lowuse_gis.core.written_columns import written_column
from lowuse_gis.language import language, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.model import Rulebook

CARRIED = ("parcel_code", "town_code", "town_name", "land_type", "area", "low_use_area")
NONE = -1


def pathways_of(parcels: gpd.GeoDataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Suggest a pathway for every low-use parcel.

    Parameters
    ----------
    parcels
        Judged parcels, indexed by ``row``.
    rulebook
        ``pathways.toml``.

    Returns
    -------
    DataFrame
        A line per low-use parcel: ``pathway`` (empty where none holds), ``title``, ``disposal``,
        ``tools``, ``document``, ``clause``, ``status``, ``text``; ``others`` that hold too;
        ``unknown`` that come before it and cannot be judged, and the columns they ``miss``.
    """
    spec = rulebook.pathways["pathway"]
    wanted = parcels["verdict"].isin(rulebook.units["verdicts"])
    low = attributes_of(parcels[wanted])
    table = low[list(CARRIED)].rename_axis("row").reset_index()
    if not len(low):
        return table.assign(**{name: pd.Series(dtype="str") for name in TOLD})
    conditions = [_condition(entry, low) for entry in spec]
    truth = np.array(Evaluator(low, pd.DataFrame(index=low.index)).truths(conditions))
    for number, entry in enumerate(spec):
        if entry.get("types"):
            truth[number, ~low["land_type"].isin(entry["types"]).to_numpy(dtype=bool)] = FALSE
    holds = truth == TRUE
    first = np.where(holds.any(axis=0), holds.argmax(axis=0), NONE)
    return table.assign(
        **_told(spec, first, low, rulebook), **_beside(spec, conditions, truth, first, low)
    )


TOLD = (
    "pathway", "title", "disposal", "tools", "document", "clause", "status", "text", "others",
    "unknown", "misses",
)  # fmt: skip


def _condition(entry: Mapping[str, Any], low: pd.DataFrame) -> Condition:
    return parse_condition(entry["when"], set(low), set(), f"pathways.toml: {entry['code']}")


def _told(
    spec: Sequence[Mapping[str, Any]],
    first: NDArray[np.int64],
    low: pd.DataFrame,
    rulebook: Rulebook,
) -> dict[str, Any]:
    """Write what the suggested pathway says."""

    def each(value: Sequence[str]) -> NDArray[np.object_]:
        return np.array([*value, ""], dtype=object)[first]

    text = np.full(len(low), "", dtype=object)
    for number, entry in enumerate(spec):
        mine = first == number
        if mine.any():
            lines = low[mine]
            template = pick(entry["text"], entry.get("text_en", entry["text"]))
            text[mine] = filled(template, lines.index, partial(written_column, lines, rulebook))
    return {
        "pathway": each([entry["code"] for entry in spec]),
        "title": each([pick(e["title"], e.get("title_en", e["title"])) for e in spec]),
        "disposal": each([entry["disposal"] for entry in spec]),
        "tools": each([LIST_MARK.join(pick_list(e, "tools")) for e in spec]),
        "document": each([rulebook.documents[e["source"]["document"]] for e in spec]),
        "clause": each([e["source"].get("clause", "") for e in spec]),
        "status": each([e["source"]["status"] for e in spec]),
        "text": text,
    }


def pick_list(entry: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of an entry in the user's language.

    Parameters
    ----------
    entry, key
        With ``key`` and perhaps ``key_en``.

    Returns
    -------
    list of str
    """
    other = entry.get(f"{key}_en", [])
    return list(other if other and language() == "en" else entry[key])


def _beside(
    spec: Sequence[Mapping[str, Any]],
    conditions: Sequence[Condition],
    truth: NDArray[np.int8],
    first: NDArray[np.int64],
    low: pd.DataFrame,
) -> dict[str, Any]:
    """Name what holds too, and what comes before and is not known."""
    number, codes = np.arange(len(spec))[:, None], [entry["code"] for entry in spec]
    before = (truth == UNKNOWN) & ((first == NONE) | (number < first))
    missing = {name: low[name].isna().to_numpy() for c in conditions for name in c.columns}
    pairs = [(at, name) for at, c in enumerate(conditions) for name in c.columns]
    lacks = np.array([before[at] & missing[name] for at, name in pairs], dtype=bool)
    lacks = lacks.reshape(len(pairs), len(low))
    return {
        "others": words_where((truth == TRUE) & (number != first), codes),
        "unknown": words_where(before, codes),
        "misses": words_where(lacks, [name for _at, name in pairs]),
    }


def of_units(members: pd.DataFrame, suggested: pd.DataFrame, unit_ids: pd.Series) -> pd.DataFrame:
    """Give each unit the pathway of most of its low-use land.

    Parameters
    ----------
    members
        Of the units: ``unit_id``, ``row``, ``part``, ``low_use_area``.
    suggested
        Of `pathways_of`.
    unit_ids
        The units, in order.

    Returns
    -------
    DataFrame
        ``pathway``, ``disposal``, ``pathway_share`` of the low-use area that has a pathway, and
        ``disposal_mix`` by area, on the index of the units.
    """
    known = suggested.set_index("row")[["pathway", "disposal"]]
    lines = members.merge(known, left_on="row", right_index=True, how="inner")
    whole = lines.groupby("unit_id")["low_use_area"].sum()
    lines = lines[lines["pathway"] != ""]
    named = lines.groupby("unit_id")["low_use_area"].sum()
    area = lines.groupby(["unit_id", "pathway", "disposal"], as_index=False)["low_use_area"].sum()
    area = area.sort_values(["unit_id", "low_use_area", "pathway"], ascending=[True, False, True])
    best = area.drop_duplicates("unit_id").set_index("unit_id")
    share = (named.reindex(whole.index).fillna(0.0) / whole.where(whole > 0)).round(4)
    return pd.DataFrame(
        {
            "pathway": unit_ids.map(best["pathway"]).astype("str").fillna(""),
            "disposal": unit_ids.map(best["disposal"]).astype("str").fillna(""),
            "pathway_share": unit_ids.map(share).astype(float),
        },
        index=unit_ids.index,
    )
