"""An invented district of any size, for benchmarks: ``python benchmarks/district.py 30000``.

Blocks stand side by side in tiers with streets between; every block has two rows of lots, back to
back. Lots of a block are exactly noded: they share every vertex of a common boundary. One block in
ten has no parcels, so that the survey finds unregistered land. The survey is a gap-free cover of
the same blocks and streets, cut elsewhere and set off by less than a metre. Same seed, same
content.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]

DATA = Path(__file__).parent / "data"
CRS = "EPSG:4527"
CENTRE = (39_492_000.0, 4_305_000.0)
LOTS = 5  # lots in a row
STREET = 20.0  # metres between blocks
MEDIAN_WIDTH, MEDIAN_DEPTH = 138.0, 82.0  # metres: about 1 ha in the middle
DISTRICT = 300_000  # parcels: a larger one reaches out of the envelope of the district's rules
EMPTY = 0.1  # share of blocks without parcels
TOWNS = (5, 4)
VILLAGES = 6  # per side of a town
USES = np.array(["0601", "0701", "0501", "0803", "0604", "0702", "1201"])
USE_SHARES = [0.34, 0.25, 0.12, 0.07, 0.08, 0.10, 0.04]
SURVEYED = {
    "0601": "0601",
    "0701": "0701",
    "0501": "05H1",
    "0803": "08H2",
    "0604": "0508",
    "0702": "0702",
    "1201": "1201",
}
UNBUILT = np.array(["0102", "0301", "1107", "0601", "0702"])
INDUSTRIES = np.array(["C13", "C17", "C26", "C31", "C33", "C34", "C38", "G59"])
STATES = np.array(["正常", "半停产", "停产"])


@dataclass(frozen=True)
class Blocks:
    """Blocks of the district, one value per block.

    Attributes
    ----------
    west, south, width
        Lower left corner and width, metres.
    depth
        Depths of the two rows: shape (blocks, 2).
    cuts
        Cut lines between lots, metres from the west: shape (blocks, 2, LOTS + 1).
    town, village
        Codes of 9 and 12 digits.
    use
        Main registered use.
    empty
        Blocks without parcels.
    """

    west: Floats
    south: Floats
    width: Floats
    depth: Floats
    cuts: Floats
    town: NDArray[np.str_]
    village: NDArray[np.str_]
    use: NDArray[np.str_]
    empty: NDArray[np.bool_]


def blocks(count: int, random: np.random.Generator) -> Blocks:
    """Lay out blocks for at least `count` lots."""
    number = int(np.ceil(count / (2 * LOTS) / (1 - EMPTY))) + 1
    per_tier = max(1, round(np.sqrt(number * 2 * MEDIAN_DEPTH / (LOTS * MEDIAN_WIDTH))))
    tier = np.arange(number) // per_tier
    width = LOTS * MEDIAN_WIDTH * np.exp(0.15 * random.standard_normal(number))
    east = pd.Series(width + STREET).groupby(tier).cumsum().to_numpy()
    tier_depth = MEDIAN_DEPTH * np.exp(0.3 * random.standard_normal((tier[-1] + 1, 2)))
    height = tier_depth.sum(axis=1) + STREET
    south = np.concatenate([[0.0], np.cumsum(height)[:-1]])[tier]
    west = east - width - STREET
    west, south = west - east.max() / 2 + CENTRE[0], south - height.sum() / 2 + CENTRE[1]
    town, village = _places(west, south)
    empty = np.zeros(number, dtype=bool)
    empty[random.choice(number, number - int(np.ceil(count / 2 / LOTS)), replace=False)] = True
    return Blocks(
        west,
        south,
        width,
        tier_depth[tier],
        _cuts(width, LOTS, random),
        town,
        village,
        random.choice(USES, number, p=USE_SHARES),
        empty,
    )


def _cuts(width: Floats, lots: int, random: np.random.Generator) -> Floats:
    """Cut each row of each block into lots of lognormal widths, none below a fifth of the mean."""
    size = np.exp(0.6 * random.standard_normal((len(width), 2, lots)))
    size = np.maximum(size / size.mean(axis=2, keepdims=True), 0.2)
    inner = np.cumsum(size, axis=2) / size.sum(axis=2, keepdims=True)
    return np.concatenate([np.zeros((len(width), 2, 1)), inner], axis=2) * width[:, None, None]


def _places(x: Floats, y: Floats) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    across = (x - x.min()) / max(np.ptp(x), 1) * (1 - 1e-9) * TOWNS[0]
    up = (y - y.min()) / max(np.ptp(y), 1) * (1 - 1e-9) * TOWNS[1]
    town = up.astype(int) * TOWNS[0] + across.astype(int) + 901
    sub = (up % 1 * VILLAGES).astype(int) * VILLAGES + (across % 1 * VILLAGES).astype(int) + 1
    code = np.char.add("120118", town.astype(str))
    return code, np.char.add(code, np.char.zfill(sub.astype(str), 3))


@dataclass(frozen=True)
class Side:
    """Vertices along one side of lots: which lot, the order in its ring, and where."""

    lot: Whole
    order: Floats
    x: Floats
    y: Floats


def lots(b: Blocks, random: np.random.Generator) -> NDArray[np.object_]:
    """Draw two rows of LOTS lots for every block, in the order block, row, lot."""
    back = b.south + b.depth[:, 0]
    sides = [*_fronts(b, random), *_flanks(b, back, random), *_backs(b, back, random)]
    lot = np.concatenate([side.lot for side in sides])
    order = np.concatenate([side.order for side in sides])
    x, y = np.concatenate([s.x for s in sides]), np.concatenate([s.y for s in sides])
    ring = np.lexsort((order, lot))
    xy = np.column_stack([x[ring], y[ring]]).round(4)
    drawn: NDArray[np.object_] = shapely.polygons(shapely.linearrings(xy, indices=lot[ring]))
    return shapely.normalize(drawn)


def _lot_number(count: int) -> Whole:
    return np.arange(count * 2 * LOTS).reshape(count, 2, LOTS)


def _fronts(b: Blocks, random: np.random.Generator) -> list[Side]:
    """Corners at the street and up to six vertices between; order 0 to 1 from west to east."""
    lot = _lot_number(len(b.west))
    left, right = b.cuts[:, :, :-1], b.cuts[:, :, 1:]
    street = np.stack([b.south, b.south + b.depth.sum(axis=1)], axis=1)[:, :, None]
    street = np.broadcast_to(street, lot.shape)
    west = np.broadcast_to(b.west[:, None, None], lot.shape)
    sides = [_flat(lot, 0.0, west + left, street), _flat(lot, 1.0, west + right, street)]
    wanted = random.choice([0, 1, 2, 4, 6], lot.shape, p=[0.45, 0.2, 0.2, 0.1, 0.05])
    inward = np.array([1.0, -1.0])[None, :, None]
    for step in range(6):
        some, part = wanted > step, (step + 1) / 7
        setback = inward * random.uniform(0.1, 1.2, lot.shape)
        x, y = west + left + (right - left) * part, street + setback
        sides.append(_flat(lot[some], part, x[some], y[some]))
    return sides


def _flat(lot: Whole, order: float | Floats, x: Floats, y: Floats) -> Side:
    return Side(lot.ravel(), np.broadcast_to(order, lot.shape).ravel(), x.ravel(), y.ravel())


def _flanks(b: Blocks, back: Floats, random: np.random.Generator) -> list[Side]:
    """Steps in the inner cut lines, shared by the lots to both sides."""
    lot = _lot_number(len(b.west))
    shape = (len(b.west), 2, LOTS - 1)
    cut = b.west[:, None, None] + b.cuts[:, :, 1:-1]
    street = np.stack([b.south, b.south + b.depth.sum(axis=1)], axis=1)[:, :, None]
    wanted = random.choice([0, 2, 4], shape, p=[0.5, 0.2, 0.3])
    jog = random.uniform(-6.0, 6.0, shape)
    sides = []
    for step, (part, out) in enumerate([(0.3, 0), (0.3, 1), (0.6, 1), (0.6, 0)]):
        some = wanted > step
        y = street + (back[:, None, None] - street) * part
        x = cut + jog * np.where(wanted == 2, 0.1 * step, out)
        y = y + np.where(wanted == 2, 4.0 * step, 0.0)
        east = _flat(lot[:, :, :-1][some], 1.1 + step / 10, x[some], y[some])
        west = _flat(lot[:, :, 1:][some], 3.9 - step / 10, x[some], y[some])
        sides += [east, west]
    return sides


def _backs(b: Blocks, back: Floats, random: np.random.Generator) -> list[Side]:
    """The jagged line between the rows: every lot has the vertices of both rows on its part."""
    count = len(b.west)
    cuts = b.cuts.reshape(count, -1)  # both rows' cut lines: the ends occur twice
    y = back[:, None] + random.uniform(-1.5, 1.5, cuts.shape)
    y[:, [LOTS + 1, 2 * LOTS + 1]] = y[:, [0, LOTS]]
    lot = _lot_number(count)
    sides = []
    for at in range(cuts.shape[1]):
        own, other = divmod(at, LOTS + 1)[0], 1 - divmod(at, LOTS + 1)[0]
        x = cuts[:, at]
        for row in (own, other):
            left, right = b.cuts[:, row, :-1], b.cuts[:, row, 1:]
            inside = (left <= x[:, None]) & (x[:, None] <= right)
            if row == other:
                inside = (left < x[:, None]) & (x[:, None] < right)
            which = np.nonzero(inside)
            part = ((right - x[:, None]) / (right - left))[which]
            xs, ys = (b.west + x)[which[0]], y[which[0], at]
            sides.append(Side(lot[:, row][which], 2.0 + part, xs, ys))
    return sides


def parcels(
    b: Blocks, shapes: NDArray[np.object_], count: int, random: np.random.Generator
) -> gpd.GeoDataFrame:
    """Choose the lots of the blocks that have parcels and describe them."""
    block = np.repeat(np.arange(len(b.west)), 2 * LOTS)
    chosen = np.flatnonzero(~b.empty[block])[:count]
    block, shapes = block[chosen], shapes[chosen]
    village = pd.Series(b.village[block])
    number = (village.groupby(village).cumcount() + 1).astype(str).str.zfill(5)
    other = random.random(count) < 0.2
    use = np.where(other, random.choice(USES, count, p=USE_SHARES), b.use[block])
    kind = np.where(use == "0702", "JC", "GB")
    number_text = pd.Series(np.arange(count)).astype(str)
    return gpd.GeoDataFrame(
        {
            "ZDDM": village + kind + number,
            "QLRMC": "甲" + number_text + "公司",
            "QLRLX": "2",
            "YT": use,
            "ZDMJ": (shapely.area(shapes) * random.normal(1, 0.003, count)).round(2),
            "HTRJL": random.uniform(0.6, 2.0, count).round(2),
            "XZQDM": b.town[block],
            "XZQMC": pd.Series(b.town[block]).str[-2:].radd("第") + "镇",
        },
        geometry=shapes,
        crs=CRS,
    )


def survey(b: Blocks, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Cover blocks and streets without gap or overlap, LOTS - 1 pieces to a row."""
    boxes, block, dlbm = _survey_boxes(b, random)
    count = len(boxes)
    number = pd.Series(np.arange(1, count + 1)).astype(str)
    village = pd.Series(b.village[block])
    return gpd.GeoDataFrame(
        {
            "BSM": number.str.zfill(18),
            "TBBH": number,
            "DLBM": dlbm,
            "QSXZ": np.where(dlbm == "0702", "30", "20"),
            "ZLDWDM": village + "0000000",
            "CZCSXM": pd.Series(
                np.select([dlbm == "0702", np.isin(dlbm, UNBUILT[:3])], ["203", None], "202"),
                dtype="str",
            ),
            "SJNF": np.int32(2022),
        },
        geometry=boxes,
        crs=CRS,
    )


