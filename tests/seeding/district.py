"""A valid, exactly noded coverage of real shapes: OSM land use moved, undistorted, into Jinghai."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from deliveries import records
from deliveries.ground import Ground

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SOURCE_PLANE = "EPSG:4528"  # CGCS2000 three-degree zone 40, Hangzhou's own
CENTRE = (39_492_000.0, 4_305_000.0)
WINDOW = (39_492_000.0, 4_306_000.0, 39_499_500.0, 4_311_250.0)
WHOLE = (39_474_000.0, 4_297_000.0, 39_504_000.0, 4_318_000.0)
GRID = 0.001  # metres to which corners are rounded where lines are cut
BLOCK, VILLAGE, TOWN = 250.0, 1_250.0, 2_500.0
SHARPEST, SHORTEST = 14.0, 0.02  # degrees, metres: what is worse is joined to a neighbour
SMALLEST, NARROWEST = 300.0, 3.0  # m², metres
REST = "0103"
USE = {
    "residential": "0701",
    "industrial": "0601",
    "commercial": "05H1",
    "retail": "05H1",
    "forest": "0301",
    "grass": "0404",
    "park": "0810",
    "farm": "0102",
    "scrub": "0305",
    "water": "1104",
    "river": "1101",
    "wetland": "1106",
    "reservoir": "1103",
}
Shapes = "NDArray[np.object_]"


def build(osm: Path, window: tuple[float, float, float, float] = WINDOW) -> Ground:
    """Return the layers of a district, all right.

    Parameters
    ----------
    osm
        Folder of the OSM extracts.
    window
        West, south, east, north of the part of it to take.
    """
    source = _moved(osm, window)
    lines = [*shapely.boundary(source.geometry.to_numpy()), *_grid(window, BLOCK)]
    noded = shapely.unary_union(np.array(lines, dtype=object), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.within(shapely.point_on_surface(faces), shapely.box(*window))]
    owner = _owners(faces, source)
    group = pd.DataFrame({"owner": owner, "block": _cell(faces, window)})
    group.loc[owner >= 0, "block"] = -1
    shapes, of = _joined(faces, group.groupby(list(group), sort=True).ngroup().to_numpy())
    shapes, kept = _cleaned(shapes)
    use = pd.Series(np.append(source["use"].to_numpy(), REST)[owner[of][kept]])
    return _ground(pd.DataFrame({"use": use, "shape": shapes}), _places(shapes, window))


def _moved(osm: Path, window: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    parts = [gpd.read_file(osm / f"hangzhou_{name}.geojson") for name in ("landuse", "water")]
    whole = [part[["fclass", "geometry"]].to_crs(SOURCE_PLANE) for part in parts]
    west, south, east, north = whole[0].total_bounds
    shift = (CENTRE[0] - (west + east) / 2, CENTRE[1] - (south + north) / 2)
    layer = pd.concat(whole, ignore_index=True)
    moved = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy + shift)
    frame = gpd.GeoDataFrame({"use": layer["fclass"].map(USE)}, geometry=moved, crs=records.CRS)
    near = shapely.intersects(moved, shapely.box(*window)) & frame["use"].notna()
    return frame[near & shapely.is_valid(moved)].reset_index(drop=True)


def _grid(window: tuple[float, float, float, float], step: float) -> list[shapely.LineString]:
    west, south, east, north = window
    upright = np.arange(west, east + 1, step)
    level = np.arange(south, north + 1, step)
    return [
        *(shapely.LineString([(x, south), (x, north)]) for x in upright),
        *(shapely.LineString([(west, y), (east, y)]) for y in level),
    ]


def _owners(faces: Shapes, source: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """Return the smallest source polygon over each face, -1 for none."""
    points = shapely.point_on_surface(faces)
    tree = shapely.STRtree(source.geometry.to_numpy())
    face, polygon = tree.query(points, predicate="within")
    size = source.geometry.area.to_numpy()[polygon]
    pairs = pd.DataFrame({"face": face, "polygon": polygon, "size": size})
    smallest = pairs.sort_values("size").drop_duplicates("face").set_index("face")["polygon"]
    return smallest.reindex(np.arange(len(faces)), fill_value=-1).to_numpy()


def _cell(faces: Shapes, window: tuple[float, float, float, float]) -> NDArray[np.intp]:
    xy = shapely.get_coordinates(shapely.point_on_surface(faces))
    column, row = ((xy - window[:2]) // BLOCK).astype(int).T
    return row * 1000 + column


def _joined(faces: Shapes, group: NDArray[np.intp]) -> tuple[Shapes, NDArray[np.intp]]:
    """Join the faces of each group; return the parts and one face of each."""
    order = np.argsort(group, kind="stable")
    firsts = np.flatnonzero(np.diff(group[order], prepend=-1))
    unions = [shapely.coverage_union_all(part) for part in np.split(faces[order], firsts[1:])]
    parts, of = shapely.get_parts(np.array(unions, dtype=object), return_index=True)
    return parts, order[firsts][of]


def _cleaned(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Join what is small, narrow or sharp to a neighbour: across the sharp corner if there is one.

    Most neighbours are those with the longest common border.
    """
    member = np.arange(len(shapes))
    for _ in range(60):
        legs = _legs(shapes)
        sharp = legs.groupby("face")["sharp"].any().reindex(range(len(shapes))).to_numpy()
        bad = np.flatnonzero(_is_thin(shapes) | sharp)
        if not len(bad):
            return shapes, member
        border = _borders(legs).sort_values("weight").drop_duplicates("one", keep="last")
        best = border[border["one"].isin(bad)]
        target = np.arange(len(shapes))
        gone: set[int] = set()
        hosts: set[int] = set()
        for one, other in zip(best["one"], best["other"], strict=True):
            if one not in gone and one not in hosts and other not in gone:
                target[one] = other
                gone.add(one)
                hosts.add(other)
        shapes, at = _joined(shapes, target)
        member = member[target[at]]
    raise AssertionError("the district does not come clean")


