"""``lowuse review``: decisions of the towns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Ledgers, Output, Overwrite, ProjectFile
from lowuse_gis.cli.root import app
from lowuse_gis.language import _

ResultFile = Annotated[Path, typer.Argument(help=_("What classify wrote."))]

review_app = typer.Typer(help=_("Ask the towns, and take in what they decide."))
app.add_typer(review_app, name="review")


@review_app.command("out", help=_("Write one workbook per town or park to decide in."))
def review_out(
    result: ResultFile,
    output: Output = Path("review"),
    project: ProjectFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write workbooks; see ``lowuse review out --help``."""
    from lowuse_gis.commands import review as command
    from lowuse_gis.console import answers_taken, show

    written = command.write_out(result, output, project, overwrite=overwrite)
    if as_json:
        files = written.files.rename(columns={"lines": "parcels"})
        show.print_json({"folder": str(written.folder), "files": files})
    else:
        answers_taken.show_written(written, _("town or park"), _("parcels"))


@review_app.command("in", help=_("Take decisions from workbooks into the ledger."))
def review_in(
    files: Annotated[list[Path], typer.Argument(help=_("Workbooks that came back."))],
    result: Annotated[Path, typer.Option("--result", help=_("What classify wrote."))],
    ledgers: Ledgers = None,
    project: ProjectFile = None,
    as_json: AsJson = False,
) -> None:
    """Take in decisions; see ``lowuse review in --help``."""
    from lowuse_gis.commands import review as command
    from lowuse_gis.console import answers_taken, reviewed, show

    taken = command.take_in(files, result, ledgers, project)
    if as_json:
        show.print_json(answers_taken.taken_json(taken, reviewed.wording()))
    else:
        answers_taken.show_taken(taken, reviewed.wording())


@review_app.command("status", help=_("Say by town what is decided and what is open."))
def review_status(result: ResultFile, as_json: AsJson = False) -> None:
    """Show progress; see ``lowuse review status --help``."""
    from lowuse_gis.commands import review as command
    from lowuse_gis.console import reviewed, show

    frame = command.status(result)
    if as_json:
        show.print_json({"towns": frame})
    else:
        reviewed.show_status(frame, result)
