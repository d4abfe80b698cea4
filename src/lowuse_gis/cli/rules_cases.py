"""``lowuse rules show | test | new | table``: work on a rulebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import AsJson, Output, Overwrite
from lowuse_gis.cli.root import rules_app
from lowuse_gis.language import _

RulesOrDefault = Annotated[str, typer.Option("--rules", help=_("Rulebook, by name or folder."))]


@rules_app.command("show", help=_("Show everything about one criterion, obstacle or threshold."))
def rules_show(
    code: Annotated[str, typer.Argument(help=_("IND-02, OBS-03, or the name of a threshold."))],
    rules: RulesOrDefault = "jinghai",
    as_json: AsJson = False,
) -> None:
    """Show a rule; see ``lowuse rules show --help``."""
    from lowuse_gis.commands.rules_show import shown
    from lowuse_gis.console import rule_shown, show

    rulebook, described = shown(rules, code)
    if as_json:
        show.print_json(rule_shown.rule_json(described, rulebook))
    else:
        rule_shown.show_rule(described, rulebook)


@rules_app.command("test", help=_("Judge golden cases of a spreadsheet; exit 1 if one fails."))
def rules_test(
    cases: Annotated[
        Path | None,
        typer.Argument(
            help=_("XLSX or CSV of cases; the rulebook's cases.csv."), show_default=False
        ),
    ] = None,
    rules: RulesOrDefault = "jinghai",
    as_json: AsJson = False,
) -> None:
    """Judge golden cases; see ``lowuse rules test --help``."""
    from lowuse_gis.commands.rules_test import judged_cases
    from lowuse_gis.console import cases_shown, show

    outcome = judged_cases(rules, cases)
    if as_json:
        show.print_json(cases_shown.cases_json(outcome))
    else:
        cases_shown.show_cases(outcome)
    raise typer.Exit(code=int(not outcome.passed))


@rules_app.command("new", help=_("Make a rulebook folder for another district."))
def rules_new(
    folder: Annotated[Path, typer.Argument(help=_("Folder to make; its name is the rulebook's."))],
    extends: Annotated[
        str, typer.Option("--extends", help=_("Rulebook it builds on."))
    ] = "national",
    title: Annotated[str, typer.Option("--title", help=_("Title."), show_default=False)] = "",
    crs: Annotated[
        str, typer.Option("--crs", help=_("Working CRS, EPSG:n, in metres."), show_default=False)
    ] = "",
    envelope: Annotated[
        str,
        typer.Option("--envelope", help=_("West,south,east,north in degrees."), show_default=False),
    ] = "",
    county: Annotated[
        str, typer.Option("--county", help=_("County code of six digits."), show_default=False)
    ] = "",
) -> None:
    """Make a rulebook; see ``lowuse rules new --help``."""
    from lowuse_gis.commands.rules_new import Wanted, made
    from lowuse_gis.console.rulebook_made import show_made

    show_made(made(Wanted(folder, extends, title, crs, envelope, county)))


@rules_app.command("table", help=_("Write the rulebook as a workbook for a meeting."))
def rules_table(
    rules: Annotated[str, typer.Argument(help=_("Rulebook, by name or folder."))] = "jinghai",
    output: Output = Path("rules.xlsx"),
    overwrite: Overwrite = False,
) -> None:
    """Write the rulebook as a workbook; see ``lowuse rules table --help``."""
    from lowuse_gis.commands.rules_table import tabled
    from lowuse_gis.console.show import files_written

    files_written([tabled(rules, output, overwrite=overwrite)])
