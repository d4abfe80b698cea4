"""A district of a few square lots, made in memory, for tests that need to see every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = (39_492_000.0, 4_305_000.0)
CRS = "EPSG:4527"


def lot(x: float, y: float, width: float = 100.0, height: float = 100.0) -> shapely.Polygon:
    """Return a rectangle whose lower left corner is x, y metres from the origin."""
    return shapely.box(ORIGIN[0] + x, ORIGIN[1] + y, ORIGIN[0] + x + width, ORIGIN[1] + y + height)


def code(number: int, kind: str = "GB") -> str:
    """Return a well-formed parcel code."""
    return f"120118901001{kind}{number:05d}"


def parcel(number: int, shape: shapely.Geometry, **values: Any) -> dict[str, Any]:
    """Return a parcel record with ordinary values."""
    record = {
        "ZDDM": code(number),
        "QLRMC": f"甲{number}公司",
        "QLRLX": "2",
        "YT": "0601",
        "ZDMJ": round(shape.area, 2) if shape is not None else 0.0,
        "XZQDM": "120118901",
        "XZQMC": "清泽镇",
        "geometry": shape,
    }
    return record | values


def frame(records: list[dict[str, Any]], crs: str = CRS) -> gpd.GeoDataFrame:
    """Return records as a layer."""
    return gpd.GeoDataFrame(records, geometry="geometry", crs=crs)


def survey_polygon(shape: shapely.Geometry, dlbm: str = "0601", **values: Any) -> dict[str, Any]:
    """Return a survey polygon record."""
    record = {
        "BSM": "1",
        "TBBH": "1",
        "DLBM": dlbm,
        "QSXZ": "20",
        "ZLDWDM": "1201189010010000000",
        "CZCSXM": "202",
        "SJNF": 2022,
        "geometry": shape,
    }
    return record | values


def write_shapefile(
    layer: gpd.GeoDataFrame, path: Path, encoding: str = "GBK", *, cpg: bool = False
) -> Path:
    """Write a shapefile as towns send it."""
    layer.to_file(path, engine="pyogrio", encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def nobody_listed(folder: Path) -> dict[str, str]:
    """Write a complete list without a parcel; return it as the source of every exclusion list."""
    (folder / "nobody.csv").write_text("宗地代码\n", encoding="utf-8")
    return dict.fromkeys(("supply", "idle_land", "title_disputes"), "nobody.csv")
