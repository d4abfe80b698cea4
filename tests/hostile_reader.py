"""Read whatever stands at the paths on stdin, with little memory, and say how it went.

A process of its own: what brings Python down must not bring the test down. One JSON line per path.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

from lowuse_gis.errors import InputError
from lowuse_gis.io.delivery import find
from lowuse_gis.io.opened import open_layer
from lowuse_gis.io.tables import sheets_of

MEMORY = 4 << 30


def read(path: Path) -> list[str]:
    """Return what was told; anything but a notice or an InputError is raised."""
    with tempfile.TemporaryDirectory() as folder:
        contents = find(path, Path(folder))
        told = [notice.code for notice in contents.notices]
        for found in contents.found:
            try:
                if found.kind == "table":
                    told.append(f"{sum(len(sheet.cells) for sheet in sheets_of(found.path))} rows")
                else:
                    opened = open_layer(found)
                    told += [notice.code for notice in opened.notices]
                    told.append(f"{len(opened.frame)} rows")
            except InputError as error:
                told.append(f"refused: {error.message}")
        return told


def main() -> None:
    """Read the paths of stdin."""
    warnings.simplefilter("ignore")
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except ImportError:
        pass
    for line in sys.stdin:
        start = time.perf_counter()
        try:
            told, wrong = read(Path(line.strip())), ""
        except BaseException as error:  # noqa: BLE001  everything else is what is looked for
            told, wrong = [], repr(error)
        seconds = time.perf_counter() - start
        sys.stdout.write(json.dumps({"told": told, "wrong": wrong, "seconds": seconds}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
