"""What was asked of the towns and what they answered, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _
from lowuse_gis.stages.answers import ACCEPTED, KNOWN, LISTED, OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.table import Table

    from lowuse_gis.commands.review import Taken, Written

STATES = (ACCEPTED, KNOWN, LISTED, OPEN)
COUNTED = ("low_use", "undetermined", "decided", "stale", "open", "others_decided")


def show_written(written: Written) -> None:
    """Show which workbooks were written.

    Parameters
    ----------
    written
        Of the command.
    """
    made = table(
        _("Workbooks in {folder}").format(folder=written.folder),
        [(_("file"), "left"), (_("town or park"), "left"), (_("parcels"), "right")],
    )
    for line in written.files.to_dict("records"):
        made.add_row(line["file"], line["town"], f"{line['parcels']:,}")
    to_screen().print(made)


def by_file(taken: Taken) -> pd.DataFrame:
    """Count the lines of each workbook by what became of them.

    Parameters
    ----------
    taken
        Of the command.

    Returns
    -------
    DataFrame
        ``file``, ``accepted``, ``known``, ``listed``, ``open``.
    """
    lines = taken.lines
    marks = pd.DataFrame({state: lines["state"] == state for state in STATES})
    return marks.groupby(lines["file"]).sum().rename_axis("file").reset_index()


def fault_texts(codes: str) -> str:
    """Write why an answer was not taken.

    Parameters
    ----------
    codes
        Codes of the faults, joined by semicolons.

    Returns
    -------
    str
    """
    texts = {
        "unknown_parcel": _("no such parcel in the result, or several of that code"),
        "no_decision": _("a reason or file is given, but no decision"),
        "unknown_decision": _("this word is no decision"),
        "no_fingerprint": _("the fingerprint of the verdict is missing"),
        "stale": _("the verdict has changed since the workbook was written"),
        "doubled": _("this parcel has several answers that differ"),
        "no_who": _("who decided is missing"),
        "no_date": _("the date is missing"),
        "bad_date": _("the date is not readable"),
        "no_reason": _("differs from the proposal without a reason"),
    }
    return "；".join(texts[code] for code in codes.split(";") if code)


def listed(taken: Taken) -> pd.DataFrame:
    """Return the answers that were not taken.

    Parameters
    ----------
    taken
        Of the command.

    Returns
    -------
    DataFrame
        File, place, parcel code, the word of the decision, and the codes of what is wrong.
    """
    lines = taken.lines[taken.lines["state"] == LISTED]
    chosen = lines[["file", "place", "parcel_code", "decision", "who", "date", "faults"]]
    return chosen.reset_index(drop=True)


def show_taken(taken: Taken) -> None:
    """Show what became of the answers.

    Parameters
    ----------
    taken
        Of the command.
    """
    screen = to_screen()
    heads = [_("accepted"), _("in the ledger already"), _("listed"), _("open")]
    made = table(
        _("Answers of the towns"), [(_("file"), "left"), *((head, "right") for head in heads)]
    )
    counts = by_file(taken)
    for line in counts.to_dict("records"):
        made.add_row(line["file"], *(f"{line[state]:,}" for state in STATES))
    total = counts[list(STATES)].sum()
    made.add_row(_("total"), *(f"{total[state]:,}" for state in STATES), style="bold")
    screen.print(made)
    for file, reason in taken.unread:
        screen.print(_("not read: {file}: {reason}").format(file=file, reason=reason))
    wrong = listed(taken)
    if len(wrong):
        screen.print(_faults_table(wrong, taken.words))
    if total[ACCEPTED]:
        to_user().print(_("written: {path}").format(path=taken.ledger), soft_wrap=True)


def _faults_table(wrong: pd.DataFrame, words: Mapping[str, str]) -> Table:
    made = table(
        _("Not taken: to be corrected and handed in again"),
        [(_("file"), "left"), (_("place"), "left"), (_("parcel"), "left"),
         (_("decision"), "left"), (_("why not"), "left")],
    )  # fmt: skip
    said = wrong["decision"].map(words).fillna(wrong["decision"])
    for line in wrong.assign(decision=said).fillna("").to_dict("records"):
        cells = (line[name] for name in ("file", "place", "parcel_code", "decision"))
        made.add_row(*cells, fault_texts(line["faults"]))
    return made


def taken_json(taken: Taken) -> dict[str, object]:
    """Return what became of the answers as plain data.

    Parameters
    ----------
    taken
        Of the command.

    Returns
    -------
    dict
    """
    wrong = listed(taken)
    return {
        "ledger": str(taken.ledger),
        "files": by_file(taken),
        "listed": wrong.assign(why=wrong["faults"].map(fault_texts)),
        "unread": [{"file": file, "reason": reason} for file, reason in taken.unread],
    }


def show_status(frame: pd.DataFrame, path: Path) -> None:
    """Show how far the towns are.

    Parameters
    ----------
    frame
        Of ``review_status``.
    path
        The result it was counted in.
    """
    heads = [_("low-use"), _("undetermined"), _("decided"), _("stale"), _("open"),
             _("other parcels decided")]  # fmt: skip
    made = table(
        _("Decisions in {result}").format(result=path.name),
        [(_("town or park"), "left"), *((head, "right") for head in heads)],
    )
    for line in frame.to_dict("records"):
        made.add_row(line["town"], *(f"{line[name]:,}" for name in COUNTED))
    total = frame[list(COUNTED)].sum()
    made.add_row(_("total"), *(f"{total[name]:,}" for name in COUNTED), style="bold")
    to_screen().print(made)
