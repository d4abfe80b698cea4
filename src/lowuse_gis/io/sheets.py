"""Open the sheets of workbooks and CSV files as grids of cells."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import TYPE_CHECKING

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from lowuse_gis.errors import InputError
from lowuse_gis.io.headings import Sheet
from lowuse_gis.io.sparse import COLUMNS, MOST, too_sparse
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lowuse_gis.io.headings import Merged

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PANIC = "pyo3_runtime"  # where Rust gives up it raises no ordinary exception


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
    shown = {sheet.name: sheet.visible for sheet in workbook.sheets_metadata}
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        cells = pd.DataFrame(rows, dtype=object)
        merged = tuple(
            (top, left, bottom, right)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            if top < cells.shape[0] and left < cells.shape[1]
        )
        _fill(cells, merged)
        yield Sheet(name, cells, merged, shown.get(name) != SheetVisibleEnum.Visible)


def _fill(cells: pd.DataFrame, merged: tuple[Merged, ...]) -> None:
    """Write the value of merged cells into each of them, in place."""
    for top, left, bottom, right in merged:
        value = cells.iat[top, left]
        low = top if isinstance(value, int | float) else bottom  # an amount counts once
        cells.iloc[top : low + 1, left : right + 1] = value


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
        return pd.DataFrame(dict(enumerate(columns)), range(len(rows)), dtype="str")
    raise InputError(
        _("{path}: the text is neither UTF-8 nor GBK").format(path=path),
        _("save it again as UTF-8 CSV"),
    )
