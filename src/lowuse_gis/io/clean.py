"""The clean GeoPackage: mended layers, what was taken out, and the record of every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.io.geopackage import read_layer_frame, write_geopackage
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.model import Delivered, Rulebook

ROW, FILE = "lw_row", "lw_file"
TAKEN_OUT = "_taken_out"
MENDS = "mends"
DTYPES = {"f": "number", "i": "count", "u": "count", "b": "flag"}
RECORD = (
    ("number", "count"), ("source", "text"), ("row", "text"), ("id", "text"), ("file", "text"),
    ("operation", "text"), ("check", "text"), ("column", "text"), ("field", "text"),
    ("before", "text"), ("after", "text"), ("area_before", "number"), ("area_after", "number"),
    ("area_change", "number"), ("moved", "number"), ("applied", "flag"), ("refused", "text"),
    ("undone", "flag"), ("geometry_before", "text"), ("geometry_after", "text"),
)  # fmt: skip
SHAPES = ("geometry_before", "geometry_after")


@dataclass(frozen=True)
class Clean:
    """A clean GeoPackage as read.

    Attributes
    ----------
    layers
        Mended layers and those of what was taken out, by layer name, indexed by row.
    record
        Every change, in order.
    crs
        Of all layers.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    record: pd.DataFrame
    crs: str


def field_names(delivered: Delivered, rulebook: Rulebook) -> dict[str, str]:
    """Return what the columns of a layer are called in the clean GeoPackage.

    Parameters
    ----------
    delivered
        The layer; its raw cells bear standard columns where they are matched.
    rulebook
        Knows the field names of the standards.

    Returns
    -------
    dict
        Column to field: the standard's name, else the file's own; each once.
    """
    specs = rulebook.fields.get(delivered.source, {})
    names: dict[str, str] = {}
    used = {ROW.upper(), FILE.upper(), "GEOM", "FID"}
    for column in delivered.raw:
        wanted = specs[column]["names"][0] if column in specs else str(column)
        name, number = wanted, 1
        while name.upper() in used:
            number += 1
            name = f"{wanted}_{number}"
        used.add(name.upper())
        names[column] = name
    return names


def clean_layer(delivered: Delivered, rulebook: Rulebook, files: pd.Series) -> gpd.GeoDataFrame:
    """Put a mended layer into the fields of the clean GeoPackage.

    Parameters
    ----------
    delivered, rulebook
        The layer, and who names its fields.
    files
        The file of each row.

    Returns
    -------
    GeoDataFrame
        Indexed by row.
    """
    frame = delivered.raw.rename(columns=field_names(delivered, rulebook))
    shapes = delivered.frame.geometry
    made = frame.assign(**{ROW: frame.index, FILE: files.reindex(frame.index)})
    return gpd.GeoDataFrame(made, geometry=shapes.to_numpy(), crs=delivered.frame.crs)


def write_clean(
    path: Path, layers: Mapping[str, gpd.GeoDataFrame], record: pd.DataFrame, crs: str, as_of: date
) -> None:
    """Write mended layers and the record.

    Parameters
    ----------
    path
        A new GeoPackage.
    layers
        By layer name, as `clean_layer` gives them.
    record
        Every change, columns `RECORD`.
    crs
        Of all layers.
    as_of
        Stands for the date of writing.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    out = [
        OutLayer(name, name, frame, _columns(frame), "MultiPolygon")
        for name, frame in layers.items()
    ]
    whole = record.reindex(columns=[name for name, _dtype in RECORD])
    whole["undone"] = whole["undone"].fillna(value=False).astype(bool)
    columns = [Column(name, dtype) for name, dtype in RECORD]
    out.append(OutLayer(MENDS, _("record of mending"), whole, columns))
    write_geopackage(path, out, crs, as_of)


def _columns(frame: gpd.GeoDataFrame) -> list[Column]:
    names = [name for name in frame.columns if name != frame.geometry.name]
    return [Column(name, _dtype(frame[name])) for name in names]


def _dtype(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return DTYPES.get(values.dtype.kind, "text")


def write_ledger(path: Path, record: pd.DataFrame) -> None:
    """Write the record for people to read, without the shapes.

    Parameters
    ----------
    path
        A new CSV file, UTF-8 with BOM.
    record
        Every change.
    """
    names = [name for name, _dtype in RECORD if name not in {*SHAPES, "undone"}]
    text = record.reindex(columns=names).to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode("utf-8-sig"))


def read_clean(path: Path) -> Clean:
    """Read a clean GeoPackage.

    Parameters
    ----------
    path
        What ``lowuse check --mend`` wrote.

    Returns
    -------
    Clean

    Raises
    ------
    InputError
        Where it is none.
    """
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), _("check the path"))
    try:
        listed = pyogrio.list_layers(path)
        record = read_layer_frame(path, MENDS)
        names = [str(name) for name, kind in listed if kind is not None]
        layers = {name: read_layer_frame(path, name).set_index(ROW, drop=False) for name in names}
    except (DataSourceError, DataLayerError, KeyError, OSError) as error:
        raise InputError(
            _("{path}: not written by lowuse check --mend").format(path=path),
            _("name the clean.gpkg in the folder of the check"),
        ) from error
    crs = next(iter(layers.values())).crs.to_string() if layers else ""
    return Clean({name: frame.rename_axis(None) for name, frame in layers.items()}, record, crs)


def records_of_mending(path: Path, names: Sequence[str]) -> list[str]:
    """Return the layers of a clean GeoPackage that are no delivery any more.

    Parameters
    ----------
    path
        A GeoPackage.
    names
        Of its layers.

    Returns
    -------
    list of str
        What was taken out, and the record; nothing where it is another GeoPackage.
    """
    if MENDS not in names:
        return []
    fields = set(pyogrio.read_info(path, layer=MENDS)["fields"])
    if not fields.issuperset(name for name, _dtype in RECORD):
        return []
    return [name for name in names if name == MENDS or name.endswith(TAKEN_OUT)]


def rows_of(frames: Sequence[Delivered]) -> pd.Series:
    """Return the file of every row.

    Parameters
    ----------
    frames
        The layers as they were read.

    Returns
    -------
    Series of str
        By row.
    """
    parts = [
        pd.Series(f"{d.file}:{d.layer}" if d.layer else d.file, index=d.frame.index) for d in frames
    ]
    whole = pd.concat(parts) if parts else pd.Series(dtype="str")
    return whole[~whole.index.duplicated()]  # a line of a table may hold several years
