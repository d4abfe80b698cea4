"""``lowuse map``: a page for anybody with a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, Quiet
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command("map", help=_("Write one page with the whole result, for anybody with a browser."))
def map_(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units: Annotated[
        Path | None, typer.Option("--units", help=_("What units wrote, to be shown too."))
    ] = None,
    legacy: Annotated[
        Path | None, typer.Option("--legacy", help=_("What legacy find wrote, to be shown too."))
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("The page to write."))] = Path(
        "map.html"
    ),
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a page; see ``lowuse map --help``."""
    from lowuse_gis.commands import map_page as command
    from lowuse_gis.console import mapped, show
    from lowuse_gis.console.steps import shown_progress

    request = command.Request(result, output, units, legacy, overwrite=overwrite)
    done = command.map_page(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(mapped.mapped_json(done))
    else:
        mapped.show_mapped(done)
