"""Lay out a result for the towns: what to decide, why it is proposed, how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.review import fingerprints, reviewers
from lowuse_gis.core.verdict import EXCLUDED, LOW_USE, NOT_LOW_USE, TOO_SMALL, UNDETERMINED
from lowuse_gis.core.wording import filled, written, written_list, written_number
from lowuse_gis.language import _, language, pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from lowuse_gis.io.result import Result

LEANING = "leaning"
ORDER = (LOW_USE, LEANING, UNDETERMINED, NOT_LOW_USE, EXCLUDED, TOO_SMALL)
DECISIVE = ("strong", "weak", "exclusion", "small")
CARRIED = ("parcel_code", "location", "owner", "village_code", "area")
CURRENT, STALE = "current", "stale"


def review_table(result: Result) -> pd.DataFrame:
    """Write every parcel of a result as a line that a town can answer.

    Parameters
    ----------
    result
        What classify wrote.

    Returns
    -------
    DataFrame
        Per parcel ``reviewer``, the columns people know it by, ``proposal``, ``why``, ``missing``,
        ``ask``, ``flags``, what was decided ``so_far``, and the fingerprint it ``answers``; sorted
        by verdict, then parcel code.
    """
    parcels = result.parcels
    kind = parcels["verdict_rule"].mask(_leaning(parcels), LEANING)
    lines = pd.DataFrame(
        {
            "reviewer": reviewers(parcels, result.codes("zone")),
            "row": parcels.index,
            **{name: parcels[name] for name in CARRIED},
            "mu": (parcels["area"] / float(result.run["mu"])).round(4),
            "land_type": _column(result, "land_type"),
            "proposal": _proposal(result),
            "why": reasons(result),
            "missing": written_list(parcels["missing"], _labels_of(result, "columns", "name")),
            "ask": written_list(parcels["ask"], _code_labels(result, "body")),
            "flags": written_list(parcels["flags_met"], _titles(result)),
            "so_far": _so_far(result),
            "answers": fingerprints(parcels),
            "order": kind.map({name: at for at, name in enumerate(ORDER)}),
        }
    )
    lines["place"] = np.arange(len(lines))
    lines = lines.sort_values(["order", "parcel_code", "place"], na_position="last")
    return lines.drop(columns=["order", "place"]).reset_index(drop=True)


def review_status(result: Result) -> pd.DataFrame:
    """Count by town or park what is proposed, decided, stale and open.

    Parameters
    ----------
    result
        What classify wrote.

    Returns
    -------
    DataFrame
        Of parcels proposed as low-use or undetermined: ``decided``, ``stale`` and ``open`` make
        up all of them. ``others_decided`` counts decisions on further parcels.
    """
    parcels = result.parcels
    state = parcels.get("decision_state", pd.Series("", parcels.index)).fillna("")
    low, unclear = parcels["verdict_rule"] == LOW_USE, parcels["verdict_rule"] == UNDETERMINED
    proposed, current = low | unclear, state == CURRENT
    table = pd.DataFrame(
        {
            "town": reviewers(parcels, result.codes("zone")),
            "low_use": low,
            "undetermined": unclear,
            "decided": proposed & current,
            "stale": proposed & (state == STALE),
            "open": proposed & ~state.isin([CURRENT, STALE]),
            "others_decided": ~proposed & current,
        }
    )
    return table.groupby("town", as_index=False).sum()


def _leaning(parcels: pd.DataFrame) -> pd.Series:
    return parcels["leaning"].fillna(value=False).astype(bool)


def _proposal(result: Result) -> pd.Series:
    """Write the verdict; one that leans to low-use says so."""
    leaning = _labels_of(result, "columns", "name")(LEANING)
    verdict = _column(result, "verdict_rule")
    return verdict.mask(
        _leaning(result.parcels), verdict + pick("（", " (") + leaning + pick("）", ")")
    )


def _so_far(result: Result) -> pd.Series:
    parcels = result.parcels
    if "decision_state" not in parcels:
        return pd.Series("", parcels.index)
    state, final = _column(result, "decision_state"), _column(result, "verdict_final")
    known = parcels["verdict_final"].notna()
    text = state.where(~known, state + pick("：", ": ") + final)
    return text.where(parcels["decision_state"].notna(), "")


def reasons(result: Result) -> pd.Series:
    """Name every criterion that decides, with its evidence in the rulebook's words.

    Parameters
    ----------
    result
        What classify wrote; of its findings those of criteria that are met are enough.

    Returns
    -------
    Series of str
        By row of the parcel.
    """
    parcels, findings = result.parcels, result.tables["findings"]
    criteria = result.tables["criteria"].fillna("")
    criteria = criteria[criteria["strength"].isin(DECISIVE)].set_index("code")
    met = findings[findings["truth"] == "true"]
    met = met[met["criterion"].isin(criteria.index)]
    text = pd.Series("", index=parcels.index, dtype="str")
    stop = pick("；", "; ")
    for code, lines in met.groupby("criterion"):
        said = _sentence(str(code), criteria.loc[code], lines, result)
        text.loc[said.index] = text.loc[said.index] + said + stop
    last = parcels["criteria_met"].fillna("").str.split(";").str[-1]
    out = (last != "") & ~last.isin(result.tables["criteria"]["code"])  # excluded by its type
    text = text.mask(out, text + last + " " + _("none of the five types") + stop)
    counted = _count(parcels)
    return (text + counted).where(counted != "", text.str.removesuffix(stop))


def _sentence(code: str, criterion: pd.Series, lines: pd.DataFrame, result: Result) -> pd.Series:
    rows = result.parcels.loc[lines["row"].unique()]
    head = f"{code} {pick(criterion['title'], criterion['title_en'])}"
    if language() == "en" or not criterion["evidence"]:  # the evidence is in Chinese only
        return pd.Series(head, index=rows.index, dtype="str")

    def value(name: str) -> pd.Series:
        if name.startswith(":"):
            return _limits(name[1:], lines, result).reindex(rows.index).fillna("—")
        return _column(result, name, rows.index)

    return head + "：" + filled(criterion["evidence"], rows.index, value)


def _limits(name: str, lines: pd.DataFrame, result: Result) -> pd.Series:
    """Write, per parcel, the value of a threshold as the row of the thresholds used has it."""
    table = result.tables["thresholds"].fillna({"unit": ""})
    table = table[table["name"] == name]
    pairs = zip(table["row_label"], table["value"], table["unit"], strict=True)
    texts = {label: written_number(float(value), unit) for label, value, unit in pairs}
    used = lines.assign(label=lines["threshold"].fillna("").str.split(";")).explode("label")
    used = used[used["label"].isin(list(texts))].drop_duplicates("row")
    return used.set_index("row")["label"].map(texts)


def _count(parcels: pd.DataFrame) -> pd.Series:
    """Say how many strong and weak criteria are met, where they were counted."""
    names = {"strong": "strong_met", "weak": "weak_met", "needed": "weak_needed"}
    template = _(
        "{strong} strong criteria met (one is enough), {weak} weak ones (of {needed} needed)."
    )
    text = filled(template, parcels.index, lambda name: written(parcels[names[name]], "", {}))
    counted = parcels["weak_needed"].notna() & parcels["verdict_rule"].isin(
        [LOW_USE, UNDETERMINED, NOT_LOW_USE]
    )
    return text.where(counted, "")


def _column(result: Result, name: str, rows: pd.Index | None = None) -> pd.Series:
    """Write a column out by the result's own labels, of all parcels or of some."""
    columns = result.tables["columns"].fillna("").set_index("name")
    labels = result.tables["labels"].fillna("")
    mine = labels[labels["domain"] == columns.at[name, "domain"]]
    pairs = zip(mine["label"], mine["label_en"], strict=True)
    known = dict(zip(mine["code"], pairs, strict=True))
    values = result.parcels[name] if rows is None else result.parcels.loc[rows, name]
    return written(values, columns.at[name, "unit"], known)


def _named(table: pd.DataFrame, key: str, chinese: str, english: str) -> Callable[[str], str]:
    """Return what gives the label of a code; the code itself where it has none."""
    texts = table.fillna("")
    pairs = zip(texts[chinese], texts[english], strict=True)
    labels = {code: pick(*both) for code, both in zip(texts[key], pairs, strict=True)}
    return lambda code: labels.get(code, code)


def _labels_of(result: Result, table: str, key: str) -> Callable[[str], str]:
    return _named(result.tables[table], key, "label", "label_en")


def _code_labels(result: Result, domain: str) -> Callable[[str], str]:
    labels = result.tables["labels"]
    return _named(labels[labels["domain"] == domain], "code", "label", "label_en")


def _titles(result: Result) -> Callable[[str], str]:
    criteria = result.tables["criteria"].fillna("")
    codes = criteria["code"] + " "
    english = criteria["title_en"].where(criteria["title_en"] != "", criteria["title"])
    table = criteria.assign(title=codes + criteria["title"], title_en=codes + english)
    return _named(table, "code", "title", "title_en")
