"""Measure everything again and write RESULTS.md: what `make bench` runs.

python benchmarks/everything.py [--peers PYTHON] [--quick] [--only STEP ...]

Each step runs in a process of its own, none beside another. PYTHON is an environment with the peers
of peers.txt; without it, and where Debian's PostGIS or Chromium are not installed, what needs them
is left out and the pages say so. ``--quick`` takes small districts and writes its pages
to data/quick: it shows that all steps work, in minutes, and its numbers mean little. A step that
fails does not keep the others from running; the command then ends with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from pages import HERE
from postgis import scratch

# name: script, what it is given, what it is given in a hurry
STEPS: dict[str, tuple[str, str, str]] = {
    "startup": ("startup.py", "", ""),
    "stages": (
        "stages.py",
        "--sizes 30000 100000 300000",
        "--sizes 3000 6000 --peer-size 6000",
    ),
    "rules": ("rules.py", "", "--parcels 6000"),
    "check": ("check.py", "--sizes 30000 100000 300000", "--sizes 3000 6000"),
    "topology": ("topology.py", "30000 300000", "6000"),
    "kernels": ("kernels.py", "30000 300000", "6000 --repeat 1"),
    "floor": ("floor.py", "300000", "6000"),
    "units": ("units.py", "", "--small 20 --planted 10 --repeat 1"),
    "units-road": ("units_road.py", "300000", "6000"),
    "filing": ("filing.py", "", "--size 6000"),
    "map": ("map.py", "--sizes 30000 300000", "--sizes 6000"),
    "equality": ("equality.py", "30000 300000", "3000 6000"),
    "growth": (
        "growth.py",
        "30000 150000 300000 1000000 3000000 --anew",
        "3000 6000 --anew",
    ),
    "summary": ("summary.py", "", ""),
}
PEERS = {"kernels": "--peers", "topology": "--duckdb", "units": "--peers"}
DATABASE = ("kernels", "topology")


def line(name: str, given: argparse.Namespace, database: str) -> list[str]:
    """Return how a step is run."""
    script, full, quick = STEPS[name]
    words = [sys.executable, str(HERE / script), *(quick if given.quick else full).split()]
    if name in PEERS and given.peers:
        words += [PEERS[name], given.peers]
    if name in DATABASE and database:
        words += ["--postgis", database]
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default="", help="a Python with the peers")
    parser.add_argument("--quick", action="store_true", help="small districts, pages aside")
    parser.add_argument("--only", nargs="+", choices=list(STEPS), default=list(STEPS))
    given = parser.parse_args()
    environment = dict(os.environ)
    if given.quick:
        pages = HERE / "data" / "quick"
        pages.mkdir(parents=True, exist_ok=True)
        environment["BENCH_PAGES"] = str(pages)
    failed = []
    with scratch() as database:
        for name in given.only:
            if name == "map" and not Path("/usr/bin/chromium").exists():
                print("map: left out, no Chromium", flush=True)
                continue
            print(f"{name}: begun", flush=True)
            begun = time.perf_counter()
            done = subprocess.run(line(name, given, database), env=environment, check=False)
            said = "done" if done.returncode == 0 else f"ended with {done.returncode}"
            print(f"{name}: {said} after {time.perf_counter() - begun:,.0f} s", flush=True)
            failed += [name] if done.returncode else []
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
