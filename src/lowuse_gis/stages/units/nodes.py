"""What units may be made of: parcels, the survey's land between them, and what parts them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.division_codes import town_of
from lowuse_gis.core.lookup import by_longest_prefix
from lowuse_gis.core.overlay import overlaps
from lowuse_gis.core.uncovered import uncovered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SURFACE = "surface"
LOW, PARCEL, BETWEEN = "low_use", "parcel", "between"
NEEDED = ("parcel_code", "town_code", "verdict", "land_type", "survey_class", "area",
          "possible_area", "geometry")  # fmt: skip
MARKS = ("area", "border", "west", "south", "polygon", "place")  # survey land is ordered by these
SCRAP = 1.0  # m²: what is left of a survey polygon below this is noise of the two outlines


@dataclass(frozen=True)
class Surroundings:
    """What lies around the parcels of a result.

    Attributes
    ----------
    survey
        Survey polygons with ``survey_class`` and ``village_code``; None where there are none.
    barriers
        Lines with the column that says what they are; None where there are none.
    blocks
        Planning blocks that units must not cross; None where there are none.
    """

    survey: gpd.GeoDataFrame | None = None
    barriers: gpd.GeoDataFrame | None = None
    blocks: gpd.GeoDataFrame | None = None


def nodes_of(
    parcels: gpd.GeoDataFrame,
    survey: gpd.GeoDataFrame | None,
    spec: Mapping[str, Any],
    *,
    at: NDArray[np.object_] | None = None,
    threads: int = 2,
) -> gpd.GeoDataFrame:
    """List what may join: low-use parcels, and other parcels and survey land at them.

    Parameters
    ----------
    parcels
        Judged parcels in a plane CRS, indexed by ``row``.
    survey
        Survey polygons; None where there are none.
    spec
        ``units.toml``.
    at
        Areas whose land is listed whatever its size; the land at low-use parcels where None.
    threads
        Threads to use.

    Returns
    -------
    GeoDataFrame
        ``row`` (of the parcel, or ``S`` and a number), ``key`` that orders, ``part``, ``town``,
        ``land_type``, ``survey_class``, ``area``, ``low_area`` (m²), ``price`` of other land, and
        ``hard`` for what is no node but parts them.
    """
    return in_order(numbered(land_of(parcels, survey, spec, at=at, threads=threads)), spec)


def land_of(
    parcels: gpd.GeoDataFrame,
    survey: gpd.GeoDataFrame | None,
    spec: Mapping[str, Any],
    *,
    at: NDArray[np.object_] | None = None,
    threads: int = 2,
) -> gpd.GeoDataFrame:
    """List what may join, without names for the survey's land: its number depends on the whole.

    Parameters
    ----------
    parcels, survey, spec, at, threads
        As for `nodes_of`. The survey may be a part: a polygon leaves the same pieces as long as
        all parcels at it are there.

    Returns
    -------
    GeoDataFrame
        As `nodes_of`, with what orders the survey's land (`MARKS`).
    """
    placed = parcels.geometry.notna() & parcels["town_code"].notna()
    placed &= parcels["stratum"].fillna(SURFACE) == SURFACE
    ground = parcels.loc[placed, [name for name in NEEDED if name in parcels]]
    low = ground["verdict"].isin(spec["verdicts"]).to_numpy(dtype=bool)
    places, largest = ground.geometry.to_numpy()[low], spec["infill_maximum_area"]
    if at is not None:
        places, largest = at, np.inf
    with ThreadPoolExecutor(1) as beside:
        between = None
        if survey is not None and len(places):
            limits = {**spec, "infill_maximum_area": largest}
            between = beside.submit(_between, ground, places, survey, limits, threads)
        others = ground[~low]
        others = others[_near(others, places, spec)]
        hard = _starts(others["survey_class"], spec["barrier_classes"])
        others = others[(others["area"] <= largest) | hard]
        nodes = [_parcel_nodes(ground[low], LOW), _parcel_nodes(others, PARCEL)]
        nodes += [between.result()] if between else []
    whole = pd.concat([part for part in nodes if len(part)] or nodes[:1], ignore_index=True)
    whole = whole.reindex(columns=list(dict.fromkeys([*whole.columns, *MARKS])))
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=parcels.crs)


def numbered(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Name the survey's land by area, border, corner, and place in the survey.

    Parameters
    ----------
    land
        Of `land_of`, of the whole district.

    Returns
    -------
    GeoDataFrame
        With ``row`` and ``key`` of all, without `MARKS`.
    """
    between = np.flatnonzero((land["part"] == BETWEEN).to_numpy())
    marks = [land[name].to_numpy()[between] for name in reversed(MARKS)]
    number = np.empty(len(between), dtype=np.int64)
    number[np.lexsort(marks)] = np.arange(1, len(between) + 1)
    names = "S" + pd.Series(number).astype("str").str.zfill(7)
    named = land.drop(columns=[name for name in MARKS if name != "area"])
    for column in ("row", "key"):
        values = named[column].to_numpy(dtype=object).copy()
        values[between] = names.to_numpy(dtype=object)
        named[column] = pd.Series(values, index=named.index, dtype="str")
    return named


