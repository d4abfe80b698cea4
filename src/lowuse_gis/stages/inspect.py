"""Check delivered layers: measure their facts, then judge the rulebook's checks over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.cell_places import with_cells
from lowuse_gis.core.inspection.cells import cell_faults
from lowuse_gis.core.inspection.derived import with_derived
from lowuse_gis.core.inspection.fields import field_faults
from lowuse_gis.core.inspection.judged import FOUND, Judged, judged, rules_over
from lowuse_gis.core.inspection.together import feature_ids, together
from lowuse_gis.core.inspection.totals import total_faults
from lowuse_gis.core.systems import plane_envelope
from lowuse_gis.measures import inspect_shapes, inspect_tables
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Delivered, Run

FINDINGS = (
    "code", "severity", "source", "file", "layer", "row", "id", "other_row", "other_id", "column",
    "cell", "value", "limit", "note", "x", "y", "geometry",
)  # fmt: skip
TOWNS, PARCELS = "town_boundaries", "parcels"
LAYER = "layer"
ABOUT = ("id", "file", "layer", "x", "y")
SKIPPED = ("code", "source", "column")
Tables = dict[str, "Callable[[], pd.DataFrame]"]


@dataclass(frozen=True)
class Inspection:
    """What checks found.

    Attributes
    ----------
    findings
        One row per defect, columns `FINDINGS`, in the order of layers and checks.
    skipped
        Checks that could not be judged: ``code``, ``source``, ``column`` they lack.
    """

    findings: pd.DataFrame
    skipped: pd.DataFrame


def inspect(
    layers: Sequence[Delivered],
    notices: Sequence[Notice],
    run: Run,
    told: Callable[[str], None] | None = None,
) -> Inspection:
    """Check layers.

    Parameters
    ----------
    layers
        As they were read.
    notices
        What was noticed about files on the way; each becomes a finding.
    run
        The rules, and threads for geometry.
    told
        Called with the name of every table before it is measured.

    Returns
    -------
    Inspection
    """
    by_source = together(layers)
    found, skipped = [noted(notices), *map(_remarked, layers)], []
    for measured in (*((d, _own_tables(d, layers, run)) for d in layers),
                     *((d, _tables(d, by_source, run)) for d in by_source.values())):  # fmt: skip
        delivered, tables = measured
        for name, table in tables.items():
            rules = rules_over(run.rulebook.checks, name, delivered.source)
            if not rules:
                continue
            if told:
                told(f"{delivered.source} {name}")
            outcome = judged(table(), rules, run.rulebook.checks, delivered.source)
            found.append(_located(outcome, delivered))
            skipped.append(_due(outcome.skipped, delivered.source, run))
    findings = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    lacking = pd.concat([pd.DataFrame(columns=list(SKIPPED)), *skipped], ignore_index=True)
    return Inspection(
        _whole(_once(findings), layers, run), lacking.drop_duplicates(ignore_index=True)
    )


def _due(skipped: pd.DataFrame, source: str, run: Run) -> pd.DataFrame:
    """Keep what was skipped although the source ought to have what it takes."""
    due = set(run.rulebook.fields.get(source, {})) | {"area"}
    for rule in run.rulebook.checks.derived:
        if set(rule.of) <= due and (not rule.layers or source in rule.layers):
            due.add(rule.column)
    return skipped[skipped["column"].isin(due)]


def _own_tables(delivered: Delivered, layers: Sequence[Delivered], run: Run) -> Tables:
    """Return the tables that are measured file by file."""
    specs = run.rulebook.fields.get(delivered.source, {})
    own: Tables = {
        "fields": lambda: field_faults(delivered, specs),
        "cells": lambda: cell_faults(delivered, specs, run.rulebook.domain),
    }
    if delivered.facts is None:
        return own
    return own | inspect_tables.tables(delivered, layers, specs)


def _tables(delivered: Delivered, by_source: Mapping[str, Delivered], run: Run) -> Tables:
    """Return how each table of a source is measured, cheap ones first."""
    checks = run.rulebook.checks
    tables: Tables = {
        "features": lambda: _features(delivered, by_source, run),
        "totals": lambda: total_faults(checks.totals, by_source, delivered.source),
    }
    if not _has_shapes(delivered, run):
        return tables
    tables |= {
        "vertices": lambda: inspect_shapes.vertices(delivered, checks),
        "overlaps": lambda: inspect_shapes.overlaps(delivered, run.threads),
        "gaps": lambda: inspect_shapes.gaps(delivered, checks),
    }
    rules = rules_over(checks, "edges", delivered.source)
    beside = [by_source[rule.other] for rule in rules if rule.other in by_source]
    if beside:
        tables["edges"] = lambda: pd.concat(
            [inspect_shapes.edges(delivered, other, checks, run.threads) for other in beside]
        )
    return tables


def _has_shapes(delivered: Delivered, run: Run) -> bool:
    rule = run.rulebook.sources.get(delivered.source)
    return rule is None or rule.kind == LAYER


def _features(delivered: Delivered, by_source: Mapping[str, Delivered], run: Run) -> pd.DataFrame:
    rulebook = run.rulebook
    if not _has_shapes(delivered, run):
        table = inspect_shapes.records(delivered, by_source.get(PARCELS))
        return with_derived(table, rulebook.checks.derived, delivered.source)
    envelope = plane_envelope(rulebook.crs, rulebook.envelope)
    table = inspect_shapes.features(delivered, envelope)
    table["within_town"] = inspect_shapes.within_town(table, by_source.get(TOWNS))
    return with_derived(table, rulebook.checks.derived, delivered.source)


def noted(notices: Sequence[Notice]) -> pd.DataFrame:
    """Make findings of what was noticed about files.

    Parameters
    ----------
    notices
        In the order they were noticed.

    Returns
    -------
    DataFrame
        Columns as `inspect` gives them, without severity.
    """
    lines = [(n.code, n.file, n.layer, n.note) for n in notices]
    frame = pd.DataFrame(lines, columns=["code", "file", "layer", "note"], dtype="str")
    for column in (*FOUND, "id", "other_id", "geometry"):
        if column not in frame:
            number = column in {"value", "limit", "x", "y"}
            frame[column] = np.nan if number else ("" if column != "geometry" else None)
    return frame


def _remarked(delivered: Delivered) -> pd.DataFrame:
    """Make findings of what was noticed about single records while reading."""
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


def _once(findings: pd.DataFrame) -> pd.DataFrame:
    """Where a check found what reading had remarked of a record, keep one, with the note."""
    if "remark" not in findings:
        return findings
    key = pd.MultiIndex.from_frame(findings[["code", "row"]])
    said = findings["remark"].notna().to_numpy()
    twice, found = said & key.isin(key[~said]), ~said & key.isin(key[said])
    notes = pd.Series(findings["note"].to_numpy()[twice], key[twice])
    notes = notes[~notes.index.duplicated()]
    findings.loc[found, "note"] = notes.reindex(key[found]).to_numpy()
    return findings[~twice].drop(columns="remark").reset_index(drop=True)


def _located(outcome: Judged, delivered: Delivered) -> pd.DataFrame:
    found = with_cells(outcome.found, delivered)
    if not len(found):
        return found
    if "geometry" not in found:
        found = found.assign(geometry=None)
    return found.assign(file=delivered.file, layer=delivered.layer)


def _whole(findings: pd.DataFrame, layers: Sequence[Delivered], run: Run) -> pd.DataFrame:
    """Add ids, files, severities and places of features to findings that have none."""
    used = pd.unique(pd.concat([findings["row"], findings["other_row"]]))
    bare = findings.loc[findings["x"].isna(), "row"]
    parts = [_about(delivered, used, bare, run) for delivered in layers]
    about = pd.concat(parts) if parts else pd.DataFrame(columns=list(ABOUT))
    known = about.reindex(findings["row"]).set_axis(findings.index)
    for name in ("x", "y"):
        findings[name] = findings[name].astype(float).fillna(known[name].astype(float))
    for name in ("file", "layer"):
        findings[name] = known[name].where(known[name].notna(), findings[name])
    findings["id"] = known["id"]
    findings["other_id"] = about["id"].reindex(findings["other_row"]).to_numpy()
    catalogue, checks = run.rulebook.check_catalogue, run.rulebook.checks
    severity = catalogue["severity"].to_dict() | dict(checks.severity)
    findings["severity"] = findings["code"].map(severity)
    kept = findings[findings["severity"] != "off"]
    texts = [name for name in FINDINGS if name not in {"value", "limit", "x", "y", "geometry"}]
    kept = kept.assign(**{name: _written(kept[name]) for name in texts})
    return kept[list(FINDINGS)].reset_index(drop=True)


def _about(
    delivered: Delivered, used: NDArray[np.object_], bare: pd.Series, run: Run
) -> pd.DataFrame:
    """Return what is known of features with findings; the place of those that have none yet."""
    index = delivered.frame.index
    once = index.isin(used) & ~index.duplicated()  # a line of a table may hold several years
    frame = delivered.frame[once]
    ids = feature_ids(delivered, run.rulebook.fields.get(delivered.source, {}))[once]
    about = pd.DataFrame({"id": ids, "file": delivered.file, "layer": delivered.layer})
    place = inspect_shapes.places(frame[frame.index.isin(bare)])
    return about.join(place)[list(ABOUT)]


def _written(values: pd.Series) -> pd.Series:
    """Write values as text, empty where there is none."""
    plain = values.astype(object)
    return plain.where(plain.notna(), "").astype("str")
