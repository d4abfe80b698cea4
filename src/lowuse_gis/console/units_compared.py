"""Drawings of units side by side, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import HECTARE, files_written, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.units_compare import Compared
    from lowuse_gis.commands.units_sweep import Swept

AREAS = ("area", "low_use_area", "infill_area", "left_out_area", "objective", "upper_bound")
SHARES = ("gap", "low_use_share", "captured", "stability")
COUNTS = ("units", "left_out")


def names() -> dict[str, str]:
    """Return what each total is called, with its unit."""
    return {
        "units": _("units"),
        "objective": _("worth (ha)"),
        "upper_bound": _("certified bound (ha)"),
        "gap": _("gap to the bound"),
        "area": _("area (ha)"),
        "low_use_area": _("low-use area (ha)"),
        "infill_area": _("infill (ha)"),
        "low_use_share": _("low-use share"),
        "left_out": _("low-use parcels left out"),
        "left_out_area": _("left out (ha)"),
        "captured": _("low-use land in units"),
        "compactness": _("compactness"),
        "stability": _("stability"),
    }


def _written(name: str, value: float) -> str:
    if value != value:  # missing  # noqa: PLR0124
        return "—"
    if name in AREAS:
        return f"{value / HECTARE:,.2f}"
    if name in SHARES:
        return f"{value:.1%}"
    return f"{value:,.0f}" if name in COUNTS else f"{value:.2f}"


def show_compared(compared: Compared) -> None:
    """Show what differs between two drawings.

    Parameters
    ----------
    compared
        Of the command.
    """
    labels = names()
    made = table(
        _("Units side by side"),
        [(_("measure"), "left"), ("A", "right"), ("B", "right")],
    )
    for line in compared.totals.to_dict("records"):
        name = line["measure"]
        made.add_row(labels[name], _written(name, line["a"]), _written(name, line["b"]))
    screen = to_screen()
    screen.print(made)
    states = compared.changes["state"].value_counts()
    screen.print(
        _("{same} the same, {changed} changed, {a} only in A, {b} only in B").format(
            same=states.get("same", 0), changed=states.get("changed", 0),
            a=states.get("only_a", 0), b=states.get("only_b", 0),
        )
    )  # fmt: skip
    files_written(compared.files)


def show_swept(swept: Swept, shown: tuple[str, ...]) -> None:
    """Show what a key of units.toml does.

    Parameters
    ----------
    swept, shown
        Of the command, and the totals to show.
    """
    labels = names()
    made = table(
        _("Units by {key}").format(key=swept.key),
        [(swept.key, "right"), *((labels[name], "right") for name in shown)],
    )
    for line in swept.table.to_dict("records"):
        now = line[swept.key] == swept.now
        cells: list[Any] = [_written(name, line[name]) for name in shown]
        made.add_row(f"{line[swept.key]:g}", *cells, style="bold" if now else None)
    made.caption = _("units.toml has {value:g}").format(value=swept.now)
    to_screen().print(made)
