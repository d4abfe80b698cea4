"""Mend a delivery: every change on record, nothing beyond the limits, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.mending.changes import COLUMNS, Limits
from lowuse_gis.core.mending.passes import mend_layer
from lowuse_gis.core.mending.texts import TEXT, mend_texts
from lowuse_gis.io.fields import standard_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.mending.passes import MendedLayer
    from lowuse_gis.model import CheckBook, Delivered, Run

TAKEN_OUT = ("taken_out", "4104")
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
    original = delivered.frame.geometry.to_numpy()
    shapes = mend_layer(original, raw, _strata(delivered.frame), limits)
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


def _strata(frame: pd.DataFrame) -> NDArray[np.object_]:
    if "stratum" not in frame:
        return np.full(len(frame), SURFACE, dtype=object)
    return frame["stratum"].fillna(SURFACE).to_numpy(dtype=object)


def _rewritten(raw: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    made = raw.copy()
    for column, cells in texts.groupby("column", sort=False):
        values = made[column].to_numpy(dtype=object).copy()
        values[cells["position"].to_numpy(dtype=int)] = cells["after"].to_numpy(dtype=object)
        made[column] = pd.Series(values, index=made.index, dtype=object)
    return made


def _record(delivered: Delivered, texts: pd.DataFrame, shapes: MendedLayer) -> pd.DataFrame:
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
