"""Two rulebooks side by side, on the screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from lowuse_gis.console.bars import signed
from lowuse_gis.console.show import (
    HECTARE,
    VERDICT_STYLE,
    label_of,
    table,
    to_screen,
    to_user,
)
from lowuse_gis.core.comparing import ADDED, CHANGED, PARTS, REMOVED
from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.rules_diff import Outcome
    from lowuse_gis.core.comparing import Change
    from lowuse_gis.model import Rulebook
    from lowuse_gis.stages.compare import Compared

SHOWN = 20  # changed parcels on the screen
STYLES = {ADDED: "green", REMOVED: "red", CHANGED: ""}
SIGNS = {ADDED: "+", REMOVED: "-", CHANGED: "~"}


def show_compared(outcome: Outcome) -> None:
    """Show in what two rulebooks differ.

    Parameters
    ----------
    outcome
        Of the command.
    """
    screen = to_screen()
    screen.print(
        _("{first}  →  {second}").format(
            first=_named(outcome.first), second=_named(outcome.second)
        ),
        soft_wrap=True,
    )
    for part in PARTS:
        mine = [change for change in outcome.changes if change.part == part]
        if mine:
            screen.print(_changes_table(part, mine))
    if outcome.same:
        screen.print(_("this is the same rulebook: nothing differs"))
    elif not outcome.changes:
        screen.print(_("the files differ, but nothing that they say does"))
    if outcome.compared is not None and not outcome.same:
        _show_verdicts(outcome, outcome.compared)


def compared_json(outcome: Outcome) -> dict[str, object]:
    """Return in what two rulebooks differ as plain data.

    Parameters
    ----------
    outcome
        Of the command.

    Returns
    -------
    dict
        Areas in m².
    """
    found: dict[str, object] = {
        "first": _head(outcome.first),
        "second": _head(outcome.second),
        "same": outcome.same,
        "changes": [asdict(change) for change in outcome.changes],
    }
    if outcome.compared is not None:
        compared = outcome.compared
        found["verdicts"] = {
            "matrix": compared.matrix,
            "by_type": compared.by_type,
            "by_town": compared.by_town,
            "changed": compared.changed,
            "unknown_for_want_of_columns": outcome.blind or {},
            "measured_otherwise": outcome.measured_otherwise,
        }
    return found


def _head(rulebook: Rulebook) -> dict[str, str]:
    return {
        "name": rulebook.name,
        "version": rulebook.version,
        "sha256": rulebook.sha256,
        "folder": rulebook.folder,
    }


def _named(rulebook: Rulebook) -> str:
    title = pick(rulebook.title, rulebook.title_en)
    return f"{title} {rulebook.version} ({rulebook.folder})"


def _part_titles() -> dict[str, str]:
    return {
        "criteria": _("criteria"),
        "thresholds": _("thresholds"),
        "obstacles": _("obstacles"),
        "sources": _("sources"),
        "documents": _("documents"),
        "fields": _("fields"),
        "measures": _("measures"),
        "codes": _("tables"),
        "units": _("units"),
        "packages": _("packages"),
        "legacy": _("historical legacy"),
        "settings": _("settings"),
    }


def _changes_table(part: str, changes: list[Change]) -> Table:
    made = table(
        _("{part}: {added} added, {removed} removed, {changed} changed").format(
            part=_part_titles()[part], **_counts(changes)
        ),
        [("", "left"), (_("entry"), "left"), (_("key"), "left"), (_("before"), "left"),
         (_("after"), "left")],
    )  # fmt: skip
    for change in changes:
        entry = change.name.partition(": {")[0]  # an entry of a list is known by its whole text
        cells = [SIGNS[change.kind], entry, change.key, change.old, change.new]
        made.add_row(*(Text(cell) for cell in cells), style=STYLES[change.kind])
    return made


def _counts(changes: list[Change]) -> dict[str, int]:
    """Count entries, each once however many of its keys are changed."""
    return {
        kind: len({change.name for change in changes if change.kind == kind})
        for kind in (ADDED, REMOVED, CHANGED)
    }


def _show_verdicts(outcome: Outcome, compared: Compared) -> None:
    screen, rulebook = to_screen(), outcome.second
    for code, columns in (outcome.blind or {}).items():
        text = _("note: {code} is unknown everywhere: the result has no {columns}")
        to_user().print(text.format(code=code, columns="、".join(columns)), soft_wrap=True)
    if outcome.measured_otherwise:
        text = _("note: fields, measures or tables differ too; that shows only after 'classify'")
        to_user().print(text, soft_wrap=True)
    screen.print(_matrix_table(compared.matrix, rulebook))
    screen.print(_net_table(_("Low-use land by type"), compared.by_type, rulebook))
    screen.print(_net_table(_("Low-use land by town"), compared.by_town, None))
    screen.print(_changed_table(compared.changed, rulebook))


def _matrix_table(matrix: pd.DataFrame, rulebook: Rulebook) -> Table:
    labels = rulebook.domain("verdict")
    cells = {(line["before"], line["after"]): line for line in matrix.to_dict("records")}
    rows = [v for v in VERDICTS if any(before == v for before, _after in cells)]
    columns = [v for v in VERDICTS if any(after == v for _before, after in cells)]
    made = table(
        _("Parcels (ha) by verdict: down before, across after"),
        [("", "left"), *((label_of(labels, verdict), "right") for verdict in columns)],
    )
    for before in rows:
        texts = []
        for after in columns:
            cell = cells.get((before, after))
            text = f"{cell['parcels']:,} ({cell['area'] / HECTARE:,.2f})" if cell else "·"
            texts.append(Text(text, style="dim" if before == after else "bold"))
        made.add_row(_verdict(before, labels), *texts)
    moved = matrix[matrix["before"] != matrix["after"]]
    made.caption = _("{count} parcels ({area} ha) come out otherwise").format(
        count=int(moved["parcels"].sum()), area=f"{moved['area'].sum() / HECTARE:,.2f}"
    )
    return made


def _net_table(title: str, frame: pd.DataFrame, rulebook: Rulebook | None) -> Table:
    made = table(
        title,
        [(_("type") if rulebook else _("town"), "left"), (_("before"), "right"),
         (_("after"), "right"), (_("change"), "right"), (_("before (ha)"), "right"),
         (_("after (ha)"), "right"), (_("change (ha)"), "right")],
    )  # fmt: skip
    labels = rulebook.domain("land_type") if rulebook else {}
    sums = ["before", "after", "change", "before_area", "after_area", "change_area"]
    total: dict[str, object] = {name: frame[name].sum() for name in sums}
    for line in [*frame.to_dict("records"), total]:
        if line is total:
            made.add_section()
            name = _("total")
        elif rulebook:
            name = label_of(labels, line["land_type"])
        else:
            name = line["town_name"] or line["town_code"] or _("town unknown")
        made.add_row(
            name,
            f"{line['before']:,}",
            f"{line['after']:,}",
            signed(line["change"]),
            f"{line['before_area'] / HECTARE:,.2f}",
            f"{line['after_area'] / HECTARE:,.2f}",
            signed(line["change_area"] / HECTARE, 2),
        )
    return made


def _changed_table(changed: pd.DataFrame, rulebook: Rulebook) -> Table:
    made = table(
        _("Largest parcels that come out otherwise"),
        [(_("parcel code"), "left"), (_("town"), "left"), (_("type"), "left"),
         (_("area (m²)"), "right"), (_("before"), "left"), (_("after"), "left"),
         (_("criteria that made the difference"), "left")],
    )  # fmt: skip
    types, verdicts = rulebook.domain("land_type"), rulebook.domain("verdict")
    for line in changed.head(SHOWN).fillna("").to_dict("records"):
        made.add_row(
            line["parcel_code"] or line["row"],
            line["town_name"] or "—",
            label_of(types, line["land_type"]),
            f"{line['area'] or 0:,.0f}",
            _verdict(line["before"], verdicts),
            _verdict(line["after"], verdicts),
            line["criteria"].replace(";", "、"),
        )
    made.caption = _("the {shown} largest of {count}").format(
        shown=min(SHOWN, len(changed)), count=len(changed)
    )
    return made


def _verdict(code: str, labels: Mapping[str, tuple[str, str]]) -> Text:
    return Text(label_of(labels, code), style=VERDICT_STYLE.get(code, ""))
