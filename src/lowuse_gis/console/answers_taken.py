"""Workbooks that went to the towns and what came back in them, on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.core.answers import ACCEPTED, KNOWN, LISTED, OPEN
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.table import Table

    from lowuse_gis.commands.answers import Taken, Written

STATES = (ACCEPTED, KNOWN, LISTED, OPEN)


@dataclass(frozen=True)
class Wording:
    """How what is asked is called.

    Attributes
    ----------
    key, heading
        The column that says what is answered, and what it is called.
    faults
        Gives the text of each fault by its code.
    """

    key: str
    heading: str
    faults: Callable[[], dict[str, str]]

    def why(self, codes: str) -> str:
        """Write why an answer was not taken.

        Parameters
        ----------
        codes
            Codes of the faults, joined by semicolons.

        Returns
        -------
        str
        """
        texts = self.faults()
        return "；".join(texts[code] for code in codes.split(";") if code)


def show_written(written: Written, town: str, lines: str) -> None:
    """Show which workbooks were written.

    Parameters
    ----------
    written
        Of the command.
    town, lines
        What those who are asked, and what they are asked about, are called.
    """
    made = table(
        _("Workbooks in {folder}").format(folder=written.folder),
        [(_("file"), "left"), (town, "left"), (lines, "right")],
    )
    for line in written.files.to_dict("records"):
        made.add_row(line["file"], line["town"], f"{line['lines']:,}")
    to_screen().print(made)


def show_status(title: str, town: str, frame: pd.DataFrame, heads: Mapping[str, str]) -> None:
    """Show how far the towns are.

    Parameters
    ----------
    title, town
        Of the table, and of the column of those who are asked.
    frame
        One line per town, with counts.
    heads
        Per column of counts what it is called.
    """
    made = table(title, [(town, "left"), *((head, "right") for head in heads.values())])
    for line in frame.to_dict("records"):
        made.add_row(line["town"], *(f"{line[name]:,}" for name in heads))
    total = frame[list(heads)].sum()
    made.add_row(_("total"), *(f"{total[name]:,}" for name in heads), style="bold")
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


def listed(taken: Taken, key: str) -> pd.DataFrame:
    """Return the answers that were not taken.

    Parameters
    ----------
    taken
        Of the command.
    key
        The column that says what is answered.

    Returns
    -------
    DataFrame
        File, place, code, the word of the decision, and the codes of what is wrong.
    """
    lines = taken.lines[taken.lines["state"] == LISTED]
    return lines[["file", "place", key, "decision", "who", "date", "faults"]].reset_index(drop=True)


def show_taken(taken: Taken, wording: Wording) -> None:
    """Show what became of the answers.

    Parameters
    ----------
    taken
        Of the command.
    wording
        Of what was asked.
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
    if total[LISTED]:
        screen.print(_faults_table(taken, wording))
    if total[ACCEPTED]:
        to_user().print(_("written: {path}").format(path=taken.ledger), soft_wrap=True)


def _faults_table(taken: Taken, wording: Wording) -> Table:
    made = table(
        _("Not taken: to be corrected and handed in again"),
        [(_("file"), "left"), (_("place"), "left"), (wording.heading, "left"),
         (_("decision"), "left"), (_("why not"), "left")],
    )  # fmt: skip
    wrong = listed(taken, wording.key)
    said = wrong["decision"].map(taken.words).fillna(wrong["decision"])
    for line in wrong.assign(decision=said).fillna("").to_dict("records"):
        cells = (line[name] for name in ("file", "place", wording.key, "decision"))
        made.add_row(*cells, wording.why(line["faults"]))
    return made


def taken_json(taken: Taken, wording: Wording) -> dict[str, object]:
    """Return what became of the answers as plain data.

    Parameters
    ----------
    taken
        Of the command.
    wording
        Of what was asked.

    Returns
    -------
    dict
    """
    wrong = listed(taken, wording.key)
    return {
        "ledger": str(taken.ledger),
        "files": by_file(taken),
        "listed": wrong.assign(why=wrong["faults"].map(wording.why)),
        "unread": [{"file": file, "reason": reason} for file, reason in taken.unread],
    }
