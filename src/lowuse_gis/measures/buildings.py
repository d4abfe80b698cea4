"""Buildings on parcels: footprint, floor area, plot ratio, and the share of listed buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.covered import covered_area
from lowuse_gis.core.lookup import one_of
from lowuse_gis.measures.measured import Measured, absent_means_no, check_rows, covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lowuse_gis.core.overlay import Overlaps
    from lowuse_gis.model import Run, Survey

SURFACE = "surface"
QUALITIES = ("measured", "registered", "default", "unknown")  # the codes of the domain `quality`
MEASURED, REGISTERED, ASSUMED, UNKNOWN = range(4)
REPORTED = 0.01  # m²: smaller overlaps of footprints are not worth a line


def floor_areas(
    buildings: gpd.GeoDataFrame, double_storey: float, storeys_of: Mapping[str, float]
) -> tuple[pd.Series, NDArray[np.int8]]:
    """Return the floor area of each building that counts for the plot ratio, and how it is known.

    Parameters
    ----------
    buildings
        With ``given_floor_area``, ``storeys``, ``storey_height`` (all may be missing) and geometry
        in a plane of metres.
    double_storey
        A storey higher than this many metres counts twice.
    storeys_of
        Storeys to assume by ``building_use`` where they are not known; usually none.

    Returns
    -------
    floor : Series of float
        m²: the given floor area, else footprint × storeys; missing where neither is known.
    quality : ndarray of int
        Position in `QUALITIES`.
    """
    blank = pd.Series(np.nan, index=buildings.index)
    given = buildings.get("given_floor_area", blank)
    storeys = buildings.get("storeys", blank)
    high = buildings.get("storey_height", blank) > double_storey
    use = buildings.get("building_use", pd.Series(np.nan, index=buildings.index, dtype="str"))
    assumed = use.map(dict(storeys_of)).astype(float)
    floor = given.where(given.notna(), buildings.geometry.area * storeys.fillna(assumed))
    ways = [given.notna(), storeys.notna(), assumed.notna()]
    quality = np.select(ways, [REGISTERED, MEASURED, ASSUMED], UNKNOWN).astype(np.int8)
    return floor * np.where(high, 2.0, 1.0), quality


def buildings(survey: Survey, spec: Mapping[str, Any], run: Run) -> Measured:
    """Measure footprint, density, floor area and plot ratio of each parcel.

    Parameters
    ----------
    survey, spec, run
        ``source``; ``check``, the check for footprints that overlap each other; ``listed``, per
        column the ``source`` of a list of buildings and ``where``, the values that count.

    Returns
    -------
    Measured
        Missing for parcels above or below the surface: the layer does not say which building is
        theirs. Footprint counts no place twice. A building's floor area is shared out by the share
        of its footprint on the parcel. Floor area is missing where a building's is; a parcel
        without a building has plot ratio 0 only where the source is complete. Of a list, the
        share of the floor area in its buildings: 0 to 1. How well the plot ratio is known is that
        of the worst known of its buildings; what rests on assumed ``storeys`` is a check row
        (``assumed``).
    """
    parcels, source = survey.parcels, spec["source"]
    names = ["building_footprint", "building_density", "floor_area", "plot_ratio", "built_year"]
    columns = pd.DataFrame(np.nan, index=parcels.index, columns=[*names, *spec["listed"]])
    columns["plot_ratio_quality"] = QUALITIES[UNKNOWN]
    layer = survey.layers.get(source)
    if layer is None:
        return Measured(columns)
    geometry, built = parcels.geometry.to_numpy(), layer.geometry.to_numpy()
    plane = shapely.area(geometry)
    footprint, pairs, doubled = covered_area(geometry, built, threads=run.threads)
    double_storey = run.rulebook.constants["double_storey"]
    floors, quality = floor_areas(layer, double_storey, spec.get("storeys", {}))
    floor = floors.to_numpy()
    part = floor[pairs.context] * pairs.area / shapely.area(built)[pairs.context]
    total = np.bincount(pairs.subject, part, minlength=len(parcels))  # missing stays missing
    has = np.bincount(pairs.subject, minlength=len(parcels)) > 0
    surface = (parcels["stratum"].fillna(SURFACE) == SURFACE).to_numpy(dtype=bool)
    known = covers(survey, source) & (plane > 0) & surface
    known &= has | absent_means_no(survey, source)
    columns.loc[known, "building_footprint"] = np.round(footprint, 2)[known]
    columns.loc[known, "building_density"] = np.round(footprint[known] / plane[known] * 100, 4)
    columns.loc[known, "floor_area"] = np.round(total, 2)[known]
    columns.loc[known, "plot_ratio"] = np.round(total[known] / plane[known], 6)
    worst = np.zeros(len(parcels), dtype=np.int8)
    np.maximum.at(worst, pairs.subject, quality[pairs.context])
    quality_known = np.where(known, worst, UNKNOWN)
    columns["plot_ratio_quality"] = np.array(QUALITIES, dtype=object)[quality_known]
    years = _latest_year(layer, pairs, len(parcels))
    columns["built_year"] = np.where(surface, years, np.nan)
    causes, built_up = {}, known & (total > 0)
    for column, entry in spec["listed"].items():
        on_list = _on_list(survey, layer, entry)
        if on_list is not None:
            some = np.bincount(pairs.subject, part * on_list[pairs.context], minlength=len(parcels))
            sure = built_up & covers(survey, entry["source"])
            columns.loc[sure, column] = np.round(some[sure] / total[sure], 6)
        causes[column] = one_of(built_up, entry["source"], source, parcels.index)
    checks = [_doubled_check(spec["check"], survey, pairs, doubled)]
    if "assumed" in spec:
        rows = parcels.index[known & (worst == ASSUMED)]
        checks.append(check_rows(spec["assumed"], rows, note=", ".join(spec.get("storeys", {}))))
    return Measured(columns, checks, causes)


def _latest_year(layer: gpd.GeoDataFrame, pairs: Overlaps, count: int) -> NDArray[np.float64]:
    """Return the year of the youngest building; missing where a building's year is."""
    if "built_year" not in layer:
        return np.full(count, np.nan)
    years = layer["built_year"].iloc[pairs.context].reset_index(drop=True).groupby(pairs.subject)
    latest = years.max().where(years.count() == years.size())
    return latest.reindex(range(count)).to_numpy(dtype=float)


def _on_list(
    survey: Survey, layer: gpd.GeoDataFrame, entry: Mapping[str, Any]
) -> NDArray[np.bool_] | None:
    """Say which buildings a list names with a value that counts; None without the list."""
    table = survey.tables.get(entry["source"])
    if table is None or "building_id" not in layer:
        return None
    counts = np.ones(len(table), dtype=bool)
    for column, values in entry["where"].items():
        counts &= table[column].isin(values).to_numpy()
    named: NDArray[np.bool_] = layer["building_id"].isin(table["building_id"][counts]).to_numpy()
    return named


def _doubled_check(code: str, survey: Survey, pairs: Overlaps, doubled: Overlaps) -> pd.DataFrame:
    real = doubled.area > REPORTED
    parcel_of = pd.Series(pairs.subject, index=pairs.context).groupby(level=0).first()
    position = parcel_of.reindex(doubled.subject[real]).to_numpy(dtype=int)
    order = np.argsort(position, kind="stable")
    rows, area = survey.parcels.index[position[order]], doubled.area[real][order]
    return check_rows(code, rows, value=np.round(area, 2), limit=REPORTED)
