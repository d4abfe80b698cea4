"""Write RESULTS-topology.md from what `topology.py` measured."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from pages import noted
from postgis import version_of
from stages import machine

if TYPE_CHECKING:
    import argparse

OURS = ["overlaps", "gaps", "all tables"]
OF_GAPS = ["holes of union_all", "coverage_invalid_edges"]
HEAD = """# Benchmark of the geometric measures

Written by `python benchmarks/topology.py {given}`.

{machine}
- {peers}; load before {load:.1f}
- layer: lots in blocks, exactly noded, 27 vertices each; one lot in a hundred is broken: a vertex
  moved, a vertex that the neighbour still has, an exact copy or a copy set off by 3.6 m. The same
  layer with other breaks is the second layer of the edges.
- every way runs in a process of its own, up to {often:,} lots the median of {repeat}, above once;
  reading the WKB is in the seconds, not in those of DuckDB and PostGIS, whose tables and index were
  there before. CPU seconds add up all threads; PostGIS runs in a server and has wall seconds only.
- **findings equal in every row**, asserted by the script: same pairs, areas within 1e-6 m²
  (overlaps); same areas within 1e-6 m² (gaps above 0.01 m²). `coverage_invalid_edges` only flags
  features, so nothing is compared.

| layer | way | s | CPU s | MB | × s | × CPU |
|---:|---|---:|---:|---:|---:|---:|
"""
PARTS = """
## All tables, part by part

Seconds in one process that holds both layers.

| layer | {names} |
|---:|{rules}
"""


def row(count: int, way: str, middles: dict[str, list[float]]) -> str:
    """Write what a way took, and how many times ours that is."""
    seconds, cpu, peak = middles[way]
    ours = middles.get("gaps" if way in {"gaps", *OF_GAPS} else "overlaps")
    times = ["", ""]
    if ours and way != "all tables":
        times = [f"{its / mine:.1f}" for its, mine in zip((seconds, cpu), ours, strict=False)]
    name = f"**{way}**" if way in OURS else way
    cells = [f"{count:,}", name, f"{seconds:.2f}", f"{cpu:.2f}", f"{peak:,.0f}", *times]
    return "| " + " | ".join("" if cell == "nan" else cell for cell in cells) + " |"


def report(rows: list[str], parts: dict[int, Any], arguments: argparse.Namespace) -> str:
    """Write the page."""
    head = HEAD.format(
        given=" ".join(map(str, arguments.sizes)), machine="\n".join(machine()),
        peers=peers(arguments), load=arguments.load, often=arguments.often,
        repeat=arguments.repeat,
    )  # fmt: skip
    text = head + "\n".join(rows) + "\n"
    if parts:
        names = list(next(iter(parts.values())))
        text += PARTS.format(names=" | ".join(names), rules="---:|" * len(names))
        for count, spent in parts.items():
            text += f"| {count:,} | " + " | ".join(f"{spent[name]:.1f}" for name in names) + " |\n"
    return text + noted("topology")


def peers(arguments: argparse.Namespace) -> str:
    """Say which peers of other environments ran."""
    code = "import duckdb; print('DuckDB', duckdb.__version__)"
    said = [subprocess.run([arguments.duckdb, "-c", code], capture_output=True, text=True,
                           check=True).stdout.strip()] if arguments.duckdb else []  # fmt: skip
    if arguments.postgis:
        said.append(f"{version_of(arguments.postgis)} (a server of its own)")
    return ", ".join(said) or "no peers of other environments"
