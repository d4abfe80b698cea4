"""Faults that only follow from a file that cannot be read are not worth a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lowuse_gis.core.lint.faults import Fault

UNREADABLE = frozenset({"syntax", "encoding", "too-large", "missing-file", "extends"})
FOLLOWS = {
    "columns.csv": {"unknown-column", "template"},
    "thresholds.csv": {"unknown-threshold", "template"},
    "rulebook.toml": {"unknown-document", "unknown-source", "missing-key", "no-data-duty"},
    "measures.toml": {"not-measured", "unused-threshold"},
    "fields.toml": {"not-measured"},
    "checks.csv": {"unknown-check"},
    "bodies.csv": {"no-data-duty"},
    "towns.csv": {"threshold-selector"},
    "land_types.csv": {"unknown-type"},
    "subtypes.csv": {"unknown-subtype"},
    "domains.csv": {"unknown-domain", "unknown-status", "unknown-category", "unknown-value"},
}
OF_THE_BASELINE: set[str] = set().union(*FOLLOWS.values())


def without_cascades(faults: Iterable[Fault]) -> list[Fault]:
    """Leave out what may only follow from a file that cannot be read.

    Parameters
    ----------
    faults
        All faults.

    Returns
    -------
    list of Fault
        The unreadable files, and what is wrong in spite of them.
    """
    faults = list(faults)
    broken = [f for f in faults if f.kind in UNREADABLE or _no_rows(f)]
    if not broken:
        return faults
    follows: set[str] = set()
    for fault in broken:
        name = fault.file.rpartition("/")[2]
        follows |= OF_THE_BASELINE if fault.kind == "extends" else FOLLOWS.get(name, set())
        if "/criteria/" in fault.file or name == "obstacles.toml":
            follows.add("unused-threshold")
    return [f for f in faults if f in broken or f.kind not in follows]


def _no_rows(fault: Fault) -> bool:
    """Say whether a table lacks a heading, so that its rows are not read."""
    return fault.kind == "missing-key" and fault.file.endswith(".csv")
