"""Tables of measured facts about the shapes of a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area
from lowuse_gis.core.attributes import attributes_of
from lowuse_gis.core.lookup import is_among
from lowuse_gis.core.topology.edges import edge_facts
from lowuse_gis.core.topology.gaps import gap_facts
from lowuse_gis.core.topology.layer import only, valid_polygons
from lowuse_gis.core.topology.overlaps import overlap_facts
from lowuse_gis.core.topology.shape import shape_facts
from lowuse_gis.core.topology.vertices import vertex_facts
from lowuse_gis.kernels.compiled import wanted

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.topology.regions import Regions
    from lowuse_gis.model import CheckBook, Delivered

    Place = NDArray[np.float64]

PLACES = 3  # decimals of coordinates shown, millimetres
FACTS = (
    "vertices", "parts", "holes", "mean_width", "compactness", "box_length", "box_width",
    "smallest_part_area", "smallest_hole_area",
)  # fmt: skip


def features(
    delivered: Delivered,
    envelope: tuple[float, float, float, float],
    count: int | None = None,
) -> pd.DataFrame:
    """Measure every feature of a layer.

    Parameters
    ----------
    delivered
        The layer in the working CRS.
    envelope
        West, south, east, north of the district in it.
    count
        How many features the layer has, where this is a part of it.

    Returns
    -------
    DataFrame
        One row per feature: its standard columns, ``row``, area in m² on the ellipsoid, facts of
        its shape, and a place to look at.
    """
    frame = delivered.frame
    shapes = frame.geometry.to_numpy()
    facts = shape_facts(shapes)
    table = attributes_of(frame).reset_index(names="row")
    table = table.drop(columns=[name for name in FACTS if name in table])
    table = pd.concat([table, facts[list(FACTS)].reset_index(drop=True)], axis=1)
    table["shape"] = _states(shapes, facts)
    valid = only(shapes, (table["shape"] == "valid").to_numpy())
    loops = 0 if wanted(len(frame) if count is None else count) else len(frame) + 1
    area = ellipsoidal_area(valid, frame.crs, compiled_from=loops)
    table["area"] = pd.Series(area).where(table["shape"] == "valid")
    table["plane_area"] = facts["plane_area"].to_numpy()
    table["orientation"] = np.where(facts["wrong_orientation"].astype(bool), "wrong", "right")
    table["touching_parts"] = np.where(facts["touching_parts"].astype(bool), "yes", "no")
    table["known_parcel"] = pd.Series(None, table.index, dtype="str")
    table["attributes"] = np.where(delivered.raw.isna().all(axis=1), "none", "some")
    table["note"] = facts["invalid_reason"].fillna("").to_numpy()
    table["within_district"] = _within(shapes, envelope)
    x, y = _or_middle(shapes, facts["x"].to_numpy(), facts["y"].to_numpy())
    return table.assign(x=x, y=y, geometry=shapes)


def records(delivered: Delivered, parcels: Delivered | None) -> pd.DataFrame:
    """Return the rows of a table, which have no shape.

    Parameters
    ----------
    delivered
        A table.
    parcels
        The parcels handed over with it; None where there are none.

    Returns
    -------
    DataFrame
        One row per record: its standard columns, ``row``, and whether its parcel is known.
    """
    frame = attributes_of(delivered.frame).reset_index(names="row")
    frame = frame.drop_duplicates("row", ignore_index=True)  # a line may hold several years
    nothing = pd.Series(np.nan, frame.index)
    texts = pd.Series(None, frame.index, dtype="str")
    facts = {name: nothing for name in (*FACTS, "area") if name not in frame}
    words = ("shape", "attributes", "orientation", "touching_parts", "within_district")
    frame = frame.assign(**facts, **dict.fromkeys(words, texts), within_town=texts)
    frame["known_parcel"] = texts
    if parcels is not None and "parcel_code" in frame and "parcel_code" in parcels.frame:
        code = frame["parcel_code"]
        known = is_among(code, parcels.frame["parcel_code"])
        frame["known_parcel"] = pd.Series(np.where(known, "yes", "no")).where(code.notna())
    return frame


def _states(shapes: NDArray[np.object_], facts: pd.DataFrame) -> NDArray[np.object_]:
    coordinates = shapely.bounds(shapes)
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    finite = np.isfinite(coordinates).all(axis=1)
    states = np.where(facts["invalid"].astype(bool), "invalid", "valid").astype(object)
    states[present & ~finite] = "not_finite"
    states[shapely.is_empty(shapes)] = "empty"
    states[shapely.is_missing(shapes)] = "missing"
    return states


def _within(
    shapes: NDArray[np.object_], envelope: tuple[float, float, float, float]
) -> NDArray[np.object_]:
    west, south, east, north = envelope
    bounds = shapely.bounds(shapes)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    answer = np.where(inside, "yes", "no").astype(object)
    answer[np.isnan(x)] = None
    return answer


def vertices(delivered: Delivered, checks: CheckBook) -> pd.DataFrame:
    """Find doubled points and spikes.

    Parameters
    ----------
    delivered
        The layer.
    checks
        How near and how sharp to look for, and how long the sides of a spike are at least.

    Returns
    -------
    DataFrame
        As `vertex_facts`, with ``row``.
    """
    near, angle, leg = map(checks.limit, ("near_duplicate", "spike_angle", "spike_leg"))
    facts = vertex_facts(delivered.frame.geometry.to_numpy(), near, angle, leg=leg)
    return _rowed(facts, delivered.frame)


def overlaps(delivered: Delivered, threads: int) -> pd.DataFrame:
    """Find the pairs of a layer that share area; parcels of different strata never do.

    Parameters
    ----------
    delivered
        The layer; with ``stratum`` where it has strata.
    threads
        Threads for geometry.

    Returns
    -------
    DataFrame
        As `overlap_facts`, with ``row`` and ``other_row``.
    """
    frame = delivered.frame
    stratum = None
    if "stratum" in frame:
        stratum = frame["stratum"].fillna("surface").to_numpy(dtype=object)
    facts = overlap_facts(frame.geometry.to_numpy(), stratum, threads)
    return _rowed(facts, frame, frame)


def gaps(
    delivered: Delivered, checks: CheckBook, origin: Place, regions: Regions | None = None
) -> pd.DataFrame:
    """Find what a layer leaves open between its polygons.

    Parameters
    ----------
    delivered
        The layer.
    checks
        The largest hole that counts as a gap.
    origin
        From where to count coordinates.
    regions
        Where the layer is not covered, if known already.

    Returns
    -------
    DataFrame
        As `gap_facts`, with ``row`` of a neighbour.
    """
    frame = delivered.frame
    shapes, largest = frame.geometry.to_numpy(), checks.limit("gap_largest")
    facts = gap_facts(shapes, largest, regions=regions, origin=origin)
    return _rowed(facts, frame)


def edges(
    delivered: Delivered, other: Delivered, checks: CheckBook, origin: Place, threads: int
) -> pd.DataFrame:
    """Find where the boundaries of two layers run nearly but not quite together.

    Parameters
    ----------
    delivered, other
        The layer, and the one it should fit.
    checks
        How near edges must be to be meant as one, and over which length they deviate.
    origin
        From where to count coordinates.
    threads
        Threads for geometry.

    Returns
    -------
    DataFrame
        As `edge_facts`, with ``row`` and ``other_row``.
    """
    distance, least = checks.limit("edge_distance"), checks.limit("edge_length")
    mine, theirs = delivered.frame, other.frame
    shapes = mine.geometry.to_numpy(), theirs.geometry.to_numpy()
    facts = edge_facts(*shapes, distance, threads, least=least, origin=origin)
    return _rowed(facts, mine, theirs)


def _rowed(
    facts: pd.DataFrame, frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Name the features that facts speak of by position."""
    rows = frame.index.to_numpy(dtype=object)
    named = facts.assign(
        row=rows[facts["position"].to_numpy(dtype=int)],
        x=facts["x"].round(PLACES),
        y=facts["y"].round(PLACES),
    )
    if other is not None:
        others = other.index.to_numpy(dtype=object)
        named["other_row"] = others[facts["other"].to_numpy(dtype=int)]
    return named.drop(columns=["position", "other"], errors="ignore")


