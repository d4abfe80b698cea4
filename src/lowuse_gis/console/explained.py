"""The reasoning about a parcel, in sentences and a table."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lowuse_gis.console.labels import Labels
from lowuse_gis.console.show import HECTARE, VERDICT_STYLE, table, to_screen
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lowuse_gis.core.counterfactual import Change
    from lowuse_gis.io.result import Result
    from lowuse_gis.stages.explain import Explanation

TRUTH_STYLE = {"true": "bold red", "unknown": "yellow", "false": "green"}


def show(explanation: Explanation, result: Result) -> None:
    """Print why a parcel has its verdict.

    Parameters
    ----------
    explanation, result
        The reasoning, and the result with its labels.
    """
    labels, screen, parcel = Labels(result), to_screen(), explanation.parcel
    for line in sentences(explanation, labels, result):
        screen.print(line, soft_wrap=True)
    made = table(
        _("Criteria of parcel {code}").format(code=parcel["parcel_code"] or parcel.name),
        [(_("criterion"), "left"), (_("strength"), "left"), (_("outcome"), "left"),
         (_("measure"), "left"), (_("value"), "right"), (_("limit"), "left"),
         (_("source"), "left")],
    )  # fmt: skip
    for line in explanation.findings.to_dict("records"):
        made.add_row(*_cells(line, labels))
    screen.print(made)
    screen.print(Text(_("Basis and thresholds"), style="bold"))
    for line in explanation.findings.to_dict("records"):
        screen.print(_basis(line, labels), soft_wrap=True)
    screen.print()


def _cells(line: dict[str, Any], labels: Labels) -> list[str | Text]:
    first = line["atom"] == 0
    title = f"{line['criterion']} {pick(line['title'], line['title_en'] or '')}"
    outcome = Text(
        labels.code("truth", line["atom_truth"]), TRUTH_STYLE.get(line["atom_truth"], "")
    )
    known = not _nothing(line["limit"])
    limit = written_number(line["limit"]) if known else line["compared"].replace("'", "")
    return [
        title if first else "",
        labels.code("strength", line["strength"]) if first else "",
        outcome,
        labels.column(line["measure"]),
        labels.value(line["measure"], line["value"], line["text"]),
        f"{line['operator']} {limit}".strip(),
        _source(line),
    ]


def _basis(line: dict[str, Any], labels: Labels) -> str:
    """Write where a criterion comes from, and which row of the thresholds it used."""
    status = labels.code("status", line["status"])
    basis = f"{line['document']} {_text(line['clause'])}".strip()
    parts = [f"{basis}（{status}）"] if line["atom"] == 0 else []
    if not _nothing(line["threshold"]):
        known = labels.code("status", _text(line["threshold_status"]))
        parts.append(f"{line['threshold'].replace(';', '、')}（{known}）")
    return f"  {line['criterion']}  " + "；".join(parts)


def _source(line: dict[str, Any]) -> str:
    if _nothing(line["source_file"]):
        return _("not supplied")
    dated = _text(line["source_date"]) or _("(undated)")
    return f"{_text(line['source_file'])} {dated}"


def _nothing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _text(value: object) -> str:
    return "" if _nothing(value) else str(value)


def sentences(explanation: Explanation, labels: Labels, result: Result) -> list[Text]:
    """Write the reasoning in sentences.

    Parameters
    ----------
    explanation, labels, result
        The reasoning and what codes are called.

    Returns
    -------
    list of Text
    """
    parcel = explanation.parcel
    mu = float(result.run["mu"])
    lines = [_head(parcel, labels, mu), _verdict(parcel, labels, explanation.findings)]
    lines += [
        Text(text)
        for text in (_count(parcel), _flags(parcel, explanation), _missing(parcel, labels))
        if text
    ]
    lines += [Text(f"· {text}") for text in _met(explanation, labels, result)]
    if explanation.change:
        lines.append(Text(_change(explanation.change, explanation.would_be, labels)))
    elif explanation.change is None and parcel["verdict"] != "undetermined":
        lines.append(Text(_("No change of a measured value alone gives another verdict.")))
    run = result.run
    lines.append(
        Text(
            _("Judged by {title} {version} as of {date}.").format(
                title=run["title"], version=run["version"], date=run["as_of"]
            ),
            style="dim",
        )
    )
    return lines


def _head(parcel: pd.Series, labels: Labels, mu: float) -> Text:
    area = float(parcel["area"])
    place = " ".join(
        _text(parcel[name]) for name in ("town_name", "village_code", "location")
    ).strip()
    text = _("Parcel {code} (row {row}), {place}: {type}, {area} ({ha} ha, {mu} mu).").format(
        code=_text(parcel["parcel_code"]) or "—",
        row=parcel.name,
        place=place or "—",
        type=_type(parcel, labels),
        area=written_number(area, "m²"),
        ha=written_number(area / HECTARE),
        mu=written_number(round(area / mu, 2)),
    )
    return Text(text, style="bold")


def _type(parcel: pd.Series, labels: Labels) -> str:
    if _nothing(parcel["land_type"]):
        return _("type unknown")
    basis = labels.code("land_type_basis", _text(parcel["land_type_basis"]))
    return f"{labels.code('land_type', parcel['land_type'])}（{basis}）"


def _verdict(parcel: pd.Series, labels: Labels, findings: pd.DataFrame) -> Text:
    verdict = parcel["verdict"]
    text = Text(_("Verdict: "))
    text.append(labels.code("verdict", verdict), style=VERDICT_STYLE.get(verdict, "bold"))
    if parcel["leaning"] is True or parcel["leaning"] == 1:
        text.append(_(" (leaning low-use: criteria are met, only exclusions are unknown)"))
    if verdict == "low_use":
        text.append(
            _("; low-use area {area}").format(area=written_number(parcel["low_use_area"], "m²"))
        )
    if verdict == "excluded":
        text.append(_(", because of {codes}").format(codes=_reasons(parcel, findings)))
    return text


def _reasons(parcel: pd.Series, findings: pd.DataFrame) -> str:
    """Name what excludes a parcel: exclusions that are met, or a type that is none of the five."""
    lines = findings.drop_duplicates("criterion").set_index("criterion")
    named = []
    for code in _text(parcel["criteria_met"]).split(";"):
        if code not in lines.index:
            none = _("none of the five types")
            named.append(f"{code} {none}")
        elif lines.at[code, "strength"] == "exclusion":
            named.append(f"{code} {pick(lines.at[code, 'title'], lines.at[code, 'title_en'])}")
    return "、".join(named)


def _met(explanation: Explanation, labels: Labels, result: Result) -> list[str]:
    """Write each criterion that is met as a sentence, by the rulebook's own words."""
    rows = result.tables["thresholds"]
    values = zip(rows["value"], rows["unit"].fillna(""), strict=True)
    by_row = dict(zip(rows["row_label"], values, strict=True))
    met = explanation.findings[explanation.findings["truth"] == "true"]
    sentences = []
    for code, lines in met.groupby("criterion", sort=False):
        first = lines.iloc[0]
        used = ";".join(lines["threshold"].fillna("")).split(";")
        limits = {row.split("[")[0]: by_row[row] for row in used if row in by_row}
        text = f"{code} {pick(first['title'], first['title_en'])}"
        if language() == "zh" and first["evidence"]:
            text += "：" + _filled(first["evidence"], explanation.parcel, limits, labels)
        sentences.append(text)
    return sentences


