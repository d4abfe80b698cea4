"""What differs between two drawings of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

SAME, CHANGED, ONLY_A, ONLY_B = "same", "changed", "only_a", "only_b"
DIGITS = 4


def unit_changes(
    units: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], members: tuple[pd.DataFrame, pd.DataFrame]
) -> gpd.GeoDataFrame:
    """Match the units of two drawings by the parcels they share.

    Parameters
    ----------
    units, members
        Of the first and the second drawing.

    Returns
    -------
    GeoDataFrame
        A line per unit of either: ``state`` (``same``, ``changed``, ``only_a``, ``only_b``),
        ``unit_a``, ``unit_b`` that shares most area, ``likeness`` (Jaccard index of their parcels'
        area), areas (m²), geometry of the second where it has one.
    """
    one, two = (_parcels(frame) for frame in members)
    both = one.merge(two[["parcel_code", "unit_id"]], on="parcel_code", suffixes=("_a", "_b"))
    shared = both.groupby(["unit_id_a", "unit_id_b"], as_index=False)["area"].sum()
    size_a, size_b = (frame.groupby("unit_id")["area"].sum() for frame in (one, two))
    sizes = [
        shared[f"unit_id_{s}"].map(size).astype(float) for s, size in (("a", size_a), ("b", size_b))
    ]
    whole = sum(sizes) - shared["area"].astype(float)
    shared["likeness"] = (shared["area"] / whole).round(DIGITS)
    shared = shared.sort_values(
        ["likeness", "unit_id_a", "unit_id_b"], ascending=[False, True, True]
    )
    best_a = shared.drop_duplicates("unit_id_a").set_index("unit_id_a")
    best_b = shared.drop_duplicates("unit_id_b").set_index("unit_id_b")
    a, b = (frame.set_index("unit_id") for frame in units)
    lines_b = b[["geometry"]].assign(
        unit_b=b.index, unit_a=best_b["unit_id_a"].reindex(b.index), area_b=b["area"],
        likeness=best_b["likeness"].reindex(b.index).fillna(0.0),
    )  # fmt: skip
    lines_b["area_a"] = lines_b["unit_a"].map(a["area"])
    gone = a[~a.index.isin(best_a.index)]
    lines_a = gone[["geometry"]].assign(
        unit_a=gone.index, unit_b=np.nan, area_a=gone["area"], area_b=np.nan, likeness=0.0
    )
    table = pd.concat([lines_b, lines_a], ignore_index=True)
    same = table["unit_a"] == table["unit_b"]
    table["state"] = np.select(
        [same, table["unit_a"].isna(), table["unit_b"].isna()],
        np.array([SAME, ONLY_B, ONLY_A], dtype=object),
        default=CHANGED,
    )
    columns = ["state", "unit_a", "unit_b", "likeness", "area_a", "area_b", "geometry"]
    for name in ("unit_a", "unit_b"):
        table[name] = table[name].astype("str").fillna("")
    ordered = table[columns].sort_values(["state", "unit_b", "unit_a"], ignore_index=True)
    return ordered.set_crs(units[1].crs, allow_override=True)


def _parcels(members: pd.DataFrame) -> pd.DataFrame:
    known = members.dropna(subset=["parcel_code"])
    return pd.DataFrame(known[["parcel_code", "unit_id", "area"]]).drop_duplicates("parcel_code")
