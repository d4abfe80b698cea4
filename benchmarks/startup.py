"""How long a command takes before it begins: `python benchmarks/startup.py`.

Every command is asked for its help in a process of its own, five times after one that warms the
disk; RESULTS-startup.md has the medians, beside Python alone and the library that takes longest.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from statistics import median

from typer.main import get_command

from lowuse_gis.cli import app
from pages import page

REPORT = page("startup")
TIMES = 5
PEERS = {"python, nothing": "", "`import geopandas`": "import geopandas"}


def commands() -> list[list[str]]:
    """List all commands, those of groups with the name of their group."""
    found = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [[name, one] for one in inner] if inner else [[name]]
    return sorted(found)


def seconds(line: list[str]) -> float:
    """Return the median of some runs, in seconds."""
    taken = []
    for _time in range(TIMES + 1):
        begun = time.perf_counter()
        subprocess.run([sys.executable, *line], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return median(taken[1:])


def main() -> None:
    load = os.getloadavg()[0]
    text = (
        "# How long commands take to begin\n\nWritten by `python benchmarks/startup.py`;"
        f" {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load"
        f" before {load:.1f}. `COMMAND --help`, median of {TIMES}.\n\n| what | s |\n|---|--:|\n"
    )
    for name, code in PEERS.items():
        text += f"| {name} | {seconds(['-c', code]):.2f} |\n"
    for words in commands():
        text += f"| `{' '.join(words)}` | {seconds(['-m', 'lowuse_gis', *words, '--help']):.2f} |\n"
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
