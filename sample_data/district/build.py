"""Build everything, in order."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import pyogrio
import shapely

from . import buildings, bureaus, defects, firms, inquiries, layout, supply, survey
from .writing import CLOCK

if TYPE_CHECKING:
    from pathlib import Path


def _fresh(folder: Path) -> None:
    """Make the folders and remove files of an earlier build."""
    for name in ("parcels", "bureaus"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((folder / name).iterdir()):
            path.unlink()
    for name in ("survey", "buildings", "control_lines", "history"):
        (folder / f"{name}.gpkg").unlink(missing_ok=True)


def _built_with(path: Path) -> None:
    lines = [f"GDAL {pyogrio.__gdal_version_string__}", f"GEOS {shapely.geos_version_string}"]
    packages = ("numpy", "pandas", "geopandas", "shapely", "pyogrio", "pyarrow", "rasterio")
    packages = (*packages, "pyproj", "XlsxWriter", "matplotlib", "pillow", "mplfonts")
    lines += [f"{package} {version(package)}" for package in packages]
    lines.append(f"OGR_CURRENT_DATE={CLOCK}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def build(folder: Path, *, with_map: bool = True) -> None:
    """Build the sample district.

    Parameters
    ----------
    folder
        Where the files go.
    with_map
        Draw the map too, which takes the longest.
    """
    _fresh(folder)
    found = layout.lay_out()
    plots = survey.plots(found)
    built = buildings.all_buildings(found)
    listed = firms.settle_firms(found)
    supply.write_controls(found, plots, folder / "control_lines.gpkg")
    supply.write_plans(found, folder / "planning.geojson")
    supply.write_roads(found, folder / "roads.parquet")
    supply.write_history(found, plots, folder / "history.gpkg")
    supply.write_survey(found, plots, folder / "survey.gpkg")
    supply.write_buildings(built, folder / "buildings.gpkg")
    supply.write_heights(built, folder / "building_height.tif")
    if with_map:
        from . import map as drawing  # noqa: PLC0415 - needs the drawing packages

        drawing.draw(found, plots, built, folder / "map.png")
    spoiled = defects.spoil(found)
    supply.write_parcels(found, folder / "parcels")
    office = folder / "bureaus"
    bureaus.write_enterprises(found, listed, office / "工信局_企业用地情况.xlsx")
    bureaus.write_taxes(found, listed, office)
    bureaus.write_housing(found, built, office)
    bureaus.write_facilities(found, office / "教育局文旅局_公共设施使用情况.xlsx")
    bureaus.write_homesteads(found, office / "农业农村委_宅基地利用情况.csv")
    bureaus.write_wishes(found, office / "乡镇_盘活意愿调查.xlsx")
    inquiries.write_industry_means(office / "税务局_分行业亩均税收.xlsx")
    inquiries.write_performance(found, office / "工信局_企业用地强度与产出.xlsx")
    inquiries.write_supply(found, office / "规划资源局_供地合同与建设台账.xlsx")
    inquiries.write_leases(found, office / "乡镇_厂房出租情况.xlsx")
    inquiries.write_vacancy(found, office / "乡镇_商办楼宇空置情况.xlsx")
    inquiries.write_villages(found, plots, office / "农业农村委_村庄基本情况.xlsx")
    inquiries.write_lists(found, office)
    _built_with(folder / "BUILT_WITH.txt")
    for kind, code in spoiled:
        print(f"{kind}\t{code}")
