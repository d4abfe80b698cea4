"""``lowuse receipt``: the list that the city returns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Ledgers, ProjectFile, day
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Take in the list the city returns, matched to what was filed."))
def receipt(
    file: Annotated[Path, typer.Argument(help=_("The list: a workbook or CSV."))],
    package: Annotated[Path, typer.Option("--package", help=_("What was filed: folder or zip."))],
    ledgers: Ledgers = None,
    project: ProjectFile = None,
    on: Annotated[
        str, typer.Option("--on", help=_("Day it is taken in; today if none."), show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Take in a return list; see ``lowuse receipt --help``."""
    from datetime import date

    from lowuse_gis.commands import receipt as command
    from lowuse_gis.console import received, show

    when = day(on) or date.today()  # noqa: DTZ011  the day on the user's calendar
    taken = command.receive(file, package, ledgers, project, on=when)
    if as_json:
        show.print_json({"ledger": str(taken.ledger), "added": taken.added, "rows": taken.rows})
    else:
        received.show_received(taken)
