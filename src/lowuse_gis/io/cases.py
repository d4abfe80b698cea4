"""Read golden cases: what planners expect of the rules, one row a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from lowuse_gis.core.values import as_dates, as_domain, as_numbers, as_text
from lowuse_gis.errors import InputError
from lowuse_gis.io.case_headings import CaseHeading, find_headings
from lowuse_gis.io.headings import cell_text
from lowuse_gis.io.tables import sheets_of
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lowuse_gis.io.headings import Sheet
    from lowuse_gis.model import Rulebook

MISSING = ("缺", "missing")
NONE = ("无", "none")
YES_NO = dict.fromkeys(("是", "true", "yes", "1"), True) | dict.fromkeys(
    ("否", "false", "no", "0"), False
)
OUT_OF_SCOPE = "OUT-OF-SCOPE"  # met where the type is none of the five
LISTED = 8  # faults named in a message
LEANING = "leaning"


@dataclass(frozen=True)
class Cases:
    """Golden cases.

    Attributes
    ----------
    parcels
        Standard columns that the sheet has, one row a case.
    expected
        On the same index: ``name``, ``place`` (the cell of the expected verdict), ``wanted`` (as
        written), ``results`` (result codes that fit), ``met`` and ``unknown`` (codes joined by
        semicolons; missing where nothing is said).
    given
        Per case, what its row says beside name and type, for people.
    file
        Name of the file.
    """

    parcels: pd.DataFrame
    expected: pd.DataFrame
    given: tuple[str, ...]
    file: str


def read_cases(path: Path, rulebook: Rulebook) -> Cases:
    """Read golden cases from a workbook or CSV.

    Parameters
    ----------
    path
        One row a case. Headings: ``用例``, ``类型``, ``预期判定``, optionally ``预期标准`` and
        ``预期不明``, and columns by label, English label, name or field code. ``停产月数=0`` says
        what a blank cell of that column means; else blank is missing, as ``缺`` always is.
    rulebook
        Knows columns, code lists and criteria.

    Returns
    -------
    Cases
        Of all sheets that have the headings.

    Raises
    ------
    InputError
        Where a heading is not known, a value cannot be understood, or there is no case.
    """
    parts = []
    for sheet in sheets_of(path):
        headings = find_headings(sheet, rulebook, path.name)
        if headings:
            parts.append(_Rows(sheet, headings, rulebook))
    faults = [fault for part in parts for fault in part.faults]
    if faults:
        more = _("; and {count} more").format(count=len(faults) - LISTED)
        listed = "; ".join(faults[:LISTED]) + (more if len(faults) > LISTED else "")
        raise InputError(
            _("{file}: not understood: {listed}").format(file=path.name, listed=listed),
            _("correct these cells; a value that is not known is left blank, or is 缺"),
        )
    whole = [part for part in parts if len(part.parcels)]
    if not whole:
        raise InputError(
            _("{file}: no cases").format(file=path.name),
            _("one row a case, under headings such as 用例, 类型, 停产月数, 预期判定"),
        )
    return Cases(
        parcels=pd.concat([part.parcels for part in whole], ignore_index=True),
        expected=pd.concat([part.expected for part in whole], ignore_index=True),
        given=tuple(text for part in whole for text in part.given),
        file=path.name,
    )


class _Rows:
    """The cases of one sheet, and the cells that are not understood."""

    def __init__(self, sheet: Sheet, headings: list[CaseHeading], rulebook: Rulebook) -> None:
        self.faults: list[str] = []
        self._sheet, self._rulebook = sheet.name, rulebook
        first = headings[0].row + 1
        body = sheet.cells.iloc[first:].map(cell_text)
        self._body = body[(body != "").any(axis=1)]
        columns = [h for h in headings if h.column]
        own = {h.role: h for h in headings if h.role}
        self.parcels = pd.DataFrame({h.column: self._values(h) for h in columns})
        self.expected = self._expected(own)
        self.given = tuple(self._given(columns))

    def _values(self, heading: CaseHeading) -> pd.Series:
        """Return a column in its standard type; the heading's default where a cell is blank."""
        texts = self._body[heading.at]
        row = self._rulebook.columns.loc[heading.column]
        absent = texts.str.lower().isin(MISSING)
        filled = texts.where(texts != "", heading.default or "").mask(absent, "")
        typed = self._typed(filled, row, heading)
        self._blame(filled[(filled != "") & typed.isna()], heading)
        if heading.default == "" and row["dtype"] in {"text", "code"}:
            typed = typed.mask(~absent & (filled == ""), "")
        return typed.reset_index(drop=True)

    def _typed(self, texts: pd.Series, row: pd.Series, heading: CaseHeading) -> pd.Series:
        if row["dtype"] == "number":
            plain = texts.where(~texts.str.endswith("%") | (row["unit"] == "%"), "?")
            return as_numbers(plain.where(plain != "", None).astype("str")) * heading.factor
        if row["dtype"] == "flag":
            return texts.str.lower().map(YES_NO).astype("boolean")
        if row["dtype"] == "date":
            return as_dates(texts)
        labels = label_codes(self._rulebook, row["domain"])
        if not labels:
            return as_text(texts)
        if row["dtype"] == "text":  # the list names some of what may stand there
            return as_text(texts).map(labels).fillna(as_text(texts))
        codes = as_domain(texts, labels)
        return codes.where(codes.isin(set(labels.values())))

    def _blame(self, texts: pd.Series, heading: CaseHeading) -> None:
        for row, text in texts.items():
            self.faults.append(f"{self._place(row, heading.at)} {heading.label} “{text}”")

    def _place(self, row: int, at: int) -> str:
        address = f"{_letters(at)}{row + 1}"
        return f"{self._sheet}!{address}" if self._sheet else address

    def _expected(self, own: Mapping[str, CaseHeading]) -> pd.DataFrame:
        verdict = own["verdict"]
        results = _result_codes(self._rulebook)
        wanted = self._body[verdict.at]
        fit = wanted.str.casefold().map(results)
        self._blame(wanted[fit.isna()], verdict)
        names = self._body[own["name"].at] if "name" in own else wanted.where(wanted == "", "")
        frame = pd.DataFrame(
            {
                "name": names,
                "place": [self._place(row, verdict.at) for row in self._body.index],
                "wanted": wanted,
                "results": fit,
                "met": self._codes(own.get("met")),
                "unknown": self._codes(own.get("unknown")),
            }
        )
        return frame.reset_index(drop=True)

    def _codes(self, heading: CaseHeading | None) -> pd.Series:
        """Return codes of criteria, sorted; missing where the cell is blank."""
        if heading is None:
            return pd.Series(None, self._body.index, dtype="str")
        known = {c.code for c in self._rulebook.criteria} | {OUT_OF_SCOPE}
        texts = self._body[heading.at]
        lists = texts.str.upper().str.replace(r"[；，、,\s]+", ";", regex=True).str.strip(";")
        none = texts.str.lower().isin(NONE)
        strange = lists.map(lambda text: bool(set(filter(None, text.split(";"))) - known))
        self._blame(texts[~none & strange.astype(bool)], heading)
        ordered = lists.map(lambda text: ";".join(sorted(filter(None, text.split(";")))))
        return ordered.mask(none, "").where(texts != "")

    def _given(self, columns: list[CaseHeading]) -> Iterator[str]:
        for row in self._body.index:
            said = [(h.label, self._body.at[row, h.at]) for h in columns if h.column != "land_type"]
            yield "，".join(f"{label} {text}" for label, text in said if text)


