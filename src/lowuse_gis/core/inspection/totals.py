"""Sums of parts held against totals that stand elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Delivered, Total

COLUMNS = ("row", "name", "sum", "total", "difference", "note")


def total_faults(
    totals: Sequence[Total], layers: Mapping[str, Delivered], source: str
) -> pd.DataFrame:
    """Add up parts and compare them with what they should come to.

    Parameters
    ----------
    totals
        What is to be added up.
    layers
        The delivered layers by source.
    source
        The layer that gives the totals.

    Returns
    -------
    DataFrame
        One row per group that has a total: ``row`` of the total, its ``name``, ``sum``,
        ``total``, their ``difference`` in the unit of the columns, and the group as ``note``.
        A group without parts sums to 0; one whose parts lack a value has no difference.
    """
    lines = [
        _compared(total, parts, whole)
        for total in totals
        if total.total_layer == source
        for whole in [_joined(layers.get(source), total.total_by, total.total_of)]
        for parts in [_joined(layers.get(total.layer), total.by, total.of)]
        if whole is not None and parts is not None
    ]
    return pd.concat(lines) if lines else pd.DataFrame(columns=list(COLUMNS))


def _joined(delivered: Delivered | None, by: str, of: str) -> pd.DataFrame | None:
    if delivered is None or by not in delivered.frame or of not in delivered.frame:
        return None
    frame = delivered.frame
    return pd.DataFrame({"by": frame[by], "of": frame[of].astype(float)})


def _compared(total: Total, parts: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    groups = parts.groupby("by")["of"]
    added = groups.sum().where(groups.count() == groups.size())
    known = set(added.index)
    mine = pd.Series(
        [added.get(key, 0.0) if key in known else 0.0 for key in whole["by"]], index=whole.index
    )
    difference = (mine - whole["of"]).abs().round(2)
    return pd.DataFrame(
        {
            "row": whole.index,
            "name": total.name,
            "sum": mine.round(2),
            "total": whole["of"],
            "difference": difference,
            "note": total.name + " " + whole["by"].astype("str"),
        }
    ).reset_index(drop=True)