def in_order(land: gpd.GeoDataFrame, spec: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Give land its price, say what is no node but parts them, and put it in order.

    Parameters
    ----------
    land, spec
        Of `numbered`, or a part of that; ``units.toml``.

    Returns
    -------
    GeoDataFrame
        By key and row.
    """
    whole = land.copy()
    whole["hard"] = _starts(whole["survey_class"], spec["barrier_classes"]) & (whole["part"] != LOW)
    prices = by_longest_prefix(
        whole["survey_class"].astype("str").fillna(""), spec.get("prices", {})
    )
    whole["price"] = prices.astype(float).fillna(spec["price"])
    return gpd.GeoDataFrame(whole.sort_values(["key", "row"], ignore_index=True))


def _starts(codes: pd.Series, beginnings: Sequence[str]) -> NDArray[np.bool_]:
    return codes.astype("str").fillna("").str.startswith(tuple(beginnings)).to_numpy(dtype=bool)


def _near(
    frame: gpd.GeoDataFrame, places: NDArray[np.object_], spec: Mapping[str, Any]
) -> NDArray[np.bool_]:
    """Say what lies within the infill distance of some places."""
    found = np.zeros(len(frame), dtype=bool)
    if len(frame) and len(places):
        tree, reach = shapely.STRtree(frame.geometry.to_numpy()), spec["infill_distance"]
        found[np.unique(tree.query(places, predicate="dwithin", distance=reach)[1])] = True
    return found


def _boxes_near(
    frame: gpd.GeoDataFrame, places: NDArray[np.object_], spec: Mapping[str, Any]
) -> NDArray[np.bool_]:
    """Say whose box lies within the infill distance of that of a place: a few more than near."""
    west, south, east, north = shapely.bounds(places).T
    reach = spec["infill_distance"]
    boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
    found = np.zeros(len(frame), dtype=bool)
    found[np.unique(shapely.STRtree(frame.geometry.to_numpy()).query(boxes)[1])] = True
    return found


def _parcel_nodes(parcels: gpd.GeoDataFrame, part: str) -> pd.DataFrame:
    row = pd.Series(parcels.index, index=parcels.index).astype("str")
    low_area = parcels["possible_area"].fillna(0.0).clip(upper=parcels["area"])
    return pd.DataFrame(
        {
            "row": row,
            "key": parcels["parcel_code"].fillna(row),
            "part": part,
            "town": parcels["town_code"],
            "land_type": parcels["land_type"],
            "survey_class": parcels.get("survey_class", pd.Series(np.nan, parcels.index, "str")),
            "area": parcels["area"].astype(float),
            "low_area": low_area if part == LOW else 0.0,
            "geometry": parcels.geometry,
        }
    )


def _between(
    ground: gpd.GeoDataFrame,
    places: NDArray[np.object_],
    survey: gpd.GeoDataFrame,
    spec: Mapping[str, Any],
    threads: int,
) -> pd.DataFrame:
    """Take what the parcels leave of the survey polygons at low-use parcels."""
    beside = survey[_boxes_near(survey, places, spec)]
    polygons, cover = beside.geometry.to_numpy(), ground.geometry.to_numpy()
    pairs = overlaps(polygons, cover, threads=threads, compiled_from=0)
    parts, owner = uncovered(polygons, cover, pairs, threads=threads, compiled_from=0)
    area = ellipsoidal_area(parts, survey.crs, threads=threads, compiled_from=0)
    pieces = gpd.GeoDataFrame(
        {
            "survey_class": beside["survey_class"].to_numpy()[owner],
            "town": town_of(
                beside.get("village_code", pd.Series(np.nan, beside.index, "str"))
            ).to_numpy()[owner],
            "area": np.round(area, 2),
            "polygon": beside.index.to_numpy()[owner],
        },
        geometry=parts,
        crs=survey.crs,
    )
    hard = _starts(pieces["survey_class"], spec["barrier_classes"])
    small = (pieces["area"] <= spec["infill_maximum_area"]) & (pieces["area"] >= SCRAP)
    pieces = pieces[(small | hard) & _near(pieces, places, spec)].reset_index(drop=True)
    shapes = pieces.geometry.to_numpy()
    corner, border = shapely.bounds(shapes).round(3), shapely.length(shapes).round(2)
    marks = {"border": border, "west": corner[:, 0], "south": corner[:, 1], "place": pieces.index}
    names = {name: pd.Series(np.nan, pieces.index, dtype="str") for name in ("row", "key")}
    return pd.DataFrame(
        pieces.assign(**names, **marks, part=BETWEEN, land_type=np.nan, low_area=0.0)
    )
