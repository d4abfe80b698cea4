"""A sweep of thresholds, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from lowuse_gis.commands.sweep_sheets import ends
from lowuse_gis.console.bars import bar, signed
from lowuse_gis.console.show import (
    HECTARE,
    VERDICT_STYLE,
    files_written,
    label_of,
    table,
    to_screen,
    to_user,
)
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.table import Table

    from lowuse_gis.commands.rules_sweep import Outcome
    from lowuse_gis.model import Rulebook
    from lowuse_gis.stages.rejudge import Swept

SHOWN = 20  # borderline parcels on the screen


def show_swept(outcome: Outcome) -> None:
    """Show what a sweep found.

    Parameters
    ----------
    outcome
        Of the command.
    """
    tell_other_rules(outcome)
    screen = to_screen()
    for item in outcome.swept:
        screen.print(_values_table(item))
        _tell_rows(item)
        screen.print(_by_table(item, item.by_type, outcome.rulebook))
        screen.print(_by_table(item, item.by_town, None))
    if outcome.ranking is not None:
        screen.print(_ranking_table(outcome.ranking))
    screen.print(_border_table(outcome.flips, outcome.rulebook))
    files_written(outcome.files)


def swept_json(outcome: Outcome) -> dict[str, object]:
    """Return what a sweep found as plain data.

    Parameters
    ----------
    outcome
        Of the command.

    Returns
    -------
    dict
        Areas in m².
    """
    return {
        "rulebook": outcome.rulebook.name,
        "version": outcome.rulebook.version,
        "rules_sha256": outcome.rulebook.sha256,
        "result_rules_sha256": outcome.run["rules_sha256"],
        "as_of": outcome.run["as_of"],
        "parcels": outcome.parcels,
        "differing_before": outcome.differing,
        "columns_absent": outcome.absent,
        "sweeps": [
            {
                "threshold": item.target.label,
                "unit": item.target.unit,
                "present": item.target.present,
                "criteria": item.target.criteria,
                "parcels_of_the_row": item.used,
                "parcels_of_special_rows": item.special,
                "parcels_of_no_known_row": item.unknown,
                "values": item.by_value,
                "by_type": item.by_type,
                "by_town": item.by_town,
            }
            for item in outcome.swept
        ],
        "ranking": outcome.ranking,
        "borderline": outcome.flips,
        "files": [str(path) for path in outcome.files],
    }


def tell_other_rules(outcome: Outcome) -> None:
    """Warn on stderr where the result was not judged by these rules.

    Parameters
    ----------
    outcome
        Of the command.
    """
    if outcome.other_rules or outcome.differing:
        text = (
            _(
                "note: the result was judged by other rules than {name} {version} as they are now;"
                " before any sweep {differing} of {count} verdicts differ"
            )
            if outcome.other_rules
            else _(
                "note: judged again by the same rules {name} {version}, {differing} of {count}"
                " verdicts differ from those of the result"
            )
        ).format(
            name=outcome.rulebook.name,
            version=outcome.rulebook.version,
            differing=outcome.differing,
            count=outcome.parcels,
        )
        to_user().print(text, soft_wrap=True)
    if outcome.absent:
        text = _("note: the result has no {columns}; what reads them is unknown").format(
            columns="、".join(outcome.absent)
        )
        to_user().print(text, soft_wrap=True)


def _values_table(item: Swept) -> Table:
    target = item.target
    made = table(
        _("{threshold}, now {present}; read by {criteria}").format(
            threshold=target.label,
            present=written_number(target.present, target.unit),
            criteria="、".join(target.criteria) or _("the formula"),
        ),
        [(_("value"), "right"), (_("low-use"), "right"), (_("low-use (ha)"), "right"),
         ("", "left"), (_("change"), "right"), (_("change (ha)"), "right"),
         (_("leaning"), "right"), (_("leaning (ha)"), "right"), (_("undetermined"), "right"),
         (_("undetermined (ha)"), "right")],
    )  # fmt: skip
    longest = float(item.by_value["low_use_area"].max())
    for line in item.by_value.to_dict("records"):
        mark = "● " if line["present"] else ""
        made.add_row(
            mark + written_number(line["value"]),
            f"{line['low_use']:,}",
            _hectares(line["low_use_area"]),
            bar(line["low_use_area"], longest),
            signed(line["change"]),
            signed(line["change_area"] / HECTARE, 2),
            f"{line['leaning']:,}",
            _hectares(line["leaning_area"]),
            f"{line['undetermined']:,}",
            _hectares(line["undetermined_area"]),
            style="bold" if line["present"] else "",
        )
    made.caption = _("● the present value")
    return made


def _hectares(area: float) -> str:
    return f"{area / HECTARE:,.2f}"


def _tell_rows(item: Swept) -> None:
    """Say for how many parcels the row that was moved is not the one that counts."""
    if not item.target.decides:
        text = _("{threshold} is read by flags only: no verdict hangs on it")
        to_screen().print(text.format(threshold=item.target.label), soft_wrap=True)
    if item.special:
        text = _("{special} of {count} parcels use another row of this threshold and keep it")
        count = item.used + item.special + item.unknown
        to_screen().print(text.format(special=item.special, count=count), soft_wrap=True)
    if item.unknown:
        text = _("for {unknown} parcels it is not known which row applies")
        to_screen().print(text.format(unknown=item.unknown), soft_wrap=True)


def _by_table(item: Swept, frame: pd.DataFrame, rulebook: Rulebook | None) -> Table:
    shown = ends(item)
    heads = []
    for value in shown.values():
        written = written_number(value)
        heads.append((_("low-use at {value}").format(value=written), "right"))
        heads.append((_("low-use at {value} (ha)").format(value=written), "right"))
    title = _("Low-use land by type") if rulebook else _("Low-use land by town")
    made = table(title, [(_("type") if rulebook else _("town"), "left"), *heads])
    labels = rulebook.domain("land_type") if rulebook else {}
    for line in frame.to_dict("records"):
        name = (
            label_of(labels, line["land_type"])
            if rulebook
            else line["town_name"] or line["town_code"] or _("town unknown")
        )
        cells = [
            text for end in shown for text in (f"{line[end]:,}", _hectares(line[f"{end}_area"]))
        ]
        made.add_row(name, *cells)
    return made


def _ranking_table(ranking: pd.DataFrame) -> Table:
    made = table(
        _("Which threshold moves most (a fifth down, a fifth up)"),
        [(_("threshold"), "left"), (_("present"), "right"),
         (_("lower"), "right"), (_("change (ha)"), "right"), (_("other verdict"), "right"),
         (_("higher"), "right"), (_("change (ha)"), "right"), (_("other verdict"), "right"),
         ("", "left")],
    )  # fmt: skip
    weight = ranking["lower_change_area"].abs() + ranking["higher_change_area"].abs()
    for line, moved in zip(ranking.to_dict("records"), weight, strict=True):
        cells = []
        for side in ("lower", "higher"):
            cells += [
                written_number(line[side]),
                signed(line[f"{side}_change_area"] / HECTARE, 2),
                f"{line[f'{side}_moved']:,}",
            ]
        made.add_row(
            line["threshold"],
            written_number(line["present"], line["unit"]),
            *cells,
            bar(moved, float(weight.max())) if line["decides"] else _("flags only"),
        )
    made.caption = _("whole numbers move by one at least; years by a fifth of what is measured")
    return made


def _border_table(flips: pd.DataFrame, rulebook: Rulebook) -> Table:
    made = table(
        _("Borderline parcels to visit first"),
        [(_("parcel code"), "left"), (_("town"), "left"), (_("type"), "left"),
         (_("area (m²)"), "right"), (_("verdict now"), "left"), (_("flips to"), "left"),
         (_("threshold"), "left"), (_("at value"), "right")],
    )  # fmt: skip
    types, verdicts = rulebook.domain("land_type"), rulebook.domain("verdict")
    each = flips.drop_duplicates("row")
    for line in each.head(SHOWN).to_dict("records"):
        made.add_row(
            _known(line["parcel_code"]) or line["row"],
            _known(line["town_name"]) or "—",
            label_of(types, _known(line["land_type"])),
            f"{line['area']:,.0f}",
            _verdict(line["verdict"], verdicts),
            _verdict(line["would_be"], verdicts),
            line["threshold"],
            written_number(line["at"]),
        )
    made.caption = (
        _("the first {shown} of {count}; all are written with -o").format(
            shown=min(SHOWN, len(each)), count=len(each)
        )
        if len(each)
        else _("no verdict flips in this range")
    )
    return made


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""


def _verdict(code: str, labels: Mapping[str, tuple[str, str]]) -> Text:
    return Text(label_of(labels, code), style=VERDICT_STYLE.get(code, ""))
