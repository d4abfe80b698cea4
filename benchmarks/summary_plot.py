"""Draw the tables of RESULTS.md that compare: with peers, with memory bandwidth, with the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    Rows = list[list[str]]

CPU, WALL, AIM = 2, 5, 7  # columns of the table of peers
RAGGED, SHAPELY = 4, 6  # of that of memory bandwidth


def rows(table: str) -> Rows:
    """Take the lines of a Markdown table apart, its head left out."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def number(cell: str) -> float:
    """Read a number of a table; none where the cell is empty."""
    return float(cell.replace(",", "")) if cell else np.nan


def bars(axes: Axes, names: list[str], values: dict[str, list[float]], title: str) -> None:
    """Draw groups of bars, the first name on top, each with its number."""
    height, at = 0.8 / len(values), np.arange(len(names))
    for n, (label, of) in enumerate(values.items()):
        drawn = axes.barh(at + n * height, of, height, label=label)
        axes.bar_label(
            drawn, ["" if np.isnan(x) else f" {x:,.{1 if x < 100 else 0}f}" for x in of], fontsize=7
        )
    axes.set_yticks(at + 0.4 - height / 2, names, fontsize=8)
    axes.set(title=title, xscale="log")
    axes.set_xlim(0.5, 4 * np.nanmax(list(values.values())))
    axes.invert_yaxis()
    if len(values) > 1:
        axes.legend(frameon=False, fontsize=8)


def draw(peers: str, bandwidth: str, disk: str, file: Path) -> None:
    """Draw three tables of the page of results into one picture."""
    plt.rcParams["svg.hashsalt"] = "lowuse"
    figure, axes = plt.subplots(3, 1, figsize=(10, 14), layout="constrained")
    lines = rows(peers)
    names = [line[0] for line in lines]
    pairs = {"CPU": [number(x[CPU]) for x in lines], "wall": [number(x[WALL]) for x in lines]}
    bars(axes[0], names, pairs, "times that the best peer takes; line: the aim")
    axes[0].vlines([number(x[AIM]) for x in lines], np.arange(len(lines)) - 0.25,
                   np.arange(len(lines)) + 0.65, color="black")  # fmt: skip
    lines = rows(bandwidth)
    both = {"from arrays": RAGGED, "from shapely": SHAPELY}
    values = {name: [number(x[at]) for x in lines] for name, at in both.items()}
    bars(axes[1], [x[0] for x in lines], values, "CPU over reading the coordinates once")
    lines = rows(disk)
    named = [f"{x[0]}, {x[1]} worker(s), {x[2]}" for x in lines]
    bars(axes[2], named, {"CPU": [number(x[-1]) for x in lines]},
         "CPU over reading and writing the bytes of inputs and result")  # fmt: skip
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
