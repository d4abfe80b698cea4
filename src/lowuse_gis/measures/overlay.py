"""Measures that lay a layer under the parcels: area, share, and what covers most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.overlay import overlaps
from lowuse_gis.measures.measured import Measured, absent_means_no, covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lowuse_gis.model import Run, Survey


def overlap(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure how much of each parcel lies in one or several layers, no place counted twice.

    Parameters
    ----------
    survey, spec, run
        ``sources``, and ``area`` and/or ``share`` to write to.

    Returns
    -------
    Measured
        Ellipsoidal m² and a share of 0 to 1; missing where a source is not supplied for the town,
        or says nothing by its absence.
    """
    parcels, sources = survey.parcels, spec["sources"]
    geometry = parcels.geometry.to_numpy()
    known = ~shapely.is_missing(geometry)
    for source in sources:
        known = known & covers(survey, source)
    layers = [survey.layers[source] for source in sources if source in survey.layers]
    share = np.full(len(parcels), np.nan)
    if len(layers) == len(sources):
        context = np.concatenate([layer.geometry.to_numpy() for layer in layers])
        shapes = geometry if known.all() else geometry[known]
        covered, _pairs, _doubled = covered_area(shapes, context, threads=run.threads)
        share[known] = exact_share(covered, shapely.area(shapes))
        if not all(absent_means_no(survey, source) for source in sources):
            share[share == 0] = np.nan
    columns = {}
    if "area" in spec:
        columns[spec["area"]] = np.round(share * parcels["area"].to_numpy(dtype=float), 2)
    if "share" in spec:
        columns[spec["share"]] = np.round(share, 6)
    return Measured(pd.DataFrame(columns, index=parcels.index))


def exact_share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, giving 0 for an empty whole and never more than 1.

    Parameters
    ----------
    part, whole
        Areas of one kind.

    Returns
    -------
    ndarray of float
    """
    ratio = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return np.minimum(ratio, 1.0)


def majority(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Take the attributes of the feature that covers most of each parcel.

    Parameters
    ----------
    survey, spec, run
        ``source``, ``into`` (column of the layer to column written) and ``share``, the share of
        the parcel that the layer covers in all.

    Returns
    -------
    Measured
        Attributes are missing where nothing covers enough of the parcel to decide; the share is
        0 where nothing covers it, and missing where the source is not supplied for the town.
    """
    parcels, source = survey.parcels, spec["source"]
    geometry = parcels.geometry.to_numpy()
    layer, least = survey.layers.get(source), run.rulebook.constants["minimum_class_share"]
    columns = pd.DataFrame(index=parcels.index)
    share = pd.Series(np.nan, index=parcels.index)
    for target in spec["into"].values():
        dtype = run.rulebook.columns.loc[target, "dtype"]
        columns[target] = pd.Series(np.nan, parcels.index, float if dtype == "number" else "str")
    if layer is not None:
        known = covers(survey, source) & ~shapely.is_missing(geometry)
        context = layer.geometry.to_numpy()
        pairs = overlaps(geometry, context, threads=run.threads)
        order = np.lexsort((pairs.context, -pairs.area, pairs.subject))
        rows, first = np.unique(pairs.subject[order], return_index=True)
        winner = pairs.context[order][first]
        plane = shapely.area(geometry)
        enough = pairs.area[order][first] >= least * plane[rows]
        keep = known[rows] & enough
        at = np.full(len(parcels), -1)
        at[rows[keep]] = winner[keep]
        for column, target in spec["into"].items():
            if column in layer:
                values = layer[column].array.take(at, allow_fill=True)
                columns[target] = pd.Series(values, parcels.index).astype(columns[target].dtype)
        total = np.bincount(pairs.subject, pairs.area, minlength=len(parcels)).astype(float)
        covered = exact_share(total, plane)
        if not absent_means_no(survey, source):
            known = known & (covered > 0)
        share[known] = np.round(covered[known], 6)
    columns[spec["share"]] = share
    return Measured(columns)


def placed(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Name the place a parcel is in: as it says itself, else the one that covers most of it.

    Parameters
    ----------
    survey, spec, run
        ``source``, ``name`` (its column), ``into``, and ``outside``, the name for being in none.

    Returns
    -------
    Measured
        Missing where the parcel does not say and the source is not supplied for its town.
    """
    own, source = survey.parcels[spec["into"]], spec["source"]
    place = own.astype("str").where(own.notna())
    if source in survey.layers:
        found = majority(survey, {**spec, "into": {spec["name"]: spec["into"]}, "share": "_"}, run)
        place = place.where(place.notna(), found.columns[spec["into"]])
        if absent_means_no(survey, source):
            least = run.rulebook.constants["minimum_class_share"]
            outside = place.isna() & (found.columns["_"] < least)  # more, but no name: not known
            place = place.mask(outside, spec["outside"])
    return Measured(pd.DataFrame({spec["into"]: place}))
