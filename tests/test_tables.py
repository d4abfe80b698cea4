"""Bureaus' tables: titles, merged cells, unit rows, years in headings, several sheets."""

import re
import sys

import pandas as pd
import pytest
import xlsxwriter

from lowuse_gis.core.values import as_codes
from lowuse_gis.errors import InputError
from lowuse_gis.io.tables import read_table


def workbook(path, rows, merges=(), sheets=1):
    with xlsxwriter.Workbook(str(path)) as book:
        for number in range(sheets):
            page = book.add_worksheet(f"表{number + 1}")
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    page.write(r, c, value)
            for area, text in merges:
                page.merge_range(area, text)
    return path


def test_title_unit_and_year_headings(tmp_path, rulebook):
    path = workbook(
        tmp_path / "tax.xlsx",
        [
            ["2022、2023年度企业入库税收"],
            ["", "", "", "单位：元"],
            ["序号", "纳税人名称", "纳税人识别号", "2022年入库税收", "2023年入库税收", "备注"],
            [1, "甲公司", "91120118MA06XK2J5L", 10000, "20,000", ""],
            [2, "乙公司", "９112022310340012X1 ", "", 0, ""],
            ["合计", "", "", 10000, 20000, ""],
        ],
        [("A1:F1", "2022、2023年度企业入库税收")],
    )
    table = read_table(path, "tax", rulebook).frame.sort_values(["credit_code", "year"])
    assert table["credit_code"].unique().tolist() == ["91120118MA06XK2J5L", "9112022310340012X1"]
    assert table["tax"].fillna(-1).tolist() == [1, 2, -1, 0]  # 万元
    assert table["year"].tolist() == [2022, 2023] * 2


def test_unit_row_and_long_form(tmp_path, rulebook):
    path = workbook(
        tmp_path / "park.xlsx",
        [["企业名称", "税号", "年度", "入库税收"], ["", "", "", "万元"], ["甲", "X1", 2023, 3.5]],
    )
    table = read_table(path, "tax", rulebook).frame
    assert table[["credit_code", "year", "tax"]].to_numpy().tolist() == [["X1", 2023, 3.5]]


def test_merged_two_row_heading_and_merged_names(tmp_path, rulebook):
    path = workbook(
        tmp_path / "firms.xlsx",
        [
            ["企业用地情况"],
            ["基本情况", "", "", "用地情况", "", "经营情况", ""],
            [
                "企业名称",
                "统一社会信用代码",
                "行业代码",
                "宗地代码",
                "占用面积（亩）",
                "经营状态",
                "停产日期",
            ],
            ["甲", "X1", "C3311", "Z1", 1.5, "停产", "2022年8月"],
            ["", "", "", "Z2", 3, "正常", ""],
            ["乙", "X2", 1310, "Z2", "约3亩", "半停产", ""],
        ],
        [("A2:C2", "基本情况"), ("A4:A5", "甲"), ("B4:B5", "X1"), ("C4:C5", "C3311")],
    )
    read = read_table(path, "enterprises", rulebook)
    table = read.frame
    assert table["firm_name"].tolist() == ["甲", "甲", "乙"]
    assert table["credit_code"].tolist() == ["X1", "X1", "X2"]
    assert table["occupied_area"].round(2).fillna(-1).tolist() == [1000.0, 2000.0, -1]
    assert table["firm_status"].tolist() == ["3", "1", "2"]
    assert table["industry_code"].tolist() == ["C3311", "C3311", "1310"]
    assert table["stopped_on"].dt.strftime("%F").fillna("").tolist() == ["2022-08-31", "", ""]
    assert read.unreadable[["value", "column"]].to_numpy().tolist() == [["约3亩", "occupied_area"]]


def test_a_heading_split_over_two_rows(tmp_path, rulebook):
    path = workbook(
        tmp_path / "split.xlsx",
        [["税号", "入库税收（元）", ""], ["", "2022年", "2023年"], ["X1", 20000, 30000]],
        [("B1:C1", "入库税收（元）"), ("A1:A2", "税号")],
    )
    table = read_table(path, "tax", rulebook).frame
    assert table[["year", "tax"]].to_numpy().tolist() == [[2022, 2.0], [2023, 3.0]]


def test_all_sheets_are_read(tmp_path, rulebook):
    rows = [["小区名称", "宗地代码"], ["甲里", "Z1"]]
    table = read_table(workbook(tmp_path / "two.xlsx", rows, sheets=2), "old_estates", rulebook)
    assert table.frame["place"].tolist() == ["表1!2", "表2!2"]


def test_csv_in_gb18030(tmp_path, rulebook):
    path = tmp_path / "homes.csv"
    path.write_bytes("村名,户主,宗地代码,利用状态\n北䶮庄村,张某,Z1,废弃\n".encode("gb18030"))
    table = read_table(path, "homesteads", rulebook).frame
    assert table["homestead_state"].tolist() == ["3"]


def test_an_amount_merged_over_rows_counts_once(tmp_path, rulebook):
    path = workbook(
        tmp_path / "merged.xlsx",
        [["税号", "年度", "入库税收（万元）"], ["X1", 2023, 6], ["X2", 2023, ""]],
        [("C2:C3", 6)],
    )
    table = read_table(path, "tax", rulebook).frame
    assert table["tax"].fillna(-1).tolist() == [6, -1]


def test_a_table_without_the_columns_is_refused(tmp_path, rulebook):
    path = workbook(tmp_path / "other.xlsx", [["名称", "纳税识别号"], ["甲", "1"]])
    with pytest.raises(InputError) as error:
        read_table(path, "tax", rulebook)
    assert "纳税人识别号" in error.value.message
    assert "纳税识别号" in error.value.hint


def test_garbage_is_refused(tmp_path, rulebook):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_table(path, "tax", rulebook)


def test_types(tmp_path, rulebook):
    path = workbook(tmp_path / "t.xlsx", [["宗地代码", "盘活意愿"], ["Z1", "强"], ["Z2", "拒绝"]])
    table = read_table(path, "wishes", rulebook).frame
    assert table["wish"].tolist() == ["1", "4"]
    assert isinstance(table, pd.DataFrame)


def test_codes_lose_all_white_space_that_python_knows():
    signs = [chr(k) for k in range(sys.maxunicode + 1) if re.match(r"\s", chr(k))]
    assert len(signs) > 20
    assert set(as_codes(pd.Series([f"1{sign}2" for sign in signs]))) == {"12"}
    assert as_codes(pd.Series(["1.0", "12.0", "1.05", "v1.0"], dtype=object)).tolist() == [
        "1", "12", "1.05", "v1.0",
    ]  # fmt: skip
