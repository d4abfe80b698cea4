"""Add very many rows to a workbook that XlsxWriter wrote, a column at a time.

XlsxWriter writes cell by cell, which for half a million rows takes longer than all the rest of a
run. It writes the workbook with its heading, styles and first rows; the other rows are put behind
them here, in the same form (ECMA-376, part 1, 18.3.1.73). Texts of a column that repeats them are
shared, as XlsxWriter shares all; others stand in their cells.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO, TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

from lowuse_gis.core.in_arrow import texts_of
from lowuse_gis.io.shared_texts import FORMULA, SHARED, SharedTexts, joined, text_elements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CHUNK = 20_000  # rows written at once, so that memory stays bounded
REPEATED = 4  # times that a column tells each of its texts, on average, if they are shared
NUMBERS = "fiu"  # kinds of columns
END = b"</sheetData>"
STYLED = re.compile(rb'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"')
REACH = re.compile(rb'<dimension ref="A1:[A-Z]+\d+"/>')
LEVEL = 2  # of compression: half a gigabyte of rows is mostly the same few words


def add_rows(path: Path, sheets: Mapping[int, tuple[pd.DataFrame, int]]) -> None:
    """Add rows to sheets of a workbook.

    Parameters
    ----------
    path
        A workbook of XlsxWriter; replaced by the longer one.
    sheets
        Number of the sheet, from 1, to its further rows (texts, or numbers that may be missing)
        and the number of the first of them, from 1.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    longer = path.with_name(path.name + ".rows")
    wanted = {f"xl/worksheets/sheet{number}.xml": rows for number, rows in sheets.items()}
    try:
        _lengthen(path, longer, wanted)
        shutil.move(longer, path)
    finally:
        longer.unlink(missing_ok=True)


def _lengthen(path: Path, longer: Path, wanted: Mapping[str, tuple[pd.DataFrame, int]]) -> None:
    """Copy a workbook, with further rows in some of its sheets; what they share is behind them."""
    with zipfile.ZipFile(path) as old, _new_archive(longer) as new:
        shared = SharedTexts(old.read(SHARED))
        for entry in old.infolist():
            entry.compress_type = zipfile.ZIP_DEFLATED
            if entry.filename not in wanted:
                known = entry.filename == SHARED
                new.writestr(entry, shared.written() if known else old.read(entry))
                continue
            frame, first = wanted[entry.filename]
            before, after = _parted(old.read(entry), frame, first)
            columns = _columns(frame, _styles(before, len(frame.columns)), shared)
            with new.open(entry.filename, "w", force_zip64=True) as file:
                _write(file, chain([before], _pieces(columns, first, len(frame)), [after]))


def _write(file: IO[bytes], pieces: Iterable[bytes | memoryview]) -> None:
    """Compress pieces on a thread of their own, each while the next is made."""
    with ThreadPoolExecutor(1) as desk:
        written = desk.submit(int)
        for piece in pieces:
            written.result()
            written = desk.submit(file.write, piece)
        written.result()


def _new_archive(path: Path) -> zipfile.ZipFile:
    """Open an archive to write to by name: an entry of another one brings its own level."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)


def harmless_texts(values: pd.Series) -> pd.Series:
    """Make a column of texts harmless, as `lowuse_gis.io.workbook.harmless` does one.

    Parameters
    ----------
    values
        Texts.

    Returns
    -------
    Series of str
        Empty where one is missing.
    """
    texts = values.astype("str").fillna("")
    return texts.where(~texts.str.startswith(FORMULA), "'" + texts)


def _parted(xml: bytes, frame: pd.DataFrame, first: int) -> tuple[bytes, bytes]:
    """Cut the sheet where its rows end, and let it say how far it will reach."""
    corner = f"{xl_col_to_name(len(frame.columns) - 1)}{first + len(frame) - 1}".encode()
    xml = REACH.sub(b'<dimension ref="A1:' + corner + b'"/>', xml, count=1)
    before, after = xml.split(END, 1)
    return before, END + after


def _styles(xml: bytes, count: int) -> list[str]:
    """Return the style of each column."""
    styles = ["0"] * count
    for low, high, style in STYLED.findall(xml):
        for at in range(int(low) - 1, min(int(high), count)):
            styles[at] = style.decode()
    return styles


@dataclass(frozen=True)
class _Column:
    """The cells of one column.

    Attributes
    ----------
    letter, style
        Its name, and the number of the style of its cells.
    told
        Numbers or texts.
    ends
        The cells from behind the number of their row on, if they repeat; null for no cell.
    """

    letter: str
    style: str
    told: pd.Series
    ends: pa.DictionaryArray | None = None

    def cells(
        self, start: int, end: int, number: pa.LargeStringArray
    ) -> list[str | pa.LargeStringArray]:
        """Return the cells of some rows, in parts to be joined."""
        ends = self._ends(start, end)
        if ends.null_count == len(ends):
            return []
        parts = [f'<c r="{self.letter}', number, ends]
        return [joined(*parts, empty=False)] if ends.null_count else parts

    def _ends(self, start: int, end: int) -> pa.LargeStringArray:
        if self.ends is not None:
            part = self.ends[start:end]
            return part.dictionary.take(part.indices)
        values = self.told.iloc[start:end]
        if self.told.dtype.kind in NUMBERS:
            text = pa.array(values, from_pandas=True).cast(pa.large_string())
            return joined(f'" s="{self.style}"><v>', text, "</v></c>", empty=False)
        texts = texts_of(values.astype("str"))
        return text_elements(texts, f'" s="{self.style}" t="inlineStr"><is>', "</is></c>")


def _columns(frame: pd.DataFrame, styles: list[str], shared: SharedTexts) -> list[_Column]:
    columns = []
    for at, style in enumerate(styles):
        column = _Column(xl_col_to_name(at), style, frame.iloc[:, at])
        columns.append(column if column.told.dtype.kind in NUMBERS else _sharing(column, shared))
    return columns


def _sharing(column: _Column, shared: SharedTexts) -> _Column:
    """Share the texts of a column if it repeats them."""
    texts = _distinct(column.told)
    if len(texts.dictionary) * REPEATED > len(texts):
        return column
    numbers = shared.add(texts.dictionary, texts.indices)
    ends = joined(f'" s="{column.style}" t="s"><v>', numbers, "</v></c>", empty=False)
    return replace(column, ends=pa.DictionaryArray.from_arrays(texts.indices, ends))


def _distinct(values: pd.Series) -> pa.DictionaryArray:
    """Return the texts of a column, each once, in the order they come in."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return texts_of(values.astype("str")).dictionary_encode()
    order = pa.array(values.cat.codes.to_numpy(), mask=values.isna().to_numpy()).dictionary_encode()
    texts = texts_of(values.cat.categories.to_series().astype("str"))
    return pa.DictionaryArray.from_arrays(order.indices, texts.take(order.dictionary))


def _pieces(columns: list[_Column], first: int, count: int) -> Iterator[memoryview]:
    for start in range(0, count, CHUNK):
        end = min(start + CHUNK, count)
        number = pa.array(np.arange(first + start, first + end)).cast(pa.large_string())
        cells = [piece for column in columns for piece in column.cells(start, end, number)]
        rows = joined('<row r="', number, '">', *cells, "</row>")
        yield memoryview(rows.buffers()[2])
