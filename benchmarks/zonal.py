"""Time sums of a raster over parcels beside exactextract and rasterstats.

python benchmarks/zonal.py 20000 300000 [--rasterstats PYTHON] [--repeat 3] [--out RESULTS-zonal.md]

The layer and the GeoTIFF are written once. The same polygons and the same file go through every
way, reading included; a way with other answers stops the run. rasterstats asks another question
(cells whose centre is inside), so only its overall mean is compared; it runs on 10,000 polygons in
an environment of its own, and its time is scaled.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import exactextract
import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine

from lowuse_gis.core.zonal import zonal
from lowuse_gis.io.raster import open_raster
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.kernels import compiled
from topology_layers import cadastre

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lowuse_gis.core.zonal import Zonal

DATA = Path(__file__).parent / "data"
CRS = "EPSG:4527"
CELL = 30.0  # metres
GAPS = 0.02  # share of cells without a value
NOTHING = -9999.0
SOME = 10_000  # polygons for rasterstats
AGREED = 1e-6  # relative; exactextract keeps covered parts in 32 bits
CENTRES = """
import json, sys, time, numpy as np, geopandas as gpd
from rasterstats import zonal_stats
shapes = gpd.read_parquet(sys.argv[1]).geometry.iloc[: int(sys.argv[3])]
begin = time.perf_counter()
found = zonal_stats(shapes, sys.argv[2], stats="mean")
spent = time.perf_counter() - begin
means = np.array([f["mean"] for f in found], dtype=float)
print(json.dumps([spent, float(np.nanmean(means))]))
"""


def files(count: int) -> tuple[Path, Path]:
    """Write parcels and the raster below them unless they are there."""
    layer, grid = DATA / f"zonal-{count}.parquet", DATA / f"zonal-{count}.tif"
    if not (layer.exists() and grid.exists()):
        DATA.mkdir(parents=True, exist_ok=True)
        shapes = cadastre(count)
        shapes = shapes[shapely.is_valid(shapes)]
        gpd.GeoDataFrame(geometry=shapes, crs=CRS).to_parquet(layer)
        west, south, east, north = shapely.total_bounds(shapes)
        size = int((north - south) / CELL) + 3, int((east - west) / CELL) + 3
        random = np.random.default_rng(1)
        values = random.gamma(2.0, 6.0, size).astype("float32")
        values[random.random(size) < GAPS] = NOTHING
        place = Affine(CELL, 0.0, west - CELL, 0.0, -CELL, north + CELL)
        profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": CRS}
        profile |= {"height": size[0], "width": size[1], "transform": place, "nodata": NOTHING}
        profile |= {"compress": "deflate", "tiled": True}
        with rasterio.open(grid, "w", **profile) as file:
            file.write(values, 1)
    return layer, grid


def timed(function: Callable[[], Any], repeat: int) -> tuple[Any, float]:
    """Call several times; return the answer and the median of the seconds."""
    spent = []
    for _time in range(repeat):
        begin = time.perf_counter()
        answer = function()
        spent.append(time.perf_counter() - begin)
    return answer, statistics.median(spent)


def extracted(shapes: gpd.GeoDataFrame, grid: Path, strategy: str) -> Any:
    with rasterio.open(grid) as file:
        return exactextract.exact_extract(
            file, shapes, ["mean", "count"], output="pandas", strategy=strategy
        )


def agree(ours: Zonal, theirs: Any, least: float = 1e-3) -> float:
    """Return the largest relative difference; stop where it is no rounding."""
    known = theirs["count"].to_numpy() > least
    mean = np.abs(ours.mean[known] / theirs["mean"].to_numpy()[known] - 1).max()
    count = np.abs(ours.valid[known] / theirs["count"].to_numpy()[known] - 1).max()
    if max(mean, count) > AGREED or not np.array_equal(ours.valid > least, known):
        sys.exit(f"answers differ: mean {mean:.2g}, valid area {count:.2g}")
    return float(max(mean, count))


def ways(count: int, repeat: int, python: str) -> list[tuple[str, float, str]]:
    """Time every way; return its name, seconds, and what was compared."""
    layer, grid = files(count)
    shapes = gpd.read_parquet(layer)
    polygons, raster = (
        shapes.geometry.to_numpy(),
        open_raster(grid, "", "", read_rulebook("jinghai")),
    )
    os.environ[compiled.SWITCH] = "yes"
    zonal(polygons[:10], raster)  # machine code is loaded
    ours, seconds = timed(lambda: zonal(polygons, raster), repeat)
    rows = [("compiled, 2 threads", seconds, "")]
    one, seconds = timed(lambda: zonal(polygons, raster, threads=1), repeat)
    if not np.array_equal(one.total, ours.total):
        sys.exit("one thread finds something else than two")
    rows.append(("compiled, 1 thread", seconds, "same bits"))
    os.environ[compiled.SWITCH] = "no"
    plain, seconds = timed(lambda: zonal(polygons, raster), 1)
    apart = np.nanmax(np.abs(plain.mean / ours.mean - 1))
    if apart > AGREED:
        sys.exit(f"the plain way differs: {apart:.2g}")
    rows.append(("numpy, without a compiler", seconds, f"apart {apart:.1g}"))
    found, seconds = timed(lambda: extracted(shapes, grid, "raster-sequential"), 1)
    rows.append(("exactextract, raster-sequential", seconds, f"apart {agree(ours, found):.1g}"))
    if python:
        command = [python, "-c", CENTRES, str(layer), str(grid), str(SOME)]
        spent, mean = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        wanted = float(np.nanmean(ours.mean[:SOME]))
        if abs(mean / wanted - 1) > 0.02:
            sys.exit(f"rasterstats has a mean of {mean}, not {wanted}")
        seconds = spent * count / min(SOME, count)
        rows.append(("rasterstats (centres; scaled)", seconds, f"mean {mean:.3f}, {wanted:.3f}"))
    return rows


def copied() -> float:
    """Return how many bytes a second numpy copies, read and written together."""
    block: NDArray[np.float64] = np.ones(1 << 24)
    other = block.copy()
    _none, seconds = timed(lambda: np.copyto(other, block), 5)
    return 2 * block.nbytes / seconds


def report(count: int, rows: Sequence[tuple[str, float, str]]) -> list[str]:
    layer, grid = files(count)
    vertices = int(shapely.get_num_coordinates(gpd.read_parquet(layer).geometry.to_numpy()).sum())
    with rasterio.open(grid) as file:
        cells = file.height * file.width
    least, speed = vertices * 16 + cells * 4, copied()
    lines = [
        f"## {count:,} parcels, {vertices:,} vertices, {cells:,} cells of {CELL:.0f} m",
        "",
        "| way | s | times as long | answers |",
        "|---|--:|--:|---|",
    ]
    lines += [f"| {n} | {s:.2f} | {s / rows[0][1]:.1f} | {said} |" for n, s, said in rows]
    wait, times = least / speed * 1e3, rows[0][1] * speed / least
    said = (
        f"Vertices and cells are {least / 1e6:,.0f} MB, which memory copies in {wait:.0f} ms here"
    )
    lines += ["", f"{said}: {times:.0f} times as fast as they are summed.", ""]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[20_000, 300_000])
    parser.add_argument("--rasterstats", default="", help="a Python that has rasterstats")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    lines = ["# Benchmark of raster statistics", "", "Written by `python benchmarks/zonal.py`.", ""]
    versions = [f"{m.__name__} {m.__version__}" for m in (np, shapely, rasterio, exactextract)]
    lines += [f"Python {sys.version.split()[0]}, {', '.join(versions)}, {os.cpu_count()} cores", ""]
    for count in given.counts:
        made = report(count, ways(count, given.repeat, given.rasterstats))
        print("\n".join(made), flush=True)
        lines += made
    if given.out:
        given.out.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
