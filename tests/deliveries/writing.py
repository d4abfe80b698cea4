"""Put layers on disk as towns and bureaus do."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from deliveries.records import CRS, PARCEL_FIELDS
from district.shapefile import GBK_DRIVER, plane_prj, write_shapefile

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from deliveries.ground import Ground

LAYERS = {
    "survey": "DLTB",
    "villages": "CJDCQ",
    "towns": "XZQ",
    "buildings": "JZW",
    "settlements": "CZCDYD",
}
CLOCK = (2024, 3, 31, 0, 0, 0)
WELL = {"driver": GBK_DRIVER, "cpg": "GBK", "prj": plane_prj(4527)}


def as_shapefile(
    frame: gpd.GeoDataFrame, path: Path, fields: str = PARCEL_FIELDS, **options: object
) -> Path:
    """Write a layer as a shapefile with all its files; options as `write_shapefile` has them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = list(frame.geometry)
    return write_shapefile(path, fields, frame, shapes, **{**WELL, **options})


def parcels(folder: Path, frame: gpd.GeoDataFrame, **options: object) -> Path:
    """Write parcels as ``清泽镇.shp``."""
    return as_shapefile(frame, folder / "清泽镇.shp", **options)


def bureau(folder: Path, ground: Ground, *names: str) -> Path:
    """Write layers of a ground into ``规划局.gpkg``; all but the parcels where none is named."""
    path = folder / "规划局.gpkg"
    for name in names or LAYERS:
        as_geopackage(getattr(ground, name), path, LAYERS[name])
    return path


def as_geopackage(frame: gpd.GeoDataFrame, path: Path, layer: str) -> Path:
    """Add a layer to a GeoPackage."""
    kinds = {shape.geom_type for shape in frame.geometry if shape is not None}
    geometry = "Unknown" if len(kinds) > 1 else next(iter(kinds), "Polygon")
    geometry += " Z" if frame.geometry.has_z.any() else ""
    shown = frame.set_crs(CRS, allow_override=True)
    pyogrio.write_dataframe(shown, path, layer=layer, driver="GPKG", geometry_type=geometry)
    return path


def zipped(path: Path, entries: dict[str, bytes | Path]) -> Path:
    """Write an archive; the names stand in it as they are given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            data = content if isinstance(content, bytes) else content.read_bytes()
            archive.writestr(zipfile.ZipInfo(name, CLOCK), data)
    return path


def parts(shp: Path) -> list[Path]:
    """Return the files of a shapefile."""
    return sorted(p for p in shp.parent.iterdir() if p.stem == shp.stem)


def cut(path: Path, share: float = 0.5) -> Path:
    """Cut a file off, as a broken copy."""
    size = int(path.stat().st_size * share)
    os.truncate(path, size)
    return path


def middle(frame: gpd.GeoDataFrame, row: int) -> tuple[float, float]:
    """Return the middle of a feature's box."""
    west, south, east, north = frame.geometry.iloc[row - 1].bounds
    return float(np.mean([west, east])), float(np.mean([south, north]))


def parcels_geopackage(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """Write parcels as ``清泽镇.gpkg``."""
    return as_geopackage(frame, folder / "清泽镇.gpkg", "ZD")
