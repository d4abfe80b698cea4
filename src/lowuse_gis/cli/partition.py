"""Districts too large for one table: cut them, and see how far a run has come."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    Crs,
    Encoding,
    Fields,
    Overwrite,
    ProjectFile,
    Quiet,
    Rules,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.engines.memory import give_back
from lowuse_gis.language import _


@app.command(help=_("Cut a large district into partitions that are judged one at a time."))
def partition(
    parcels: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("Parcel files (SHP, GPKG, GeoJSON, GeoParquet)."), show_default=False
        ),
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("The folder to write."))] = Path(
        "data"
    ),
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help=_("Further data: NAME=FILE or NAME=FILE:LAYER.")),
    ] = None,
    project: ProjectFile = None,
    rules: Rules = "",
    most: Annotated[
        int, typer.Option("--most", help=_("Parcels and survey polygons in a partition."))
    ] = 200_000,
    town: Annotated[
        str, typer.Option("--town", help=_("Only this town, by code or name."), show_default=False)
    ] = "",
    crs: Crs = "",
    encoding: Encoding = "",
    mapping: Fields = None,
    with_names: Annotated[
        bool, typer.Option("--with-names", help=_("Show names of natural persons."))
    ] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Cut a district; see ``lowuse partition --help``."""
    give_back()
    from lowuse_gis.commands import partition as command
    from lowuse_gis.commands.progress import Progress
    from lowuse_gis.console import partitions, show
    from lowuse_gis.stages.read import Reading

    request = command.Request(
        parcels=parcels or [],
        output=output,
        project=project,
        sources=[pair(item, "--source") for item in source or []],
        rules=rules,
        reading=Reading(
            crs=crs,
            encoding=encoding,
            mapping=dict(pair(item, "--map") for item in mapping or []),
            town=town,
            with_names=with_names,
        ),
        overwrite=overwrite,
        most=most,
    )
    made = command.partition(request, Progress() if quiet else Progress(show.show_stage))
    if as_json:
        show.print_json(partitions.partitioned_json(made, output))
    else:
        partitions.show_partitioned(made, output)


@app.command(help=_("Show which partitions are done, stale or missing."))
def status(
    folder: Annotated[Path, typer.Argument(help=_("What partition wrote."))],
    as_json: AsJson = False,
) -> None:
    """Show how far a run has come; see ``lowuse status --help``."""
    from lowuse_gis.commands.status import status as command
    from lowuse_gis.console import partitions, show

    found = command(folder)
    if as_json:
        show.print_json(partitions.status_json(found))
    else:
        partitions.show_status(found)