def places(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a place in every feature, to look at.

    Parameters
    ----------
    frame
        Features by ``row``.

    Returns
    -------
    DataFrame
        ``x`` and ``y`` by row; the middle of the box where a shape is not valid.
    """
    shapes = frame.geometry.to_numpy()
    inside = shapely.point_on_surface(valid_polygons(shapes))
    x, y = _or_middle(shapes, shapely.get_x(inside), shapely.get_y(inside))
    return pd.DataFrame({"x": x, "y": y}, index=frame.index)


def _or_middle(
    shapes: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Round places; take the middle of the box where there is none."""
    west, south, east, north = shapely.bounds(shapes).T
    return (
        np.where(np.isnan(x), (west + east) / 2, x).round(PLACES),
        np.where(np.isnan(y), (south + north) / 2, y).round(PLACES),
    )


def within_town(table: pd.DataFrame, towns: Delivered | None) -> NDArray[np.object_]:
    """Say whether each feature lies mainly in the town it names.

    Parameters
    ----------
    table
        Features as `features` gives them, with ``town_code`` as far as known.
    towns
        Town boundaries; nothing is known without them.

    Returns
    -------
    ndarray
        ``yes``, ``no``, or None where the town, its boundary or the place is not known.
    """
    answer = np.full(len(table), None, dtype=object)
    if towns is None or "town_code" not in table or "town_code" not in towns.frame:
        return answer
    known = towns.frame[["town_code", "geometry"]].dropna(subset=["town_code"])
    known = known[shapely.is_valid(known.geometry.to_numpy())]
    named = table["town_code"].isin(known["town_code"]).to_numpy()
    usable = named & table["x"].notna().to_numpy() & (table["shape"] == "valid").to_numpy()
    points = shapely.points(table.loc[usable, "x"], table.loc[usable, "y"])
    hit, town = shapely.STRtree(known.geometry.to_numpy()).query(points, predicate="intersects")
    codes = table.loc[usable, "town_code"].to_numpy(dtype=object)
    right = codes[hit] == known["town_code"].to_numpy(dtype=object)[town]
    inside = np.bincount(hit[right], minlength=len(points)) > 0
    answer[usable] = np.where(inside, "yes", "no")
    return answer
