"""Partitions on the screen: what was cut, and how far a run has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.table import Table

    from lowuse_gis.commands.status import Status, Work
    from lowuse_gis.model import Manifest


def show_partitioned(manifest: Manifest, folder: Path) -> None:
    """Show what was cut.

    Parameters
    ----------
    manifest, folder
        What was written, and where.
    """
    made = table(
        _("Partitions"),
        [
            (_("partition"), "left"),
            (_("parcels"), "right"),
            (_("rows with what lies at them"), "right"),
        ],
    )
    for part in manifest.partitions:
        made.add_row(part.name, f"{part.parcels:,}", f"{part.rows:,}")
    made.add_section()
    made.add_row(
        _("total"), f"{manifest.parcels:,}", f"{sum(p.rows for p in manifest.partitions):,}"
    )
    to_screen().print(made)
    files_written([folder])


def partitioned_json(manifest: Manifest, folder: Path) -> dict[str, object]:
    """Return what was cut as plain data.

    Parameters
    ----------
    manifest, folder
        What was written, and where.

    Returns
    -------
    dict
    """
    return {
        "folder": str(folder),
        "partitions": [
            {"name": part.name, "parcels": part.parcels, "rows": part.rows, "bounds": part.bounds}
            for part in manifest.partitions
        ],
    }


def show_status(status: Status) -> None:
    """Show which partitions are done, stale or missing.

    Parameters
    ----------
    status
        Of the command.
    """
    states = {
        "done": _("done"), "stale": _("stale"), "missing": _("missing"), "damaged": _("damaged"),
    }  # fmt: skip
    made = table(
        _("Partitions"),
        [(_("partition"), "left"), (_("parcels"), "right"), (_("state"), "left"),
         (_("steps done"), "right")],
    )  # fmt: skip
    for line in status.partitions:
        made.add_row(line.name, f"{line.parcels:,}", states[line.state], f"{line.steps} / 3")
    counts = {state: sum(line.state == state for line in status.partitions) for state in states}
    told = ", ".join(f"{states[state]} {count:,}" for state, count in counts.items() if count)
    screen = to_screen()
    screen.print(made)
    screen.print(told, soft_wrap=True)
    for name in status.changed:
        screen.print(_("changed since the last run: {name}").format(name=name), soft_wrap=True)
    if status.others:
        screen.print(_others(status.others, states))


def _others(others: Sequence[Work], states: Mapping[str, str]) -> Table:
    """List the other commands that were run on the folder."""
    made = table(
        _("Other commands on these partitions"),
        [(_("command"), "left"), (_("state"), "left"), (_("steps done"), "right"),
         (_("changed since"), "left")],
    )  # fmt: skip
    for work in others:
        steps = f"{work.done:,} / {work.steps:,}"
        made.add_row(work.command, states[work.state], steps, ", ".join(work.changed))
    return made


def status_json(status: Status) -> dict[str, object]:
    """Return how far a run has come as plain data.

    Parameters
    ----------
    status
        Of the command.

    Returns
    -------
    dict
    """
    return {
        "folder": str(status.folder),
        "changed": list(status.changed),
        "partitions": [vars(line) for line in status.partitions],
        "others": [vars(work) for work in status.others],
    }
