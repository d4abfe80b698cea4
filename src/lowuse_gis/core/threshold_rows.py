"""The rows of thresholds.csv as they are told to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.thresholds import threshold_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class ThresholdRow:
    """A row of thresholds.csv, the document by its title."""

    label: str
    name: str
    value: float
    unit: str
    town: str
    zone: str
    industry: str
    document: str
    clause: str
    status: str


def threshold_rows(rulebook: Rulebook, names: Sequence[str]) -> tuple[ThresholdRow, ...]:
    """List all rows of some thresholds, in file order.

    Parameters
    ----------
    rulebook, names
        The rules, and names of thresholds.

    Returns
    -------
    tuple of ThresholdRow
    """
    rows = rulebook.thresholds
    labels = threshold_labels(rows)
    return tuple(
        ThresholdRow(
            label=str(label),
            document=rulebook.documents.get(row["source"], row["source"]),
            **{key: row[key] for key in ("name", "value", "unit", "town", "zone", "industry")},
            clause=row["clause"],
            status=row["status"],
        )
        for label, row in zip(labels, rows.to_dict("records"), strict=True)
        if row["name"] in names
    )
