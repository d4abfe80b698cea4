"""Time the geometric measures of a layer beside what a user would run instead.

python benchmarks/topology.py 30000 300000 [--duckdb PYTHON] [--postgis DSN] [--repeat 3]

Every way runs in a process of its own. The layer is written once; findings are compared pair by
pair, and a way with other findings stops the run. RESULTS-topology.md is of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import psutil
import shapely

from lowuse_gis.core.topology.edges import edge_facts
from lowuse_gis.core.topology.gaps import gap_facts
from lowuse_gis.core.topology.layer import regions_of_layer
from lowuse_gis.core.topology.overlaps import overlap_facts
from lowuse_gis.core.topology.shape import shape_facts
from lowuse_gis.core.topology.vertices import vertex_facts
from pages import page
from topology_layers import cadastre, planted
from topology_report import OF_GAPS, OURS, report, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Numbers = NDArray[np.generic]
    Found = tuple[Numbers, Numbers]

DATA = Path(__file__).parent / "data"
LEAST = 1e-5  # m²
LARGEST = 1000.0  # m² of a gap
OF_OVERLAPS = ["STRtree + intersection", "geopandas.overlay", "DuckDB spatial", "PostGIS"]


def layer_file(count: int, seed: int = 1) -> Path:
    """Write the layer as WKB unless it is there; every feature is valid."""
    file = DATA / f"topology-{count}-{seed}.npy"
    if not file.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        shapes = planted(cadastre(count), seed=seed)
        np.save(file, shapely.to_wkb(shapes[shapely.is_valid(shapes)]), allow_pickle=True)
    return file


def layer(count: int, seed: int = 1) -> Shapes:
    return shapely.from_wkb(np.load(layer_file(count, seed), allow_pickle=True))


def pairs_of(a: Numbers, b: Numbers, area: Numbers) -> Found:
    """Return the pairs that share area, sorted, and the areas."""
    keep = (a < b) & (area > LEAST)
    order = np.lexsort((b[keep], a[keep]))
    return np.column_stack([a[keep][order], b[keep][order]]), area[keep][order]


def all_tables(count: int) -> tuple[Found, dict[str, float]]:
    """Every table of one layer, and its edges against another version of it."""
    shapes, other, spent = layer(count), layer(count, 2), {}

    def timed(name: str, function: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        result = function()
        spent[name] = time.perf_counter() - begin
        return result

    begin = time.perf_counter()
    regions = timed("regions", lambda: regions_of_layer(shapes))
    over = timed("overlaps", lambda: overlap_facts(shapes, regions=regions))
    timed("gaps", lambda: gap_facts(shapes, LARGEST, widest=1.0, regions=regions))
    timed("shape", lambda: shape_facts(shapes))
    timed("vertices", lambda: vertex_facts(shapes, 0.001, 10.0))
    timed("edges", lambda: edge_facts(shapes, other, 0.5))
    spent["all"] = time.perf_counter() - begin
    found = pairs_of(*(over[name].to_numpy() for name in ("position", "other", "area")))
    return found, spent


def overlaps(count: int) -> Found:
    over = overlap_facts(layer(count))
    return pairs_of(*(over[name].to_numpy() for name in ("position", "other", "area")))


def gaps(count: int) -> Found:
    found = gap_facts(layer(count), LARGEST)
    return np.zeros((0, 2)), np.sort(found["area"].to_numpy())


def plain(count: int) -> Found:
    shapes = layer(count)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    return pairs_of(a, b, shapely.area(shapely.intersection(shapes[a], shapes[b])))


def overlay(count: int) -> Found:
    frame = gpd.GeoDataFrame({"a": np.arange(len(layer(count)))}, geometry=layer(count))
    other = frame.rename(columns={"a": "b"})
    both = gpd.overlay(frame, other, how="intersection", keep_geom_type=True)
    both = both[both["a"] < both["b"]]
    return pairs_of(both["a"].to_numpy(), both["b"].to_numpy(), both.area.to_numpy())


def union_holes(count: int) -> Found:
    parts = shapely.get_parts(shapely.union_all(layer(count)))
    rings, part = shapely.get_rings(parts, return_index=True)
    holes = shapely.polygons(rings[np.concatenate([[False], part[1:] == part[:-1]])])
    area = shapely.area(holes)
    return np.zeros((0, 2)), np.sort(area[(area > LEAST) & (area <= LARGEST)])


def invalid_edges(count: int) -> Found:
    flags = shapely.coverage_invalid_edges(layer(count))
    return np.zeros((0, 2)), np.array([float((~shapely.is_empty(flags)).sum())])


DUCKDB = """
import sys, time, numpy, pandas, duckdb, pathlib, duckdb_extension_spatial
root = pathlib.Path(duckdb_extension_spatial.__file__).parent / "extensions"
db = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
db.execute("LOAD '%s'" % next(root.rglob("spatial.duckdb_extension")))
db.execute("SET enable_progress_bar = false")
wkb = pandas.DataFrame({"wkb": list(numpy.load(sys.argv[1], allow_pickle=True))})
wkb["id"] = range(len(wkb))
db.execute("CREATE TABLE p AS SELECT id, ST_GeomFromWKB(wkb) AS g FROM wkb")
begin, cpu = time.perf_counter(), time.process_time()
found = db.execute('''WITH j AS MATERIALIZED (SELECT a.id AS a, b.id AS b, a.g AS ag, b.g AS bg
  FROM p a JOIN p b ON ST_Intersects(a.g, b.g)), k AS (SELECT a, b,
  ST_Area(ST_Intersection(ag, bg)) AS area FROM j WHERE a < b)
  SELECT a, b, area FROM k WHERE area > 1e-5 ORDER BY a, b''').df()
