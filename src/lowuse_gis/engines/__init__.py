"""Engines: who runs a function over the partitions of a district, on one machine or many.

An engine knows nothing of land: it is given a function and its inputs, and says which are done.
What a function finds stands in files, so that an engine carries names and no data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
LOCAL, DASK, SPARK = "local", "dask", "spark"


class Engine(Protocol):
    """Runs a function over inputs."""

    def over(self, function: Callable[[Item], None], items: Sequence[Item]) -> Iterator[Item]:
        """Run a function over all inputs.

        Parameters
        ----------
        function
            Of a module; what it does for an input is the same however often it is done.
        items
            Inputs, the heaviest first.

        Yields
        ------
        item
            Each as it is done.

        Raises
        ------
        EngineError
            Where workers were lost again and again.
        """

    def close(self) -> None:
        """Send the workers home."""


def engine_of(name: str, workers: int, scheduler: str = "") -> Engine:
    """Start an engine.

    Parameters
    ----------
    name
        ``local``, ``dask`` or ``spark``.
    workers
        How many work at once; 0 for as many as the machine has cores.
    scheduler
        Address of a running Dask scheduler or Spark master; empty to start workers on this machine.

    Returns
    -------
    Engine

    Raises
    ------
    InputError
        Where there is no such engine, or it is not installed.
    """
    if name == LOCAL and scheduler:
        raise InputError(
            _("--scheduler needs --engine dask or spark"),
            _("add --engine dask, or leave --scheduler away"),
        )
    if workers < 0:
        raise InputError(
            _("--workers {count}: one worker at least").format(count=workers),
            _("leave --workers away for one per core"),
        )
    if name == LOCAL:
        from lowuse_gis.engines.local import Local  # noqa: PLC0415  dask loads much

        return Local(workers)
    if name == DASK:
        from lowuse_gis.engines.cluster import Cluster  # noqa: PLC0415

        return Cluster(workers, scheduler)
    if name == SPARK:
        from lowuse_gis.engines.spark import Spark  # noqa: PLC0415

        return Spark(workers, scheduler)
    raise InputError(
        _("unknown engine {name}").format(name=name),
        _("known engines: {names}").format(names="local, dask, spark"),
    )
