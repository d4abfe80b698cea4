"""Units and a plan on real shapes: OSM land use with its own roads and water.

python benchmarks/real_units.py CITY OSM_FOLDER OUTPUT_FOLDER

CITY is ``shanghai`` (roads as lines, water as survey land) or ``hangzhou`` (water only, for size).
Which parcels are low-use is not known for them: a rulebook beside the data draws units over the
undetermined ones. Runs the commands of the README and checks that nothing is lost.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from real_shapes import CENTRE, TARGET, moved, read, write

ROOT = Path(__file__).parents[1]
ROADS = {
    "motorway": "高速", "trunk": "国道", "primary": "主干路", "secondary": "次干路",
    "tertiary": "支路", "rail": "铁路",
}  # fmt: skip
WATER = "1101"
RULES = """name = "real"
extends = "jinghai"
title = "真实形状试算"
version = "1"
"""
UNITS = """verdicts = ["low_use", "undetermined"]
barriers = ["高速", "国道", "主干路", "次干路", "铁路"]
"""


def shifted(path: Path, landuse: Path) -> gpd.GeoDataFrame:
    """Move a layer as the land use was moved."""
    ground = read(landuse).total_bounds
    shift = (CENTRE[0] - (ground[0] + ground[2]) / 2, CENTRE[1] - (ground[1] + ground[3]) / 2)
    layer = read(path)
    shapes = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy + shift)
    return gpd.GeoDataFrame({"fclass": layer["fclass"]}, geometry=shapes, crs=TARGET)


def supply(city: str, osm: Path, folder: Path) -> list[str]:
    """Write the project; return the options that name its barriers."""
    landuse = osm / f"{city}_landuse.geojson"
    ground = moved(landuse)
    ground = ground[ground.geom_type.isin(["Polygon", "MultiPolygon"])].reset_index(drop=True)
    write(ground, folder)
    water = shifted(osm / f"{city}_water.geojson", landuse)
    water = water[water.geom_type.isin(["Polygon", "MultiPolygon"])]
    survey = gpd.read_file(folder / "survey.gpkg", layer="DLTB")
    wet = survey.iloc[:0].reindex(range(len(water))).assign(DLBM=WATER, QSXZ="20", SJNF=2022)
    wet = wet.set_geometry(water.geometry.to_numpy(), crs=TARGET)
    wet["BSM"] = [f"W{n:017d}" for n in range(len(wet))]
    wet["ZLDWDM"] = survey["ZLDWDM"].iloc[0]
    both = gpd.GeoDataFrame(pd.concat([survey, wet], ignore_index=True), crs=TARGET)
    both.to_file(folder / "survey.gpkg", layer="DLTB", mode="w")
    (folder / "rules").mkdir(exist_ok=True)
    shutil.copytree(ROOT / "rules", folder / "rules", dirs_exist_ok=True)
    own = folder / "rules" / "real"
    own.mkdir(exist_ok=True)
    (own / "rulebook.toml").write_text(RULES, encoding="utf-8")
    (own / "units.toml").write_text(UNITS, encoding="utf-8")
    roads = osm / f"{city}_roads.geojson"
    if not roads.exists():
        return []
    lines = shifted(roads, landuse)
    lines = lines[lines.geom_type.isin(["LineString", "MultiLineString"])]
    named = lines.assign(道路等级=lines["fclass"].map(ROADS).fillna("其他"))
    named[["道路等级", "geometry"]].to_file(folder / "roads.gpkg")
    return ["--barriers", str(folder / "roads.gpkg")]


def timed(*words: str) -> float:
    """Run one command of lowuse."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "lowuse_gis", *words], check=True)
    return time.perf_counter() - start


def nothing_lost(result: Path, units: Path) -> dict[str, float]:
    """Check that every parcel to join is in one unit or has a reason, and areas add up."""
    parcels = gpd.read_file(result, layer="parcels", ignore_geometry=True)
    wanted = set(parcels.loc[parcels["verdict"].isin(["low_use", "undetermined"]), "row"])
    members = gpd.read_file(units, layer="members", ignore_geometry=True)
    left = gpd.read_file(units, layer="left_out", ignore_geometry=True)
    drawn = gpd.read_file(units, layer="units", ignore_geometry=True).set_index("unit_id")
    inside = members.loc[members["part"] == "low_use", "row"]
    if not inside.is_unique or set(inside) | set(left["row"]) != wanted:
        sys.exit("error: a parcel is lost or doubled")
    if set(inside) & set(left["row"]) or left["reason"].eq("").any():
        sys.exit("error: a parcel is in a unit and left out, or has no reason")
    sums = members.groupby("unit_id")["area"].sum()
    if (sums - drawn["area"]).abs().max() > 0.01:
        sys.exit("error: areas of members do not add up to the unit")
    blocks = gpd.read_file(units, layer="blocks", ignore_geometry=True)
    gap = 1 - blocks["objective"].sum() / blocks["upper_bound"].sum()
    return {
        "parcels": len(wanted),
        "units": len(drawn),
        "left out": len(left),
        "gap": round(gap, 4),
    }


def main() -> None:
    """Write, classify, draw, plan, check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", choices=["shanghai", "hangzhou"])
    parser.add_argument("osm", type=Path, help="folder of the OSM layers")
    parser.add_argument("folder", type=Path, help="where to write")
    given = parser.parse_args()
    barriers = supply(given.city, given.osm, given.folder)
    rules = ("--rules", str(given.folder / "rules" / "real"))
    result, units, plan = (str(given.folder / f"{n}.gpkg") for n in ("result", "units", "plan"))
    place = ("--project", str(given.folder))
    seconds = {
        "classify": timed("classify", *place, *rules, "-o", result, "-q", "--overwrite"),
        "units": timed("units", result, *place, *rules, *barriers, "-o", units, "--overwrite"),
        "plan": timed("plan", result, units, "--year", "2025", *rules, "-o", plan, "--overwrite"),
    }
    print(nothing_lost(Path(result), Path(units)), {k: round(v, 1) for k, v in seconds.items()})


if __name__ == "__main__":
    main()
