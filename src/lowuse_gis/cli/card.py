"""``lowuse card``: one parcel on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, Quiet
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Write a parcel on one page, as HTML and PDF (one parcel, one policy)."))
def card(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    parcels: Annotated[
        list[str] | None, typer.Argument(help=_("Parcel codes, or rows such as 1:17."))
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", help=_("A unit whose parcels are wanted."), show_default=False)
    ] = "",
    units: Annotated[Path | None, typer.Option("--units", help=_("What units wrote."))] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Folder for the cards."))] = Path(
        "cards"
    ),
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write cards; see ``lowuse card --help``."""
    from lowuse_gis.commands import card as command
    from lowuse_gis.console import show
    from lowuse_gis.console.steps import shown_progress

    wanted = tuple(parcels or ())
    request = command.Request(result, output, wanted, units, unit, overwrite=overwrite)
    files = command.write_cards(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json({"files": [str(file) for file in files]})
    else:
        show.files_written(files)
