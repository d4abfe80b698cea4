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
    from lowuse_gis.console import legacies_reviewed, show

    written = command.write_out(pieces, output, project, overwrite=overwrite)
    if as_json:
        files = written.files.rename(columns={"parcels": "pieces"})
        show.print_json({"folder": str(written.folder), "files": files})
    else:
        legacies_reviewed.show_written(written)


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
    from lowuse_gis.console import legacies_reviewed, show

    taken = command.take_in(files, pieces, ledgers, project)
    if as_json:
        show.print_json(legacies_reviewed.taken_json(taken))
    else:
        legacies_reviewed.show_taken(taken)
