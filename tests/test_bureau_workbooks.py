"""Bureaus' workbooks: what is declared of them, how they are previewed, and what they hide."""

import json
import zipfile
from datetime import date
from functools import cache

import openpyxl
import pandas as pd
import pyogrio
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

import tiny
from deliveries.workbooks import AMOUNTS, CODES, NAMES, TAX, tax_rows, workbook
from lowuse_gis.commands import check, classify
from lowuse_gis.core.inspection.sums import row_totals
from lowuse_gis.io.declared import DeclarationError, Declared
from lowuse_gis.io.project import read_project
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.sheet_marks import sheet_marks
from lowuse_gis.io.supply import Supply
from lowuse_gis.io.table_delivery import delivered_table
from lowuse_gis.io.tables import read_table
from lowuse_gis.model import Run
from lowuse_gis.stages.inspect import inspect
from lowuse_gis.stages.read import Reading, read

FIRMS = ("企业名称", "统一社会信用代码", "宗地代码", "占用面积（平方米）")


def book(path, sheets):
    """Write sheets by name; a row is a list of cells."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)
    return path


def checked(tmp_path, *files, source="", **options):
    request = check.Request(files=files, output=tmp_path / "out", source=source, **options)
    return check.check(request).checked.findings


@pytest.fixture
def classified(tmp_path, parcels, survey_file, lowuse):
    """Classify four lots beside tables; return the rows of the check list that name a file."""

    def call(text):
        project = f'rules = "jinghai"\nas_of = 2024-03-31\n[sources]\nparcels = "{parcels.name}"\n'
        project += f'survey = "{survey_file.name}"\n{text}\n'
        (tmp_path / "lowuse.toml").write_text(project, encoding="utf-8")
        result = tmp_path / "r.gpkg"
        code, _out, err = lowuse("classify", "--project", tmp_path, "-o", result, "--overwrite")
        assert code == 0, err
        rows = pyogrio.read_dataframe(result, layer="checks", read_geometry=False)
        assert len(pyogrio.read_dataframe(result, layer="parcels")) >= 4
        return rows[rows["cell"].fillna("") != ""]

    return call


# --- traps, one by one: code, file, sheet and cell, in both commands ---


def total(page):
    page.write_row(5, 0, ["合计", "", "", "", 56])


def hidden_rows(page):
    page.set_row(2, None, None, {"hidden": True})
    page.set_row(3, None, None, {"hidden": True})


TRAPS = {
    "a total": (total, "6103", "明细!E6"),
    "an error": (lambda p: p.write_formula("E3", "=1/0", None, "#DIV/0!"), "6104", "明细!E3"),
    "a formula": (lambda p: p.write_formula("E4", "=2*3", None, ""), "6104", "明细!E4"),
    "hidden rows": (hidden_rows, "6105", "明细!3:4"),
    "a hidden column": (
        lambda p: p.set_column("E:E", None, None, {"hidden": True}), "6105", "明细!E:E",
    ),
    "merged cells": (lambda p: p.merge_range("B3:B4", "乙公司"), "6106", "明细!B3:B4"),
    "a negative amount": (lambda p: p.write("E2", -3), "3202", "明细!E2"),
    "an absurd amount": (lambda p: p.write("E5", 1e9), "3202", "明细!E5"),
    "a code eaten": (lambda p: p.write("C2", 9.11202e17), "3207", "明细!C2"),
    "a wrong check digit": (lambda p: p.write("C3", CODES[1][:-1] + "0"), "3205", "明细!C3"),
    "two codes of a name": (lambda p: p.write("B3", "甲公司"), "6108", "明细!B3"),
}  # fmt: skip


@pytest.fixture(scope="module")
def all_trapped(tmp_path_factory):
    """One workbook for each trap, checked together and classified together."""
    folder = tmp_path_factory.mktemp("traps")
    files = {
        name: workbook(folder / f"{n}.xlsx", [TAX, *tax_rows()], "明细", touch)
        for n, (name, (touch, _code, _cell)) in enumerate(TRAPS.items())
    }
    findings = checked(folder, *files.values(), source="tax")
    lots = tiny.frame([tiny.parcel(n, tiny.lot(n * 100, 0)) for n in range(1, 5)])
    parcels = tiny.write_shapefile(lots, folder / "parcels.shp")
    sources = [("tax", str(path)) for path in files.values()]
    result = folder / "r.gpkg"
    classify.classify(classify.Request([parcels], result, sources=sources, as_of=date(2024, 3, 31)))
    rows = pyogrio.read_dataframe(result, layer="checks", read_geometry=False)
    return files, findings, rows


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_found_in_its_cell(name, all_trapped):
    files, findings, rows = all_trapped
    _touch, code, cell = TRAPS[name]
    for listed in (findings, rows):
        mine = listed[(listed["code"] == code) & (listed["file"] == files[name].name)]
        assert cell in mine["cell"].tolist(), listed[["code", "file", "cell", "note"]].to_string()
    note = rows[(rows["code"] == code) & (rows["cell"] == cell)]["note"]
    assert note.str.startswith(f"{files[name].name} {cell}").any()


def test_a_hidden_sheet_is_read_and_said(tmp_path, classified, rulebook):
    path = tmp_path / "税收.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("表").write_row(0, 0, TAX)
        page = made.add_worksheet("藏")
        for r, row in enumerate([TAX, *tax_rows()]):
            page.write_row(r, 0, row)
        page.hide()
    assert len(read_table(path, "tax", rulebook).frame) == 4
    rows = classified('tax = "税收.xlsx"')
    assert rows[rows["code"] == "6105"]["cell"].tolist() == ["藏"]


def test_a_date_that_is_none(tmp_path, classified):
    rows = [(*FIRMS[:3], "停产日期"), ["甲", CODES[0], tiny.code(1), "六月底"]]
    rows += [["乙", CODES[1], tiny.code(2), "2023-02-30"]]
    book(tmp_path / "f.xlsx", {"S": rows})
    found = classified('enterprises = "f.xlsx"')
    told = found[found["code"].isin(["6102", "3209"])][["code", "cell"]].to_numpy().tolist()
    assert told == [["3209", "S!D3"], ["6102", "S!D2"]]  # each cell once


@pytest.mark.parametrize(
    ("factor", "heading", "found"),
    [
        (1 / 666.6667, "占用面积", True),  # mu, and nobody says so
        (1e-4, "占用面积", True),  # hectares
        (1.0, "占用面积（亩）", True),  # square metres under mu
        (1 / 666.6667, "占用面积（公顷）", True),  # mu under hectares: 15 times too much
        (1.0, "占用面积", False),
        (1 / 666.6667, "占用面积（亩）", False),
        (0.07, "占用面积", False),  # a small part of each parcel is no other unit
    ],
)
def test_areas_in_another_unit(tmp_path, classified, layer, parcels, factor, heading, found):
    areas = layer.geometry.area
    rows = [[NAMES[n], CODES[n], tiny.code(n + 1), areas[n] * factor] for n in range(4)]
    path = book(tmp_path / "企业用地情况.xlsx", {"S": [(*FIRMS[:3], heading), *rows]})
    made = classified(f'enterprises = "{path.name}"')
    cells = ["S!D1"] if found else []
    assert made[made["code"] == "6107"]["cell"].tolist() == cells
    if heading == "占用面积":
        findings = checked(tmp_path, parcels, path)
        assert findings[findings["code"] == "6107"]["cell"].tolist() == cells


def test_yuan_beside_ten_thousand_yuan(tmp_path, classified):
    years = [*TAX[:3], "2022年入库税收（万元）", "2023年入库税收（万元）"]
    rows = [[n, NAMES[n], CODES[n], AMOUNTS[n], AMOUNTS[n] * 1.1e4] for n in range(4)]
    book(tmp_path / "t.xlsx", {"S": [years, *rows]})
    found = classified('tax = "t.xlsx"')
    assert found[found["code"] == "6107"]["cell"].tolist() == ["S!E1"]
    assert "S!D1" in found[found["code"] == "6107"]["note"].iloc[0]


def test_yuan_in_one_of_two_files(tmp_path, classified):
    book(tmp_path / "a.xlsx", {"S": [TAX, *tax_rows()]})
    rows = [[*row[:3], 2022, row[4] * 9500] for row in tax_rows()]
    book(tmp_path / "b.xlsx", {"S": [TAX, *rows]})
    found = classified('tax = ["a.xlsx", "b.xlsx"]')
    assert found[found["code"] == "6107"]["file"].tolist() == ["b.xlsx"]


@pytest.mark.parametrize(("values", "found"), [((0.2, 0.5, 1), True), ((0.2, 35, 1), False)])
def test_ratios_for_per_cent(tmp_path, classified, values, found):
    rows = [[tiny.code(n + 1), value] for n, value in enumerate(values)]
    book(tmp_path / "v.xlsx", {"S": [["宗地代码", "空置率（%）"], *rows]})
    made = classified('vacancy = "v.xlsx"')
    assert made[made["code"] == "6107"]["cell"].tolist() == (["S!B1"] if found else [])


def test_a_firm_twice_on_a_parcel_in_two_files(tmp_path, classified):
    one = [NAMES[0], CODES[0], tiny.code(1), 500]
    book(tmp_path / "a.xlsx", {"S": [FIRMS, one]})
    book(tmp_path / "b.xlsx", {"S": [FIRMS, [NAMES[1], CODES[1], tiny.code(2), 9], one]})
    found = classified('enterprises = ["a.xlsx", "b.xlsx"]')
    hit = found[found["code"] == "6108"][["file", "cell"]].to_numpy().tolist()
    assert hit == [["a.xlsx", "S!B2"], ["b.xlsx", "S!B3"]]


def test_a_sheet_that_is_not_read_is_named(tmp_path, classified):
    sheets = {"明细": [TAX, *tax_rows()], "说明": [["填表说明"]], "空": []}
    book(tmp_path / "t.xlsx", sheets)
    found = classified('tax = "t.xlsx"')
    assert found[found["code"] == "6109"]["cell"].tolist() == ["说明"]


def test_openpyxl_leaves_formulas_without_results(tmp_path, rulebook):
    made = openpyxl.Workbook()
    page = made.active
    page.append(list(TAX))
    page.append([1, "甲公司", CODES[0], 2023, "=3+4"])
    path = tmp_path / "o.xlsx"
    made.save(path)
    table = read_table(path, "tax", rulebook)
    assert table.facts.query("kind == 'formula'")["cell"].tolist() == ["Sheet!E2"]
    assert table.frame["tax"].isna().all()


def test_marks_of_a_hostile_sheet_are_none(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [TAX, *tax_rows()], "S", hidden_rows)
    assert sheet_marks(path)["S"].hidden_rows == [2, 3]
    bomb = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                head, mark, rest = data.partition(b"<worksheet")
                data = head + b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + mark + rest
            new.writestr(name, data)
    assert sheet_marks(bomb) == {}


def test_errors_written_into_a_csv(tmp_path, classified):
    line = f"甲,{CODES[0]},{tiny.code(1)},#REF!\n"
    (tmp_path / "f.csv").write_text(",".join(FIRMS) + "\n" + line, encoding="utf-8")
    found = classified('enterprises = "f.csv"')
    assert found[["code", "cell"]].to_numpy().tolist() == [["6104", "D2"]]


def test_a_switched_off_check_is_not_made(tmp_path):
    rules = tmp_path / "mine"
    rules.mkdir()
    (rules / "rulebook.toml").write_text(
        'name = "mine"\nextends = "jinghai"\ntitle = "试"\nversion = "1"\n', encoding="utf-8"
    )
    (rules / "checks.toml").write_text('[severity]\n"6106" = "off"\n', encoding="utf-8")
    path = workbook(
        tmp_path / "t.xlsx", [TAX, *tax_rows()], "S", lambda p: p.merge_range("B3:B4", "乙公司")
    )
    assert "6106" not in set(checked(tmp_path, path, source="tax", rules=str(rules))["code"])


# --- totals ---


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([1, 2, ("合计", 3)], []),
        ([1, 2, ("合 计：", 4)], [4]),
        ([("合计", 6), 1, 2, 3], []),
        ([1, 2, ("小计", 3), 3, 4, ("小计", 7), ("总计", 10)], []),
        ([1, 2, ("小计", 3), 3, 4, ("小计", 8), ("总计", 10)], [7]),
        ([1, 2, ("合计", 3), 3, 4, ("合计", 7)], []),
        ([1, "约三", ("合计", 9)], []),  # a sum of what cannot be read is not known
        ([1, "", ("合计", 1.04)], []),
    ],
)
def test_totals_of_many_kinds(tmp_path, rows, wrong):
    listed = [
        [*row[:1], "", "", "", row[1]]
        if isinstance(row, tuple)
        else [n, f"甲{n}", CODES[0], 2000 + n, row]
        for n, row in enumerate(rows)
    ]
    path = book(tmp_path / "t.xlsx", {"S": [TAX, *listed]})
    findings = checked(tmp_path, path, source="tax")
    assert findings[findings["code"] == "6103"]["cell"].tolist() == [f"S!E{n}" for n in wrong]


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30),
    st.lists(st.integers(0, 29), max_size=3),
)
def test_sums_that_are_right_are_never_doubted(amounts, cuts):
    cells, total, part = [], [], []
    since = 0
    for n, amount in enumerate(amounts):
        cells, total, part = [*cells, amount], [*total, False], [*part, False]
        since += amount
        if n in cuts:
            cells, total, part = [*cells, since], [*total, True], [*part, True]
            since = 0
    cells, total, part = [*cells, sum(amounts)], [*total, True], [*part, False]
    found = row_totals(pd.Series(cells, dtype=float), pd.Series(total), pd.Series(part))
    assert found["difference"].max() == 0
    assert len(found) == sum(total)


# --- a sound workbook ---


@st.composite
def sound(draw):
    """Rows of a sound table of tax, with titles, a total and a row of units as they come."""
    count = draw(st.integers(3, 12))
    bodies = draw(
        st.lists(st.integers(10**7, 10**8 - 1), min_size=count, max_size=count, unique=True)
    )
    codes = [base + uscc.calc_check_digit(base) for base in (f"91120118M{b}" for b in bodies)]
    cents = draw(st.lists(st.integers(1, 10**7), min_size=count, max_size=count))
    unit = draw(st.sampled_from(["元", "万元", "千元"]))
    where = draw(st.sampled_from(["heading", "row", "title"]))
    titles = draw(st.integers(0, 3))
    rows = [[f"公司{n}", code, 2023, cent / 100] for n, (code, cent) in
            enumerate(zip(codes, cents, strict=True))]  # fmt: skip
    head = [
        "企业名称",
        "纳税人识别号",
        "年度",
        "入库税收" + (f"（{unit}）" if where == "heading" else ""),
    ]
    top = [["企业入库税收统计表"]] * titles
    top += [["", "", "", f"单位：{unit}"]] if where == "title" else []
    under = [["", "", "", unit]] if where == "row" else []
    whole = [["合计", "", "", sum(cents) / 100]] if draw(st.booleans()) else []
    blank = [["", "", "", ""]] if draw(st.booleans()) else []
    middle = len(rows) // 2
    return (
        [*top, head, *under, *rows[:middle], *blank, *rows[middle:], *whole],
        rows,
        unit,
        len(top),
    )


FACTOR = {"元": 1e-4, "万元": 1.0, "千元": 0.1}


@cache
def settled_run():
    """The rules; a fixture would be written out with every example."""
    return Run(read_rulebook("jinghai"), date(2024, 3, 31))


@settings(max_examples=30, deadline=None)
@given(made=sound())
def test_nothing_is_lost_and_nothing_said_of_a_sound_table(made, tmp_path_factory):
    sheet, rows, unit, above = made
    run = settled_run()
    rulebook = run.rulebook
    folder = tmp_path_factory.mktemp("sound")
    path = book(folder / "企业入库税收.xlsx", {"S": sheet})
    table = read_table(path, "tax", rulebook)
    assert table.frame["credit_code"].tolist() == [row[1] for row in rows]
    wanted = [row[3] * FACTOR[unit] for row in rows]
    assert table.frame["tax"].tolist() == pytest.approx(wanted, rel=1e-12)
    lines = {int(place.rpartition("!")[2]) for place in table.frame["place"]}
    left = set(table.left_out["line"])
    assert not lines & left
    assert lines | left == set(range(1, len(sheet) + 1))
    assert (table.left_out["reason"] != "").all()
    declared = Declared(("S",), (above + 1,), {"": unit}, "纳税人识别号")
    again = read_table(path, "tax", rulebook, None, declared)
    pd.testing.assert_frame_equal(again.frame, table.frame)
    delivered = delivered_table(table, "tax", path.name, "", 1, rulebook)
    findings = inspect([delivered], (), run).findings
    assert findings.empty, findings[["code", "cell", "note"]]


# --- what is declared ---


def declaring(folder, text):
    (folder / "lowuse.toml").write_text(f"[sources]\n{text}\n", encoding="utf-8")
    return read_project(folder)


def test_what_the_project_says_reaches_the_table(tmp_path, parcels, run):
    rows = [["x"], ["单位", "宗地号码", "用地"], ["甲", tiny.code(1), 3], ["乙", tiny.code(2), 6]]
    book(tmp_path / "f.xlsx", {"二月": rows, "一月": [["企业名称", "宗地代码"]]})
    said = 'sheet = "二月", header = 2, key = "宗地号码", body = "assets"'
    entry = f'wishes = {{ path = "f.xlsx", {said} }}'
    project = declaring(tmp_path, entry)
    supplies = [Supply("parcels", parcels), *project.supplies]
    survey = read(supplies, Reading(), run)
    assert survey.tables["wishes"]["parcel_code"].tolist() == [tiny.code(1), tiny.code(2)]
    assert survey.supplied("wishes")[0].body == "assets"


def test_units_are_declared_of_a_heading_or_of_the_table(tmp_path, rulebook):
    rows = [[*FIRMS[:3], "占用面积"], [NAMES[0], CODES[0], tiny.code(1), 3]]
    path = book(tmp_path / "f.xlsx", {"S": rows})
    for units, area in ({}, 3.0), ({"": "公顷"}, 30000.0), ({"占用面积": "亩"}, 2000.0001):
        table = read_table(path, "enterprises", rulebook, None, Declared(units=units))
        assert table.frame["occupied_area"].tolist() == pytest.approx([area])
    path = book(tmp_path / "g.xlsx", {"S": [[*FIRMS[:3], "占用面积（亩）"], rows[1]]})
    for units, area in ({"": "公顷"}, 2000.0001), ({"占用面积": "公顷"}, 30000.0):
        table = read_table(path, "enterprises", rulebook, None, Declared(units=units))
        assert table.frame["occupied_area"].tolist() == pytest.approx([area])


def test_words_in_brackets_are_no_unit(tmp_path, rulebook):
    rows = [["单位：元"], [*TAX[:4], "入库税收（含附加）"], *tax_rows()]
    table = read_table(book(tmp_path / "t.xlsx", {"S": rows}), "tax", rulebook)
    assert table.frame["tax"].tolist() == pytest.approx([a / 1e4 for a in AMOUNTS])


def test_a_heading_of_three_rows(tmp_path, rulebook):
    rows = [
        ["企业用地情况", "", "", ""],
        ["基本情况", "", "用地", ""],
        ["统一社会", "宗地", "占用", "年"],
        ["信用代码", "代码", "面积（亩）", ""],
        [CODES[0], tiny.code(1), 3, 2023],
    ]
    path = book(tmp_path / "f.xlsx", {"S": rows})
    mapping = {
        "统一社会信用代码": "信用代码统一社会",
        "宗地代码": "代码宗地",
        "占用面积": "面积（亩）占用",
    }
    table = read_table(path, "enterprises", rulebook, mapping, Declared(header=(3, 4)))
    assert table.frame["occupied_area"].tolist() == pytest.approx([2000.0001])
    assert table.frame["credit_code"].tolist() == [CODES[0]]


@pytest.mark.parametrize("column", ["parcel_code", "credit_code"])
def test_a_key_is_known_by_its_values(tmp_path, rulebook, column):
    values = [tiny.code(n) for n in (1, 2, 3)] if column == "parcel_code" else CODES[:3]
    rows = [["编号", "年度", "入库税收"], *([value, 2023, 1] for value in values)]
    path = book(tmp_path / "t.xlsx", {"S": rows})
    table = read_table(path, "tax", rulebook, None, Declared(key="编号"))
    assert table.frame[column].tolist() == list(values)


def test_a_key_stands_above_a_heading_that_is_known(tmp_path, rulebook):
    rows = [["宗地代码", "现宗地代码", "盘活意愿"], ["旧1", tiny.code(1), "强"]]
    path = book(tmp_path / "t.xlsx", {"S": rows})
    table = read_table(path, "wishes", rulebook, None, Declared(key="现宗地代码"))
    assert table.frame["parcel_code"].tolist() == [tiny.code(1)]


def refusals(tmp_path):
    """Write a workbook, and return what is wrongly declared of it and what must be said."""
    book(tmp_path / "t.xlsx", {"一月": [["表"], list(TAX), *tax_rows()], "说明": [["填表说明"]]})
    return {
        'sheet = "一"': ("no sheet 一", "一月"),
        "header = 4": ("no heading in row 4", "row 2"),
        "header = 400": ("no heading in row 400", "row 2"),
        'sheet = "说明", header = 1': ("no heading in row 1", "1 rows"),
        'key = "税务登记号"': ("no heading 税务登记号", "纳税人识别号"),
        'unit = "万圆"': ("unknown unit 万圆", "万元"),
        'unit = { "税金" = "元" }': ("no heading 税金", "入库税收（万元）"),
        'mapping = { "税号" = "登记号" }': ("no such field", "纳税人识别号"),
        'body = "taxes"': ("unknown body taxes", "tax"),
        "headers = 2": ("unknown key headers", "header"),
        "header = 0": ("header cannot be 0", "header = 3"),
        "sheet = 3": ("sheet cannot be 3", "sheet = "),
        "unit = 3": ("unit cannot be 3", "万元"),
        "key = 3": ("key cannot be 3", "key ="),
    }


CASES = ('sheet = "一"', "header = 4", "header = 400", 'sheet = "说明", header = 1',
         'key = "税务登记号"', 'unit = "万圆"', 'unit = { "税金" = "元" }',
         'mapping = { "税号" = "登记号" }', 'body = "taxes"', "headers = 2", "header = 0",
         "sheet = 3", "unit = 3", "key = 3")  # fmt: skip


@pytest.mark.parametrize("said", CASES)
def test_a_wrong_declaration_is_refused_naming_what_is_there(said, tmp_path, parcels, refused):
    message, hint = refusals(tmp_path)[said]
    entry = f'rules = "jinghai"\n[sources]\nparcels = "{parcels.name}"\n'
    entry += f'tax = {{ path = "t.xlsx", {said} }}\n'
    (tmp_path / "lowuse.toml").write_text(entry, encoding="utf-8")
    for command in (["classify", "-o", tmp_path / "r.gpkg"], ["check", "-o", tmp_path / "c"]):
        error, advice = refused(*command, "--project", tmp_path)
        assert message in error
        assert hint in advice
    assert not (tmp_path / "r.gpkg").exists()


def test_what_is_of_tables_is_refused_of_layers(tmp_path, parcels, refused):
    entry = f'rules = "jinghai"\n[sources]\nparcels = {{ path = "{parcels.name}", header = 2 }}\n'
    (tmp_path / "lowuse.toml").write_text(entry, encoding="utf-8")
    error, _hint = refused("classify", "--project", tmp_path, "-o", tmp_path / "r.gpkg")
    assert "is a layer" in error


def test_csv_has_no_sheets(tmp_path, rulebook):
    path = tmp_path / "w.csv"
    path.write_text(f"宗地代码,盘活意愿\n{tiny.code(1)},强\n", encoding="utf-8")
    with pytest.raises(DeclarationError):
        read_table(path, "wishes", rulebook, None, Declared(sheets=("表",)))


# --- the preview ---


def trapped(tmp_path):
    rows = [
        ["统计表"],
        ["单位：元"],
        [*TAX[:4], "入库税收"],
        *tax_rows(),
        ["合计", "", "", "", 54.75],
    ]

    def hide(page):
        page.set_row(4, None, None, {"hidden": True})

    return workbook(tmp_path / "企业入库税收.xlsx", rows, "明细", hide)


def test_the_preview_shows_all_of_a_sheet(tmp_path, lowuse):
    code, out, err = lowuse("describe", trapped(tmp_path), "--json")
    assert code == 0, err
    layer = json.loads(out)["layers"][0]
    sheet = layer["sheets"][0]
    assert (layer["source"], sheet["name"], sheet["heading"]) == ("tax", "明细", [3])
    tax = sheet["columns"][4]
    assert (tax["letter"], tax["column"], tax["unit"], tax["told"]) == ("E", "tax", "元", "title")
    assert (tax["factor"], tax["into"]) == (0.0001, "万元")
    assert [left["reason"] for left in sheet["left_out"] if left["reason"] == "total"] == ["total"]
    assert sheet["hidden_parts"] == ["明细!5:5"]
    assert sheet["places"] == ["明细!4", "明细!5", "明细!6"]
    assert sheet["rows"] == 4


def test_the_preview_on_the_screen(tmp_path, lowuse, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, err = lowuse(
        "describe", trapped(tmp_path), "--source", "tax", "--unit", "入库税收=千元", "--header", "3"
    )
    assert code == 0, err
    for said in (
        "heading in row", "千元 (as declared) × 0.1 → 万元", "a total", "first rows",
        "明细!5:5; read all the same", "header = 3", 'unit = {"入库税收" = "千元"}',
    ):  # fmt: skip
        assert said in out, out


def test_the_preview_says_why_a_table_of_that_name_is_none(tmp_path, lowuse, refused):
    path = book(tmp_path / "x.xlsx", {"S": [["名称", "税"], ["甲", 1]]})
    code, out, _err = lowuse("describe", path, "--source", "tax")
    assert code == 0
    assert "3101" in out
    error, _hint = refused("describe", path, "--source", "taxes")
    assert "taxes" in error
    error, hint = refused("describe", path, "--source", "tax", "--sheet", "T")
    assert "no sheet T" in error
    assert "S" in hint