print(time.perf_counter() - begin, time.process_time() - cpu)
numpy.savez(sys.argv[2], pairs=found[["a", "b"]].to_numpy(), area=found["area"].to_numpy())
"""

POSTGIS = """
SELECT a.id, b.id, ST_Area(ST_Intersection(a.g, b.g)) FROM bench_p a JOIN bench_p b
ON a.id < b.id AND ST_Intersects(a.g, b.g) AND ST_Area(ST_Intersection(a.g, b.g)) > 1e-5
"""


def duckdb(count: int, python: str, out: Path) -> dict:
    done = subprocess.Popen(
        [python, "-c", DUCKDB, str(layer_file(count)), str(out)], stdout=subprocess.PIPE, text=True
    )
    peak = watch(psutil.Process(done.pid))
    seconds, cpu = map(float, done.communicate()[0].split())
    return {"seconds": seconds, "cpu": cpu, "peak": peak()}


def postgis(count: int, dsn: str, out: Path) -> dict:
    """Time the query only: loading and the index come before."""
    rows = enumerate(np.load(layer_file(count), allow_pickle=True))
    table = "".join(f"{number}\t{wkb.hex()}\n" for number, wkb in rows)
    psql = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", dsn, "-c"]
    make = "CREATE EXTENSION IF NOT EXISTS postgis; DROP TABLE IF EXISTS bench_p;"
    subprocess.run([*psql, make + "CREATE TABLE bench_p (id int, g geometry)"], check=True)
    subprocess.run([*psql, "COPY bench_p FROM STDIN"], input=table, text=True, check=True)
    index = "CREATE INDEX ON bench_p USING gist (g); ANALYZE bench_p"
    subprocess.run([*psql, index], check=True)
    begin = time.perf_counter()
    found = subprocess.run([*psql, POSTGIS], capture_output=True, text=True, check=True).stdout
    seconds = time.perf_counter() - begin
    rows = np.array([line.split("|") for line in found.splitlines()], dtype=float).reshape(-1, 3)
    pairs, area = pairs_of(rows[:, 0], rows[:, 1], rows[:, 2])
    np.savez(out, pairs=pairs, area=area)
    return {"seconds": seconds, "cpu": float("nan"), "peak": float("nan")}


WAYS = {
    "all tables": all_tables,
    "overlaps": overlaps,
    "gaps": gaps,
    "STRtree + intersection": plain,
    "geopandas.overlay": overlay,
    "holes of union_all": union_holes,
    "coverage_invalid_edges": invalid_edges,
}


def watch(process: psutil.Process) -> Callable[[], float]:
    """Sample the memory of a process; the returned function says the highest seen, in MB."""
    highest, running = [0], [True]

    def look() -> None:
        while running[0]:
            try:
                highest[0] = max(highest[0], process.memory_info().rss)
            except psutil.NoSuchProcess:
                return
            time.sleep(0.02)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()

    def stop() -> float:
        running[0] = False
        thread.join()
        return highest[0] / 2**20

    return stop


def one(way: str, count: int, out: Path) -> None:
    """Run one way in this process and print what it took; reading the layer is counted too."""
    peak = watch(psutil.Process())
    begin, cpu = time.perf_counter(), time.process_time()
    found = WAYS[way](count)
    took = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}
    (pairs, area), took["parts"] = found if way == "all tables" else (found, {})
    np.savez(out, pairs=pairs, area=area)
    print(json.dumps({**took, "peak": peak()}))


def run(way: str, count: int, arguments: argparse.Namespace) -> list[dict]:
    """Run a way as often as asked for."""
    took, out = [], DATA / f"found-{way.replace(' ', '_')}-{count}.npz"
    for _ in range(arguments.repeat if count <= arguments.often else 1):
        if way == "DuckDB spatial":
            took.append(duckdb(count, arguments.duckdb, out))
        elif way == "PostGIS":
            took.append(postgis(count, arguments.postgis, out))
        else:
            command = [sys.executable, __file__, "--one", way, "--out", str(out), str(count)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            took.append(json.loads(done.stdout))
        print(way, count, took[-1], f"load {os.getloadavg()[0]:.1f}", flush=True)
    return took


def agree(way: str, reference: str, count: int) -> None:
    """Stop unless both found the same, areas within 1e-6 m²."""
    if way == "coverage_invalid_edges":
        return
    mine, its = (
        np.load(DATA / f"found-{name.replace(' ', '_')}-{count}.npz") for name in (reference, way)
    )
    if way in OF_GAPS:  # what is below a square decimetre hangs on how lines are noded
        a, b = (found["area"][found["area"] > 0.01] for found in (mine, its))
        close = len(a) == len(b) and np.allclose(a, b, rtol=0, atol=1e-6)
    else:
        close = mine["pairs"].shape == its["pairs"].shape and (mine["pairs"] == its["pairs"]).all()
        close = close and np.allclose(mine["area"], its["area"], rtol=0, atol=1e-6)
    if not close:
        sys.exit(f"{way} at {count}: other findings than {reference}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--duckdb", help="a Python with duckdb and its spatial extension")
    parser.add_argument("--postgis", help="connection string of a scratch database")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--often", type=int, default=30_000, help="largest size to repeat")
    parser.add_argument("--skip", nargs="*", default=[], help="ways not to run")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.load = os.getloadavg()[0]
    if arguments.one:
        one(arguments.one, arguments.sizes[0], arguments.out)
        return
    missing = {"DuckDB spatial": not arguments.duckdb, "PostGIS": not arguments.postgis}
    ways = [w for w in [*OURS, *OF_OVERLAPS, *OF_GAPS] if not missing.get(w)]
    rows, parts = [], {}
    for count in arguments.sizes:
        layer_file(count)
        layer_file(count, 2)
        middles: dict[str, list[float]] = {}
        for way in [w for w in ways if w not in arguments.skip]:
            took = run(way, count, arguments)
            if way in OF_OVERLAPS or way == "all tables":
                agree(way, "overlaps", count)
            elif way in OF_GAPS:
                agree(way, "gaps", count)
            middle = [statistics.median(t[k] for t in took) for k in ("seconds", "cpu", "peak")]
            middles[way] = middle
            rows.append(row(count, way, middles))
            print(rows[-1], flush=True)
            if way == "all tables":
                parts[count] = took[-1]["parts"]
    page("topology").write_text(report(rows, parts, arguments), encoding="utf-8")


if __name__ == "__main__":
    main()
