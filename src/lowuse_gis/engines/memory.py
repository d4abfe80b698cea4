"""Memory that is freed goes back to the system, so that a run needs what it holds and no more."""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import sys

TRIM, MAP, ARENAS = -1, -3, -8  # numbers of mallopt(3)
SELDOM = (50_000, 20, 50)  # new objects, and rounds, before Python looks for cycles
LARGE = 1 << 24  # bytes: blocks from this size on go back as soon as they are free
LYING = 1 << 26  # bytes that may lie free at the end of the heap


def give_back() -> None:
    """Tell the C library, and Arrow, to give back what is freed.

    glibc learns from large blocks that are freed to keep the next ones, and each thread keeps
    some of its own; a column of a table is such a block. Judging 300,000 parcels, blocks from 1 MB
    on needed 2.8 GB, and 17 CPU seconds in the kernel, which zeroes new memory page by page; from
    16 MB on 2.9 GB and 8 seconds. Other systems do as they do.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for setting, value in ((TRIM, LYING), (MAP, LARGE), (ARENAS, 2)):
            library.mallopt(setting, value)


def collect_seldom() -> None:
    """Have Python look for cycles of dead objects less often than by default, and not at its end.

    Tables make many objects and few cycles: judging 30,000 or 300,000 parcels takes 5 % less CPU
    seconds so, and no more memory. When a process ends its memory is given back whole.
    """
    gc.set_threshold(*SELDOM)
    atexit.register(gc.freeze)


def trim() -> None:
    """Give back now what lies free between blocks that are in use.

    Shapes are many small blocks, and glibc gives those back only from the end of its heap: after a
    layer of six million buildings is let go, gigabytes stay. Other systems do as they do.
    """
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
