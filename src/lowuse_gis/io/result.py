"""Read the result of classify back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.io.layer_styles import STYLES
from lowuse_gis.io.result_age import ESSENTIAL, TABLES, refuse_later, refuse_without
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd


MET, OPEN = "truth = 'true'", "truth = 'unknown'"  # findings of criteria that are met, or open


@dataclass(frozen=True)
class Result:
    """A result as read back.

    Attributes
    ----------
    parcels
        With geometry, indexed by ``row``.
    tables
        The other tables by name, read when they are asked for.
    """

    parcels: gpd.GeoDataFrame
    tables: Mapping[str, pd.DataFrame]

    @property
    def run(self) -> pd.Series:
        """The one line that says what made the result."""
        return self.tables["runs"].iloc[0]

    def codes(self, domain: str) -> tuple[str, ...]:
        """Return the codes of a code list that the result carries."""
        labels = self.tables["labels"]
        return tuple(labels.loc[labels["domain"] == domain, "code"])


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a result, each read when it is first asked for: findings are millions of lines.

    Parameters
    ----------
    path
        The result; must stay as it is while tables are read.
    names
        Its tables.
    where
        For tables of which some rows only are wanted, a condition in SQL.
    """

    def __init__(
        self, path: Path, names: Sequence[str], where: Mapping[str, str] | None = None
    ) -> None:
        self._path = path
        self._names = tuple(names)
        self._where = dict(where or {})
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; one that every result has is refused where it is missing."""
        if name not in self._names:
            if name in TABLES:
                refuse_without(self._path, self._names, [name])
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = read_layer_frame(self._path, name, self._where.get(name))
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        """Say whether there is a table, without reading it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._names)


def read_result(path: Path, findings: str = "") -> Result:
    """Read a result back.

    Parameters
    ----------
    path
        What classify wrote.
    findings
        Which findings are wanted, a condition in SQL; all where empty. They are most of a result.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        Where it is missing, no result of lowuse, or one of a version that cannot be read.
    """
    tables = result_tables(path, findings)
    parcels = read_layer_frame(path, "parcels")
    names = [str(name) for name in parcels.columns]
    refuse_without(path, names, ESSENTIAL, tables["runs"].iloc[0])
    return Result(parcels.set_index("row"), tables)


def result_tables(path: Path, findings: str = "") -> Tables:
    """Open the tables of a result, without its parcels.

    Parameters
    ----------
    path, findings
        As for `read_result`.

    Returns
    -------
    Tables

    Raises
    ------
    InputError
        As `read_result` does.
    """
    names = layers_of(path, {"parcels", "runs"})
    others = [n for n in names if n not in {"parcels", STYLES} and not n.startswith("lowuse_")]
    run = read_run(path)
    refuse_without(path, names, {"findings", "criteria", "labels", "columns"}, run)
    return Tables(path, others, {"findings": findings} if findings else None)


def read_run(path: Path) -> pd.Series:
    """Read what made a result.

    Parameters
    ----------
    path
        What classify wrote.

    Returns
    -------
    Series
        Rulebook, version, hash, date.

    Raises
    ------
    InputError
        Where it is missing, no result of lowuse, or one of a later version.
    """
    layers_of(path, {"parcels", "runs"})
    runs = read_layer_frame(path, "runs")
    if not len(runs):
        refuse_without(path, (), ["runs"])
    run = runs.iloc[0]
    refuse_later(path, run)
    return run


def in_sql(texts: Collection[str]) -> str:
    """Write texts as a list of SQL.

    Parameters
    ----------
    texts
        Codes or rows, perhaps as somebody typed them.

    Returns
    -------
    str

    Examples
    --------
    >>> in_sql(["1:7", "it's"])
    "('1:7', 'it''s')"
    """
    quoted = ("'" + text.replace("'", "''") + "'" for text in texts)
    return f"({', '.join(quoted)})"


def layers_of(path: Path, needed: Collection[str], hint: str = "") -> list[str]:
    """List the layers of a result.

    Parameters
    ----------
    path
        What classify wrote.
    needed
        Layers without which it is none.
    hint
        What to give instead; a result where empty.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        Where it is missing or no result of lowuse.
    """
    hint = hint or _("give the GeoPackage that 'lowuse classify' wrote")
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), hint)
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except DataSourceError as error:
        raise InputError(_("{path}: not a result of lowuse").format(path=path), hint) from error
    if not set(needed) <= set(names):
        raise InputError(_("{path}: not a result of lowuse").format(path=path), hint)
    return names
