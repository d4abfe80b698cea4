"""The units that were drawn, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import HECTARE, files_written, label_of, table, to_screen, to_user
from lowuse_gis.language import _
from lowuse_gis.stages.units.totals import totals

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.units import Drawn

SHOWN = 20  # units on the screen


def units_json(drawn: Drawn) -> dict[str, Any]:
    """Return units for a program to read.

    Parameters
    ----------
    drawn
        Of the command.

    Returns
    -------
    dict
    """
    units = drawn.units
    return {
        "total": totals(units.units, units.blocks, units.left_out),
        "units": units.units.drop(columns="geometry"),
        "left_out": units.left_out,
        "blocks": units.blocks,
        "checks": drawn.checks,
        "edits": units.edits,
    }


def show_units(drawn: Drawn) -> None:
    """Show the units that were drawn.

    Parameters
    ----------
    drawn
        Of the command.
    """
    screen, units = to_screen(), drawn.units
    mu = drawn.rulebook.constants["mu"]
    screen.print(_units_table(units.units, mu, drawn.rulebook.domain("land_type")))
    broken = units.units.loc[units.units["breaks"] != "", ["unit_id", "breaks"]]
    for line in broken.to_dict("records"):
        to_user().print(
            _("note: {unit} breaks limits: {limits}").format(
                unit=line["unit_id"], limits=_limits(line["breaks"])
            )
        )
    if len(units.units):
        screen.print(_total_line(totals(units.units, units.blocks, units.left_out)))
    if drawn.around.barriers is None:
        to_user().print(_("note: no barrier layer was supplied, so nothing parts the units"))
    if drawn.around.survey is None:
        to_user().print(_("note: no land survey was supplied, so no land between is taken in"))
    for (code, title), rows in drawn.checks.groupby(["code", "title"]):
        to_user().print(
            _("note: {code} {title}: {count} (layer checks)").format(
                code=code, title=title, count=len(rows)
            )
        )
    if len(units.left_out):
        screen.print(_left_table(units.left_out, mu))
    if len(units.edits):
        screen.print(_edits_table(units.edits, drawn.rulebook.domain("edit")))
    files_written(drawn.files)


def _units_table(units: pd.DataFrame, mu: float, labels: Mapping[str, tuple[str, str]]) -> Table:
    made = table(
        _("Redevelopment units"),
        [(_("unit"), "left"), (_("town"), "left"), (_("parcels"), "right"),
         (_("area (ha)"), "right"), (_("area (mu)"), "right"), (_("low-use share"), "right"),
         (_("compactness"), "right"), (_("stability"), "right"), (_("types"), "left")],
    )  # fmt: skip
    plain = units.drop(columns="geometry").sort_values("area", ascending=False)
    for line in plain.head(SHOWN).to_dict("records"):
        made.add_row(
            f"{line['unit_id']} {line['name']}".strip(),
            line["town_name"],
            f"{line['parcel_count']:,}",
            f"{line['area'] / HECTARE:,.2f}",
            f"{line['area'] / mu:,.1f}",
            f"{line['low_use_share']:.0%}",
            f"{line['polsby_popper']:.2f}",
            "—" if line["stability"] != line["stability"] else f"{line['stability']:.0%}",
            _mix(line["type_mix"], labels),
        )
    if len(plain) > SHOWN:
        made.caption = _("the {shown} largest of {count}; all are in the file").format(
            shown=SHOWN, count=len(plain)
        )
    return made


def _total_line(total: Mapping[str, float]) -> str:
    text = _(
        "together {area:,.2f} ha, low-use {share:.0%}, infill {infill:,.2f} ha;"
        " worth {worth:,.2f} ha"
    )
    if total["gap"] == total["gap"]:  # not missing
        text += _("; no choice can be worth more than {bound:,.2f} ha (gap {gap:.1%})")
    return text.format(
        area=total["area"] / HECTARE,
        share=total["low_use_share"],
        infill=total["infill_area"] / HECTARE,
        worth=total["objective"] / HECTARE,
        bound=total["upper_bound"] / HECTARE,
        gap=total["gap"],
    )


def _mix(text: str, labels: Mapping[str, tuple[str, str]]) -> str:
    """Write the types of a unit with their labels, such as ``工业 83%``."""
    parts = [part.split(":") for part in text.split(";") if part]
    return "、".join(f"{label_of(labels, code)} {float(share):.0%}" for code, share in parts)


def _limits(text: str) -> str:
    words = {
        "too_small": _("below the minimum area"),
        "too_large": _("above the maximum area"),
        "share_low": _("too little low-use land"),
    }
    return "、".join(words[name] for name in text.split(";"))


def _left_table(left: pd.DataFrame, mu: float) -> Table:
    reasons = {
        "too_small": _("all that hangs together is below the minimum area"),
        "too_large": _("above the maximum area by itself"),
        "share_low": _("too little low-use land for a unit"),
        "rest_small": _("below the minimum area with the low-use land left beside it"),
        "not_worth": _("not worth its border"),
        "no_part": _("above the maximum area together, and no part keeps the limits"),
        "missed": _("could be a unit, which the search or an edit left out"),
        "not_surface": _("not on the surface"),
        "no_place": _("no geometry or town"),
        "forbidden": _("kept out by hand"),
        "not_taken": _("in no unit that was drawn"),
    }
    made = table(
        _("Low-use parcels in no unit"),
        [
            (_("reason"), "left"),
            (_("parcels"), "right"),
            (_("area (ha)"), "right"),
            (_("area (mu)"), "right"),
            (_("nearest to the limit"), "right"),
            (_("limit"), "right"),
            (_("short by"), "right"),
        ],
    )
    for reason, lines in left.groupby("reason", sort=True):
        area = lines["area"].sum()
        label = reasons.get(str(reason), str(reason))
        sums = f"{len(lines):,}", f"{area / HECTARE:,.2f}", f"{area / mu:,.1f}"
        made.add_row(label, *sums, *_nearest(str(reason), lines))
    return made


def _nearest(reason: str, lines: pd.DataFrame) -> tuple[str, str, str]:
    """Write the value that comes nearest to the limit it misses, the limit, and what lacks."""
    gaps = (lines["value"] - lines["limit"]).abs().dropna()
    if not len(gaps) or reason == "missed":
        return "", "", ""
    value, limit = lines.loc[gaps.idxmin(), ["value", "limit"]]
    numbers = (value, limit, gaps.min())
    if reason == "share_low":
        one, two, three = (f"{number:.1%}" for number in numbers)
    else:
        one, two, three = (f"{number / HECTARE:,.4f} ha" for number in numbers)
    return one, two, three


def _edits_table(edits: pd.DataFrame, labels: Mapping[str, tuple[str, str]]) -> Table:
    made = table(
        _("Edits by hand"),
        [(_("line"), "right"), (_("edit"), "left"), (_("parcels"), "left"), (_("state"), "left")],
    )
    for line in edits.to_dict("records"):
        state = _("done") if line["state"] == "done" else _refusal(line)
        label = label_of(labels, str(line["edit"]))
        made.add_row(str(line["line"]), label, str(line["parcels"]), state)
    return made


def _refusal(line: Mapping[str, Any]) -> str:
    """Say why an edit no longer fits, and by how much where a limit stands in the way."""
    reasons = {
        "unknown_edit": _("no such edit: pin, forbid, merge, split or rename"),
        "unknown_parcel": _("a parcel of it is no more"),
        "contradiction": _("another edit says the contrary"),
        "not_in_unit": _("a parcel of it is in no unit"),
        "other_block": _("a barrier or town line lies between"),
        "same_unit": _("already one unit"),
        "many_units": _("its parcels lie in several units"),
        "too_large": _("it would be above the maximum area"),
        "too_small": _("a part would be below the minimum area"),
        "share_low": _("too little low-use land in a part"),
        "no_line": _("no line in WKT"),
        "line_misses": _("the line does not cut the unit"),
        "no_name": _("no name"),
    }
    why = reasons.get(str(line["why"]), str(line["why"]))
    if line["value"] == line["value"]:  # not missing
        why += f" ({line['value']:,.2f} / {line['limit']:,.2f})"
    return _("not done: {why}").format(why=why)
