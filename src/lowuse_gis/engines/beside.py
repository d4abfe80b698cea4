"""One process beside this one, for long work on tables that would hold Python's lock here."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from lowuse_gis.engines.memory import collect_seldom, give_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType

Answer = TypeVar("Answer")
POLITE = 10  # steps behind the process that people wait for
MANY = 50_000  # rows: with fewer, to start a process and load libraries costs more than it saves


@dataclass
class Task(Generic[Answer]):
    """Work that was given away, or that waits to be done here.

    Attributes
    ----------
    function, given
        What is done, and what to.
    future
        The work in the other process; None where there is none.
    """

    function: Callable[..., Answer]
    given: tuple[Any, ...]
    future: Future[Answer] | None = None

    def result(self) -> Answer:
        """Return the answer; where the other process was lost, the work is done here.

        Returns
        -------
        object
            What the function returns. Errors are those that it raises.
        """
        if self.future is not None:
            try:
                return self.future.result()
            except BrokenProcessPool:
                self.future = None
        return self.function(*self.given)

    def settle(self) -> None:
        """Wait until the other process has left the work, with or without an answer."""
        if self.future is not None:
            wait([self.future])


class Beside:
    """Gives work to one other process, which is started for large tables only.

    Parameters
    ----------
    many
        Rows from which on the other process is worth its start; `MANY` where None.

    Examples
    --------
    >>> with Beside() as beside:
    ...     beside.give(3, max, [1, 5, 2]).result()
    5
    """

    def __init__(self, many: int | None = None) -> None:
        self._many = MANY if many is None else many
        self._pool: ProcessPoolExecutor | None = None

    def prepare(self, rows: int, *modules: str) -> None:
        """Start the other process and have it load modules, where the tables are large.

        Parameters
        ----------
        rows
            Of what will be given to it.
        *modules
            Names of what holds the functions that will be.
        """
        self.give(rows, _load, modules)

    def give(self, rows: int, function: Callable[..., Answer], *given: Any) -> Task[Answer]:
        """Give work away.

        Parameters
        ----------
        rows
            Of the tables; few are left for when the answer is asked for.
        function
            Of a module, so that the other process finds it.
        *given
            What it takes; it is copied.

        Returns
        -------
        Task
            Tasks are done in the order given.
        """
        if rows < self._many:
            return Task(function, given)
        if self._pool is None:
            context = multiprocessing.get_context("spawn")  # threads of a forked process are lost
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
        try:
            return Task(function, given, self._pool.submit(function, *given))
        except (BrokenProcessPool, OSError):  # no room for another process
            return Task(function, given)

    def close(self) -> None:
        """Say that no more work comes: the other process leaves when it has done what it has."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send the other process home; what it has not begun is left undone."""
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)


def _begin() -> None:
    """Prepare the process: whoever stops the command stops the one that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(POLITE)
    give_back()
    collect_seldom()


def _load(modules: tuple[str, ...]) -> None:
    for module in modules:
        import_module(module)
