"""Write millions of findings: few wide rows cross over, the lines are made inside the database.

Bringing a row to SQLite costs much more than writing it there. So the lines of all comparisons that
are put to the same parcels cross together, one row per parcel: for each comparison its value, its
limit, and the number of a *state*, which is everything else the line says. Few states occur.
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

from lowuse_gis.io.result_schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ROW, NUMBERS = "row", ("value", "limit")
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
    rows: NDArray[np.int32]
    state: NDArray[np.int64]
    states: pd.DataFrame
    constants: dict[str, float | None]
    columns: dict[str, NDArray[np.float64]]


def fill_findings(path: Path, findings: pd.DataFrame) -> None:
    """Fill the empty table of findings in a GeoPackage.

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
    try:
        _write_wide(wide, blocks, findings["row"].cat.categories)
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            for pragma in PRAGMAS:
                base.execute(f"PRAGMA {pragma}")
            base.execute("ATTACH ? AS wide", (str(wide),))
            base.execute("BEGIN")
            _fill(base, blocks, len(findings))
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
    members: dict[bytes, list[int]] = {}
    first = 0
    for start, end in pairwise([*starts, len(findings)]):
        lines, rows = findings.iloc[start:end], row[start:end]
        others = members.setdefault(rows.tobytes(), [])
        others.append(len(others))
        state, states = _states(lines)
        constants, columns = _numbers(lines)
        group = list(members).index(rows.tobytes())
        yield _Block(group, others[-1], rows, state + first, states, constants, columns)
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
            for name, values in block.columns.items():
                columns[f"{name}_{block.place}"] = pa.array(values, from_pandas=True)
        pyogrio.write_arrow(
            pa.table(columns), wide, layer=f"group_{group}", driver="GPKG", append=group > 0
        )


def _fill(base: sqlite3.Connection, blocks: list[_Block], count: int) -> None:
    """Make the lines, without the trigger that counts them one by one."""
    (trigger,) = base.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'trigger_insert_feature_count_findings'"
    ).fetchone()
    base.execute("DROP TRIGGER trigger_insert_feature_count_findings")
    _fill_states(base, blocks)
    stated = ", ".join(f's."{name}"' for name in STATED)
    named = ", ".join(f'"{name}"' for name in (ROW, *STATED, *NUMBERS))
    for block in blocks:
        numbers = [f"w.{n}_{block.place}" if n in block.columns else "?" for n in NUMBERS]
        base.execute(
            f"INSERT INTO findings ({named}) SELECT w.row, {stated}, {', '.join(numbers)}"  # noqa: S608
            f" FROM wide.group_{block.group} AS w"
            f" CROSS JOIN temp.states AS s ON s.id = w.state_{block.place} ORDER BY w.fid",
            [block.constants[name] for name in NUMBERS if name in block.constants],
        )
    base.execute(trigger)
    base.execute(
        "UPDATE gpkg_ogr_contents SET feature_count = ? WHERE table_name = 'findings'", (count,)
    )


def _fill_states(base: sqlite3.Connection, blocks: list[_Block]) -> None:
    named = ", ".join(f'"{name}"' for name in STATED)
    base.execute(f"CREATE TEMP TABLE states (id INTEGER PRIMARY KEY, {named})")
    if not blocks:
        return
    states = pd.concat([block.states.astype(object) for block in blocks], ignore_index=True)
    states = states.where(states.notna(), None)
    marks = ", ".join("?" * (len(STATED) + 1))
    lines = states.itertuples(name=None)
    base.executemany(f"INSERT INTO temp.states VALUES ({marks})", lines)  # noqa: S608
