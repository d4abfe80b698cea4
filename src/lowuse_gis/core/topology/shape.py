"""What can be said of each polygon by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.core.topology.layer import polygonal
from lowuse_gis.core.topology.rings import POLYGON, Rings, ring_areas, rings_of
from lowuse_gis.core.topology.widths import box_sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

PLACE = r"^(?P<reason>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+).*\])?"


def shape_facts(
    geometry: Shapes,
    *,
    narrow: float = 5.0,
    compact: float = 0.25,
    shell_ccw: bool | None = None,
    threads: int = 2,
) -> pd.DataFrame:
    """Measure every polygon.

    Parameters
    ----------
    geometry
        Polygons in plane metres; None is counted as empty.
    narrow, compact
        The box is measured of features with at most this mean width in metres, or this
        compactness; it is NaN of all others.
    shell_ccw
        Whether outer rings ought to run counterclockwise, as in GeoPackage and GeoJSON, or
        clockwise, as in shapefiles, holes the other way; None where either will do, as long as
        the rings of a feature agree.
    threads
        Threads to use.

    Returns
    -------
    DataFrame
        One row per feature, in order: ``position``, ``vertices`` (the closing one not counted),
        ``parts``, ``holes``, ``perimeter``, ``plane_area``, ``mean_width`` (2A/P), ``compactness``
        (4πA/P², 1 for a circle), ``box_length``, ``box_width``, ``smallest_part_area``,
        ``smallest_hole_area`` (of the outlines, NaN where there is none), ``invalid``,
        ``invalid_reason``, ``invalid_x``, ``invalid_y``, ``wrong_orientation``, ``empty``,
        ``touching_parts`` (two parts share more than a point), ``x``, ``y`` (a place inside).
    """
    rings = rings_of(geometry)
    count = len(geometry)
    with np.errstate(divide="ignore", invalid="ignore"):
        area, around = shapely.area(geometry), shapely.length(geometry)
        width, compactness = 2 * area / around, 4 * np.pi * area / around**2
    facts = pd.DataFrame(
        {
            "position": np.arange(count),
            **_counts(geometry),
            "perimeter": around,
            "plane_area": area,
            "mean_width": width,
            "compactness": compactness,
        }
    )
    thin = np.flatnonzero((width <= narrow) | (compactness <= compact))
    box = np.full((2, count), np.nan)
    box[:, thin] = in_threads(_sides, geometry[thin], threads=threads).T
    facts["box_length"], facts["box_width"] = box
    facts = facts.assign(**_smallest(rings, count), **_validity(geometry, threads))
    ways = (True, False) if shell_ccw is None else (shell_ccw,)
    facts["wrong_orientation"] = np.logical_and.reduce(
        [_wrong_way(rings, count, shell_ccw=way) for way in ways]
    )
    facts["empty"] = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    facts["touching_parts"] = _touching_parts(geometry)
    return facts.assign(**_places(geometry, facts))


def _sides(shapes: Shapes) -> Floats:
    return np.column_stack(box_sides(shapes))


def _counts(geometry: Shapes) -> dict[str, NDArray[np.intp]]:
    parts, position = shapely.get_parts(geometry, return_index=True)
    count, rings = len(geometry), shapely.get_num_interior_rings(parts)
    solid = (shapely.get_type_id(parts) == POLYGON) & ~shapely.is_empty(parts)
    closing = np.where(solid, rings + 1, 0)
    vertices = shapely.get_num_coordinates(parts) - closing
    return {
        "vertices": np.bincount(position, vertices, minlength=count).astype(np.intp),
        "parts": np.bincount(position[~shapely.is_empty(parts)], minlength=count),
        "holes": np.bincount(position, rings, minlength=count).astype(np.intp),
    }


def _smallest(rings: Rings, count: int) -> dict[str, Floats]:
    """Return the area of the smallest part and the smallest hole, each within its own outline."""
    areas = np.abs(ring_areas(rings))
    found = {}
    for name, some in (("part", ~rings.hole), ("hole", rings.hole)):
        least = np.full(count, np.inf)
        np.minimum.at(least, rings.position[some], areas[some])
        found[f"smallest_{name}_area"] = np.where(np.isinf(least), np.nan, least)
    return found


def _validity(geometry: Shapes, threads: int) -> dict[str, NDArray[Any]]:
    """Return the verdict of GEOS with its reason and place."""
    valid = in_threads(shapely.is_valid, geometry, threads=threads) | shapely.is_missing(geometry)
    bad = np.flatnonzero(~valid)
    reason = np.full(len(geometry), "", dtype=object)
    place = np.full((2, len(geometry)), np.nan)
    if len(bad):
        text = pd.Series(shapely.is_valid_reason(geometry[bad]), dtype="str")
        said = text.str.extract(PLACE)
        reason[bad] = said["reason"].str.strip().to_numpy(dtype=object)
        place[:, bad] = said[["x", "y"]].astype(float).to_numpy().T
    return {
        "invalid": ~valid,
        "invalid_reason": reason,
        "invalid_x": place[0],
        "invalid_y": place[1],
    }


def _wrong_way(rings: Rings, count: int, *, shell_ccw: bool) -> Bools:
    area = ring_areas(rings)
    wrong = (area != 0) & ((area > 0) == (rings.hole == shell_ccw))
    found: Bools = np.bincount(rings.position[wrong], minlength=count) > 0
    return found


def _touching_parts(geometry: Shapes) -> Bools:
    """Say which features have parts that share an edge or area, and so could be one."""
    touching = np.zeros(len(geometry), dtype=np.bool_)
    many = np.flatnonzero(shapely.get_num_geometries(geometry) > 1)
    parts, owner = shapely.get_parts(geometry[many], return_index=True)
    a, b = shapely.STRtree(parts).query(parts, predicate="intersects")
    mine = (a < b) & (owner[a] == owner[b])
    a, b = a[mine], b[mine]
    joined = shapely.relate_pattern(parts[a], parts[b], "****1****")
    joined |= shapely.relate_pattern(parts[a], parts[b], "T********")
    touching[many[owner[a[joined]]]] = True
    return touching


def _places(geometry: Shapes, facts: pd.DataFrame) -> dict[str, Floats]:
    """Return a place to look at: where it is invalid, else a point inside."""
    good = np.flatnonzero(~facts["invalid"] & polygonal(geometry))
    point = np.full(len(geometry), None, dtype=object)
    with np.errstate(invalid="ignore"):  # a shape without width
        point[good] = shapely.point_on_surface(geometry[good])
    x, y = shapely.get_x(point), shapely.get_y(point)
    known = facts["invalid_x"].notna()
    return {
        "x": np.where(known, facts["invalid_x"], x),
        "y": np.where(known, facts["invalid_y"], y),
    }
