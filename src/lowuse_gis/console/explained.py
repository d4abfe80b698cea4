"""The reasoning about a parcel, in sentences and a table."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from rich.text import Text

from lowuse_gis.console.labels import Labels
from lowuse_gis.console.reasons import (
    basis_lines,
    left_out,
    nothing,
    plain,
    reasons_table,
    told,
)
from lowuse_gis.console.settled import (
    change_sentence,
    plain_settlement,
    settlement_sentences,
)
from lowuse_gis.console.show import HECTARE, VERDICT_STYLE, to_screen
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    import pandas as pd

    from lowuse_gis.io.result import Result
    from lowuse_gis.stages.explain import Explanation

DAY = 10  # signs of an ISO date


def show(explanation: Explanation, result: Result, *, everything: bool = False) -> None:
    """Print why a parcel has its verdict.

    Parameters
    ----------
    explanation, result
        The reasoning, and the result with its labels.
    everything
        Also the exclusions and flags that are known not to be met.
    """
    labels, screen, parcel = Labels(result), to_screen(), explanation.parcel
    for line in sentences(explanation, labels, result):
        screen.print(line, soft_wrap=True)
    lines = explanation.findings if everything else told(explanation.findings)
    title = _("Criteria of parcel {code}").format(code=parcel["parcel_code"] or parcel.name)
    screen.print(reasons_table(lines, labels, title))
    rest = "" if everything else left_out(explanation.findings)
    if rest:
        screen.print(
            _("Known not to hold: {codes} (--all shows them).").format(codes=rest),
            soft_wrap=True,
            style="dim",
        )
    screen.print(Text(_("Basis and thresholds"), style="bold"))
    for basis in basis_lines(lines, labels):
        screen.print(basis, soft_wrap=True)
    screen.print()


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
        for text in (
            _decision(parcel, labels),
            _count(parcel),
            _flags(parcel, explanation),
            _missing(parcel, labels),
        )
        if text
    ]
    lines += [Text(f"· {text}") for text in _met(explanation, labels, result)]
    if explanation.change:
        lines.append(Text(change_sentence(explanation.change, explanation.would_be, labels)))
    elif explanation.change is None and parcel["verdict_rule"] != "undetermined":
        lines.append(Text(_("No change of a measured value alone gives another verdict.")))
    lines += [Text(text) for text in settlement_sentences(explanation, labels)]
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
        plain(parcel[name]) for name in ("town_name", "village_code", "location")
    ).strip()
    text = _("Parcel {code} (row {row}), {place}: {type}, {area} ({ha} ha, {mu} mu).").format(
        code=plain(parcel["parcel_code"]) or "—",
        row=parcel.name,
        place=place or "—",
        type=_type(parcel, labels),
        area=written_number(area, "m²"),
        ha=written_number(area / HECTARE),
        mu=written_number(round(area / mu, 2)),
    )
    return Text(text, style="bold")


def _type(parcel: pd.Series, labels: Labels) -> str:
    if nothing(parcel["land_type"]):
        return _("type unknown")
    basis = labels.code("land_type_basis", plain(parcel["land_type_basis"]))
    return f"{labels.code('land_type', parcel['land_type'])}（{basis}）"


def _verdict(parcel: pd.Series, labels: Labels, findings: pd.DataFrame) -> Text:
    verdict = parcel["verdict_rule"]
    text = Text(_("Verdict: "))
    text.append(labels.code("verdict", verdict), style=VERDICT_STYLE.get(verdict, "bold"))
    if parcel["leaning"] is True or parcel["leaning"] == 1:
        text.append(_(" (leaning low-use: criteria are met, only exclusions are unknown)"))
    if verdict == "low_use" and parcel["low_use_area"] > 0:
        text.append(
            _("; low-use area {area}").format(area=written_number(parcel["low_use_area"], "m²"))
        )
    if verdict == "excluded":
        text.append(_(", because of {codes}").format(codes=_reasons(parcel, findings)))
    return text


def _decision(parcel: pd.Series, labels: Labels) -> str:
    """Write what the town decided; empty where it did not."""
    state = plain(parcel.get("decision_state"))
    if state == "stale":
        return _("The town decided on an earlier verdict; its decision no longer stands.")
    if not state:
        return ""
    reason = plain(parcel["decision_reason"])
    return _("Decided by {who} on {date}: {verdict}.").format(
        who=plain(parcel["decided_by"]) or "—",
        date=plain(parcel["decided_on"])[:DAY],
        verdict=labels.code("verdict", parcel["verdict_final"])
        + (f"（{reason}）" if reason else ""),
    )


def _reasons(parcel: pd.Series, findings: pd.DataFrame) -> str:
    """Name what excludes a parcel: exclusions that are met, or a type that is none of the five."""
    lines = findings.drop_duplicates("criterion").set_index("criterion")
    named = []
    for code in plain(parcel["criteria_met"]).split(";"):
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
        return labels.value(name, math.nan if nothing(known) else known, known)

    return re.sub(r"\{([^}]+)\}", value, template)


def _count(parcel: pd.Series) -> str:
    if nothing(parcel["weak_needed"]):
        return ""
    return _(
        "{strong} strong criteria met (one is enough), {weak} weak ones (of {needed} needed)."
    ).format(
        strong=int(parcel["strong_met"]),
        weak=int(parcel["weak_met"]),
        needed=int(parcel["weak_needed"]),
    )


def _flags(parcel: pd.Series, explanation: Explanation) -> str:
    codes = [code for code in plain(parcel["flags_met"]).split(";") if code]
    if not codes:
        return ""
    lines = explanation.findings.drop_duplicates("criterion").set_index("criterion")
    named = [f"{c} {pick(lines.at[c, 'title'], lines.at[c, 'title_en'])}" for c in codes]
    return _("Noted, without deciding: {flags}.").format(flags="、".join(named))


def _missing(parcel: pd.Series, labels: Labels) -> str:
    names = plain(parcel["missing"])
    if not names:
        return ""
    bodies = "、".join(
        labels.code("body", body) for body in plain(parcel["ask"]).split(";") if body
    )
    return _("Missing: {columns}; ask {bodies}.").format(
        columns=labels.columns(names), bodies=bodies
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
        "settlement": plain_settlement(explanation),
    }
