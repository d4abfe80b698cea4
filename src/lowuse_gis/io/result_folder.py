"""A result too large for one file: a folder of Parquet, parcels and findings by partition."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely

from lowuse_gis.errors import InputError
from lowuse_gis.io.check_rows import catalogued, checks_layer, counted
from lowuse_gis.io.out_layer import GEOMETRY, Column, OutLayer, arrow_table
from lowuse_gis.io.partitions import MANIFEST, ORDER, PARCELS, read_frame
from lowuse_gis.io.result_age import ESSENTIAL, refuse_later, refuse_without
from lowuse_gis.io.result_writing import result_tables
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook, Run, Survey

CHECKS = "checks"
OF = "partitions.json"  # names the partitions that were judged
RUNS = "runs.parquet"
DATA = "partitions"  # in the log: where the partitions are


def write_result_folder(
    folder: Path,
    survey: Survey,
    run: Run,
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, Mapping[str, Path]],
    lines: Iterable[pd.DataFrame],
    count: int,
    data: Path,
) -> pd.DataFrame:
    """Write a result that was judged partition by partition, one partition in memory at a time.

    Parameters
    ----------
    folder
        A new folder.
    survey, run, tables
        As for `lowuse_gis.io.result_writing.write_result`, without what stays in parts.
    files
        Table and partition to the file it stands in.
    lines
        Check rows by code, some codes at a time.
    count
        Parcels judged.
    data
        The partitions that were judged.

    Returns
    -------
    DataFrame
        Check rows counted, as of `lowuse_gis.io.check_rows.counted`.
    """
    folder.mkdir()
    for name, parts in files.items():
        (folder / name).mkdir()
        for part, file in parts.items():
            target = folder / name / f"{part}.parquet"
            if name != PARCELS:
                shutil.copyfile(file, target)
                continue
            parcels = read_frame(file)
            known = [column for column in run.rulebook.columns["name"] if column in parcels]
            parcels[[*known, ORDER, "geometry"]].reset_index().to_parquet(target, index=False)
    found = _write_checks(folder, lines, survey.parcels["parcel_code"], run.rulebook)
    for layer in result_tables(survey, run, tables, count):
        if layer.name not in files:
            table = arrow_table(replace(layer, geometry=""))
            pq.write_table(table, folder / f"{layer.name}.parquet")
    named = {"manifest_sha256": file_hash(data / MANIFEST), "partitions": [*files[PARCELS]]}
    (folder / OF).write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")
    return found


def _write_checks(
    folder: Path, lines: Iterable[pd.DataFrame], codes: pd.Series, rulebook: Rulebook
) -> pd.DataFrame:
    """Write check rows as they come, and count them."""
    nothing = catalogued(None, codes, rulebook)
    counts, empty = [counted(nothing)], replace(checks_layer(nothing), geometry="")
    file = folder / f"{CHECKS}.parquet"
    with pq.ParquetWriter(file, arrow_table(empty).schema) as writer:
        for rows in lines:
            listed = catalogued(rows, codes, rulebook)
            counts.append(counted(listed))
            writer.write_table(arrow_table(OutLayer(CHECKS, "", listed, empty.columns)))
    return pd.concat(counts, ignore_index=True)


def log_of(result: Path) -> Path:
    """Return where it is kept what of a run depends on the clock and the place.

    Parameters
    ----------
    result
        What classify writes.

    Returns
    -------
    Path
    """
    return result.with_name(f"{result.stem}.log.json")


def data_of(result: Path) -> Path:
    """Find the partitions that a result was judged from.

    Parameters
    ----------
    result
        A folder of results; the log beside it says where they are.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        Where nothing says it.
    """
    log = log_of(result.absolute())
    named = json.loads(log.read_text("utf-8")).get(DATA) if log.is_file() else None
    if not named or not (Path(named) / MANIFEST).is_file():
        raise InputError(
            _("{path}: the partitions it was judged from are not known").format(path=result),
            _("name the folder that 'lowuse partition' wrote: --data FOLDER"),
        )
    return Path(named)


def is_result_folder(path: Path) -> bool:
    """Say whether a path is a result that stands in parts.

    Parameters
    ----------
    path
        Any.

    Returns
    -------
    bool
    """
    return (path / RUNS).is_file() and (path / PARCELS).is_dir()


def read_folder_run(path: Path) -> pd.Series:
    """Read what made a result.

    Parameters
    ----------
    path
        A folder of results.

    Returns
    -------
    Series
        Rulebook, version, hash, date.

    Raises
    ------
    InputError
        Where a later version wrote it.
    """
    runs = pd.read_parquet(path / RUNS)
    if not len(runs):
        refuse_without(path, (), ["runs"])
    refuse_later(path, runs.iloc[0])
    return runs.iloc[0]


def parts_of_result(path: Path, data: Path) -> dict[str, Path]:
    """Find the parcels of each partition.

    Parameters
    ----------
    path, data
        A folder of results, and the partitions that were judged.

    Returns
    -------
    dict
        Partition to file.

    Raises
    ------
    InputError
        Where the result is of other partitions, or a part of it is missing.
    """
    again = _("judge anew: lowuse classify {data} -o {path} --overwrite").format(
        data=data, path=path
    )
    if not (path / OF).is_file():
        refuse_without(path, (), [OF])
    named = json.loads((path / OF).read_text("utf-8"))
    if named["manifest_sha256"] != file_hash(data / MANIFEST):
        raise InputError(_("{path}: judged from other partitions than {data}").format(
            path=path, data=data), again)  # fmt: skip
    files = {name: path / PARCELS / f"{name}.parquet" for name in named["partitions"]}
    for file in files.values():
        if not file.is_file():
            raise InputError(_("{path}: no such file").format(path=file), again)
    return files


def read_result_part(
    file: Path,
    rulebook: Rulebook,
    columns: Sequence[str] | None = None,
    chosen: Callable[[NDArray[np.float64]], NDArray[np.intp]] | None = None,
) -> gpd.GeoDataFrame:
    """Read the parcels of a partition as they would come out of a GeoPackage.

    Parameters
    ----------
    file
        Of `parts_of_result`.
    rulebook
        Knows the columns.
    columns
        Those wanted, of those that are there; all where None.
    chosen
        Given the bounds of the parcels, says which are wanted; all where None.

    Returns
    -------
    GeoDataFrame
        Indexed by ``row``, with their place in the whole district.

    Raises
    ------
    InputError
        Where it lacks what nobody can make up.
    """
    wanted = None if columns is None else ["row", *columns, ORDER, "geometry"]
    frame = read_frame(file, wanted)
    needed = [*ESSENTIAL, ORDER] if columns is None else [ORDER]
    refuse_without(file, [str(name) for name in frame], needed)
    if chosen is not None:
        frame = frame.iloc[chosen(gpd.GeoDataFrame(frame).bounds.to_numpy())]
    kinds = rulebook.columns["dtype"]
    listed = [Column(name, kinds.get(name, "text")) for name in frame if name in kinds.index]
    listed = [c for c in listed if c.name != "row"]
    layer = OutLayer(
        PARCELS, "", frame, [Column("row", "text"), *listed, Column(ORDER, "count")], "MultiPolygon"
    )
    plain = arrow_table(layer).to_pandas()
    shapes = shapely.from_wkb(plain.pop(GEOMETRY).to_numpy())
    return gpd.GeoDataFrame(plain, geometry=shapes, crs=rulebook.crs).set_index("row")
