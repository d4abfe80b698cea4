"""Two towns and a park on disk, judged, with the workbooks that go out to them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import openpyxl

import tiny

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 3  # rows above the first parcel
ANSWERS = ("Decision", "Reason", "Supporting file", "Decided by", "Decided on")
LEDGER = "parcel_code,row,town,decision,reason,evidence,who,date,answers,file,rulebook,as_of"


def write_project(folder: Path, **more: Any) -> Path:
    """Write a project: parcels with very low plot ratios, one of a park, one of nowhere."""
    records = [
        tiny.parcel(1, tiny.lot(0, 0)),
        tiny.parcel(2, tiny.lot(200, 0)),
        tiny.parcel(3, tiny.lot(400, 0), YQMC="北园/东区"),
        tiny.parcel(4, tiny.lot(3000, 0), XZQDM=None, XZQMC=None),
        tiny.parcel(5, tiny.lot(800, 0)),
        tiny.parcel(5, tiny.lot(1000, 0)),
        tiny.parcel(7, tiny.lot(0, 300, 10, 10), QLRMC="王小明", QLRLX="5"),
    ]
    records = [record | more for record in records]
    tiny.write_shapefile(tiny.frame(records), folder / "p.shp")
    survey = [tiny.survey_polygon(tiny.lot(-50, -50, 1200, 500))]
    tiny.frame(survey).to_file(folder / "s.gpkg", layer="DLTB")
    buildings = [
        {"JZBH": f"b{n}", "CS": 1, "CG": 4.0, "JGND": 1990, "geometry": tiny.lot(x, 5, 40, 50)}
        for n, x in enumerate((5, 405))
    ]
    tiny.frame(buildings).to_file(folder / "b.gpkg", layer="JZW")
    for name in ("YJJBNTTB", "STBHHX"):
        line = tiny.frame([{"BSM": "1", "geometry": tiny.lot(9000, 9000)}])
        line.to_file(folder / "c.gpkg", layer=name)
    (folder / "firms.csv").write_text(
        "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"
        f"甲,X1,C3311,{tiny.code(1)},15,正常,\n"
        f"乙,X2,C3311,{tiny.code(3)},15,正常,\n",
        encoding="utf-8",
    )
    lists = "".join(f'{n} = "{file}"\n' for n, file in tiny.nobody_listed(folder).items())
    (folder / "lowuse.toml").write_text(
        """
        rules = "jinghai"
        as_of = 2024-03-31
        [sources]
        parcels = "p.shp"
        survey = "s.gpkg"
        buildings = "b.gpkg"
        permanent_farmland = "c.gpkg"
        ecological_redline = "c.gpkg"
        enterprises = "firms.csv"
        """
        + lists,
        encoding="utf-8",
    )
    return folder


class Book:
    """A review workbook in a spreadsheet program, addressed by heading and parcel."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.heads = {cell.value: cell.column for cell in self.sheet[HEAD]}
        codes = range(HEAD + 1, self.sheet.max_row + 1)
        self.rows: dict[str, int] = {}
        for row in codes:
            self.rows.setdefault(self.get(row, "Parcel code"), row)

    def get(self, row: int, head: str) -> Any:
        """Return a cell."""
        return self.sheet.cell(row, self.heads[head]).value

    def set(self, row: int, head: str, value: Any) -> None:
        """Fill a cell."""
        self.sheet.cell(row, self.heads[head]).value = value

    def answer(self, number: int, *values: Any) -> int:
        """Fill in decision, reason, file, who and when for a parcel; return its row."""
        row = self.rows[tiny.code(number)]
        for head, value in zip(ANSWERS, values, strict=False):
            self.set(row, head, value)
        return row

    def save(self, path: Path | None = None) -> Path:
        """Save the workbook, here or elsewhere."""
        self.book.save(path or self.path)
        return path or self.path


def lines(path: Path) -> list[dict[str, str]]:
    """Read a ledger with nothing but the standard library."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
