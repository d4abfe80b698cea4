"""How good all units of a drawing are together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def totals(units: pd.DataFrame, blocks: pd.DataFrame, left_out: pd.DataFrame) -> dict[str, float]:
    """Add a drawing up.

    Parameters
    ----------
    units, blocks, left_out
        Its tables.

    Returns
    -------
    dict
        ``units``; ``objective`` and ``upper_bound`` (m²) and ``gap``, their distance / bound,
        missing for units drawn by hand;
        areas (m²); ``low_use_share``; ``captured``, the part of all low-use land that is in
        units; mean ``compactness`` (Polsby–Popper, by area) and ``stability``.
    """
    value = float(blocks["objective"].sum())
    bound = float(blocks["upper_bound"].sum(skipna=False))
    area, low = float(units["area"].sum()), float(units["low_use_area"].sum())
    out = float(left_out["area"].sum())
    weight = units["area"].to_numpy(dtype=float)

    def mean(name: str) -> float:
        return round(float(np.average(units[name], weights=weight)), 4) if area else float("nan")

    return {
        "units": len(units),
        "objective": round(value, 2),
        "upper_bound": round(bound, 2),
        "gap": round((bound - value) / bound, 6) if bound else 0.0,
        "area": round(area, 2),
        "low_use_area": round(low, 2),
        "infill_area": round(float(units["infill_area"].sum()), 2),
        "low_use_share": round(low / area, 6) if area else 0.0,
        "left_out": len(left_out),
        "left_out_area": round(out, 2),
        "captured": round(low / (low + out), 6) if low + out else 0.0,
        "compactness": mean("polsby_popper"),
        "stability": mean("stability"),
    }
