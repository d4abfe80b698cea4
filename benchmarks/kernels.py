"""Time the compiled kernels beside geopandas, shapely and DuckDB, with equal answers asserted.

python benchmarks/kernels.py 30000 300000 [--duckdb PYTHON] [--repeat 3] [--out RESULTS-kernels.md]

Every way runs in a process of its own and is timed there from objects of shapely (DuckDB: from its
own table) to its answer; compiled code is loaded before, as a run of classify does once. CPU
seconds add up all threads and are what to compare while other work runs on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from lowuse_gis.core import area as areas
from lowuse_gis.core.dissolve import dissolve
from lowuse_gis.core.overlay import overlaps, self_overlaps
from lowuse_gis.kernels.neighbours import neighbours
from lowuse_gis.kernels.ragged import ragged
from topology_layers import cadastre, planted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

DATA = Path(__file__).parent / "data"
CRS = "EPSG:4527"
SOME = 3_000  # polygons for ways that take one at a time; their time is scaled
LIMIT = 200  # seconds for one way


def layer(name: str, count: int) -> Shapes:
    """Read a layer of the benchmark, made once."""
    path = DATA / f"kernels-{count}-{name}.parquet"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        lots = cadastre(count)
        lots = lots[shapely.is_valid(lots)]  # bent edges cross here and there
        broken = planted(lots)
        broken = broken[shapely.is_valid(broken)]
        made = {"lots": lots, "broken": broken, "buildings": buildings(lots)}
        cut = renoded(lots)
        made["cut"] = cut[shapely.is_valid(cut)]
        for each, shapes in made.items():
            frame = gpd.GeoDataFrame({"id": np.arange(len(shapes))}, geometry=shapes, crs=CRS)
            frame.to_parquet(DATA / f"kernels-{count}-{each}.parquet")
    return np.asarray(gpd.read_parquet(path).geometry.values)


def buildings(lots: Shapes) -> Shapes:
    """Put two buildings on every lot, some across its border."""
    random = np.random.default_rng(3)
    middle = shapely.get_coordinates(shapely.centroid(lots))
    reach = np.sqrt(shapely.area(lots))[:, None]
    place = np.concatenate([middle + random.uniform(-0.5, 0.5, middle.shape) * reach for _ in "ab"])
    size = np.concatenate([reach, reach])[:, 0] * random.uniform(0.1, 0.3, len(place))
    x, y = place.T
    return shapely.box(x, y, x + size, y + size * 0.7)


def renoded(lots: Shapes) -> Shapes:
    """Leave out three of a hundred vertices on one side: borders are noded differently."""
    random = np.random.default_rng(5)
    xy, owner = shapely.get_coordinates(lots, return_index=True)
    inner = np.append(owner[1:] == owner[:-1], False) & np.append(False, owner[1:] == owner[:-1])
    keep = ~inner | (random.random(len(xy)) > 0.03)
    return shapely.polygons(shapely.linearrings(xy[keep], indices=owner[keep]))


def groups(count: int) -> NDArray[np.intp]:
    """Give about fifty lots that follow each other to a group."""
    return np.arange(count) // 50


def frames(*layers: Shapes) -> list[gpd.GeoDataFrame]:
    return [
        gpd.GeoDataFrame({f"id{k}": np.arange(len(s))}, geometry=s, crs=CRS)
        for k, s in enumerate(layers)
    ]


# Each way takes its layers and gives a number that all ways of a job must agree in.
def areas_ours(lots: Shapes, built: Shapes) -> float:
    return float(overlaps(lots, built).area.sum())


def areas_shapely(lots: Shapes, built: Shapes) -> float:
    i, k = shapely.STRtree(built).query(lots)
    return float(shapely.area(shapely.intersection(lots[i], built[k])).sum())


def areas_geopandas(lots: Shapes, built: Shapes) -> float:
    return float(gpd.overlay(*frames(lots, built), keep_geom_type=True).area.sum())


def self_ours(lots: Shapes) -> float:
    return float(self_overlaps(lots).area.sum())


def self_shapely(lots: Shapes) -> float:
    i, k = shapely.STRtree(lots).query(lots)
    i, k = i[i < k], k[i < k]
    area = shapely.area(shapely.intersection(lots[i], lots[k]))
    return float(area[area > 1e-5].sum())


def rook_ours(lots: Shapes) -> float:
    return float(neighbours(ragged(lots))[2].sum())


def rook_shapely(lots: Shapes) -> float:
    i, k = shapely.STRtree(lots).query(lots)
    i, k = i[i < k], k[i < k]
    rook = shapely.relate_pattern(lots[i], lots[k], "F***1****")
    edge = shapely.boundary(lots)
    return float(shapely.length(shapely.intersection(edge[i[rook]], edge[k[rook]])).sum())


def dissolve_ours(lots: Shapes) -> float:
    return float(shapely.length(dissolve(lots, groups(len(lots)))).sum())


def dissolve_coverage(lots: Shapes) -> float:
    (frame,) = frames(lots)
    return float(frame.dissolve(groups(len(lots)), method="coverage").length.sum())


def dissolve_unary(lots: Shapes) -> float:
    (frame,) = frames(lots)
    return float(frame.dissolve(groups(len(lots))).length.sum())


def ellipsoid_ours(lots: Shapes) -> float:
    return float(areas.ellipsoidal_area(lots, CRS).sum())


def ellipsoid_numpy(lots: Shapes) -> float:
    os.environ["LOWUSE_KERNELS"] = "no"
    return float(areas.ellipsoidal_area(lots, CRS).sum())


def ellipsoid_geod(lots: Shapes) -> float:
    turn, geod = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True), Geod(ellps="GRS80")
    some = shapely.transform(lots[:SOME], lambda xy: np.column_stack(turn.transform(*xy.T)))
    return float(sum(abs(geod.geometry_area_perimeter(shape)[0]) for shape in some))


JOBS: dict[str, tuple[tuple[str, ...], float, dict[str, Callable[..., float]]]] = {
    "building area on every lot": (
        ("lots", "buildings"), 1e-9,
        {"kernels": areas_ours, "shapely": areas_shapely, "geopandas.overlay": areas_geopandas},
    ),
    "overlaps within a layer": (
        ("broken",), 1e-6, {"kernels": self_ours, "shapely": self_shapely},
    ),
    "rook neighbours, exactly noded": (
        ("lots",), 1e-6, {"kernels": rook_ours, "shapely relate": rook_shapely},
    ),
    "rook neighbours, 3 % of vertices missing": (
        ("cut",), 1.0, {"kernels": rook_ours, "shapely relate": rook_shapely},
    ),
    "dissolve": (
        ("lots",), 1e-6,
        {"kernels": dissolve_ours, "geopandas coverage": dissolve_coverage,
         "geopandas unary": dissolve_unary},
    ),
    "ellipsoidal area": (
        ("lots",), 1e-6,
        {"kernels": ellipsoid_ours, "pyproj + numpy": ellipsoid_numpy,
         "pyproj.Geod": ellipsoid_geod},
    ),
}  # fmt: skip
DUCKDB = """
import sys, json, time, duckdb, pathlib, resource, duckdb_extension_spatial
root = pathlib.Path(duckdb_extension_spatial.__file__).parent / "extensions"
db = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
db.execute("LOAD '%s'" % next(root.rglob("spatial.duckdb_extension")))
for name, path in zip(("a", "b"), sys.argv[2:]):
    db.execute(f"CREATE TABLE {name} AS SELECT id, geometry AS g FROM '{path}'")
