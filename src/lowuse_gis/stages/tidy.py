"""Mend a delivery: every change on record, nothing beyond the limits, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.mending.changes import COLUMNS, Limits, joined
from lowuse_gis.core.mending.coverage import duplicates, mend_coverage
from lowuse_gis.core.mending.shapes import mend_shapes
from lowuse_gis.core.mending.texts import TEXT, mend_texts
from lowuse_gis.io.fields import standard_values

if TYPE_CHECKING:
    from lowuse_gis.model import CheckBook, Delivered, Run

LEDGER = (
    "number", "source", "file", "layer", "row", "id", "operation", "check", "column", "before",
    "after", "area_before", "area_after", "area_change", "moved", "applied", "refused",
    "geometry_before", "geometry_after",
)  # fmt: skip
TAKEN_OUT = ("taken_out", "4104")
PASSES = 5  # closing a gap may double a point; what is left after so many passes stays
SURFACE = "surface"


@dataclass(frozen=True)
class Tidied:
    """A mended layer.

    Attributes
    ----------
    delivered
        With mended shapes and texts; exact duplicates are not in it.
    taken_out
        The exact duplicates, as they were read.
    changes
        One row per change, columns `LEDGER` but for number, file, layer and id.
    """

    delivered: Delivered
    taken_out: Delivered
    changes: pd.DataFrame


def mending_limits(checks: CheckBook) -> Limits:
    """Return how far mending may go.

    Parameters
    ----------
    checks
        Holds the tolerances.

    Returns
    -------
    Limits
    """
    return Limits(
        near=checks.limit("near_duplicate"),
        tiny=checks.limit("tiny_area"),
        width=checks.limit("mend_sliver_width"),
        least=checks.limit("area_balance"),
        area_step=checks.limit("mend_area_step"),
        area_share=checks.limit("mend_area_share"),
    )


def tidy(delivered: Delivered, run: Run) -> Tidied:
    """Mend a layer.

    Parameters
    ----------
    delivered
        All of one source, in the working CRS.
    run
        The rules.

    Returns
    -------
    Tidied
        Twice mended is once mended: what could not be mended is listed again, nothing changes.
    """
    limits = mending_limits(run.rulebook.checks)
    specs = run.rulebook.fields.get(delivered.source, {})
    texts = mend_texts(delivered.raw, specs, run.rulebook.domain)
    raw = _rewritten(delivered.raw, texts)
    shaped, changes = _shaped(delivered, raw, limits)
    mapped = [name for name in raw if name in specs]
    values = standard_values(raw[mapped], run.rulebook, delivered.source)
    frame = delivered.frame.assign(**{name: values[name] for name in mapped})
    frame = frame.set_geometry(shaped, crs=delivered.frame.crs)
    twice = duplicates(frame.geometry.to_numpy(), raw)
    record = joined_record(delivered, texts, changes, twice)
    return Tidied(
        replace(delivered, frame=frame[~twice], raw=raw[~twice]),
        replace(delivered, frame=delivered.frame[twice], raw=delivered.raw[twice]),
        record,
    )


def _shaped(
    delivered: Delivered, raw: pd.DataFrame, limits: Limits
) -> tuple[np.ndarray, pd.DataFrame]:
    """Mend shapes one by one, then against each other, until nothing changes."""
    original = delivered.frame.geometry.to_numpy()
    stratum = np.full(len(original), SURFACE, dtype=object)
    if "stratum" in delivered.frame:
        stratum = delivered.frame["stratum"].fillna(SURFACE).to_numpy(dtype=object)
    now = original.copy()
    parts: list[pd.DataFrame] = []
    repeated = duplicates(now, raw)
    for _turn in range(PASSES):
        single = mend_shapes(now, original, limits)
        alone = single.geometry.copy()
        alone[repeated] = None
        whole = mend_coverage(alone, original, stratum, limits)
        now = np.where(repeated, single.geometry, whole.geometry)
        made = joined([single.changes, whole.changes])
        fresh = made if not parts else made[made["applied"].astype(bool)]
        parts.append(fresh)
        if not made["applied"].any():
            break
    return now, joined(parts)


def _rewritten(raw: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    made = raw.copy()
    for column, cells in texts.groupby("column", sort=False):
        values = made[column].to_numpy(dtype=object).copy()
        values[cells["position"].to_numpy(dtype=int)] = cells["after"].to_numpy(dtype=object)
        made[column] = pd.Series(values, index=made.index, dtype=object)
    return made


def joined_record(
    delivered: Delivered, texts: pd.DataFrame, shapes: pd.DataFrame, twice: np.ndarray
) -> pd.DataFrame:
    """Put the record of texts, shapes and duplicates together.

    Parameters
    ----------
    delivered
        Names the rows.
    texts, shapes
        What was changed.
    twice
        Which features were taken out.

    Returns
    -------
    DataFrame
        With ``source`` and ``row``; texts first, then shapes, then duplicates.
    """
    operation, check = TEXT
    written = texts.assign(operation=operation, check=check, applied=True, refused="")
    gone = pd.DataFrame({"position": np.flatnonzero(twice)})
    gone = gone.assign(operation=TAKEN_OUT[0], check=TAKEN_OUT[1], applied=True, refused="")
    parts = [written, shapes.assign(column=""), gone]
    wanted = ["column", *COLUMNS]
    whole = pd.concat([part.reindex(columns=wanted) for part in parts if len(part)] or
                      [pd.DataFrame(columns=wanted)], ignore_index=True)  # fmt: skip
    rows = delivered.frame.index.to_numpy(dtype=object)
    whole["row"] = rows[whole["position"].to_numpy(dtype=int)]
    whole["source"] = delivered.source
    return whole.drop(columns="position")
