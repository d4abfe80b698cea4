"""Real shapes for a trial: OSM land use of Hangzhou moved, undistorted, into Jinghai's zone.

python benchmarks/real_shapes.py ../shared/data/osm/hangzhou_landuse.geojson OUTPUT_FOLDER

Writes ``parcels.shp`` (GBK, no .cpg), ``survey.gpkg`` (layer DLTB: the same polygons slightly
simplified, so that nothing matches exactly) and ``lowuse.toml``.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCE_PLANE = "EPSG:4528"  # CGCS2000 three-degree zone 40, Hangzhou's own
TARGET = "EPSG:4527"
CENTRE = (39_492_000.0, 4_305_000.0)
TOWN_GRID = (5, 4)
VILLAGES = 8  # per side of a town
SIMPLIFY = 1.5  # metres

# fclass: registered use (GB/T 21010), survey class (working scheme)
USES = {
    "residential": ("0701", "0701"),
    "industrial": ("0601", "0601"),
    "commercial": ("0501", "05H1"),
    "retail": ("0501", "05H1"),
    "park": ("0810", "0810"),
    "recreation_ground": ("0810", "0810"),
    "military": ("0901", "09"),
    "cemetery": ("0905", "09"),
    "quarry": ("0602", "0602"),
    "farm": ("0102", "0102"),
    "allotments": ("0102", "0102"),
    "vineyard": ("0201", "0201"),
    "forest": ("0301", "0301"),
    "nature_reserve": ("0307", "0307"),
    "scrub": ("0305", "0305"),
    "heath": ("0404", "0404"),
    "grass": ("0404", "0404"),
    "meadow": ("0401", "0401"),
}
VACANT = ("1201", "1201")


def read(path: Path) -> gpd.GeoDataFrame:
    """Read an OSM layer, of either way of naming kinds, in the plane of its place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # ids doubled at the edges of tiles
        layer = gpd.read_file(path).to_crs(SOURCE_PLANE)
    if "fclass" not in layer:
        layer["fclass"] = layer.get("kind_detail", layer["kind"]).fillna(layer["kind"])
    return layer


def moved(path: Path) -> gpd.GeoDataFrame:
    """Project to the plane and shift; no edge changes its length or direction."""
    layer = read(path)
    west, south, east, north = layer.total_bounds
    shift = (CENTRE[0] - (west + east) / 2, CENTRE[1] - (south + north) / 2)
    geometry = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy + shift)
    return gpd.GeoDataFrame({"fclass": layer["fclass"]}, geometry=geometry, crs=TARGET)


def cell_of(position: NDArray[np.float64], columns: int, rows: int) -> NDArray[np.intp]:
    """Number the cell of a grid in which each point (scaled to 0–1) lies."""
    column = np.clip((position[:, 0] * columns).astype(int), 0, columns - 1)
    row = np.clip((position[:, 1] * rows).astype(int), 0, rows - 1)
    number: NDArray[np.intp] = row * columns + column
    return number


def places(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give every polygon a town and a village by coarse and fine grids."""
    bounds = layer.total_bounds
    middle = shapely.get_coordinates(shapely.point_on_surface(layer.geometry.to_numpy()))
    position = (middle - bounds[:2]) / (bounds[2:] - bounds[:2])
    town = cell_of(position, *TOWN_GRID)
    fine = cell_of(position * TOWN_GRID % 1.0, VILLAGES, VILLAGES)
    town_code = pd.Series(town + 901).astype(str)
    sub = pd.Series(fine + 1).astype(str).str.zfill(3)
    return pd.DataFrame({"town": "120118" + town_code, "village": "120118" + town_code + sub})


def parcels(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    place = places(layer)
    number = (place.groupby("village").cumcount() + 1).astype(str).str.zfill(5)
    use = layer["fclass"].map({name: pair[0] for name, pair in USES.items()}).fillna(VACANT[0])
    return gpd.GeoDataFrame(
        {
            "ZDDM": place["village"] + "GB" + number,
            "QLRMC": "甲" + number + "单位",
            "QLRLX": "2",
            "YT": use,
            "ZDMJ": layer.geometry.area.round(2),
            "XZQDM": place["town"],
            "XZQMC": "第" + place["town"].str[-2:] + "镇",
            "BZ": layer["fclass"],
        },
        geometry=layer.geometry,
        crs=layer.crs,
    )


def survey(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    place, number = places(layer), pd.Series(np.arange(1, len(layer) + 1)).astype(str)
    dlbm = layer["fclass"].map({name: pair[1] for name, pair in USES.items()}).fillna(VACANT[1])
    town_like = dlbm.isin(["0601", "05H1", "0701", "0810", "1201"])
    return gpd.GeoDataFrame(
        {
            "BSM": number.str.zfill(18),
            "TBBH": number,
            "DLBM": dlbm,
            "QSXZ": np.where(town_like, "20", "30"),
            "ZLDWDM": place["village"] + "0000000",
            "CZCSXM": pd.Series(np.where(town_like, "202", None), dtype="str"),
            "SJNF": 2022,
        },
        geometry=layer.geometry.simplify(SIMPLIFY),
        crs=layer.crs,
    )


def write(layer: gpd.GeoDataFrame, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parcels(layer).to_file(folder / "parcels.shp", engine="pyogrio", encoding="GBK")
    (folder / "parcels.cpg").unlink(missing_ok=True)
    survey(layer).to_file(folder / "survey.gpkg", layer="DLTB", engine="pyogrio")
    project = '[sources]\nparcels = "parcels.shp"\nsurvey = "survey.gpkg"\n'
    (folder / "lowuse.toml").write_text(project, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("landuse", type=Path, help="OSM land use, EPSG:4326, with fclass")
    parser.add_argument("folder", type=Path, help="where to write")
    arguments = parser.parse_args()
    layer = moved(arguments.landuse)
    write(layer, arguments.folder)
    print(f"{len(layer)} polygons in {arguments.folder}")


if __name__ == "__main__":
    main()
