"""What a sweep hands over as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.wording import written_number
from lowuse_gis.io.workbook import OutSheet
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.rules_sweep import Outcome
    from lowuse_gis.model import Rulebook
    from lowuse_gis.stages.rejudge import Swept

HECTARE = 10_000


def sweep_sheets(outcome: Outcome) -> list[OutSheet]:
    """Lay a sweep out as sheets; the first also stands alone as CSV.

    Parameters
    ----------
    outcome
        Of the command.

    Returns
    -------
    list of OutSheet
        Values or ranking; by type and by town where thresholds were named; borderline parcels.
    """
    rulebook, note = outcome.rulebook, _note(outcome)
    sheets = []
    if outcome.ranking is not None:
        sheets.append(
            _sheet(_("thresholds"), _("Which threshold moves most"), ranked(outcome.ranking), note)
        )
    else:
        sheets.append(_sheet(_("values"), _("Thresholds swept"), _values(outcome.swept), note))
        kinds = _by(outcome.swept, "by_type", rulebook)
        sheets.append(_sheet(_("by type"), _("Low-use land by type"), kinds, note))
        towns = _by(outcome.swept, "by_town", rulebook)
        sheets.append(_sheet(_("by town"), _("Low-use land by town"), towns, note))
    title = _("Borderline parcels to visit first")
    sheets.append(_sheet(_("borderline parcels"), title, border(outcome.flips, rulebook), note))
    return sheets


def _sheet(name: str, title: str, frame: pd.DataFrame, note: str) -> OutSheet:
    decimals = {head: 2 for head in frame if str(head).endswith(_("(ha)"))}
    return OutSheet(name, title, frame, note, decimals)


def _note(outcome: Outcome) -> str:
    said = _("Rules {title} {version}; result of {date}; {count} parcels; nothing measured again")
    note = said.format(
        title=pick(outcome.rulebook.title, outcome.rulebook.title_en),
        version=outcome.rulebook.version,
        date=outcome.run["as_of"],
        count=outcome.parcels,
    )
    if outcome.other_rules:
        more = _("the result was judged by other rules: {differing} verdicts differ before a sweep")
        note += "; " + more.format(differing=outcome.differing)
    return note


def _values(swept: Sequence[Swept]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    _("threshold"): item.target.label,
                    _("value"): item.by_value["value"],
                    _("unit of measure"): item.target.unit,
                    _("present"): item.by_value["present"].map({True: "●", False: ""}),
                    _("low-use"): item.by_value["low_use"],
                    _("low-use (ha)"): item.by_value["low_use_area"] / HECTARE,
                    _("change"): item.by_value["change"],
                    _("change (ha)"): item.by_value["change_area"] / HECTARE,
                    _("leaning"): item.by_value["leaning"],
                    _("leaning (ha)"): item.by_value["leaning_area"] / HECTARE,
                    _("undetermined"): item.by_value["undetermined"],
                    _("undetermined (ha)"): item.by_value["undetermined_area"] / HECTARE,
                    _("other verdict"): item.by_value["moved"],
                }
            )
            for item in swept
        ],
        ignore_index=True,
    ).round(6)


def _by(swept: Sequence[Swept], which: str, rulebook: Rulebook) -> pd.DataFrame:
    frames = []
    for item in swept:
        table: pd.DataFrame = getattr(item, which)
        if which == "by_type":
            labels = rulebook.domain("land_type")
            own = {_("type"): _labelled(table["land_type"], labels)}
        else:
            own = {_("town code"): table["town_code"], _("town"): table["town_name"]}
        columns: dict[str, object] = {_("threshold"): item.target.label, **own}
        for end, value in ends(item).items():
            said = written_number(value)
            columns[_("low-use at {value}").format(value=said)] = table[end]
            head = _("low-use at {value} (ha)").format(value=said)
            columns[head] = (table[f"{end}_area"] / HECTARE).round(6)
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def ends(item: Swept) -> Mapping[str, float]:
    """Return the least, the present and the greatest value of a sweep, each value once.

    Parameters
    ----------
    item
        A threshold swept.

    Returns
    -------
    mapping
        ``least``, ``present``, ``greatest`` to value.
    """
    asked = {"least": item.least, "greatest": item.greatest}
    found = {"present": item.target.present}
    found |= {end: value for end, value in asked.items() if value != item.target.present}
    return {end: found[end] for end in ("least", "present", "greatest") if end in found}


def _labelled(codes: pd.Series, labels: Mapping[str, tuple[str, str]]) -> pd.Series:
    known = {code: pick(*both) for code, both in labels.items()}
    return codes.astype(object).map(lambda code: known.get(code, code) or _("type unknown"))


def ranked(ranking: pd.DataFrame) -> pd.DataFrame:
    """Write out which threshold moves most.

    Parameters
    ----------
    ranking
        Of `rank`.

    Returns
    -------
    DataFrame
        Headings in the user's language, areas in hectares.
    """
    return pd.DataFrame(
        {
            _("threshold"): ranking["threshold"],
            _("unit of measure"): ranking["unit"],
            _("present"): ranking["present"],
            _("criteria"): ranking["criteria"].str.replace(";", "、"),
            _("lower"): ranking["lower"],
            _("change at lower (ha)"): (ranking["lower_change_area"] / HECTARE).round(6),
            _("other verdict at lower"): ranking["lower_moved"],
            _("higher"): ranking["higher"],
            _("change at higher (ha)"): (ranking["higher_change_area"] / HECTARE).round(6),
            _("other verdict at higher"): ranking["higher_moved"],
        }
    )


def border(flips: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Write out parcels whose verdict flips.

    Parameters
    ----------
    flips, rulebook
        Of `sweep`, and the labels.

    Returns
    -------
    DataFrame
        Headings and labels in the user's language.
    """
    verdicts = rulebook.domain("verdict")
    return pd.DataFrame(
        {
            _("row"): flips["row"],
            _("parcel code"): flips["parcel_code"],
            _("town"): flips["town_name"],
            _("type"): _labelled(flips["land_type"], rulebook.domain("land_type")),
            _("area (m²)"): flips["area"],
            _("verdict now"): _labelled(flips["verdict"], verdicts),
            _("flips to"): _labelled(flips["would_be"], verdicts),
            _("threshold"): flips["threshold"],
            _("present"): flips["present"],
            _("at value"): flips["at"],
        }
    )