def _filled(
    template: str, parcel: pd.Series, limits: dict[str, tuple[float, str]], labels: Labels
) -> str:
    """Fill the columns of a parcel and the ``:thresholds`` used into a rulebook's sentence."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith(":"):
            return written_number(*limits.get(name[1:], (math.nan, "")))
        known = parcel[name]
        return labels.value(name, math.nan if _nothing(known) else known, known)

    return re.sub(r"\{([^}]+)\}", value, template)


def _count(parcel: pd.Series) -> str:
    if _nothing(parcel["weak_needed"]):
        return ""
    return _(
        "{strong} strong criteria met (one is enough), {weak} weak ones (of {needed} needed)."
    ).format(
        strong=int(parcel["strong_met"]),
        weak=int(parcel["weak_met"]),
        needed=int(parcel["weak_needed"]),
    )


def _flags(parcel: pd.Series, explanation: Explanation) -> str:
    codes = [code for code in _text(parcel["flags_met"]).split(";") if code]
    if not codes:
        return ""
    lines = explanation.findings.drop_duplicates("criterion").set_index("criterion")
    named = [f"{c} {pick(lines.at[c, 'title'], lines.at[c, 'title_en'])}" for c in codes]
    return _("Noted, without deciding: {flags}.").format(flags="、".join(named))


def _missing(parcel: pd.Series, labels: Labels) -> str:
    names = _text(parcel["missing"])
    if not names:
        return ""
    bodies = "、".join(
        labels.code("body", body) for body in _text(parcel["ask"]).split(";") if body
    )
    return _("Missing: {columns}; ask {bodies}.").format(
        columns=labels.columns(names), bodies=bodies
    )


def _change(changes: Sequence[Change], would_be: str, labels: Labels) -> str:
    parts = []
    for change in changes:
        if math.isnan(change.limit) or math.isnan(change.value):
            parts.append(_("{measure} were another").format(measure=labels.column(change.measure)))
            continue
        unit = labels.unit(change.measure)
        parts.append(
            _("{measure} were {sign} {limit} (now {value}, {gap} away)").format(
                measure=labels.column(change.measure),
                sign=change.operator,
                limit=written_number(change.limit, unit),
                value=written_number(change.value, unit),
                gap=written_number(abs(change.limit - change.value), unit),
            )
        )
    return _("Smallest change: it would be {verdict} if {parts}.").format(
        verdict=labels.code("verdict", would_be), parts=_(" and ").join(dict.fromkeys(parts))
    )


def as_data(explanation: Explanation, result: Result) -> dict[str, object]:
    """Return the reasoning as plain data.

    Parameters
    ----------
    explanation, result
        The reasoning, and the result with its labels.

    Returns
    -------
    dict
        Parcel, sentences, findings and the smallest change.
    """
    labels = Labels(result)
    return {
        "row": explanation.parcel.name,
        "parcel": explanation.parcel.to_dict(),
        "sentences": [line.plain for line in sentences(explanation, labels, result)],
        "findings": explanation.findings,
        "smallest_change": None
        if explanation.change is None
        else [vars(change) for change in explanation.change],
        "would_be": explanation.would_be,
    }
