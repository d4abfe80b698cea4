"""Styles inside a GeoPackage (``layer_styles``), where QGIS looks for them when it adds a layer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.style import FieldShown, qml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.io.out_layer import OutLayer

STYLES = "layer_styles"
TABLE = f"""
    CREATE TABLE {STYLES} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
      f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
      useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


def fields_of(layer: OutLayer) -> list[FieldShown]:
    """Return the fields of a layer as a style names them.

    Parameters
    ----------
    layer
        What is written.

    Returns
    -------
    list of FieldShown
    """
    return [FieldShown(c.name, c.title, layer.domains.get(c.domain, {})) for c in layer.columns]


def write_styles(path: Path, layers: Sequence[OutLayer], geometry: str, as_of: date) -> None:
    """Write the styles of layers; nothing where none has one.

    Parameters
    ----------
    path, layers
        A GeoPackage, and what is in it.
    geometry
        Name of the column of shapes.
    as_of
        Stands for the date of writing.
    """
    when = f"{as_of:%Y-%m-%d}T00:00:00.000Z"
    shown = [(layer, fields_of(layer)) for layer in layers if layer.styles]
    lines = [
        ("", "", layer.name, geometry, style.name, qml(style, fields), "", at == 0,
         layer.title, "", None, when)
        for layer, fields in shown
        for at, style in enumerate(layer.styles)
    ]  # fmt: skip
    if not lines:
        return
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA synchronous = OFF")
        base.execute(TABLE)
        base.execute(
            "INSERT INTO gpkg_contents"
            " (table_name, data_type, identifier, description, last_change)"
            " VALUES (?, 'attributes', ?, '', ?)",
            (STYLES, STYLES, when),
        )
        columns = ", ".join("?" * len(lines[0]))
        base.executemany(f"INSERT INTO {STYLES} VALUES (NULL, {columns})", lines)  # noqa: S608
