"""Layers for the benchmark of the kernels: a coverage, broken copies of it, buildings, zones.

The coverage has no streets: a grid of lots whose corners are moved and whose edges carry vertices
off the line, 28 to a lot, the same ones for both neighbours (*exactly noded*). Written once per
size, as GeoParquet, GeoTIFF and GeoPackage, so that every way reads the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine

from lowuse_gis.kernels.neighbours import neighbours
from lowuse_gis.kernels.ragged import ragged
from topology_layers import planted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

DATA = Path(__file__).parent / "data"
CRS = "EPSG:4527"
CORNER = (39_480_000.0, 4_290_000.0)
SIDE = 55.0  # metres of a lot
PER_EDGE = 7  # vertices from one corner to the next, the last corner not counted
ZONES = 2_000
CELL, NOTHING = 30.0, -9999.0  # of the raster
MOVED, OFF = 0.05, 0.0004  # share of vertices, metres at most
CUT = 0.03  # share of vertices left out on one side


def folder(count: int) -> Path:
    """Return where the layers of a size stand; they are made where they are not there."""
    path = DATA / f"kernels-{count}"
    if not (path / "made").exists():
        path.mkdir(parents=True, exist_ok=True)
        _write(path, count)
        (path / "made").touch()
    return path


def coverage(columns: int, rows: int, side: float, between: int, bulge: float, seed: int) -> Shapes:
    """Draw cells that share every vertex; a bulge of 0 leaves the edges straight."""
    random = np.random.default_rng([seed, columns, rows])
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    node = np.stack([x, y], axis=2) + random.uniform(-0.22, 0.22, (rows + 1, columns + 1, 2))
    across = _edges(node[:, :-1], node[:, 1:], between, bulge, random) * side
    up = _edges(node[:-1], node[1:], between, bulge, random) * side
    node = node * side
    lines = [
        across[:-1],
        up[:, 1:],
        np.concatenate([node[1:, 1:, None], across[1:, :, :0:-1]], axis=2),
        np.concatenate([node[1:, :-1, None], up[:, :-1, :0:-1]], axis=2),
    ]
    ring = np.concatenate(lines, axis=2).reshape(rows * columns, -1, 2)
    return shapely.polygons((ring + np.array(CORNER)).round(4))


def _edges(
    start: Floats, end: Floats, between: int, bulge: float, random: np.random.Generator
) -> Floats:
    """Put vertices on edges: all of an edge but its end."""
    along = np.arange(between) / between
    line = (end - start)[:, :, None]
    off = random.uniform(-bulge, bulge, (*start.shape[:2], between)) * (along > 0)
    normal = np.stack([-line[..., 1], line[..., 0]], axis=-1)
    return start[:, :, None] + line * along[:, None] + normal * off[..., None]


def moved(shapes: Shapes) -> Shapes:
    """Move vertices by less than half a millimetre, each on one side only."""
    random = np.random.default_rng(11)
    xy = shapely.get_coordinates(shapes)
    hit = random.random(len(xy)) < MOVED
    angle, reach = random.uniform(0, 2 * np.pi, len(xy)), random.uniform(0, OFF, len(xy))
    xy += (np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]) * hit[:, None]
    size = shapely.get_num_coordinates(shapes)
    end = np.cumsum(size)
    xy[end - 1] = xy[end - size]
    return shapely.polygons(shapely.linearrings(xy, indices=np.repeat(np.arange(len(size)), size)))


def cut(shapes: Shapes) -> Shapes:
    """Leave out vertices of straight edges on one side: T-junctions."""
    random = np.random.default_rng(5)
    size = shapely.get_num_coordinates(shapes)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    place = np.arange(len(xy)) - np.repeat(np.cumsum(size) - size, size)
    keep = (place % PER_EDGE == 0) | (random.random(len(xy)) > CUT * PER_EDGE / (PER_EDGE - 1))
    return shapely.polygons(shapely.linearrings(xy[keep], indices=owner[keep]))


def buildings(lots: Shapes) -> Shapes:
    """Put two L-shaped buildings on every lot, turned, some across its border."""
    random = np.random.default_rng(3)
    place = np.repeat(shapely.get_coordinates(shapely.centroid(lots)), 2, axis=0)
    place += random.uniform(-0.3, 0.3, place.shape) * SIDE
    long, wide = random.uniform(0.15, 0.6, (2, len(place))) * SIDE
    x = np.array([0, 1, 1, 0.5, 0.5, 0]) - 0.5
    y = np.array([0, 0, 0.4, 0.4, 1, 1]) - 0.5
    corner = np.stack([x * long[:, None], y * wide[:, None]], axis=2)
    turn = random.uniform(0, np.pi, len(place))
    c, s = np.cos(turn), np.sin(turn)
    back = np.stack([np.stack([c, -s], axis=1), np.stack([s, c], axis=1)], axis=1)
    ring = np.einsum("nij,nkj->nki", back, corner) + place[:, None]
    return shapely.polygons(ring.round(4))


def components(lots: Shapes) -> NDArray[np.intp]:
    """Choose half of the lots; number those that hang together; -1 for the others."""
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    chosen = np.random.default_rng(7).random(len(lots)) < 0.5
    left, right, _length = neighbours(ragged(lots))
    both = chosen[left] & chosen[right]
    ones = np.ones(int(both.sum()), dtype=np.int8)
    graph = coo_array((ones, (left[both], right[both])), shape=(len(lots), len(lots)))
    label = connected_components(graph, directed=False)[1]
    group = np.full(len(lots), -1, dtype=np.intp)
    group[chosen] = np.unique(label[chosen], return_inverse=True)[1]
    return group


def _write(path: Path, count: int) -> None:
    columns = int(np.ceil(np.sqrt(count * 1.5)))
    rows = int(np.ceil(count / columns))
    lots = coverage(columns, rows, SIDE, PER_EDGE, 0.03, 1)[:count]
    straight = coverage(columns, rows, SIDE, PER_EDGE, 0.0, 1)[:count]
    zone_side = SIDE * np.sqrt(columns * rows / ZONES)
    zone_shape = [int(np.ceil(SIDE * n / zone_side)) + 1 for n in (columns, rows)]
    group = components(lots)
    broken = planted(lots)
    layers = {
        "lots": lots,
        "broken": broken[shapely.is_valid(broken)],
        "moved": moved(lots),
        "cut": cut(straight),
        "buildings": buildings(lots),
        "zones": coverage(*zone_shape, zone_side, 20, 0.02, 2),
    }
    for name, shapes in layers.items():
        frame = gpd.GeoDataFrame({"id": np.arange(len(shapes))}, geometry=shapes, crs=CRS)
        frame.to_parquet(path / f"{name}.parquet")
        if name in {"lots", "buildings", "zones"}:
            frame.to_file(path / f"{name}.gpkg", engine="pyogrio")
    chosen = np.flatnonzero(group >= 0)
    member = {"id": np.arange(len(chosen)), "unit": group[chosen]}
    gpd.GeoDataFrame(member, geometry=lots[chosen], crs=CRS).to_parquet(path / "members.parquet")
    _raster(path / "raster.tif", lots)


def _raster(path: Path, lots: Shapes) -> None:
    west, south, east, north = shapely.total_bounds(lots)
    size = int((north - south) / CELL) + 3, int((east - west) / CELL) + 3
    values = np.random.default_rng(1).gamma(2.0, 6.0, size).astype("float32")
    place = Affine(CELL, 0.0, west - CELL, 0.0, -CELL, north + CELL)
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": CRS, "nodata": NOTHING}
    profile |= {"height": size[0], "width": size[1], "transform": place, "tiled": True}
    with rasterio.open(path, "w", compress="deflate", **profile) as file:
        file.write(values, 1)
