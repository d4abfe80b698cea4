"""``lowuse projects``: the register of projects, gate by gate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.commands.ledgers import ledgers_to_write
from lowuse_gis.commands.plan import register_lines
from lowuse_gis.commands.supplies import rulebook_for
from lowuse_gis.errors import InputError
from lowuse_gis.io.ledgers import PROJECTS, append_lines, ledger_file
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.language import _, pick
from lowuse_gis.stages.planning.register import register_at, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Rulebook

FAR = pd.Timestamp.max.date()


@dataclass(frozen=True)
class Place:
    """Where the register is, and which rules it goes by.

    Attributes
    ----------
    ledgers, project
        Folder of the ledgers, or the project that has one.
    rules
        Rulebook; that of the project where empty.
    """

    ledgers: Path | None = None
    project: Path | None = None
    rules: str = ""

    def rulebook(self) -> Rulebook:
        """Return the rulebook that counts."""
        return read_rulebook(self.rules) if self.rules else rulebook_for(self.project)


@dataclass(frozen=True)
class Register:
    """The register on a date.

    Attributes
    ----------
    frame
        Of `register_at`.
    unread
        Lines without gate or date.
    rulebook
        Labels and gates.
    as_of
        The date.
    """

    frame: pd.DataFrame
    unread: pd.DataFrame
    rulebook: Rulebook
    as_of: date


def register(place: Place, as_of: date) -> Register:
    """Read the register as it stands on a date.

    Parameters
    ----------
    place, as_of
        Where it is, and the date.

    Returns
    -------
    Register
    """
    rulebook = place.rulebook()
    lines = register_lines(place.ledgers, place.project, rulebook)
    bad = lines[unreadable(lines, rulebook.plan)]
    return Register(register_at(lines, rulebook.plan, as_of), bad, rulebook, as_of)


def add(place: Place, about: Mapping[str, str], when: date) -> tuple[str, Path]:
    """Enter a project at the first gate.

    Parameters
    ----------
    place
        Where the register is.
    about
        ``name``, ``unit`` or ``parcels``, ``body``, ``investment``, ``who``, ``due``, ``note``.
    when
        The date of the first gate.

    Returns
    -------
    number : str
        The number given to it, such as XM2025-001.
    file : Path
        The register.

    Raises
    ------
    InputError
        Where neither unit nor parcels are named, or the sum is no number.
    """
    if not (about.get("unit") or about.get("parcels")):
        raise InputError(_("a project needs its land"), _("add --unit UNIT or --parcels CODE;CODE"))
    money = about.get("investment", "")
    if money and pd.isna(pd.to_numeric(money, errors="coerce")):
        raise InputError(
            _("{text} is no sum").format(text=money), _("write it in 10,000 yuan, such as 1200")
        )
    rulebook = place.rulebook()
    lines = register_lines(place.ledgers, place.project, rulebook)
    start = f"{rulebook.plan['register']['id_prefix']}{when.year}-"
    given = lines["project"].astype("str").str.extract(f"^{re.escape(start)}(\\d+)$")[0]
    used = given.dropna().astype(int)
    number = f"{start}{(int(used.max()) if len(used) else 0) + 1:03d}"
    first = rulebook.plan["gate"][0]["code"]
    return number, _append(place, rulebook, {**about, "project": number, "gate": first}, when)


def status(place: Place, project: str, gate: str, more: Mapping[str, str], when: date) -> Path:
    """Enter that a project has passed a gate.

    Parameters
    ----------
    place
        Where the register is.
    project, gate
        Its number, and the gate by code or label.
    more
        ``who``, ``due``, ``note``, and what is corrected.
    when
        The date.

    Returns
    -------
    Path
        The register.

    Raises
    ------
    InputError
        Where there is no such project or gate, a gate before it has not been passed, or the date
        lies before that gate.
    """
    rulebook = place.rulebook()
    code = _gate(rulebook, gate)
    lines = register_lines(place.ledgers, place.project, rulebook)
    found = register_at(lines, rulebook.plan, FAR)
    known = found[found["project"] == project]
    if not len(known):
        raise InputError(
            _("{project}: no such project").format(project=project),
            _("see: lowuse projects list"),
        )
    line = known.iloc[0]
    if line["next_gate"] != code:
        wanted = label_of_gate(rulebook, line["next_gate"]) if line["next_gate"] else _("none")
        raise InputError(
            _("{project} stands at {gate}; {next} comes next, not {asked}").format(
                project=project,
                gate=label_of_gate(rulebook, line["gate"]),
                next=wanted,
                asked=label_of_gate(rulebook, code),
            ),
            _("enter the gates in order, each with its date"),
        )
    if f"{when}" < line["since"]:
        raise InputError(
            _("{when} lies before {gate} ({since})").format(
                when=when, gate=label_of_gate(rulebook, line["gate"]), since=line["since"]
            ),
            _("give the date on which the gate was passed: --date"),
        )
    return _append(place, rulebook, {**more, "project": project, "gate": code}, when)


def _append(place: Place, rulebook: Rulebook, line: Mapping[str, Any], when: date) -> Path:
    file = ledger_file(ledgers_to_write(place.ledgers, place.project), PROJECTS)
    told = {key: value for key, value in line.items() if value}
    append_lines(file, PROJECTS, pd.DataFrame([{**told, "when": str(when)}]), rulebook)
    return file


def _gate(rulebook: Rulebook, text: str) -> str:
    codes = [gate["code"] for gate in rulebook.plan["gate"]]
    for code in codes:
        if text in (code, *rulebook.domain("gate")[code]):
            return str(code)
    raise InputError(
        _("{text}: no such gate").format(text=text),
        _("one of: {gates}").format(
            gates=", ".join(f"{code} {label_of_gate(rulebook, code)}" for code in codes)
        ),
    )


def label_of_gate(rulebook: Rulebook, code: str) -> str:
    """Return the label of a gate.

    Parameters
    ----------
    rulebook, code
        Labels, and the gate.

    Returns
    -------
    str
    """
    labels = rulebook.domain("gate")
    return pick(*labels[code]) if code in labels else code
