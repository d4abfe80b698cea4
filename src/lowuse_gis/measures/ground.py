"""The ground itself: its form, the roads at it, and what the plan allows on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.frontage import frontage
from lowuse_gis.core.limits import limits_of
from lowuse_gis.core.nearest_line import nearest
from lowuse_gis.core.threaded import in_threads
from lowuse_gis.measures.measured import Measured, covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey


def form(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure the form of each parcel.

    Parameters
    ----------
    survey, spec, run
        ``width``, column of the short side of the smallest rectangle around the parcel, m;
        ``compactness``, column of 4π · area / perimeter²: 1 for a circle, 0.785 for a square.

    Returns
    -------
    Measured
        Missing where a parcel has no shape.
    """
    parcels = survey.parcels
    geometry = parcels.geometry.to_numpy()
    there = ~shapely.is_missing(geometry) & (shapely.area(geometry) > 0)
    width, compact = np.full(len(parcels), np.nan), np.full(len(parcels), np.nan)
    shapes = geometry[there]
    width[there] = in_threads(_short_side, shapes, threads=run.threads)
    compact[there] = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    columns = {spec["width"]: width.round(2), spec["compactness"]: compact.round(4)}
    return Measured(pd.DataFrame(columns, index=parcels.index))


def _short_side(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shapes)).reshape(-1, 5, 2)
    sides = np.hypot(*np.moveaxis(corners[:, 1:3] - corners[:, 0:2], 2, 0))
    shortest: NDArray[np.float64] = sides.min(axis=1)
    return shortest


def roads(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure how far the next road is, and how much of the boundary lies at one.

    Parameters
    ----------
    survey, spec, run
        ``source``, lines or areas; ``column`` and ``values``, which of them count (all without);
        ``distance``, column of the metres to the nearest; ``frontage``, column of the metres of
        boundary within ``reach`` metres of one.

    Returns
    -------
    Measured
        Missing where the source is not supplied for the town, or has nothing that counts.
    """
    parcels, layer = survey.parcels, survey.layers.get(spec["source"])
    columns = pd.DataFrame(
        np.nan, index=parcels.index, columns=[spec["distance"], spec["frontage"]]
    )
    if layer is None:
        return Measured(columns)
    lines = layer.geometry.to_numpy()
    if "column" in spec:
        lines = lines[layer[spec["column"]].isin(spec["values"]).to_numpy()]
    shapes = parcels.geometry.to_numpy()
    known = covers(survey, spec["source"]) & ~shapely.is_missing(shapes)
    if known.any() and len(lines):
        shapes = shapes if known.all() else shapes[known]
        far = nearest(shapes, lines, threads=run.threads)
        columns.loc[known, spec["distance"]] = far.round(2)
        at = frontage(shapes, lines, spec["reach"], threads=run.threads)
        columns.loc[known, spec["frontage"]] = at.round(2)
    return Measured(columns)


def plan_limits(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Read the limits that a plan writes as text, such as ``≤2.0,＞1.5``.

    Parameters
    ----------
    survey, spec, run
        ``column``, the text; ``lower`` and ``upper``, columns written.

    Returns
    -------
    Measured
        Missing where the text gives none. A number alone is an upper limit.
    """
    del run
    lower, upper = limits_of(survey.parcels[spec["column"]])
    columns = {spec["lower"]: lower, spec["upper"]: upper}
    return Measured(pd.DataFrame(columns, index=survey.parcels.index))


def conformity(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Say whether a parcel is used as the plan has it.

    Parameters
    ----------
    survey, spec, run
        ``planned`` and ``present``, columns of types; ``share``, column of the share that a plan
        covers; ``into``; ``conforms``, ``differs`` and ``no_plan``, the codes written.

    Returns
    -------
    Measured
        No plan where less is covered than decides anything; missing where a type is.
    """
    parcels = survey.parcels
    planned, present = parcels[spec["planned"]], parcels[spec["present"]]
    least = run.rulebook.constants["minimum_class_share"]
    code = pd.Series(np.nan, index=parcels.index, dtype="str")
    both = planned.notna() & present.notna()
    code = code.mask(both & (planned == present), spec["conforms"])
    code = code.mask(both & (planned != present), spec["differs"])
    return Measured(
        pd.DataFrame({spec["into"]: code.mask(parcels[spec["share"]] < least, spec["no_plan"])})
    )
