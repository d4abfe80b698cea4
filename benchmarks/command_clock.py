"""Seconds and memory of a whole command, all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

BLOCK, BLOCKS = 1 << 24, 64  # bytes: a gigabyte
PAUSE = 1.5  # seconds between two looks at memory, which cost some themselves


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
        with suppress(psutil.TimeoutExpired):  # told at once when it ends
            process.wait(PAUSE)
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


def disk_speed(folder: Path) -> tuple[float, float]:
    """Return bytes a second that a folder's disk reads cold and writes synced, best of three."""
    block, reads, writes = os.urandom(BLOCK), 0.0, 0.0
    for _look in range(3):
        with tempfile.NamedTemporaryFile(dir=folder, buffering=0) as file:
            begun = time.perf_counter()
            for _block in range(BLOCKS):
                file.write(block)
            os.fsync(file.fileno())
            writes = max(writes, BLOCK * BLOCKS / (time.perf_counter() - begun))
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            file.seek(0)
            begun = time.perf_counter()
            while file.read(BLOCK):
                pass
            reads = max(reads, BLOCK * BLOCKS / (time.perf_counter() - begun))
    return reads, writes
