"""Where in a workbook a value stands: the names of cells, as spreadsheets write them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.lookup import is_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Delivered


@cache
def letters(position: int) -> str:
    """Return what a spreadsheet calls a column.

    Parameters
    ----------
    position
        From 0.

    Returns
    -------
    str

    Examples
    --------
    >>> letters(0), letters(26), letters(701)
    ('A', 'AA', 'ZZ')
    """
    name, rest = "", position + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name


def sheet_place(sheet: str, line: int) -> str:
    """Name a row of a table.

    Parameters
    ----------
    sheet
        Empty for a CSV.
    line
        From 0.

    Returns
    -------
    str

    Examples
    --------
    >>> sheet_place("表1", 4), sheet_place("", 4)
    ('表1!5', '5')
    """
    return f"{sheet}!{line + 1}" if sheet else str(line + 1)


def cell_name(sheet: str, position: int, line: int) -> str:
    """Name a cell.

    Parameters
    ----------
    sheet
        Empty for a CSV.
    position, line
        Column and row, from 0.

    Returns
    -------
    str

    Examples
    --------
    >>> cell_name("表1", 5, 11), cell_name("", 0, 0)
    ('表1!F12', 'A1')
    """
    return (f"{sheet}!" if sheet else "") + f"{letters(position)}{line + 1}"


def cells_of(rows: Sequence[str], positions: Sequence[int]) -> list[str]:
    """Name the cells of rows.

    Parameters
    ----------
    rows
        Names of rows, such as ``2:表1!5``: file, sheet and line.
    positions
        The column of each, from 0; -1 where it is in none.

    Returns
    -------
    list of str
        Empty where the column is in none.

    Examples
    --------
    >>> cells_of(["2:表1!5", "3:7", "2:表1!6"], [1, 0, -1])
    ['表1!B5', 'A7', '']
    """
    names = []
    for row, position in zip(rows, positions, strict=True):
        sheet, mark, line = row.partition(":")[2].rpartition("!")
        names.append(f"{sheet}{mark}{letters(int(position))}{line}" if position >= 0 else "")
    return names


def with_cells(found: pd.DataFrame, delivered: Delivered) -> pd.DataFrame:
    """Say of findings about rows of a table which cells they mean.

    Parameters
    ----------
    found
        With ``row``, ``column``, ``cell`` and ``reads``, the first column that its check reads.
    delivered
        The table; a layer has no cells.

    Returns
    -------
    DataFrame
        Without ``reads``. A cell that is named already stays.
    """
    if delivered.positions is None or not len(found):
        return found.drop(columns="reads", errors="ignore")
    positions = delivered.positions[~delivered.positions.index.duplicated()]
    bare = (found["column"].fillna("") == "") & (found["row"] != "")
    column = found["column"].where(~bare, found["reads"])
    column = column.where(column.isin(positions.columns), found["column"]).fillna("")
    cells = found["cell"].fillna("").astype("str")
    for name in pd.unique(column[(cells == "") & column.isin(positions.columns)]):
        hit = (cells == "") & (column == name) & is_among(found["row"], positions.index.to_series())
        rows = found.loc[hit, "row"]
        cells[hit] = cells_of(rows.tolist(), positions.loc[rows, name].tolist())
    return found.assign(column=column, cell=cells).drop(columns="reads", errors="ignore")
