"""Beginning a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Fields, Overwrite, Rules, pair
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Look at a folder, guess which file is what, and write lowuse.toml."))
def init(
    folder: Annotated[Path, typer.Argument(help=_("The folder that holds the files."))],
    rules: Rules = "",
    mapping: Fields = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Begin a project; see ``lowuse init --help``."""
    from lowuse_gis.commands import init as command
    from lowuse_gis.console import initiated, show

    given = dict(pair(item, "--map") for item in mapping or [])
    outcome = command.init(command.Request(folder, rules, given, overwrite))
    if as_json:
        show.print_json(initiated.initiated_json(outcome))
    else:
        initiated.show_initiated(outcome)
