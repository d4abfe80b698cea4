"""Time one way in this process: wall seconds, CPU seconds of all threads, peak memory, load."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 120  # seconds for what is timed
MARK = Path("/proc/self/clear_refs")  # Linux: "5" sets the peak back


def peak() -> float:
    """Return the highest resident memory since it was set back, MB."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clocked(function: Callable[..., Any], *inputs: Any) -> Any:
    """Call a function, print what it took, and return its answer; too long ends the process."""
    if MARK.exists():
        MARK.write_text("5", encoding="ascii")
    signal.alarm(int(os.environ.get("KERNEL_LIMIT", LIMIT)))
    begin, cpu = time.perf_counter(), time.process_time()
    answer = function(*inputs)
    took = {"s": time.perf_counter() - begin, "cpu": time.process_time() - cpu}
    signal.alarm(0)
    print(json.dumps({**took, "mb": peak(), "load": os.getloadavg()[0]}))
    sys.stdout.flush()
    return answer