begin, cpu = time.perf_counter(), time.process_time()
answer = db.execute(sys.argv[1]).fetchone()[0]
print(json.dumps({"answer": answer, "s": time.perf_counter() - begin,
    "cpu": time.process_time() - cpu,
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
QUERIES = {
    "building area on every lot": (
        "SELECT sum(ST_Area(ST_Intersection(x, y))) FROM (SELECT a.g x, b.g y FROM a JOIN b"
        " ON ST_Intersects(a.g, b.g))"
    ),
    "dissolve": (
        "SELECT sum(ST_Perimeter(u)) FROM (SELECT ST_CoverageUnion_Agg(g) u FROM a"
        " GROUP BY id // 50)"
    ),
}


def one(job: str, way: str, count: int) -> dict[str, Any]:
    """Run one way in this process."""
    names, _about, ways = JOBS[job]
    layers = [layer(name, count) for name in names]
    few = [shapes[:6000] for shapes in layers]
    os.environ["LOWUSE_KERNELS"] = "yes"
    ways[way](*few)  # loads what is loaded once
    begin, cpu = time.perf_counter(), time.process_time()
    answer = ways[way](*layers)
    scale = len(layers[0]) / SOME if way == "pyproj.Geod" else 1.0
    return {
        "answer": answer, "s": (time.perf_counter() - begin) * scale,
        "cpu": (time.process_time() - cpu) * scale,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def run(command: list[str]) -> dict[str, Any] | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        sys.stderr.write(done.stderr[-400:] + "\n")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def measured(job: str, count: int, repeat: int, duckdb: str) -> list[dict[str, Any]]:
    """Run every way of a job; the first is ours."""
    names, about, ways = JOBS[job]
    for name in names:
        layer(name, count)
    commands = {w: [sys.executable, __file__, "--one", job, w, str(count)] for w in ways}
    if duckdb and job in QUERIES:
        files = [str(DATA / f"kernels-{count}-{name}.parquet") for name in names]
        commands["DuckDB spatial"] = [duckdb, "-c", DUCKDB, QUERIES[job], *files]
    lines: list[dict[str, Any]] = []
    for way, command in commands.items():
        runs = [found for _ in range(repeat) if (found := run(command))]
        if not runs:
            lines.append({"job": job, "count": count, "way": way})
            continue
        middle = {key: statistics.median(r[key] for r in runs) for key in runs[0]}
        lines.append({"job": job, "count": count, "way": way, "load": os.getloadavg()[0], **middle})
        if way != "pyproj.Geod":
            off = abs(middle["answer"] / lines[0]["answer"] - 1)
            assert off <= about, (job, way, middle["answer"], lines[0]["answer"])
    return lines


def text_of(lines: list[dict[str, Any]]) -> str:
    """Write the table: seconds, and how many times ours each way takes."""
    ours = {(x["job"], x["count"]): x for x in lines if x["way"] == "kernels"}
    rows = ["| job | lots | way | s | CPU s | MB | × ours | × ours, CPU | load |",
            "|---|--:|---|--:|--:|--:|--:|--:|--:|"]  # fmt: skip
    for x in lines:
        base = ours[x["job"], x["count"]]
        head = f"| {x['job']} | {x['count']:,} | {x['way']} |"
        if "s" not in x:
            rows.append(f"{head} stopped after {LIMIT} s or failed | | | | | |")
            continue
        rows.append(
            f"{head} {x['s']:.2f} | {x['cpu']:.2f} | {x['mb']:,.0f} | {x['s'] / base['s']:.1f} |"
            f" {x['cpu'] / base['cpu']:.1f} | {x['load']:.1f} |"
        )
    return "\n".join(rows) + "\n"


def copied() -> float:
    """Measure how many bytes a second this machine copies."""
    some = np.ones(32_000_000)
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        some.copy()
        took.append(time.perf_counter() - begin)
    return 2 * some.nbytes / min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[30_000])
    parser.add_argument("--one", nargs=3)
    parser.add_argument("--duckdb", default="")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.one:
        job, way, count = given.one
        print(json.dumps(one(job, way, int(count))))
        return
    lines = [
        line
        for count in given.counts
        for job in JOBS
        for line in measured(job, count, given.repeat, given.duckdb)
    ]
    text = text_of(lines)
    speed = copied()
    for count in given.counts:
        size = shapely.get_num_coordinates(layer("lots", count)).sum() * 16
        text += f"\n{count:,} lots: {size / 1e6:,.0f} MB of coordinates, copied in"
        text += f" {2 * size / speed * 1e3:.0f} ms ({speed / 1e9:.0f} GB/s).\n"
    print(text)
    if given.out:
        pd.DataFrame(lines).to_json(given.out.with_suffix(".json"), orient="records", indent=1)
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
