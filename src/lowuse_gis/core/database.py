"""The one database of a process: it holds nothing, reads no file, and answers what is put to it."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb

SETTINGS: dict[str, Any] = {
    "enable_external_access": "false",
    "ieee_floating_point_ops": "false",
    "error_on_division_by_zero": "false",
    "threads": 2,
}


def connection() -> duckdb.DuckDBPyConnection:
    """Connect to the database, which is opened once: that takes as long as many a query.

    Returns
    -------
    connection
        Sees nothing of what others register.
    """
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config=SETTINGS)
    database.execute("SET lock_configuration = true")
    return database
