"""``lowuse legacy review``: what the towns say of land of historical legacy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.legacy import legacy_app
from lowuse_gis.cli.options import AsJson, Ledgers, Output, Overwrite, ProjectFile
from lowuse_gis.language import _

review_app = typer.Typer(help=_("Ask the towns about legacy, and take in what they answer."))
legacy_app.add_typer(review_app, name="review")


@review_app.command("out", help=_("Write one workbook of legacy per town."))
def legacy_review_out(
    pieces: Annotated[Path, typer.Argument(help=_("What legacy find wrote."))],
    output: Output = Path("legacy_review"),
    project: ProjectFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write workbooks; see ``lowuse legacy review out --help``."""
    from lowuse_gis.commands import legacy_review as command
    from lowuse_gis.console import answers_taken, show

    written = command.write_out(pieces, output, project, overwrite=overwrite)
    if as_json:
        files = written.files.rename(columns={"lines": "pieces"})
        show.print_json({"folder": str(written.folder), "files": files})
    else:
        answers_taken.show_written(written, _("town"), _("pieces"))


@review_app.command("in", help=_("Take answers on legacy from workbooks into the ledger."))
def legacy_review_in(
    files: Annotated[list[Path], typer.Argument(help=_("Workbooks that came back."))],
    pieces: Annotated[Path, typer.Option("--legacy", help=_("What legacy find wrote."))],
    ledgers: Ledgers = None,
    project: ProjectFile = None,
    as_json: AsJson = False,
) -> None:
    """Take in answers; see ``lowuse legacy review in --help``."""
    from lowuse_gis.commands import legacy_review as command
    from lowuse_gis.console import answers_taken, legacies_reviewed, show

    taken = command.take_in(files, pieces, ledgers, project)
    if as_json:
        show.print_json(answers_taken.taken_json(taken, legacies_reviewed.wording()))
    else:
        answers_taken.show_taken(taken, legacies_reviewed.wording())


@review_app.command("status", help=_("Say by town what is answered and what is open."))
def legacy_review_status(
    pieces: Annotated[Path, typer.Argument(help=_("What legacy find wrote."))],
    as_json: AsJson = False,
) -> None:
    """Show progress; see ``lowuse legacy review status --help``."""
    from lowuse_gis.commands import legacy_review as command
    from lowuse_gis.console import legacies_reviewed, show

    frame = command.status(pieces)
    if as_json:
        show.print_json({"towns": frame})
    else:
        legacies_reviewed.show_status(frame, pieces)
