"""What was handed over, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import (
    table,
    to_screen,
    to_user,
)
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.export import Exported


def show_exported(exported: Exported) -> None:
    """Show what was handed over.

    Parameters
    ----------
    exported
        Of the command.
    """
    made = table(
        _("Hand-over in {folder}").format(folder=exported.folder),
        [(_("file"), "left"), (_("what"), "left"), (_("rows"), "right"), ("SHA-256", "left")],
    )
    for line in exported.manifest["files"]:
        made.add_row(line["file"], line["title"], f"{line['rows']:,}", line["sha256"][:16] + "…")
    to_screen().print(made)
    to_user().print(
        _("{count} verdicts are drafts until the towns decide").format(count=exported.drafts)
    )
