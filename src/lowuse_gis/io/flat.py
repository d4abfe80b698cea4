"""Write one table as CSV that a spreadsheet opens as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.io.workbook import harmless

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV.

    Parameters
    ----------
    path
        Where to.
    frame
        Its column names are the headings; numbers are written in full.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    texts = [name for name in frame if frame[name].dtype.kind not in "fi"]
    safe = frame.assign(
        **{name: frame[name].fillna("").astype(str).map(harmless) for name in texts}
    )
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
