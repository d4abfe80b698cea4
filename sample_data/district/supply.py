"""The spatial files of the sample as the departments send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin

from . import planning
from .buildings import UNSURVEYED, Building
from .ground import COUNTY, ellipsoid_area, rng, to_degrees
from .narrow_cases import UNASKED
from .survey import CLASS_NAMES, Plot
from .towns import SEATS, TOWN_NAMES
from .writing import GPKG, schema, write_geojson, write_layer, write_lines

if TYPE_CHECKING:
    from pathlib import Path

    from .cadastre import Parcel
    from .layout import Layout

PARCEL_FIELDS = schema(
    "ZDDM C19, BDCDYH C28, ZL C100, QLRMC C100, QLRLX C1, USCC C18, QLLX C2, QLXZ C4, YT C4,"
    " ZDMJ N15.2, HTRJL N6.2, GDSJ C8, YDKG C8, JGSJ C8, DKLX C2, XZQDM C9, XZQMC C60,"
    " CJDM C12, BZ C100"
)
DLTB_FIELDS = schema(
    "BSM C18, YSDM C10, TBYBH C18, TBBH C8, DLBM C5, DLMC C60, QSXZ C2, QSDWDM C19, QSDWMC C255,"
    " ZLDWDM C19, ZLDWMC C255, TBMJ R, KCDLBM C5, KCXS R, KCMJ R, TBDLMJ R, GDLX C2, GDPDJB C2,"
    " XZDWKD R, TBXHDM C6, TBXHMC C20, ZZSXDM C6, ZZSXMC C20, GDDB I, FRDBS C1, CZCSXM C4, SJNF I,"
    " MSSM C2, HDMC C100, BZ C255"
)
_WIDE = {"1001": 22.0, "1003": 28.0, "1004": 11.0, "1006": 5.0, "1101": 86.0, "1107": 9.0}


def _day(year: int, random: np.random.Generator) -> str:
    return f"{year}{random.integers(1, 13):02d}{random.integers(1, 29):02d}"


def _parcel_row(found: Layout, parcel: Parcel, random: np.random.Generator) -> dict[str, object]:
    names = {v.code: v.name for v in found.villages}
    bare = parcel.code.strip()
    granted = parcel.right in {"GB", "GX", "ZB"}
    year = max(1987, parcel.year - 2)
    kind = {"JC": "6", "JB": "8"}.get(parcel.right, "4" if parcel.buildings else "3")
    nature = "102" if granted else "203"
    if granted and parcel.type in {"facility", "special"}:
        nature = "101"
    ratio = round(float(random.choice([0.8, 1.0, 1.2, 1.5, 2.0])), 2)
    given = (bool(random.random() > 0.06) and granted) or bool(parcel.case)
    dates = [_day(year + k, random) if granted else "" for k in (0, 1, 2)]
    village = names[parcel.village].replace("䶮", "龑")  # a sign that GBK does not know
    street = f"{village}{parcel.sub_region}-{parcel.number}号"
    return {
        "ZDDM": parcel.code,
        "BDCDYH": f"{bare}W00000000" if len(bare) == 19 else "",
        "ZL": f"天津市静海区{TOWN_NAMES[parcel.town]}{street}",
        "QLRMC": parcel.owner,
        "QLRLX": parcel.owner_kind,
        "USCC": parcel.credit_code,
        "QLLX": kind,
        "QLXZ": nature,
        "YT": parcel.use,
        "ZDMJ": parcel.registered_area,
        "HTRJL": ratio if given and granted else None,
        "GDSJ": dates[0],
        "YDKG": dates[1] if random.random() < 0.7 and parcel.case not in UNASKED else "",
        "JGSJ": dates[2] if random.random() < 0.6 and parcel.case not in UNASKED else "",
        "DKLX": parcel.assigned_type,
        "XZQDM": parcel.town if parcel.town_written else "",
        "XZQMC": TOWN_NAMES[parcel.town] if parcel.town_written else "",
        "CJDM": parcel.village,
        "BZ": parcel.remark,
    }


def write_parcels(found: Layout, folder: Path) -> None:
    """Write the parcels of each town: shapefiles in GBK that do not say so."""
    folder.mkdir(parents=True, exist_ok=True)
    random = rng("parcel attributes")
    rows = [_parcel_row(found, p, random) for p in found.parcels]
    for town, name in TOWN_NAMES.items():
        chosen = [k for k, p in enumerate(found.parcels) if p.town == town]
        columns = {f: [rows[k][f] for k in chosen] for f in PARCEL_FIELDS}
        path = folder / f"{name}.shp"
        shapes = [found.parcels[k].shape for k in chosen]
        options = {"DBF_DATE_LAST_UPDATE": "2024-03-31"}
        write_layer(
            path, name, PARCEL_FIELDS, columns, shapes, driver="ESRI Shapefile", options=options
        )
        path.with_suffix(".cpg").unlink(missing_ok=True)


def _plot_row(k: int, number: int, plot: Plot, found: Layout) -> dict[str, object]:
    village = found.villages[plot.village]
    rural = plot.settlement.startswith("203") or plot.land_class[:2] in {"01", "02", "03", "12"}
    rural = rural or plot.land_class in {"0404", "1006", "1104", "1107", "0702"}
    area = ellipsoid_area(plot.shape)
    arable, pit = plot.land_class == "0102", plot.land_class == "0602"
    unit = village.code + "0000000"
    row: dict[str, object] = dict.fromkeys(DLTB_FIELDS)
    row |= {
        "BSM": f"{COUNTY}2001{k + 1:08d}",
        "YSDM": "2001010100",
        "TBBH": str(number),
        "DLBM": plot.land_class,
        "DLMC": CLASS_NAMES[plot.land_class],
        "QSXZ": "30" if rural else "20",
        "QSDWDM": unit,
        "QSDWMC": village.name,
        "ZLDWDM": unit,
        "ZLDWMC": village.name,
        "TBMJ": area,
        "KCXS": 0.0,
        "KCMJ": 0.0,
        "TBDLMJ": area,
        "GDPDJB": "1" if arable else None,
        "XZDWKD": _WIDE.get(plot.land_class, 0.0),
        "TBXHDM": "FQ" if pit else None,
        "TBXHMC": "废弃" if pit else None,
        "ZZSXDM": "LS" if arable else None,
        "ZZSXMC": "种植粮食作物" if arable else None,
        "GDDB": 11 if arable else None,
        "CZCSXM": plot.settlement or None,
        "SJNF": 2022,
        "MSSM": "00",
    }
    return row


def write_survey(found: Layout, plots: list[Plot], path: Path) -> None:
    """Write the land survey with towns and villages."""
    number: dict[int, int] = {}
    rows = []
    for k, plot in enumerate(plots):
        number[plot.village] = number.get(plot.village, 0) + 1
        rows.append(_plot_row(k, number[plot.village], plot, found))
    columns = {f: [row[f] for row in rows] for f in DLTB_FIELDS}
    write_layer(path, "DLTB", DLTB_FIELDS, columns, [p.shape for p in plots], options=GPKG)
    fields = schema("XZQDM C12, XZQMC C100")
    codes = [seat.town for seat in SEATS]
    members: dict[int, list] = {}
    for plot in plots:
        members.setdefault(plot.village, []).append(plot.shape)
    shapes = [shapely.coverage_union_all(members[k]) for k in range(len(found.villages))]
    towns = [
        shapely.coverage_union_all(
            [s for s, v in zip(shapes, found.villages, strict=True) if v.town == code]
        )
        for code in codes
    ]
    columns = {"XZQDM": codes, "XZQMC": [TOWN_NAMES[c] for c in codes]}
    write_layer(path, "XZQ", fields, columns, towns)
    units = [v.code + "0000000" for v in found.villages]
    columns = {"ZLDWDM": units, "ZLDWMC": [v.name for v in found.villages]}
    write_layer(path, "CJDCQ", schema("ZLDWDM C19, ZLDWMC C255"), columns, shapes)


def write_buildings(built: list[Building], path: Path) -> None:
    """Write the building survey, which one town has not done (EPSG:4548)."""
    listed = [b for b in built if b.town != UNSURVEYED]

    def bare(xy: np.ndarray) -> np.ndarray:
        return np.round(xy - [39_000_000.0, 0.0], 4)

    shapes = [shapely.transform(b.shape, bare) for b in listed]
    columns = {
        "JZBH": [b.code for b in listed],
        "CS": [b.storeys if b.storeys_known else None for b in listed],
        "CG": [b.storey_height if b.height_known else None for b in listed],
        "JZMJ": [
            round(b.shape.area * b.storeys, 2) if b.floor_area_known else None for b in listed
        ],
        "JGND": [b.year if b.year_known else None for b in listed],
        "SYZT": [b.state for b in listed],
    }
    fields = schema("JZBH C20, CS I, CG R, JZMJ R, JGND I, SYZT C1")
    write_layer(path, "JZW", fields, columns, shapes, epsg=4548, options=GPKG)


def write_controls(found: Layout, plots: list[Plot], path: Path) -> None:
    """Write the control lines, the heritage areas, the areas to be reclaimed and the park."""
    fields = schema("BSM C18, YSDM C10, MJ R")
    layers = (
        ("YJJBNTTB", "2005010100", planning.farmland(found, plots)),
        ("STBHHX", "3003020000", planning.red_line(found)),
        ("CSKFBJ", "2090020213", planning.growth_boundary(found)),
    )
    for k, (layer, code, shapes) in enumerate(layers):
        columns = {
            "BSM": [f"{COUNTY}{3001 + k}{n + 1:08d}" for n in range(len(shapes))],
            "YSDM": [code] * len(shapes),
            "MJ": [ellipsoid_area(s) for s in shapes],
        }
        write_layer(path, layer, fields, columns, shapes, options=GPKG if k == 0 else None)
    sites = planning.heritage(found)
    columns = {"WBMC": [f"示例文保单位{n + 1}" for n in range(len(sites))]}
    write_layer(path, "WWBH", schema("WBMC C60"), columns, sites)
    shapes = planning.reclamation(found)
    columns = {"BSM": [f"{COUNTY}3007{n + 1:08d}" for n in range(len(shapes))]}
    write_layer(path, "FKQ", schema("BSM C18"), columns, shapes)
    park = next(g for g in found.grids if g.seat.is_park)
    columns = {"KFYQMC": [park.seat.name]}
    write_layer(path, "KFYQ", schema("KFYQMC C60"), columns, [park.outline])


def write_plans(found: Layout, path: Path) -> None:
    """Write the planning zones."""
    zones = planning.zones(found)
    columns = {
        "DKBH": [z.code for z in zones],
        "YT": [z.use for z in zones],
        "RJL": [z.ratio for z in zones],
    }
    shapes = [shapely.transform(z.shape, to_degrees) for z in zones]
    write_geojson(path, schema("DKBH C24, YT C6, RJL R"), columns, shapes)


def write_roads(found: Layout, path: Path) -> None:
    """Write the centre lines."""

    def degrees(xy: np.ndarray) -> np.ndarray:
        return np.round(to_degrees(xy), 9)

    lines = [shapely.transform(s.line, degrees) for s in found.streets]
    columns = {"DLMC": [s.name for s in found.streets], "DLDJ": [s.grade for s in found.streets]}
    write_lines(path, columns, lines)


def write_history(found: Layout, plots: list[Plot], path: Path) -> None:
    """Write the construction land of two past years and the approvals."""
    fields = schema("BSM C18, DLBM C5, TBMJ R")
    for k, year in enumerate((2009, 2019)):
        past = planning.construction_of(plots, year)
        columns = {
            "BSM": [f"{COUNTY}{4001 + k}{n + 1:08d}" for n in range(len(past))],
            "DLBM": [c for _, c in past],
            "TBMJ": [ellipsoid_area(s) for s, _ in past],
        }
        shapes = [s for s, _ in past]
        write_layer(path, f"JSYD{year}", fields, columns, shapes, options=GPKG if k == 0 else None)
    listed = planning.approvals(found)
    columns = {
        "PZWH": [a.number for a in listed],
        "PZRQ": [a.day for a in listed],
        "PZMJ": [a.area for a in listed],
        "YT": [a.use for a in listed],
    }
    fields = schema("PZWH C50, PZRQ C8, PZMJ R, YT C4")
    write_layer(path, "PZ", fields, columns, [a.shape for a in listed])
    given = [a for n, a in enumerate(listed) if n % 5]  # one in five is approved, not yet supplied
    contracts = {"HTBH": [f"清澜供{n + 1:05d}" for n in range(len(given))]}
    write_layer(path, "GD", schema("HTBH C50"), contracts, [a.shape for a in given])


def write_heights(built: list[Building], path: Path) -> None:
    """Write the heights seen from above, 10 m pixels; they cover every town."""
    bounds = shapely.total_bounds(np.asarray([b.shape for b in built], dtype=object))
    x0, y0 = np.floor(bounds[:2] / 10) * 10 - 20
    x1, y1 = np.ceil(bounds[2:] / 10) * 10 + 20
    size = (round((y1 - y0) / 10), round((x1 - x0) / 10))
    place = from_origin(x0, y1, 10, 10)
    pairs = [(b.shape, round(b.height, 1)) for b in built]
    grid = rasterize(pairs, size, fill=-9999, transform=place, dtype="float32")
    profile = {"driver": "GTiff", "height": size[0], "width": size[1], "count": 1}
    profile |= {"dtype": "float32", "crs": "EPSG:4527", "transform": place, "nodata": -9999}
    profile |= {"compress": "deflate", "predictor": 3, "zlevel": 9, "tiled": True}
    with rasterio.open(path, "w", **profile) as file:
        file.write(grid, 1)
