"""What a command was asked about partitions: which folder, and who does the work."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from lowuse_gis.engines import LOCAL, engine_of
from lowuse_gis.errors import InputError
from lowuse_gis.io.partitions import is_partitioned
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lowuse_gis.engines import Engine


class Asked(Protocol):
    """A request that may name an engine, as `lowuse_gis.engines.engine_of` takes it."""

    @property
    def engine(self) -> str:
        """Name; empty for this machine."""

    @property
    def workers(self) -> int:
        """How many; 0 for one per core."""

    @property
    def scheduler(self) -> str:
        """Address; empty for workers on this machine."""


def folder_among(paths: Sequence[Path], request: Asked) -> Path | None:
    """Return the folder of partitions that a command was given.

    Parameters
    ----------
    paths
        Files and folders, as named.
    request
        An engine is for partitions only.

    Returns
    -------
    Path or None
        None where files were given.

    Raises
    ------
    InputError
        Where something else was given beside the folder, or an engine without one.
    """
    folders = [path for path in paths if is_partitioned(path)]
    if folders and len(paths) > 1:
        raise InputError(
            _("{folder}: a folder of partitions is taken alone").format(folder=folders[0]),
            _("give it alone, or give files"),
        )
    if not folders:
        refuse_engine(request, _("make one first: lowuse partition --project FOLDER -o data"))
    return folders[0] if folders else None


def refuse_engine(request: Asked, hint: str) -> None:
    """Refuse an engine where there are no partitions.

    Parameters
    ----------
    request
        What the user asked for.
    hint
        How to come by partitions.

    Raises
    ------
    InputError
        Where an engine, workers or a scheduler were named.
    """
    if request.engine or request.workers or request.scheduler:
        raise InputError(
            _("--engine, --workers and --scheduler are for a folder of partitions"), hint
        )


@contextmanager
def engine_for(request: Asked) -> Iterator[Engine]:
    """Start the engine that was asked for, and send its workers home in the end.

    Parameters
    ----------
    request
        What the user asked for.

    Yields
    ------
    Engine
    """
    engine = engine_of(request.engine or LOCAL, request.workers, request.scheduler)
    try:
        yield engine
    finally:
        engine.close()
