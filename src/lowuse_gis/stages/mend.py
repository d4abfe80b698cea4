"""Mend invalid geometry, with a check row for every change of area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.threaded import in_threads
from lowuse_gis.core.topology.layer import polygons_left
from lowuse_gis.measures.measured import check_rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.model import Survey


def mend(survey: Survey) -> Survey:
    """Make every polygon valid and note what that changed.

    Parameters
    ----------
    survey
        As read.

    Returns
    -------
    Survey
        Same rows. Polygons are rebuilt by structure, so that a hole stays a hole; parcels without
        geometry and mended ones are check rows with the place and the change of area in m².
    """
    parcels, checks = _mended(survey.parcels)
    layers = {}
    for name, layer in survey.layers.items():
        fixed, noted = _mended(layer)
        layers[name] = fixed[fixed.geometry.notna()]
        checks += [check.assign(row="", note=name + " " + check["row"]) for check in noted]
    found = tuple(check for check in checks if len(check))
    return replace(survey, parcels=parcels, layers=layers, checks=(*survey.checks, *found))


def _mended(layer: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[pd.DataFrame]]:
    geometry = layer.geometry.to_numpy().copy()
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    bad = ~empty & ~in_threads(shapely.is_valid, geometry)
    before = shapely.area(geometry[bad])
    broken = geometry[bad]
    geometry[empty] = None
    geometry[bad] = polygons_left(
        shapely.make_valid(broken, method="structure", keep_collapsed=False)
    )
    x, y = _places(broken)
    change = np.round(shapely.area(geometry[bad]) - before, 2)
    rows = layer.index
    checks = [
        check_rows("3102", rows[empty].astype(str)),
        check_rows("4103", rows[bad].astype(str), value=change, note=_reasons(broken), x=x, y=y),
    ]
    return layer.set_geometry(geometry, crs=layer.crs), checks


def _reasons(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    reasons = shapely.is_valid_reason(geometry).astype(object)
    return np.array([str(reason).split("[")[0] for reason in reasons], dtype=object)


def _places(geometry: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where each geometry is wrong, as far as GEOS says, else its middle."""
    bounds = shapely.bounds(geometry)
    return (
        np.round((bounds[:, 0] + bounds[:, 2]) / 2, 3),
        np.round((bounds[:, 1] + bounds[:, 3]) / 2, 3),
    )
