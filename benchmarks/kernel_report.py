"""Write RESULTS-kernels.md from what `kernels.py` measured."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pages import PAGES, noted, page

DATA = Path(__file__).parent / "data"
TITLES = {
    "areas": "Building area of every lot",
    "overlaps": "Overlaps within a layer",
    "rook": "Rook neighbours with shared length, exactly noded",
    "rook moved": "Rook neighbours, 5 % of vertices moved up to 0.4 mm",
    "rook cut": "Rook neighbours, 3 % of vertices missing on one side",
    "dissolve": "Dissolve by component",
    "ellipsoid": "Ellipsoidal area from projected coordinates",
    "zonal": "Exact mean of a raster",
    "taking apart": "Taking the lots apart",
    "road": "The whole road, GeoPackage in and out",
}
LAYERS = {
    "areas": ("lots", "buildings"), "overlaps": ("broken",), "rook": ("lots",),
    "rook moved": ("moved",), "rook cut": ("cut",), "dissolve": ("members",),
    "ellipsoid": ("lots",), "zonal": ("lots",), "taking apart": ("lots",),
}  # fmt: skip
AIMS = {"areas": 8, "road": 5, "taking apart": None}  # times the best peer; 10 for the others
PEERS = ["geopandas", "shapely", "duckdb", "sedonadb", "libpysal", "exactextract", "rasterstats"]
OURS = ["numpy", "numba", "shapely", "pyogrio", "pyproj", "rasterio"]
HEAD = """# Benchmark of the compiled kernels

Written by `python benchmarks/kernels.py`.
"""
NOTES = """- lots: a grid with moved corners and uneven edges, 28 vertices each, exactly noded; two
  L-shaped buildings to a lot, turned, some across its border; about 2,000 zones; a raster of 30 m
  cells. *Overlaps*: one lot in a hundred moved, doubled or shifted. *Dissolve*: half of the lots by
  chance, by component. *Vertices missing*: the edges are straight there, so that borders coincide.
- every way runs in a process of its own, one after the other; layers, tables and indexes are read
  before the clock starts (the road: nothing is); compiled code is loaded before. Up to 30,000 lots
  medians of three, above one run of the peers and the median of three of ours. Threads: 2 for ours,
  DuckDB, SedonaDB and PostGIS, which use them only as far as they cut the work up (DuckDB cuts
  30,000 rows into one piece); 1 for the others. A peer that would take
  over two minutes is left out.
- **from shapely** starts from objects and gives what a caller gets (dissolve: valid polygons);
  **from ragged** starts from coordinate arrays (dissolve: ends with arrays; raster: its cells are
  in memory); pyproj + numpy is lowuse with `LOWUSE_KERNELS=no`.
- `×` is against the first line, since shapely and geopandas start from objects too. **CPU is what
  to compare**: the machine has two cores and other work ran at times; the load of the last minute
  (ours included) stands beside every figure. CPU seconds add up all threads; those of PostGIS are
  of its server processes, whose memory is not counted.
- MB: highest resident memory during what is timed, the layers included.
- **equal** is asserted by the script, value by value: areas of lots and pairs within 1e-5 m²,
  lengths of borders within 1e-5 m (noded differently: borders over 5 cm, within 2 cm), units within
  1e-4 m² and m, ellipsoidal areas within 1e-3 m², means within 1e-6, sums of the road within 1e-9
  and its counts exactly. In brackets the largest difference. `libpysal` gives pairs without
  lengths; rasterstats asks another question (cell centres).
