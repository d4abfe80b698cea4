"""Partitions on the screen: what was cut, and how far a run has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.console.show import files_written, table, to_screen
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Manifest


def show_partitioned(manifest: Manifest, folder: Path) -> None:
    """Show what was cut.

    Parameters
    ----------
    manifest, folder
        What was written, and where.
    """
    made = table(
        _("Partitions"),
        [
            (_("partition"), "left"),
            (_("parcels"), "right"),
            (_("rows with what lies at them"), "right"),
        ],
    )
    for part in manifest.partitions:
        made.add_row(part.name, f"{part.parcels:,}", f"{part.rows:,}")
    made.add_section()
    made.add_row(
        _("total"), f"{manifest.parcels:,}", f"{sum(p.rows for p in manifest.partitions):,}"
    )
    to_screen().print(made)
    files_written([folder])


def partitioned_json(manifest: Manifest, folder: Path) -> dict[str, object]:
    """Return what was cut as plain data.

    Parameters
    ----------
    manifest, folder
        What was written, and where.

    Returns
    -------
    dict
    """
    return {
        "folder": str(folder),
        "partitions": [
            {"name": part.name, "parcels": part.parcels, "rows": part.rows, "bounds": part.bounds}
            for part in manifest.partitions
        ],
    }
