"""``lowuse units``: draw, take in, compare, sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    EngineName,
    Ledgers,
    Overwrite,
    ProjectFile,
    Rules,
    Scheduler,
    Workers,
)
from lowuse_gis.cli.root import app
from lowuse_gis.errors import InputError
from lowuse_gis.language import _


@app.command(help=_("Join low-use parcels to redevelopment units."))
def units(
    result: Annotated[
        Path | None, typer.Argument(help=_("What classify wrote."), show_default=False)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help=_("Where to write; units.gpkg if none."), show_default=False
        ),
    ] = None,
    barriers: Annotated[
        list[Path] | None, typer.Option("--barriers", help=_("Lines that part units."))
    ] = None,
    blocks: Annotated[
        list[Path] | None, typer.Option("--blocks", help=_("Planning blocks no unit crosses."))
    ] = None,
    take: Annotated[
        Path | None, typer.Option("--take", help=_("Units drawn by hand: measure these instead."))
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", help=_("Two units files: what differs."), show_default=False),
    ] = None,
    sweep: Annotated[
        str,
        typer.Option(
            "--sweep", help=_("Draw at several values: beta=2,4,6,8."), show_default=False
        ),
    ] = "",
    crs: Annotated[
        str,
        typer.Option("--crs", help=_("CRS of the layers named here, EPSG:n."), show_default=False),
    ] = "",
    project: ProjectFile = None,
    rules: Rules = "",
    ledgers: Ledgers = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help=_("Partitions that a folder was judged from."), show_default=False
        ),
    ] = None,
    engine: EngineName = "",
    workers: Workers = 0,
    scheduler: Scheduler = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Draw units; see ``lowuse units --help``."""
    if compare:
        _compare(compare, output or Path("compared.gpkg"), overwrite=overwrite, as_json=as_json)
        return
    if result is None:
        raise InputError(_("no result is named"), _("give what 'lowuse classify' wrote"))
    from lowuse_gis.commands import units as command
    from lowuse_gis.console import drawn as shown
    from lowuse_gis.console import show
    from lowuse_gis.console.steps import shown_progress

    request = command.Request(
        result=result,
        output=output or Path("units.gpkg"),
        barriers=barriers or [],
        blocks=blocks or [],
        crs=crs,
        project=project,
        rules=rules,
        ledgers=ledgers,
        take=take,
        overwrite=overwrite,
        data=data,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
    )
    if sweep:
        _sweep(request, sweep, as_json=as_json)
        return
    drawn = command.units(request, shown_progress(quiet=as_json))
    if as_json:
        show.print_json(shown.units_json(drawn))
    else:
        shown.show_units(drawn)


def _compare(files: tuple[Path, Path], output: Path, *, overwrite: bool, as_json: bool) -> None:
    from lowuse_gis.commands import units_compare as command
    from lowuse_gis.console import show, units_compared

    compared = command.compare(*files, output, overwrite=overwrite)
    if as_json:
        changes = compared.changes.drop(columns="geometry")
        show.print_json({"totals": compared.totals, "changes": changes})
    else:
        units_compared.show_compared(compared)


def _sweep(request: object, text: str, *, as_json: bool) -> None:
    from lowuse_gis.commands import units_sweep as command
    from lowuse_gis.console import show, units_compared

    swept = command.sweep(request, text)  # type: ignore[arg-type]
    if as_json:
        show.print_json({"key": swept.key, "now": swept.now, "values": swept.table})
    else:
        units_compared.show_swept(swept, command.SHOWN)
