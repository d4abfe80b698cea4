"""Find the heading of a sheet and what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.sheets import LOOKED

if TYPE_CHECKING:
    from collections.abc import Sequence


def heading_of(rows: Sequence[Sequence[Any]]) -> tuple[int, list[str]]:
    """Find the heading: of the first rows, the one with the most cells that are all text.

    Parameters
    ----------
    rows
        Of cells.

    Returns
    -------
    at : int
        -1 where no row has text only.
    headings : list of str
        Without empty ones at the end.

    Examples
    --------
    >>> heading_of([["表1"], ["乡镇", "面积"], ["王口镇", 1.5]])
    (1, ['乡镇', '面积'])
    """
    best, most = -1, 0
    for at, row in enumerate(rows[:LOOKED]):
        cells = [cell for cell in row if cell not in ("", None)]
        if all(isinstance(cell, str) for cell in cells) and len(cells) > most:
            best, most = at, len(cells)
    if best < 0:
        return best, []
    said = [str(cell).strip() for cell in rows[best]]
    while said and not said[-1]:
        said.pop()
    return best, said
