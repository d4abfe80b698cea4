"""What is wrong in the survey itself, told beside the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.overlay import self_overlaps
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    import geopandas as gpd

    from lowuse_gis.model import Run

REPORTED = 0.01  # m²: smaller overlaps of survey polygons are not worth a line


def claimed_twice(layer: gpd.GeoDataFrame, run: Run) -> pd.DataFrame:
    """List the places that two survey polygons claim.

    Parameters
    ----------
    layer
        Survey polygons in the working CRS.
    run
        Threads for geometry.

    Returns
    -------
    DataFrame
        Check rows 4106: area in m², both ids, and a place in the overlap.
    """
    shapes = layer.geometry.to_numpy()
    pairs = self_overlaps(shapes, threads=run.threads)
    real = pairs.area > REPORTED
    one, other = pairs.subject[real], pairs.context[real]
    at = shapely.point_on_surface(shapely.intersection(shapes[one], shapes[other]))
    ids = layer.get("survey_id", pd.Series("", layer.index)).fillna("").to_numpy(dtype=object)
    return check_rows(
        "4106",
        np.full(len(at), "", dtype=object),
        value=pairs.area[real].round(2),
        note=ids[one] + " × " + ids[other],
        x=shapely.get_x(at).round(3),
        y=shapely.get_y(at).round(3),
    )


def year_counts(layer: pd.DataFrame) -> pd.Series:
    """Count survey polygons by year.

    Parameters
    ----------
    layer
        Survey polygons, with ``survey_year`` where the file has it.

    Returns
    -------
    Series of int
        By year.
    """
    years = layer.get("survey_year", pd.Series(np.nan, layer.index))
    return years.value_counts().rename_axis("year").rename("polygons").sort_index()


def wrong_year(counts: pd.Series, run: Run) -> pd.DataFrame:
    """List the years other than the survey's.

    Parameters
    ----------
    counts
        Polygons by year.
    run
        The rules, which say the year.

    Returns
    -------
    DataFrame
        Check rows 8101, one per year, that of most polygons first.
    """
    kinds = counts[counts.index != run.rulebook.survey_year]
    kinds = kinds.sort_values(ascending=False, kind="stable")
    note = kinds.index.astype(int).astype(str) + " × " + kinds.astype(str)
    rows = pd.Series("", index=kinds.index)
    return check_rows(
        "8101", rows, value=kinds.index.to_numpy(), limit=run.rulebook.survey_year, note=note
    )
