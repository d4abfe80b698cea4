"""The workbook in which a town decides (认定表): written for it, and read back as it returns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.tables import read_table
from lowuse_gis.io.workbook import OutSheet, harmless, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Rulebook

PREFIX = "认定表_"  # names a file, whatever the language
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST = 60
SOURCE = "decisions"  # the entry of fields.toml
KNOWN_BY = ("row", "parcel_code", "location", "owner", "village_code", "land_type")
ANSWERED = ("decision", "reason", "evidence", "who", "date")
READ = ("parcel_code", "row", *ANSWERED, "answers")
TEXT, DAY = "@", "yyyy-mm-dd"
WIDTHS = {"decision": 12, "reason": 30, "evidence": 24, "who": 12, "date": 14}


def file_name(reviewer: str, prefix: str = PREFIX) -> str:
    """Name the workbook of a town or park.

    Parameters
    ----------
    reviewer
        Its name; characters that a file name may not have are replaced.
    prefix
        What stands before it.

    Returns
    -------
    str

    Examples
    --------
    >>> file_name("王口镇/东区")
    '认定表_王口镇_东区.xlsx'
    """
    return prefix + UNSAFE.sub("_", reviewer).strip(" .")[:LONGEST] + ".xlsx"


def write_review(path: Path, lines: pd.DataFrame, rulebook: Rulebook, as_of: date) -> None:
    """Write the workbook of one town or park.

    Parameters
    ----------
    path
        A new file.
    lines
        Of ``review_table``, of this town.
    rulebook
        Knows headings and the words of a decision.
    as_of
        The date judged for.
    """
    heads = {name: _own_heading(name, rulebook) for name in KNOWN_BY}
    heads |= {
        "area": _("area (m²)"),
        "mu": _("area (mu)"),
        "proposal": _("verdict proposed"),
        "why": _("why it is proposed"),
        "missing": _("what is missing"),
        "ask": _("who is asked"),
        "flags": _("noted"),
        "so_far": _("decision so far"),
    }
    heads |= {name: _heading(name, rulebook) for name in (*ANSWERED, "answers")}
    frame = lines.assign(**dict.fromkeys(ANSWERED, "")).reindex(columns=list(heads))
    words = [pick(*labels) for labels in rulebook.domain("decision").values()]
    formats = dict.fromkeys((heads[name] for name in ("row", "parcel_code", "answers")), TEXT)
    sheet = OutSheet(
        _("decisions"),
        _("Parcels for {town} to decide").format(town=lines["reviewer"].iloc[0]),
        frame.rename(columns=heads),
        _rules_line(rulebook, as_of),
        {heads["area"]: 2, heads["mu"]: 4},
        formats | {heads["date"]: DAY},
        {heads["decision"]: words},
        {heads[name]: width for name, width in WIDTHS.items()},
    )
    write_workbook(path, [sheet, _guide(heads, words, rulebook, as_of)], as_of)


def _own_heading(name: str, rulebook: Rulebook) -> str:
    known = rulebook.columns.loc[name]
    return pick(known["label"], known["label_en"])


def _heading(name: str, rulebook: Rulebook) -> str:
    chinese, english = rulebook.fields[SOURCE][name]["names"][:2]
    return pick(chinese, english)


def _rules_line(rulebook: Rulebook, as_of: date) -> str:
    return _("Rules: {title} {version}; as of {date}").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=as_of
    )


def _guide(heads: dict[str, str], words: list[str], rulebook: Rulebook, as_of: date) -> OutSheet:
    """Say how the sheet is filled in."""
    lines = [
        _("The program proposes, the town decides. One line is one parcel."),
        _("{decision}: choose one of {words}; leave it empty while it is open.").format(
            decision=heads["decision"], words="、".join(words)
        ),
        _("{reason}: needed where the decision differs from the proposal.").format(
            reason=heads["reason"]
        ),
        _("{evidence}: name of the photograph, minutes or document, if there is one.").format(
            evidence=heads["evidence"]
        ),
        _("{who} and {date}: needed; a date such as 2024-03-31.").format(
            who=heads["who"], date=heads["date"]
        ),
        _("Do not change {answers}: it says which verdict is answered. After a new run of the "
          "program, answers to a verdict that changed are asked again.").format(
            answers=heads["answers"]
        ),
        _("Columns may be moved or hidden, lines sorted or filtered, sheets added."),
        _rules_line(rulebook, as_of),
    ]  # fmt: skip
    heading = _("how to fill in")
    return OutSheet(heading, heading, pd.DataFrame({_("please note"): lines}))


def read_answers(path: Path, rulebook: Rulebook) -> pd.DataFrame:
    """Read a workbook that came back from a town.

    Parameters
    ----------
    path
        A workbook or CSV; columns in any order, sheets and titles added.
    rulebook
        Knows the headings.

    Returns
    -------
    DataFrame
        Parcel code, row, what the town wrote and the fingerprint, as text with decisions as codes;
        ``file`` and ``place`` (sheet and row).

    Raises
    ------
    InputError
        Where the file cannot be opened or has no column of decisions.
    """
    table = read_table(path, SOURCE, rulebook).frame
    frame = table.reindex(columns=list(READ)).astype("str")
    for name in ("reason", "evidence", "who"):
        tidy = frame[name].str.replace(r"\s+", " ", regex=True)
        frame[name] = tidy.map(harmless, na_action="ignore").astype("str")
    for name in ("parcel_code", "row", "answers"):
        frame[name] = frame[name].str.lstrip("'")
    frame["answers"] = frame["answers"].str.lower()
    return frame.assign(file=harmless(path.name), place=table["place"])
