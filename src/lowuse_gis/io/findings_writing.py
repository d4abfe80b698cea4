"""Put a view of the findings into a result.

The view ``findings`` puts the lines together when somebody reads them; whoever reads the file by
GDAL or SQL sees a table of lines.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.io.findings_wide import ROW
from lowuse_gis.io.result_schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.io.findings_wide import Lines, Widened

TABLE = "findings"
NUMBER = "OGC_FID"
FID = "fid"  # under which GDAL numbers rows
AFFINITY = {"text": "TEXT", "code": "TEXT", "count": "INTEGER", "number": "REAL"}
KINDS = {name: AFFINITY[dtype] for name, dtype in FINDINGS}
MOST = 400  # selects in one; SQLite takes 500
PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "temp_store = MEMORY")


def fill_findings(path: Path, wide: Widened) -> None:
    """Put a view of the findings in the place of their empty table in a GeoPackage.

    Parameters
    ----------
    path
        The file, with the table in it.
    wide
        The findings.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    if not wide.lines:
        return
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            for pragma in PRAGMAS:
                base.execute(f"PRAGMA {pragma}")
            base.execute("ATTACH ? AS wide", (str(wide.file),))
            base.execute("BEGIN")
            _copy(base, wide.groups)
            _state(base, wide.lines)
            _view(base, wide.lines)
            base.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _copy(base: sqlite3.Connection, groups: int) -> None:
    """Take the wide tables over: SQLite copies rows as they are into a table of the same form."""
    for group in range(groups):
        fields = base.execute(f"PRAGMA wide.table_info(group_{group})").fetchall()
        columns = {f'"{name}"': kind for _at, name, kind, *_rest in fields if name != FID}
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        table = f"{TABLE}_{group}"
        base.execute(f"CREATE TABLE {table} ({FID} INTEGER PRIMARY KEY NOT NULL, {declared})")
        base.execute(f"INSERT INTO {table} SELECT * FROM wide.group_{group}")  # noqa: S608


def _state(base: sqlite3.Connection, lines: Sequence[Lines]) -> None:
    """Write the states, with the value and the limit that are the same in all lines of a block."""
    columns = [name for name in KINDS if name != ROW]
    declared = ", ".join(f'"{name}" {KINDS[name]}' for name in columns)
    base.execute(f"CREATE TABLE {TABLE}_states (id INTEGER PRIMARY KEY, {declared})")
    states = pd.concat(
        [one.states.astype(object).assign(**one.constants) for one in lines],
        ignore_index=True,
    ).reindex(columns=columns)
    states = states.astype(object).where(states.notna(), None)
    marks = ", ".join("?" * (len(columns) + 1))
    rows = states.itertuples(name=None)
    base.executemany(f"INSERT INTO {TABLE}_states VALUES ({marks})", rows)  # noqa: S608


def _view(base: sqlite3.Connection, lines: Sequence[Lines]) -> None:
    """Put the view in the place of the table.

    An empty table stands first in it, since a view has the types of its first part. The number of
    a line comes first, under the name by which GDAL knows the numbers of a view. It is stored,
    since what is computed has no type, and GeoPackage wants a whole number there.
    """
    declared = ", ".join(f'"{name}" {kind}' for name, kind in KINDS.items())
    base.execute(f"CREATE TABLE {TABLE}_none ({NUMBER} INTEGER, {declared})")
    parts = [f"SELECT * FROM {TABLE}_none"]  # noqa: S608
    for one in lines:
        own = {name: f"w.{name}_{one.place}" for name in one.columns} | {ROW: f"w.{ROW}"}
        listed = ", ".join(own.get(name, f's."{name}"') for name in KINDS)
        parts.append(
            f"SELECT w.line_{one.place}, {listed} FROM {TABLE}_{one.group} AS w"  # noqa: S608
            f" CROSS JOIN {TABLE}_states AS s ON s.id = w.state_{one.place}"
        )
    several = (" UNION ALL ".join(parts[at : at + MOST]) for at in range(0, len(parts), MOST))
    whole = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in several)  # noqa: S608
    base.execute(f"DROP TABLE {TABLE}")
    base.execute("DELETE FROM gpkg_ogr_contents WHERE table_name = ?", (TABLE,))
    base.execute(f"CREATE VIEW {TABLE} AS {whole}")
