"""Checks of the parcels that need nothing but the parcels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.overlay import self_overlaps
from lowuse_gis.core.systems import plane_envelope
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.core.overlay import Overlaps
    from lowuse_gis.model import Run, Survey


def parcel_overlaps(parcels: gpd.GeoDataFrame, run: Run) -> Overlaps:
    """Find parcels that share land, whatever their stratum.

    Parameters
    ----------
    parcels, run
        Mended; the threads to use.

    Returns
    -------
    Overlaps
        Parcels without a shape are not counted.
    """
    return self_overlaps(_shapes(parcels), threads=run.threads)


def _shapes(parcels: gpd.GeoDataFrame) -> NDArray[np.object_]:
    shapes: NDArray[np.object_] = parcels.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    return shapes[~missing] if missing.any() else shapes


def check(survey: Survey, run: Run, pairs: Overlaps) -> Survey:
    """Check codes, overlaps, registered areas and places.

    Parameters
    ----------
    survey, run, pairs
        Measured parcels, the rules' constants, and what `parcel_overlaps` found.

    Returns
    -------
    Survey
        With more check rows, each with the place where it can be seen.
    """
    found = [
        _doubled_codes(survey.parcels),
        _overlapping(survey.parcels, run, pairs),
        _registered_areas(survey.parcels, run),
        small_pieces(survey.pieces),
        _outside(survey.parcels, run),
    ]
    kept = tuple(rows for rows in found if len(rows))
    return replace(survey, checks=tuple(placed(c, survey.parcels) for c in (*survey.checks, *kept)))


def _doubled_codes(parcels: pd.DataFrame) -> pd.DataFrame:
    codes = parcels["parcel_code"]
    doubled = codes[codes.notna() & codes.duplicated(keep=False)]
    return check_rows("3302", doubled.index, note=doubled)


def _overlapping(parcels: gpd.GeoDataFrame, run: Run, pairs: Overlaps) -> pd.DataFrame:
    """Compare parcels within their stratum: what lies above or below another is no overlap."""
    there, shapes = ~shapely.is_missing(parcels.geometry.to_numpy()), _shapes(parcels)
    stratum = parcels["stratum"].fillna("surface").to_numpy()[there]
    index, limit = parcels.index[there], run.rulebook.checks.limit("overlap_area")
    real = (stratum[pairs.subject] == stratum[pairs.context]) & (pairs.area > limit)
    shared = shapely.intersection(shapes[pairs.subject[real]], shapes[pairs.context[real]])
    point = shapely.point_on_surface(shared)
    return check_rows(
        "4101",
        index[pairs.subject[real]],
        other=index[pairs.context[real]],
        value=np.round(pairs.area[real], 2),
        limit=limit,
        x=np.round(shapely.get_x(point), 3),
        y=np.round(shapely.get_y(point), 3),
    )


def _registered_areas(parcels: pd.DataFrame, run: Run) -> pd.DataFrame:
    difference = (parcels["registered_area"] - parcels["area"]).abs()
    checks = run.rulebook.checks
    step, share = checks.limit("area_step"), checks.limit("registered_area_share")
    far = (difference > step) & (difference > share * parcels["area"])
    return check_rows("3405", parcels.index[far], value=difference[far].round(2), limit=step)


def _outside(parcels: gpd.GeoDataFrame, run: Run) -> pd.DataFrame:
    """List parcels whose middle is outside the district's envelope."""
    west, south, east, north = plane_envelope(run.rulebook.crs, run.rulebook.envelope)
    bounds = shapely.bounds(parcels.geometry.to_numpy())
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    far = ~np.isnan(x) & ~((x >= west) & (x <= east) & (y >= south) & (y <= north))
    return check_rows("2203", parcels.index[far], x=np.round(x[far], 3), y=np.round(y[far], 3))


def small_pieces(pieces: pd.DataFrame | None, by: Sequence[str] = ()) -> pd.DataFrame:
    """Sum up by village the construction land that is too small to be a survey parcel.

    Parameters
    ----------
    pieces
        Of the survey; None without one.
    by
        Columns that give the survey's order; none where the pieces are in it.

    Returns
    -------
    DataFrame
        Check rows, each at the largest piece of the village.
    """
    if pieces is None:
        return check_rows("4201", np.zeros(0, dtype=object))
    small = pieces[pieces["fate"] == "small"]
    if by:
        small = small.sort_values(list(by))
    small = small.sort_values("area", ascending=False, kind="stable")
    villages = small.groupby(small["village"].fillna(""))
    sums, largest = villages["area"].agg(["sum", "size"]), villages[["x", "y"]].first()
    note = sums.index.astype(str) + " × " + sums["size"].astype(str)
    rows = np.full(len(sums), "", dtype=object)
    return check_rows(
        "4201", rows, value=sums["sum"].round(2), note=note, x=largest["x"], y=largest["y"]
    )


def placed(checks: pd.DataFrame, parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Fill in the place of a row that names a parcel and no place yet.

    Parameters
    ----------
    checks
        Check rows.
    parcels
        Indexed by row.

    Returns
    -------
    DataFrame
    """
    blank = checks["x"].isna().to_numpy()
    geometry = parcels.geometry.reindex(checks.loc[blank, "row"]).to_numpy()
    point = shapely.point_on_surface(geometry)
    x, y = (checks[name].to_numpy(dtype=float, copy=True) for name in ("x", "y"))
    x[blank], y[blank] = np.round(shapely.get_x(point), 3), np.round(shapely.get_y(point), 3)
    return checks.assign(x=x, y=y)
