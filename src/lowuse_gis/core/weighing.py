"""What verdicts weigh: the areas that count as low-use land."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core import verdict as formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEDUCTED = ("control_area", "permanent_farmland_area", "redline_area")


def verdict_table(
    verdict: NDArray[np.object_], leaning: NDArray[np.bool_], parcels: pd.DataFrame
) -> pd.DataFrame:
    """Put verdicts and the areas they weigh together.

    Parameters
    ----------
    verdict, leaning, parcels
        Verdicts, and the parcels they are of.

    Returns
    -------
    DataFrame
        ``verdict``, ``leaning``, ``low_use_area`` and ``possible_area`` (m²); the area less what
        control lines take from it, as far as that is known.
    """
    net = net_area(parcels)
    possible = (verdict == formula.LOW_USE) | (verdict == formula.UNDETERMINED)
    return pd.DataFrame(
        {
            "verdict": verdict,
            "leaning": pd.array(leaning, dtype="boolean"),
            "low_use_area": np.where(verdict == formula.LOW_USE, net, 0.0),
            "possible_area": np.where(possible, net, 0.0),
        },
        index=parcels.index,
    )


def net_area(parcels: pd.DataFrame) -> NDArray[np.float64]:
    """Return the area a parcel would have as low-use land, in m² to two decimals.

    Parameters
    ----------
    parcels
        With ``area`` and the areas that control lines take.

    Returns
    -------
    ndarray of float
    """
    taken = parcels[list(DEDUCTED)].max(axis=1).fillna(0).to_numpy(dtype=float)
    area: NDArray[np.float64] = parcels["area"].fillna(0).to_numpy(dtype=float)
    return (area - taken).round(2)
