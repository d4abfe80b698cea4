"""Processes beside this one, for long work on tables that would hold Python's lock here."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from lowuse_gis.engines.memory import collect_seldom, give_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

Answer = TypeVar("Answer")
POLITE = 10  # steps behind the process that people wait for
MANY = 50_000  # rows: with fewer, to start a process and load libraries costs more than it saves
MOST = 1_000_000  # rows: with more, a copy takes gigabytes


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

    def __post_init__(self) -> None:
        """Let go of what was given when the work is done elsewhere."""
        if self.future is not None:
            self.future.add_done_callback(self._spare)

    def _spare(self, done: Future[Answer]) -> None:
        if not done.cancelled() and done.exception() is None:
            self.given = ()

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


def beside(rows: int, function: Callable[..., Answer], *given: Any) -> Task[Answer]:
    """Give work to a process of its own where tables are large.

    It is one for each work: the memory of a process that is done with a large table stays in use.

    Parameters
    ----------
    rows
        Of the tables; work on few is left for when the answer is asked for. Work on very many goes
        to a thread of this process, so that nothing is copied: it goes on while this one waits.
    function
        Of a module, so that the other process finds it.
    *given
        What it takes; it is copied.

    Returns
    -------
    Task

    Examples
    --------
    >>> beside(3, max, [1, 5, 2]).result()
    5
    """
    if rows < MANY:
        return Task(function, given)
    if rows > MOST:
        desk = ThreadPoolExecutor(1)
        future = desk.submit(function, *given)
        desk.shutdown(wait=False)
        return Task(function, given, future)
    context = multiprocessing.get_context("spawn")  # threads of a forked process are lost
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
    try:
        future = pool.submit(function, *given)
        pool.submit(_nothing)  # the queue keeps what it sent last until it sends something else
        return Task(function, given, future)
    except (BrokenProcessPool, OSError):  # no room for another process
        return Task(function, given)
    finally:
        pool.shutdown(wait=False)  # it leaves when it has done this


def _nothing() -> None:
    """Do nothing."""


def _begin() -> None:
    """Prepare the process: whoever stops the command stops the one that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(POLITE)
    give_back()
    collect_seldom()
