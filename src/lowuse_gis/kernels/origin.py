"""A place near the data from which coordinates are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKED_AT = 100  # features that may be empty before one that is not


def origin_of(*layers: NDArray[np.object_]) -> tuple[float, float]:
    """Choose an origin for layers that are to be compared.

    Parameters
    ----------
    *layers
        Geometries of one plane.

    Returns
    -------
    tuple of float
        Whole kilometres near the middle of the first feature, so that taking it off is exact.
    """
    for layer in layers:
        for geometry in layer[:LOOKED_AT]:
            if geometry is not None and not geometry.is_empty:
                x, y = geometry.bounds[:2]
                return float(np.round(x, -3)), float(np.round(y, -3))
    return 0.0, 0.0
