"""Begin what a long command will need while Python is still loading the command itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lowuse_gis.engines.beside import LARGE, kept_beside, load_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def loading_ahead(module: str, parcels: Sequence[Path], project: Path) -> Iterator[None]:
    """Keep a process beside this one in the block, and start it now if files seem large.

    Parameters
    ----------
    module
        What both are to load.
    parcels
        As the user named them: files, or a folder of partitions, whose work is parted already.
    project
        A project file, or the folder where one is looked for.
    """
    with kept_beside():
        if not any(path.is_dir() for path in parcels) and _size(parcels, project) > LARGE:
            load_beside(module)
        yield


def _size(parcels: Sequence[Path], project: Path) -> int:
    """Add up what is named and what stands beside the project file; nobody has read that yet."""
    folder = project if project.is_dir() else project.parent
    beside = folder.iterdir() if folder.is_dir() else ()
    files = {path.resolve() for path in (*parcels, *beside) if path.is_file()}
    return sum(file.stat().st_size for file in files)
