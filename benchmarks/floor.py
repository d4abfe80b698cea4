"""How near the whole `lowuse classify` is to reading and writing alone.

python benchmarks/floor.py 300000

Beside `classify` of the invented district, in the same run: GDAL reads the same layers into Arrow,
and writes the very tables of the result to a plain GeoPackage, with no judgement between. What
`classify` takes beyond that is ours; what that takes alone, no criterion can save. Each way runs in
a process of its own, machine code compiled before. RESULTS-floor.md is of the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio

from district import folder_of, made
from pages import page

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = page("floor")
SMALL = 6_000  # parcels: enough for compiled loops to be used
LIBRARIES = ("pyogrio", "pyarrow", "geopandas", "numba")
HEAD = """# The whole `classify`, and reading and writing alone

Written by `python benchmarks/floor.py {count}`; {machine}, {cores} cores, load before {load:.1f};
Python {python}, GDAL {gdal}, {libraries}.
Invented district of {count:,} parcels, its survey, buildings, plan, control lines, roads, firms,
taxes. *GDAL alone* reads the same layers into Arrow and writes the tables of the result to a plain
GeoPackage (`pyogrio.read_arrow`, `write_arrow`; no keys, styles, workbook).

| way | CPU s | wall s | peak MB |
|---|--:|--:|--:|
"""
READ, WRITE = "read", "write"


def tables(path: Path) -> Iterator[tuple[str, Any, Any]]:
    """Read the layers of a GeoPackage one by one, findings as the tables that their view reads."""
    with closing(sqlite3.connect(path)) as base:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'findings_%'"
        stored = [name for (name,) in base.execute(named)]
    for layer in pyogrio.list_layers(path)[:, 0]:
        if layer != "findings" or not stored:
            yield (layer, *pyogrio.read_arrow(path, layer=layer))
    for name in stored:
        yield (name, *pyogrio.read_arrow(path, sql=f"SELECT * FROM {name}"))


def alone(way: str, source: Path, output: Path) -> None:
    """Read all layers of a folder or file, or copy all tables of a result, and nothing else."""
    for path in sorted(source.glob("*.gpkg")) if source.is_dir() else [source]:
        for layer, meta, table in tables(path):
            shaped = meta["geometry_type"]
            if way == WRITE:
                pyogrio.write_arrow(
                    table, output, layer=layer, driver="GPKG", append=output.exists(),
                    crs=meta["crs"] if shaped else None, geometry_type=shaped or "Unknown",
                    geometry_name=(meta["geometry_name"] or "wkb_geometry") if shaped else None,
                )  # fmt: skip


def timed(*command: object) -> tuple[float, float, float]:
    """Return CPU seconds, wall seconds and the peak of memory in MB of a process."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *map(str, command)], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{command[0]} failed")
    wall = time.perf_counter() - begun
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def classified(count: int, output: Path) -> tuple[float, float, float]:
    """Judge the district of a size."""
    where = ("--project", made(count), "-o", output, "-q")
    return timed("-m", "lowuse_gis", "classify", *where)


def measured(count: int, folder: Path) -> str:
    """Measure the ways one after the other."""
    classified(SMALL, folder / "small.gpkg")
    load, result = os.getloadavg()[0], folder / "result.gpkg"
    ways = {"`lowuse classify`": classified(count, result)}
    ways["GDAL alone: read the inputs"] = timed(__file__, "--alone", READ, folder_of(count), "-")
    read = timed(__file__, "--alone", READ, result, "-")
    both = timed(__file__, "--alone", WRITE, result, folder / "copy.gpkg")
    spent = both[0] - read[0], both[1] - read[1], both[2]
    ways["GDAL alone: write (reading the tables taken off)"] = spent
    text = HEAD.format(
        count=count, machine=platform.machine(), cores=os.cpu_count(), load=load,
        python=platform.python_version(), gdal=pyogrio.__gdal_version_string__,
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    )  # fmt: skip
    lines = [f"| {way} | {c:.1f} | {w:.1f} | {m:,.0f} |" for way, (c, w, m) in ways.items()]
    return text + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", help="number of parcels")
    parser.add_argument("--alone", nargs=3, metavar=("WAY", "SOURCE", "OUTPUT"))
    given = parser.parse_args()
    if given.alone:
        way, source, output = given.alone
        alone(way, Path(source), Path(output))
        return
    with tempfile.TemporaryDirectory() as folder:
        REPORT.write_text(measured(given.count or 300_000, Path(folder)), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
