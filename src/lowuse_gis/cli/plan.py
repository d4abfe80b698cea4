"""``lowuse plan`` and ``lowuse projects``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lowuse_gis.cli.options import (
    AsJson,
    Ledgers,
    Output,
    Overwrite,
    ProjectFile,
    Rules,
    day,
)
from lowuse_gis.cli.root import app
from lowuse_gis.language import _

projects_app = typer.Typer(help=_("Follow projects from scheme to exit."))
app.add_typer(projects_app, name="projects")

Day = Annotated[
    str, typer.Option("--date", help=_("The date, YYYY-MM-DD; today if none."), show_default=False)
]
Who = Annotated[str, typer.Option("--who", help=_("Who enters it."), show_default=False)]
Note = Annotated[str, typer.Option("--note", help=_("A remark."), show_default=False)]
Due = Annotated[
    str, typer.Option("--due", help=_("When the next gate is due."), show_default=False)
]


@app.command(help=_("Rank units, name pathways and key areas, and draw up a year's plan."))
def plan(
    result: Annotated[Path, typer.Argument(help=_("What classify wrote."))],
    units_file: Annotated[Path, typer.Argument(metavar="UNITS", help=_("What units wrote."))],
    year: Annotated[int, typer.Option("--year", help=_("The year planned for."))],
    output: Output = Path("plan.gpkg"),
    project: ProjectFile = None,
    ledgers: Ledgers = None,
    rules: Rules = "",
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Plan a year; see ``lowuse plan --help``."""
    from lowuse_gis.commands import plan as command
    from lowuse_gis.console import planned as shown
    from lowuse_gis.console import show

    planned = command.plan(
        command.Request(
            result, units_file, year, output, project, ledgers, rules, overwrite=overwrite
        )
    )
    if as_json:
        show.print_json(shown.plan_json(planned))
    else:
        shown.show_plan(planned)


@projects_app.command("add", help=_("Enter a project at the first gate."))
def projects_add(
    name: Annotated[str, typer.Argument(help=_("What the project is called."))],
    unit: Annotated[str, typer.Option("--unit", help=_("Its unit."), show_default=False)] = "",
    parcels: Annotated[
        str, typer.Option("--parcels", help=_("Its parcels, with ; between."), show_default=False)
    ] = "",
    body: Annotated[
        str, typer.Option("--body", help=_("Implementing body."), show_default=False)
    ] = "",
    investment: Annotated[
        str, typer.Option("--investment", help=_("10,000 yuan."), show_default=False)
    ] = "",
    when: Day = "",
    due: Due = "",
    who: Who = "",
    note: Note = "",
    project: ProjectFile = None,
    ledgers: Ledgers = None,
    rules: Rules = "",
) -> None:
    """Enter a project; see ``lowuse projects add --help``."""
    from lowuse_gis.commands import projects as command
    from lowuse_gis.console import registered as shown

    about = {"name": name, "unit": unit, "parcels": parcels, "body": body, "who": who, "note": note}
    about |= {"investment": investment, "due": str(day(due) or "")}
    place = command.Place(ledgers, project, rules)
    shown.show_added(*command.add(place, about, day(when) or date.today()))  # noqa: DTZ011


@projects_app.command("status", help=_("Enter that a project has passed a gate."))
def projects_status(
    number: Annotated[str, typer.Argument(help=_("The project's number."))],
    gate: Annotated[str, typer.Argument(help=_("The gate, by code or label."))],
    when: Day = "",
    due: Due = "",
    who: Who = "",
    note: Note = "",
    project: ProjectFile = None,
    ledgers: Ledgers = None,
    rules: Rules = "",
) -> None:
    """Enter a gate; see ``lowuse projects status --help``."""
    from lowuse_gis.commands import projects as command
    from lowuse_gis.console import registered as shown

    more = {"who": who, "note": note, "due": str(day(due) or "")}
    place = command.Place(ledgers, project, rules)
    passed = day(when) or date.today()  # noqa: DTZ011  the user's own day
    shown.show_passed(number, command.status(place, number, gate, more, passed))


@projects_app.command("list", help=_("List projects, what comes next, and what is overdue."))
def projects_list(
    as_of: Annotated[
        str, typer.Option("--as-of", help=_("The date; today if none."), show_default=False)
    ] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help=_("Only what is overdue."))] = False,
    revitalised: Annotated[
        bool, typer.Option("--revitalised", help=_("Only land already revitalised."))
    ] = False,
    project: ProjectFile = None,
    ledgers: Ledgers = None,
    rules: Rules = "",
    as_json: AsJson = False,
) -> None:
    """List projects; see ``lowuse projects list --help``."""
    from lowuse_gis.commands import projects as command
    from lowuse_gis.console import registered as shown
    from lowuse_gis.console import show

    place = command.Place(ledgers, project, rules)
    found = command.register(place, day(as_of) or date.today())  # noqa: DTZ011
    chosen = shown.chosen(found, overdue=overdue, revitalised=revitalised)
    if as_json:
        show.print_json({"as_of": str(found.as_of), "projects": chosen, "unread": found.unread})
    else:
        shown.show_register(found, chosen)
