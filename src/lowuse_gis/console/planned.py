"""The plan of a year, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import HECTARE, files_written, label_of, table, to_screen, to_user
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.plan import Planned


def plan_json(planned: Planned) -> dict[str, Any]:
    """Return a plan for a program to read.

    Parameters
    ----------
    planned
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "year": planned.year,
        "projects": planned.yearly.projects.drop(columns="geometry"),
        "limits": planned.yearly.limits,
        "units": planned.units.drop(columns="geometry"),
        "key_areas": planned.areas.drop(columns="geometry"),
        "unplaced": planned.unplaced,
        "unread": planned.unread,
    }


def show_plan(planned: Planned) -> None:
    """Show a plan.

    Parameters
    ----------
    planned
        Of the command.
    """
    screen = to_screen()
    screen.print(_quadrants(planned))
    screen.print(_projects(planned))
    screen.print(_total(planned))
    for line in _to_ask(planned):
        screen.print(line)
    for line in planned.yearly.limits.to_dict("records"):
        if line["short"] > 0:
            to_user().print(_missed(line))
    if len(planned.unplaced):
        to_user().print(
            _("note: {count} projects of the register lie in no unit: {projects}").format(
                count=len(planned.unplaced), projects="、".join(planned.unplaced["project"])
            )
        )
    if planned.unread:
        to_user().print(
            _("note: {count} lines of the register have no gate or date and do not count").format(
                count=planned.unread
            )
        )
    files_written(planned.files)


def _quadrants(planned: Planned) -> Table:
    labels = planned.rulebook.domain("quadrant")
    made = table(
        _("Units by wish and feasibility"),
        [(_("quadrant"), "left"), (_("units"), "right"), (_("low-use area (ha)"), "right"),
         (_("key areas"), "right")],
    )  # fmt: skip
    by = planned.units.groupby("quadrant")
    for code in labels:
        if code in by.groups:
            lines = by.get_group(code)
            areas = lines.loc[lines["key_area"] != "", "key_area"].nunique()
            low = f"{lines['low_use_area'].sum() / HECTARE:,.2f}"
            made.add_row(label_of(labels, code), f"{len(lines):,}", low, f"{areas:,}")
    return made


def _projects(planned: Planned) -> Table:
    disposal = planned.rulebook.domain("disposal")
    made = table(
        _("Plan of {year}").format(year=planned.year),
        [(_("no."), "right"), (_("project"), "left"), (_("town"), "left"),
         (_("disposal"), "left"), (_("released (ha)"), "right"),
         (_("investment (10,000 yuan)"), "right"), (_("time"), "left"),
         (_("wish"), "right"), (_("feasibility"), "right")],
    )  # fmt: skip
    for line in planned.yearly.projects.drop(columns="geometry").to_dict("records"):
        carried = line["kind"] == "carried_over"
        made.add_row(
            str(line["number"]),
            line["project_name"] + (_(" (carried over)") if carried else ""),
            line["town_name"],
            label_of(disposal, line["disposal"]),
            f"{line['low_use_area'] / HECTARE:,.2f}",
            f"{line['investment']:,.0f}",
            f"{line['begins']}–{line['ends']}",
            _range(line, "wish"),
            _range(line, "feasibility"),
        )
    return made


def _range(line: Mapping[str, Any], axis: str) -> str:
    low, high = line[f"{axis}_low"], line[f"{axis}_high"]
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def _total(planned: Planned) -> str:
    projects: pd.DataFrame = planned.yearly.projects
    return _(
        "{count} projects, {area:,.2f} ha of low-use land released, {money:,.0f} × 10,000 yuan"
    ).format(
        count=len(projects),
        area=projects["low_use_area"].sum() / HECTARE,
        money=projects["investment"].sum(),
    )


def _to_ask(planned: Planned) -> list[str]:
    """Say of how many units what is not known, and who would know."""
    asked = planned.points[planned.points["ask"] != ""]
    bodies = planned.rulebook.codes["bodies"].set_index("code")
    lines = []
    for body, group in asked.groupby("ask", sort=True):
        name = pick(bodies["name"].get(body, body), bodies["name_en"].get(body, body))
        titles = dict(zip(group["code"], group["title"], strict=True))
        lines.append(
            _("ask {body}: {titles} ({count} units)").format(
                body=name,
                titles="、".join(titles[code] for code in sorted(titles)),
                count=group["unit_id"].nunique(),
            )
        )
    return lines


def _missed(line: Mapping[str, Any]) -> str:
    names = {
        "projects": _("number of projects"),
        "investment": _("investment"),
        "quarter_projects": _("projects begun in a quarter"),
        "quarter_investment": _("investment begun in a quarter"),
        "town_most": _("projects in town {town}"),
        "town_least": _("least projects of town {town}"),
    }
    name = names[line["limit"]].format(town=line["town_code"])
    return _("note: {limit} cannot be met: {used:,g} against {allowed:,g}, {short:,g} off").format(
        limit=name, **{key: line[key] for key in ("used", "allowed", "short")}
    )