- *shapely bands*: border of one inside a band of 1 mm around that of the other, the usual way to
  say "these touch, nearly"; the databases do the same there. *shapely relate* has no tolerance: the
  table says which part of the pairs it misses."""
BANDWIDTH = """One thread copies {:.1f} GB/s here (read and written together, best of seven).
*Floor*: the
coordinates, 16 bytes a vertex, read once at that rate. *Times*: CPU seconds over it."""


def versions(names: list[str], python: str) -> str:
    code = "from importlib.metadata import distributions as d\nfor x in d():"
    code += f" x.name in {names} and print(x.name, x.version)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return ", ".join(sorted(set(done.stdout.splitlines())))


def vertices(count: int, job: str) -> int:
    """Count the vertices of the layers of a job; kept beside them."""
    total = 0
    for name in LAYERS[job]:
        kept = DATA / f"kernels-{count}" / f"{name}.vertices"
        if not kept.exists():
            import shapely  # noqa: PLC0415

            wkb = pq.read_table(kept.with_suffix(".parquet"), columns=["geometry"])["geometry"]
            shapes = shapely.from_wkb(wkb.to_numpy())
            kept.write_text(str(int(shapely.get_num_coordinates(shapes).sum())), encoding="ascii")
        total += int(kept.read_text(encoding="ascii"))
    return total


def answer(line: dict[str, Any]) -> str:
    if line["way"] == "rasterstats":
        return f"other question (half of them off by over {line['off']:.0%})"
    if line.get("missing"):
        return f"misses {line['missing']:.1%} of the pairs"
    if line.get("same") is False:
        return f"**not equal**: off by up to {line['off']:,.4g}"
    return f"equal ({line['off']:.0e})" if line["off"] else "equal"


def table(job: str, count: int, lines: list[dict[str, Any]]) -> list[str]:
    """Write the lines of a job."""
    base = next(line for line in lines if line["ours"])
    rows = ["| way | s | CPU s | MB | × s | × CPU | load | answer |",
            "|---|--:|--:|--:|--:|--:|--:|---|"]  # fmt: skip
    for line in lines:
        name = f"**{line['way']}**" if line["ours"] else line["way"]
        if "s" not in line:
            rows.append(f"| {name} | {line['why']} | | | | | | |")
            continue
        memory = f"{line['mb']:,.0f}" if line["mb"] else "server"
        rows.append(
            f"| {name} | {line['s']:.2f} | {line['cpu']:.2f} | {memory} |"
            f" {line['s'] / base['s']:.1f} | {line['cpu'] / base['cpu']:.1f} |"
            f" {line['load']:.1f} | {answer(line) if line is not base else ''} |"
        )
    return [f"### {TITLES[job]}, {count:,} lots", "", *rows, ""]


def best(lines: list[dict[str, Any]], measure: str) -> dict[str, Any] | None:
    """Return the fastest peer that gives the answer."""
    peers = [x for x in lines if not x["ours"] and x.get("same") and "s" in x]
    return min(peers, key=lambda x: x[measure], default=None)


def summary(count: int, by_job: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Write the ratios to the best peer that gives the same answer."""
    head = "| job | best peer, by CPU | CPU, from shapely | CPU, from ragged |"
    head += " best peer, by wall | wall, from shapely | wall, from ragged | aim |"
    rows = [f"## {count:,} lots: how many times the best peer takes", "", head]
    rows.append("|---|---|--:|--:|---|--:|--:|--:|")
    for job, lines in by_job.items():
        if job == "taking apart" or not (peer := best(lines, "cpu")):
            continue
        cells = []
        for measure in ("cpu", "s"):
            peer = best(lines, measure)
            ours = [x[measure] for x in lines if x["ours"] and "s" in x]
            cells.append(peer["way"])
            cells += [f"{peer[measure] / o:.1f}" for o in ours] + [""] * (2 - len(ours))
        aim = AIMS.get(job, 10)
        rows.append(f"| {TITLES[job]} | " + " | ".join(cells) + f" | {aim} |")
    return [*rows, ""]


def memory(count: int, by_job: dict[str, list[dict[str, Any]]], speed: float) -> list[str]:
    """Write how far each kernel is from reading its coordinates once."""
    rows = [f"## {count:,} lots: from memory bandwidth", "", BANDWIDTH.format(speed / 1e9), ""]
    rows += ["| job | MB of coordinates | floor, ms | CPU from ragged, ms | times |"]
    rows[-1] += " CPU from shapely, ms | times |"
    rows.append("|---|--:|--:|--:|--:|--:|--:|")
    for job, lines in by_job.items():
        if job not in LAYERS:
            continue
        size = vertices(count, job) * 16
        floor = size / speed * 1e3
        cells = []
        for way in ("kernels from ragged", "kernels from shapely"):
            found = [x["cpu"] * 1e3 for x in lines if x["way"] == way and "s" in x]
            cells += [f"{found[0]:,.0f}", f"{found[0] / floor:.0f}"] if found else ["", ""]
        rows.append(
            f"| {TITLES[job]} | {size / 1e6:,.0f} | {floor:.1f} | " + " | ".join(cells) + " |"
        )
    return [*rows, ""]


def written(facts: dict[str, Any], peers: str) -> str:
    """Return the text of the results."""
    mine = ", ".join(f"{name} {version(name)}" for name in OURS)
    versions_ = (
        f"- {platform.machine()}, 2 cores, {platform.system()}; Python"
        f" {platform.python_version()}; ours: {mine}\n"
        f"- peers, in an environment of their own: {versions(PEERS, peers)}; "
        f"{facts.get('postgis', 'no PostGIS')}, a server of its own on loopback with"
        " `max_parallel_workers_per_gather = 2`"
    )
    text = [HEAD, versions_, NOTES, ""]
    for count in sorted({x["count"] for x in facts["lines"]}, reverse=True):
        order = [x for x in facts["lines"] if x["count"] == count]
        by_job = {job: lines for job in TITLES if (lines := [x for x in order if x["job"] == job])}
        text += summary(count, by_job) + memory(count, by_job, facts["speed"])
        for job, lines in by_job.items():
            text += table(job, count, lines)
    return "\n".join(text) + noted("kernels")


if __name__ == "__main__":
    import json

    kept = json.loads((PAGES / "kernels.json").read_text(encoding="utf-8"))
    page("kernels").write_text(written(kept, sys.argv[1]), encoding="utf-8")
