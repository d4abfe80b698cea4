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
import tempfile
from dataclasses import asdict
from pathlib import Path

from command_clock import Measured, timed
from district import made as written
from growth_report import ONE_TABLE, PARTED, draw, report
from pages import PAGES, page

KEPT, REPORT = PAGES / "growth.json", page("growth")
SMALL = 6_000  # parcels: enough for compiled loops to be used
FOLDER = 100_000  # parcels: partitions of more leave a folder


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
