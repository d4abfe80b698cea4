"""The kernels' ways of the benchmark: `python kernel_ours.py JOB START FOLDER SMALL OUT`.

START is ``shapely`` (objects in, taken apart within the time), ``ragged`` (arrays in), ``wkb``
(bytes in, as Arrow holds them) or ``numpy`` (objects in, without compiled loops).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import shapely

from kernel_clock import clocked
from lowuse_gis.core import area as areas
from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.overlay import overlaps, self_overlaps
from lowuse_gis.core.zonal import zonal
from lowuse_gis.io.raster import open_raster
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.kernels.areas import pair_areas
from lowuse_gis.kernels.boxes import join, join_apart
from lowuse_gis.kernels.gauss_kruger import Plane
from lowuse_gis.kernels.geodesy import ellipsoidal_areas
from lowuse_gis.kernels.neighbours import neighbours
from lowuse_gis.kernels.outlines import outlines
from lowuse_gis.kernels.ragged import Ragged, from_wkb, ragged
from lowuse_gis.kernels.zonal import add_window, frames

if TYPE_CHECKING:
    from collections.abc import Callable

CRS = "EPSG:4527"
ORIGIN = (39_480_000.0, 4_290_000.0)
NEAR = 0.001  # metres: borders this near are one, in the layers noded differently
OVERLAP = 1e-5  # m²


def shapes_of(path: Path) -> Any:
    return gpd.read_parquet(path).geometry.to_numpy()


def rook(layer: Any, near: float) -> dict[str, Any]:
    left, right, length = neighbours(layer if isinstance(layer, Ragged) else ragged(layer), near)
    return {"a": left, "b": right, "value": length}


def covered(lots: Any, built: Any) -> dict[str, Any]:
    if isinstance(lots, Ragged):
        left, right = join(lots.boxes, built.boxes)
        return {"value": np.bincount(left, pair_areas(lots, built, left, right), len(lots))}
    found = overlaps(lots, built)
    return {"value": np.bincount(found.subject, found.area, len(lots))}


def doubled(layer: Any) -> dict[str, Any]:
    if isinstance(layer, Ragged):
        left, right = join_apart(layer.boxes, np.arange(len(layer)))
        area = pair_areas(layer, layer, left, right)
        keep = area > OVERLAP
        return {"a": left[keep], "b": right[keep], "value": area[keep]}
    found = self_overlaps(layer)
    return {"a": found.subject, "b": found.context, "value": found.area}


def dissolved(layer: Any, unit: Any) -> dict[str, Any]:
    if isinstance(layer, Ragged):
        _xy, _offsets, of, area = outlines(layer, unit)
        return {"value": np.bincount(of, area)}
    return {"shapes": dissolve(layer, unit)}


def on_ellipsoid(layer: Any) -> dict[str, Any]:
    if isinstance(layer, Ragged):
        plane = Plane(areas.SEMI_MAJOR, areas.FLATTENING, 39_500_000.0, 0.0)
        series = [areas._A, -areas._B, areas._C, -areas._D, areas._E]  # noqa: SLF001
        terms = areas.SEMI_MINOR**2 * np.array(series)
        return {"value": ellipsoidal_areas(layer, plane, terms, areas.LONGEST_EDGE)}
    return {"value": areas.ellipsoidal_area(layer, CRS)}


def averaged(layer: Any, raster: Any) -> dict[str, Any]:
    if isinstance(layer, Ragged):  # the raster in memory, in one piece
        grid, values = raster
        xy = grid.to_cells(layer.xy + np.array(layer.origin))
        boxes, area = frames(xy, layer.turn, layer.first)
        totals = np.zeros((len(layer), 5))
        totals[:, 3], totals[:, 4] = np.inf, -np.inf
        cells = type_of_outlines()(xy, layer.turn, layer.first, boxes, area)
        add_window(cells, np.arange(len(layer)), values, (0, 0), totals)
        return {"value": totals[:, 0] / totals[:, 1]}
    return {"value": zonal(layer, raster).mean}


def apart(layer: Any) -> dict[str, Any]:
    return {"value": ragged(layer, ORIGIN).boxes[:, 0]}


def type_of_outlines() -> Any:
    from lowuse_gis.kernels.cells import Outlines  # noqa: PLC0415

    return Outlines


JOBS: dict[str, tuple[tuple[str, ...], Callable[..., dict[str, Any]], tuple[Any, ...]]] = {
    "areas": (("lots", "buildings"), covered, ()),
    "overlaps": (("broken",), doubled, ()),
    "rook": (("lots",), rook, (1e-4,)),
    "rook moved": (("moved",), rook, (NEAR,)),
    "rook cut": (("cut",), rook, (NEAR,)),
    "dissolve": (("members",), dissolved, ()),
    "ellipsoid": (("lots",), on_ellipsoid, ()),
    "zonal": (("lots",), averaged, ()),
    "taking apart": (("lots",), apart, ()),
}


def binary(path: Path) -> tuple[Any, Any]:
    """Return the WKB of a layer as one buffer and offsets."""
    column = pq.read_table(path, columns=["geometry"])["geometry"].combine_chunks()
    _valid, offsets, data = column.buffers()
    width = np.int64 if "large" in str(column.type) else np.int32
    return data, np.frombuffer(offsets, dtype=width)[: len(column) + 1].astype(np.int64)


def inputs(job: str, start: str, folder: Path) -> list[Any]:
    names, _function, more = JOBS[job]
    if start == "wkb":
        return [*binary(folder / f"{names[0]}.parquet"), ORIGIN]
    layers = [shapes_of(folder / f"{name}.parquet") for name in names]
    given = [ragged(layer, ORIGIN) for layer in layers] if start == "ragged" else layers
    if job == "dissolve":
        given.append(gpd.read_parquet(folder / "members.parquet")["unit"].to_numpy())
    if job == "zonal":
        grid = open_raster(folder / "raster.tif", "", "", read_rulebook("jinghai"))
        given.append(grid if start != "ragged" else (grid, whole(folder / "raster.tif")))
    return [*given, *more]


def whole(path: Path) -> Any:
    import rasterio  # noqa: PLC0415

    with rasterio.open(path) as file:
        return file.read(1).astype(float)


def main() -> None:
    job, start, folder, small, out = sys.argv[1:]
    os.environ["LOWUSE_KERNELS"] = "no" if start == "numpy" else "yes"
    function = JOBS[job][1]
    if start == "wkb":
        function = lambda *given: {"value": from_wkb(*given).boxes[:, 0]}  # noqa: E731
    function(*inputs(job, start, Path(small)))  # compiled code is loaded
    answer = clocked(function, *inputs(job, start, Path(folder)))
    if "shapes" in answer:
        shapes = answer.pop("shapes")
        answer = {"value": shapely.area(shapes), "length": shapely.length(shapes)}
    np.savez(out, **answer)


if __name__ == "__main__":
    main()
