"""Look at the shapes of a layer: there, valid, in the district, of the area that is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.overlay import self_overlaps
from lowuse_gis.core.verifying.findings import as_numbers, found, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

KINDS = {
    "polygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "point": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
    "any": tuple(shapely.GeometryType),
}
POLYGON = "polygon"


def wrong_shapes(
    frame: gpd.GeoDataFrame,
    key: str,
    envelope: tuple[float, float, float, float] | None,
    limits: Mapping[str, float],
    place: tuple[str, str],
    threads: int = 2,
    *,
    kind: str = POLYGON,
    overlaps: bool = True,
) -> Iterator[pd.DataFrame]:
    """Find shapes that are missing, of another kind, invalid, outside, or on each other.

    Parameters
    ----------
    frame
        A layer with its system.
    key
        Field that names a record.
    envelope
        West, south, east, north in the layer's system; None where it has no system.
    limits
        ``overlap_area`` in m² of the tolerance model.
    place
        File and layer where it stands.
    threads
        Threads for the overlaps.
    kind
        Of shape that is asked for.
    overlaps
        Whether shapes on each other are looked for.

    Yields
    ------
    DataFrame
        Findings 4161 to 4164 and 2252.
    """
    file, layer = place
    shapes = frame.geometry.to_numpy()
    ids = frame[key].astype("str").fillna("") if key in frame else pd.Series("", frame.index)
    none = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    yield found("4163", file, layer, id=ids[none])
    other = ~none & ~np.isin(shapely.get_type_id(shapes), [int(one) for one in KINDS[kind]])
    yield found("4164", file, layer, id=ids[other])
    rest = ~none & ~other
    valid = shapely.is_valid(shapes)
    bad = rest & ~valid
    reasons = shapely.is_valid_reason(shapes[bad])
    yield found("4161", file, layer, id=ids[bad], note=reasons, **_corner(shapes[bad]))
    if envelope is not None:
        west, south, east, north = envelope
        box = shapely.bounds(shapes)
        out = rest & ~(
            (box[:, 0] >= west) & (box[:, 1] >= south) & (box[:, 2] <= east) & (box[:, 3] <= north)
        )
        yield found("2252", file, layer, id=ids[out], **_corner(shapes[out]))
    if not overlaps or kind != POLYGON:
        return
    good = np.flatnonzero(rest & valid)
    first, twice = _once(shapes[good])
    doubled, good = good[twice], good[first]  # a stack of one shape would make a pair of any two
    yield found(
        "4162", file, layer, id=ids.iloc[doubled], value=shapely.area(shapes[doubled]).round(2),
        limit=limits["overlap_area"], **_corner(shapes[doubled]),
    )  # fmt: skip
    pairs = self_overlaps(shapes[good], threads=threads)
    wide = pairs.area > limits["overlap_area"]
    one, two = good[pairs.subject[wide]], good[pairs.context[wide]]
    yield found(
        "4162",
        file,
        layer,
        id=ids.iloc[one],
        note=ids.iloc[two].to_numpy(),
        value=pairs.area[wide].round(2),
        limit=limits["overlap_area"],
        **places(shapes[one]),
    )


def _once(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of shapes that are the first of their kind, and of their doubles."""
    keys = pd.Series(shapely.to_wkb(shapes), dtype=object)
    again = keys.duplicated().to_numpy()
    return np.flatnonzero(~again), np.flatnonzero(again)


def _corner(shapes: np.ndarray) -> dict[str, np.ndarray]:
    """Return a corner of each shape, which need not be valid."""
    box = shapely.bounds(shapes).reshape(-1, 4)
    return {"x": box[:, 0].round(3), "y": box[:, 1].round(3)}


def wrong_areas(
    frame: gpd.GeoDataFrame,
    field: str,
    key: str,
    limits: Mapping[str, float],
    file: str,
    layer: str,
) -> pd.DataFrame:
    """Find areas that are not those of the shapes.

    Parameters
    ----------
    frame
        A layer in a system of CGCS2000.
    field
        m² of the ellipsoid.
    key, file, layer
        As `wrong_shapes` takes them.
    limits
        ``area_step`` in m² and ``survey_area_share``: a difference beyond both is told.

    Returns
    -------
    DataFrame
        Findings 3461.
    """
    measured = np.round(ellipsoidal_area(frame.geometry.to_numpy(), frame.crs), 2)
    stated = as_numbers(frame[field]).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(stated - measured)
        wrong = (off > limits["area_step"]) & (off > limits["survey_area_share"] * measured)
    ids = frame[key].astype("str") if key in frame else pd.Series("", frame.index)
    shapes = frame.geometry.to_numpy()[wrong]
    return found(
        "3461", file, layer, id=ids[wrong], field=field, value=stated[wrong], limit=measured[wrong],
        **_corner(shapes),
    )  # fmt: skip