def _is_thin(shapes: Shapes) -> NDArray[np.bool_]:
    area, around = shapely.area(shapes), shapely.length(shapes)
    compact = 4 * np.pi * area / around**2
    narrow = (2 * area / around < NARROWEST) | ((compact < 0.25) & (area < 1500))
    return (area < SMALLEST) | narrow


def _legs(shapes: Shapes) -> pd.DataFrame:
    """Return all edges: their face, ends in one order, length, and whether a corner is sharp."""
    rings, of = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    a, b, owner = xy[:-1][inside], xy[1:][inside], ring[1:][inside]
    size = np.bincount(owner)
    after = np.arange(1, len(owner) + 1)
    after[np.cumsum(size) - 1] = np.cumsum(size) - size
    leg = b - a
    cross = leg[:, 0] * leg[after, 1] - leg[:, 1] * leg[after, 0]
    turn = np.abs(np.arctan2(cross, (leg * leg[after]).sum(axis=1)))
    end = turn > np.radians(180 - SHARPEST)
    start = np.zeros(len(end), bool)
    start[after] = end
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    table = pd.DataFrame(np.hstack([low, high]), columns=list("abcd"))
    length = np.hypot(*leg.T)
    sharp = start | end | (length < SHORTEST)
    return table.assign(face=of[owner], length=length, sharp=sharp)


def _borders(legs: pd.DataFrame) -> pd.DataFrame:
    """Return the weight of the border of each two faces, both ways round."""
    pairs = legs.merge(legs[["a", "b", "c", "d", "face"]], on=list("abcd"))
    pairs = pairs[pairs["face_x"] != pairs["face_y"]]
    weight = pairs["length"] + 1e6 * pairs["sharp"]
    summed = weight.groupby([pairs["face_x"], pairs["face_y"]]).sum().reset_index(name="weight")
    return summed.rename(columns={"face_x": "one", "face_y": "other"})


def _places(shapes: Shapes, window: tuple[float, float, float, float]) -> pd.DataFrame:
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes)) - window[:2]
    across = int((window[2] - window[0]) // TOWN) + 1
    column, row = (xy // TOWN).astype(int).T
    fine = ((xy % TOWN) // VILLAGE).astype(int)
    town = records.COUNTY + pd.Series(701 + row * across + column).astype(str)
    part = pd.Series(fine[:, 1] * 2 + fine[:, 0] + 1).astype(str).str.zfill(3)
    return pd.DataFrame({"town": town, "village": town + part})


def _ground(faces: pd.DataFrame, places: pd.DataFrame) -> Ground:
    faces = faces.assign(town=places["town"].to_numpy(), village=places["village"].to_numpy())
    survey, parcels = records.survey_of(faces), records.parcels_of(faces)
    villages = records.villages_of(survey)
    made = Ground(
        parcels=parcels,
        survey=survey,
        villages=villages,
        towns=records.towns_of(villages),
        buildings=records.buildings_of(parcels),
        settlements=_settlements(survey),
    )
    made.notes["face_of"] = np.flatnonzero(faces["use"].isin(records.USE))
    return made


def _settlements(survey: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the housing of the survey as settlements, each without its holes."""
    housing = survey.geometry[survey["DLBM"] == "0701"].to_numpy()
    plain = housing[shapely.get_num_interior_rings(housing) == 0]
    columns = {
        "CZCLX": "202",
        "CZCDM": survey["ZLDWDM"].iloc[0][:9] + "0" * 10,
        "CZCMJ": records.area(plain),
    }
    return records.layer(columns, plain)
