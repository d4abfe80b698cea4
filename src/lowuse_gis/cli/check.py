"""Checking what was handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    Crs,
    Encoding,
    EngineName,
    Fields,
    Gcj02,
    Helmert,
    Ledgers,
    Output,
    Overwrite,
    Pipeline,
    ProjectFile,
    Quiet,
    Rules,
    Scheduler,
    Similarity,
    Transform,
    Workers,
    day,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Say what is wrong in what was handed over, and where: findings and report."))
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("Files, folders or archives (ZIP); or a folder of partitions."),
            show_default=False,
        ),
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
    crs: Crs = "",
    encoding: Encoding = "",
    mapping: Fields = None,
    pipeline: Pipeline = "",
    helmert: Helmert = "",
    similarity: Similarity = "",
    transform: Transform = None,
    gcj02: Gcj02 = False,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help=_("An earlier check to compare with."), show_default=False),
    ] = None,
    ledgers: Ledgers = None,
    mend: Annotated[
        bool, typer.Option("--mend", help=_("Mend what can be mended safely: clean.gpkg."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Only list what would be mended: mends.csv."))
    ] = False,
    engine: EngineName = "",
    workers: Workers = 0,
    scheduler: Scheduler = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check a delivery; see ``lowuse check --help``. Ends with 1 where errors are left."""
    from lowuse_gis.commands import check as command
    from lowuse_gis.console import checked, show
    from lowuse_gis.console.steps import shown_progress
    from lowuse_gis.io.transforms import shift_from_options

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
        shift=shift_from_options(pipeline, helmert, similarity, transform, gcj02=gcj02),
        previous=previous,
        ledgers=ledgers,
        mend=mend,
        dry_run=dry_run,
        overwrite=overwrite,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
    )
    outcome = command.check(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(checked.checked_json(outcome))
    else:
        checked.show_checked(outcome)
    return 1 if outcome.errors else 0


@app.command(help=_("Take back what check --mend changed: all, or the rows named."))
def mend(
    clean: Annotated[Path, typer.Argument(help=_("clean.gpkg of a check."))],
    undo: Annotated[bool, typer.Option("--undo", help=_("Take changes back."))] = False,
    row: Annotated[
        list[str] | None,
        typer.Option("--row", help=_("Only of this row or id."), show_default=False),
    ] = None,
    output: Output = Path("restored.gpkg"),
    as_of: Annotated[
        str, typer.Option("--as-of", help=_("Date written, YYYY-MM-DD."), show_default=False)
    ] = "",
    overwrite: Overwrite = False,
) -> None:
    """Take mending back; see ``lowuse mend --help``."""
    from datetime import date

    from lowuse_gis.commands.mend import take_back
    from lowuse_gis.console.checked import show_undone
    from lowuse_gis.errors import InputError

    if not undo:
        raise InputError(
            _("mend what? A delivery is mended while it is checked"),
            _("lowuse check FILE --mend -o check, or lowuse mend --undo check/clean.gpkg"),
        )
    when = day(as_of) or date(1970, 1, 1)
    show_undone(take_back(clean, output, row or [], when, overwrite=overwrite))
