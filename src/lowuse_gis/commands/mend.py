"""``lowuse mend --undo``: take mending back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.mending.undo import undo
from lowuse_gis.errors import InputError
from lowuse_gis.io.atomic import all_or_nothing, refuse_existing
from lowuse_gis.io.clean import read_clean, write_clean
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True)
class Undoing:
    """What was taken back.

    Attributes
    ----------
    file
        What was written.
    done
        How many changes were taken back.
    left
        Changes that could not be: the value is another by now.
    """

    file: Path
    done: int
    left: pd.DataFrame


def take_back(
    clean: Path, output: Path, rows: Sequence[str], as_of: date, *, overwrite: bool = False
) -> Undoing:
    """Take changes back.

    Parameters
    ----------
    clean
        What ``lowuse check --mend`` wrote.
    output
        The GeoPackage to write; may be `clean` itself with `overwrite`.
    rows
        Rows or ids whose changes are taken back; all where empty.
    as_of
        Stands for the date of writing.
    overwrite
        Whether what stands there may be replaced.

    Returns
    -------
    Undoing

    Raises
    ------
    LowuseError
        Where it is no such file, a row was never mended, or it cannot be written.
    """
    refuse_existing([output], overwrite=overwrite)
    found = read_clean(clean)
    known = {*found.record["row"], *found.record["id"]}
    missing = [row for row in rows if row not in known]
    if missing:
        raise InputError(
            _("{row} was never mended").format(row=missing[0]),
            _("rows and ids stand in the table mends, and in mends.csv"),
        )
    before = int(found.record["undone"].fillna(value=False).sum())
    undone = undo(found.layers, found.record, list(rows) or None)
    with all_or_nothing([output]) as (part,):
        write_clean(part, undone.layers, undone.record, found.crs, as_of)
    return Undoing(output, int(undone.record["undone"].sum()) - before, undone.left)
