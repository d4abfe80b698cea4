"""Sheets of very many rows are written a column at a time, and read like any other."""

import re
import zipfile
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from lowuse_gis.io import sheet_rows, workbook
from lowuse_gis.io.workbook import OutSheet, write_workbook

AS_OF = date(2024, 3, 31)


@pytest.fixture
def frame():
    rng = np.random.default_rng(2)
    count = 157
    texts = [
        "东风路 <5> & 'x'",
        "=1+1",
        "",
        None,
        " spaced ",
        "a\x01b",
        "_x0041_",
        "行\n二",
        "长" * 40,
    ]
    column = pd.Series([texts[i % len(texts)] for i in range(count)], dtype="str")
    return pd.DataFrame(
        {
            "序号": range(1, count + 1),
            "文字": pd.concat([column[:33], column[33:]]),  # in two pieces, as pandas keeps it
            "面积": np.where(rng.random(count) < 0.2, np.nan, rng.uniform(0, 1e6, count).round(4)),
            "物": pd.Series([f"{i}" for i in range(count)], dtype=object),
        }
    )


def read(path):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python()


def test_both_ways_read_the_same(frame, tmp_path, monkeypatch):
    front = OutSheet("前", "前言", pd.DataFrame({"说明": ["一"]}))
    long = OutSheet("长", "很长", frame, "注", {"面积": 4}, choices={"文字": ["甲", "乙"]})
    write_workbook(tmp_path / "cells.xlsx", [front, long], AS_OF)
    monkeypatch.setattr(workbook, "LONG", 20)
    monkeypatch.setattr(sheet_rows, "CHUNK", 30)
    for name in ("columns.xlsx", "again.xlsx"):
        write_workbook(tmp_path / name, [front, long], AS_OF)
    assert (tmp_path / "columns.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert read(tmp_path / "columns.xlsx") == read(tmp_path / "cells.xlsx")
    books = [openpyxl.load_workbook(tmp_path / f"{n}.xlsx") for n in ("cells", "columns")]
    one, other = (book.worksheets[1] for book in books)
    assert other.dimensions == one.dimensions
    assert other.auto_filter.ref == one.auto_filter.ref
    for row, same in zip(one.iter_rows(), other.iter_rows(), strict=True):
        for cell, copy in zip(row, same, strict=True):
            if cell.value is not None:
                assert copy.number_format == cell.number_format
                assert copy.alignment.wrap_text == cell.alignment.wrap_text
    assert {path.name for path in tmp_path.iterdir()} == {
        "cells.xlsx",
        "columns.xlsx",
        "again.xlsx",
    }


def test_no_cell_is_a_formula(frame, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONG", 5)
    write_workbook(tmp_path / "long.xlsx", [OutSheet("长", "很长", frame)], AS_OF)
    with zipfile.ZipFile(tmp_path / "long.xlsx") as file:
        xml = file.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert len(re.findall("<row ", xml)) == len(frame) + 2 + 1


def test_long_sheets_are_packed_as_told(frame, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONG", 5)
    sizes = []
    for level in (0, 9):
        monkeypatch.setattr(sheet_rows, "LEVEL", level)
        write_workbook(tmp_path / "long.xlsx", [OutSheet("长", "很长", frame)], AS_OF)
        with zipfile.ZipFile(tmp_path / "long.xlsx") as file:
            sizes.append(file.getinfo("xl/worksheets/sheet1.xml").compress_size)
    assert sizes[1] < sizes[0] / 5


def test_texts_that_are_categories_are_written_alike(frame, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONG", 20)
    monkeypatch.setattr(sheet_rows, "CHUNK", 30)
    coded = frame.assign(**{name: frame[name].astype("category") for name in ("文字", "物")})
    for name, table in (("texts.xlsx", frame), ("categories.xlsx", coded)):
        write_workbook(tmp_path / name, [OutSheet("长", "很长", table)], AS_OF)
    assert (tmp_path / "categories.xlsx").read_bytes() == (tmp_path / "texts.xlsx").read_bytes()


def test_a_full_disk_leaves_no_half_workbook(frame, tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook, "LONG", 20)
    monkeypatch.setattr(sheet_rows, "_pieces", full)
    with pytest.raises(OSError, match="No space"):
        write_workbook(tmp_path / "long.xlsx", [OutSheet("长", "很长", frame)], AS_OF)
    assert [path.name for path in tmp_path.iterdir()] == ["long.xlsx"]


def test_repeated_texts_are_shared_and_counted(frame, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONG", 20)
    monkeypatch.setattr(sheet_rows, "CHUNK", 30)
    sheets = [OutSheet(name, "很长", frame) for name in ("长", "也长")]
    write_workbook(tmp_path / "long.xlsx", sheets, AS_OF)
    with zipfile.ZipFile(tmp_path / "long.xlsx") as file:
        cells = [file.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
        shared = file.read("xl/sharedStrings.xml").decode()
    told = [int(number) for xml in cells for number in re.findall(r't="s"><v>(\d+)</v>', xml)]
    count, unique = re.search(r' count="(\d+)" uniqueCount="(\d+)"', shared).groups()
    assert int(count) == len(told)
    assert int(unique) == len(re.findall(r"<si/?>", shared)) > max(told)
    inline = [len(re.findall('t="inlineStr"', xml)) for xml in cells]
    assert inline == [len(frame) - 20] * 2  # numbers of things, of which none comes again


def test_a_text_that_is_too_long_for_a_cell_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LONG", 5)
    texts = pd.DataFrame({"文": [f"{number}" + "长" * 40_000 for number in range(9)]})
    write_workbook(tmp_path / "long.xlsx", [OutSheet("长", "很长", texts)], AS_OF)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "long.xlsx")).get_sheet_by_index(0)
    assert {len(row[0]) for row in sheet.to_python()[-3:]} == {32_767}
