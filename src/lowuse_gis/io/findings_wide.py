"""Write millions of findings as few wide rows, from which a view makes the lines.

Most of what a line says is said by thousands of others. So the lines of all comparisons that are
put to the same parcels stand together, one row per parcel: for each comparison its value, its
limit, and the number of a *state*, which is everything else the line says. Few states occur.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
from pyarrow import feather
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lowuse_gis.io.gdal import in_bulk
from lowuse_gis.io.result_schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

ROW, NUMBERS = "row", ("value", "limit")
WIDEST = 400  # comparisons in a table; of 2,000 columns each has four at most
STATED = tuple(name for name, _dtype in FINDINGS if name not in {ROW, *NUMBERS})
VARYING = ("truth", "text", "atom_truth", "threshold", "missing")


@dataclass(frozen=True)
class Lines:
    """What a view must know to tell the lines of one comparison.

    Attributes
    ----------
    group, place
        The table they cross in, and their number there.
    states
        The states, a line for each.
    constants, columns
        Of value and limit: those that are the same in all lines, and the names of the others.
    """

    group: int
    place: int
    states: pd.DataFrame
    constants: dict[str, float | None]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Widened:
    """Findings that stand in wide tables.

    Attributes
    ----------
    file
        A GeoPackage with the tables ``group_0``, ``group_1``, …
    lines
        Of each comparison, in order.
    """

    file: Path
    lines: tuple[Lines, ...]

    @property
    def groups(self) -> int:
        """How many tables there are."""
        return max((line.group for line in self.lines), default=-1) + 1


@dataclass(frozen=True)
class _Block:
    """The lines of one comparison: `Lines`, and what stands in its columns.

    Attributes
    ----------
    first
        Number of its first line.
    rows
        Codes of the parcels.
    state
        Per line the number of its state.
    """

    lines: Lines
    first: int
    rows: NDArray[np.int32]
    state: NDArray[np.int64]
    numbers: dict[str, NDArray[np.float64]]


def widened(file: Path, findings: pd.DataFrame) -> Widened:
    """Write findings into wide tables.

    Parameters
    ----------
    file
        A new GeoPackage; none is made where there are no findings.
    findings
        Columns of text categorical; the lines of a comparison stand together.

    Returns
    -------
    Widened

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    blocks = list(_blocks(findings))
    try:
        with in_bulk():
            _write(file, blocks, findings["row"].cat.categories)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise OSError(str(error)) from error
    return Widened(file, tuple(block.lines for block in blocks))


def lay_down(file: Path, findings: pd.DataFrame) -> None:
    """Put findings into a file, so that memory is free until `widened_of` takes them up.

    Parameters
    ----------
    file
        A new file.
    findings
        As for `widened`.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    feather.write_feather(findings, str(file), compression="uncompressed")


def widened_of(file: Path, laid_down: Path) -> Widened:
    """Write findings that were laid down into wide tables.

    Parameters
    ----------
    file, laid_down
        As for `widened` and `lay_down`; the latter is gone when all is written.

    Returns
    -------
    Widened

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    found = widened(file, feather.read_feather(str(laid_down), memory_map=True))
    with suppress(OSError):  # some systems keep what is still looked at
        laid_down.unlink()  # before it is on the disk
    return found


def _blocks(findings: pd.DataFrame) -> Iterator[_Block]:
    """Cut the lines where the comparison changes, and number the states."""
    criterion, atom = findings["criterion"].cat.codes.to_numpy(), findings["atom"].to_numpy()
    other = (criterion[1:] != criterion[:-1]) | (atom[1:] != atom[:-1])
    starts = np.flatnonzero(np.append(len(findings) > 0, other))
    row = findings["row"].cat.codes.to_numpy().astype(np.int32, copy=False)
    last: dict[bytes, tuple[int, int]] = {}  # of the same parcels: group, and places taken in it
    groups, first = 0, 0
    for start, end in pairwise([*starts, len(findings)]):
        lines, rows = findings.iloc[start:end], row[start:end]
        group, place = last.get(rows.tobytes(), (0, WIDEST))
        if place == WIDEST:
            group, place, groups = groups, 0, groups + 1
        last[rows.tobytes()] = group, place + 1
        state, states = _states(lines)
        constants, numbers = _numbers(lines)
        told = Lines(group, place, states, constants, tuple(numbers))
        yield _Block(told, start + 1, rows, state + first, numbers)
        first += len(states)


def _states(lines: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    packed = np.zeros(len(lines), dtype=np.int64)
    for name in VARYING:
        column = lines[name].cat
        packed = packed * (len(column.categories) + 1) + column.codes.to_numpy() + 1
    state = pd.factorize(packed)[0].astype(np.int64)
    first = np.flatnonzero(~pd.Series(state).duplicated().to_numpy())
    return state, lines.iloc[first][list(STATED)]


def _numbers(
    lines: pd.DataFrame,
) -> tuple[dict[str, float | None], dict[str, NDArray[np.float64]]]:
    """Part value and limit into those that are the same in all lines, and the others."""
    constants: dict[str, float | None] = {}
    columns = {}
    for name in NUMBERS:
        values = lines[name].to_numpy()
        if np.isnan(values).all():
            constants[name] = None
        elif (values == values[0]).all():
            constants[name] = float(values[0])
        else:
            columns[name] = values
    return constants, columns


def _write(file: Path, blocks: list[_Block], names: pd.Index) -> None:
    """Write a table for each set of parcels."""
    texts = pa.array(names.astype(object), pa.string())
    for group in range(max((block.lines.group for block in blocks), default=-1) + 1):
        mine = [block for block in blocks if block.lines.group == group]
        columns = {ROW: texts.take(pa.array(mine[0].rows))}
        for block in mine:
            place = block.lines.place
            columns[f"state_{place}"] = pa.array(block.state)
            columns[f"line_{place}"] = pa.array(block.first + np.arange(len(block.rows)))
            for name, values in block.numbers.items():
                columns[f"{name}_{place}"] = pa.array(values, from_pandas=True)
        table, layer = pa.table(columns), f"group_{group}"
        pyogrio.write_arrow(table, file, layer=layer, driver="GPKG", append=group > 0)
