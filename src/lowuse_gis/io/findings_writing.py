"""Write millions of findings as few wide rows, and a view that reads as the lines they stand for.

Most of what a line says is said by thousands of others. So the lines of all comparisons that are
put to the same parcels stand together, one row per parcel: for each comparison its value, its
limit, and the number of a *state*, which is everything else the line says. Few states occur. The
view ``findings`` puts the lines together when somebody reads them; whoever reads the file by GDAL
or SQL sees a table of lines.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lowuse_gis.io.gdal import unsynced
from lowuse_gis.io.result_schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

TABLE, ROW, NUMBERS = "findings", "row", ("value", "limit")
NUMBER = "OGC_FID"
AFFINITY = {"text": "TEXT", "code": "TEXT", "count": "INTEGER", "number": "REAL"}
KINDS = {name: AFFINITY[dtype] for name, dtype in FINDINGS}
WIDEST = 400  # comparisons in a table; of 2,000 columns each has four at most
MOST = 400  # selects in one; SQLite takes 500
STATED = tuple(name for name, _dtype in FINDINGS if name not in {ROW, *NUMBERS})
VARYING = ("truth", "text", "atom_truth", "threshold", "missing")
PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "temp_store = MEMORY")


@dataclass(frozen=True)
class _Block:
    """The lines of one comparison.

    Attributes
    ----------
    group, place
        The table it crosses in, and its number there.
    first
        Number of its first line.
    rows
        Codes of the parcels.
    state
        Per line the number of its state.
    states
        The states, a line for each.
    constants, columns
        Of value and limit: those that are the same in all lines, and the others.
    """

    group: int
    place: int
    first: int
    rows: NDArray[np.int32]
    state: NDArray[np.int64]
    states: pd.DataFrame
    constants: dict[str, float | None]
    columns: dict[str, NDArray[np.float64]]


def fill_findings(path: Path, findings: pd.DataFrame) -> None:
    """Put a view of the findings in the place of their empty table in a GeoPackage.

    Parameters
    ----------
    path
        The file, with the table in it.
    findings
        Columns of text categorical; the lines of a comparison stand together.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    wide = path.with_name(f"{path.stem}.findings.gpkg")
    blocks = list(_blocks(findings))
    if not blocks:
        return
    try:
        with unsynced():
            _write_wide(wide, blocks, findings["row"].cat.categories)
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            for pragma in PRAGMAS:
                base.execute(f"PRAGMA {pragma}")
            base.execute("ATTACH ? AS wide", (str(wide),))
            base.execute("BEGIN")
            _copy(base, max(block.group for block in blocks) + 1)
            _state(base, blocks)
            _view(base, blocks)
            base.execute("COMMIT")
    except (DataSourceError, DataLayerError, FeatureError, sqlite3.Error) as error:
        raise OSError(str(error)) from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{wide}{suffix}").unlink(missing_ok=True)


def _blocks(findings: pd.DataFrame) -> Iterator[_Block]:
    """Cut the lines where the comparison changes, and number the states."""
    criterion = findings["criterion"].cat.codes.to_numpy().astype(np.int64)
    comparison = criterion * (1 << 32) + findings["atom"].to_numpy()
    starts = np.flatnonzero(np.diff(comparison, prepend=comparison[:1] - 1))
    row = findings["row"].cat.codes.to_numpy().astype(np.int32)
    last: dict[bytes, tuple[int, int]] = {}  # of the same parcels: group, and places taken in it
    groups, first = 0, 0
    for start, end in pairwise([*starts, len(findings)]):
        lines, rows = findings.iloc[start:end], row[start:end]
        group, place = last.get(rows.tobytes(), (0, WIDEST))
        if place == WIDEST:
            group, place, groups = groups, 0, groups + 1
        last[rows.tobytes()] = group, place + 1
        state, states = _states(lines)
        constants, columns = _numbers(lines)
        yield _Block(group, place, start + 1, rows, state + first, states, constants, columns)
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


def _write_wide(wide: Path, blocks: list[_Block], names: pd.Index) -> None:
    """Write a table for each set of parcels."""
    texts = pa.array(names.astype(object), pa.string())
    for group in range(max((block.group for block in blocks), default=-1) + 1):
        mine = [block for block in blocks if block.group == group]
        columns = {ROW: texts.take(pa.array(mine[0].rows))}
        for block in mine:
            columns[f"state_{block.place}"] = pa.array(block.state)
            columns[f"line_{block.place}"] = pa.array(block.first + np.arange(len(block.rows)))
            for name, values in block.columns.items():
                columns[f"{name}_{block.place}"] = pa.array(values, from_pandas=True)
        pyogrio.write_arrow(
            pa.table(columns), wide, layer=f"group_{group}", driver="GPKG", append=group > 0
        )


def _copy(base: sqlite3.Connection, groups: int) -> None:
    """Take the wide tables over, without the numbers that GDAL gave their rows."""
    for group in range(groups):
        fields = base.execute(f"PRAGMA wide.table_info(group_{group})").fetchall()
        columns = {f'"{name}"': kind for _at, name, kind, *_rest in fields if name != "fid"}
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        base.execute(f"CREATE TABLE {TABLE}_{group} ({declared})")
        base.execute(
            f"INSERT INTO {TABLE}_{group} SELECT {', '.join(columns)}"  # noqa: S608
            f" FROM wide.group_{group} ORDER BY fid"
        )


def _state(base: sqlite3.Connection, blocks: list[_Block]) -> None:
    """Write the states, with the value and the limit that are the same in all lines of a block."""
    columns = [name for name in KINDS if name != ROW]
    declared = ", ".join(f'"{name}" {KINDS[name]}' for name in columns)
    base.execute(f"CREATE TABLE {TABLE}_states (id INTEGER PRIMARY KEY, {declared})")
    states = pd.concat(
        [block.states.astype(object).assign(**block.constants) for block in blocks],
        ignore_index=True,
    ).reindex(columns=columns)
    states = states.astype(object).where(states.notna(), None)
    marks = ", ".join("?" * (len(columns) + 1))
    lines = states.itertuples(name=None)
    base.executemany(f"INSERT INTO {TABLE}_states VALUES ({marks})", lines)  # noqa: S608


def _view(base: sqlite3.Connection, blocks: list[_Block]) -> None:
    """Put the view in the place of the table.

    An empty table stands first in it, since a view has the types of its first part. The number of
    a line comes first, under the name by which GDAL knows the numbers of a view. It is stored,
    since what is computed has no type, and GeoPackage wants a whole number there.
    """
    declared = ", ".join(f'"{name}" {kind}' for name, kind in KINDS.items())
    base.execute(f"CREATE TABLE {TABLE}_none ({NUMBER} INTEGER, {declared})")
    parts = [f"SELECT * FROM {TABLE}_none"]  # noqa: S608
    for block in blocks:
        own = {name: f"w.{name}_{block.place}" for name in block.columns} | {ROW: f"w.{ROW}"}
        listed = ", ".join(own.get(name, f's."{name}"') for name in KINDS)
        parts.append(
            f"SELECT w.line_{block.place}, {listed} FROM {TABLE}_{block.group} AS w"  # noqa: S608
            f" CROSS JOIN {TABLE}_states AS s ON s.id = w.state_{block.place}"
        )
    several = (" UNION ALL ".join(parts[at : at + MOST]) for at in range(0, len(parts), MOST))
    whole = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in several)  # noqa: S608
    base.execute(f"DROP TABLE {TABLE}")
    base.execute("DELETE FROM gpkg_ogr_contents WHERE table_name = ?", (TABLE,))
    base.execute(f"CREATE VIEW {TABLE} AS {whole}")
