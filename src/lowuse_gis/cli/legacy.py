"""``lowuse legacy``: find, seal and verify land of historical legacy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    EngineName,
    Ledgers,
    Output,
    Overwrite,
    ProjectFile,
    Quiet,
    Rules,
    Scheduler,
    Workers,
    day,
    pair,
)
from lowuse_gis.cli.root import app
from lowuse_gis.language import _

legacy_app = typer.Typer(help=_("Land of historical legacy: find it, seal it, verify copies."))
app.add_typer(legacy_app, name="legacy")


@legacy_app.command("find", help=_("Find construction land that no procedure covers."))
def legacy_find(
    output: Output = Path("legacy.gpkg"),
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help=_("Data: NAME=FILE or NAME=FILE:LAYER.")),
    ] = None,
    project: ProjectFile = None,
    rules: Rules = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help=_("The date judged for, YYYY-MM-DD."), show_default=False)
    ] = "",
    ledgers: Ledgers = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help=_("Partitions to take the survey from."), show_default=False),
    ] = None,
    engine: EngineName = "",
    workers: Workers = 0,
    scheduler: Scheduler = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find legacy; see ``lowuse legacy find --help``."""
    from lowuse_gis.commands import legacy_find as command
    from lowuse_gis.console import legacies, show
    from lowuse_gis.console.steps import shown_progress

    request = command.Request(
        output=output,
        project=project,
        sources=[pair(item, "--source") for item in source or []],
        rules=rules,
        as_of=day(as_of),
        ledgers=ledgers,
        overwrite=overwrite,
        data=data,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
    )
    found = command.find(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(legacies.found_json(found))
    else:
        legacies.show_found(found)


@legacy_app.command("seal", help=_("Close the legacy database for good: hashes and a sheet."))
def legacy_seal(
    pieces: Annotated[Path, typer.Argument(help=_("What legacy find wrote."))],
    by: Annotated[str, typer.Option("--by", help=_("Who seals."))],
    output: Output = Path("sealed"),
    on: Annotated[
        str, typer.Option("--on", help=_("Day of the sealing; today if none."), show_default=False)
    ] = "",
    key: Annotated[
        Path | None, typer.Option("--key", help=_("Ed25519 private key (PEM) that signs."))
    ] = None,
    leave_open: Annotated[
        bool, typer.Option("--leave-open", help=_("Leave out what nobody has settled."))
    ] = False,
    profile: Annotated[
        str, typer.Option("--profile", help=_("Profile of the package."), show_default=False)
    ] = "",
    project: ProjectFile = None,
    rules: Rules = "",
    ledgers: Ledgers = None,
    as_json: AsJson = False,
) -> None:
    """Seal the legacy; see ``lowuse legacy seal --help``."""
    from datetime import date

    from lowuse_gis.commands import legacy_seal as command
    from lowuse_gis.console import legacies, show

    request = command.Request(
        pieces=pieces,
        folder=output,
        by=by,
        on=day(on) or date.today(),  # noqa: DTZ011  the day on the user's calendar
        key=key,
        profile=profile,
        rules=rules,
        project=project,
        ledgers=ledgers,
        leave_open=leave_open,
    )
    sealed = command.seal(request)
    if as_json:
        show.print_json(legacies.sealed_json(sealed))
    else:
        legacies.show_sealed(sealed)


@legacy_app.command("verify", help=_("Name every record that is not as it was sealed."))
def legacy_verify(
    copy: Annotated[Path, typer.Argument(help=_("GeoPackage, FileGDB, shapefile or folder."))],
    seal: Annotated[
        Path | None, typer.Option("--seal", help=_("The seal; that beside the copy if none."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a copy; see ``lowuse legacy verify --help``."""
    from lowuse_gis.commands import legacy_verify as command
    from lowuse_gis.console import legacies, show

    verified = command.verify(copy, seal)
    if as_json:
        show.print_json(legacies.verified_json(verified))
    else:
        legacies.show_verified(verified)
    raise typer.Exit(0 if verified.holds else 1)
