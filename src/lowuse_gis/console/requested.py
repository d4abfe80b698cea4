"""What bodies are asked for, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import HECTARE, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.requests import Asked


def show_asked(asked: Asked) -> None:
    """Show which workbooks were written, and what no workbook asks for.

    Parameters
    ----------
    asked
        Of the command.
    """
    screen = to_screen()
    made = table(
        _("Who owes what: workbooks in {folder}").format(folder=asked.folder),
        [(_("file"), "left"), (_("parcels"), "right"), (_("area (ha)"), "right"),
         (_("data needed"), "left")],
    )  # fmt: skip
    for line in asked.files.to_dict("records"):
        area = f"{line['area'] / HECTARE:,.2f}"
        made.add_row(line["file"], f"{line['parcels']:,}", area, line["columns"])
    screen.print(made)
    if len(asked.unasked):
        left = table(
            _("Missing, but not to be given in a table: hand in the data themselves"),
            [(_("data needed"), "left"), (_("source"), "left"), (_("parcels"), "right"),
             (_("area (ha)"), "right")],
        )  # fmt: skip
        for line in asked.unasked.fillna("").to_dict("records"):
            area = f"{line['area'] / HECTARE:,.2f}"
            left.add_row(line["column"], line["source"], f"{line['parcels']:,}", area)
        screen.print(left)


def plain(asked: Asked) -> dict[str, object]:
    """Return what was written as plain data.

    Parameters
    ----------
    asked
        Of the command.

    Returns
    -------
    dict
    """
    return {"folder": str(asked.folder), "files": asked.files, "unasked": asked.unasked}
