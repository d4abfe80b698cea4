"""Bureaus' workbooks with traps: codes 61xx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from deliveries import ground
from deliveries.model import Delivery, Wrong, shows
from deliveries.writing import parcels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

TAX = ("序号", "纳税人名称", "纳税人识别号", "年度", "入库税收（万元）")
FIRMS = ("企业名称", "统一社会信用代码", "宗地代码", "占用面积（平方米）")
CODES = ("91120118MA00011816", "91120118MA0001484G", "91120118MA0001891Y", "91120118MA0001302C")
NAMES = ("甲公司", "乙公司", "丙公司", "丁公司")
AMOUNTS = (12.0, 8.5, 30.0, 4.25)


def tax_rows() -> list[list[object]]:
    """Return four firms that paid tax in a year."""
    return [[n + 1, NAMES[n], CODES[n], 2023, AMOUNTS[n]] for n in range(4)]


def workbook(
    path: Path,
    rows: Sequence[Sequence[object]],
    sheet: str = "Sheet1",
    touch: Callable[[Worksheet], None] | None = None,
) -> Path:
    """Write rows as the sheet of a workbook; `touch` does more to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for r, row in enumerate(rows):
            page.write_row(r, 0, row)
        if touch:
            touch(page)
    return path


def tax(folder: Path, wrong: Wrong, rows: Sequence[Sequence[object]] = (), **touched) -> Delivery:
    """Return a table of tax with a trap."""
    path = workbook(folder / "企业入库税收.xlsx", [TAX, *(rows or tax_rows())], **touched)
    return Delivery((path,), (wrong,), source="tax")


@shows("6103")
def total_that_lacks_a_row(folder):
    wrong = Wrong("6103", "tax", column="tax", value=1.25, file="企业入库税收")
    return tax(folder, wrong, [*tax_rows(), ["合计", "", "", "", 56.0]])


@shows("6104")
def error_of_a_formula(folder):
    wrong = Wrong("6104", "tax", column="tax", note="#DIV/0!")
    return tax(folder, wrong, touch=lambda page: page.write_formula("E3", "=1/0", None, "#DIV/0!"))


@shows("6105")
def filtered_rows(folder):
    wrong = Wrong("6105", "tax", note="3–4")

    def hide(page: Worksheet) -> None:
        for line in (2, 3):
            page.set_row(line, None, None, {"hidden": True})

    return tax(folder, wrong, touch=hide)


@shows("6106")
def amount_over_two_firms(folder):
    wrong = Wrong("6106", "tax", column="tax", note="8.5")
    rows = tax_rows()
    rows[2][4] = ""
    return tax(folder, wrong, rows, touch=lambda page: page.merge_range("E3:E4", 8.5))


@shows("6107")
def areas_in_mu_without_a_unit(folder):
    frame = ground.clean().parcels
    rows = [("企业名称", "统一社会信用代码", "宗地代码", "占用面积")]
    some = zip(NAMES, CODES, frame["ZDDM"], frame["ZDMJ"], strict=False)
    rows += [(name, code, parcel, round(area / 666.6667, 2)) for name, code, parcel, area in some]
    path = workbook(folder / "企业用地情况.xlsx", rows)
    wrong = Wrong("6107", "enterprises", column="occupied_area", note="占用面积")
    return Delivery((parcels(folder, frame), path), (wrong,))


@shows("6108")
def firm_twice_on_a_parcel(folder):
    code = "120118901001GB00001"
    rows = [FIRMS, *((NAMES[n], CODES[n], code, 500.0) for n in (0, 1, 0))]
    path = workbook(folder / "企业用地情况.xlsx", rows)
    wrong = tuple(
        Wrong("6108", "enterprises", column="credit_code", file="企业用地情况") for _ in range(2)
    )
    return Delivery((path,), wrong, source="enterprises")


@shows("6109")
def sheet_of_explanations(folder):
    path = folder / "企业入库税收.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write("A1", "填表说明：一、…")
        page = book.add_worksheet("明细")
        for r, row in enumerate([TAX, *tax_rows()]):
            page.write_row(r, 0, row)
    wrong = Wrong("6109", "tax", file="企业入库税收")
    return Delivery((path,), (wrong,), source="tax")


@shows("")
def sound_tables(folder):
    rows = [TAX, *tax_rows(), ["合计", "", "", "", sum(AMOUNTS)]]
    return Delivery((workbook(folder / "企业入库税收.xlsx", rows),), source="tax")
