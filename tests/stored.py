"""How a result stores what it shows as one table."""

import sqlite3
from contextlib import closing


def findings_tables(path):
    """Return the tables with a row per parcel that the view of the findings reads."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'findings_[0-9]*'"
    with closing(sqlite3.connect(path)) as base:
        return [name for (name,) in base.execute(named)]