def _survey_boxes(
    b: Blocks, random: np.random.Generator
) -> tuple[NDArray[np.object_], Whole, NDArray[np.str_]]:
    """Pieces of both rows of each block, the street east of it and the street north of it."""
    off, number = 0.4, np.arange(len(b.west))
    west, east = b.west - off, b.west + b.width + off
    low, high = b.south - off, b.south + b.depth.sum(axis=1) + off
    middle = b.south + b.depth[:, 0] + 0.7
    cuts = _cuts(east - west, LOTS - 1, random) + west[:, None, None]
    rows = []
    for row, (bottom, top) in enumerate([(low, middle), (middle, high)]):
        left, right = cuts[:, row, :-1], cuts[:, row, 1:]
        rows.append(_stepped(left, right, bottom[:, None], top[:, None]))
    far = b.west + b.width + STREET - off
    street_east = shapely.box(east, low, far, high)
    street_north = shapely.box(west, high, far, high + STREET - 2 * off)
    boxes = np.concatenate([rows[0].ravel(), rows[1].ravel(), street_east, street_north])
    block = np.concatenate([np.repeat(number, LOTS - 1)] * 2 + [number] * 2)
    use = pd.Series(b.use[block]).map(SURVEYED).to_numpy(dtype=str)
    odd = random.random(len(block)) < 0.15
    use = np.where(odd, random.choice(list(SURVEYED.values()), len(block)), use)
    dlbm = np.where(b.empty[block], random.choice(UNBUILT, len(b.west))[block], use)
    dlbm[-2 * len(b.west) :] = "1004"
    return shapely.transform(boxes, lambda xy: xy.round(4)), block, dlbm


