"""Let the answers of the towns on pieces of legacy stand, and say which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.legacy_marks import piece_marks
from lowuse_gis.core.values import as_days
from lowuse_gis.stages.legacy.judge import DOUBTFUL, LEGACY, NOT

if TYPE_CHECKING:
    import geopandas as gpd

    from lowuse_gis.model import Rulebook, Run

SOURCE = "legacy_decisions"
CONFIRM, REFUSED = "confirm", "not_legacy"
REJECTED = "rejected"  # state of a piece that the town calls not legacy
CURRENT, STALE, SUPERSEDED = "current", "stale", "superseded"
CONTRADICTING, UNKNOWN, INVALID = "contradicting", "unknown_piece", "invalid"
SAID = ("decision", "used_since", "used_by", "reason", "who")
YEAR = r"^\s*(\d{4})(?:\.0)?\s*年?\s*$"


def answered_pieces(
    judged: gpd.GeoDataFrame, ledger: pd.DataFrame | None, run: Run
) -> tuple[gpd.GeoDataFrame, pd.DataFrame | None]:
    """Give each piece the town's answer where it still speaks of that piece.

    Parameters
    ----------
    judged
        Of `judged_pieces`.
    ledger
        Lines of ``legacy_decisions.csv``; None where there are none.
    run
        The rules, which know the words of an answer.

    Returns
    -------
    pieces : GeoDataFrame
        With ``fingerprint``, and where an answer is in force ``decision``, ``used_since``,
        ``used_by``, ``confirmed_by``, ``confirmed_on``, ``remark``. What the town calls not
        legacy is ``rejected``, with its reason; a doubtful piece it confirmed is ``legacy``. An
        open or small piece stays so: a town cannot say what an approval says.
    lines : DataFrame, or None
        The ledger with ``state``, and ``code_now`` of the piece.
    """
    pieces = judged.assign(fingerprint=piece_marks(judged))
    if ledger is None:
        return pieces, None
    lines = stated_answers(ledger, pieces[pieces["state"] != NOT], run.rulebook)
    now = lines[lines["state"] == CURRENT].set_index("answers")
    mark = pieces["fingerprint"].where(pieces["state"] != NOT)
    said = {name: mark.map(now[name]).astype("str") for name in (*SAID, "date")}
    rejected = said["decision"] == REFUSED
    settled = (said["decision"] == CONFIRM) & (pieces["state"] == DOUBTFUL)
    state = pieces["state"].mask(rejected, REJECTED).mask(settled, LEGACY)
    return pieces.assign(
        state=state,
        reason=pieces["reason"].mask(rejected, said["reason"]),
        decision=said["decision"],
        used_since=said["used_since"],
        used_by=said["used_by"],
        confirmed_by=said["who"],
        confirmed_on=said["date"].str.replace("-", ""),
        remark=said["reason"].mask(rejected),
    ), lines


def stated_answers(ledger: pd.DataFrame, pieces: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Say of each line of the ledger whether it is in force.

    Parameters
    ----------
    ledger
        Its columns and ``line``.
    pieces
        With ``legacy_code`` and ``fingerprint``.
    rulebook
        The words of an answer, and the years that may be confirmed.

    Returns
    -------
    DataFrame
        With year and date in one form, ``code_now``, and ``state``. Of several lines on a piece
        the latest by date is in force; where lines of that date differ, none is.
    """
    once = pieces.drop_duplicates("fingerprint")  # those on each other are answered as one
    codes = once.set_index("fingerprint")["legacy_code"]
    day, year = as_days(ledger["date"]), years(ledger["used_since"])
    lines = ledger.assign(
        used_since=year.where(year.notna(), ledger["used_since"]).astype("str"),
        date=day.dt.strftime("%Y-%m-%d").where(day.notna(), ledger["date"]).astype("str"),
        code_now=ledger["answers"].map(codes).astype("str"),
    )
    invalid = (
        day.isna()
        | bad_years(lines, rulebook)
        | ~lines["decision"].isin(list(rulebook.domain("legacy_decision")))
        | lines["who"].isna()
    )
    here = lines["code_now"].notna()
    counted = lines[here & ~invalid].assign(day=day)
    last = counted.groupby("answers")["day"].transform("max")
    newest = counted[counted["day"] == last]
    kinds = identity(newest).groupby(newest["answers"]).nunique()
    torn = lines.index.isin(newest.index) & (lines["answers"].map(kinds) > 1)
    first = newest.drop_duplicates("answers").index
    state = np.select(
        [~here & ~lines["legacy_code"].isin(pieces["legacy_code"]), invalid, ~here, torn,
         lines.index.isin(first)],
        [UNKNOWN, INVALID, STALE, CONTRADICTING, CURRENT],
        SUPERSEDED,
    )  # fmt: skip
    return lines.assign(state=pd.Series(state, lines.index, dtype="str"))


def asked_again(pieces: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Mark pieces whose town answered, but no answer stands: the piece changed, or they differ.

    Parameters
    ----------
    pieces
        With ``legacy_code`` and ``decision``.
    lines
        The ledger with ``state``, of `answered_pieces`.

    Returns
    -------
    Series of bool
    """
    fallen = lines.loc[lines["state"].isin([STALE, CONTRADICTING]), "legacy_code"]
    return pieces["decision"].isna() & pieces["legacy_code"].isin(fallen)


def years(values: pd.Series) -> pd.Series:
    """Read years.

    Parameters
    ----------
    values
        Such as ``1998`` or ``1998年``.

    Returns
    -------
    Series of str
        Four digits; missing where it is none.

    Examples
    --------
    >>> years(pd.Series(["1998年", "about 1990", None])).tolist()
    ['1998', nan, nan]
    """
    return values.astype("str").str.extract(YEAR)[0].astype("str")


def bad_years(lines: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Mark years that are none, or that contradict what is confirmed.

    Parameters
    ----------
    lines
        With ``used_since`` and ``decision``.
    rulebook
        ``range`` of the year in ``fields.toml``, which holds for what is confirmed.

    Returns
    -------
    Series of bool
    """
    year = pd.to_numeric(years(lines["used_since"]))
    least, most = rulebook.fields[SOURCE]["used_since"]["range"]
    outside = (lines["decision"] == CONFIRM) & year.notna() & ~year.between(least, most)
    return (lines["used_since"].notna() & year.isna()) | outside


def against_period(lines: pd.DataFrame, period: pd.Series, rulebook: Rulebook) -> pd.Series:
    """Mark years that lie outside of the period of use which layers of former years give.

    Parameters
    ----------
    lines
        With ``used_since`` and ``decision``.
    period
        Per line the period of its piece; missing where no layers tell it.
    rulebook
        ``first_year`` and ``last_year`` of periods in ``legacy.toml``.

    Returns
    -------
    Series of bool
    """
    year = pd.to_numeric(years(lines["used_since"]))
    known = {entry["code"]: entry for entry in rulebook.legacy["period"]}
    first, last = (
        period.map({code: entry.get(key) for code, entry in known.items()}).astype(float)
        for key in ("first_year", "last_year")
    )
    return (lines["decision"] == CONFIRM) & ((year < first) | (year > last))


def identity(lines: pd.DataFrame) -> pd.Series:
    """Write what makes two answers the same answer as one text.

    Parameters
    ----------
    lines
        Answers, their dates and years in one form.

    Returns
    -------
    Series of str
    """
    text = lines["answers"].fillna("")
    for name in (*SAID, "date"):
        text = text + "\x1f" + lines[name].fillna("")
    return text
