"""Work on several threads, with an answer that does not depend on how many."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

CHUNK = 20_000


def in_threads(
    function: Callable[..., NDArray[Any]],
    *arrays: NDArray[Any],
    threads: int = 2,
    together: NDArray[np.intp] | None = None,
    chunk: int = 0,
) -> NDArray[Any]:
    """Apply a vectorised function to chunks of arrays on several threads.

    Parameters
    ----------
    function
        Takes as many arrays as given, all of one length, and returns one; releases the GIL.
    *arrays
        What to cut into chunks.
    threads
        How many at once.
    together
        Sorted labels; what bears the same one stays in one chunk. A prepared geometry builds its
        index while it is used, so two threads must never use the same one.
    chunk
        How many to a chunk, where not as many as usual.

    Returns
    -------
    ndarray
        The chunks' results in order, so the answer does not depend on `threads`.
    """
    cuts = np.arange(chunk or CHUNK, len(arrays[0]), chunk or CHUNK)
    if together is not None and len(cuts):
        cuts = np.unique(np.searchsorted(together, together[cuts]))
        cuts = cuts[cuts > 0]
    if not len(cuts):
        return function(*arrays)
    pieces = zip(*(np.split(array, cuts) for array in arrays), strict=True)
    if threads <= 1:  # by chunks too: they stay in the processor's cache, and memory bounded
        return np.concatenate([function(*piece) for piece in pieces])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(lambda piece: function(*piece), pieces)))


@contextmanager
def meanwhile(threads: int = 2) -> Iterator[Callable[..., Future[Any]]]:
    """Begin work on another thread that goes on while the block goes on.

    Parameters
    ----------
    threads
        How many at once; with one, work is done when it is begun.

    Yields
    ------
    callable
        Takes a function and its arguments, and returns a future; what is begun is done in order.
        What is not begun when the block ends is not done.

    Examples
    --------
    >>> with meanwhile() as begin:
    ...     largest = begin(max, [1, 5, 2])
    ...     largest.result()
    5
    """
    if threads <= 1:
        yield _at_once
        return
    pool = ThreadPoolExecutor(1)
    try:
        yield pool.submit
    finally:
        pool.shutdown(cancel_futures=True)


def _at_once(function: Callable[..., Any], *given: Any) -> Future[Any]:
    done: Future[Any] = Future()
    done.set_result(function(*given))
    return done
