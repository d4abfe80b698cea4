"""Whether loops can be compiled here, where the machine code is kept, and who is told."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

HAVE_NUMBA = importlib.util.find_spec("numba") is not None
SWITCH = "LOWUSE_KERNELS"  # "no" turns compiled loops off
SMALL = 5_000  # polygons: below, the shapely way is done before compiled code is loaded
_listeners: list[Callable[[], None]] = []
_told: list[bool] = []


def wanted(count: int, least: int = SMALL) -> bool:
    """Say whether compiled loops serve an input of some size.

    Parameters
    ----------
    count
        How many polygons there are.
    least
        From how many on compiled loops are worth loading.

    Returns
    -------
    bool
        False without numba, and where the environment variable ``LOWUSE_KERNELS`` is ``no``;
        ``LOWUSE_KERNELS=yes`` means them for any size.
    """
    switch = os.environ.get(SWITCH, "")
    if not HAVE_NUMBA or switch == "no":
        return False
    return switch == "yes" or count >= least


def when_compiling(listener: Callable[[], None]) -> None:
    """Name whom to tell when code has to be compiled, which takes seconds, once on a machine.

    Parameters
    ----------
    listener
        Called without arguments, at most once, before the first compilation.
    """
    _listeners[:] = [listener]


def cache_folder() -> Path:
    """Return where machine code is kept: in ``NUMBA_CACHE_DIR``, else in the user's cache.

    Returns
    -------
    Path
        A folder for these very sources: numba looks only at the file of a loop, not at those of
        the loops it calls, and would go on with what was compiled of their former text.
    """
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named) / _fingerprint()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "lowuse" / "kernels" / _fingerprint()


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop when it is first called; it runs without the interpreter's lock.

    Parameters
    ----------
    function
        Numbers and arrays in, numbers and arrays out.

    Returns
    -------
    callable
        The function itself where numba is not installed: right, and slow.
    """
    if not HAVE_NUMBA:
        return function
    kept = _keeps()
    import numba  # noqa: PLC0415  costs a third of a second, and only who computes needs it

    if kept:
        numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    return numba.njit(function, cache=kept, nogil=True, error_model="numpy")


def _keeps() -> bool:
    """Say whether machine code can be kept; without a place for it, it is compiled each time."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def announce() -> None:
    """Tell the listener once, where this machine has not compiled these loops before."""
    if _told:
        return
    _told.append(True)
    mark = cache_folder() / "compiled"
    if mark.exists():
        return
    for listener in _listeners:
        listener()
    if _keeps():
        mark.touch()


@cache
def _fingerprint() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    content = b"".join(path.read_bytes() for path in sources)
    version = importlib.metadata.version("numba") if HAVE_NUMBA else ""
    return hashlib.sha256(content + version.encode()).hexdigest()[:16]


def chunks(
    loop: Callable[[int, int], object], count: int, threads: int = 2, least: int = 2_000
) -> list[Any]:
    """Call a loop on ranges of its input, several at once.

    Parameters
    ----------
    loop
        Takes the first position and the one after the last; releases the interpreter's lock.
    count
        How many positions there are.
    threads
        How many ranges run at once.
    least
        Positions below which one range is enough.

    Returns
    -------
    list
        What the loop returned, in order.
    """
    pieces = 1 if threads <= 1 or count < least else threads * 4
    return in_ranges(loop, np.linspace(0, count, pieces + 1).astype(np.int64), threads)


def in_ranges(
    loop: Callable[[int, int], object], cuts: NDArray[np.int64], threads: int = 2
) -> list[Any]:
    """Call a loop on given ranges of its input, several at once, the first ones first.

    Parameters
    ----------
    loop
        Takes the first position and the one after the last; releases the interpreter's lock.
    cuts
        Where each range begins, and the end of the last.
    threads
        How many ranges run at once.

    Returns
    -------
    list
        What the loop returned, in order.
    """
    announce()
    ranges = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))
    if len(ranges) == 1:
        return [loop(*ranges[0])]
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        return list(pool.map(lambda piece: loop(*piece), ranges))


def cuts_by_weight(weight: NDArray[np.int64], pieces: int) -> NDArray[np.int64]:
    """Cut a row into ranges of about the same weight.

    Parameters
    ----------
    weight
        Of each position.
    pieces
        How many ranges there should be.

    Returns
    -------
    ndarray of int
        Where each range begins, and the end of the last; no range is empty.

    Examples
    --------
    >>> cuts_by_weight(np.array([8, 1, 1, 1, 1]), 2).tolist()
    [0, 1, 5]
    """
    total = np.cumsum(weight)
    steps = np.arange(1, pieces) * weight.sum() / pieces
    cuts = np.concatenate([[0], np.searchsorted(total, steps) + 1, [len(weight)]])
    return np.unique(np.minimum(cuts, len(weight)))


def offsets_of(counts: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Turn counts into offsets.

    Parameters
    ----------
    counts
        How many each has.

    Returns
    -------
    ndarray of int
        One longer; the first is 0.

    Examples
    --------
    >>> offsets_of(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
