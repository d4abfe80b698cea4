"""Set the decisions of the towns beside the verdicts they answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.review import fingerprints, matched_rows
from lowuse_gis.core.values import as_days
from lowuse_gis.core.verdict import LOW_USE, UNDETERMINED
from lowuse_gis.core.weighing import net_area

if TYPE_CHECKING:
    from lowuse_gis.model import Run, Survey

DECISIONS = "decisions"
CURRENT, STALE, SUPERSEDED = "current", "stale", "superseded"
UNKNOWN, INVALID = "unknown_parcel", "invalid"
TEXTS = ("verdict_final", "decision_state", "decided_by", "decision_reason")


def decide(survey: Survey, run: Run) -> Survey:
    """Give each parcel the town's decision where it still answers the verdict.

    Parameters
    ----------
    survey
        Judged; ``tables["decisions"]`` has the lines of the ledger, if there is one.
    run
        The rules, which know the words of a decision.

    Returns
    -------
    Survey
        ``verdict_rule`` stays the program's. The latest decision on a parcel by date, then by place
        in the ledger, is its ``verdict_final`` where its fingerprint is that of the verdict, and
        stands as ``verdict``; where not, ``verdict_final`` is empty and ``decision_state``
        ``stale``. The table comes back with
        ``state``, the ``row`` found, and the verdict as it is now.
    """
    index = survey.parcels.index
    columns = pd.DataFrame(np.nan, index=index, columns=list(TEXTS), dtype="str")
    columns["decided_on"] = pd.Series(pd.NaT, index=index, dtype="datetime64[us]")
    if DECISIONS not in survey.tables:
        return survey.with_columns(columns)
    lines = stated(survey.tables[DECISIONS], survey, run)
    now = lines[lines["state"].isin([CURRENT, STALE])].set_index("row")
    columns.loc[now.index, "decision_state"] = now["state"]
    valid = now[now["state"] == CURRENT]
    columns.loc[valid.index, "verdict_final"] = valid["decision"]
    columns.loc[valid.index, "decided_by"] = valid["who"]
    columns.loc[valid.index, "decision_reason"] = valid["reason"]
    columns.loc[valid.index, "decided_on"] = as_days(valid["date"])
    decided = survey.with_columns(_standing(survey.parcels, columns, run))
    return replace(decided, tables={**survey.tables, DECISIONS: lines})


def _standing(parcels: pd.DataFrame, columns: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Let the decisions stand as verdicts, with the code and the areas that follow from them."""
    final = columns["verdict_final"]
    decided = final.notna()
    verdict = parcels["verdict"].mask(decided, final)
    net = net_area(attributes_of(parcels))
    low, possible = verdict == LOW_USE, verdict.isin([LOW_USE, UNDETERMINED])
    codes = verdict.map(run.rulebook.result_codes)
    return columns.assign(
        verdict=verdict,
        result_code=parcels["result_code"].mask(decided, codes),
        low_use_area=np.where(low, net, 0.0),
        possible_area=np.where(possible, net, 0.0),
    )


def stated(lines: pd.DataFrame, survey: Survey, run: Run) -> pd.DataFrame:
    """Say of each line of the ledger whether it is in force.

    Parameters
    ----------
    lines
        The ledger's columns and ``line``.
    survey, run
        Judged parcels, and the rules.

    Returns
    -------
    DataFrame
        With ``row``, ``verdict`` and ``fingerprint`` of the parcel as it is now, and ``state``.
    """
    parcels = survey.parcels
    row = matched_rows(lines["parcel_code"], lines["row"], parcels)
    day = as_days(lines["date"])
    invalid = day.isna() | ~lines["decision"].isin(list(run.rulebook.domain("decision")))
    marks = fingerprints(parcels)
    now = row.map(marks)
    counted = lines.assign(found=row, day=day)[row.notna() & ~invalid]
    order = counted.sort_values("day", kind="stable")
    latest = lines.index.isin(order.drop_duplicates("found", keep="last").index)
    state = np.select(
        [row.isna(), invalid, ~latest, lines["answers"].eq(now)],
        [UNKNOWN, INVALID, SUPERSEDED, CURRENT],
        STALE,
    )
    return lines.assign(
        row=row.where(row.notna(), lines["row"]),
        date=day.dt.strftime("%Y-%m-%d").where(day.notna(), lines["date"]),
        verdict=row.map(parcels["verdict_rule"]),
        fingerprint=now,
        state=state,
    )
