"""``lowuse rules sweep`` and ``lowuse rules diff``: what other rules would make of a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Overwrite, Rules
from lowuse_gis.cli.root import rules_app
from lowuse_gis.language import _


@rules_app.command("sweep", help=_("Move thresholds and see which verdicts change."))
def rules_sweep(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            help=_("NAME=START:STOP:STEP or NAME=A,B,C; 'all' or none: which one moves most."),
            show_default=False,
        ),
    ] = None,
    rules: Rules = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=_("Write a workbook (.xlsx) or the values (.csv).")),
    ] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Sweep thresholds; see ``lowuse rules sweep --help``."""
    from lowuse_gis.commands import rules_sweep as command
    from lowuse_gis.console import show, swept

    request = command.Request(result, param or [], rules, output, overwrite)
    outcome = command.sweep_rules(request)
    if as_json:
        swept.tell_other_rules(outcome)
        show.print_json(swept.swept_json(outcome))
    else:
        swept.show_swept(outcome)


@rules_app.command("diff", help=_("Say in what two rulebooks differ, and what that changes."))
def rules_diff(
    first: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))],
    second: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))],
    data: Annotated[
        Path | None,
        typer.Option("--data", help=_("A result to judge under both."), show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare rulebooks; see ``lowuse rules diff --help``."""
    from lowuse_gis.commands import rules_diff as command
    from lowuse_gis.console import compared, show

    outcome = command.diff_rules(command.Request(first, second, data))
    if as_json:
        show.print_json(compared.compared_json(outcome))
    else:
        compared.show_compared(outcome)