def label_codes(rulebook: Rulebook, domain: str) -> dict[str, str]:
    """Return what people may write for the codes of a list.

    Parameters
    ----------
    rulebook, domain
        The rules, and a code list; of land types the filed codes count too.

    Returns
    -------
    dict
        Chinese and English labels and the codes themselves, to codes.
    """
    known = rulebook.domain(domain) if domain else {}
    labels = {text: code for code, both in known.items() for text in (*both, code) if text}
    if domain == "land_type":
        types = rulebook.codes["land_types"].to_dict("records")
        labels |= {row["dxlx"]: row["code"] for row in types}
    return labels


def _result_codes(rulebook: Rulebook) -> dict[str, str]:
    """Return what may be expected, to the result codes that fit: 待定 may be leaning or not."""
    filed = rulebook.result_codes
    found: dict[str, str] = {}
    for code, labels in rulebook.domain("result_code").items():
        found |= dict.fromkeys([code, *(text.casefold() for text in labels)], code)
    for verdict, labels in rulebook.domain("verdict").items():
        fits = [filed[verdict]] + ([filed[LEANING]] if verdict == "undetermined" else [])
        found |= dict.fromkeys([verdict, *(text.casefold() for text in labels)], ";".join(fits))
    return found | {LEANING: filed[LEANING]}


def _letters(at: int) -> str:
    """Return the letters of a spreadsheet's column."""
    whole, rest = divmod(at, 26)
    return (_letters(whole - 1) if whole else "") + chr(ord("A") + rest)
