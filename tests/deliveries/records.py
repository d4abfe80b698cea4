"""Attributes that satisfy every rule, for faces of a coverage: survey, parcels, boundaries."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.area import ellipsoidal_area

CRS = "EPSG:4527"
COUNTY = "120118"
GROUP = "0000000"  # the last seven digits of a place code
USE = {"0601": "0601", "05H1": "0501", "0701": "0701"}  # survey class: registered use
BUILT = ("0601", "05H1", "0701", "1004")
STATE, COLLECTIVE = "20", "30"
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PARCEL_FIELDS = (
    "ZDDM C19, BDCDYH C28, ZL C60, QLRMC C60, QLRLX C2, USCC C18, QLLX C2, QLXZ C4, YT C4,"
    "ZDMJ N15.2, HTRJL N6.2, GDSJ C10, XZQDM C12, XZQMC C30, CJDM C12, BZ C80"
)


def area(shapes: object) -> np.ndarray:
    """Return areas on the ellipsoid to the cent, as survey and register have them."""
    return np.round(ellipsoidal_area(np.asarray(shapes, dtype=object), CRS), 2)


def credit_code(number: int) -> str:
    """Return an invented credit code with right check signs (GB 32100, GB 11714)."""
    body = "MA" + "".join(SIGNS[number // 31**k % 31] for k in range(5, -1, -1))
    value = [int(s) if s.isdigit() else ord(s) - 55 for s in body]
    rest = 11 - sum(v * w for v, w in zip(value, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    text = "91120118" + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(SIGNS.index(s) * pow(3, k, 31) for k, s in enumerate(text))
    return text + SIGNS[-total % 31]


def layer(columns: dict[str, object], shapes: object) -> gpd.GeoDataFrame:
    """Return columns and shapes as a layer in the working system."""
    return gpd.GeoDataFrame(columns, geometry=np.asarray(shapes, dtype=object), crs=CRS)


def survey_of(faces: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return survey polygons (DLTB) for faces with ``use``, ``town``, ``village``, ``shape``."""
    size = area(faces["shape"])
    number = faces.groupby("village").cumcount() + 1
    serial = pd.Series(np.arange(1, len(faces) + 1), index=faces.index)
    built = faces["use"].isin(BUILT)
    columns = {
        "BSM": COUNTY + "0110" + serial.astype(str).str.zfill(8),
        "YSDM": "2001010100",
        "TBBH": number.astype(str),
        "DLBM": faces["use"],
        "QSXZ": np.where(built, STATE, COLLECTIVE),
        "ZLDWDM": faces["village"] + GROUP,
        "ZLDWMC": "第" + faces["village"].str[-3:] + "村",
        "TBMJ": size,
        "KCMJ": 0.0,
        "TBDLMJ": size,
        "TBXHDM": pd.Series(None, index=faces.index, dtype="str"),
        "CZCSXM": pd.Series(np.where(built, "202", None), index=faces.index, dtype="str"),
        "FRDBS": pd.Series(None, index=faces.index, dtype="str"),
        "SJNF": 2022,
        "MSSM": "00",
    }
    return layer(columns, faces["shape"]).reset_index(drop=True)


def parcels_of(faces: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return registered parcels for those of the faces whose use is registered."""
    chosen = faces[faces["use"].isin(USE)].reset_index(drop=True)
    number = (chosen.groupby("village").cumcount() + 1).astype(str).str.zfill(5)
    code = chosen["village"] + "GB" + number
    columns = {
        "ZDDM": code,
        "BDCDYH": code + "W00000000",
        "ZL": "第" + chosen["village"].str[-3:] + "村" + number + "号",
        "QLRMC": "天津沽" + number + "有限公司",
        "QLRLX": "2",
        "USCC": [credit_code(1000 + k) for k in range(len(chosen))],
        "QLLX": "3",
        "QLXZ": "102",
        "YT": chosen["use"].map(USE),
        "ZDMJ": area(chosen["shape"]),
        "HTRJL": 1.2,
        "GDSJ": "2009-06-30",
        "XZQDM": chosen["town"],
        "XZQMC": "第" + chosen["town"].str[-2:] + "镇",
        "CJDM": chosen["village"],
        "BZ": pd.Series(None, index=chosen.index, dtype="str"),
    }
    return layer(columns, chosen["shape"])


def villages_of(survey: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return village boundaries (CJDCQ) around survey polygons; their areas are the sums."""
    groups = survey.groupby("ZLDWDM")
    codes = list(groups.groups)
    shapes = [shapely.union_all(groups.get_group(code).geometry.to_numpy()) for code in codes]
    columns = {
        "ZLDWDM": codes,
        "ZLDWMC": [f"第{code[9:12]}村" for code in codes],
        "DCMJ": groups["TBMJ"].sum().round(2).to_numpy(),
    }
    return layer(columns, shapes)


def towns_of(villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return town boundaries (XZQ) around villages."""
    groups = villages.geometry.groupby(villages["ZLDWDM"].str[:9])
    codes = list(groups.groups)
    shapes = [shapely.union_all(groups.get_group(code).to_numpy()) for code in codes]
    return layer({"XZQDM": codes, "XZQMC": [f"第{code[-2:]}镇" for code in codes]}, shapes)


def buildings_of(parcels: gpd.GeoDataFrame, side: float = 18.0) -> gpd.GeoDataFrame:
    """Return a square building in every parcel that has room for one."""
    lots = parcels.geometry.to_numpy()
    middle = shapely.point_on_surface(lots)
    x, y = shapely.get_x(middle).round(1), shapely.get_y(middle).round(1)
    squares = shapely.box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    kept = squares[shapely.contains_properly(lots, squares)]
    number = np.arange(1, len(kept) + 1)
    columns = {
        "JZBH": [f"F{k:06d}" for k in number],
        "CS": 2.0,
        "CG": 4.0,
        "JZMJ": area(kept) * 2,
        "JGND": 2005,
    }
    return layer(columns, kept)
