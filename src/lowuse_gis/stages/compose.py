"""Lay the land-change survey under the parcels, and take in what no parcel covers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.division_codes import VILLAGE_DIGITS, town_of, village_of
from lowuse_gis.core.lookup import mapped
from lowuse_gis.core.overlay import overlaps
from lowuse_gis.core.survey_classes import classes_under, no_classes
from lowuse_gis.core.threaded import meanwhile
from lowuse_gis.kernels.apart import layers_kept
from lowuse_gis.measures.survey_faults import claimed_twice, wrong_year, year_counts
from lowuse_gis.measures.survey_pieces import SURVEY_PARCEL, pieces_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from lowuse_gis.model import Run, Survey

NUMBER_DIGITS = 5
PLACED = ("village", "polygon", "west", "south", "fate")  # what pieces are numbered by


def with_areas(survey: Survey) -> Survey:
    """Give each parcel its area, as `areas_of` measures it.

    Parameters
    ----------
    survey
        Mended.

    Returns
    -------
    Survey
    """
    return survey.with_columns(areas_of(survey.parcels))


def areas_of(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure the area of each parcel.

    Parameters
    ----------
    parcels
        Mended.

    Returns
    -------
    DataFrame
        ``area``, on the ellipsoid, and ``plane_area``, in m² to the second digit; missing where
        there is no shape.
    """
    geometry = parcels.geometry.to_numpy()
    area = np.round(ellipsoidal_area(geometry, parcels.crs), 2)
    columns = pd.DataFrame({"area": area, "plane_area": np.round(shapely.area(geometry), 2)})
    columns[shapely.is_missing(geometry)] = np.nan
    return columns.set_axis(parcels.index)


def compose(survey: Survey, run: Run) -> Survey:
    """Find the survey class of each parcel, add survey parcels.

    Parameters
    ----------
    survey
        Mended, with ``stratum`` on its parcels, and areas of `with_areas`.
    run
        Rules; their ``survey`` section names the layer and the table of classes.

    Returns
    -------
    Survey
        Parcels with class, settlement, town and village; the survey's construction land that no
        surface parcel covers appended as parcels of ``origin`` survey; ``pieces`` accounts for
        every m² of construction land of the survey.
    """
    with layers_kept():
        survey = lay(survey, run)
        if survey.pieces is None:
            return survey
        layer = survey.layers[run.rulebook.measures["survey"]["source"]]
        found = [wrong_year(year_counts(layer), run), claimed_twice(layer, run)]
    checks = tuple(rows for rows in found if len(rows))
    return take_in(replace(survey, checks=(*survey.checks, *checks)), numbered(survey.pieces))


def lay(survey: Survey, run: Run, towns: Collection[str] | None = None) -> Survey:
    """Lay the survey under the parcels, and account for its construction land.

    Parameters
    ----------
    survey, run
        As for `compose`.
    towns
        Towns whose parcels were handed in; those of the parcels where None.

    Returns
    -------
    Survey
        As of `compose`, but ``pieces`` still have their shapes, and no parcels are made of them.
    """
    parcels = survey.parcels
    assert "area" in parcels  # noqa: S101  with_areas measured it
    geometry = parcels.geometry.to_numpy()
    layer = survey.layers.get(run.rulebook.measures["survey"]["source"])
    if layer is None:
        return survey.with_columns(no_classes(parcels))
    pairs = overlaps(geometry, layer.geometry.to_numpy(), threads=run.threads)
    layer = _described(layer, run)
    least = run.rulebook.constants["minimum_class_share"]
    with meanwhile(run.threads) as begin:
        begun = begin(classes_under, parcels, layer, pairs, least)
        if towns is None:
            towns = handed_in(parcels["town_code"]) or handed_in(begun.result()["town_code"])
        pieces = pieces_of(survey.parcels, layer, towns, pairs, run)
        classes = begun.result()
    return replace(survey.with_columns(classes), pieces=pieces)


