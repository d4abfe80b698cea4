"""The rows of thresholds.csv as they are told to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.thresholds import threshold_labels
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Rulebook


@dataclass(frozen=True)
class ThresholdRow:
    """A row of thresholds.csv, the document by its title; `title` is for people, `label` a key."""

    label: str
    title: str
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
            title=_title(rulebook, row),
            document=rulebook.documents.get(row["source"], row["source"]),
            **{key: row[key] for key in ("name", "value", "unit", "town", "zone", "industry")},
            clause=row["clause"],
            status=row["status"],
        )
        for label, row in zip(labels, rows.to_dict("records"), strict=True)
        if row["name"] in names
    )


def threshold_name(rulebook: Rulebook, name: str) -> str:
    """Return what people call a threshold.

    Parameters
    ----------
    rulebook, name
        Its code list ``threshold`` has the names, and the key of thresholds.csv.

    Returns
    -------
    str
        The key behind a colon where the rulebook has no name for it.
    """
    names = rulebook.domain("threshold")
    return pick(*names[name]) if name in names else f":{name}"


def _title(rulebook: Rulebook, row: Mapping[str, str]) -> str:
    """Name a row with what it is restricted to."""
    towns = rulebook.codes["towns"].set_index("code")["name"]
    town = towns.get(row["town"], row["town"])
    industry = _("industry {code}").format(code=row["industry"]) if row["industry"] else ""
    chosen = _(", ").join(filter(None, [town, row["zone"], industry]))
    name = threshold_name(rulebook, row["name"])
    return _("{label} ({unit})").format(label=name, unit=chosen) if chosen else name
