"""How whole commands grow with the district, and what a city or a nation would take.

python benchmarks/growth.py 30000 300000 1000000 [--workers 1 2] [--anew]

The invented district of each size is judged as one table, then cut into partitions and judged by
so many workers; what is larger than a district is judged in partitions only, into a folder. Every
command runs in processes of its own, one command at a time, machine code
compiled before; memory is that of all its processes together, what they share counted once. What
was measured stands in growth.json with the day, so that a large size can be added
later; RESULTS-growth.md and growth.svg are made of all of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
import numpy as np
import psutil

from district import made as written
from pages import PAGES, page

mpl.use("svg")
from matplotlib import pyplot as plt

KEPT, REPORT, PLOT = PAGES / "growth.json", page("growth"), PAGES / "growth.svg"
SMALL = 6_000  # parcels: enough for compiled loops to be used
CITY, NATION = 3_000_000, 300_000_000
PARTED = "classify in partitions"
PAUSE = 1.5  # seconds between two looks at memory, which cost some themselves
ONE_TABLE = 300_000  # parcels: larger ones are judged in partitions only
FOLDER = 100_000  # parcels: partitions of more leave a folder
READS, WRITES = 2.17e9, 1.18e9  # bytes a second of this disk: cold, and synced
LIBRARIES = ("numpy", "pandas", "geopandas", "shapely", "duckdb", "pyarrow", "distributed")
HEAD = """# How the commands grow

Written by `python benchmarks/growth.py`; {machine}, {cores} cores, {memory:.0f} GB;
Python {python}, {libraries}.
Whole commands on the invented district, reading and writing included. *Memory*: of all processes of
a command together, what they share counted once. *Load before* says how quiet the machine was:
where it was not, CPU seconds compare (they too grow, with caches shared) and wall seconds hardly
do. Partitions of 150,000 parcels and more leave a folder, all others a GeoPackage. *Exponent*: of
the line through the logarithms of parcels and seconds, all sizes of a row together; 1 is linear,
and what a command takes to start makes it less.

![seconds and memory by parcels](growth.svg)

