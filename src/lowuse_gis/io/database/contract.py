"""What the database is told of each table: keys, links, guarantees, indexes, labels."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from lowuse_gis.io.shared_rules import shared_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "database.toml"


@dataclass(frozen=True)
class Link:
    """A column whose values stand in another table of the same run.

    Attributes
    ----------
    column, to
        The column, and the table it points to, by that table's one-column key.
    extra
        Where only some values point there: the column that repeats these; else empty.
    """

    column: str
    to: str
    extra: str = ""


@dataclass(frozen=True)
class TableRules:
    """What is guaranteed of a table.

    Attributes
    ----------
    title
        In Chinese.
    key
        Columns that name a row within its run.
    required
        Columns that are never missing.
    index
        Columns that are searched.
    links
        To other tables.
    checks
        Column to the condition it fulfils, as SQL.
    labels
        Column to label, before all others.
    by_run
        Whether each run is a part of its own: tables of millions of rows are filled first and
        indexed then.
    """

    title: str = ""
    key: Sequence[str] = ()
    required: Sequence[str] = ()
    index: Sequence[str] = ()
    links: Sequence[Link] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    by_run: bool = False


@dataclass(frozen=True)
class Slices:
    """Layers that repeat rows of a table: views over it.

    Attributes
    ----------
    prefix
        What their names begin with; the rest is the value of ``by``.
    of, by, where
        The table, the column that tells them apart, and what all have in common, as SQL.
    """

    prefix: str
    of: str
    by: str
    where: str


@dataclass(frozen=True)
class Contract:
    """The whole of it."""

    version: int
    slices: Slices
    tables: Mapping[str, TableRules]
    labels: Mapping[str, str]

    def rules(self, table: str) -> TableRules:
        """Return what is known of a table; nothing where it is not named.

        Parameters
        ----------
        table
            Its name.

        Returns
        -------
        TableRules
        """
        return self.tables.get(table, TableRules())


@cache
def read_contract() -> Contract:
    """Read what comes with the program.

    Returns
    -------
    Contract
    """
    raw = tomllib.loads(shared_file((), NAME).read_text(encoding="utf-8"))
    return Contract(
        version=raw["version"],
        slices=Slices(**raw["slices"]),
        tables={name: _table(entry) for name, entry in raw["tables"].items()},
        labels=raw["labels"],
    )


def _table(entry: Mapping[str, Any]) -> TableRules:
    links = [
        Link(link["column"], link["to"], link.get("as", "")) for link in entry.get("links", ())
    ]
    return TableRules(**{**entry, "links": links})
