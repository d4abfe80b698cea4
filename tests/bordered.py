"""A small district of two towns whose layers have something wrong on many borders."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import shapely

import tiny

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = ("120118901", "120118902")
COLUMNS, ROWS, SIDE = 12, 6, 100.0
PROJECT = """rules = "jinghai"
as_of = 2024-03-31

[sources]
enterprises = "firms.csv"
parcels = "p*.gpkg"
survey = { path = "s.gpkg", layer = "DLTB" }
buildings = { path = "b.gpkg", layer = "JZW" }
village_boundaries = { path = "v.gpkg", layer = "CJDCQ" }
town_boundaries = { path = "v.gpkg", layer = "XZQ" }
planning = { path = "v.gpkg", layer = "GH" }
"""


def build(folder: Path, seed: int = 5) -> Path:
    """Write the district as a project; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    grounds = _grounds(chance)
    tiny.frame(_survey(grounds)).to_file(folder / "s.gpkg", layer="DLTB")
    lots = _lots(chance)
    first, second = lots[: len(lots) // 2], lots[len(lots) // 2 :]
    tiny.frame([{**lot, "QLRLX": "1"} for lot in first]).to_file(folder / "p1.gpkg", layer="ZD")
    more = [{name: value for name, value in lot.items() if name != "QLRLX"} for lot in second]
    nothing = dict.fromkeys(more[0], None) | {"geometry": _box(40, 40, 30, 30)}
    tiny.frame([*more, nothing]).to_file(folder / "p2.gpkg", layer="ZD")
    tiny.frame(_buildings(chance)).to_file(folder / "b.gpkg", layer="JZW")
    for name, records in (("CJDCQ", _villages()), ("XZQ", _towns()), ("GH", _planning(chance))):
        tiny.frame(records).to_file(folder / "v.gpkg", layer=name)
    lines = ["企业名称,统一社会信用代码,宗地代码,占用面积（m²）"]
    codes = [lot["ZDDM"] for lot in lots if lot["ZDDM"]]
    for number in range(30):
        area = 15 if number % 5 else 10000  # in truth mu
        lines.append(f"甲{number % 25}公司,X{number % 17},{chance.choice([*codes, 'x'])},{area}")
    (folder / "firms.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "lowuse.toml").write_text(PROJECT, encoding="utf-8")
    return folder


def _box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    return tiny.lot(x, y, width, height)


def _grounds(chance: random.Random) -> list[shapely.Polygon]:
    """A coverage with holes at corners, gaps along edges and overlaps across them."""
    cells = {
        (c, r): _box(c * SIDE, r * SIDE, SIDE, SIDE) for c in range(COLUMNS) for r in range(ROWS)
    }
    for column in range(1, COLUMNS):
        for row in range(1, ROWS):
            kind, x, y = chance.choice(range(7)), column * SIDE, row * SIDE
            if kind == 0:  # a hole where four meet
                hole = _box(x - 1, y - 1.5, 2, 3)
                for cell in ((column - a, row - b) for a in (0, 1) for b in (0, 1)):
                    cells[cell] = cells[cell].difference(hole)
            elif kind == 1:  # a gap along an edge, closed at both ends
                cells[column, row] = cells[column, row].difference(_box(x, y + 20, 0.4, 55))
            elif kind == 2:  # two lie over each other
                cells[column, row] = cells[column, row].union(_box(x - 0.5, y + 20, 1, 55))
            elif kind == 3:  # a vertex that only one neighbour has, a hair beside the edge
                bent = shapely.Polygon([(0, 30), (0.00005, 50), (0, 70), (5, 70), (5, 30)])
                bent = shapely.transform(
                    bent, lambda xy, x=x, y=y: xy + np.add(tiny.ORIGIN, (x, y))
                )
                cells[column, row] = (
                    cells[column, row].difference(_box(x, y + 30, 5, 40)).union(bent)
                )
    long = _box(6 * SIDE, 1.5 * SIDE, 0.3, 3 * SIDE)  # along the border of the towns
    for row in range(ROWS):
        cells[6, row] = cells[6, row].difference(long)
    return [cells[key] for key in sorted(cells)]


def _survey(grounds: list[shapely.Polygon]) -> list[dict[str, object]]:
    polygons = []
    for number, shape in enumerate(grounds):
        column, row = divmod(number, ROWS)
        village = f"{TOWNS[column >= COLUMNS // 2]}{1 + (column // 3) % 2:03d}0000000"
        more = {"BSM": str(number % 60), "TBBH": str(number), "ZLDWDM": village}
        more |= {"TBMJ": round(shape.area, 2) + 9 * (number % 17 == 0), "SJNF": 2022 - row // 5}
        polygons.append(tiny.survey_polygon(shape, ("0601", "0702", "1003")[number % 3], **more))
    polygons.append({**polygons[40], "BSM": "99"})  # the same place twice
    bow = shapely.Polygon([(0, 0), (60, 60), (60, 0), (0, 60)])
    bow = shapely.transform(bow, lambda xy: xy + np.add(tiny.ORIGIN, (570, 610)))
    polygons.append({**polygons[0], "BSM": "100", "geometry": bow})
    return polygons


def _lots(chance: random.Random) -> list[dict[str, object]]:
    lots = []
    for number in range(1, COLUMNS * ROWS + 1):
        x, y = (number % COLUMNS) * SIDE, (number // COLUMNS) * SIDE
        town = TOWNS[int(x >= COLUMNS // 2 * SIDE)]
        shift, size = chance.choice([0, 0, 0.2, -0.2, 3]), chance.choice([100, 100, 99.8, 102])
        more = {"XZQDM": chance.choice([town, town, TOWNS[0]]), "XZQMC": "镇"}
        more |= {"ZDDM": f"{town}001GB{number % 66:05d}", "USCC": f"X{number % 13}"}
        more["YT"] = chance.choice(["0601", "0701", "9999", " 0601"])
        lots.append(tiny.parcel(number, tiny.lot(x + shift, y, size, size), **more))
    lots[3] |= {"geometry": None}
    lots[50] |= {"ZDDM": None}
    lots[53] |= {"ZDDM": lots[2]["ZDDM"]}
    spike = [(0, 0), (50, 0), (50, 50), (50.5, 180), (49.5, 50), (0, 50)]
    lots[30] |= {"geometry": shapely.Polygon(np.add(spike, np.add(tiny.ORIGIN, (560, 220))))}
    return lots


def _buildings(chance: random.Random) -> list[dict[str, object]]:
    found = []
    for number in range(90):
        x, y = chance.uniform(-40, 1200), chance.uniform(-40, 600)
        shape = tiny.lot(x, y, chance.uniform(10, 60), chance.uniform(10, 60))
        found.append({"JZBH": f"b{number % 80}", "CS": 2, "geometry": shape})
    return [*found, {"JZBH": "b900", "CS": 1, "geometry": found[7]["geometry"]}]


def _villages() -> list[dict[str, object]]:
    """Four villages of three columns each, of which two overlap and two leave a gap."""
    wide = COLUMNS // 4 * SIDE
    shapes = [_box(n * wide, 0, wide, ROWS * SIDE) for n in range(4)]
    shapes[1] = shapes[1].union(_box(2 * wide, 200, 2, 80))
    shapes[3] = shapes[3].difference(_box(3 * wide, 150, 1, 300))
    return [
        {"ZLDWDM": f"{TOWNS[n // 2]}{1 + n % 2:03d}0000000", "ZLDWMC": f"村{n}",
         "DCMJ": 180_000.0 if n % 2 else 180_162.0, "geometry": shape}
        for n, shape in enumerate(shapes)
    ]  # fmt: skip


def _towns() -> list[dict[str, object]]:
    half = COLUMNS // 2 * SIDE
    shapes = _box(-50, -50, half + 50, 800), _box(half - 1, -50, half + 50, 800)
    return [{"XZQDM": t, "XZQMC": "镇", "geometry": s} for t, s in zip(TOWNS, shapes, strict=True)]


def _planning(chance: random.Random) -> list[dict[str, object]]:
    shapes = [_box(chance.uniform(0, 900), chance.uniform(0, 400), 300, 150) for _ in range(8)]
    doubled = [*shapes[0].exterior.coords]
    shapes[0] = shapely.Polygon([doubled[0], *doubled])
    return [
        {"DKBH": str(number), "YT": "0701", "geometry": shape}
        for number, shape in enumerate(shapes)
    ]
