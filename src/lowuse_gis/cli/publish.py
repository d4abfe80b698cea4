"""``lowuse publish``: the office's PostGIS database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Quiet
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Put a result into the office's PostGIS database, whole or not at all."))
def publish(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[UNITS] [DATABASE]",
            help=_(
                "What units wrote, if it is to be published too; and the database:"
                " postgresql://HOST/NAME or service=NAME, else as PGSERVICE or PGHOST say."
            ),
            show_default=False,
        ),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", help=_("What plan wrote of these units."))
    ] = None,
    legacy: Annotated[
        Path | None, typer.Option("--legacy", help=_("The sealed legacy database."))
    ] = None,
    schema: Annotated[str, typer.Option("--schema", help=_("Schema to publish into."))] = "lowuse",
    reader: Annotated[
        str,
        typer.Option(
            "--reader",
            help=_("A role that may read; lowuse_reader is made where it is missing."),
            show_default=False,
        ),
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Publish a result; see ``lowuse publish --help``."""
    from lowuse_gis.commands import publish as command
    from lowuse_gis.console import published, show
    from lowuse_gis.console.steps import shown_progress

    units, target = command.told(words or [])
    request = command.Request(result, units, plan, legacy, target, schema, reader)
    done = command.publish(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(published.published_json(done))
    else:
        published.show_published(done)
