"""The list that the city returned, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.core.receipts import MATCHED
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.receipt import Received

SHOWN = 20  # rows without a match that are named


def show_received(received: Received) -> None:
    """Show how many rows are matched, and those that are not.

    Parameters
    ----------
    received
        Of the command.
    """
    rows = received.rows
    count = int((rows["state"] == MATCHED).sum())
    to_screen().print(
        _("{count} of {all} rows are about a filed record; {new} are new in the ledger").format(
            count=count, all=len(rows), new=received.added
        )
    )
    left = rows[rows["state"] != MATCHED].fillna("")
    if len(left):
        made = table(
            _("Rows without one record"),
            [(_("place"), "left"), (_("code"), "left"), (_("problem"), "left")],
        )
        for line in left.head(SHOWN).itertuples():
            codes = " ".join(c for c in (line.filed_code, line.record_id, line.parcel_code) if c)
            made.add_row(str(line.place), codes, str(line.problem))
        to_screen().print(made)
    to_user().print(_("written: {file}").format(file=received.ledger))
