"""Checking what was handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    Ledgers,
    Output,
    Overwrite,
    ProjectFile,
    Quiet,
    Rules,
    day,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Say what is wrong in what was handed over, and where: findings and report."))
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help=_("Files, folders or archives (ZIP)."), show_default=False),
    ] = None,
    output: Output = Path("check"),
    source: Annotated[
        str,
        typer.Option("--as", help=_("What it is: parcels, survey, …"), show_default=False),
    ] = "",
    project: ProjectFile = None,
    rules: Rules = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help=_("Date of the check, YYYY-MM-DD."), show_default=False)
    ] = "",
    crs: Annotated[
        str, typer.Option("--crs", help=_("CRS of the files, EPSG:n."), show_default=False)
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help=_("Encoding of shapefiles."), show_default=False)
    ] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help=_("Name a field: 宗地代码=MYFIELD."), show_default=False),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help=_("An earlier check to compare with."), show_default=False),
    ] = None,
    ledgers: Ledgers = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check a delivery; see ``lowuse check --help``. Ends with 1 where errors are left."""
    from lowuse_gis.commands import check as command
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.console import checked, show

    request = command.Request(
        files=files or [],
        output=output,
        source=source,
        project=project,
        rules=rules,
        as_of=day(as_of),
        crs=crs,
        encoding=encoding,
        mapping=dict(pair(item, "--map") for item in mapping or []),
        previous=previous,
        ledgers=ledgers,
        overwrite=overwrite,
    )
    outcome = command.check(request, Progress() if quiet else Progress(show.show_stage))
    if as_json:
        show.print_json(checked.checked_json(outcome))
    else:
        checked.show_checked(outcome)
    return 1 if outcome.errors else 0
