"""The faults of a rulebook, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.show import table, to_screen
from lowuse_gis.core.lint import ERROR
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.rules_lint import Linted

STYLES = {"error": "bold red", "warning": "yellow"}


def show_linted(found: Linted) -> None:
    """Show faults file by file, and how many there are.

    Parameters
    ----------
    found
        What lint found.
    """
    screen = to_screen()
    for file, faults in groupby(found.faults, key=lambda fault: fault.file):
        made = table(
            file,
            [(_("severity"), "left"), (_("code"), "left"), (_("key"), "left"),
             (_("kind"), "left"), (_("fault"), "left"), (_("hint"), "left")],
        )  # fmt: skip
        for fault in faults:
            label = _("error") if fault.severity == ERROR else _("warning")
            made.add_row(
                Text(label, style=STYLES[fault.severity]),
                *map(Text, (fault.code, fault.key, fault.kind, fault.message, fault.hint)),
            )
        screen.print(made)
    screen.print(
        _("{name}: {errors} errors, {warnings} warnings in {files} files").format(
            name=found.name, errors=found.errors, warnings=found.warnings, files=found.files
        )
    )


def as_data(found: Linted) -> dict[str, Any]:
    """Return the faults as plain data.

    Parameters
    ----------
    found
        What lint found.

    Returns
    -------
    dict
        Rulebook, counts and faults.
    """
    return {
        "rulebook": found.name,
        "files": found.files,
        "errors": found.errors,
        "warnings": found.warnings,
        "faults": [asdict(fault) for fault in found.faults],
    }
