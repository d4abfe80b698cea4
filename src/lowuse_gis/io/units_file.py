"""Read a units file back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyogrio
from pyogrio.errors import DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.io.geopackage import read_layer_frame
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

NEEDED = frozenset({"units", "members", "left_out"})


@dataclass(frozen=True)
class UnitsFile:
    """A units file as read back.

    Attributes
    ----------
    units
        With geometry.
    tables
        The other layers by name.
    """

    units: gpd.GeoDataFrame
    tables: Mapping[str, pd.DataFrame]


def read_units(path: Path, tables: tuple[str, ...] = ()) -> UnitsFile:
    """Read a units file back.

    Parameters
    ----------
    path
        What ``lowuse units`` wrote.
    tables
        Further layers that are wanted.

    Returns
    -------
    UnitsFile

    Raises
    ------
    InputError
        Where it is missing or no units file of lowuse.
    """
    hint = _("give the GeoPackage that 'lowuse units' wrote")
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), hint)
    try:
        names = {str(name) for name in pyogrio.list_layers(path)[:, 0]}
    except DataSourceError as error:
        raise InputError(_("{path}: not a units file of lowuse").format(path=path), hint) from error
    if not {*NEEDED, *tables} <= names:
        raise InputError(_("{path}: not a units file of lowuse").format(path=path), hint)
    return UnitsFile(
        read_layer_frame(path, "units"), {name: read_layer_frame(path, name) for name in tables}
    )
