"""A small district in which everything straddles: firms, codes, buildings, villages, overlaps."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

import tiny

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = ("120118901", "120118902")
FAR_TOWN = "120118903"  # whose name only the parcel has that an answer puts there
SAID = "现场核对,王检,2024-05-01"


def build(folder: Path, seed: int = 1) -> Path:
    """Write a district of some sixty lots as a project with ledgers; return its folder."""
    chance = random.Random(seed)
    lots = _lots(chance)
    tiny.frame(lots).to_file(folder / "p.gpkg", layer="ZD")
    tiny.frame(_ground(chance)).to_file(folder / "s.gpkg", layer="DLTB")
    tiny.frame(_buildings(chance)).to_file(folder / "b.gpkg", layer="JZW")
    for name in ("YJJBNTTB", "STBHHX"):
        shapes = [_box(chance, 900, 60, 400) for _ in range(6)]
        lines = [{"BSM": str(n), "geometry": s} for n, s in enumerate(shapes)]
        tiny.frame(lines).to_file(folder / "c.gpkg", layer=name)
    road = {
        "DLDJ": "国道",
        "geometry": shapely.LineString(np.add([[0, 50], [900, 450]], tiny.ORIGIN)),
    }
    tiny.frame([road]).to_file(folder / "r.gpkg", layer="r")
    codes = [lot["ZDDM"] for lot in lots if lot["ZDDM"]]
    _tables(folder, chance, codes)
    _rules(folder)
    lists = "".join(f'{n} = "{file}"\n' for n, file in tiny.nobody_listed(folder).items())
    (folder / "lowuse.toml").write_text(PROJECT + lists, encoding="utf-8")
    return folder


def _box(chance: random.Random, span: float, least: float, most: float) -> shapely.Polygon:
    x, y = chance.uniform(-50, span), chance.uniform(-50, span / 2)
    return tiny.lot(x, y, chance.uniform(least, most), chance.uniform(least, most))


def _lots(chance: random.Random) -> list[dict[str, object]]:
    """Parcels of a grid across two towns, and what is wrong with some of them."""
    lots = []
    for number in range(1, 61):
        x, y = (number % 10) * 100.0, (number // 10) * 100.0
        town = TOWNS[int(x >= 500)]
        more = {"XZQDM": town, "XZQMC": f"镇{town[-1]}", "ZDDM": f"{town}001GB{number:05d}"}
        more |= {"YT": chance.choice(["0601", "0701", "0501"]), "USCC": f"X{number % 13}"}
        shape = tiny.lot(x, y, chance.choice([100, 100, 80, 104]), chance.choice([100, 90]))
        lots.append(tiny.parcel(number, shape, **more))
    lots[3] |= {"geometry": None, "XZQDM": None, "XZQMC": "远镇"}  # nor ground under it
    bow = shapely.Polygon([(0, 0), (90, 90), (90, 0), (0, 90)])
    lots[14] |= {"geometry": shapely.transform(bow, lambda xy: xy + np.add(tiny.ORIGIN, (510, 10)))}
    lots[20] |= {"XZQDM": None, "XZQMC": None}
    lots[21] |= {"XZQMC": None, "ZDDM": lots[37]["ZDDM"]}  # one code in two towns
    lots[22] |= {"ZDDM": f"{TOWNS[0]}001GX00077"}
    lots[44] |= {"ZDDM": "12011890100lGB00009"}
    lots[50] |= {"ZDDM": None}
    lots[57] |= {"XZQDM": FAR_TOWN, "XZQMC": None, "ZDDM": f"{FAR_TOWN}001GB00058"}
    return lots


def _ground(chance: random.Random) -> list[dict[str, object]]:
    polygons = []
    for number in range(40):
        x, y = (number % 8) * 140.0 - 60, (number // 8) * 140.0 - 60
        village = f"{TOWNS[int(x >= 480)]}{chance.choice(['001', '002'])}0000000"
        more = {"BSM": str(number), "ZLDWDM": village, "ZLDWMC": f"村{village[-8]}"}
        more |= {
            "SJNF": chance.choice([2022, 2022, 2022, 2021]),
            "CZCSXM": chance.choice(["202", "203"]),
        }
        shape = tiny.lot(x, y, chance.choice([140, 141]), 140)
        polygons.append(
            tiny.survey_polygon(shape, chance.choice(["0601", "0701", "1004", "0702"]), **more)
        )
    return polygons


def _buildings(chance: random.Random) -> list[dict[str, object]]:
    return [
        {"JZBH": f"b{number}", "CS": chance.choice([1, 2, 5]), "JGND": 1990 + number % 20,
         "geometry": _box(chance, 950, 15, 70)}
        for number in range(120)
    ]  # fmt: skip


def _tables(folder: Path, chance: random.Random, codes: list[str]) -> None:
    firms = ["企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期"]
    for number in range(70):
        code = chance.choice([*codes, "120118901001GB99999", ""])
        area = chance.choice(["10", "3.5", ""]) if number % 9 else "1"
        state = chance.choice(["正常,", "停产,2022-06-01", "停产,"])
        firms.append(f"甲{number % 25}公司,X{number % 17},C33{number % 3}1,{code},{area},{state}")
    _write(folder / "firms.csv", firms)
    years = [
        f"X{n},{year},{chance.randrange(1, 100000) / 100}"
        for n in range(19)
        for year in (2022, 2023)
    ]
    _write(folder / "tax.csv", ["税号,年度,入库税收（万元）", *years])
    homes = [f"{code},{chance.choice(['1', '2', '3', ''])}" for code in codes[::2]]
    _write(folder / "homes.csv", ["宗地代码,利用状态", *homes, "120118901001JC00001,2"])
    wishes = [f"{code},{chance.choice(['愿意', '拒绝', '观望'])}" for code in [*codes[::3], "x"]]
    _write(folder / "wishes.csv", ["宗地代码,盘活意愿", *wishes])
    villages = [f"{town}001,村{town[-1]},100,30" for town in (*TOWNS, "120118999")]
    _write(folder / "villages.csv", ["村级代码,村名,户籍人口,户数", *villages])
    (folder / "ledgers").mkdir()
    corrections = [
        f"{codes[5]},YT,{'x'},0701,{SAID}",
        f"{codes[8]},宗地代码,{codes[8]},{TOWNS[0]}001GB00888,{SAID}",
        f"{TOWNS[0]}001GB00888,权利人,,乙公司,{SAID}",
        f"{codes[21]},权利人,,乙公司,{SAID}",
        f"nobody,权利人,,乙公司,{SAID}",
        f"1:51,乡镇代码,{TOWNS[0]},{TOWNS[1]},{SAID}",
    ]
    _write(
        folder / "ledgers" / "corrections.csv",
        ["宗地代码,字段,原值,新值,理由,更正人,更正日期", *corrections],
    )


def answered(folder: Path, parcels: pd.DataFrame, marks: pd.Series) -> None:
    """Add decisions and answers to the district, once it was judged."""
    rows, chance = list(parcels.index), random.Random(3)
    lines = ["宗地代码,要素行号,认定结果,理由,认定人,认定日期,判定指纹"]
    for number, row in enumerate(chance.sample(rows, 30)):
        code = parcels.at[row, "parcel_code"]
        mark = marks[row] if number % 3 else "a00000000000"
        given = "" if pd.isna(code) else code
        said = f"{chance.choice(['低效用地', '非低效用地'])},因,王,2024-05-{number % 28 + 1:02d}"
        lines.append(f"{given},{row},{said},{mark}")
    lines += [*lines[1:4], "nobody,,低效用地,因,王,2024-05-01,a00000000000"]
    _write(folder / "ledgers" / "decisions.csv", lines)
    head = "宗地代码,要素行号,宗地指纹,总建筑面积,园区,行业代码,上年度入库税收,乡镇代码"
    unplaced = parcels.index[parcels["town_name"] == "远镇"][0]
    lines = [head, "nobody,,,1,,,,", f",{unplaced},,,,,,{FAR_TOWN}"]
    for number, row in enumerate(chance.sample(rows, 40)):
        code = parcels.at[row, "parcel_code"]
        area = (
            0
            if pd.isna(parcels.at[row, "area"])
            else parcels.at[row, "area"] * chance.choice([0.5, 90])
        )
        given = "" if pd.isna(code) else code
        lines.append(f"{given},{row},,{area:.2f},园{number % 2},C3311,{number}.5,")
    lines.append(lines[4].replace("园", "区"))
    _write(folder / "answers.csv", lines)
    project = folder / "lowuse.toml"
    project.write_text(project.read_text("utf-8") + 'answers = "answers.csv"\n', encoding="utf-8")


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _rules(folder: Path) -> None:
    rules = folder / "rules" / "wanting"
    rules.mkdir(parents=True)
    (rules / "rulebook.toml").write_text(
        'name = "wanting"\nextends = "jinghai"\ntitle = "要"\nversion = "1"\n'
        'wanted_columns = ["road_distance", "road_frontage", "compactness", "low_use_around"]\n',
        encoding="utf-8",
    )


PROJECT = """
rules = "rules/wanting"
as_of = 2024-03-31
[sources]
parcels = "p.gpkg"
survey = "s.gpkg"
buildings = "b.gpkg"
permanent_farmland = "c.gpkg"
ecological_redline = "c.gpkg"
roads = "r.gpkg"
enterprises = "firms.csv"
tax = "tax.csv"
homesteads = "homes.csv"
wishes = "wishes.csv"
villages = "villages.csv"
"""
