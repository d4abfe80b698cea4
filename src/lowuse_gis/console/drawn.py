"""The units that were drawn, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import HECTARE, files_written, label_of, table, to_screen, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.units import Drawn

SHOWN = 20  # units on the screen


def show_units(drawn: Drawn) -> None:
    """Show the units that were drawn.

    Parameters
    ----------
    drawn
        Of the command.
    """
    screen, units = to_screen(), drawn.units.units
    mu = drawn.rulebook.constants["mu"]
    made = table(
        _("Redevelopment units"),
        [(_("unit"), "left"), (_("town"), "left"), (_("parcels"), "right"),
         (_("area (ha)"), "right"), (_("area (mu)"), "right"), (_("low-use share"), "right"),
         (_("types"), "left")],
    )  # fmt: skip
    plain = units.drop(columns="geometry").sort_values("area", ascending=False)
    labels = drawn.rulebook.domain("land_type")
    for line in plain.head(SHOWN).to_dict("records"):
        made.add_row(
            line["unit_id"],
            line["town_name"],
            f"{line['parcel_count']:,}",
            f"{line['area'] / HECTARE:,.2f}",
            f"{line['area'] / mu:,.1f}",
            f"{line['low_use_share']:.0%}",
            _mix(line["type_mix"], labels),
        )
    if len(plain) > SHOWN:
        made.caption = _("the {shown} largest of {count}; all are in the file").format(
            shown=SHOWN, count=len(plain)
        )
    screen.print(made)
    if drawn.around.barriers is None:
        to_user().print(_("note: no barrier layer was supplied, so nothing parts the units"))
    left = drawn.units.left_out
    if len(left):
        screen.print(_left_table(left, mu))
    files_written(drawn.files)


def _mix(text: str, labels: Mapping[str, tuple[str, str]]) -> str:
    """Write the types of a unit with their labels, such as ``工业 83%``."""
    parts = [part.split(":") for part in text.split(";") if part]
    return "、".join(f"{label_of(labels, code)} {float(share):.0%}" for code, share in parts)


def _left_table(left: pd.DataFrame, mu: float) -> Table:
    reasons = {
        "too_small": _("all that hangs together is below the minimum area"),
        "too_large": _("above the maximum area by itself"),
        "share_low": _("too little low-use land for a unit"),
        "not_worth": _("not worth its border"),
        "not_surface": _("not on the surface"),
        "no_place": _("no geometry or town"),
    }
    made = table(
        _("Low-use parcels in no unit"),
        [
            (_("reason"), "left"),
            (_("parcels"), "right"),
            (_("area (ha)"), "right"),
            (_("area (mu)"), "right"),
        ],
    )
    for reason, lines in left.groupby("reason", sort=True):
        area = lines["area"].sum()
        label = reasons.get(str(reason), str(reason))
        made.add_row(label, f"{len(lines):,}", f"{area / HECTARE:,.2f}", f"{area / mu:,.1f}")
    return made
