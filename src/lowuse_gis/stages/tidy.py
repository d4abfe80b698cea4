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
from lowuse_gis.core.topology.layer import only
from lowuse_gis.io.fields import standard_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.model import CheckBook, Delivered, Run

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
        One row per change of what is left, and one per exact duplicate; ``source`` and ``row``
        besides the columns of `changes`.
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
        snap=checks.limit("mend_snap"),
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
    shapes = _shaped(delivered, raw, limits)
    mapped = [name for name in raw if name in specs]
    values = standard_values(raw[mapped], run.rulebook, delivered.source)
    frame = delivered.frame.assign(**{name: values[name] for name in mapped})
    frame = frame.set_geometry(shapes.geometry, crs=delivered.frame.crs)
    twice = shapes.twice
    return Tidied(
        replace(delivered, frame=frame[~twice], raw=raw[~twice]),
        replace(delivered, frame=delivered.frame[twice], raw=delivered.raw[twice]),
        _record(delivered, texts, shapes),
    )


@dataclass(frozen=True)
class _Shapes:
    """Mended shapes, None for exact duplicates; which those are; what was done."""

    geometry: NDArray[np.object_]
    twice: NDArray[np.bool_]
    changes: pd.DataFrame


def _shaped(delivered: Delivered, raw: pd.DataFrame, limits: Limits) -> _Shapes:
    """Mend shapes one by one, then those left against each other, until nothing changes."""
    original = delivered.frame.geometry.to_numpy()
    stratum = np.full(len(original), SURFACE, dtype=object)
    if "stratum" in delivered.frame:
        stratum = delivered.frame["stratum"].fillna(SURFACE).to_numpy(dtype=object)
    single = mend_shapes(original, original, limits)
    twice = duplicates(single.geometry, raw)
    now, parts = only(single.geometry, ~twice), [single.changes]
    for _turn in range(PASSES):
        whole = mend_coverage(now, original, stratum, limits)
        single = mend_shapes(whole.geometry, original, limits)
        now = single.geometry
        parts += [whole.changes, single.changes]
        if not (whole.changes["applied"].any() or single.changes["applied"].any()):
            break
    made = joined(parts)
    again = made.duplicated(["position", "operation"]) & ~made["applied"].astype(bool)
    return _Shapes(now, twice, made[~again])


def _rewritten(raw: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    made = raw.copy()
    for column, cells in texts.groupby("column", sort=False):
        values = made[column].to_numpy(dtype=object).copy()
        values[cells["position"].to_numpy(dtype=int)] = cells["after"].to_numpy(dtype=object)
        made[column] = pd.Series(values, index=made.index, dtype=object)
    return made


def _record(delivered: Delivered, texts: pd.DataFrame, shapes: _Shapes) -> pd.DataFrame:
    """Put texts, shapes and duplicates on record, in this order.

    What was taken out is what was handed over: it has no other change.
    """
    operation, check = TEXT
    written = texts.assign(operation=operation, check=check, applied=True, refused="")
    gone = pd.DataFrame({"position": np.flatnonzero(shapes.twice), "column": ""})
    taken = gone.assign(operation=TAKEN_OUT[0], check=TAKEN_OUT[1], applied=True, refused="")
    parts = [
        part[~part["position"].isin(gone["position"])]
        for part in (written, shapes.changes.assign(column=""))
    ]
    parts = [part.reindex(columns=["column", *COLUMNS]) for part in (*parts, taken) if len(part)]
    whole = pd.concat(parts or [pd.DataFrame(columns=["column", *COLUMNS])], ignore_index=True)
    rows = delivered.frame.index.to_numpy(dtype=object)
    whole["row"] = rows[whole["position"].to_numpy(dtype=int)]
    whole["source"] = delivered.source
    return whole.drop(columns="position")
