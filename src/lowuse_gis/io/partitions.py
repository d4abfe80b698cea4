"""Folders of partitions: GeoParquet files, and a manifest that says what they hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lowuse_gis.errors import InputError
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.model import Manifest, Partition, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook

MANIFEST, PARTS, WHOLE, WORK = "manifest.json", "parts", "whole", "work"
ORDER, HOME = "_order", "_home"  # place of a row in the whole, and whether it is at home here
PARCELS = "parcels"


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a table or layer as (Geo)Parquet, with its index.

    Parameters
    ----------
    path
        A new file.
    frame
        A layer where it has geometry.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    frame.to_parquet(path)


def read_frame(
    path: Path,
    columns: Sequence[str] | None = None,
    where: Sequence[tuple[str, str, object]] | None = None,
    repeated: Sequence[str] = (),
) -> pd.DataFrame:
    """Read a table or layer that `write_frame` wrote.

    Parameters
    ----------
    path
        The file.
    columns
        Those wanted; all where None. Without ``geometry`` a layer is read as a table.
    where
        Column, comparison and value that rows must all meet, as PyArrow takes them; all rows
        where None. Shapes of others are not made.
    repeated
        Columns of a table whose few texts repeat: read as categories.

    Returns
    -------
    DataFrame
        A GeoDataFrame where it has geometry.
    """
    schema = pq.read_schema(path)
    layer = b"geo" in (schema.metadata or {}) and (columns is None or "geometry" in columns)
    wanted = None if columns is None else [c for c in columns if c in schema.names]
    chosen = None if where is None else list(where)
    if layer:
        return gpd.read_parquet(path, columns=wanted, filters=chosen)
    return pd.read_parquet(path, columns=wanted, filters=chosen, read_dictionary=list(repeated))


def read_whole(path: Path) -> pa.Table:
    """Read a layer that `write_frame` wrote, to be cut: shapes stay as they are in the file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
    """
    return pq.read_table(path)


def write_part(path: Path, whole: pa.Table, at: NDArray[np.intp], home: NDArray[np.bool_]) -> None:
    """Write rows of a layer, with their place in it and whether they are at home.

    Parameters
    ----------
    path
        A new file; `read_frame` reads it.
    whole
        Of `read_whole`.
    at, home
        Places of the rows, and whether they are at home.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    told = dict(whole.schema.metadata or {})
    geo = json.loads(told[b"geo"])
    for column in geo["columns"].values():  # which is that of the whole layer
        column.pop("bbox", None)
    told[b"geo"] = json.dumps(geo).encode()
    part = whole.take(pa.array(at))
    part = part.append_column(ORDER, pa.array(at)).append_column(HOME, pa.array(home))
    pq.write_table(part.replace_schema_metadata(told), path)


def part_file(folder: Path, part: str, layer: str) -> Path:
    """Return where a layer of a partition stands.

    Parameters
    ----------
    folder, part, layer
        The folder of partitions, and names.

    Returns
    -------
    Path
    """
    return folder / PARTS / part / f"{layer}.parquet"


def whole_file(folder: Path, layer: str) -> Path:
    """Return where a layer that is not cut stands.

    Parameters
    ----------
    folder, layer
        The folder of partitions, and the layer's name.

    Returns
    -------
    Path
    """
    return folder / WHOLE / f"{layer}.parquet"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what a folder holds.

    Parameters
    ----------
    folder, manifest
        Where to, and what.
    """
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def is_partitioned(path: Path) -> bool:
    """Say whether a path is a folder of partitions.

    Parameters
    ----------
    path
        Any.

    Returns
    -------
    bool
    """
    return (path / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Read what a folder holds.

    Parameters
    ----------
    folder
        What `lowuse partition` wrote.

    Returns
    -------
    Manifest

    Raises
    ------
    InputError
        Where it is none.
    """
    hint = _("give the folder that 'lowuse partition' wrote")
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return _manifest(raw)
    except FileNotFoundError as error:
        raise InputError(_("{path}: no folder of partitions").format(path=folder), hint) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            _("{path}: broken manifest").format(path=folder / MANIFEST), hint
        ) from error


def _manifest(raw: dict[str, Any]) -> Manifest:
    sources = [
        Source(
            **{**line, "towns": tuple(line["towns"]), "towns_missing": tuple(line["towns_missing"])}
        )
        for line in raw["sources"]
    ]
    boxes = ("bounds", "context")
    parts = [
        Partition(**{**line, **{name: tuple(line[name]) for name in boxes}})
        for line in raw["partitions"]
    ]
    order = tuple((str(a), str(b), str(c)) for a, b, c in raw["order"])
    compared = tuple((str(a), str(b), float(m)) for a, b, m in raw.get("compared", ()))
    kept = {"sources": tuple(sources), "partitions": tuple(parts), "order": order}
    kept |= {"compared": compared}
    return Manifest(**{**raw, **kept})


def damaged_files(folder: Path, manifest: Manifest) -> list[Path]:
    """List the files of a folder that are missing or not as they were written.

    Parameters
    ----------
    folder, manifest
        The folder and what it should hold.

    Returns
    -------
    list of Path
    """
    expected = {
        part_file(folder, part.name, layer): sha256
        for part in manifest.partitions
        for layer, sha256 in part.files.items()
    }
    expected |= {whole_file(folder, name): sha256 for name, sha256 in manifest.whole.items()}
    return [p for p, sha256 in expected.items() if not p.is_file() or file_hash(p) != sha256]


def reading_hash(rulebook: Rulebook) -> str:
    """Return the hash of what of a rulebook the reading of layers depends on.

    Parameters
    ----------
    rulebook
        The rules.

    Returns
    -------
    str
        SHA-256.
    """
    columns = rulebook.columns[["name", "dtype"]].to_csv(index=False)
    parts = [rulebook.crs, rulebook.envelope, rulebook.natural_persons, columns]
    parts += [{name: rulebook.fields[name] for name in sorted(rulebook.fields)}]
    parts += [{name: vars(rule) for name, rule in sorted(rulebook.sources.items())}]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
