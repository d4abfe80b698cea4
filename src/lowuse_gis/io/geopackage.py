"""Write GeoPackages that are the same bytes for the same content, with Chinese aliases."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lowuse_gis.io.gdal import in_bulk
from lowuse_gis.io.layer_styles import write_styles
from lowuse_gis.io.out_layer import GEOMETRY, batches_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from lowuse_gis.io.out_layer import OutLayer

VERSION = "1.3"  # validators in the field do not know 1.4 yet


def write_geopackage(
    path: Path,
    layers: Iterable[OutLayer],
    crs: str,
    as_of: date,
    begun: Sequence[OutLayer] = (),
    first: Sequence[str] = (),
) -> None:
    """Write layers and tables into one new GeoPackage.

    Parameters
    ----------
    path
        A name nothing stands under, but what `begin_geopackage` wrote.
    layers
        One that is made as it is asked for is let go when it is written.
    crs
        Of all layers.
    as_of
        Stands for the date of writing, so that the bytes do not depend on the clock.
    begun
        Layers that stand there already; their rows are not looked at.
    first
        Names of those that a GIS lists before the others, which it lists as they were written.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    written = [*begun]
    with _fixed_date(as_of), in_bulk():
        for layer in layers:
            _write_layer(path, layer, batches_of(layer), crs, append=len(written) > 0)
            written.append(replace(layer, frame=layer.frame.head(0)))
    try:
        _describe(path, written, first)
        write_styles(path, written, GEOMETRY, as_of)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def begin_geopackage(
    path: Path,
    layers: Iterable[tuple[OutLayer, pa.RecordBatchReader]],
    crs: str,
    as_of: date,
    *,
    append: bool = False,
) -> None:
    """Write the first layers of a GeoPackage, which `write_geopackage` completes.

    Parameters
    ----------
    path, crs, as_of
        As for `write_geopackage`.
    layers
        With their rows, as `lowuse_gis.io.out_layer.batches_of` gives them.
    append
        Whether some stand there already.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    with _fixed_date(as_of), in_bulk():
        for number, (layer, rows) in enumerate(layers):
            _write_layer(path, layer, rows, crs, append=append or number > 0)


@contextmanager
def _fixed_date(as_of: date) -> Iterator[None]:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of:%Y-%m-%d}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_layer(
    path: Path, layer: OutLayer, rows: pa.RecordBatchReader, crs: str, *, append: bool
) -> None:
    options: dict[str, object] = {"layer": layer.name, "driver": "GPKG", "append": append}
    if layer.geometry:
        options |= {"geometry_name": GEOMETRY, "geometry_type": layer.geometry, "crs": crs}
    options["layer_options"] = {"DESCRIPTION": layer.title}
    if not append:
        options["dataset_options"] = {"VERSION": VERSION}
    try:
        pyogrio.write_arrow(rows, path, **options)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise OSError(str(error)) from error


def _describe(path: Path, layers: Sequence[OutLayer], first: Sequence[str]) -> None:
    """Add aliases and coded values by the schema extension of GeoPackage, and order layers."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            """
            PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL,
              column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
              constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
              CONSTRAINT gdc_tn UNIQUE (table_name, name));
            CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL,
              constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
              max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
              CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
            CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,
              extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
              CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
            """
        )
        definition = "http://www.geopackage.org/spec121/#extension_schema"
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            base.execute(
                "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
                (table, "gpkg_schema", definition, "read-write"),
            )
        before = [(at - len(first), name) for at, name in enumerate(first)]
        base.executemany("UPDATE gpkg_contents SET rowid = ? WHERE table_name = ?", before)
        titled = [(layer, column) for layer in layers for column in layer.columns if column.title]
        base.executemany(
            "INSERT OR REPLACE INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, ?)",
            [
                (l.name, c.name, c.name, c.title, c.domain if c.domain in l.domains else None)
                for l, c in titled  # noqa: E741
            ],
        )
        used = {c.domain: l.domains[c.domain] for l, c in titled if c.domain in l.domains}  # noqa: E741
        base.executemany(
            "INSERT OR IGNORE INTO gpkg_data_column_constraints"
            " VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [(name, code, label) for name in sorted(used) for code, label in used[name].items()],
        )


def read_layer_frame(path: Path, layer: str, where: str | None = None) -> pd.DataFrame:
    """Read a layer or table of a GeoPackage that lowuse wrote.

    Parameters
    ----------
    path, layer
        The file and the layer.
    where
        A condition in SQL; None for all rows.

    Returns
    -------
    DataFrame
        A GeoDataFrame where it has geometry.
    """
    return pyogrio.read_dataframe(path, layer=layer, where=where, use_arrow=True)
