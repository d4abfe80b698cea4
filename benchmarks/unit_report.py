"""Write RESULTS-units.md from what `units.py` measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import argparse

GROUND = {
    "plain": "Voronoi plots that fill a box, its rim on a barrier; the generator of the tests",
    "surveyed": "Voronoi parcels cut by lanes (3 to 10 m wide, price 0.3) and strips of other land"
    " (8 to 25 m, price 1), three parcels in ten only partly low-use, half of the rims on a"
    " barrier, low-use parcels up to 25 m apart neighbours without a border",
}
SMALL = """{ground}. {nodes:,} nodes, 8 to 14 a block; seed {seed}. In {pays} blocks some unit
pays; the columns are over these."""
SMALL_HEAD = [
    (
        "| way | mean of the optimum | solved to the optimum | worst block | all together"
        " | mean, helped | better / worse than ours | s | times ours |"
    ),
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
]
SMALL_END = """± is 1.96 standard errors. *Better / worse*: blocks. Looking at every choice took
{every:.2f} s. The bounds add up to {share:.3f} of the optima, are below none, and meet {met:.1%}
of them."""
PLANTED = """{blocks} lattices of plots, {planted} rectangles planted in them, then the use of
{noise:.0%} of the plots turned over; seed {seed}."""
PLANTED_HEAD = [
    (
        "| way | worth, of the bound | gap to the bound | blocks at the bound"
        " | of the bound, helped | adjusted Rand index | units | s | times ours |"
    ),
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
]
PLANTED_END = """Of our seconds the bound takes {} s. The planted units are not the best ones:
after the noise others are worth more, so a way that finds more need not be more like them."""
HEAD = """# Benchmark of the choice of units

Written by `python benchmarks/units.py --peers PYTHON`; all tables are of one run.
"""
NOTES = """- one thread for every way, one way at a time; medians of {repeat} runs, max-p once.
  Machine code is loaded before the clock starts. *Times ours* above 1: slower than ours.
- **one objective for all**: that of the product (`core.joining.objective`; β 6 m, ρ 0.25; at least
  10,000 m², at most 500,000 m², low-use share at least 0.6). Units that break the limits are
  dropped before they are scored; a unit that does not hang together counts as several. Only the
  choice of units and greedy growth look at this objective; the others follow rules of their own.
- *helped*: units worth less than nothing are dropped too, and units that touch are joined where the
  block gains by it. No peer does this itself.
- **choice of units**: `choose(exact=False)`, which never looks at every choice. Its seconds include
  the certified bound, which no peer gives.
- **touching low-use land**: components by common border, then the limits; on the graph, so no
  geometry is timed. **Within 25 m**: the same with parcels near each other as neighbours; left out
  where all plots touch.
- **closing**: union of a block's low-use polygons, buffered by 15 m and back (shapely, round
  corners); nodes with over half of their area in it are taken.
- **greedy growth**: from the largest low-use node left, always the neighbour worth most, even at a
  loss until the limits hold; the best state on the way is kept. Plain Python.
- **max-p**: spopt's `MaxPHeuristic` on what hangs together, regions of at least 10,000 m² alike in
  low-use share; defaults but `max_iterations_sa=1`. With the default of 10, sixty plain blocks once
  took 249 s instead of 25 s for a mean of 0.688 instead of 0.695. It parts all land into regions,
  whatever its use: another question, the nearest one a library answers. spopt 0.7.0 can loop for
  ever when no area that may move borders another region (its pull request 506); such areas are left
  out of its candidates here. Seconds are those of `solve()` alone.
- *adjusted Rand index*: over nodes of a planted or a found unit; a node of none is on its own.
- ground is invented: it says how good the search is, not how good units are on a real map."""


def small_table(facts: dict[str, Any]) -> list[str]:
    """Return the section of one kind of small blocks."""
    first = facts["lines"][0]
    lines = []
    for line in facts["lines"]:
        if line["why"]:
            lines.append(f"| {line['way']} | {line['why']} | | | | | | | |")
            continue
        ratio, mine = line["ratio"], first["ratio"]
        error = 1.96 * ratio.std(ddof=1) / np.sqrt(len(ratio))
        against = f"{(ratio > mine).sum()} / {(ratio < mine).sum()}" if line is not first else ""
        lines.append(
            f"| {line['way']} | {ratio.mean():.3f} ± {error:.3f} | {line['solved'].mean():.1%}"
            f" | {ratio.min():.2f} | {line['worth'] / facts['best']:.3f}"
            f" | {line['helped'].mean():.3f} | {against} | {_figure(line['s'])}"
            f" | {_figure(line['s'] / first['s'])} |"
        )
    return [
        f"## {facts['blocks']} small blocks, {facts['name']}",
        "",
        SMALL.format(ground=GROUND[facts["name"]], **facts),
        "",
        *SMALL_HEAD,
        *lines,
        "",
        SMALL_END.format(share=facts["bound"] / facts["best"], **facts),
        "",
    ]


def planted_table(facts: dict[str, Any]) -> list[str]:
    """Return the section of planted ground."""
    clock = facts["lines"][1]["s"]
    lines = []
    for line in facts["lines"]:
        if line["why"]:
            lines.append(f"| {line['way']} | {line['why']} | | | | | | | |")
            continue
        took = f"{_figure(line['s'])} | {_figure(line['s'] / clock)}" if line["s"] else " | "
        lines.append(
            f"| {line['way']} | {line['of']:.3f} | {1 - line['of']:.1%} | {line['met']:.1%}"
            f" | {line['helped']:.3f} | {line['rand']:.3f} | {line['units']} | {took} |"
        )
    return [
        f"## {facts['nodes']:,} nodes with planted units, {facts['noise']:.0%} noise",
        "",
        PLANTED.format(**facts),
        "",
        *PLANTED_HEAD,
        *lines,
        "",
        PLANTED_END.format(_figure(facts["bounding"])),
        "",
    ]


def _figure(value: float) -> str:
    """Return a number with two digits, or all before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{float(f'{value:.2g}'):g}"


def written(tables: list[list[str]], given: argparse.Namespace) -> str:
    """Return the file."""
    names = ["numpy", "scipy", "numba", "shapely"]
    mine = ", ".join(f"{name} {version(name)}" for name in names)
    peers = ", ".join(f"{name} {number}" for name, number in given.versions.items())
    load = os.getloadavg()[1]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    facts = [
        f"- {machine}; Python {platform.python_version()}, {mine}",
        f"- load over the last five minutes, this run included: {load:.1f}",
        f"- peers, in an environment of their own: {peers or 'none'}",
        NOTES.format(repeat=given.repeat),
        "",
    ]
    lines = [line for table in tables for line in table]
    return "\n".join([HEAD, *facts, *lines]).rstrip() + "\n"
