"""A result too large for one file: a folder of Parquet, parcels and findings by partition."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from lowuse_gis.io.geopackage import arrow_table
from lowuse_gis.io.partitions import PARCELS, read_frame
from lowuse_gis.io.result_writing import result_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Run, Survey


def write_result_folder(
    folder: Path,
    survey: Survey,
    run: Run,
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, Mapping[str, Path]],
    count: int,
) -> None:
    """Write a result that was judged partition by partition, one partition in memory at a time.

    Parameters
    ----------
    folder
        A new folder.
    survey, run, tables
        As for `lowuse_gis.io.result_writing.write_result`, without what stays in parts.
    files
        Table and partition to the file it stands in.
    count
        Parcels judged.
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
            parcels[[*known, "geometry"]].reset_index().to_parquet(target, index=False)
    for layer in result_tables(survey, run, tables, count):
        if layer.name not in files:
            table = arrow_table(replace(layer, geometry=""))
            pq.write_table(table, folder / f"{layer.name}.parquet")
