"""``lowuse matches``: what rows of tables mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Ledgers, Output, Overwrite, ProjectFile
from lowuse_gis.cli.root import app
from lowuse_gis.language import _

matches_app = typer.Typer(help=_("Confirm which parcels and firms rows of tables mean."))
app.add_typer(matches_app, name="matches")


@matches_app.command("out", help=_("Write the matches that are in doubt, to be confirmed."))
def matches_out(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    output: Output = Path("匹配确认.xlsx"),
    project: ProjectFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write the workbook; see ``lowuse matches out --help``."""
    from lowuse_gis.commands import matches as command
    from lowuse_gis.console import matched, show

    counts = command.write_out(result, output, project, overwrite=overwrite)
    if as_json:
        show.print_json({"file": str(output), "matched": counts})
    else:
        matched.show_written(output, counts)


@matches_app.command("in", help=_("Take what was confirmed or refused into the ledger."))
def matches_in(
    files: Annotated[list[Path], typer.Argument(help=_("Workbooks that came back."))],
    ledgers: Ledgers = None,
    project: ProjectFile = None,
    as_json: AsJson = False,
) -> None:
    """Take matches in; see ``lowuse matches in --help``."""
    from lowuse_gis.commands import matches as command
    from lowuse_gis.console import matched, show

    taken = command.take_in(files, ledgers, project)
    if as_json:
        show.print_json({"ledger": str(taken.ledger), "lines": taken.lines})
    else:
        matched.show_taken(taken)
