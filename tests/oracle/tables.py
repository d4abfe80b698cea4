"""Tables as bureaus send them: titles, merged headings, unit rows and totals taken off."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings

import openpyxl

from oracle import values

# Heading as it stands in the tables (brackets taken off) and the name it goes by here.
HEADINGS = {
    "enterprises": {
        "统一社会信用代码": "firm",
        "宗地代码": "parcel",
        "行业代码": "industry",
        "占用面积": "occupied",
        "经营状态": "status",
        "停产日期": "stopped",
        "停业日期": "stopped",
        "是否淘汰类": "phase_out_firm",
        "安全生产不达标": "unsafe_firm",
        "环保不达标": "polluting_firm",
    },
    "tax": {"纳税人识别号": "firm", "税号": "firm", "年度": "year", "入库税收": "tax"},
    "dangerous_buildings": {"房屋编号": "building", "鉴定等级": "danger"},
    "old_estates": {"宗地代码": "parcel"},
    "facilities": {
        "宗地代码": "parcel",
        "使用状态": "status",
        "停用日期": "stopped",
        "使用率": "utilisation",
        "是否撤并或富余": "surplus_facility",
        "撤并或富余": "surplus_facility",
    },
    "homesteads": {"宗地代码": "parcel", "利用状态": "state"},
    "wishes": {
        "宗地代码": "parcel",
        "盘活意愿": "wish",
        "主要诉求": "demand",
        "存在困难": "difficulty",
        "困难类别": "difficulty_kind",
        "使用人是否同意": "tenant_consent",
        "乡镇优先级": "town_priority",
        "资金落实情况": "funding",
    },
    "industry_means": {"行业代码": "industry", "亩均税收": "mean"},
    "performance": {
        "宗地代码": "parcel",
        "建筑系数": "building_coefficient",
        "地均产出": "output_per_mu",
        "投资强度": "investment_per_mu",
    },
    "supply": {
        "宗地代码": "parcel",
        "约定投资强度": "contract_investment_per_mu",
        "建设状态": "construction_state",
        "约定开工日": "agreed_start",
    },
    "leases": {
        "宗地代码": "parcel",
        "出租比例": "let_share",
        "未在本地纳税的承租企业数": "untaxed_tenants",
    },
    "vacancy": {"宗地代码": "parcel", "空置率": "vacancy_rate", "空置月数": "vacant_months"},
    "villages": {
        "村级代码": "village",
        "户籍人口": "population",
        "村庄建设用地面积": "village_land",
        "村庄类型": "village_kind",
    },
    "idle_land": {"宗地代码": "parcel"},
    "title_disputes": {"宗地代码": "parcel"},
    "seizures": {"宗地代码": "parcel"},
    "polluted_sites": {"宗地代码": "parcel"},
    "urban_villages": {"宗地代码": "parcel"},
}
TABLES = set(HEADINGS)
DOMAINS = {
    ("enterprises", "status"): "firm_status",
    ("facilities", "status"): "facility_state",
    ("homesteads", "state"): "homestead_state",
    ("wishes", "wish"): "wish",
    ("wishes", "difficulty_kind"): "difficulty_kind",
    ("wishes", "tenant_consent"): "tenant_consent",
    ("wishes", "town_priority"): "town_priority",
    ("wishes", "funding"): "funding",
    ("supply", "construction_state"): "construction_state",
    ("villages", "village_kind"): "village_kind",
    ("facilities", "surplus_facility"): "yes_no",
    ("enterprises", "phase_out_firm"): "yes_no",
    ("enterprises", "unsafe_firm"): "yes_no",
    ("enterprises", "polluting_firm"): "yes_no",
    ("dangerous_buildings", "danger"): "danger_class",
}
DATES = {"stopped", "agreed_start"}
TEXTS = {"demand", "difficulty"}
NUMBERS = {
    "occupied",
    "tax",
    "mean",
    "building_coefficient",
    "output_per_mu",
    "investment_per_mu",
    "contract_investment_per_mu",
    "let_share",
    "untaxed_tenants",
    "vacancy_rate",
    "vacant_months",
    "utilisation",
    "population",
    "village_land",
}
UNITS = {
    "元/亩": 0.0001,
    "万元/亩": 1.0,
    "万元/公顷": 0.06666667,
    "元": 0.0001,
    "千元": 0.1,
    "万元": 1.0,
    "亿元": 10000.0,
    "亩": 666.6667,
    "公顷": 10000.0,
    "平方米": 1.0,
    "m2": 1.0,
    "%": 1.0,
}
TAX_OF_YEAR = re.compile(r"(20\d\d)年?.*税")
TOTALS = {"合计", "总计", "小计"}


def read_table(path, source):
    """Return the data rows of all sheets of a file as dicts of plain values."""
    grids = _csv_grids(path) if path.suffix.lower() == ".csv" else _workbook_grids(path)
    return [row for grid in grids for row in _rows(grid, source)]


def _csv_grids(path):
    raw = path.read_bytes()
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = raw.decode("gb18030")
    return [list(csv.reader(io.StringIO(decoded, newline="")))]


def _workbook_grids(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    grids = []
    for sheet in book.worksheets:
        grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for merged in sheet.merged_cells.ranges:
            value = grid[merged.min_row - 1][merged.min_col - 1]
            for row in range(merged.min_row - 1, merged.max_row):
                for column in range(merged.min_col - 1, merged.max_col):
                    grid[row][column] = value
        grids.append(grid)
    book.close()
    return grids


def _heading(cell):
    """Return a heading without blanks and its bracketed unit, and that unit."""
    if values.is_missing(cell):
        return "", None
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(cell)))
    found = re.fullmatch(r"(.*?)\((.*)\)", plain)
    return (found.group(1), found.group(2)) if found else (plain, None)


def _name(heading, source):
    """Return what a heading is called here: a name, or (tax, year) for a heading with a year."""
    if source == "tax":
        found = TAX_OF_YEAR.match(heading)
        if found:
            return ("tax", int(found.group(1)))
    return HEADINGS[source].get(heading)


def _rows(grid, source):
    """Return the rows of one sheet under its headings."""
    best, at = 0, None
    for index, row in enumerate(grid[:12]):
        matches = sum(_name(_heading(cell)[0], source) is not None for cell in row)
        if matches > best:
            best, at = matches, index
    if at is None:
        return []
    columns, factors = {}, {}
    note = _noted_unit(grid[:at])
    for place, cell in enumerate(grid[at]):
        heading, unit = _heading(cell)
        name = _name(heading, source)
        if name is not None and name not in columns:
            columns[name] = place
            factors[name] = UNITS.get(unit or note, 1.0)
    body = grid[at + 1 :]
    if body and _is_unit_row(body[0]):
        for name, place in columns.items():
            factors[name] = UNITS.get(_heading(body[0][place])[0], factors[name])
        body = body[1:]
    rows = [{name: row[place] for name, place in columns.items()} for row in body if _is_data(row)]
    return [clean for row in rows for clean in _cleaned(row, factors, source)]


def _noted_unit(above):
    """Return the unit of a line such as 单位：元 over the headings."""
    for row in above:
        for cell in row:
            found = re.fullmatch(r"单位:(.+)", _heading(cell)[0])
            if found and found.group(1) in UNITS:
                return found.group(1)
    return None


def _is_unit_row(row):
    filled = [_heading(cell)[0].strip("()") for cell in row if not values.is_missing(cell)]
    return bool(filled) and all(cell in UNITS for cell in filled)


def _is_data(row):
    filled = [cell for cell in row if not values.is_missing(cell)]
    return bool(filled) and values.code(filled[0]) not in TOTALS


def _cleaned(row, factors, source):
    """Return a row with typed values; a row with a column a year becomes one row a year."""
    clean = {}
    for name, value in row.items():
        if (source, name) in DOMAINS:
            clean[name] = values.labelled(value, DOMAINS[source, name])
        elif name in DATES:
            clean[name] = values.day(value)
        elif name in TEXTS:
            clean[name] = values.text(value)
        elif name in NUMBERS or isinstance(name, tuple):
            amount = values.number(value)
            clean[name] = None if amount is None else amount * factors[name]
        else:
            clean[name] = values.code(value)
    if source != "tax":
        return [clean]
    years = [name for name in clean if isinstance(name, tuple)]
    if years:
        return [{"firm": clean["firm"], "year": y[1], "tax": clean[y]} for y in years]
    year = values.number(clean.get("year"))
    return [clean | {"year": None if year is None else int(year)}]
