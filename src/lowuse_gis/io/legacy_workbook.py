"""The workbook in which a town answers on its legacy (遗留用地确认表), out and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.tables import read_table
from lowuse_gis.io.workbook import OutSheet, harmless, write_workbook
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Rulebook

PREFIX = "遗留用地确认表_"  # names a file, whatever the language
SOURCE = "legacy_decisions"  # the entry of fields.toml
ANSWERED = ("decision", "used_since", "used_by", "reason", "who", "date")
READ = ("legacy_code", *ANSWERED, "answers")
TEXT, DAY = "@", "yyyy-mm-dd"
WIDTHS = {"decision": 18, "used_since": 12, "used_by": 18, "reason": 30, "who": 16, "date": 14}


def write_legacy_review(path: Path, lines: pd.DataFrame, rulebook: Rulebook, as_of: date) -> None:
    """Write the workbook of one town.

    Parameters
    ----------
    path
        A new file.
    lines
        Of ``asked_pieces``, of this town.
    rulebook
        Knows headings and the words of an answer.
    as_of
        The date judged for.
    """
    heads = {
        "legacy_code": _heading("legacy_code", rulebook),
        "village_code": _("village"),
        "area": _("area (m²)"),
        "survey_class": _("survey class"),
        "period": _("period of use"),
        "state": _("state"),
        "procedure": _("procedures"),
        "doubt": _("noted"),
        "lacks": _("missing evidence"),
        "evidence": _("evidence"),
        "so_far": _("decision so far"),
    }
    heads |= {name: _heading(name, rulebook) for name in (*ANSWERED, "answers")}
    frame = lines.assign(**dict.fromkeys(ANSWERED, "")).reindex(columns=list(heads))
    choices = {
        heads[name]: [pick(*both) for both in rulebook.domain(domain).values()]
        for name, domain in (("decision", "legacy_decision"), ("used_by", "legacy_user"))
    }
    texts = ("legacy_code", "village_code", "used_since", "answers")
    rules = _("Rules: {title} {version}; as of {date}").format(
        title=pick(rulebook.title, rulebook.title_en), version=rulebook.version, date=as_of
    )
    sheet = OutSheet(
        _("legacy"),
        _("Land of historical legacy for {town} to confirm").format(town=lines["town"].iloc[0]),
        frame.rename(columns=heads),
        rules,
        {heads["area"]: 2},
        dict.fromkeys((heads[name] for name in texts), TEXT) | {heads["date"]: DAY},
        choices,
        {heads[name]: width for name, width in WIDTHS.items()},
    )
    write_workbook(path, [sheet, _guide(heads, rulebook)], as_of)


def _heading(name: str, rulebook: Rulebook) -> str:
    chinese, english = rulebook.fields[SOURCE][name]["names"][:2]
    return pick(chinese, english)


def _guide(heads: Mapping[str, str], rulebook: Rulebook) -> OutSheet:
    """Say how the sheet is filled in."""
    least, most = rulebook.fields[SOURCE]["used_since"]["range"]
    lines = [
        _("{decision}: choose from the list; leave it empty while it is open.").format(
            decision=heads["decision"]
        ),
        _("{year}: four digits; of land that is confirmed, from {least} to {most}.").format(
            year=heads["used_since"], least=least, most=most
        ),
        _("{user}: the kind of user; no names of persons.").format(user=heads["used_by"]),
        _("{reason}: needed where it is not legacy, and where a doubtful piece is "
          "confirmed.").format(reason=heads["reason"]),
        _("{who} and {date}: needed; a date such as 2024-03-31.").format(
            who=heads["who"], date=heads["date"]
        ),
        _("Do not change {answers}: it says which piece is answered.").format(
            answers=heads["answers"]
        ),
    ]  # fmt: skip
    heading = _("how to fill in")
    return OutSheet(heading, heading, pd.DataFrame({_("please note"): lines}))


def read_legacy_answers(path: Path, rulebook: Rulebook) -> pd.DataFrame:
    """Read a workbook that came back from a town.

    Parameters
    ----------
    path
        A workbook or CSV; columns in any order.
    rulebook
        Knows the headings.

    Returns
    -------
    DataFrame
        Legacy code, what the town wrote and the fingerprint, as text; ``file`` and ``place``.

    Raises
    ------
    InputError
        Where the file cannot be opened or has no column of decisions.
    """
    table = read_table(path, SOURCE, rulebook).frame
    frame = table.reindex(columns=list(READ)).astype("str")
    for name in ("reason", "who"):
        tidy = frame[name].str.replace(r"\s+", " ", regex=True)
        frame[name] = tidy.map(harmless, na_action="ignore").astype("str")
    for name in ("legacy_code", "answers"):
        frame[name] = frame[name].str.lstrip("'")
    frame["answers"] = frame["answers"].str.lower()
    return frame.assign(file=harmless(path.name), place=table["place"])
