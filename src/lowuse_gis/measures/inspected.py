"""Judge the checks over tables of a layer, and say what is known of the features they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.inspection.cell_places import with_cells
from lowuse_gis.core.inspection.findings import due
from lowuse_gis.core.inspection.judged import judged, rules_over
from lowuse_gis.core.inspection.together import feature_ids
from lowuse_gis.core.lookup import rows_among
from lowuse_gis.measures.inspect_shapes import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lowuse_gis.model import Delivered, Run

    Tables = Mapping[str, Callable[[], pd.DataFrame]]

ABOUT = ("id", "file", "layer", "x", "y")


@dataclass(frozen=True)
class Looked:
    """What checks over one table found.

    Attributes
    ----------
    name, table
        The table of facts.
    found
        Defects, with file and layer, and the numbers ``rule`` and ``at`` of check and row.
    skipped
        Checks that could not be judged although the source ought to have what they take.
    """

    name: str
    table: pd.DataFrame
    found: pd.DataFrame
    skipped: pd.DataFrame


def look(
    delivered: Delivered, tables: Tables, run: Run, told: Callable[[str], None] | None = None
) -> Iterator[Looked]:
    """Measure those tables of a layer that checks look at, and judge them.

    Parameters
    ----------
    delivered
        The layer.
    tables
        How each is measured.
    run
        The rules.
    told
        Called with the name of every table before it is measured.

    Yields
    ------
    Looked
    """
    checks = run.rulebook.checks
    for name, table in tables.items():
        rules = rules_over(checks, name, delivered.source)
        if not rules:
            continue
        if told:
            told(f"{delivered.source} {name}")
        facts = table()
        outcome = judged(facts, rules, checks, delivered.source)
        found = with_cells(outcome.found, delivered)
        if len(found):
            geometry = found.get("geometry")
            found = found.assign(geometry=geometry, file=delivered.file, layer=delivered.layer)
        yield Looked(name, facts, found, due(outcome.skipped, delivered.source, run.rulebook))


def about(layers: Iterable[Delivered], findings: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Say what is known of features with findings; the place of those that have none yet.

    Parameters
    ----------
    layers
        As they were read.
    findings
        With ``row``, ``other_row`` and ``x``.
    run
        The rules.

    Returns
    -------
    DataFrame
        Columns `ABOUT`, by row.
    """
    used = pd.Index(pd.unique(pd.concat([findings["row"], findings["other_row"]])))
    bare = pd.Index(findings.loc[findings["x"].isna(), "row"])
    parts = []
    for delivered in layers:
        index = delivered.frame.index
        once = (
            rows_among(index, used) & ~index.duplicated()
        )  # a line of a table may hold several years
        frame = delivered.frame[once]
        ids = feature_ids(delivered, run.rulebook.fields.get(delivered.source, {}))[once]
        lines = pd.DataFrame({"id": ids, "file": delivered.file, "layer": delivered.layer})
        parts.append(lines.join(places(frame[rows_among(frame.index, bare)]))[list(ABOUT)])
    return pd.concat(parts) if parts else pd.DataFrame(columns=list(ABOUT))
