"""Lay out pieces of legacy for the towns, and weigh what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.answers import with_states
from lowuse_gis.core.review import NOWHERE
from lowuse_gis.core.values import as_days
from lowuse_gis.language import pick
from lowuse_gis.stages.legacy.answered import (
    CONFIRM,
    REFUSED,
    against_period,
    asked_again,
    bad_years,
    identity,
    years,
)
from lowuse_gis.stages.legacy.judge import DOUBTFUL, SMALL

if TYPE_CHECKING:
    from lowuse_gis.model import Rulebook

LABELS = {
    "state": "legacy_state", "survey_class": "land_class", "period": "use_period",
    "procedure": "procedure_kind", "decision": "legacy_decision",
}  # fmt: skip


def towns_of(pieces: pd.DataFrame) -> pd.Series:
    """Say which town each piece is answered by.

    Parameters
    ----------
    pieces
        With ``town_name`` and ``town_code``.

    Returns
    -------
    Series of str
        The name, else the code, else ``未知乡镇``.
    """
    name = pieces["town_name"].astype("str").str.strip().replace("", np.nan)
    return name.fillna(pieces["town_code"].astype("str")).fillna(NOWHERE)


def asked_pieces(pieces: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Write every piece that a town can answer as a line.

    Parameters
    ----------
    pieces
        What ``legacy find`` wrote; pieces that are too small are asked of nobody.
    rulebook
        Labels of codes.

    Returns
    -------
    DataFrame
        ``town``, what is known of the piece in words, ``so_far``, and the fingerprint it
        ``answers``; in the order of the codes.
    """
    asked = pieces[pieces["state"] != SMALL].sort_values("legacy_code")
    words = {
        column: asked[column]
        .astype("str")
        .map({code: pick(*both) for code, both in rulebook.domain(domain).items()})
        .fillna(asked[column].astype("str"))
        for column, domain in LABELS.items()
    }
    lacks = asked["missing"].astype("str").fillna("").replace("", np.nan)
    lines = asked.assign(**words, town=towns_of(asked), answers=asked["fingerprint"], lacks=lacks)
    lines = lines.rename(columns={"decision": "so_far", "reason": "doubt"})
    return lines.drop(columns=["geometry", "used_since", "used_by"], errors="ignore").reset_index(
        drop=True
    )


def asked_status(pieces: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Count by town what is answered and what is open.

    Parameters
    ----------
    pieces
        What ``legacy find`` wrote.
    lines
        The towns' answers and whether they stood then.

    Returns
    -------
    DataFrame
        ``town``; of the ``pieces`` that towns are asked about, how many are ``confirmed``,
        ``refused`` (not legacy), ``stale`` (an answer no longer stands) and ``open``: they add up.
    """
    asked = pieces[pieces["state"] != SMALL]
    said, again = asked["decision"], asked_again(asked, lines)
    table = pd.DataFrame(
        {
            "town": towns_of(asked),
            "pieces": 1,
            "confirmed": said == CONFIRM,
            "refused": said == REFUSED,
            "stale": again,
            "open": said.isna() & ~again,
        }
    )
    return table.groupby("town", as_index=False).sum()


def weighed_pieces(
    answers: pd.DataFrame, ledger: pd.DataFrame, pieces: pd.DataFrame, rulebook: Rulebook
) -> pd.DataFrame:
    """Say of every line that a town filled in whether it is taken.

    Parameters
    ----------
    answers
        Lines of the workbooks, with ``file`` and ``place``.
    ledger
        Lines the ledger has already.
    pieces
        What the towns were asked about.
    rulebook
        The words of an answer.

    Returns
    -------
    DataFrame
        With ``town``, year and date in one form, and ``state``: accepted, known, listed (with
        ``faults``), open, or empty.
    """
    lines, before = _tidy(answers), _tidy(ledger)
    own = pieces.set_index("legacy_code")
    here = lines["legacy_code"].isin(own.index)
    same = identity(lines)
    known = same.isin(identity(before)) if len(before) else here & False
    faults = _faults(lines, before, own, rulebook, known)
    said = lines["decision"].notna() | faults["no_decision"]
    town = lines["legacy_code"].map(towns_of(own))
    return with_states(
        lines.assign(town=town), faults, here=here, said=said, known=known, same=same
    )


def _tidy(lines: pd.DataFrame) -> pd.DataFrame:
    year, day = years(lines["used_since"]), as_days(lines["date"])
    return lines.assign(
        given=lines["date"],
        used_since=year.where(year.notna(), lines["used_since"]).astype("str"),
        date=day.dt.strftime("%Y-%m-%d").astype("str"),
    )


def _faults(
    lines: pd.DataFrame,
    before: pd.DataFrame,
    own: pd.DataFrame,
    rulebook: Rulebook,
    known: pd.Series,
) -> dict[str, pd.Series]:
    """Mark what is wrong, in the order in which a town is told."""
    answered, here = lines["decision"].notna(), lines["legacy_code"].isin(own.index)
    mark = lines["legacy_code"].map(own["fingerprint"])
    other = here & lines["answers"].notna() & (lines["answers"] != mark)
    doubtful = lines["legacy_code"].map(own["state"]) == DOUBTFUL
    period = lines["legacy_code"].map(own["period"])
    needs = (lines["decision"] == REFUSED) | doubtful
    filled = lines[["used_since", "used_by", "reason"]].notna().any(axis=1)
    user = lines["used_by"].notna() & ~lines["used_by"].isin(list(rulebook.domain("legacy_user")))
    counted = answered & here & ~other & ~known
    kinds = identity(lines)[counted].groupby(lines["answers"][counted]).nunique()
    on_day = before["answers"].fillna("") + "@" + before["date"].fillna("")
    same_day = (lines["answers"].fillna("") + "@" + lines["date"].fillna("")).isin(on_day)
    words = list(rulebook.domain("legacy_decision"))
    return {
        "unknown_piece": ~here,
        "no_decision": ~answered & filled,
        "unknown_decision": answered & ~lines["decision"].isin(words),
        "no_fingerprint": here & lines["answers"].isna(),
        "stale": other,
        "doubled": counted & (lines["answers"].map(kinds) > 1),
        "contradicts": counted & lines["date"].notna() & same_day,
        "bad_year": bad_years(lines, rulebook),
        "against_period": lines["reason"].isna() & against_period(lines, period, rulebook),
        "unknown_user": user,
        "no_who": answered & lines["who"].isna(),
        "no_date": answered & lines["given"].isna(),
        "bad_date": lines["given"].notna() & lines["date"].isna(),
        "no_reason": answered & needs & lines["reason"].isna(),
    }
