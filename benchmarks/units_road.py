"""Whole `lowuse units`, from one file to the other, on the ground of `district.py`.

``python benchmarks/units_road.py --cases 30000:22 30000:100 300000:22`` writes
benchmarks/RESULTS-units-road.md. The ground of the benchmarks gives hardly any verdict, since most
tables are lacking; so in a copy of the result a share of the undetermined parcels, thrown over the
map, is set to low-use, and the copy is what units are drawn over.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pyogrio

from district import folder_of, write

RESULTS = Path(__file__).parent / "RESULTS-units-road.md"
CASES = ["30000:22", "30000:100", "300000:22"]
SCATTERED = "(abs(fid * 2654435761) >> 7) % 100 < ?"
PAUSE = 0.1  # seconds between two looks at memory
MEGABYTE = 1 << 20
HEAD = (
    "# Benchmark of the whole of units",
    "",
    "Written by `python benchmarks/units_road.py`: one run each, reading, stability and writing",
    "included, two threads. A share of the undetermined parcels is set to low-use, see the script.",
    "",
)
TABLE = (
    "",
    "| parcels | low-use | nodes | units | gap to the bound | s | CPU s | MB |",
    "|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def lowuse(*words: object) -> tuple[float, float, float]:
    """Run a command; return seconds, CPU seconds and the highest resident memory in MB."""
    command = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    begun, peak, spent = time.perf_counter(), 0, 0.0
    running = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None:
        try:
            times = running.cpu_times()
            peak, spent = max(peak, running.memory_info().rss), times.user + times.system
        except psutil.Error:
            break
        time.sleep(PAUSE)
    if running.wait():
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - begun, spent, peak / MEGABYTE


def with_low_use(result: Path, copy: Path, percent: int) -> int:
    """Copy a result with some undetermined parcels set to low-use; return how many are so."""
    shutil.copy(result, copy)
    base = sqlite3.connect(copy)
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'parcels'"
    for (trigger,) in base.execute(named).fetchall():
        base.execute(f'DROP TRIGGER "{trigger}"')  # they call functions of a GIS
    change = "UPDATE parcels SET verdict = 'low_use' WHERE verdict = 'undetermined' AND "
    base.execute(change + SCATTERED, (percent,))
    (count,) = base.execute("SELECT count(*) FROM parcels WHERE verdict = 'low_use'").fetchone()
    base.commit()
    base.close()
    return int(count)


def case(folder: Path, size: int, percent: int) -> str:
    """Measure one case; return its line of the table."""
    project, result = folder_of(size), folder / f"{size}.gpkg"
    if not project.exists():
        write(size, project)
    if not result.exists():
        lowuse("classify", "--project", project, "-o", result, "-q")
    copy, drawn = folder / "copy.gpkg", folder / "units.gpkg"
    low = with_low_use(result, copy, percent)
    words = ("units", copy, "--project", project, "-o", drawn, "--overwrite")
    seconds, spent, peak = lowuse(*words)
    units = len(pyogrio.read_dataframe(drawn, layer="units", columns=[], read_geometry=False))
    blocks = pyogrio.read_dataframe(drawn, layer="blocks")
    bound = blocks["upper_bound"].sum()
    gap = (bound - blocks["objective"].sum()) / bound if bound else 0.0
    parcels = pyogrio.read_info(copy, layer="parcels")["features"]
    nodes = int(blocks["nodes"].sum())
    counts = " | ".join(f"{number:,}" for number in (parcels, low, nodes, units))
    return f"| {counts} | {gap:.2%} | {seconds:.1f} | {spent:.1f} | {peak:,.0f} |"


def main() -> None:
    """Measure the cases and write what came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs="+", default=CASES, help="parcels:percent")
    chosen = [tuple(map(int, text.split(":"))) for text in parser.parse_args().cases]
    with tempfile.TemporaryDirectory() as folder:
        lowuse("units", "--help")  # code is compiled and files are warm
        lines = [case(Path(folder), *one) for one in chosen]
    about = (
        f"- {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()};"
        f" load over the last five minutes, this run included: {os.getloadavg()[1]:.1f}"
    )
    text = "\n".join([*HEAD, about, *TABLE, *lines, ""])
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
