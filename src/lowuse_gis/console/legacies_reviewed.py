"""What was asked of the towns about legacy and what they answered, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.reviewed import STATES, by_file
from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.language import _
from lowuse_gis.stages.legacy.asked import ACCEPTED, LISTED

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.commands.review import Taken, Written


def show_written(written: Written) -> None:
    """Show which workbooks were written.

    Parameters
    ----------
    written
        Of the command.
    """
    made = table(
        _("Workbooks in {folder}").format(folder=written.folder),
        [(_("file"), "left"), (_("town"), "left"), (_("pieces"), "right")],
    )
    for line in written.files.to_dict("records"):
        made.add_row(line["file"], line["town"], f"{line['parcels']:,}")
    to_screen().print(made)


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
        "unknown_piece": _("no such piece of legacy"),
        "no_decision": _("something is filled in, but no decision"),
        "unknown_decision": _("this word is no decision"),
        "no_fingerprint": _("the fingerprint of the piece is missing"),
        "stale": _("the piece has changed since the workbook was written"),
        "doubled": _("this piece has several answers that differ"),
        "contradicts": _("the ledger has another answer of the same day"),
        "bad_year": _("the year is not readable, or contradicts the decision"),
        "unknown_user": _("this word is no kind of user"),
        "no_who": _("who decided is missing"),
        "no_date": _("the date is missing"),
        "bad_date": _("the date is not readable"),
        "no_reason": _("the reason is missing"),
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
        File, place, legacy code, decision, and the codes of what is wrong.
    """
    lines = taken.lines[taken.lines["state"] == LISTED]
    chosen = lines[["file", "place", "legacy_code", "decision", "who", "date", "faults"]]
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
    for line in by_file(taken).to_dict("records"):
        made.add_row(line["file"], *(f"{line[state]:,}" for state in STATES))
    screen.print(made)
    for file, reason in taken.unread:
        screen.print(_("not read: {file}: {reason}").format(file=file, reason=reason))
    wrong = listed(taken)
    if len(wrong):
        faults = table(
            _("Not taken: to be corrected and handed in again"),
            [(_("file"), "left"), (_("place"), "left"), (_("legacy code"), "left"),
             (_("decision"), "left"), (_("why not"), "left")],
        )  # fmt: skip
        said = wrong["decision"].map(taken.words).fillna(wrong["decision"])
        for line in wrong.assign(decision=said).fillna("").to_dict("records"):
            cells = (str(line[n]) for n in ("file", "place", "legacy_code", "decision"))
            faults.add_row(*cells, fault_texts(line["faults"]))
        screen.print(faults)
    if (taken.lines["state"] == ACCEPTED).any():
        to_user().print(_("written: {path}").format(path=taken.ledger), soft_wrap=True)


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
