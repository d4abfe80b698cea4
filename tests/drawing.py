"""Judged lots whose neighbours can be seen by eye, and units drawn over them."""

import geopandas as gpd
import pandas as pd
import shapely

import tiny
from lowuse_gis.stages.units.draw import draw_units
from lowuse_gis.stages.units.nodes import Surroundings

SPEC = {
    "verdicts": ["low_use"],
    "minimum_area": 10_000.0,
    "maximum_area": 500_000.0,
    "minimum_low_use_share": 0.6,
    "multi_part": True,
    "bridge_distance": 25.0,
    "infill_distance": 5.0,
    "infill_maximum_area": 10_000.0,
    "border": 6.0,
    "barrier_border": 0.25,
    "price": 1.0,
    "prices": {"1004": 0.3},
    "stability_shift": 0.05,
    "known_share": 0.5,
    "cut_share": 0.02,
    "id_prefix": "DY",
    "barrier_column": "road_class",
    "barriers": ["主干路"],
    "barrier_classes": ["1003", "1101"],
}


def judged(lots, town="120118901", **values):
    """Return judged parcels of the given shapes."""
    count = len(lots)
    frame = pd.DataFrame(
        {
            "parcel_code": [tiny.code(n + 1) for n in range(count)],
            "town_code": town,
            "town_name": "清泽镇",
            "land_type": "industrial",
            "verdict": "low_use",
            "stratum": "surface",
            "survey_class": "0601",
            "area": [lot.area if lot else 0.0 for lot in lots],
            "low_use_area": [lot.area if lot else 0.0 for lot in lots],
            "possible_area": [lot.area if lot else 0.0 for lot in lots],
        }
        | values,
        index=pd.Index([f"1:{n + 1}" for n in range(count)], name="row"),
    )
    return gpd.GeoDataFrame(frame, geometry=list(lots), crs=tiny.CRS)


def road(x, grade="主干路"):
    west, south = tiny.ORIGIN
    line = shapely.LineString([(west + x, south - 500), (west + x, south + 500)])
    return gpd.GeoDataFrame({"road_class": [grade]}, geometry=[line], crs=tiny.CRS)


def drawn(parcels, lines=None, survey=None, blocks=None, **values):
    """Draw units with other values of units.toml."""
    return draw_units(parcels, Surroundings(survey, lines, blocks), SPEC | values)


def surveyed(*polygons):
    """Return survey polygons: shape and class."""
    rows = {"survey_class": [kind for _shape, kind in polygons], "village_code": "120118901001"}
    return gpd.GeoDataFrame(rows, geometry=[shape for shape, _kind in polygons], crs=tiny.CRS)


def edits(*lines):
    """Return a ledger of edits: kind, parcel numbers, and name or cutting line."""
    rows = [
        {
            "edit": kind,
            "parcels": ";".join(tiny.code(number) for number in numbers),
            "cut": more if kind == "split" else None,
            "name": more if kind == "rename" else None,
            "line": at,
        }
        for at, (kind, numbers, more) in enumerate(lines, 2)
    ]
    columns = ["edit", "parcels", "cut", "name", "who", "date", "reason", "line"]
    return pd.DataFrame(rows, columns=columns)


def edited(parcels, *lines, lines_between=None, **values):
    """Draw units and replay edits."""
    around = Surroundings(None, lines_between, None)
    return draw_units(parcels, around, SPEC | values, edits(*lines), steadiness=False)


def together(units):
    """Return the parcel numbers of each unit, in order."""
    known = units.members.dropna(subset=["parcel_code"])
    numbers = known["parcel_code"].str[-5:].astype(int)
    return sorted(numbers.groupby(known["unit_id"]).apply(sorted).tolist())
