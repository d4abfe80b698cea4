"""``lowuse requests``: what bodies owe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Output, Overwrite, ProjectFile, day
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command("requests", help=_("Ask each body for what would settle undetermined parcels."))
def requests(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    output: Output = Path("requests"),
    due: Annotated[
        str, typer.Option("--by", help=_("Day they are due, YYYY-MM-DD."), show_default=False)
    ] = "",
    project: ProjectFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write workbooks; see ``lowuse requests --help``."""
    from lowuse_gis.commands import requests as command
    from lowuse_gis.console import requested, show

    asked = command.write_requests(result, output, project, day(due), overwrite=overwrite)
    if as_json:
        show.print_json(requested.plain(asked))
    else:
        requested.show_asked(asked)
