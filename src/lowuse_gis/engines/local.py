"""Processes of this machine, each with one partition at a time."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from lowuse_gis.engines.memory import collect_seldom, give_back
from lowuse_gis.engines.parent import leave_with_parent
from lowuse_gis.errors import EngineError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
TRIES = 3  # a worker that is killed takes the others of its pool with it


class Local:
    """Run in processes of this machine; in this one where one worker is enough.

    Parameters
    ----------
    workers
        How many; 0 for one per core. Memory is bounded by as many of the largest partitions.
    """

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def over(self, function: Callable[[Item], None], items: Sequence[Item]) -> Iterator[Item]:
        """Run a function over all inputs; see `lowuse_gis.engines.Engine`."""
        if self.workers == 1 or len(items) < 2:  # noqa: PLR2004  one needs no pool
            for item in items:
                function(item)
                yield item
            return
        rest = list(range(len(items)))
        for _try in range(TRIES):
            for at in self._once(function, items, rest):
                rest.remove(at)
                yield items[at]
            if not rest:
                return
        raise EngineError(
            _("workers were lost {count} times").format(count=TRIES),
            _("give them more memory with fewer --workers; what is finished is kept"),
        )

    def _once(
        self, function: Callable[[Item], None], items: Sequence[Item], rest: Sequence[int]
    ) -> Iterator[int]:
        """Go through what is left until a worker is lost."""
        if self._pool is None:
            self._pool = _pool_of(self.workers)
        futures = {self._pool.submit(function, items[at]): at for at in rest}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        except BrokenProcessPool:
            self.close()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Send the workers home; what they have not begun is left undone."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _pool_of(workers: int) -> ProcessPoolExecutor:
    """Start workers, who stay from step to step: each has to load the libraries once."""
    context = multiprocessing.get_context("spawn")  # threads of a forked process are lost
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Prepare a worker."""
    leave_with_parent()
    give_back()
    collect_seldom()
