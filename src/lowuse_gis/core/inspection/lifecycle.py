"""What became of findings since the last check, and which of them are excused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import is_among

if TYPE_CHECKING:
    from datetime import date

NEW, OPEN, BACK, MENDED, EXCUSED = "new", "open", "back", "mended", "excused"
NEAR = 1.0  # m: findings without an id are the same where their places round to the same metre
KEY = ("code", "source", "who", "column", "nth")


@dataclass(frozen=True)
class Compared:
    """Findings with their state, and those that are gone.

    Attributes
    ----------
    findings
        The findings of now with ``state`` and ``first_seen``.
    mended
        Findings of earlier checks that are no longer there, with ``state`` mended.
    """

    findings: pd.DataFrame
    mended: pd.DataFrame


def compared(
    findings: pd.DataFrame,
    previous: pd.DataFrame | None,
    gone: pd.DataFrame | None,
    as_of: date,
) -> Compared:
    """Say of each finding whether it is new, still open, or back again.

    Parameters
    ----------
    findings
        The findings of now.
    previous, gone
        The findings of the last check, and those it already knew to be mended; None for none.
    as_of
        The date of this check.

    Returns
    -------
    Compared
        Findings are the same where code, source, ids (or place, to a metre) and column are; of
        several that are alike, the first is the first.
    """
    day = as_of.isoformat()
    if previous is None:
        return Compared(findings.assign(state=NEW, first_seen=day), findings.head(0))
    keys, before = _keys(findings), _keys(previous)
    settled = _keys(gone) if gone is not None else pd.Series(dtype="str")
    seen = pd.Series(previous["first_seen"].fillna(day).to_numpy(), index=before)
    parts = [previous[~is_among(before, keys).to_numpy()]]
    if gone is not None:
        parts.insert(0, gone[~is_among(settled, keys).to_numpy()])
    mended = pd.concat([part for part in parts if len(part)] or parts[-1:], ignore_index=True)
    return Compared(
        findings.assign(
            state=np.select([is_among(keys, before), is_among(keys, settled)], [OPEN, BACK], NEW),
            first_seen=keys.map(seen).fillna(day).to_numpy(),
        ),
        mended.assign(state=MENDED),
    )


def with_mended(findings: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Mark the findings that mending has settled.

    Parameters
    ----------
    findings
        Before mending, with ``state``.
    after
        What is still found in the mended layers.

    Returns
    -------
    DataFrame
        State mended where the same finding is not found again; what was noticed of whole files
        is never settled by mending.
    """
    gone = ~is_among(_keys(findings), _keys(after)) & (findings["row"] != "")
    return findings.assign(state=findings["state"].mask(gone.to_numpy(), MENDED))


def _keys(findings: pd.DataFrame) -> pd.Series:
    """Name each finding so that the next check knows it again."""
    mine = _called(findings, "id", "row")
    others = _called(findings, "other_id", "other_row")
    swap = (others != "") & (others < mine)
    whom = others.where(swap, mine) + "|" + mine.where(swap, others)
    frame = findings[["code", "source", "column"]].fillna("").astype("str").assign(who=whom)
    frame["nth"] = frame.groupby(["code", "source", "who", "column"]).cumcount().astype("str")
    first, *rest = (frame[name].astype("str").reset_index(drop=True) for name in KEY)
    return first.str.cat(rest, sep="\x1f")


def _called(findings: pd.DataFrame, name: str, row: str) -> pd.Series:
    """Call a feature by its id, else by its place; what has neither by nothing."""
    called = findings[name].fillna("").astype("str")
    x, y = ((findings[axis].astype(float) / NEAR).round() for axis in ("x", "y"))
    place = x.astype("Int64").astype("str") + "," + y.astype("Int64").astype("str")
    named = findings[row].fillna("").astype("str") != ""
    return called.where((called != "") | ~named | x.isna(), place)


def excused(findings: pd.DataFrame, exceptions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark the findings that somebody has excused, with reason and name.

    Parameters
    ----------
    findings
        With ``state``.
    exceptions
        The ledger: ``code``, ``source``, ``id``, ``other_id``, ``reason``, ``who``, ``when``;
        an empty ``source`` or ``other_id`` means any.

    Returns
    -------
    findings : DataFrame
        With ``excuse`` (reason and name; empty where none) and state ``excused``.
    unused : DataFrame
        Exceptions that no finding answers to any more.
    """
    marked = findings.assign(excuse="")
    used = []
    for line in exceptions.fillna("").to_dict("records"):
        hit = (marked["code"] == line["code"]) & (marked["id"] == line["id"])
        for name in ("source", "other_id"):
            if line[name]:
                hit &= marked[name] == line[name]
        used.append(bool(hit.any()))
        reason = "; ".join(filter(None, [line["reason"], line["who"], line["when"]]))
        marked.loc[hit, "excuse"] = reason
        marked.loc[hit, "state"] = EXCUSED
    return marked, exceptions[[not hit for hit in used]]
