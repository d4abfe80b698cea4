"""The tables of the bureaus: titles, merged heads, unit rows and other habits."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import numpy as np
import xlsxwriter

from .buildings import UNSURVEYED, Building
from .ground import MU, rng
from .narrow_cases import DIFFICULTIES, UNASKED, answers_of

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from .cadastre import Parcel
    from .firms import Firm
    from .layout import Layout

_CREATED = dt.datetime(2024, 3, 31)  # noqa: DTZ001 - workbooks know no time zone
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Book:
    """A workbook with the formats bureaus use; the same bytes every time."""

    def __init__(self, path: Path) -> None:
        self.file = xlsxwriter.Workbook(str(path))
        self.file.set_properties({"created": _CREATED, "author": "", "company": ""})
        grid = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 11}
        self.cell = self.file.add_format(grid)
        self.head = self.file.add_format({**grid, "bold": True, "align": "center"})
        self.date = self.file.add_format({**grid, "num_format": "yyyy-mm-dd"})
        self.title = self.file.add_format(
            {"bold": True, "align": "center", "font_name": "黑体", "font_size": 16}
        )
        self.note = self.file.add_format({"align": "right", "font_name": "宋体"})

    def sheet(self, name: str, title: str, widths: list[float]) -> Worksheet:
        """Add a sheet with a title merged over its columns (none if empty)."""
        sheet = self.file.add_worksheet(name)
        for k, width in enumerate(widths):
            sheet.set_column(k, k, width)
        if title:
            sheet.merge_range(0, 0, 0, len(widths) - 1, title, self.title)
        return sheet

    def rows(self, sheet: Worksheet, first: int, rows: list[list[object]]) -> None:
        """Write rows of values from a row on; dates become real dates."""
        for r, row in enumerate(rows, first):
            for c, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(r, c, value, self.date)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value, self.cell)
                elif value is None:
                    sheet.write_blank(r, c, None, self.cell)
                else:
                    sheet.write_number(r, c, float(value), self.cell)

    def header(self, sheet: Worksheet, row: int, names: list[str]) -> None:
        """Write one header row."""
        for k, name in enumerate(names):
            sheet.write_string(row, k, name, self.head)


def written_code(parcel: Parcel, random: np.random.Generator) -> str:
    """Return the parcel code as clerks type it."""
    draw = 1.0 if parcel.case else random.random()
    if draw < 0.006:
        return parcel.true_code.translate(_FULL_WIDTH)
    return parcel.true_code + "  " if draw < 0.02 else parcel.true_code


def _written_date(day: str, random: np.random.Generator, plain: bool) -> object:
    if not day:
        return None
    year, month, date = (int(v) for v in day.split("-"))
    draw = 0.0 if plain else random.random()
    if draw < 0.7:
        return dt.datetime(year, month, date)  # noqa: DTZ001
    return f"{year}.{month:02d}.{date:02d}" if draw < 0.85 else f"{year}年{month}月"


_MARKS = ("是否淘汰类", "安全生产不达标", "环保不达标")


def _marks(parcel: Parcel, random: np.random.Generator) -> tuple[str | None, ...]:
    """Say whether a firm is phased out, unsafe, polluting; a few cells are left blank."""
    draws = random.random(3)
    if parcel.case:
        return answers_of(parcel.case).marks
    return tuple("是" if d < 0.008 else None if d > 0.985 else "否" for d in draws)


def write_enterprises(found: Layout, firms: list[Firm], path: Path) -> None:
    """Write the table of firms and the land they use: two head rows, merged names."""
    random, book = rng("enterprise table"), Book(path)
    widths = [30, 22, 10, 24, 14, 10, 14, 12, 14, 12]
    sheet = book.sheet("企业用地情况", "静海区企业用地情况调查表（2023年度）", widths)
    sheet.merge_range(
        1, 0, 1, 9, "填报单位：静海区工业和信息化局        填报日期：2024年3月20日", book.note
    )
    for first, last, text in (
        (0, 2, "基本情况"),
        (3, 4, "用地情况"),
        (5, 6, "经营情况"),
        (7, 9, "合规情况"),
    ):
        sheet.merge_range(2, first, 2, last, text, book.head)
    names = ["企业名称", "统一社会信用代码", "行业代码", "宗地代码"]
    book.header(sheet, 3, [*names, "占用面积（亩）", "经营状态", "停产日期", *_MARKS])
    marking = rng("marks of firms")
    row, total = 4, 0.0
    for firm in firms:
        first = row
        industry = firm.industry if random.random() < 0.8 else firm.industry[1:]
        for k in firm.parcels:
            parcel = found.parcels[k]
            mu = round((parcel.registered_area or 0.0) / MU / max(1, len(parcel.firms)), 2)
            total += mu
            plain = bool(parcel.case)
            stop = _written_date(firm.stopped, random, plain)
            values = [firm.name, firm.code, industry, written_code(parcel, random), mu]
            marks = _marks(parcel, marking)
            book.rows(sheet, row, [[*values, firm.state, stop, *marks]])
            row += 1
        if row - first > 1:
            sheet.merge_range(first, 0, row - 1, 0, firm.name, book.cell)
    book.rows(sheet, row, [["合计", None, None, None, round(total, 2), *[None] * 5]])
    book.file.close()


def _in_park(found: Layout, firm: Firm) -> bool:
    return found.parcels[firm.parcels[0]].town.endswith("951")


def write_taxes(found: Layout, firms: list[Firm], folder: Path) -> None:
    """Write the tax tables: the district's in yuan, the park's in 10,000 yuan."""
    taxed = [f for f in firms if f.tax != (None, None)]
    book = Book(folder / "税务局_企业入库税收.xlsx")
    sheet = book.sheet("入库税收", "静海区企业入库税收统计表", [6, 34, 22, 18, 18, 14])
    sheet.merge_range(1, 0, 1, 5, "单位：元", book.note)
    names = ["序号", "纳税人名称", "纳税人识别号", "2022年入库税收", "2023年入库税收", "备注"]
    book.header(sheet, 2, names)
    outside = [f for f in taxed if not _in_park(found, f)]
    rows = [
        [n + 1, f.name, f.code, f.tax[0], f.tax[1], "" if None not in f.tax else "资料不全"]
        for n, f in enumerate(outside)
    ]
    book.rows(sheet, 3, rows)
    book.file.close()
    book = Book(folder / "税务局_园区企业税收（万元）.xlsx")
    sheet = book.sheet("园区税收", "", [34, 22, 10, 14])
    book.header(sheet, 0, ["企业名称", "税号", "年度", "入库税收"])
    book.header(sheet, 1, ["", "", "", "万元"])
    rows = []
    for firm in taxed:
        if _in_park(found, firm):
            for year, value in zip((2022, 2023), firm.tax, strict=True):
                if value is not None:
                    rows.append([firm.name, firm.code, year, round(value / 10_000, 4)])
    book.rows(sheet, 2, rows)
    book.file.close()


def write_housing(found: Layout, built: list[Building], folder: Path) -> None:
    """Write the lists of dangerous buildings and of old estates, both complete."""
    random = rng("housing")
    old = [
        b
        for b in built
        if b.parcel >= 0
        and b.town != UNSURVEYED
        and b.year < 1996
        and found.parcels[b.parcel].case == 0
        and found.parcels[b.parcel].type == "residential"
    ]
    chosen = [old[int(k)] for k in sorted(random.choice(len(old), 46, replace=False))]
    case = next(p for p in found.parcels if p.case == 30)
    rows = [
        [built[k].code, g, dt.datetime(2023, 6, 15)]  # noqa: DTZ001
        for k, g in zip(case.buildings, "CD", strict=False)
    ]
    for b in chosen:
        grade = str(random.choice(["B", "C", "D"], p=(0.25, 0.5, 0.25)))
        day = dt.datetime(2023, int(random.integers(1, 13)), int(random.integers(1, 29)))  # noqa: DTZ001
        rows.append([b.code, grade, day])
    book = Book(folder / "住建委_危险房屋鉴定台账.xlsx")
    sheet = book.sheet("台账", "危险房屋鉴定台账", [6, 22, 10, 14])
    book.header(sheet, 1, ["序号", "房屋编号", "鉴定等级", "鉴定日期"])
    rows.sort(key=lambda r: r[0])
    book.rows(sheet, 2, [[n + 1, c, f"{g}级", d] for n, (c, g, d) in enumerate(rows)])
    book.file.close()
    _old_estates(found, folder / "住建委_老旧小区清单.xlsx", random)


def _old_estates(found: Layout, path: Path, random: np.random.Generator) -> None:
    estates = [p for p in found.parcels if p.case in {31, 67}]
    estates += [
        p
        for p in found.parcels
        if p.type == "residential" and not p.case and p.year <= 1999 and random.random() < 0.45
    ]
    book = Book(path)
    sheet = book.sheet("清单", "", [6, 18, 24, 10])
    book.header(sheet, 0, ["序号", "小区名称", "宗地代码", "建成年份"])
    words = "兴和安乐祥福平康宁春华光明新"
    rows = []
    for n, p in enumerate(estates):
        name = words[n % 14] + words[(3 * n + n // 14 + 5) % 14] + ("里" if n % 3 else "园")
        rows.append([n + 1, name, written_code(p, random), min(p.year, 2000)])
    book.rows(sheet, 1, rows)
    book.file.close()


def write_facilities(found: Layout, path: Path) -> None:
    """Write the use of public facilities, one sheet a department."""
    random, book = rng("facilities"), Book(path)
    sheets: dict[str, list[list[object]]] = {"教育设施": [], "文化设施": []}
    for n, parcel in enumerate(p for p in found.parcels if p.type == "facility"):
        if parcel.case in UNASKED or (not parcel.case and random.random() > 0.8):
            continue
        school = parcel.use in {"0804", "0803"} or n % 4 == 0
        kind = ("小学", "中学", "幼儿园") if school else ("文化站", "图书馆", "活动中心")
        name = f"第{n + 1}{kind[int(random.integers(3))]}"
        idle = parcel.case == 32 or (not parcel.case and random.random() < 0.09)
        year, month = int(random.integers(2018, 2024)), int(random.integers(1, 13))
        day = dt.datetime(2021, 7, 1) if parcel.case else dt.datetime(year, month, 1)  # noqa: DTZ001
        use = 0 if idle else round(float(np.clip(random.normal(72, 20), 12, 100)))
        surplus = "是" if n % 23 == 5 else "否"
        if parcel.case and not idle:
            use, surplus = answers_of(parcel.case).use, answers_of(parcel.case).surplus
        values = [name, written_code(parcel, random), "停用" if idle else "在用"]
        values += [day if idle else None, use, surplus]
        sheets["教育设施" if school else "文化设施"].append(values)
    for title, rows in sheets.items():
        sheet = book.sheet(title, "", [20, 24, 10, 14, 12, 12])
        book.header(
            sheet, 0, ["设施名称", "宗地代码", "使用状态", "停用日期", "使用率（%）", "撤并或富余"]
        )
        book.rows(sheet, 1, rows)
    book.file.close()


def write_homesteads(found: Layout, path: Path) -> None:
    """Write the use of homesteads as a GB18030 text table."""
    random, names = rng("homestead table"), {v.code: v.name for v in found.villages}
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["村名", "户主", "宗地代码", "家庭人口", "利用状态", "闲置原因"])
    for n, parcel in enumerate(p for p in found.parcels if p.is_homestead):
        if parcel.case in UNASKED or (not parcel.case and random.random() > 0.85):
            continue
        state = 3 if parcel.case == 33 else int(random.choice([1, 2, 3], p=(0.79, 0.16, 0.05)))
        state = 1 if parcel.case in {34, 71} else state
        why = ["", "常年外出务工", "进城居住", "继承未分割"][int(random.integers(1, 4))]
        if state == 3:
            why = "房屋倒塌无人居住"
        person = "𬭎某某" if n % 211 == 7 else parcel.owner
        code = written_code(parcel, random)
        people = 0 if state == 3 else int(random.integers(1, 7))
        reason = why if state > 1 else ""
        table.writerow([names[parcel.village], person, code, people, state, reason])
    path.write_bytes(text.getvalue().encode("gb18030"))


_DEMANDS = (
    "希望政府收储", "希望自主改造提高容积率", "希望办理分割转让", "希望调整规划为商业",
    "希望保留现状", "希望给予搬迁补偿", "希望引入合作方共同开发", "希望完善道路和排水",
)  # fmt: skip
_TROUBLES = (
    "资金不足", "规划用途不符", "权属资料不全", "存在抵押", "租约未到期", "环评未通过",
    "共有人意见不一", "无", "历史手续缺失", "补偿标准谈不拢", "被法院查封", "政策口径不明",
)  # fmt: skip
_KINDS = ("05", "03", "01", "99", "04", "06", "04", "", "08", "10", "09", "11")


_CONSENTS = ("同意", "不同意", "无承租人", "未征询", "")
_PRIORITIES = ("优先", "一般", "暂缓", "未定", "")
_FUNDS = ("已落实", "渠道明确", "无来源", "未摸排", "")


def write_wishes(found: Layout, path: Path) -> None:
    """Write the towns' survey of wishes and priorities; two cells look like formulas."""
    random, book = rng("wishes"), Book(path)
    asked = [p for p in found.parcels if not p.is_homestead and p.right != "GX"]
    hand = [p for p in asked if p.case in {1, 2, 5, 8, 10, 28, 36, 38, 45, 46, 47, 48, 49}]
    rest = [p for p in asked if not p.case]
    rest = [rest[int(k)] for k in sorted(random.choice(len(rest), 290, replace=False))]
    rows = []
    for parcel in hand + rest:
        wish = str(
            random.choice(["强", "中", "弱", "拒绝", "未调查"], p=(0.3, 0.32, 0.2, 0.06, 0.12))
        )
        demand = "" if wish == "未调查" else str(random.choice(_DEMANDS))
        trouble = "" if wish == "未调查" else str(random.choice(_TROUBLES))
        kind = _KINDS[_TROUBLES.index(trouble)] if trouble and random.random() < 0.9 else ""
        trouble, kind = DIFFICULTIES.get(parcel.case, (trouble, kind))
        code = written_code(parcel, random)
        rows.append([code, parcel.owner, wish, demand, trouble, kind])
    answers = rng("priorities")
    for row in rows:
        row += [
            str(answers.choice(words, p=parts))
            for words, parts in (
                (_CONSENTS, (0.35, 0.1, 0.3, 0.1, 0.15)),
                (_PRIORITIES, (0.3, 0.35, 0.1, 0.1, 0.15)),
                (_FUNDS, (0.15, 0.35, 0.2, 0.15, 0.15)),
            )
        ]
    rows[20][3] = '=HYPERLINK("http://example.invalid/","详见附件")'
    rows[31][4] = "+86 022 0000 0000 电话无人接听"
    sheet = book.sheet("意愿调查", "", [24, 34, 10, 30, 30, 10, 14, 12, 14])
    known = ["宗地代码", "权利人", "盘活意愿", "主要诉求", "存在困难", "困难类别"]
    book.header(sheet, 0, [*known, "使用人是否同意", "乡镇优先级", "资金落实情况"])
    book.rows(sheet, 1, rows)
    book.file.close()
