"""Before the ground: what rows of tables and ledgers mean, found by the keys of all parcels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.io.partitions import HOME, ORDER, PARCELS, part_file, read_frame
from lowuse_gis.stages.compose import handed_in
from lowuse_gis.stages.correct import APPLIED, CORRECTIONS, OWNER, correct
from lowuse_gis.stages.match import match
from lowuse_gis.stages.mend import mend

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model import Manifest, Run, Survey

KEYS = ("parcel_code", "credit_code", "owner", "location", "town_code")


def matched(
    survey: Survey, folder: Path, manifest: Manifest, run: Run
) -> tuple[Survey, pd.DataFrame]:
    """Correct the parcels, and find those that rows of tables mean.

    Parameters
    ----------
    survey
        Tables and ledgers as read, without parcels.
    folder, manifest, run
        The partitions and the rules.

    Returns
    -------
    survey : Survey
        Its parcels have the keys of all parcels and nothing else.
    patch : DataFrame
        Corrected values by row.
    """
    keys = _keys(survey, folder, manifest)
    corrected, patch = _corrected(survey, folder, manifest, run)
    for column in patch.columns.intersection(keys.columns):
        keys.loc[patch.index, column] = patch[column]
    return match(replace(corrected, parcels=keys), run), patch


def towns_of(keys: pd.DataFrame) -> list[str]:
    """Name the towns whose parcels were handed in.

    Parameters
    ----------
    keys
        Of all parcels.

    Returns
    -------
    list of str
        Empty where no parcel says its town.
    """
    return sorted(handed_in(keys["town_code"]))


def _keys(survey: Survey, folder: Path, manifest: Manifest) -> gpd.GeoDataFrame:
    """Read the keys of all parcels, and the shapes of those under points of tables."""
    tables = [t for t in survey.tables.values() if {"x", "y"} <= set(t)]
    points = any((table["x"].notna() & table["y"].notna()).any() for table in tables)
    parts = []
    for part in manifest.partitions:
        file = part_file(folder, part.name, PARCELS)
        frame = read_frame(file, [*KEYS, ORDER, HOME, *(["geometry"] if points else [])])
        parts.append(frame[frame[HOME]])
    keys = pd.concat(parts).sort_values(ORDER).drop(columns=[ORDER, HOME])
    if not points:
        keys = keys.assign(geometry=np.full(len(keys), None))
    shapes = gpd.GeoDataFrame(keys, geometry="geometry", crs=manifest.crs)
    return mend(replace(survey, parcels=shapes)).parcels if points else shapes


def _corrected(
    survey: Survey, folder: Path, manifest: Manifest, run: Run
) -> tuple[Survey, pd.DataFrame]:
    """Apply the corrections to the parcels they speak of."""
    lines = survey.tables.get(CORRECTIONS)
    if lines is None:
        return survey, pd.DataFrame(index=pd.Index([], dtype="str", name="row"))
    parts = []
    for part in manifest.partitions:
        file = part_file(folder, part.name, PARCELS)
        frame = read_frame(file)
        named = frame["parcel_code"].isin(lines["parcel_code"]) | frame.index.isin(
            lines["parcel_code"]
        )
        parts.append(frame[frame[HOME] & named])
    parcels = pd.concat(parts).sort_values(ORDER).drop(columns=[ORDER, HOME])
    done = correct(replace(survey, parcels=gpd.GeoDataFrame(parcels)), run)
    changed = done.tables[CORRECTIONS]
    columns = sorted({*changed.loc[changed["state"] == APPLIED, "column"]} | {OWNER})
    patch = pd.DataFrame(done.parcels[[c for c in columns if c in done.parcels]])
    return replace(done, parcels=survey.parcels), patch
