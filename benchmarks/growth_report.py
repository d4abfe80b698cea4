"""The page and the drawing of how commands grow."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import psutil

from command_clock import disk_speed
from district import DATA
from pages import PAGES

if TYPE_CHECKING:
    from command_clock import Measured

mpl.use("svg")
from matplotlib import pyplot as plt

PLOT = PAGES / "growth.svg"
CITY, NATION = 3_000_000, 300_000_000
PARTED = "classify in partitions"
ONE_TABLE = 300_000  # parcels: larger ones are judged in partitions only
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
    return text + scaling(lines) + floor(lines, *disk_speed(DATA))


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


def floor(lines: list[Measured], reads: float, writes: float) -> str:
    """Say how far the largest run of each command is from reading and writing alone."""
    text = "\n## Distance from the floor\n\n"
    text += "| command | workers | parcels | MB read | MB left | floor s | CPU s | CPU / floor |\n"
    text += "|---|--:|--:|--:|--:|--:|--:|--:|\n"
    last = {(one.command, one.workers): one for one in lines}
    for one in last.values():
        least = one.given * 1e6 / reads + one.made * 1e6 / writes
        text += (
            f"| {one.command} | {one.workers} | {one.parcels:,} | {one.given:,.0f} "
            f"| {one.made:,.0f} | {least:.1f} | {one.cpu:.0f} | {one.cpu / least:,.0f} |\n"
        )
    return text + (
        f"\n*Floor*: the bytes of inputs and result over what this disk reads cold"
        f" ({reads / 1e9:.1f} GB/s) and writes synced ({writes / 1e9:.1f} GB/s), the best of three"
        " looks when this page was written. Bytes are not what holds a run up: it computes. Reading"
        " and writing alone through GDAL: [RESULTS-floor.md](RESULTS-floor.md); how fast memory is:"
        " [RESULTS-kernels.md](RESULTS-kernels.md).\n"
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
