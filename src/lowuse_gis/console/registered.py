"""The register of projects, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.commands.projects import label_of_gate
from lowuse_gis.console.show import files_written, table, to_screen, to_user
from lowuse_gis.language import _, language, pick
from lowuse_gis.stages.planning.register import REVITALISED

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.commands.projects import Register


def chosen(register: Register, *, overdue: bool, revitalised: bool) -> pd.DataFrame:
    """Choose lines of the register.

    Parameters
    ----------
    register
        On a date.
    overdue, revitalised
        Only these.

    Returns
    -------
    DataFrame
    """
    frame = register.frame
    if overdue:
        frame = frame[frame["overdue_days"].astype(int) > 0]
    if revitalised:
        frame = frame[frame["state"] == REVITALISED]
    return frame.reset_index(drop=True)


def show_register(register: Register, lines: pd.DataFrame) -> None:
    """Show projects.

    Parameters
    ----------
    register, lines
        The register on a date, and the lines chosen.
    """
    rulebook = register.rulebook
    bodies = rulebook.codes["bodies"].set_index("code")
    made = table(
        _("Projects as of {date}").format(date=register.as_of),
        [(_("no."), "left"), (_("project"), "left"), (_("gate"), "left"), (_("since"), "left"),
         (_("next"), "left"), (_("requires"), "left"), (_("by"), "left"), (_("due"), "left"),
         (_("days overdue"), "right")],
    )  # fmt: skip
    gates = {gate["code"]: gate for gate in rulebook.plan["gate"]}
    for line in lines.to_dict("records"):
        gate = gates.get(line["next_gate"], {})
        key = "requires_en" if language() == "en" and "requires_en" in gate else "requires"
        body = line["responsible"]
        named = pick(bodies["name"].get(body, body), bodies["name_en"].get(body, body))
        late = int(line["overdue_days"])
        made.add_row(
            line["project"],
            str(line["name"] or ""),
            label_of_gate(rulebook, line["gate"]),
            line["since"],
            label_of_gate(rulebook, line["next_gate"]) or "—",
            "、".join(gate.get(key, [])),
            named,
            line["due"] or "—",
            str(late) if late else "",
            style="bold red" if late else None,
        )
    to_screen().print(made)
    if not len(register.frame):
        to_user().print(
            _("note: no project is in the register on that date; 'lowuse projects add' enters one")
        )
    if len(register.unread):
        numbers = "、".join(str(number) for number in register.unread["line"])
        to_user().print(
            _("note: lines {lines} of the register have no gate or date and do not count").format(
                lines=numbers
            )
        )


def show_added(number: str, file: Path) -> None:
    """Say under which number a project was entered.

    Parameters
    ----------
    number, file
        Of the command.
    """
    to_screen().print(_("entered as {number}").format(number=number))
    files_written([file])


def show_passed(number: str, file: Path) -> None:
    """Say that a gate was entered.

    Parameters
    ----------
    number, file
        The project, and the register.
    """
    to_screen().print(_("entered for {number}").format(number=number))
    files_written([file])