def handed_in(towns: pd.Series) -> frozenset[str]:
    """Name the towns of parcels.

    Parameters
    ----------
    towns
        Codes; may be missing.

    Returns
    -------
    frozenset of str
        Empty where no parcel says its town.
    """
    return frozenset(towns.dropna().unique())


def numbered(pieces: pd.DataFrame) -> pd.DataFrame:
    """Give the pieces that become survey parcels their codes and rows.

    Parameters
    ----------
    pieces
        Of `lay`, all of a district; beside those of `PLACED` no columns are needed.

    Returns
    -------
    DataFrame
        ``code``, temporary, counted by village, and ``row``, of the pieces, in their order.
    """
    found = pieces[pieces["fate"] == SURVEY_PARCEL]
    found = found.sort_values(["village", "polygon", "west", "south"], na_position="first")
    village = found["village"].fillna("")
    number = found.groupby(village).cumcount() + 1
    code = (
        "LS" + village.str.ljust(VILLAGE_DIGITS, "0") + number.astype(str).str.zfill(NUMBER_DIGITS)
    )
    rows = [f"0:{at}" for at in range(1, len(found) + 1)]
    return pd.DataFrame({"code": code, "row": pd.Series(rows, found.index, "str")})


def take_in(survey: Survey, numbers: pd.DataFrame) -> Survey:
    """Append the survey parcels.

    Parameters
    ----------
    survey
        Of `lay`.
    numbers
        Of `numbered`, for those of its pieces.

    Returns
    -------
    Survey
        As of `compose`.
    """
    assert survey.pieces is not None  # noqa: S101  lay made them
    found = _survey_parcels(survey.pieces.loc[numbers.index], numbers, survey)
    joined = pd.concat([survey.parcels, found]) if len(found) else survey.parcels
    return replace(
        survey,
        parcels=gpd.GeoDataFrame(joined, geometry="geometry", crs=survey.parcels.crs),
        pieces=attributes_of(survey.pieces).drop(columns=["west", "south"]),
    )


def _described(layer: gpd.GeoDataFrame, run: Run) -> gpd.GeoDataFrame:
    """Add what the table of classes says, and the town and village of each polygon."""
    spec, blank = run.rulebook.measures["survey"], pd.Series(np.nan, layer.index, "str")
    table = run.rulebook.codes[spec["classes"]].set_index("code")
    code, village = layer["survey_class"], layer.get("village_code", blank)
    return layer.assign(
        construction=(mapped(code, table["category"]) == "construction").to_numpy(dtype=bool),
        fate=mapped(code, table["unregistered"]).fillna("").astype("str"),
        village=village_of(village),
        town=town_of(village),
        settlement=layer.get("settlement", blank),
        ownership=mapped(layer.get("survey_ownership", blank).str.slice(0, 1), spec["ownership"]),
        polygon=layer.index,
    ).reset_index(drop=True)


def _survey_parcels(found: pd.DataFrame, numbers: pd.DataFrame, survey: Survey) -> gpd.GeoDataFrame:
    """Make parcels of the uncovered pieces."""
    parcels = gpd.GeoDataFrame(
        {
            "parcel_code": numbers["code"].to_numpy(),
            "origin": "survey",
            "stratum": "surface",
            "ownership": found["ownership"].to_numpy(),
            "town_code": found["town"].to_numpy(),
            "village_code": found["village"].to_numpy(),
            "area": found["area"].to_numpy(),
            "plane_area": found["plane"].round(2).to_numpy(),
            "survey_class": found["survey_class"].to_numpy(),
            "survey_class_share": 1.0,
            "settlement": found["settlement"].to_numpy(),
            "class_shares": (found["survey_class"] + ":1.00").to_numpy(),
            "construction_share": 1.0,
            "surveyed_share": 1.0,
        },
        geometry=found["geometry"].to_numpy(),
        crs=survey.parcels.crs,
    )
    parcels.index = pd.Index(numbers["row"], name="row")
    return parcels.astype(
        {c: t for c, t in survey.parcels.dtypes.items() if c in parcels and c != "geometry"}
    )
