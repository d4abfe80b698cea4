"""Measure whole `lowuse units` where very many parcels are low-use.

python benchmarks/units_road.py 30000 [300000] [--shares 22 100] [--results FOLDER]

The district is judged once (in FOLDER); in copies of the result, that share of the
undetermined parcels is called low-use, the same ones each time. Each command runs in a process of
its own, after one on a small district that compiles. RESULTS-units-road.md is of the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path

from district import folder_of, made
from pages import page

REPORT = page("units-road")
SMALL = 6_000  # parcels: enough for compiled loops to be used
LIBRARIES = ("numpy", "scipy", "numba", "shapely", "geopandas")
HEAD = """# `lowuse units` with very many low-use parcels

Written by `python benchmarks/units_road.py {given}`; {machine}, {cores} cores,
load before {load:.1f}; Python {python}, {libraries}.
Whole commands, reading and writing included, machine code compiled before; invented district.
*Low-use*: share of the undetermined parcels that were called low-use. *Gap*: of all blocks
together, to the certified bound. Above a load of 2 wall seconds are those of a shared machine.

| parcels | low-use | parcels to join | units | gap | CPU s | wall s | peak MB |
|--:|--:|--:|--:|--:|--:|--:|--:|
"""


@cache
def judged(count: int, folder: Path) -> Path:
    """Judge the district of a size, once in a run."""
    result = folder / f"result_{count}.gpkg"
    place = ["--project", str(made(count)), "-o", str(result), "--overwrite"]
    subprocess.run([*lowuse(), "classify", *place, "-q"], check=True, stdout=subprocess.DEVNULL)
    return result


def lowuse() -> list[str]:
    return [sys.executable, "-m", "lowuse_gis"]


def called_low_use(result: Path, share: int, file: Path) -> int:
    """Copy a result with a share of its undetermined parcels low-use; return how many there are."""
    shutil.copyfile(result, file)
    with closing(sqlite3.connect(file)) as db, db:
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'parcels'"
        for (name,) in db.execute(named).fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(
            "UPDATE parcels SET verdict = 'low_use' WHERE verdict = 'undetermined'"
            " AND (abs(fid * 2654435761) >> 7) % 100 < ?",
            (share,),
        )
        (low,) = db.execute("SELECT count(*) FROM parcels WHERE verdict = 'low_use'").fetchone()
    return int(low)


def timed(count: int, result: Path, units: Path) -> tuple[float, float, float]:
    """Draw units; return CPU seconds, wall seconds and the peak of memory in MB."""
    units.unlink(missing_ok=True)
    place = ["--project", str(folder_of(count))]
    command = [*lowuse(), "units", str(result), *place, "-o", str(units)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"lowuse units ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def line(count: int, share: int, folder: Path) -> str:
    """Measure one district with one share."""
    low_use, units = folder / f"low_use_{count}_{share}.gpkg", folder / f"units_{count}.gpkg"
    low = called_low_use(judged(count, folder), share, low_use)
    cpu, wall, peak = timed(count, low_use, units)
    with closing(sqlite3.connect(units)) as db:
        sums = "SELECT sum(objective), sum(upper_bound) FROM blocks"
        worth, bound = db.execute(sums).fetchone()
        (number,) = db.execute("SELECT count(*) FROM units").fetchone()
    low_use.unlink()
    return (
        f"| {count:,} | {share} % | {low:,} | {number:,} | {1 - worth / bound:.2%} "
        f"| {cpu:.1f} | {wall:.1f} | {peak:,.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="numbers of parcels")
    parser.add_argument("--shares", type=int, nargs="+", default=[22, 100], help="percent")
    parser.add_argument("--results", type=Path, default=folder_of(0).parent / "judged")
    given = parser.parse_args()
    given.results.mkdir(parents=True, exist_ok=True)
    line(SMALL, 100, given.results)
    text = HEAD.format(
        given=" ".join(sys.argv[1:]), machine=platform.machine(), cores=os.cpu_count(),
        load=os.getloadavg()[0], python=platform.python_version(),
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    )  # fmt: skip
    print(text)
    for count in given.sizes:
        for share in given.shares:
            text += line(count, share, given.results) + "\n"
            print(text.splitlines()[-1], flush=True)
            REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
