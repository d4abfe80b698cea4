"""Why a parcel has its verdict, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.conditions import atom_limits
from lowuse_gis.core.counterfactual import Change, Reason, flip
from lowuse_gis.core.settlement import Settlement, settle
from lowuse_gis.core.verdict import UNDETERMINED
from lowuse_gis.errors import InputError
from lowuse_gis.language import _
from lowuse_gis.measures.buildings import QUALITIES, REGISTERED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.io.result import Result


STRENGTHS = ("strong", "weak", "exclusion", "small", "flag")


@dataclass(frozen=True)
class Explanation:
    """The reasoning about one parcel.

    Attributes
    ----------
    parcel
        Its columns.
    findings
        Per criterion and atom: what was compared with what, by which clause, from which source.
    change
        The smallest change that would give another verdict; None where none is known.
    would_be
        The verdict after that change.
    settlement
        What the unknown criteria can still do; None where the verdict stands or the type is not
        known.
    """

    parcel: pd.Series
    findings: pd.DataFrame
    change: Sequence[Change] | None
    would_be: str
    settlement: Settlement | None


def explain(result: Result, wanted: str) -> tuple[Explanation, ...]:
    """Explain every parcel that a code or row names.

    Parameters
    ----------
    result
        What classify wrote.
    wanted
        A parcel code or a ``row`` such as ``1:17``.

    Returns
    -------
    tuple of Explanation
        Several where parcels share a code.

    Raises
    ------
    InputError
        Where there is no such parcel; the hint names near codes.
    """
    parcels = attributes_of(result.parcels)
    chosen = parcels[(parcels["parcel_code"] == wanted) | (parcels.index == wanted)]
    if not len(chosen):
        raise InputError(
            _("no parcel {wanted} in the result").format(wanted=wanted),
            _("codes near it: {codes}").format(codes=", ".join(_near(parcels, wanted)) or "-"),
        )
    findings = result.tables["findings"]
    mine = described(findings[findings["row"].isin(chosen.index)], result)
    order = mine["strength"].map(STRENGTHS.index)
    mine = mine.assign(order=order).sort_values(["row", "order", "criterion", "atom"])
    return tuple(_explained(parcel, mine[mine["row"] == row]) for row, parcel in chosen.iterrows())


def _near(parcels: pd.DataFrame, wanted: str) -> list[str]:
    codes = parcels["parcel_code"].dropna()
    for length in range(len(wanted), 5, -1):
        hits = codes[codes.str.startswith(wanted[:length])]
        if len(hits):
            return sorted(hits.unique())[:5]
    return sorted(codes.unique())[:3]


def described(findings: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Add to findings what the rules and sources say of them.

    Parameters
    ----------
    findings
        Lines of the result's findings.
    result
        Carries its criteria, thresholds, columns and sources.

    Returns
    -------
    DataFrame
        With criterion title, strength, document, clause, status, the threshold's status, the
        source file and date of the measure, and ``quality``: how its value is known.
    """
    criteria = result.tables["criteria"].set_index("code")
    rules = criteria.reindex(findings["criterion"]).reset_index(drop=True)
    lines = pd.concat([findings.reset_index(drop=True), rules], axis=1)
    columns = result.tables["columns"].set_index("name")
    source = columns["source"].reindex(lines["measure"]).reset_index(drop=True)
    files = (
        result.tables["sources"]
        .groupby("name")
        .agg(
            file=("file", lambda names: "、".join(dict.fromkeys(names))),
            as_of=(
                "as_of",
                lambda dates: "、".join(dict.fromkeys(d for d in dates.fillna("") if d)),
            ),
            title=("title", "first"),
        )
    )
    own = lines["row"].str.split(":").str[0]
    parcels = result.tables["sources"].query("name == 'parcels'")["file"]
    by_number = {str(n): name for n, name in enumerate(parcels, start=1)}
    file = source.map(files["file"]).where(source != "parcels", own.map(by_number))
    known = {"file": file, "title": source.map(files["title"]), "date": source.map(files["as_of"])}
    known = _answered(known, lines, result)
    quality = _quality(lines, columns.reindex(columns=["quality"])["quality"], result.parcels)
    status = result.tables["thresholds"].set_index("row_label")["status"]
    first = lines["threshold"].str.split(";").str[0]
    return lines.assign(
        source=source,
        quality=quality,
        source_title=known["title"],
        source_file=known["file"],
        source_date=known["date"],
        threshold_status=first.map(status),
        compared=[
            atom_limits(when)[atom] for when, atom in zip(lines["when"], lines["atom"], strict=True)
        ],
    )


def _quality(lines: pd.DataFrame, known_as: pd.Series, parcels: pd.DataFrame) -> pd.Series:
    """Say of each value how it is known: by its column, or by the column that says so."""
    quality = known_as.reindex(lines["measure"]).set_axis(lines.index)
    given = QUALITIES[REGISTERED]  # a value where nothing was measured is what somebody said
    for column in quality.dropna().unique():
        if column in parcels:
            hit = quality == column
            own = parcels[column].reindex(lines.loc[hit, "row"]).to_numpy()
            quality[hit] = pd.Series(own, lines.index[hit]).mask(own == QUALITIES[UNKNOWN], given)
    missing = lines["value"].isna() & (lines["text"].fillna("") == "")
    return quality.mask(missing & quality.notna(), QUALITIES[UNKNOWN])


def _answered(
    known: Mapping[str, pd.Series], lines: pd.DataFrame, result: Result
) -> dict[str, pd.Series]:
    """Name the file of a body's answer where that is where a value comes from."""
    answers = result.tables.get("answers")
    if answers is None:
        return dict(known)
    taken = answers[answers["state"] == "filled"]
    taken = taken.assign(measure=taken["serves"].str.split(";")).explode("measure")
    by_cell = taken.groupby(["row", "measure"])["file"]
    file = by_cell.agg(lambda names: "、".join(dict.fromkeys(names)))
    first = by_cell.first()
    sources = result.tables["sources"].query("name == 'answers'").drop_duplicates("file")
    sources = sources.set_index("file")
    at = pd.MultiIndex.from_frame(lines[["row", "measure"]])
    mine = pd.Series(first.reindex(at).to_numpy(), lines.index)
    found = {
        "file": pd.Series(file.reindex(at).to_numpy(), lines.index),
        "title": mine.map(sources["title"]),
        "date": mine.map(sources["as_of"]),
    }
    return {name: found[name].where(mine.notna(), column) for name, column in known.items()}


def _explained(parcel: pd.Series, findings: pd.DataFrame) -> Explanation:
    reasons = [_reason(lines) for _code, lines in findings.groupby("criterion", sort=False)]
    weak_needed = parcel["weak_needed"]
    needed = int(weak_needed) if weak_needed > 0 else None
    change, would_be = flip(parcel["verdict_rule"], reasons, needed)
    open_ = parcel["verdict_rule"] == UNDETERMINED and pd.notna(parcel["land_type"])
    return Explanation(
        parcel, findings, change, would_be, settle(reasons, needed) if open_ else None
    )


def _reason(lines: pd.DataFrame) -> Reason:
    first = lines.iloc[0]
    order = lines.sort_values("atom")
    return Reason(
        code=first["criterion"],
        strength=first["strength"],
        when=first["when"],
        truth=_truth(first["truth"]),
        atoms=tuple(map(_truth, order["atom_truth"])),
        values=tuple(order["value"]),
        limits=tuple(order["limit"]),
    )


def _truth(code: str) -> bool | None:
    truths: Mapping[str, bool | None] = {"true": True, "false": False}
    return truths.get(code)
