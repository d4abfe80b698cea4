"""What parcels leave of the survey's construction land: survey parcels, and what is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.composition import rounded_parts
from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.overlay import Overlaps
from lowuse_gis.core.uncovered import uncovered

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from lowuse_gis.model import Run

COVERED, SURVEY_PARCEL, SMALL, CONTEXT = "parcels", "survey parcel", "small", "context"
TRIED = 16  # of so many polygons one is cut in any case, so that areas are measured in two ways
LEAST = 0.005  # m²: less is no land


def pieces_of(
    parcels: gpd.GeoDataFrame,
    layer: gpd.GeoDataFrame,
    towns: Collection[str],
    pairs: Overlaps,
    run: Run,
) -> gpd.GeoDataFrame:
    """Account for all construction land of the survey in some towns, polygon by polygon.

    Parameters
    ----------
    parcels
        With ``stratum``.
    layer
        The survey, with what the table of classes says of each polygon.
    towns
        Those that handed in parcels; none where no parcel says its town.
    pairs
        What parcels and survey share.
    run
        The rules.

    Returns
    -------
    GeoDataFrame
        Per polygon one line ``parcels`` (what surface parcels cover, each place once), a line with
        its shape for each ``survey parcel``, and one for what is left then: ``small``, or
        ``context`` in a polygon of a class that is not judged. Areas in ellipsoidal m² add up to
        the polygon's. ``residual`` is what the plane areas, measured independently as
        intersections and as differences, fail to add up by; missing where land was not cut out,
        since too little is left for a survey parcel. The largest small piece of each village has
        its place.
    """
    ground, polygons, cover, pairs = _chosen(parcels, layer, towns, pairs)
    covered, pairs, _doubled = covered_area(polygons, cover, threads=run.threads, pairs=pairs)
    rest, listed = shapely.area(polygons) - covered, (ground["fate"] != CONTEXT).to_numpy(bool)
    cut = listed & (rest > run.rulebook.constants["small_piece"] - LEAST)
    cut |= (ground["polygon"] % TRIED == 0).to_numpy(bool)
    parts, owner = _left(polygons, cover, pairs, np.flatnonzero(cut), run)
    failed = rest - np.bincount(owner, shapely.area(parts), minlength=len(ground))
    own = listed[owner] & ~_is_small(parts, run)
    lines, at = _lines(covered, rest, parts[own], owner[own], listed)
    whole = np.round(ellipsoidal_area(polygons, layer.crs), 2)
    lines["area"] = rounded_parts(lines["plane"].to_numpy(), at, whole)
    lines["residual"] = np.where(lines["fate"] == COVERED, np.where(cut, failed, np.nan)[at], 0.0)
    for column in ("polygon", "survey_class", "settlement", "village", "town", "ownership"):
        lines[column] = ground[column].to_numpy()[at]
    corner = shapely.bounds(lines["geometry"].to_numpy())[:, :2].round(3)
    lines["west"], lines["south"] = corner.T
    largest = _largest_small(lines)
    lines["x"] = lines["y"] = np.nan
    lines.loc[largest, ["x", "y"]] = _places(polygons, cover, pairs, at[largest], run)
    return gpd.GeoDataFrame(lines, geometry="geometry", crs=layer.crs)


def _lines(
    covered: NDArray[np.float64],
    rest: NDArray[np.float64],
    parts: NDArray[np.object_],
    owner: NDArray[np.intp],
    listed: NDArray[np.bool_],
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Put the lines of all polygons in order; also return the polygon of each."""
    size = shapely.area(parts)
    more = rest - np.bincount(owner, size, minlength=len(rest))
    open_ = np.flatnonzero(more >= LEAST)
    fate = np.concatenate([np.repeat([0, 1], [len(rest), len(parts)]), 3 - listed[open_]])
    shapes: NDArray[np.object_] = np.full(len(fate), None, dtype=object)
    shapes[len(rest) : len(rest) + len(parts)] = parts
    at = np.concatenate([np.arange(len(rest)), owner, open_])
    plane = np.concatenate([covered, size, more[open_]])
    order = np.lexsort((-plane, at))
    fates = np.array([COVERED, SURVEY_PARCEL, SMALL, CONTEXT], dtype=object)
    lines = {"plane": plane[order], "fate": fates[fate[order]], "geometry": shapes[order]}
    return pd.DataFrame(lines), at[order]


def _chosen(
    parcels: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, towns: Collection[str], pairs: Overlaps
) -> tuple[gpd.GeoDataFrame, NDArray[np.object_], NDArray[np.object_], Overlaps]:
    """Choose the survey's construction land, and turn the pairs round."""
    chosen = layer["construction"].to_numpy().copy()
    if towns:  # those whose parcels were handed in; all where none says
        chosen &= layer["town"].isin(towns).to_numpy(dtype=bool)
    surface = (parcels["stratum"].fillna("surface") == "surface").to_numpy(dtype=bool)
    ground = layer[chosen].reset_index(drop=True)
    keep = surface[pairs.subject] & chosen[pairs.context]
    subject, context = _numbers(chosen)[pairs.context[keep]], pairs.subject[keep]
    order = np.lexsort((context, subject))
    pairs = Overlaps(subject[order], context[order], pairs.area[keep][order])
    return ground, ground.geometry.to_numpy(), parcels.geometry.to_numpy(), pairs


def _numbers(chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.cumsum(chosen) - 1


def _left(
    polygons: NDArray[np.object_],
    cover: NDArray[np.object_],
    pairs: Overlaps,
    some: NDArray[np.intp],
    run: Run,
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Cut out what is left of some polygons, whose numbers are sorted."""
    chosen = np.zeros(len(polygons), dtype=bool)
    chosen[some] = True
    keep = chosen[pairs.subject]
    mine = Overlaps(_numbers(chosen)[pairs.subject[keep]], pairs.context[keep], pairs.area[keep])
    parts, owner = uncovered(polygons[some], cover, mine, threads=run.threads)
    return parts, some[owner]


def _is_small(parts: NDArray[np.object_], run: Run) -> NDArray[np.bool_]:
    constants, size = run.rulebook.constants, shapely.area(parts)
    width = 2 * size / shapely.length(parts)
    small: NDArray[np.bool_] = size < constants["small_piece"]
    return small | (width < constants["sliver_width"])


def _largest_small(lines: pd.DataFrame) -> NDArray[np.intp]:
    """Return where the largest small line of each village stands, in order."""
    small = lines[lines["fate"] == SMALL].sort_values("area", ascending=False, kind="stable")
    return np.sort(small.drop_duplicates(["town", "village"]).index.to_numpy(dtype=np.intp))


def _places(
    polygons: NDArray[np.object_],
    cover: NDArray[np.object_],
    pairs: Overlaps,
    some: NDArray[np.intp],
    run: Run,
) -> NDArray[np.float64]:
    """Return x and y of a point in the largest small piece that is left of some polygons."""
    parts, owner = _left(polygons, cover, pairs, some, run)
    small = _is_small(parts, run)
    parts, owner = parts[small], owner[small]
    order = np.lexsort((-shapely.area(parts), owner))
    whose, first = np.unique(owner[order], return_index=True)
    places = np.full((len(some), 2), np.nan)
    points = shapely.point_on_surface(parts[order[first]])
    places[np.searchsorted(some, whose)] = shapely.get_coordinates(points).round(3)
    return places
