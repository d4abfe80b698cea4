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

RANKS = 3  # of classes: 2 decides a type, 1 is other construction land, 0 neither


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
    at, area, built = pairs.subject, pairs.area, layer["construction"].to_numpy(bool)[pairs.context]
    rank = np.where((layer["fate"] == "parcel").to_numpy()[pairs.context], 2, built.astype(int))
    class_, classes = _numbered(layer["survey_class"], pairs)
    by_class = _summed(at, area, rank, class_)
    by_class.loc[by_class["area"] < least * plane[by_class["at"]], "rank"] = 0
    main = _largest(by_class)
    own_class = main["name"].reindex(np.arange(len(parcels)), fill_value=-1).to_numpy()
    settled, settlements = _numbered(layer["settlement"], pairs)
    settled = _largest(_summed(at, area, 0, np.where(class_ == own_class[at], settled, -1)))
    placed, villages = _numbered(layer["village"], pairs)
    placed = _largest(_summed(at, area, 0, placed))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {
            "construction_share": np.bincount(at[built], area[built], len(parcels)) / plane,
            "surveyed_share": claimed / plane,
        }
    columns = pd.DataFrame(index=np.arange(len(parcels)))
    columns["survey_class"] = _named(main, classes)
    columns["survey_class_share"] = (main["area"] / plane[main.index]).clip(upper=1).round(6)
    columns["settlement"] = _named(settled, settlements)
    columns = columns.assign(**{name: share.round(6) for name, share in shares.items()})
    columns["class_shares"] = _shares(by_class, classes, plane)
    village = _named(placed, villages).reindex(columns.index)
    own = parcels["village_code"].reset_index(drop=True)
    columns["village_code"] = own.where(own.notna(), village)
    town = parcels["town_code"].reset_index(drop=True)
    columns["town_code"] = town.where(town.notna(), town_of(village))
    columns.index = parcels.index
    return columns


def _numbered(column: pd.Series, pairs: Overlaps) -> tuple[NDArray[np.int64], pd.Index]:
    """Give the texts of the polygons under parcels numbers in order, -1 where there is none."""
    number, names = pd.factorize(column, sort=True)
    return number[pairs.context].astype(np.int64), names


def _summed(
    at: NDArray[np.intp],
    area: NDArray[np.float64],
    rank: NDArray[np.int64] | int,
    name: NDArray[np.int64],
) -> pd.DataFrame:
    """Add up areas by parcel, rank and number of a name; what has no name is left out."""
    wide = int(name.max(initial=0)) + 1
    known = name >= 0
    key = ((at * RANKS + rank) * wide + name)[known]
    sums = pd.Series(area[known]).groupby(key).sum()
    place, number = np.divmod(sums.index.to_numpy(dtype=np.int64), wide)
    whose, level = np.divmod(place, RANKS)
    found = {"at": whose, "rank": level, "name": number, "area": sums.to_numpy()}
    return pd.DataFrame(found)


def _largest(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the largest part of each parcel, by rank, then by area, equal ones by name."""
    order = np.lexsort((parts["name"], -parts["area"], -parts["rank"], parts["at"]))
    return parts.iloc[order].drop_duplicates("at").set_index("at")


def _named(parts: pd.DataFrame, names: pd.Index) -> pd.Series:
    """Return the names of parts, by parcel."""
    return pd.Series(names.take(parts["name"].to_numpy()).array, parts.index, dtype="str")


def _shares(
    by_class: pd.DataFrame, classes: pd.Index, plane: NDArray[np.float64]
) -> NDArray[np.object_]:
    at = by_class["at"].to_numpy()
    share = by_class["area"].to_numpy() / plane[at]
    code = classes.to_numpy(dtype=object)[by_class["name"]]
    text = shares_text(at, code, share, len(plane))
    text[text == ""] = None
    return text
