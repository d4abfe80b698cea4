"""Read bureaus' tables as bureaus send them: titles, merged cells, unit rows, years as headings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from lowuse_gis.errors import InputError
from lowuse_gis.io.fields import lacks, match_fields, require, standard_values
from lowuse_gis.io.headings import Heading, Sheet, find_heading
from lowuse_gis.io.sparse import COLUMNS, MOST, too_sparse
from lowuse_gis.io.vector import file_hash
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PANIC = "pyo3_runtime"  # where Rust gives up it raises no ordinary exception
TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True)
class Table:
    """A table in standard columns, with ``place`` (sheet and row); ``raw`` as in the file."""

    frame: pd.DataFrame
    sha256: str
    unreadable: pd.DataFrame
    raw: pd.DataFrame


def read_table(
    path: Path, source: str, rulebook: Rulebook, mapping: Mapping[str, str] | None = None
) -> Table:
    """Read a workbook or CSV of a bureau.

    Parameters
    ----------
    path
        ``.xlsx``, ``.xls``, ``.ods`` or ``.csv`` (UTF-8 or GB18030).
    source
        What it is, by the rulebook's name.
    rulebook
        Knows headings, units and code lists.
    mapping
        Headings named by the user.

    Returns
    -------
    Table
        All sheets that have the heading, one under the other; rows of totals left out. Cells that
        are no number or date where one is due are listed as unreadable.

    Raises
    ------
    InputError
        Where the file cannot be opened or no sheet has the columns that are needed.
    """
    parts, best = [], None
    for sheet in sheets_of(path):
        heading, names = find_heading(sheet, rulebook, source, mapping or {})
        if best is None or heading.rank > best[0]:
            best = (heading.rank, names)
        if _complete(heading, rulebook, source):
            parts.append(_rows(sheet, heading, rulebook, source))
    if not parts:
        names = best[1] if best else []
        require(match_fields(names, rulebook, source, {}), names, rulebook, source, path.name)
        raise InputError(_("{path}: the table is empty").format(path=path), _("check the file"))
    raw = pd.concat(parts, ignore_index=True)
    values = standard_values(raw.drop(columns="place"), rulebook, source)
    return Table(values.assign(place=raw["place"]), file_hash(path), _unreadable(raw, values), raw)


def sheets_of(path: Path) -> Iterator[Sheet]:
    """Read the sheets of a workbook, or a CSV as one sheet without a name.

    Parameters
    ----------
    path
        ``.xlsx``, ``.xls``, ``.ods``, ``.csv`` or ``.txt`` (UTF-8 or GB18030).

    Yields
    ------
    Sheet

    Raises
    ------
    InputError
        Where the file is missing or cannot be read.
    """
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), _("check the path"))
    if path.suffix.lower() in {".csv", ".txt"}:
        yield Sheet("", _csv_cells(path))
        return
    try:
        yield from _workbook_sheets(path)
    except (CalamineError, OSError) as error:
        if "password" in str(error).lower():
            raise _protected(path) from error
        raise _no_workbook(path, str(error)) from error
    except BaseException as error:
        if type(error).__module__ != PANIC:
            raise
        raise _no_workbook(path, str(error)) from error


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    if _locked(path):
        raise _protected(path)
    if sparse := too_sparse(path):
        raise _no_workbook(path, sparse)
    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        cells = pd.DataFrame(rows, dtype=object)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            if top >= cells.shape[0] or left >= cells.shape[1]:
                continue
            value = cells.iat[top, left]
            low = top if isinstance(value, int | float) else bottom  # an amount counts once
            cells.iloc[top : low + 1, left : right + 1] = value
        yield Sheet(name, cells)


def _no_workbook(path: Path, reason: str) -> InputError:
    return InputError(
        _("{path}: cannot be read as a workbook: {reason}").format(path=path, reason=reason),
        _("open it in a spreadsheet program and save it as .xlsx"),
    )


def _locked(path: Path) -> bool:
    """Say whether a workbook is encrypted: it is an OLE file then, whatever its name."""
    with path.open("rb") as file:
        return file.read(len(OLE)) == OLE and ENCRYPTED in file.read()


def _protected(path: Path) -> InputError:
    return InputError(
        _("{path}: is protected by a password").format(path=path),
        _("open it, take the password off, and save it again"),
    )


def _csv_cells(path: Path) -> pd.DataFrame:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows = list(csv.reader(io.StringIO(text)))
        except csv.Error as error:
            raise _no_workbook(path, str(error)) from error
        width = max(map(len, rows), default=0)
        if width > COLUMNS or len(rows) * width > MOST:
            raise _no_workbook(path, _("it has too many columns"))
        columns = zip_longest(*rows, fillvalue="")
        return pd.DataFrame(list(zip(*columns, strict=True)), dtype=object)
    raise InputError(
        _("{path}: the text is neither UTF-8 nor GBK").format(path=path),
        _("save it again as UTF-8 CSV"),
    )


def _complete(heading: Heading, rulebook: Rulebook, source: str) -> bool:
    specs = rulebook.fields.get(source, {})
    missing = (lacks(heading.columns, column, spec) for column, spec in specs.items())
    return bool(heading.columns) and not any(missing)


def _rows(sheet: Sheet, heading: Heading, rulebook: Rulebook, source: str) -> pd.DataFrame:
    body = sheet.cells.iloc[heading.first :]
    texts = np.stack([_texts(body[column]) for column in body], axis=1)
    filled = texts != ""
    lead = pd.Series(texts[np.arange(len(texts)), filled.argmax(axis=1)], index=body.index)
    total = lead.astype("str").str.replace(" ", "").isin(TOTALS)
    body = body[filled.any(axis=1) & ~total]
    place = [f"{sheet.name}!{at + 1}" if sheet.name else str(at + 1) for at in body.index]
    plain = {c: at for c, at in heading.columns.items() if c not in heading.years}
    specs = rulebook.fields.get(source, {})
    frame = pd.DataFrame(
        {
            c: _converted(body.iloc[:, at], at, heading, specs[c], rulebook)
            for c, at in plain.items()
        }
    ).assign(place=pd.Series(place, index=body.index, dtype="str"))
    for column, positions in heading.years.items():
        years = [
            frame.assign(
                year=float(year),
                **{column: _converted(body.iloc[:, at], at, heading, specs[column], rulebook)},
            )
            for at, year in positions.items()
        ]
        frame = pd.concat(years, ignore_index=True)
    return frame.reset_index(drop=True)


def _texts(cells: pd.Series) -> NDArray[np.object_]:
    """Write a column of cells as text, empty for empty ones."""
    return cells.where(cells.notna(), "").astype("str").str.strip().to_numpy(dtype=object)


def _converted(
    cells: pd.Series, at: int, heading: Heading, spec: Mapping[str, Any], rulebook: Rulebook
) -> pd.Series:
    """Bring a column to its standard unit; a unit that cannot become it is not applied."""
    unit = rulebook.fields["units"].get(heading.units.get(at, ""))
    if not unit or "unit" not in spec or unit["to"] != spec["unit"] or unit["factor"] == 1:
        return cells
    numbers = pd.to_numeric(
        pd.Series(_texts(cells), cells.index).str.replace(",", ""), errors="coerce"
    )
    return (numbers * unit["factor"]).astype(object).where(numbers.notna(), cells)


def _unreadable(raw: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """List cells that hold something but not what their column needs."""
    parts = []
    for column in values:
        typed = values[column]
        if typed.dtype.kind in "fM":
            text = pd.Series(_texts(raw[column]), raw.index)
            bad = typed.isna() & (text != "") & ~text.isin(["-", "—", "/", "无"])
            rows = pd.DataFrame({"place": raw.loc[bad, "place"], "value": text[bad]})
            parts.append(rows.assign(column=column))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["place", "value", "column"])
    )
