"""Workers of a Dask cluster, on this machine or many."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from lowuse_gis.errors import EngineError, InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
SECONDS = "30s"  # to reach a scheduler


class Cluster:
    """Run on the workers of Dask.

    Parameters
    ----------
    workers
        How many processes to start; 0 for one per core. Of no meaning with a scheduler.
    scheduler
        Address of one that runs; empty to start workers on this machine.

    Raises
    ------
    InputError
        Where Dask is not installed, or no scheduler answers.
    """

    def __init__(self, workers: int = 0, scheduler: str = "") -> None:
        try:
            self._dask: Any = import_module("distributed")
        except ImportError as error:
            raise InputError(
                _("--engine dask: Dask is not installed"), _("pip install 'lowuse-gis[cluster]'")
            ) from error
        self._cluster: Any = None
        address = scheduler
        if not scheduler:
            self._cluster = self._dask.LocalCluster(
                n_workers=workers or os.cpu_count() or 1,
                threads_per_worker=1,
                dashboard_address=None,
                memory_limit=0,
            )
            address = self._cluster.scheduler_address
        try:
            self._client = self._dask.Client(address, timeout=SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                _("{address}: no scheduler answers").format(address=scheduler),
                _("start one with 'dask scheduler', workers with 'dask worker ADDRESS'"),
            ) from error

    def over(self, function: Callable[[Item], None], items: Sequence[Item]) -> Iterator[Item]:
        """Run a function over all inputs; see `lowuse_gis.engines.Engine`."""
        futures = [self._client.submit(function, item, pure=False) for item in items]
        known = {future.key: item for future, item in zip(futures, items, strict=True)}
        try:
            for future in self._dask.as_completed(futures, loop=self._client.loop):
                future.result()
                yield known[future.key]
        except self._dask.KilledWorker as error:
            raise EngineError(
                _("workers were lost again and again"),
                _("give them more memory; what is finished is kept"),
            ) from error
        finally:
            self._client.cancel(futures)

    def close(self) -> None:
        """Leave the scheduler, and end workers that were started here."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
