"""Which parcel or firm a row of a bureau's table means, how that is known, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.firm_names import most_similar

if TYPE_CHECKING:
    from collections.abc import Sequence

SURE, CONFIRMED, DOUBTFUL, AMBIGUOUS, UNMATCHED = (
    "sure", "confirmed", "doubtful", "ambiguous", "unmatched",
)  # fmt: skip
USED = (SURE, CONFIRMED)


@dataclass(frozen=True)
class Found:
    """What one method says of rows.

    Attributes
    ----------
    target
        The code meant, by the rows' index; missing where the method says nothing.
    method
        Its name.
    score
        0 to 1.
    several
        Whether it names one of several.
    """

    target: pd.Series
    method: str
    score: pd.Series
    several: pd.Series


def by_key(keys: pd.Series, known: pd.Series, codes: pd.Series, method: str, score: float) -> Found:
    """Match by a key that is written alike.

    Parameters
    ----------
    keys
        Of the rows; may be missing.
    known, codes
        Keys and codes of what is known; a key may occur several times.
    method, score
        What the match is called, and how good it is.

    Returns
    -------
    Found
        The score is the similarity.
    """
    pairs = pd.DataFrame({"key": known, "code": codes}).dropna().drop_duplicates()
    first = pairs.drop_duplicates("key").set_index("key")["code"]
    count = pairs.groupby("key").size()
    several = keys.map(count).fillna(0) > 1
    target = keys.map(first)
    scores = pd.Series(score, index=keys.index).where(target.notna(), 0.0)
    return Found(target, method, scores, several)


def by_likeness(keys: pd.Series, known: pd.Series, codes: pd.Series, least: float) -> Found:
    """Match by names that are nearly alike.

    Parameters
    ----------
    keys
        Of the rows; may be missing.
    known, codes
        Names and codes of what is known.
    least
        Similarity that is needed, 0 to 1.

    Returns
    -------
    Found
    """
    pairs = pd.DataFrame({"key": known, "code": codes}).dropna().drop_duplicates()
    names = pairs["key"].drop_duplicates().tolist()
    wanted = keys.dropna().drop_duplicates()
    at, score, several = most_similar(wanted.tolist(), names, least)
    alike = pd.Series([names[k] if k >= 0 else None for k in at], index=wanted, dtype="str")
    exact = by_key(keys.map(alike), pairs["key"], pairs["code"], "similar_name", 1.0)
    scores = keys.map(pd.Series(score, index=wanted)).fillna(0.0).where(exact.target.notna(), 0.0)
    doubled = keys.isin(wanted[several])
    return Found(exact.target, exact.method, scores, exact.several | doubled)


def settled(found: Sequence[Found], index: pd.Index, sure: float) -> pd.DataFrame:
    """Take for each row what the first method that says anything says.

    Parameters
    ----------
    found
        In the order of trust.
    index
        The rows.
    sure
        The score from which a match of one code alone needs nobody to confirm it.

    Returns
    -------
    DataFrame
        ``target``, ``method``, ``score`` and ``state``.
    """
    lines = pd.DataFrame(
        {"target": pd.Series(np.nan, index, dtype="str"), "method": "", "score": 0.0}, index=index
    )
    lines["state"] = UNMATCHED
    for one in found:
        new = lines["target"].isna() & one.target.notna()
        lines.loc[new, "target"] = one.target[new]
        lines.loc[new, "method"] = one.method
        lines.loc[new, "score"] = one.score[new].round(3)
        state = np.select([one.several, one.score >= sure], [AMBIGUOUS, SURE], DOUBTFUL)
        lines.loc[new, "state"] = pd.Series(state, index)[new]
    return lines
