"""Matches of table rows, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.commands.matches import Taken


def methods() -> dict[str, str]:
    """Name the ways in which rows are matched.

    Returns
    -------
    dict
        Method to its name.
    """
    return {
        "unit_code": _("real estate unit"),
        "credit_code": _("credit code"),
        "name_and_address": _("name and address"),
        "name": _("name"),
        "core_name": _("name without place and legal form"),
        "similar_name": _("similar name"),
        "address": _("address"),
        "place": _("point on the parcel"),
        "ledger": _("confirmed before"),
        "": "—",
    }


def states() -> dict[str, str]:
    """Name what may come of a match.

    Returns
    -------
    dict
        State to its name.
    """
    return {
        "sure": _("sure, used"),
        "confirmed": _("confirmed, used"),
        "doubtful": _("in doubt, not used"),
        "ambiguous": _("one of several, not used"),
        "unmatched": _("nothing found"),
    }


def show_written(path: Path, counts: pd.DataFrame) -> None:
    """Show how rows were matched, and where the list is.

    Parameters
    ----------
    path
        The workbook.
    counts
        Of the command.
    """
    heads = [(_("source"), "left"), (_("method"), "left"), (_("state"), "left")]
    made = table(_("Rows of tables without a code that is known"), [*heads, (_("rows"), "right")])
    named, called = methods(), states()
    for line in counts.to_dict("records"):
        method, state = named[line["method"] or ""], called[line["state"]]
        made.add_row(line["source"], method, state, f"{line['rows']:,}")
    to_screen().print(made)
    files_written([path])


def show_taken(taken: Taken) -> None:
    """Show what was taken into the ledger.

    Parameters
    ----------
    taken
        Of the command.
    """
    heads = [(_("file"), "left"), (_("state"), "left"), (_("rows"), "right")]
    made = table(_("Matches confirmed or refused"), heads)
    counts = taken.lines.groupby(["file", "state"]).size().reset_index(name="rows")
    for line in counts.to_dict("records"):
        state = _("accepted") if line["state"] == "accepted" else line["state"]
        made.add_row(line["file"], state, f"{line['rows']:,}")
    to_screen().print(made)
    files_written([taken.ledger] if (taken.lines["state"] == "accepted").any() else [])
