"""What the land-change survey says of the ground under each parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.composition import shares_text
from lowuse_gis.core.division_codes import town_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.overlay import Overlaps


def no_classes(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the columns of classes where there is no survey.

    Parameters
    ----------
    parcels
        Only their rows count.

    Returns
    -------
    DataFrame
        Those of `classes_under` but village and town, without values.
    """
    texts = ["survey_class", "settlement", "class_shares"]
    numbers = ["survey_class_share", "construction_share", "surveyed_share"]
    empty = pd.DataFrame(np.nan, index=parcels.index, columns=numbers)
    for text in texts:
        empty[text] = pd.Series(np.nan, parcels.index, "str")
    return empty


def classes_under(
    parcels: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, pairs: Overlaps, least: float
) -> pd.DataFrame:
    """Summarise the survey polygons under each parcel.

    Parameters
    ----------
    parcels
        With ``village_code`` and ``town_code``, which may be missing.
    layer
        Survey polygons with ``survey_class``, ``settlement``, ``village``, ``construction`` and
        ``fate``.
    pairs
        Parcels and the polygons under them.
    least
        Share of a parcel under which a class decides nothing.

    Returns
    -------
    DataFrame
        By parcel: the class and its share, settlement, shares of construction land and of what
        was surveyed at all, the composition in words, village and town where the parcel has none.
    """
    plane = shapely.area(parcels.geometry.to_numpy())
    claimed = np.bincount(pairs.subject, pairs.area, minlength=len(parcels))
    plane = np.maximum(plane, claimed)  # where survey polygons overlap, shares stay below 1
    under = layer.iloc[pairs.context]
    parts = pd.DataFrame({"at": pairs.subject, "area": pairs.area})
    for column in ("survey_class", "settlement", "village", "construction", "fate"):
        parts[column] = under[column].to_numpy()
    parts["rank"] = np.where(parts["fate"] == "parcel", 2, parts["construction"].astype(int))
    by_class = parts.groupby(["at", "rank", "survey_class"], as_index=False)["area"].sum()
    by_class.loc[by_class["area"] < least * plane[by_class["at"]], "rank"] = 0
    main = _largest(by_class, ["rank", "area"], "survey_class")
    same = parts[parts["survey_class"] == parts["at"].map(main["survey_class"])]
    settled = same.groupby(["at", "settlement"], as_index=False)["area"].sum()
    placed = parts.groupby(["at", "village"], as_index=False)["area"].sum()
    columns = pd.DataFrame(index=np.arange(len(parcels)))
    columns["survey_class"] = main["survey_class"]
    columns["survey_class_share"] = (main["area"] / plane[main.index]).clip(upper=1).round(6)
    columns["settlement"] = _largest(settled, ["area"], "settlement")["settlement"]
    built = parts[parts["construction"]].groupby("at")["area"].sum()
    whole = parts.groupby("at")["area"].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        columns["construction_share"] = (built.reindex(columns.index, fill_value=0) / plane).round(
            6
        )
        columns["surveyed_share"] = (whole.reindex(columns.index, fill_value=0) / plane).round(6)
    columns["class_shares"] = _shares(by_class, plane)
    village = _largest(placed, ["area"], "village")["village"].reindex(columns.index)
    own = parcels["village_code"].reset_index(drop=True)
    columns["village_code"] = own.where(own.notna(), village)
    town = parcels["town_code"].reset_index(drop=True)
    columns["town_code"] = town.where(town.notna(), town_of(village))
    columns.index = parcels.index
    return columns


def _largest(parts: pd.DataFrame, by: list[str], name: str) -> pd.DataFrame:
    """Return the largest part of each parcel, equal ones by code."""
    order = parts.sort_values(["at", *by, name], ascending=[True, *[False] * len(by), True])
    return order.drop_duplicates("at").set_index("at")


def _shares(by_class: pd.DataFrame, plane: NDArray[np.float64]) -> NDArray[np.object_]:
    at = by_class["at"].to_numpy()
    share = by_class["area"].to_numpy() / plane[at]
    text = shares_text(at, by_class["survey_class"].to_numpy(dtype=object), share, len(plane))
    text[text == ""] = None
    return text