"""


@dataclass(frozen=True)
class Measured:
    """One command on one district: seconds, memory and bytes read and left in MB, load before."""

    command: str
    parcels: int
    workers: int
    wall: float
    cpu: float
    memory: float
    load: float
    day: str
    given: float
    made: float


def timed(
    command: str,
    count: int,
    workers: int,
    given: list[Path],
    made: Path,
    *words: object,
    fine: tuple[int, ...] = (0,),
) -> Measured:
    """Run a command to its end, which must be a fine one, and watch all its processes."""
    load, begun = os.getloadavg()[0], time.perf_counter()
    line = [sys.executable, "-m", "lowuse_gis", *map(str, words)]
    process = psutil.Popen(line, stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(PAUSE)
    if process.returncode not in fine:
        raise SystemExit(f"{words[0]} ended with {process.returncode}")
    used = os.times()
    wall = time.perf_counter() - begun
    cpu = used.children_user + used.children_system - _spent[0]
    _spent[0] += cpu
    day = f"{datetime.now().astimezone():%Y-%m-%d}"
    sizes = sum(_size(path) for path in given), _size(made)
    return Measured(command, count, workers, wall, cpu, peak, load, day, *sizes)


def _size(path: Path) -> float:
    """Megabytes of a file, or of all in a folder but what a run keeps there for itself."""
    files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
    return sum(f.stat().st_size for f in files if "work" not in f.relative_to(path).parts) / 1e6


_spent = [0.0]  # CPU seconds of earlier commands


def _memory(process: psutil.Process) -> float:
    total = 0
    with suppress(psutil.Error):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_full_info().pss
    return total / (1 << 20)


def of_size(count: int, workers: list[int], known: set[tuple[str, int, int]]) -> list[Measured]:
    """Measure the commands on the district of one size."""
    source = written(count)
    found, place = [], ("--project", source)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def run(command: str, number: int, given: list[Path], made: Path, *words: object) -> None:
            if (command, count, number) not in known or command == "partition":
                found.append(timed(command, count, number, given, made, *words, "-o", made, "-q"))
                print(found[-1], flush=True)

        if count <= ONE_TABLE:
            run("classify", 1, [source], folder / "whole.gpkg", "classify", *place)
        ending = ".gpkg" if count < FOLDER else ""
        for number in workers if count <= ONE_TABLE else [max(workers)]:
            data, result = folder / f"data_{number}", folder / f"parts_{number}{ending}"
            run("partition", 1, [source], data, "partition", *place)
            words = ("classify", data, *place, "--workers", number)
            run(PARTED, number, [data], result, *words)
    return found


def exponent(lines: list[Measured], what: str) -> str:
    """Fit the exponent with which seconds grow; a dash where there are not two sizes."""
    if len(lines) < 2:
        return "–"
    parcels, seconds = [one.parcels for one in lines], [getattr(one, what) for one in lines]
    return f"{np.polyfit(np.log(parcels), np.log(seconds), 1)[0]:.2f}"


def report(lines: list[Measured]) -> str:
    """Write the page."""
    text = HEAD.format(
        machine=platform.machine(), cores=os.cpu_count(), python=platform.python_version(),
        memory=psutil.virtual_memory().total / (1 << 30),
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    )  # fmt: skip
    text += (
        "| command | workers | parcels | wall s | CPU s | memory MB | load before | measured |\n"
    )
    text += "|---|--:|--:|--:|--:|--:|--:|---|\n"
    for one in lines:
        text += (
            f"| {one.command} | {one.workers} | {one.parcels:,} | {one.wall:.1f} | {one.cpu:.1f} "
            f"| {one.memory:,.0f} | {one.load:.1f} | {one.day} |\n"
        )
    text += "\n## Growth and what follows from it\n\nExponents, and CPU hours:\n\n"
    text += (
        f"| command | workers | CPU s | CPU s, from {ONE_TABLE:,} on | wall s, from there on "
        "| a city | a nation |\n|---|--:|--:|--:|--:|--:|--:|\n"
    )
    for command, workers in dict.fromkeys((one.command, one.workers) for one in lines):
        mine = [one for one in lines if (one.command, one.workers) == (command, workers)]
        large = [one for one in mine if one.parcels >= ONE_TABLE]
        powers = (exponent(mine, "cpu"), exponent(large, "cpu"), exponent(large, "wall"))
        hours = mine[-1].cpu / mine[-1].parcels / 3600
        far = f"{hours * CITY:.2f} | {hours * NATION:,.0f}" if command != "classify" else "– | –"
        text += f"| {command} | {workers} | {' | '.join(powers)} | {far} |\n"
    text += (
        f"\n*A city*: {CITY:,} parcels, *a nation*: {NATION:,}, in CPU hours of this machine: they"
        " are a projection, not a measurement: CPU seconds per parcel at the largest size measured,"
        " linear from there, no network, storage that keeps up. Only partitions grow so: one table"
        " ends where memory does.\n"
    )
    return text + scaling(lines) + floor(lines)


@dataclass(frozen=True)
class Scaled:
    """Two runs that differ in their workers, and how well the more numerous were used."""

    kind: str
    few: Measured
    many: Measured
    efficiency: float


def scaled(lines: list[Measured]) -> list[Scaled]:
    """Pair runs of one worker with those of more: on the same district, on one twice as large."""
    known = {(one.parcels, one.workers): one for one in lines if one.command == PARTED}
    found = []
    for (count, workers), many in known.items():
        strong, weak = known.get((count, 1)), known.get((count // workers, 1))
        if workers > 1 and strong:
            found.append(Scaled("strong", strong, many, strong.wall / workers / many.wall))
        if workers > 1 and weak:
            found.append(Scaled("weak", weak, many, weak.wall / many.wall))
    return found


def scaling(lines: list[Measured]) -> str:
    """Say what a second worker brings."""
    text = "".join(_rows(pair) for pair in scaled(lines))
    if not text:
        return ""
    return (
        "\n## Scaling over workers\n\n"
        "| scaling | parcels | workers | wall s | CPU s | efficiency |\n"
        "|---|--:|--:|--:|--:|--:|\n" + text + "\n*Strong*: the same district with more workers;"
        " *weak*: so many times the district with as many workers. *Efficiency*: 1 were it all done"
        " by workers at full speed; what one process does alone (tables, keys, joining, writing one"
        " file) makes it less.\n"
    )


def _rows(pair: Scaled) -> str:
    """Write two runs under each other."""
    lines = zip((pair.few, pair.many), ("", f"{pair.efficiency:.2f}"), strict=True)
    return "".join(
        f"| {pair.kind} | {one.parcels:,} | {one.workers} | {one.wall:.1f} | {one.cpu:.1f} "
        f"| {said} |\n"
        for one, said in lines
    )


def floor(lines: list[Measured]) -> str:
    """Say how far the largest run of each command is from reading and writing alone."""
    text = "\n## Distance from the floor\n\n"
    text += "| command | workers | parcels | MB read | MB left | floor s | CPU s | CPU / floor |\n"
    text += "|---|--:|--:|--:|--:|--:|--:|--:|\n"
    last = {(one.command, one.workers): one for one in lines}
    for one in last.values():
        least = one.given * 1e6 / READS + one.made * 1e6 / WRITES
        text += (
            f"| {one.command} | {one.workers} | {one.parcels:,} | {one.given:,.0f} "
            f"| {one.made:,.0f} | {least:.1f} | {one.cpu:.0f} | {one.cpu / least:,.0f} |\n"
        )
    return text + (
        f"\n*Floor*: the bytes of inputs and result over what this disk reads cold ({READS / 1e9}"
        f" GB/s) and writes synced ({WRITES / 1e9} GB/s). Memory moves 24 GB/s, so that bytes are"
        " not what holds a run up: it computes. Reading and writing alone through GDAL:"
        " [RESULTS-floor.md](RESULTS-floor.md).\n"
    )


def draw(lines: list[Measured]) -> None:
    """Draw seconds, memory, a projection and the scaling."""
    plt.rcParams["svg.hashsalt"] = "lowuse"
    figure, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
    (wall, memory), (far, bars) = axes
    for command, workers in dict.fromkeys((one.command, one.workers) for one in lines):
        mine = [one for one in lines if (one.command, one.workers) == (command, workers)]
        name = command if workers == 1 else f"{command}, {workers} workers"
        sizes = [one.parcels for one in mine]
        wall.plot(sizes, [one.wall for one in mine], marker="o", label=name)
        memory.plot(sizes, [one.memory for one in mine], marker="o")
        (line,) = far.plot(sizes, [one.cpu / 3600 for one in mine], marker="o")
        if command != "classify":  # one table ends where memory does
            hours = mine[-1].cpu / 3600 * NATION / sizes[-1]
            ahead = [sizes[-1], NATION], [mine[-1].cpu / 3600, hours]
            far.plot(*ahead, linestyle="--", color=line.get_color())
    titles = "wall seconds", "memory, MB", "CPU hours; dashed: projected to 300 million"
    for one, title in zip((wall, memory, far), titles, strict=True):
        one.set(xscale="log", yscale="log", xlabel="parcels", title=title)
        one.grid(visible=True, which="major", alpha=0.3)
    wall.legend(frameon=False)
    pairs = scaled(lines)
    names = [f"{pair.kind}\n{pair.few.parcels:,} by {pair.few.workers},\n"
             f"{pair.many.parcels:,} by {pair.many.workers}" for pair in pairs]  # fmt: skip
    bars.bar(names, [pair.efficiency for pair in pairs], width=0.5)
    bars.axhline(1, color="grey", linewidth=1)
    bars.set(title="efficiency of a second worker", ylim=(0, 1.1))
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="numbers of parcels")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--anew", action="store_true", help="forget what was measured")
    given = parser.parse_args()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() and not given.anew else []
    lines = [Measured(**one) for one in kept]
    if given.sizes:
        of_size(SMALL, [1], set())
    for count in given.sizes:
        known = {(one.command, one.parcels, one.workers) for one in lines}
        lines += of_size(count, given.workers, known)
        best = {(one.command, one.workers, one.parcels): one for one in lines}
        lines = [best[key] for key in sorted(best)]
        KEPT.write_text(json.dumps([asdict(one) for one in lines], indent=1))
    REPORT.write_text(report(lines), encoding="utf-8")
    draw(lines)
    print(REPORT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
