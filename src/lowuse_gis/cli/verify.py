"""``lowuse verify``: check a package as its receiver would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, Quiet, Rules
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Check a package as its receiver would: a folder or zip, anybody's."))
def verify(
    package: Annotated[Path, typer.Argument(help=_("The package: a folder or a zip archive."))],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=_("Folder for the report."), show_default=False),
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", help=_("Profile to hold it against."), show_default=False),
    ] = "",
    rules: Rules = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Verify a package; see ``lowuse verify --help``."""
    from lowuse_gis.commands import verify as command
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.console import show, verified

    request = command.Request(package, output, profile, rules, overwrite)
    found = command.verify(request, Progress() if quiet else Progress(show.show_stage))
    if as_json:
        show.print_json(verified.verified_json(found))
    else:
        verified.show_verified(found)
    raise typer.Exit(1 if found.errors else 0)
