"""Ways of the benchmark that are Python: `python kernel_peers.py JOB WAY FOLDER SMALL OUT`.

Needs geopandas, shapely, libpysal, pyproj, exactextract, rasterstats, and nothing of lowuse.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from kernel_clock import clocked

if TYPE_CHECKING:
    from collections.abc import Callable

CRS = "EPSG:4527"
NEAR = 0.001
LEAST = 1e-5


def shapely_areas(lots: Any, built: Any) -> dict[str, Any]:
    lots, built = lots.geometry.to_numpy(), built.geometry.to_numpy()
    left, right = shapely.STRtree(built).query(lots, predicate="intersects")
    area = shapely.area(shapely.intersection(lots[left], built[right]))
    return {"value": np.bincount(left, area, len(lots))}


def shapely_shortcut(lots: Any, built: Any) -> dict[str, Any]:
    """Cut only what is not wholly inside."""
    lots, built = lots.geometry.to_numpy(), built.geometry.to_numpy()
    right, left = shapely.STRtree(lots).query(built, predicate="intersects")
    order = np.argsort(left, kind="stable")
    left, right = left[order], right[order]
    shapely.prepare(lots)
    inside = shapely.contains_properly(lots[left], built[right])
    area = shapely.area(built)[right]
    rest = ~inside
    area[rest] = shapely.area(shapely.intersection(lots[left[rest]], built[right[rest]]))
    return {"value": np.bincount(left, area, len(lots))}


def overlay_areas(lots: Any, built: Any) -> dict[str, Any]:
    both = gpd.overlay(lots, built.rename(columns={"id": "b"}), keep_geom_type=True)
    return {"value": np.bincount(both["id"], both.area, len(lots))}


def shapely_overlaps(layer: Any) -> dict[str, Any]:
    shapes = layer.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    area = shapely.area(shapely.intersection(shapes[a], shapes[b]))
    return {"a": a[area > LEAST], "b": b[area > LEAST], "value": area[area > LEAST]}


def overlay_overlaps(layer: Any) -> dict[str, Any]:
    other = layer.rename(columns={"id": "b"})
    both = gpd.overlay(layer, other, keep_geom_type=True)
    both = both[both["id"] < both["b"]]
    both = both.assign(area=both.area)
    both = both[both["area"] > LEAST]
    return {"a": both["id"], "b": both["b"], "value": both["area"]}


def shapely_rook(layer: Any) -> dict[str, Any]:
    shapes = layer.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes)
    a, b = a[a < b], b[a < b]
    rook = shapely.relate_pattern(shapes[a], shapes[b], "F***1****")
    a, b, edge = a[rook], b[rook], shapely.boundary(shapes)
    return {"a": a, "b": b, "value": shapely.length(shapely.intersection(edge[a], edge[b]))}


def shapely_near(layer: Any) -> dict[str, Any]:
    """Border of one inside a thin band around the border of the other."""
    edge = shapely.boundary(layer.geometry.to_numpy())
    band = shapely.buffer(edge, NEAR)
    a, b = shapely.STRtree(band).query(edge)
    a, b = a[a < b], b[a < b]
    length = shapely.length(shapely.intersection(edge[a], band[b]))
    return {"a": a[length > NEAR], "b": b[length > NEAR], "value": length[length > NEAR]}


def pysal_rook(layer: Any) -> dict[str, Any]:
    from libpysal.graph import Graph  # noqa: PLC0415

    pairs = Graph.build_contiguity(layer, rook=True).adjacency.index.to_frame().to_numpy()
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    return {"a": pairs[:, 0], "b": pairs[:, 1]}


def dissolve_unary(layer: Any) -> dict[str, Any]:
    return {"shapes": layer.dissolve("unit").geometry.to_numpy()}


def dissolve_coverage(layer: Any) -> dict[str, Any]:
    return {"shapes": layer.dissolve("unit", method="coverage").geometry.to_numpy()}


def coverage_union(layer: Any) -> dict[str, Any]:
    order = np.argsort(layer["unit"].to_numpy(), kind="stable")
    shapes, unit = layer.geometry.to_numpy()[order], layer["unit"].to_numpy()[order]
    every = shapely.geometrycollections(shapes, indices=unit)[:, None]
    return {"shapes": shapely.coverage_union_all(every, axis=1)}


def geod_loop(layer: Any) -> dict[str, Any]:
    from pyproj import Geod, Transformer  # noqa: PLC0415

    turn, geod = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True), Geod(ellps="GRS80")
    shapes = shapely.transform(
        layer.geometry.to_numpy(), lambda xy: np.stack(turn.transform(*xy.T), 1)
    )
    return {"value": np.array([abs(geod.geometry_area_perimeter(s)[0]) for s in shapes])}


def extract(layer: Any, raster: str) -> dict[str, Any]:
    from exactextract import exact_extract  # noqa: PLC0415

    found = exact_extract(raster, layer, ["mean"], output="pandas", strategy="raster-sequential")
    return {"value": found["mean"]}


def centres(layer: Any, raster: str) -> dict[str, Any]:
    from rasterstats import zonal_stats  # noqa: PLC0415

    found = zonal_stats(layer.geometry, raster, stats="mean")
    return {"value": np.array([f["mean"] for f in found], dtype=float)}


JOBS: dict[str, tuple[tuple[str, ...], dict[str, Callable[..., dict[str, Any]]]]] = {
    "areas": (
        ("lots", "buildings"),
        {
            "geopandas.overlay": overlay_areas,
            "shapely intersection": shapely_areas,
            "shapely, contains shortcut": shapely_shortcut,
        },
    ),
    "overlaps": (
        ("broken",),
        {"geopandas.overlay": overlay_overlaps, "shapely intersection": shapely_overlaps},
    ),
    "rook": (("lots",), {"shapely relate": shapely_rook, "libpysal Rook": pysal_rook}),
    "rook moved": (("moved",), {"shapely bands": shapely_near, "shapely relate": shapely_rook}),
    "rook cut": (("cut",), {"shapely bands": shapely_near, "shapely relate": shapely_rook}),
    "dissolve": (
        ("members",),
        {
            "geopandas.dissolve": dissolve_unary,
            "geopandas.dissolve coverage": dissolve_coverage,
            "shapely.coverage_union": coverage_union,
        },
    ),
    "ellipsoid": (("lots",), {"pyproj.Geod loop": geod_loop}),
    "zonal": (("lots",), {"exactextract": extract, "rasterstats": centres}),
}


def inputs(job: str, folder: Path) -> list[Any]:
    layers: list[Any] = [gpd.read_parquet(folder / f"{name}.parquet") for name in JOBS[job][0]]
    return [*layers, str(folder / "raster.tif")] if job == "zonal" else layers


def main() -> None:
    job, way, folder, small, out = sys.argv[1:]
    function = JOBS[job][1][way]
    function(
        *(given if isinstance(given, str) else given[:500] for given in inputs(job, Path(small)))
    )
    answer = clocked(function, *inputs(job, Path(folder)))
    if "shapes" in answer:
        shapes = answer.pop("shapes")
        answer = {"value": shapely.area(shapes), "length": shapely.length(shapes)}
    np.savez(out, **answer)


if __name__ == "__main__":
    main()
