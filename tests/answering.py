"""Fill in the workbooks of requests as a body would, and say by hand what must come of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd

from oracle import accounts, judging, records
from oracle.limits import limits_of
from oracle.shapes import longest_prefix

if TYPE_CHECKING:
    import random
    from pathlib import Path

HEAD = 3  # rows above the first parcel
MU = 666.6667
NOT_ASKED = "—"
SUMMARY = "数据需求汇总.xlsx"
INDUSTRIES = ("C3311", "3360", "G5990", "C13", "59")
BETWEEN = {
    "building_footprint": (0.05, 0.9),  # of the parcel's area
    "floor_area": (0.05, 3.0),
    "permanent_farmland_area": (0.0, 1.0),
    "redline_area": (0.0, 1.0),
    "built_year": (1970, 2020),
    "dangerous_floor_share": (0.0, 1.0),
    "planned_plot_ratio": (0.5, 3.0),
    "plot_ratio_control": (0.5, 1.5),
    "industry_tax_per_mu": (1.0, 30.0),
    "idle_months": (0, 30),
    "facility_idle_months": (0, 30),
    "vacant_months": (0, 30),
    "tax_last": (0.0, 300.0),
    "tax_previous": (0.0, 300.0),
    "building_coefficient": (5.0, 70.0),
    "vacancy_rate": (5.0, 100.0),
    "utilisation": (5.0, 100.0),
    "output_per_mu": (10.0, 400.0),
    "investment_per_mu": (10.0, 400.0),
    "contract_investment_per_mu": (10.0, 400.0),
}
OF_AREA = ("building_footprint", "floor_area", "permanent_farmland_area", "redline_area")
WHOLE = ("built_year", "idle_months", "facility_idle_months", "vacant_months")
QUOTIENTS = {
    "plot_ratio": ("floor_area", 1, None),
    "building_density": ("building_footprint", 100, None),
    "permanent_farmland_share": ("permanent_farmland_area", 1, 1),
    "redline_share": ("redline_area", 1, 1),
}


class Sheet:
    """A workbook of requests in a spreadsheet program, addressed by row and standard column."""

    def __init__(self, path: Path, rulebook: Any) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.fields = rulebook.fields["answers"]
        self.heads = {cell.value: cell.column for cell in self.sheet[HEAD]}
        bare = {re.sub(r"[（ ]*[（(].*", "", head): at for head, at in self.heads.items()}
        names = {
            c: next((n for n in s["names"] if n in bare), None) for c, s in self.fields.items()
        }
        self.columns = {column: bare[name] for column, name in names.items() if name}
        key = self.columns["row"]
        lines = range(HEAD + 1, self.sheet.max_row + 1)
        self.rows = {self.sheet.cell(at, key).value: at for at in lines}

    @property
    def asked(self) -> list[str]:
        """Return the columns that are asked for."""
        return [c for c in self.columns if c not in {"row", "parcel_code", "parcel_mark"}]

    def cell(self, row: str, column: str) -> Any:
        """Return the cell of a parcel."""
        return self.sheet.cell(self.rows[row], self.columns[column])

    def open_cells(self) -> list[tuple[str, str]]:
        """Return row and column of all cells to fill in."""
        cells = [(row, column) for row in self.rows for column in self.asked]
        return [cell for cell in cells if self.cell(*cell).value != NOT_ASKED]

    def save(self, path: Path | None = None) -> Path:
        """Save the workbook, here or elsewhere."""
        self.book.save(path or self.path)
        return path or self.path


@dataclass
class Answer:
    """What is typed into a cell, and the code or number it stands for."""

    typed: Any
    meant: Any


def answer(column: str, spec: dict[str, Any], parcel: Any, rulebook: Any, dice: random.Random):
    """Return an answer that a body may well give."""
    if column in BETWEEN:
        number = dice.choice([0.0, 0.5, 1.0, dice.random()])
        low, high = BETWEEN[column]
        number = low + (high - low) * number
        if column in OF_AREA:
            number *= parcel["plane_area"]
        number = round(number) if column in WHOLE else round(number, 2)
        return Answer(number, float(number))
    if "domain" in spec:
        code, labels = dice.choice(list(rulebook.domain(spec["domain"]).items()))
        flag = rulebook.columns.loc[column, "dtype"] == "flag"
        return Answer(dice.choice([*labels, code]), code == "1" if flag else code)
    if spec["type"] == "date":
        day = dt.date(2022, 1, 1) + dt.timedelta(days=dice.randrange(1000))
        return Answer(dice.choice([day, f"{day:%Y.%m.%d}", f"{day:%Y年%m月%d日}"]), day)
    code = dice.choice(INDUSTRIES)
    return Answer(code, code)


def fill(folder: Path, parcels: pd.DataFrame, rulebook: Any, dice: random.Random) -> dict:
    """Fill in most cells of all workbooks; return what was meant, by row and column."""
    meant: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.xlsx")):
        if path.name == SUMMARY:
            continue
        sheet = Sheet(path, rulebook)
        for row, column in sheet.open_cells():
            if pd.isna(parcels.at[row, "plane_area"]) or dice.random() > 0.8:
                continue
            said = meant.setdefault(row, {}).get(column)
            if said is None:
                spec = sheet.fields[column]
                said = answer(column, spec, parcels.loc[row], rulebook, dice)
                meant[row][column] = said
            sheet.cell(row, column).value = said.typed
        sheet.save()
    return {row: {c: a.meant for c, a in cells.items()} for row, cells in meant.items()}


def predicted(parcels: pd.DataFrame, meant: dict, district: Any, means: dict) -> dict[str, str]:
    """Return the verdict of every parcel that has an answer, by the plain evaluator."""
    verdicts = {}
    for row, cells in meant.items():
        parcel = {k: None if pd.isna(v) else plain(v) for k, v in parcels.loc[row].items()}
        parcel |= {c: v for c, v in cells.items() if parcel.get(c) is None}
        parcel = derived(parcel, district, means)
        limits = limits_of(district.thresholds, parcel)
        verdicts[row] = judging.judge(parcel, limits, district.rules["other_subtype"])["verdict"]
    return verdicts


def plain(value: Any) -> Any:
    """Return a value as plain Python has it: the evaluator asks for True itself."""
    return value.item() if hasattr(value, "item") else value


def derived(p: dict[str, Any], district: Any, means: dict) -> dict[str, Any]:
    """Return a parcel with what follows from the answers, where it was missing."""
    more = {}
    for column, (part, factor, most) in QUOTIENTS.items():
        if p[part] is not None and p["plane_area"]:
            number = p[part] / p["plane_area"] * factor
            more[column] = round(min(number, most or number), 6)
    if p["agreed_start"] is not None:
        start = pd.Timestamp(p["agreed_start"]).date()
        more["months_since_agreed_start"] = accounts.whole_months(start, district.as_of)
    digits = re.sub(r"\D", "", p["industry_code"] or "")
    more["plot_ratio_control"] = longest_prefix(digits, district.rules["control"])
    more["industry_tax_per_mu"] = longest_prefix(digits, means)
    taxes = [p["tax_last"], p["tax_previous"]]
    known = [round(tax / (p["area"] / MU), 6) for tax in taxes if tax is not None]
    both = {
        "tax_per_mu": round(sum(known) / len(known), 6) if known else None,
        "untaxed_years": accounts.untaxed(*taxes),
    }
    return p | {column: value for column, value in more.items() if p[column] is None} | both


def industry_means(district: Any) -> dict[str, float]:
    """Return the mean tax per mu by industry, as the sample's table has it."""
    means: dict[str, float] = {}
    for row in district.records["industry_means"]:
        if row["industry"]:
            means.setdefault(re.sub(r"\D", "", row["industry"]), row["mean"])
    return means


__all__ = ["Sheet", "fill", "industry_means", "predicted", "records"]
