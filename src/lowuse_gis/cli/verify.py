"""``lowuse verify``: check a package as its receiver would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, Quiet, Rules
from lowuse_gis.cli.root import app
from lowuse_gis.errors import InputError
from lowuse_gis.language import _


@app.command(help=_("Check a package as its receiver would: a folder or zip, anybody's."))
def verify(
    package: Annotated[Path, typer.Argument(help=_("The package: a folder or a zip archive."))],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help=_("Folder for the report; with --learn the file of the profile."),
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            help=_("Profile to hold it against, by name or file (.toml)."),
            show_default=False,
        ),
    ] = "",
    learn: Annotated[
        bool,
        typer.Option("--learn", help=_("Draft a profile from a delivery that was accepted.")),
    ] = False,
    rules: Rules = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Verify a package; see ``lowuse verify --help``."""
    if learn:
        _learn(package, output, profile, rules, overwrite=overwrite, as_json=as_json, quiet=quiet)
        return
    from lowuse_gis.commands import verify as command
    from lowuse_gis.console import show, verified
    from lowuse_gis.console.steps import shown_progress

    request = command.Request(package, output, profile, rules, overwrite)
    found = command.verify(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(verified.verified_json(found))
    else:
        verified.show_verified(found)
    raise typer.Exit(1 if found.errors else 0)


def _learn(
    package: Path,
    output: Path | None,
    profile: str,
    rules: str,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    from lowuse_gis.commands import learn as command
    from lowuse_gis.console import learnt, show
    from lowuse_gis.console.steps import shown_progress

    if profile:
        raise InputError(
            _("--learn and --profile do not go together"),
            _("--learn drafts a profile; then verify with --profile FILE"),
        )
    request = command.Request(package, output, rules, overwrite)
    found = command.learn(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json(learnt.learnt_json(found))
    else:
        learnt.show_learnt(found)
