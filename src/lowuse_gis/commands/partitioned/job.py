"""A step of one partition: what a worker is handed, and where its outcome is kept."""

from __future__ import annotations

import json
import os
import shutil
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import OutputError
from lowuse_gis.io.partitions import read_frame
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.language import _
from lowuse_gis.model import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.commands.receive_delivery import Item
    from lowuse_gis.io.supply import Supply
    from lowuse_gis.model import Source

KNOWN = "known.json"


@dataclass(frozen=True)
class Job:
    """What a worker is handed; it reads the rest from the folder.

    Attributes
    ----------
    step
        ``ground``, ``judge`` or ``finish``.
    folder, part
        The folder of partitions, and the one to do.
    out
        Folder of the outcome, named by the hash of all it depends on.
    facts
        Folder of what the whole district says of this partition; None for nothing.
    before
        Outcome of the step before, of this partition.
    neighbours
        Partitions that lie at this one, and their outcomes of the step before.
    rules, as_of, language, with_names, threads
        What a `Run` is made of.
    sources, rasters
        What was supplied; rasters to be opened.
    files
        Layers of the partition and the hash that each file must have.
    item
        A file to be read as it was delivered; None for none.
    weight
        Rows: the heaviest are done first.
    """

    step: str
    folder: Path
    part: str
    out: Path
    rules: str
    as_of: date
    language: str
    with_names: bool
    facts: Path | None = None
    before: Path | None = None
    neighbours: tuple[tuple[str, Path], ...] = ()
    threads: int = 1
    sources: tuple[Source, ...] = ()
    rasters: tuple[Supply, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    item: Item | None = None
    weight: int = 0

    @property
    def run(self) -> Run:
        """The rules to judge by."""
        return Run(read_rulebook(self.rules), self.as_of, self.threads, self.with_names)


def facts_of(job: Job) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read what a job is told.

    Parameters
    ----------
    job
        Made by a `Bench`.

    Returns
    -------
    facts : dict
        Tables by name.
    known : dict
        Plain values.
    """
    if job.facts is None:
        return {}, {}
    frames = {file.stem: read_frame(file) for file in sorted(job.facts.glob("*.parquet"))}
    return frames, json.loads((job.facts / KNOWN).read_text("utf-8"))


@contextmanager
def outcome_of(job: Job) -> Iterator[Path]:
    """Give a folder to write the outcome of a job to, which gets its name when it is whole.

    Parameters
    ----------
    job
        Not done yet.

    Yields
    ------
    Path

    Raises
    ------
    OutputError
        Where it cannot be written, as on a full disk.
    """
    job.out.parent.mkdir(parents=True, exist_ok=True)
    part = job.out.with_name(f".{job.out.name}.{socket.gethostname()}.{os.getpid()}")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        yield part
        settle(part, job.out)
    except OSError as error:
        raise OutputError(
            _("{path}: cannot be written: {reason}").format(
                path=job.out, reason=error.strerror or str(error)
            ),
            _("free some space and run the same command again: what is finished is kept"),
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def settle(part: Path, final: Path) -> Path:
    """Give a folder its final name; one that stands there already holds the same.

    Parameters
    ----------
    part, final
        Where it was written, and the name that says what it is a function of.

    Returns
    -------
    Path
        The final one.
    """
    if final.exists():
        shutil.rmtree(part)
        return final
    try:
        part.rename(final)
    except OSError:  # another worker was faster
        if not final.exists():
            raise
        shutil.rmtree(part, ignore_errors=True)
    return final
