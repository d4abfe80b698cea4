"""A town's delivery as it really comes: one archive, much of it wrong on purpose."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio
import shapely
import xlsxwriter

from . import bending
from .cadastre import credit_code
from .shapefile import plane_prj, write_shapefile

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

TOWN = "柳桥镇"
WINDOW = (39_488_000.0, 4_301_700.0, 39_489_100.0, 4_302_500.0)
CLOCK = (2024, 3, 29, 17, 42, 0)
MU = 666.6667
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PARCEL_FIELDS = (
    "ZDDM C19, 不动产单元号 C28, 坐落 C40, QLRMC C60, QLRLX C2, USCC C18, QLXZ C4, YT C4,"
    "ZDMJ N15.2, HTRJL N6.2, GDSJ C12, XZQDM C12, XZQMC C30, CJDM C12"
)
SURVEY_FIELDS = (
    "BSM C18, TBBH C8, DLBM C5, QSXZ C2, ZLDWDM C19, ZLDWMC C60, TBMJ N15.2, KCMJ N15.2,"
    "TBDLMJ N15.2, TBXHDM C6, CZCSXM C4, FRDBS C1, SJNF N4.0"
)
NOTE = (
    "柳桥镇低效用地调查成果\r\n宗地为镇里汇总，坐标同去年；图斑由第三方提供。\r\n"
    "（示例，内容虚构）\r\n"
)
Log = list[tuple[str, str, int, str]]


def deliver(sample: Path, out: Path) -> Log:
    """Write ``柳桥镇报送.zip`` and return what is wrong in it.

    Each is a check code, the layer, the number of the record (0 for the file) and what.

    Parameters
    ----------
    sample
        The built sample district.
    out
        Folder to write to.
    """
    out.mkdir(parents=True, exist_ok=True)
    log: Log = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        entries = _parcels(sample, folder, log)
        entries["柳桥镇/调查/图斑.zip"] = _survey(sample, folder, log)
        entries["柳桥镇/企业情况（镇里填）.xlsx"] = _firms(entries, folder, log)
    entries["柳桥镇/说明.txt"] = NOTE.encode("gbk")
    entries["柳桥镇/宗地/Thumbs.db"] = bytes(512)
    log.append(("1102", "", 0, "无关文件 说明.txt"))
    _pack(out / f"{TOWN}报送.zip", entries)
    return log


def _near(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy()
    whole = ~shapely.is_missing(shapes) & shapely.within(shapes, shapely.box(*WINDOW))
    kept = frame[whole & shapely.is_valid(shapes)]
    return kept.reset_index(drop=True)


def _parcels(sample: Path, folder: Path, log: Log) -> dict[str, bytes]:
    frame = pyogrio.read_dataframe(sample / "parcels" / f"{TOWN}.shp", encoding="GBK")
    frame = _near(frame).rename(columns={"BDCDYH": "不动产单元号", "ZL": "坐落"})
    frame = frame.astype({"ZDDM": object, "YT": object, "USCC": object, "GDSJ": object})
    _spoil_values(frame, log)
    _spoil_shapes(frame, log)
    frame = _doubled(frame, log)
    path = folder / f"{TOWN}宗地.shp"
    write_shapefile(path, PARCEL_FIELDS, frame, list(frame.geometry))
    log += [
        ("2102", "", 0, "宗地没有 .prj；也没有 .cpg，编码 GBK"),
        ("1203", "parcels", 0, "字段名 不动产单元号 被截断，坐落 不是 ASCII"),
    ]
    return {
        f"柳桥镇/宗地/{part.name}": part.read_bytes()
        for part in sorted(folder.glob(f"{TOWN}宗地.*"))
    }


def _spoil_values(frame: gpd.GeoDataFrame, log: Log) -> None:
    """Put wrong values into records 1 to 12."""

    def put(row: int, code: str, what: str, **values: object) -> None:
        for name, value in values.items():
            frame.loc[row - 1, name] = value
        log.append((code, "parcels", row, what))

    first = frame.loc[0]
    put(2, "3302", "宗地代码与第 1 条重复", ZDDM=first["ZDDM"], 不动产单元号=first["不动产单元号"])
    code = frame.loc[2, "ZDDM"]
    put(3, "3203", "宗地代码中数字 1 写成字母 l", ZDDM=code[:8] + "l" + code[9:], 不动产单元号=None)
    put(4, "3204", "面积填成了亩", ZDMJ=round(frame.loc[3, "ZDMJ"] / MU, 2))
    put(5, "3207", "信用代码被表格软件改成数字", USCC="9.11202E+17")
    put(6, "3201", "登记用途 0599 不在代码表内", YT="0599")
    put(7, "3104", "登记用途漏填", YT=None)
    put(8, "3209", "供地时间写作“零六年”", GDSJ="零六年")
    put(9, "3202", "容积率 25（应为 2.5）", HTRJL=25.0)
    put(10, "3301", "村级代码抄自别镇", CJDM="120118904001")
    put(11, "3405", "登记面积多一成", ZDMJ=round(frame.loc[10, "ZDMJ"] * 1.1, 2))
    wide = frame.loc[11, "QLRLX"].translate(FULL_WIDTH)
    put(12, "3208", "权利人类型写成全角", QLRLX=wide)
    log += [
        ("3302", "parcels", 1, "宗地代码与第 2 条重复"),
        ("3205", "parcels", 5, "信用代码因此校验不符"),
        ("3405", "parcels", 4, "因此与图形面积不符"),
    ]


def _spoil_shapes(frame: gpd.GeoDataFrame, log: Log) -> None:
    """Put wrong shapes into records from 13 on."""
    long = [k for k in range(12, len(frame)) if _length(frame.geometry[k]) > 30]
    spoils: list[tuple[str, str, Callable[[shapely.Polygon, int], shapely.Geometry | None]]] = [
        ("4111", "节点重复", lambda s, e: bending.doubled(s, e, 10.0, 0.0)[0]),
        ("4112", "尖刺 3 m", lambda s, e: bending.spiked(s, e, 10.0, 4.0, 3.0)[0]),
        ("4103", "界线自相交", lambda s, e: bending.folded(s, e, 10.0)[0]),
        ("4114", "孔洞 0.5 m²", _pierced),
        ("3102", "没有图形", lambda _s, _e: None),
    ]
    for at, (code, what, spoil) in zip(long[::2], spoils, strict=False):
        shape = frame.geometry[at]
        made = spoil(shape, bending.longest_edge(shape))
        frame.loc[[at], "geometry"] = np.array([made], dtype=object)
        log.append((code, "parcels", at + 1, what))
    shapes = frame.geometry.to_numpy()
    usable = np.array([k for k in range(12, len(frame)) if k not in long[::2][: len(spoils)]])
    one, edge, other = next(
        pair
        for pair in bending.shared_edges(shapes[usable])
        if bending.frame_of(shapes[usable[pair[0]]], pair[1])[3] > 25
    )
    at = int(usable[one])
    bulged = bending.bulged(shapes[at], edge, 3.0, 23.0, 0.4)
    frame.loc[[at], "geometry"] = np.array([bulged], dtype=object)
    log.append(("4101", "parcels", at + 1, f"与第 {usable[other] + 1} 条重叠 0.4 m × 20 m"))
    log.append(("3405", "parcels", at + 1, "因此图形比登记面积多 8 m²"))


def _doubled(frame: gpd.GeoDataFrame, log: Log) -> gpd.GeoDataFrame:
    """Put the record before the last once more behind it, as a second import does."""
    at, twin = len(frame) - 1, len(frame) + 1
    log += [
        ("4104", "parcels", at, f"第 {twin} 条与第 {at} 条图形、属性全同"),
        ("3302", "parcels", at, f"因此宗地代码与第 {twin} 条重复"),
        ("3302", "parcels", twin, f"因此宗地代码与第 {at} 条重复"),
    ]
    return pd.concat([frame, frame.iloc[[at - 1]]], ignore_index=True)


def _length(shape: shapely.Polygon) -> float:
    return bending.frame_of(shape, bending.longest_edge(shape))[3]


def _pierced(shape: shapely.Polygon, _edge: int) -> shapely.Polygon:
    x, y = shapely.get_coordinates(shape.point_on_surface())[0].round(1)
    return bending.with_hole(shape, shapely.box(x, y, x + 1, y + 0.5))


def _survey(sample: Path, folder: Path, log: Log) -> bytes:
    frame = _near(pyogrio.read_dataframe(sample / "survey.gpkg", layer="DLTB"))
    frame = frame.astype({"CZCSXM": object})

    def put(row: int, code: str, what: str, **values: object) -> None:
        for name, value in values.items():
            frame.loc[row - 1, name] = value
        log.append((code, "survey", row, what))

    size = round(frame.loc[2, "TBMJ"] + 25.0, 2)
    put(3, "3401", "图斑面积多 25 m²", TBMJ=size, TBDLMJ=size)
    put(5, "3402", "图斑地类面积少 0.5 m²", TBDLMJ=round(frame.loc[4, "TBDLMJ"] - 0.5, 2))
    put(7, "3305", "标识码与第 8 条重复", BSM=frame.loc[7, "BSM"])
    log.append(("3305", "survey", 8, "标识码与第 7 条重复"))
    put(9, "8101", "数据年份 2021", SJNF=2021)
    put(11, "3303", "农村道路标为建制镇", DLBM="1006", CZCSXM="202")
    shapes = frame.geometry.to_numpy()
    one, edge, other = next(
        pair
        for pair in bending.shared_edges(shapes)
        if pair[0] > 12 and bending.frame_of(shapes[pair[0]], pair[1])[3] > 30
    )
    drawn = bending.bulged(shapes[one], edge, 5.0, 25.0, -0.3)
    frame.loc[[one], "geometry"] = np.array([drawn], dtype=object)
    frame.loc[one, ["TBMJ", "TBDLMJ"]] -= 6.0
    log.append(("4102", "", 0, f"图斑第 {one + 1} 条与第 {other + 1} 条之间有缝隙 0.3 m × 20 m"))
    path = folder / "DLTB.shp"
    write_shapefile(
        path, SURVEY_FIELDS, frame, list(frame.geometry), cpg="UTF-8", prj=plane_prj(4548)
    )
    log += [
        ("1204", "", 0, "图斑 .cpg 写 UTF-8，实为 GBK"),
        ("2201", "", 0, "图斑 .prj 无带号，坐标有带号"),
    ]
    archive = folder / "图斑.zip"
    _pack(archive, {part.name: part.read_bytes() for part in sorted(folder.glob("DLTB.*"))})
    return archive.read_bytes()


def _firms(entries: dict[str, bytes], folder: Path, log: Log) -> bytes:
    """Return a workbook of firms on the first parcels; one code has an unknown parcel."""
    table = next(data for name, data in entries.items() if name.endswith(".dbf"))
    start, length = (int.from_bytes(table[at : at + 2], "little") for at in (8, 10))
    codes = [
        table[start + k * length + 1 : start + k * length + 20].decode("gbk") for k in range(20, 26)
    ]
    path = folder / "firms.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(*CLOCK)})  # noqa: DTZ001
        sheet = book.add_worksheet("企业")
        sheet.write_row(
            0, 0, ["企业名称", "统一社会信用代码", "宗地代码", "占用面积（亩）", "经营状态"]
        )
        for row, code in enumerate([*codes, "120118902001GB99999"], start=1):
            firm = credit_code(f"MA9LQ{row:03d}")
            sheet.write_row(row, 0, [f"天津柳{row}泽有限公司", firm, code, 5 + row, "正常"])
    log.append(("6101", "enterprises", 0, "末行的宗地代码不存在"))
    return path.read_bytes()


def _pack(path: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, CLOCK), data, zipfile.ZIP_DEFLATED, 9)
