"""Layers taken apart once, however many measures ask for them."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.kernels.ragged import Ragged

    Kept = dict[tuple[int, tuple[float, float]], tuple[weakref.ref[NDArray[np.object_]], Ragged]]

_kept: list[Kept] = []
_one_at_a_time = Lock()


@contextmanager
def layers_kept() -> Iterator[None]:
    """Keep what layers were taken into, until the end of the block or of the layer's array.

    In the block nobody may change an array of shapes in place. A block within it keeps no longer.
    """
    if _kept:
        yield
        return
    _kept.append({})
    try:
        yield
    finally:
        _kept.pop()


def apart(geometry: NDArray[np.object_], origin: tuple[float, float]) -> Ragged:
    """Take polygons apart, or return what the same array was taken into before.

    Parameters
    ----------
    geometry, origin
        As for `lowuse_gis.kernels.ragged.ragged`.

    Returns
    -------
    Ragged
        A new one outside of `layers_kept`.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> squares = np.array([shapely.box(0, 0, 1, 1)])
    >>> with layers_kept():
    ...     apart(squares, (0.0, 0.0)) is apart(squares, (0.0, 0.0))
    True
    """
    from lowuse_gis.kernels.ragged import ragged  # noqa: PLC0415  loads numba

    now = _kept[-1:]  # the block may end in another thread
    if not now:
        return ragged(geometry, origin)
    layers, key = now[0], (id(geometry), origin)
    with _one_at_a_time:  # two threads that ask for a layer wait for the same one
        known = layers.get(key)
        if known is None or known[0]() is not geometry:
            gone = weakref.ref(geometry, lambda _ref: layers.pop(key, None))
            known = layers[key] = gone, ragged(geometry, origin)
    return known[1]
