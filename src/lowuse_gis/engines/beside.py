"""A process beside this one, for long work on tables that would hold Python's lock here."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from lowuse_gis.engines.memory import collect_seldom, give_back, trim
from lowuse_gis.engines.parent import leave_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

Answer = TypeVar("Answer")
POLITE = 10  # steps behind the process that people wait for
MANY = 50_000  # rows: with fewer, to start a process and load libraries costs more than it saves
MOST = 1_000_000  # rows: with more, a copy takes gigabytes
LARGE = 1 << 26  # bytes of files, from which on tables are likely to be long

_kept: list[list[ProcessPoolExecutor]] = []  # of each block of `kept_beside`: the process, if any


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


@contextmanager
def kept_beside() -> Iterator[None]:
    """Keep one process for all work that is given away in the block, done in its order.

    Examples
    --------
    >>> with kept_beside():
    ...     beside(3, max, [1, 5, 2]).result()
    5
    """
    if is_kept():  # by a block around this one
        yield
        return
    here: list[ProcessPoolExecutor] = []
    _kept.append(here)
    try:
        yield
    finally:
        _kept.pop()
        for pool in here:
            pool.shutdown(wait=False, cancel_futures=True)


def load_beside(*modules: str) -> None:
    """Have the process that is kept load what it will need, while this one is still reading.

    Parameters
    ----------
    *modules
        Their names.
    """
    with suppress(BrokenProcessPool, OSError):  # no room for another process
        for module in modules:
            _pool().submit(_load, module)


def is_kept() -> bool:
    """Say whether a process is kept that was started.

    Returns
    -------
    bool

    Examples
    --------
    >>> with kept_beside():
    ...     is_kept()  # it is started when there is work for it
    False
    """
    return bool(_kept and _kept[-1])


def takes(file: Path) -> bool:
    """Say whether the process that is kept takes work on what stands in a file.

    Parameters
    ----------
    file
        What comes back is a copy of about its size.

    Returns
    -------
    bool
    """
    return is_kept() and file.is_file() and file.stat().st_size <= LARGE


def give(function: Callable[..., Answer], *given: Any) -> Task[Answer]:
    """Give work to the process that is kept, or to a new one.

    Parameters
    ----------
    function, *given
        As for `beside`.

    Returns
    -------
    Task
    """
    try:
        pool = _pool()
        future = pool.submit(function, *given)
        pool.submit(trim)  # and the queue keeps what it sent last until it sends something else
    except (BrokenProcessPool, OSError):  # no room for another process
        return Task(function, given)
    if not _kept:
        pool.shutdown(wait=False)  # it leaves when it has done this
    return Task(function, given, future)


def is_long(rows: int) -> bool:
    """Say whether work on a table goes to another process.

    Parameters
    ----------
    rows
        Of the table.

    Returns
    -------
    bool
    """
    return MANY <= rows <= MOST


def beside(rows: int, function: Callable[..., Answer], *given: Any) -> Task[Answer]:
    """Give work to another process where tables are large.

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
    return give(function, *given)


def _pool() -> ProcessPoolExecutor:
    """Return the process that is kept, or a new one."""
    if _kept and _kept[-1]:
        return _kept[-1][0]
    context = multiprocessing.get_context("spawn")  # threads of a forked process are lost
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
    if _kept:
        _kept[-1].append(pool)
    return pool


def _load(module: str) -> None:
    """Load what later work needs."""
    import_module(module)


def _begin() -> None:
    """Prepare the process: whoever stops the command stops the one that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_with_parent()
    if hasattr(os, "nice"):
        os.nice(POLITE)
    give_back()
    collect_seldom()
