"""In which systems the layers of a delivery are, and where they lie."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import geopandas as gpd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadLayer

UNKNOWN = "unknown"
STEP = 100.0  # parts of a degree that an envelope is rounded to


def systems_of(layers: Sequence[ReadLayer], rulebook: Rulebook) -> dict[str, Any]:
    """Take the system that most layers are in, and an envelope where they leave the district's.

    Parameters
    ----------
    layers
        All layers of the delivery.
    rulebook
        Knows the district's.

    Returns
    -------
    dict
        ``crs`` and ``envelope``, as far as a profile must say them.
    """
    shaped = [layer for layer in layers if isinstance(layer.frame, gpd.GeoDataFrame)]
    said = Counter(system_of(layer.crs) for layer in shaped)
    made: dict[str, Any] = {}
    declared = [crs for crs, _count in said.most_common() if crs != UNKNOWN]
    if declared:
        made["crs"] = declared[0]
    boxes = [box for layer in shaped if (box := _degrees(layer)) is not None]
    west, south, east, north = rulebook.envelope
    if any(b[0] < west or b[1] < south or b[2] > east or b[3] > north for b in boxes):
        low = [math.floor(min(b[at] for b in boxes) * STEP) / STEP for at in (0, 1)]
        high = [math.ceil(max(b[at] for b in boxes) * STEP) / STEP for at in (2, 3)]
        made["envelope"] = [*low, *high]
    return made


def system_of(declared: str) -> str:
    """Name a system by its code, else by what the file says.

    Parameters
    ----------
    declared
        As the file has it.

    Returns
    -------
    str
        ``unknown`` where it says nothing that is a system.
    """
    try:
        code = CRS.from_user_input(declared).to_epsg()
    except CRSError:
        return UNKNOWN
    return f"EPSG:{code}" if code else declared


def _degrees(layer: ReadLayer) -> tuple[float, float, float, float] | None:
    if not isinstance(layer.frame, gpd.GeoDataFrame) or layer.frame.crs is None:
        return None
    bounds = layer.frame.total_bounds
    if not all(map(math.isfinite, bounds)):
        return None
    there = Transformer.from_crs(layer.frame.crs, "EPSG:4490", always_xy=True)
    west, south, east, north = map(float, bounds)
    box = there.transform_bounds(west, south, east, north, densify_pts=21)
    return box if all(map(math.isfinite, box)) else None
