"""The commands' tree; each module beside this one hangs its commands on it."""

from __future__ import annotations

from typing import Annotated

import typer

from lowuse_gis import __version__
from lowuse_gis.language import _

app = typer.Typer(
    name="lowuse",
    help=_("Find, explain and redevelop low-use land (低效用地再开发)."),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help=_("Look at the rulebook in use."))
app.add_typer(rules_app, name="rules")


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=_("Print the version."))] = False,
) -> None:
    if version:
        typer.echo(f"lowuse {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
