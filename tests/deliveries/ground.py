"""A clean ground: two towns of two villages each, exactly noded, everything right."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from deliveries import records

if TYPE_CHECKING:
    import geopandas as gpd

ORIGIN = (39_492_000.0, 4_305_000.0)
SIZE = 6  # faces of a village along each side
STEP = 60.0  # metres
USES = ("0601", "0103", "05H1", "1104", "0701", "0307", "0601", "0301", "0103")
ROAD = "1004"
TOWNS = ("120118901", "120118902")


@dataclass
class Ground:
    """Layers that fit each other; every one may be spoiled before it is written."""

    parcels: gpd.GeoDataFrame
    survey: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    notes: dict[str, object] = field(default_factory=dict)


def clean() -> Ground:
    """Return a fresh clean ground."""
    return Ground(**{name: frame.copy() for name, frame in _layers().items()})


@cache
def _layers() -> dict[str, gpd.GeoDataFrame]:
    faces = _faces()
    survey, parcels = records.survey_of(faces), records.parcels_of(faces)
    villages = records.villages_of(survey)
    return {
        "parcels": parcels,
        "survey": survey,
        "villages": villages,
        "towns": records.towns_of(villages),
        "buildings": records.buildings_of(parcels),
        "settlements": _settlements(survey),
    }


def _faces() -> pd.DataFrame:
    """Return the faces of a bent grid: all corners are shared, none is rectangular."""
    wide, high = 2 * SIZE, 2 * SIZE
    column, row = np.meshgrid(np.arange(wide + 1), np.arange(high + 1))
    x = ORIGIN[0] + STEP * column + 7 * np.sin(1.3 * row + 0.4 * column)
    y = ORIGIN[1] + STEP * row + 6 * np.cos(0.9 * column - 0.5 * row)
    corners = np.round(np.stack([x, y], axis=-1), 4)
    lines = []
    for j in range(high):
        for i in range(wide):
            ring = corners[[j, j, j + 1, j + 1], [i, i + 1, i + 1, i]]
            town, part = TOWNS[i // SIZE], f"{j // SIZE + 1:03d}"
            use = ROAD if i % SIZE == 2 else USES[(3 * i + 4 * j) % len(USES)]
            lines.append((use, town, town + part, shapely.Polygon(ring)))
    return pd.DataFrame(lines, columns=["use", "town", "village", "shape"])


def _settlements(survey: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return built land joined to settlements without holes."""
    built = survey[survey["CZCSXM"].notna()].geometry.to_numpy()
    joined = shapely.get_parts(shapely.union_all(built))
    whole = shapely.polygons(shapely.get_exterior_ring(joined))
    whole = shapely.get_parts(shapely.union_all(whole))
    columns = {"CZCLX": "202", "CZCDM": "1201189010000000000", "CZCMJ": records.area(whole)}
    return records.layer(columns, whole)
