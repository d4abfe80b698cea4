"""Weigh the answers of the towns: which go into the ledger, and what is wrong with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.answers import with_states
from lowuse_gis.core.review import fingerprints, matched_rows, reviewers
from lowuse_gis.core.values import as_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowuse_gis.io.result import Result
    from lowuse_gis.model import Rulebook

ANSWER = ("row", "decision", "reason", "evidence", "who", "date", "answers")


def weighed(
    answers: pd.DataFrame, ledger: pd.DataFrame, result: Result, rulebook: Rulebook
) -> pd.DataFrame:
    """Say of every line that a town filled in whether it is taken.

    Parameters
    ----------
    answers
        Lines of the review workbooks, with ``file`` and ``place``.
    ledger
        Lines the ledger has already.
    result, rulebook
        What the towns were asked about, and the words of a decision.

    Returns
    -------
    DataFrame
        In the order given, with the parcel's ``row`` and ``town``, the date as ISO text, ``state``
        and ``faults`` as `with_states` says.
    """
    parcels = result.parcels
    lines = _settled(answers, parcels)
    facts = pd.DataFrame(
        {
            "parcel": lines["found"].notna(),
            "mark": lines["found"].map(fingerprints(parcels)),
            "verdict": lines["found"].map(parcels["verdict_rule"]),
            "word": lines["decision"].isin(list(rulebook.domain("decision"))),
        }
    )
    before = _identity(_settled(ledger, parcels)) if len(ledger) else pd.Series(dtype="str")
    identity = _identity(lines)
    facts["known"] = identity.isin(before)
    faults = _faults(lines, facts)
    said = lines["decision"].notna() | faults["no_decision"]
    told = lines.assign(
        row=lines["found"].where(facts["parcel"], lines["row"]),
        parcel_code=lines["found"].map(parcels["parcel_code"]).fillna(lines["parcel_code"]),
        town=lines["found"].map(reviewers(parcels, result.codes("zone"))),
    ).drop(columns="found")
    return with_states(
        told, faults, here=facts["parcel"], said=said, known=facts["known"], same=identity
    )


def _settled(lines: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Find the parcel of each line, and write its date in one way."""
    day = as_days(lines["date"])
    return lines.assign(
        found=matched_rows(lines["parcel_code"], lines["row"], parcels),
        given=lines["date"],
        date=day.dt.strftime("%Y-%m-%d").astype("str"),
    )


def _faults(lines: pd.DataFrame, facts: pd.DataFrame) -> Mapping[str, pd.Series]:
    """Mark what is wrong, in the order in which a town is told."""
    answered = lines["decision"].notna()
    other = facts["parcel"] & lines["answers"].notna() & (lines["answers"] != facts["mark"])
    differs = facts["word"] & facts["parcel"] & ~other & (lines["decision"] != facts["verdict"])
    return {
        "unknown_parcel": ~facts["parcel"],
        "no_decision": ~answered & (lines["reason"].notna() | lines["evidence"].notna()),
        "unknown_decision": answered & ~facts["word"],
        "no_fingerprint": facts["parcel"] & lines["answers"].isna(),
        "stale": other,
        "doubled": _doubled(lines, answered & facts["parcel"] & ~other & ~facts["known"]),
        "no_who": answered & lines["who"].isna(),
        "no_date": answered & lines["given"].isna(),
        "bad_date": lines["given"].notna() & lines["date"].isna(),
        "no_reason": answered & differs & lines["reason"].isna(),
    }


def _doubled(lines: pd.DataFrame, counted: pd.Series) -> pd.Series:
    """Mark parcels with several answers that are not the same."""
    kinds = _identity(lines)[counted].groupby(lines["found"][counted]).nunique()
    return counted & (lines["found"].map(kinds) > 1)


def _identity(lines: pd.DataFrame) -> pd.Series:
    """Write what makes two answers the same answer as one text."""
    text = lines["found"].fillna("")
    for name in ANSWER[1:]:
        text = text + "\x1f" + lines[name].fillna("")
    return text
