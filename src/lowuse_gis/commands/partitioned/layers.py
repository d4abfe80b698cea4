"""Layers and rows of a partition: what is at home in it, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lowuse_gis.commands.partitioned.job import outcome_of
from lowuse_gis.core.lookup import is_among
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, part_file, read_frame, write_frame
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.commands.partitioned.job import Job


def layer_of(job: Job, name: str) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read a layer of the partition.

    Parameters
    ----------
    job, name
        The partition, and the layer.

    Returns
    -------
    layer : GeoDataFrame
        Parcels by their row, features by their place in the whole layer.
    marks : DataFrame
        Their place in the whole, and whether they are at home here.
    """
    layer = read_frame(part_file(job.folder, job.part, name))
    if name != PARCELS:
        layer.index = pd.Index(layer[ORDER].to_numpy())
    return layer.drop(columns=[ORDER, HOME]), pd.DataFrame(layer[[ORDER, HOME]])


def refuse_damaged(job: Job) -> None:
    """See that the files of a partition are what was written.

    Parameters
    ----------
    job
        The partition.

    Raises
    ------
    InputError
        Where one is missing or another.
    """
    for layer, sha256 in job.files:
        file = part_file(job.folder, job.part, layer)
        if not file.is_file() or file_hash(file) != sha256:
            raise InputError(
                _("{path}: missing, or not as it was written").format(path=file),
                _("run 'lowuse partition' again; what other partitions found is kept"),
            )


def patched(parcels: gpd.GeoDataFrame, patch: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """Put corrected values in the place of what was read.

    Parameters
    ----------
    parcels
        As read.
    patch
        Values by row; None for none.

    Returns
    -------
    GeoDataFrame
    """
    if patch is None or not len(patch.columns):
        return parcels
    rows = patch.index.intersection(parcels.index)
    parcels = parcels.copy()
    for column in patch:
        parcels[column] = parcels[column].astype(patch[column].dtype)
        parcels.loc[rows, column] = patch.loc[rows, column]
    return parcels


def checks_at_home(checks: Sequence[pd.DataFrame], rows: pd.Index) -> pd.DataFrame:
    """Keep the check rows of what is at home here, and those that are of no parcel.

    Parameters
    ----------
    checks
        Of a survey.
    rows
        Parcels at home.

    Returns
    -------
    DataFrame
    """
    whole = pd.concat([check_rows("", pd.Index([])), *checks], ignore_index=True)
    whole = whole[(whole["row"] == "") | is_among(whole["row"], rows.to_series())]
    numbers = ["value", "limit", "x", "y"]
    texts = [name for name in whole if name not in numbers]
    return whole.astype(dict.fromkeys(numbers, "float64")).astype(dict.fromkeys(texts, "str"))


def keep(job: Job, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write the outcome of a job.

    Parameters
    ----------
    job, frames
        The job, and its tables by name.
    """
    with outcome_of(job) as folder:
        for name, frame in frames.items():
            write_frame(folder / f"{name}.parquet", frame)


def in_order(parcels: gpd.GeoDataFrame, order: pd.Series) -> gpd.GeoDataFrame:
    """Put parcels in the order of the whole district.

    Parameters
    ----------
    parcels
        Indexed by row.
    order
        Places in the whole by row.

    Returns
    -------
    GeoDataFrame
    """
    place = order.reindex(parcels.index).to_numpy()
    return gpd.GeoDataFrame(parcels.iloc[place.argsort(kind="stable")])
