"""``lowuse report``: the survey report as an office writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Ledgers, Overwrite, ProjectFile, Quiet, Rules
from lowuse_gis.cli.root import app
from lowuse_gis.language import _


@app.command(help=_("Write the survey report of a result, for Word or for a browser."))
def report(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units: Annotated[
        Path | None, typer.Option("--units", help=_("What units wrote, to be told too."))
    ] = None,
    legacy: Annotated[
        Path | None, typer.Option("--legacy", help=_("What legacy find wrote, to be told too."))
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help=_("A Word template of the office's own."))
    ] = None,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            help=_("Indicators of a report on progress too, such as mid-term."),
            show_default=False,
        ),
    ] = "",
    project: ProjectFile = None,
    ledgers: Ledgers = None,
    rules: Rules = "",
    output: Annotated[
        Path, typer.Option("-o", "--output", help=_("The report to write: .docx or .html."))
    ] = Path("report.docx"),
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a report; see ``lowuse report --help``."""
    from lowuse_gis.commands import report as command
    from lowuse_gis.console import show
    from lowuse_gis.console.steps import shown_progress

    request = command.Request(
        result, output, units, legacy, template, rules, overwrite, period, project, ledgers
    )
    written = command.write_report(request, shown_progress(quiet=quiet))
    if as_json:
        show.print_json({"files": [str(output)], "facts": dict(written.facts)})
    else:
        show.files_written([output])
