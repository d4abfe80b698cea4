"""What the page of a map holds: parcels as arrays, texts in pieces, and the lists it chooses by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from lowuse_gis.core.verdict import VERDICTS
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.io.result import Result

NONE = ""  # no type, no town
PIECE = 1000  # parcels whose texts are unpacked together
TOLD = ("why", "missing", "ask", "flags", "so_far")
DEGREES = "EPSG:4326"
UNKNOWN = -1
PLACES = 7  # decimals of degrees: a centimetre


@dataclass(frozen=True)
class Choices:
    """A list that parcels are coloured or chosen by.

    Attributes
    ----------
    codes, labels, colours
        What there is, in order.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...] = ()

    def of(self, values: pd.Series) -> NDArray[np.uint8]:
        """Return the position of each value; one that is missing counts as the empty code."""
        at = pd.Index(self.codes).get_indexer(values.fillna(NONE).astype("str"))
        return at.astype(np.uint8)

    def told(self) -> list[dict[str, str]]:
        """Return the list as a page takes it."""
        colours = self.colours or ("",) * len(self.codes)
        lines = zip(self.codes, self.labels, colours, strict=True)
        return [{"code": c, "label": t, "colour": k} for c, t, k in lines]


def verdicts_of(result: Result, spec: Mapping[str, Any]) -> Choices:
    """Return the verdicts, with labels and colours.

    Parameters
    ----------
    result, spec
        What classify wrote, and ``map.toml``.

    Returns
    -------
    Choices
    """
    known = labels_of(result, "verdict")
    colours = tuple(spec["verdict_colours"][code] for code in VERDICTS)
    return Choices(VERDICTS, tuple(known.get(code, code) for code in VERDICTS), colours)


def types_of(result: Result, spec: Mapping[str, Any], unknown: str) -> Choices:
    """Return the land types that parcels have, with labels and colours.

    Parameters
    ----------
    result, spec
        As in `verdicts_of`.
    unknown
        What a parcel of no known type is called.

    Returns
    -------
    Choices
    """
    known = labels_of(result, "land_type")
    there = set(result.parcels["land_type"].dropna())
    colours = spec["type_colours"]
    codes = [code for code in colours if code in there]
    codes += sorted(there - set(codes))
    labels = [known.get(code, code) for code in codes]
    paints = [colours.get(code, colours["none"]) for code in (*codes, "none")]
    return Choices((*codes, NONE), (*labels, unknown), tuple(paints))


def towns_of(result: Result, unknown: str) -> Choices:
    """Return the towns that parcels lie in.

    Parameters
    ----------
    result, unknown
        As in `types_of`.

    Returns
    -------
    Choices
        By code.
    """
    parcels = result.parcels
    names = parcels.groupby("town_code")["town_name"].first().fillna(NONE)
    labels = [name or str(code) for code, name in names.items()]
    return Choices((*map(str, names.index), NONE), (*labels, unknown))


def labels_of(result: Result, domain: str) -> dict[str, str]:
    """Return the labels of a code list that the result carries.

    Parameters
    ----------
    result, domain
        What classify wrote, and the list.

    Returns
    -------
    dict
        Code to label in the user's language.
    """
    rows = result.tables["labels"].fillna("")
    rows = rows[rows["domain"] == domain]
    pairs = zip(rows["label"], rows["label_en"], strict=True)
    return {code: pick(*both) for code, both in zip(rows["code"], pairs, strict=True)}


def classed(values: pd.Series, breaks: Sequence[float]) -> NDArray[np.int8]:
    """Put numbers into classes.

    Parameters
    ----------
    values
        Numbers.
    breaks
        Where classes begin, but for the first.

    Returns
    -------
    ndarray of int8
        `UNKNOWN` where a value is missing.

    Examples
    --------
    >>> classed(pd.Series([0.5, 1.0, None]), [1.0, 2.0]).tolist()
    [0, 1, -1]
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    found = np.searchsorted(np.asarray(breaks, dtype=float), numbers, side="right")
    return np.where(np.isnan(numbers), UNKNOWN, found).astype(np.int8)


def places_of(parcels: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return a point in each parcel.

    Parameters
    ----------
    parcels
        With geometry.

    Returns
    -------
    ndarray of float, shape (n, 2)
        Degrees; NaN where there is no shape.
    """
    points = shapely.point_on_surface(parcels.geometry.to_numpy())
    to_degrees = Transformer.from_crs(parcels.crs, DEGREES, always_xy=True)
    found = np.column_stack(to_degrees.transform(shapely.get_x(points), shapely.get_y(points)))
    return np.where(np.isfinite(found), found, np.nan).round(PLACES)


def texts_of(
    parcels: pd.DataFrame, told: pd.DataFrame, more: pd.DataFrame
) -> list[list[list[Any]]]:
    """Write what is told of each parcel, in pieces.

    Parameters
    ----------
    parcels
        Judged parcels, indexed by ``row``.
    told
        Of ``review_table``: ``row``, ``why``, ``missing``, ``ask``, ``flags``, ``so_far``.
    more
        Further texts, on the same index.

    Returns
    -------
    list
        Per piece a list per parcel: row, code, location, owner, what is told, further texts.
    """
    words = told.set_index("row").reindex(parcels.index)[list(TOLD)]
    names = parcels[["parcel_code", "location", "owner"]]
    frame = pd.concat([names, words, more], axis=1).astype(object)
    frame = frame.where(frame.notna(), "")
    frame.insert(0, "row", parcels.index)
    lines = frame.to_numpy().tolist()
    return [lines[at : at + PIECE] for at in range(0, len(lines), PIECE)]


def members_of(codes: pd.Series, wanted: Sequence[str]) -> tuple[NDArray[np.uint32], list[int]]:
    """List the parcels of each of some codes.

    Parameters
    ----------
    codes
        Per parcel codes joined by semicolons.
    wanted
        The codes.

    Returns
    -------
    members : ndarray of uint32
        Positions of parcels, code by code.
    counts : list of int
        How many each code has.
    """
    split = codes.fillna("").reset_index(drop=True).str.split(";").explode()
    groups = {code: lines.index for code, lines in split.groupby(split)}
    found = [np.asarray(groups.get(code, []), dtype=np.uint32) for code in wanted]
    return np.concatenate([*found, np.empty(0, np.uint32)]), [len(own) for own in found]


def outlines_of(layer: gpd.GeoDataFrame | None, carried: Mapping[str, str]) -> dict[str, Any]:
    """Write a small layer as GeoJSON in degrees.

    Parameters
    ----------
    layer
        Polygons; None for none.
    carried
        Property to column.

    Returns
    -------
    dict
    """
    if layer is None or not len(layer):
        return {"type": "FeatureCollection", "features": []}
    there = layer[~(layer.geometry.isna() | layer.geometry.is_empty)]
    shapes = shapely.set_precision(
        there.geometry.to_crs(DEGREES).to_numpy(), 10**-PLACES, "pointwise"
    )
    columns = [
        there[name].astype(object).where(there[name].notna(), "") for name in carried.values()
    ]
    features = [
        {
            "type": "Feature",
            "geometry": shape.__geo_interface__,
            "properties": dict(zip(carried, values, strict=True)),
        }
        for shape, *values in zip(shapes, *columns, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
