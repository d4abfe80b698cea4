"""The tables of later criteria: intensity, contracts, lettings, vacancy, villages, lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import numpy as np

from .bureaus import Book, written_code
from .ground import ellipsoid_area, rng
from .narrow_cases import UNASKED, answers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from .cadastre import Parcel
    from .layout import Layout
    from .survey import Plot

# Mean tax per mu by industry, 10,000 yuan; nobody gave one for furniture (21).
_MEANS = {
    "13": 9.5, "14": 11.2, "22": 9.8, "2669": 14.0, "29": 10.4, "30": 8.6, "31": 11.9, "33": 10.8,
    "34": 12.1, "36": 15.3, "37": 11.0, "38": 13.6, "59": 6.0,
}  # fmt: skip
UNANSWERED = "120118904"


def _asked(found: Layout, kind: str, share: float, random: np.random.Generator) -> list[Parcel]:
    """Return the parcels of a kind that a table covers: all placed by hand, most of the others."""
    return [
        p
        for p in found.parcels
        if p.type == kind
        and p.use != "1201"
        and p.case not in UNASKED
        and (p.case or (p.town != UNANSWERED and random.random() < share))
    ]


def write_industry_means(path: Path) -> None:
    """Write the mean tax per mu of each industry."""
    book = Book(path)
    sheet = book.sheet("均值", "静海区分行业亩均税收（2023年度）", [12, 20])
    book.header(sheet, 1, ["行业代码", "亩均税收（万元/亩）"])
    book.rows(sheet, 2, [[code, mean] for code, mean in _MEANS.items()])
    book.file.close()


def write_performance(found: Layout, path: Path) -> None:
    """Write the intensity and output of industrial land."""
    random, book, rows = rng("performance"), Book(path), []
    for parcel in _asked(found, "industrial", 0.94, random):
        coefficient = float(np.clip(random.normal(46, 11), 12, 80))
        output = 330 * float(np.exp(random.normal(0, 0.6)))
        investment = 230 * float(np.exp(random.normal(0, 0.45)))
        values = [round(coefficient, 1), round(output, 1), round(investment, 1)]
        if parcel.case:
            known = answers_of(parcel.case)
            values = [known.coefficient, known.output, known.investment]
        rows.append([written_code(parcel, random), *values])
    sheet = book.sheet("强度与产出", "企业用地强度与产出（2023年度）", [24, 14, 20, 20])
    names = ["宗地代码", "建筑系数（%）", "地均产出（万元/亩）", "投资强度（万元/亩）"]
    book.header(sheet, 1, names)
    book.rows(sheet, 2, rows)
    book.file.close()


def _day(text: str) -> dt.datetime | None:
    return dt.datetime.strptime(text, "%Y-%m-%d") if text else None  # noqa: DTZ007


def write_supply(found: Layout, path: Path) -> None:
    """Write the supply contracts: what was agreed, and whether it has been built."""
    random, book, rows = rng("supply table"), Book(path), []
    for parcel in _asked(found, "industrial", 0.93, random):
        agreed = round(float(random.choice([120, 150, 180, 200, 240])), 0)
        state, start = "已竣工", None
        draw = random.random()
        if draw < 0.015:
            state, start = "在建", dt.datetime(2023, int(random.integers(1, 13)), 1)  # noqa: DTZ001
        elif draw < 0.03:
            state = "未开工"
            start = dt.datetime(int(random.integers(2021, 2025)), 2, 28)  # noqa: DTZ001
        if parcel.case:
            known = answers_of(parcel.case)
            agreed, state, start = known.contract, known.state, _day(known.start)
        rows.append([written_code(parcel, random), agreed, state, start])
    sheet = book.sheet("供地台账", "供地合同与建设台账", [24, 22, 12, 14])
    names = ["宗地代码", "约定投资强度（万元/亩）", "建设状态", "约定开工日"]
    book.header(sheet, 1, names)
    book.rows(sheet, 2, rows)
    book.file.close()


def write_leases(found: Layout, path: Path) -> None:
    """Write which plants are let."""
    random, book, rows = rng("leases"), Book(path), []
    for parcel in _asked(found, "industrial", 0.8, random):
        let = round(float(random.uniform(5, 100))) if random.random() < 0.2 else 0
        tenants = int(random.integers(0, 4)) if let else 0
        if parcel.case:
            let, tenants = answers_of(parcel.case).let, answers_of(parcel.case).tenants
        rows.append([written_code(parcel, random), let, tenants])
    sheet = book.sheet("出租", "", [24, 14, 26])
    book.header(sheet, 0, ["宗地代码", "出租比例（%）", "未在本地纳税的承租企业数"])
    book.rows(sheet, 1, rows)
    book.file.close()


def write_vacancy(found: Layout, path: Path) -> None:
    """Write how empty commercial buildings are."""
    random, book, rows = rng("vacancy"), Book(path), []
    for parcel in _asked(found, "commercial", 0.93, random):
        rate = round(float(np.clip(random.normal(22, 20), 0, 100)))
        months = int(random.integers(1, 40)) if rate > 0 else 0
        if parcel.case:
            rate, months = answers_of(parcel.case).vacancy, answers_of(parcel.case).months
        rows.append([written_code(parcel, random), rate, months])
    sheet = book.sheet("空置", "", [24, 12, 12])
    book.header(sheet, 0, ["宗地代码", "空置率（%）", "空置月数"])
    book.rows(sheet, 1, rows)
    book.file.close()


def _listed(
    found: Layout, name: str, count: int, fits: Callable[[Parcel], bool]
) -> list[tuple[Parcel, str]]:
    """Return the parcels on a list, those placed by hand first."""
    random = rng(name)
    hand = [p for p in found.parcels if p.case and name in answers_of(p.case).lists]
    rest = [p for p in found.parcels if not p.case and p.town != UNANSWERED and fits(p)]
    chosen = [rest[int(k)] for k in sorted(random.choice(len(rest), count, replace=False))]
    return [(p, written_code(p, random)) for p in hand + chosen]


def _write_list(path: Path, names: Iterable[str], rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(names)
    table.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def write_lists(found: Layout, folder: Path) -> None:
    """Write the lists: disputes, idle land, seizures, polluted sites, urban villages."""

    def built(parcel: Parcel) -> bool:
        return parcel.type in {"industrial", "commercial"}

    for name, file, count, column in (
        ("权属争议", "规划资源局_权属争议宗地清单.csv", 4, "争议事由"),
        ("闲置土地", "规划资源局_已认定闲置土地清单.csv", 5, "认定文号"),
        ("查封", "规划资源局_查封登记清单.csv", 9, "查封文号"),
        ("污染地块", "生态环境局_污染地块清单.csv", 6, "污染类型"),
    ):
        listed = _listed(found, name, count, built)
        rows = [[str(n), code, f"示例{n}"] for n, (_parcel, code) in enumerate(listed, start=1)]
        _write_list(folder / file, ["序号", "宗地代码", column], rows)
    listed = _listed(found, "城中村", 5, lambda p: p.type == "residential" and p.year < 1998)
    book = Book(folder / "住建委_城中村棚户区清单.xlsx")
    sheet = book.sheet("清单", "城中村、棚户区改造清单", [6, 24, 12])
    book.header(sheet, 1, ["序号", "宗地代码", "类别"])
    rows = [[n, code, "城中村"] for n, (_parcel, code) in enumerate(listed, start=1)]
    book.rows(sheet, 2, rows)
    book.file.close()


def write_villages(found: Layout, plots: list[Plot], path: Path) -> None:
    """Write the villages: people, construction land, what the village plans make of them."""
    random, book, rows = rng("villages"), Book(path), []
    land = dict.fromkeys(range(len(found.villages)), 0.0)
    for plot in plots:
        if plot.settlement.startswith("203"):
            land[plot.village] += ellipsoid_area(plot.shape)
    for k, village in enumerate(found.villages):
        if not village.is_rural or village.code == "120118903006":
            continue
        per_head = float(random.uniform(95, 205))
        kind = str(random.choice(["保留", "集聚", "撤并"], p=(0.55, 0.3, 0.15)))
        if village.code == "120118902003":
            per_head, kind = 180.0, "撤并"
        mu = round(land[k] / 666.6667, 2)
        rows.append([village.code, village.name, round(land[k] / per_head), mu, kind])
    town_village = next(v for v in found.villages if v.code == "120118902001")
    rows.append([town_village.code, town_village.name, 700, 100.0, "保留"])
    sheet = book.sheet("村庄", "村庄基本情况（2023年度）", [16, 16, 12, 24, 10])
    names = ["村级代码", "村名", "户籍人口", "村庄建设用地面积（亩）", "村庄类型"]
    book.header(sheet, 1, names)
    book.rows(sheet, 2, rows)
    book.file.close()
