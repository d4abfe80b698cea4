"""Findings of a check: what was noticed of files, of records, and what becomes of all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.judged import FOUND
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Delivered, Rulebook

FINDINGS = (
    "code", "severity", "source", "file", "layer", "row", "id", "other_row", "other_id", "column",
    "cell", "value", "limit", "note", "x", "y", "geometry",
)  # fmt: skip
NUMBERS = ("value", "limit", "x", "y")
SKIPPED = ("code", "source", "column")


def noted(notices: Sequence[Notice]) -> pd.DataFrame:
    """Make findings of what was noticed about files.

    Parameters
    ----------
    notices
        In the order they were noticed.

    Returns
    -------
    DataFrame
        Columns `FINDINGS`, without severity.
    """
    lines = [(n.code, n.file, n.layer, n.note) for n in notices]
    frame = pd.DataFrame(lines, columns=["code", "file", "layer", "note"], dtype="str")
    for column in (*FOUND, "id", "other_id", "geometry"):
        if column not in frame:
            frame[column] = np.nan if column in NUMBERS else ("" if column != "geometry" else None)
    return frame


def remarked(delivered: Delivered) -> pd.DataFrame:
    """Make findings of what was noticed about single records while reading.

    Parameters
    ----------
    delivered
        A layer or table.

    Returns
    -------
    DataFrame
        As of `noted`, with ``row``, ``source`` and the mark ``remark``.
    """
    remarks = delivered.remarks
    if remarks is None or not len(remarks):
        return noted(())
    lines = noted(
        [
            Notice(code, "", "", note)
            for code, note in zip(remarks["code"], remarks["note"], strict=True)
        ]
    )
    return lines.assign(row=remarks["row"].to_numpy(), source=delivered.source, remark=True)


def together(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put findings one under the other.

    Parameters
    ----------
    found
        In order; the first has all columns.

    Returns
    -------
    DataFrame
        Where a check found what reading had remarked of a record, one is kept, with the note.
    """
    findings = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    if "remark" not in findings:
        return findings
    key = pd.MultiIndex.from_frame(findings[["code", "row"]])
    said = findings["remark"].notna().to_numpy()
    twice, seen = said & key.isin(key[~said]), ~said & key.isin(key[said])
    notes = pd.Series(findings["note"].to_numpy()[twice], key[twice])
    notes = notes[~notes.index.duplicated()]
    findings.loc[seen, "note"] = notes.reindex(key[seen]).to_numpy()
    return findings[~twice].drop(columns="remark").reset_index(drop=True)


def completed(findings: pd.DataFrame, about: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Add ids, files, severities and places of features to findings that have none.

    Parameters
    ----------
    findings
        Of `together`.
    about
        ``id``, ``file``, ``layer``, ``x`` and ``y`` by row, of every row that findings name.
    rulebook
        Says how severe a check is.

    Returns
    -------
    DataFrame
        Columns `FINDINGS`; checks that are switched off are left out.
    """
    known = about.reindex(findings["row"]).set_axis(findings.index)
    for name in ("x", "y"):
        findings[name] = findings[name].astype(float).fillna(known[name].astype(float))
    for name in ("file", "layer"):
        findings[name] = known[name].where(known[name].notna(), findings[name])
    findings["id"] = known["id"]
    findings["other_id"] = about["id"].reindex(findings["other_row"]).to_numpy()
    severity = rulebook.check_catalogue["severity"].to_dict() | dict(rulebook.checks.severity)
    findings["severity"] = findings["code"].map(severity)
    kept = findings[findings["severity"] != "off"]
    texts = [name for name in FINDINGS if name not in {*NUMBERS, "geometry"}]
    kept = kept.assign(**{name: _written(kept[name]) for name in texts})
    return kept[list(FINDINGS)].reset_index(drop=True)


def due(skipped: pd.DataFrame, source: str, rulebook: Rulebook) -> pd.DataFrame:
    """Keep what was skipped although the source ought to have what it takes.

    Parameters
    ----------
    skipped
        Of `lowuse_gis.core.inspection.judged.judged`.
    source, rulebook
        The source, and what the rulebook says of its columns.

    Returns
    -------
    DataFrame
    """
    known = set(rulebook.fields.get(source, {})) | {"area"}
    for rule in rulebook.checks.derived:
        if set(rule.of) <= known and (not rule.layers or source in rule.layers):
            known.add(rule.column)
    return skipped[skipped["column"].isin(known)]


def _written(values: pd.Series) -> pd.Series:
    """Write values as text, empty where there is none."""
    if isinstance(values.dtype, pd.StringDtype):
        return values.fillna("")
    plain = values.astype(object)
    return plain.where(plain.notna(), "").astype("str")
