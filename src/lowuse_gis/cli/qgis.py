"""``lowuse qgis``: a project for the GIS on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, ProjectFile, Quiet, pair
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Write a QGIS project of a result: layers, bookmarks, sheets to print."))
def qgis(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units: Annotated[
        Path | None, typer.Option("--units", help=_("What units wrote, to be shown too."))
    ] = None,
    legacy: Annotated[
        Path | None, typer.Option("--legacy", help=_("What legacy find wrote, to be shown too."))
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("The project to write."))] = Path(
        "project.qgz"
    ),
    maker: Annotated[
        str, typer.Option("--by", help=_("Who makes the map, for the foot of the sheets."))
    ] = "",
    project: ProjectFile = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help=_("Borders: town_boundaries=FILE:LAYER.")),
    ] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a project; see ``lowuse qgis --help``."""
    from lowuse_gis.commands import qgis as command
    from lowuse_gis.console import qgis_written, show

    asked = command.Request(
        result,
        output,
        units,
        legacy,
        maker=maker,
        overwrite=overwrite,
        project=project,
        sources=[pair(item, "--source") for item in source or []],
    )
    done = command.qgis(asked)
    if as_json:
        show.print_json(qgis_written.written_json(done))
    elif not quiet:
        qgis_written.show_written(done)
