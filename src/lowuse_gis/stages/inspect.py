"""Check delivered layers: measure their facts, then judge the rulebook's checks over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.cells import cell_faults
from lowuse_gis.core.inspection.derived import with_derived
from lowuse_gis.core.inspection.fields import field_faults
from lowuse_gis.core.inspection.findings import (
    SKIPPED,
    completed,
    noted,
    remarked,
)
from lowuse_gis.core.inspection.findings import together as joined
from lowuse_gis.core.inspection.judged import rules_over
from lowuse_gis.core.inspection.together import together
from lowuse_gis.core.inspection.totals import total_faults
from lowuse_gis.core.systems import plane_envelope
from lowuse_gis.measures import inspect_shapes, inspect_tables
from lowuse_gis.measures.inspected import about, look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.model import Delivered, Notice, Rulebook, Run

TOWNS, PARCELS = "town_boundaries", "parcels"
LAYER = "layer"
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


@dataclass(frozen=True)
class Part:
    """What the whole district says of a part of a layer.

    Attributes
    ----------
    counts
        Features of the layer, of which this is a part.
    known
        By row, values of columns that take all features to be made.
    """

    counts: int
    known: pd.DataFrame


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
    found, skipped = [noted(notices), *map(remarked, layers)], []
    for delivered, tables in (
        *((d, own_tables(d, layers, run)) for d in layers),
        *((d, source_tables(d, by_source, run)) for d in by_source.values()),
    ):
        for looked in look(delivered, tables, run, told):
            found.append(looked.found)
            skipped.append(looked.skipped)
    findings = joined(found)
    known = about(layers, findings, run)
    return Inspection(completed(findings, known, run.rulebook), lacking(skipped))


def lacking(skipped: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """List the checks that could not be judged, each once.

    Parameters
    ----------
    skipped
        Table by table.

    Returns
    -------
    DataFrame
        ``code``, ``source``, ``column``.
    """
    whole = pd.concat([pd.DataFrame(columns=list(SKIPPED)), *skipped], ignore_index=True)
    return whole.drop_duplicates(ignore_index=True)


def own_tables(
    delivered: Delivered,
    layers: Sequence[Delivered],
    run: Run,
    areas: pd.Series | None = None,
) -> Tables:
    """Return the tables that are measured file by file.

    Parameters
    ----------
    delivered, layers
        A layer or table, and all that was handed over with it.
    run
        The rules.
    areas
        Areas of parcels by code, as `inspect_tables.tables` takes them.

    Returns
    -------
    dict
        Name to how it is measured.
    """
    specs = run.rulebook.fields.get(delivered.source, {})
    own: Tables = {
        "fields": lambda: field_faults(delivered, specs),
        "cells": lambda: cell_faults(delivered, specs, run.rulebook.domain),
    }
    if delivered.facts is None:
        return own
    return own | inspect_tables.tables(delivered, layers, specs, areas)


def source_tables(
    delivered: Delivered,
    by_source: Mapping[str, Delivered],
    run: Run,
    part: Part | None = None,
) -> Tables:
    """Return how each table of a source is measured, cheap ones first.

    Parameters
    ----------
    delivered, by_source
        All files of a source, and of every source.
    run
        The rules.
    part
        Where the layer is only a part of it; what takes a whole one, gaps and totals, is left out.

    Returns
    -------
    dict
        Name to how it is measured.
    """
    checks = run.rulebook.checks
    tables: Tables = {"features": lambda: _features(delivered, by_source, run, part)}
    if part is None:
        tables["totals"] = lambda: total_faults(checks.totals, by_source, delivered.source)
    if not has_shapes(delivered.source, run.rulebook):
        return tables
    tables |= {
        "vertices": lambda: inspect_shapes.vertices(delivered, checks),
        "overlaps": lambda: inspect_shapes.overlaps(delivered, run.threads),
    }
    origin = middle(run.rulebook)
    if part is None:
        tables["gaps"] = lambda: inspect_shapes.gaps(delivered, checks, origin)
    rules = rules_over(checks, "edges", delivered.source)
    beside = [by_source[rule.other] for rule in rules if rule.other in by_source]
    if beside:
        tables["edges"] = lambda: pd.concat(
            [
                inspect_shapes.edges(delivered, other, checks, origin, run.threads).assign(beside=n)
                for n, other in enumerate(beside)
            ]
        )
    return tables


def middle(rulebook: Rulebook) -> NDArray[np.float64]:
    """Return the place from which coordinates of the district are counted.

    Parameters
    ----------
    rulebook
        Says where the district is.

    Returns
    -------
    ndarray
        Whole metres in the working CRS: the same for any part of the district.
    """
    west, south, east, north = plane_envelope(rulebook.crs, rulebook.envelope)
    return np.round([(west + east) / 2, (south + north) / 2])


def has_shapes(source: str, rulebook: Rulebook) -> bool:
    """Say whether a source is a layer of polygons.

    Parameters
    ----------
    source, rulebook
        Its name, and what the rulebook says of it.

    Returns
    -------
    bool
    """
    rule = rulebook.sources.get(source)
    return rule is None or rule.kind == LAYER


def _features(
    delivered: Delivered, by_source: Mapping[str, Delivered], run: Run, part: Part | None
) -> pd.DataFrame:
    rulebook = run.rulebook
    if not has_shapes(delivered.source, rulebook):
        table = inspect_shapes.records(delivered, by_source.get(PARCELS))
        return with_derived(table, rulebook.checks.derived, delivered.source)
    envelope = plane_envelope(rulebook.crs, rulebook.envelope)
    table = inspect_shapes.features(delivered, envelope, part.counts if part else None)
    table["within_town"] = inspect_shapes.within_town(table, by_source.get(TOWNS))
    known = part.known if part else None
    return with_derived(table, rulebook.checks.derived, delivered.source, known)