def _stepped(left: Floats, right: Floats, bottom: Floats, top: Floats) -> NDArray[np.object_]:
    """Pieces whose inner cuts have one step, shared by both sides; a row's ends are straight."""
    step = np.minimum(right - left, 40.0) * 0.2
    step[:, -1] = 0.0
    before = np.concatenate([np.zeros((len(step), 1)), step[:, :-1]], axis=1)
    middle = (bottom + top) / 2 + 0.0 * left
    low, high = bottom + 0.0 * left, top + 0.0 * left
    x = [left, right, right, right + step, right + step, left + before, left + before, left]
    y = [low, low, middle, middle, high, high, middle, middle]
    ring = np.stack([np.stack(x, axis=-1), np.stack(y, axis=-1)], axis=-1)
    return shapely.polygons(ring)


def buildings(lots_: gpd.GeoDataFrame, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Two buildings to a parcel, L-shaped or square; some reach over the boundary or overlap."""
    bounds = np.repeat(shapely.bounds(lots_.geometry.to_numpy()), 2, axis=0)
    count = len(bounds)
    half = (bounds[:, 2] - bounds[:, 0]) / 2
    height = bounds[:, 3] - bounds[:, 1]
    west = bounds[:, 0] + half * np.tile([0.0, 1.0], len(lots_)) + half * 0.1
    width, depth = half * random.uniform(0.3, 0.7, count), height * random.uniform(0.15, 0.7, count)
    west += np.where(random.random(count) < 0.03, half * 0.5, 0.0)
    south = bounds[:, 1] + height * 0.12
    bite = np.where(random.random(count) < 0.5, random.uniform(0.3, 0.6, count), 0.0)
    x = np.stack([0 * bite, 1 + 0 * bite, 1 + 0 * bite, 1 - bite, 1 - bite, 0 * bite], axis=1)
    y = np.stack([0 * bite, 0 * bite, 1 - bite, 1 - bite, 1 + 0 * bite, 1 + 0 * bite], axis=1)
    ring = np.stack([west[:, None] + x * width[:, None], south[:, None] + y * depth[:, None]], 2)
    storeys = random.choice([1.0, 2.0, 3.0, 6.0, 11.0], count, p=[0.45, 0.2, 0.15, 0.15, 0.05])
    shapes = shapely.remove_repeated_points(shapely.polygons(ring))
    given = (shapely.area(shapes) * storeys).round(2)
    return gpd.GeoDataFrame(
        {
            "JZBH": pd.Series(np.arange(1, count + 1)).astype(str).radd("F"),
            "CS": np.where(random.random(count) < 0.03, np.nan, storeys),
            "CG": random.choice([3.0, 4.5, 9.0], count, p=[0.6, 0.3, 0.1]),
            "JZMJ": np.where(random.random(count) < 0.5, given, np.nan),
            "JGND": random.integers(1975, 2022, count).astype(float),
        },
        geometry=shapes,
        crs=CRS,
    )


def blobs(
    area: Floats, count: int, radius: float, vertices: int, random: np.random.Generator
) -> NDArray[np.object_]:
    """Draw round, uneven polygons in an area (west, south, east, north)."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    waves = random.uniform(-0.12, 0.12, (count, 3)) @ np.cos(np.outer([2, 3, 5], angle))
    size = radius * np.exp(0.4 * random.standard_normal((count, 1))) * (1 + waves)
    middle = random.uniform(area[:2], area[2:], (count, 2))
    x = middle[:, :1] + size * np.cos(angle)
    y = middle[:, 1:] + size * np.sin(angle)
    drawn: NDArray[np.object_] = shapely.polygons(np.stack([x, y], axis=-1))
    return drawn


def control_lines(
    area: Floats, count: int, random: np.random.Generator
) -> dict[str, gpd.GeoSeries]:
    """Draw farmland, red line and growth boundary, each a layer without overlaps of its own."""
    wanted = {
        "permanent_farmland": (count // 300 + 2, 250.0, 60),
        "ecological_redline": (count // 2000 + 1, 500.0, 200),
        "growth_boundary": (12, (area[2] - area[0]) / 6, 1500),
    }
    lines = {}
    for name, (number, radius, vertices) in wanted.items():
        whole = shapely.union_all(blobs(area, number, radius, vertices, random))
        lines[name] = gpd.GeoSeries(shapely.get_parts(whole), crs=CRS)
    return lines


def planning(area: Floats, count: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """A gap-free net of four-sided zones, one to five parcels."""
    side = max(2, round(np.sqrt(count / 5)))
    x, y = np.meshgrid(*(np.linspace(area[i], area[i + 2], side + 1) for i in (0, 1)))
    step = np.array([x[0, 1] - x[0, 0], y[1, 0] - y[0, 0]])
    node = np.stack([x, y], axis=-1) + random.uniform(-0.3, 0.3, (*x.shape, 2)) * step
    corners = [node[:-1, :-1], node[:-1, 1:], node[1:, 1:], node[1:, :-1]]
    shapes = shapely.polygons(np.stack(corners, axis=2).reshape(-1, 4, 2))
    use = random.choice(["100101", "070102", "0901", "0802", "1207", "1401"], len(shapes))
    return gpd.GeoDataFrame(
        {
            "DKBH": pd.Series(np.arange(len(shapes))).astype(str).radd("D"),
            "GHYT": use,
            "GHRJL": random.choice([0.8, 1.2, 1.6, 2.2], len(shapes)),
        },
        geometry=shapes,
        crs=CRS,
    )


def roads(b: Blocks, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Centre lines of the streets between tiers."""
    ends = pd.DataFrame({"y": b.south - STREET / 2, "west": b.west, "east": b.west + b.width})
    tier = ends.groupby("y").agg(west=("west", "min"), east=("east", "max")).reset_index()
    ring = np.stack([tier[["west", "y"]].to_numpy(), tier[["east", "y"]].to_numpy()], axis=1)
    classes = random.choice(["主干路", "次干路", "支路"], len(tier), p=[0.1, 0.2, 0.7])
    return gpd.GeoDataFrame({"DLDJ": classes}, geometry=shapely.linestrings(ring), crs=CRS)


def firms(
    lots_: gpd.GeoDataFrame, random: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The firms of industrial and commercial parcels, and two years of their tax."""
    used = lots_[lots_["YT"].isin(["0601", "0604", "0501"])]
    used = used[random.random(len(used)) < 0.85]
    count = len(used)
    firm = np.where(random.random(count) < 0.05, np.arange(count) // 2, np.arange(count))
    code = pd.Series(firm).astype(str).str.zfill(9).radd("91120223") + "X"
    name = pd.Series(firm).astype(str).radd("甲") + "公司"
    state = random.choice(STATES, count, p=[0.75, 0.1, 0.15])
    stopped = pd.Series(random.integers(2015, 2022, count)).astype(str) + "-06-30"
    table = pd.DataFrame(
        {
            "企业名称": name,
            "统一社会信用代码": code,
            "宗地代码": used["ZDDM"].to_numpy(),
            "行业代码": random.choice(INDUSTRIES, count),
            "占用面积（平方米）": used.geometry.area.to_numpy().round(1),
            "经营状态": state,
            "停产日期": stopped.where(state == "停产", ""),
        }
    )
    paid = table.drop_duplicates("统一社会信用代码")[["企业名称", "统一社会信用代码"]]
    tax = paid.set_axis(["纳税人名称", "纳税人识别号"], axis=1)
    for year in (2021, 2022):
        amount = np.exp(random.normal(3.5, 1.4, len(tax))).round(2)
        tax[f"{year}年入库税收（万元）"] = np.where(random.random(len(tax)) < 0.08, 0.0, amount)
    return table, tax


def write(count: int, folder: Path, seed: int = 20240601) -> Path:
    """Write a district of `count` parcels as a project folder.

    Returns
    -------
    Path
        The folder, with ``district.gpkg``, two tables and ``lowuse.toml``.
    """
    random = np.random.default_rng([seed, count])
    layout = blocks(count, random)
    lots_ = parcels(layout, lots(layout, random), count, random)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "district.gpkg"
    file.unlink(missing_ok=True)
    lines = []
    for name, layer in _layers(layout, lots_, random):  # one at a time: none is held for long
        layer.to_file(file, layer=name, engine="pyogrio", use_arrow=True)
        lines.append(f'{name} = {{ path = "district.gpkg", layer = "{name}" }}')
    tables = dict(zip(("enterprises", "tax"), firms(lots_, random), strict=True))
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8")
    street = folder / "roads.gpkg"
    street.unlink(missing_ok=True)
    roads(layout, random).to_file(street, layer="roads", engine="pyogrio")
    lines.append('roads = "roads.gpkg"')
    lines += [f'{name} = "{name}.csv"' for name in tables]
    head = _own_rules(folder) if count > DISTRICT else ""
    text = head + "[sources]\n" + "\n".join(lines) + "\n"
    (folder / "lowuse.toml").write_text(text, encoding="utf-8")
    return folder


def _layers(
    layout: Blocks, lots_: gpd.GeoDataFrame, random: np.random.Generator
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Draw the layers one after the other; each draws its numbers where the one before stopped."""
    area, count = lots_.total_bounds, len(lots_)
    yield "parcels", lots_
    yield "survey", survey(layout, random)
    yield "buildings", buildings(lots_, random)
    yield "planning", planning(area, count, random)
    for name, line in control_lines(area, count, random).items():
        number = pd.Series(np.arange(1, len(line) + 1)).astype(str)
        yield name, gpd.GeoDataFrame({"BSM": number}, geometry=line, crs=CRS)


def _own_rules(folder: Path) -> str:
    """Write rules that hold for a city: those of the district, of a wider envelope."""
    own = folder / "rules" / "city"
    own.mkdir(parents=True, exist_ok=True)
    text = 'name = "city"\nextends = "jinghai"\ntitle = "城市"\nversion = "1"\n'
    text += "envelope = [113.0, 36.0, 121.0, 42.0]\n"
    (own / "rulebook.toml").write_text(text, encoding="utf-8")
    return f"rules = '{own.resolve()}'\n"


def folder_of(count: int) -> Path:
    """Return where the district of this size stands."""
    return DATA / str(count)


def made(count: int) -> Path:
    """Return the district's folder, written first by a process of its own: this one stays small.

    The peak of memory of a command that a large process starts begins at that of its parent.
    """
    if not (folder_of(count) / "lowuse.toml").exists():
        subprocess.run([sys.executable, __file__, str(count)], check=True)
    return folder_of(count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="numbers of parcels")
    parser.add_argument("--folder", type=Path, default=DATA)
    arguments = parser.parse_args()
    for count in arguments.sizes:
        print(write(count, arguments.folder / str(count)))


if __name__ == "__main__":
    main()
