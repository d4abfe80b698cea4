"""What a GeoPackage has to publish: its layers as tables, and their rows as text for COPY."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyarrow import csv
from pyproj import CRS

from lowuse_gis.errors import InputError
from lowuse_gis.io.database.names import OWN, SYSTEM, distinct
from lowuse_gis.io.layer_styles import STYLES
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

ROWS = 65_536  # of one batch
VIEW = "current_"
RUNS = "runs"
TYPES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_floating, "double precision"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
)


@dataclass(frozen=True)
class Field:
    """A column, from the file to the database.

    Attributes
    ----------
    name, column
        In the file, and in the database.
    kind
        Type in the database.
    title
        Alias of the file; may be empty.
    """

    name: str
    column: str
    kind: str
    title: str = ""


@dataclass(frozen=True)
class Layer:
    """A layer or table to be published.

    Attributes
    ----------
    path, layer
        Where it stands.
    table, title
        Its name in the database, and what it is called there.
    fields
        Without number and geometry.
    geometry
        Type of geometry; empty for a table.
    srid
        EPSG code of its system; 0 for a table.
    count
        Rows.
    """

    path: Path
    layer: str
    table: str
    title: str
    fields: tuple[Field, ...]
    geometry: str
    srid: int
    count: int


def layers_in(
    path: Path, prefix: str, taken: Collection[str], renamed: Mapping[str, str]
) -> list[Layer]:
    """List what a GeoPackage has to publish.

    Parameters
    ----------
    path
        A GeoPackage.
    prefix
        Put before the names of its tables that are taken.
    taken
        Names of tables of other files.
    renamed
        Layer to name, where it is to have another.

    Returns
    -------
    list of Layer
        In the order of the file.
    """
    names = [str(name) for name in pyogrio.list_layers(path)[:, 0] if name != STYLES]
    wanted = {name: renamed.get(name, name) for name in names}
    wanted = {n: prefix + w if w in taken else w for n, w in wanted.items()}
    given = distinct(wanted.values(), taken, VIEW)
    titles = _titles(path)
    return [_layer(path, name, given[wanted[name]], titles) for name in names]


def _layer(path: Path, name: str, table: str, titles: Mapping[tuple[str, str], str]) -> Layer:
    with pyogrio.open_arrow(path, layer=name, use_pyarrow=True, return_fids=True) as (meta, reader):
        kinds = [_kind(field.type) for field in reader.schema][1:]
    info = pyogrio.read_info(path, layer=name)
    columns = distinct([str(f) for f in meta["fields"]], OWN | SYSTEM)
    fields = tuple(
        Field(field, column, kind, titles.get((name, field), ""))
        for (field, column), kind in zip(columns.items(), kinds, strict=False)
    )
    shaped = meta["geometry_type"] or ""
    srid = _srid(path, name, meta["crs"]) if shaped else 0
    title = titles.get((name, ""), "")
    return Layer(path, name, table, title, fields, shaped, srid, int(info["features"]))


def _kind(dtype: pa.DataType) -> str:
    return next((kind for fits, kind in TYPES if fits(dtype)), "text")


def _srid(path: Path, layer: str, crs: str | None) -> int:
    code = CRS(crs).to_epsg() if crs else None
    if code is None:
        raise InputError(
            _("{path}: layer {layer} has no EPSG code").format(path=path, layer=layer),
            _("publish what lowuse wrote, in its working CRS"),
        )
    return int(code)


def _titles(path: Path) -> dict[tuple[str, str], str]:
    """Return the aliases of a GeoPackage by layer and column; those of layers by an empty one."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        layers = base.execute("SELECT table_name, '', description FROM gpkg_contents").fetchall()
        columns = (
            base.execute("SELECT table_name, column_name, title FROM gpkg_data_columns").fetchall()
            if "gpkg_data_columns" in tables
            else []
        )
    return {(table, column): title or "" for table, column, title in (*layers, *columns)}


def batches(layer: Layer) -> Iterator[pa.RecordBatch]:
    """Read the rows of a layer.

    Parameters
    ----------
    layer
        What is read.

    Yields
    ------
    RecordBatch
        Number, fields, and the shape as hexadecimal EWKB where there is one.
    """
    options = {"use_pyarrow": True, "return_fids": True, "batch_size": ROWS}
    with pyogrio.open_arrow(layer.path, layer=layer.layer, **options) as (_meta, reader):
        for batch in reader:
            arrays = list(batch.columns)
            if layer.geometry:
                arrays[-1] = _ewkb(arrays[-1], layer.srid)
            yield pa.RecordBatch.from_arrays(arrays, columns_of(layer))


def columns_of(layer: Layer) -> list[str]:
    """Name the columns of `batches` as the database calls them.

    Parameters
    ----------
    layer
        What is read.

    Returns
    -------
    list of str
    """
    shape = ["geom"] if layer.geometry else []
    return ["fid", *(field.column for field in layer.fields), *shape]


def _ewkb(shapes: pa.Array, srid: int) -> pa.Array:
    made = shapely.from_wkb(np.asarray(shapes.to_numpy(zero_copy_only=False), dtype=object))
    placed = shapely.set_srid(made, srid)
    return pa.array(
        shapely.to_wkb(placed, hex=True, include_srid=True, flavor="extended"), pa.string()
    )


def as_csv(batch: pa.RecordBatch) -> bytes:
    r"""Write rows as COPY reads them: text in quotes, what is missing without.

    Parameters
    ----------
    batch
        Rows.

    Returns
    -------
    bytes
        UTF-8.

    Examples
    --------
    >>> as_csv(pa.RecordBatch.from_pydict({"a": ["", None, 'x"y'], "b": [0.1, None, 2.0]}))
    b'"",0.1\n,\n"x""y",2\n'
    """
    sink = io.BytesIO()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
    return sink.getvalue()


def content_hash(layers: Collection[Layer]) -> str:
    """Hash what would be published.

    Parameters
    ----------
    layers
        All of it.

    Returns
    -------
    str
        SHA-256 over names, types, aliases and rows: that of a file that a GIS has opened, and so
        rewritten, is the same.
    """
    digest = hashlib.sha256()
    for layer in layers:
        head = [layer.table, layer.title, layer.geometry, layer.srid]
        head += [[field.column, field.kind, field.title] for field in layer.fields]
        digest.update(json.dumps(head, ensure_ascii=False).encode())
        for batch in batches(layer):
            digest.update(as_csv(batch))
    return digest.hexdigest()


def values_of(layer: Layer, column: str) -> pa.Array:
    """Read one column of a layer.

    Parameters
    ----------
    layer, column
        The layer, and its column by the database's name.

    Returns
    -------
    Array
        Different values.
    """
    (name,) = [field.name for field in layer.fields if field.column == column]
    options = {"layer": layer.layer, "columns": [name], "read_geometry": False}
    _meta, table = pyogrio.read_arrow(layer.path, **options)
    return pc.unique(table.column(name))
