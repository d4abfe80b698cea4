"""Read the result of classify back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyogrio
from pyogrio.errors import DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """A result as read back.

    Attributes
    ----------
    parcels
        With geometry, indexed by ``row``.
    tables
        The other tables by name.
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


def read_result(path: Path) -> Result:
    """Read a result back.

    Parameters
    ----------
    path
        What classify wrote.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        Where it is missing or no result of lowuse.
    """
    needed = {"parcels", "findings", "runs", "criteria", "labels", "columns"}
    names = layers_of(path, needed)
    parcels = read_layer_frame(path, "parcels").set_index("row")
    tables = {
        name: read_layer_frame(path, name)
        for name in names
        if name != "parcels" and not name.startswith("lowuse_")
    }
    return Result(parcels, tables)


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
