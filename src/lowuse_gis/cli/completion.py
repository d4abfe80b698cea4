"""``lowuse completion``: let the shell complete commands and options."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from lowuse_gis.cli.root import app
from lowuse_gis.language import _

PROGRAM = "lowuse"
VARIABLE = "_LOWUSE_COMPLETE"  # set by the shell's script when it asks for words


class ShellName(StrEnum):
    """The shells that are known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def answer_shell() -> None:
    """Make the command line answer a shell that asks for words; a normal run pays nothing."""
    if os.environ.get(VARIABLE):
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()


@app.command(help=_("Print what makes a shell complete commands and options."))
def completion(
    shell: Annotated[ShellName, typer.Argument(help=_("bash, zsh, fish or powershell."))],
) -> None:
    """Print a script; see ``lowuse completion --help``."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    typer.echo(get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell.value))
