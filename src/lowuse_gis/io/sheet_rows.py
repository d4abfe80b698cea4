"""Add very many rows to a workbook that XlsxWriter wrote, a column at a time.

XlsxWriter writes cell by cell, which for half a million rows takes longer than all the rest of a
run. It writes the workbook with its heading, styles and first rows; the other rows are put behind
them here, in the same form (ECMA-376, part 1, 18.3.1.73), with texts in the cells themselves.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import IO, TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from lowuse_gis.core.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet runs begins so
RUN = rf"\A([{re.escape(''.join(FORMULA))}])"
CHUNK = 20_000  # rows written at once, so that memory stays bounded
LONGEST = 32_767  # characters a cell holds
END = b"</sheetData>"
STYLED = re.compile(rb'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"')
REACH = re.compile(rb'<dimension ref="A1:[A-Z]+\d+"/>')
UNWRITABLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F]"
LIKE_ESCAPED = r"(_x[0-9A-Fa-f]{4}_)"
AT_AN_END = r"^\s|\s$"  # there a reader leaves out space unless it is told to keep it
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
    """Copy a workbook, with further rows in some of its sheets."""
    with zipfile.ZipFile(path) as old, _new_archive(longer) as new:
        for entry in old.infolist():
            entry.compress_type = zipfile.ZIP_DEFLATED
            if entry.filename not in wanted:
                new.writestr(entry, old.read(entry))
                continue
            frame, first = wanted[entry.filename]
            before, after = _parted(old.read(entry), frame, first)
            styles = _styles(before, len(frame.columns))
            with new.open(entry.filename, "w", force_zip64=True) as file:
                _write(file, chain([before], _pieces(frame, styles, first), [after]))


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


def _pieces(frame: pd.DataFrame, styles: list[str], first: int) -> Iterator[memoryview]:
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        number = pa.array(range(first + start, first + start + len(part))).cast(pa.large_string())
        cells = [
            piece
            for at, style in enumerate(styles)
            for piece in _cells(part.iloc[:, at], xl_col_to_name(at), style, number)
        ]
        rows = _joined('<row r="', number, '">', *cells, "</row>")
        yield memoryview(rows.buffers()[2])


def _joined(*parts: str | pa.LargeStringArray, empty: bool = True) -> pa.LargeStringArray:
    """Put texts together row by row; a missing part is empty, or makes the whole so."""
    large = [pa.scalar(p, pa.large_string()) if isinstance(p, str) else p for p in parts]
    missing = "replace" if empty else "emit_null"
    end = pa.scalar("", pa.large_string())
    return pc.binary_join_element_wise(*large, end, null_handling=missing)


def _cells(
    values: pd.Series, letter: str, style: str, number: pa.LargeStringArray
) -> list[str | pa.LargeStringArray]:
    """Write the cells of one column, in parts to be joined; an empty cell is none."""
    if values.dtype.kind in "fiu":
        text = pa.array(values, from_pandas=True).cast(pa.large_string())
        parts = [f'<c r="{letter}', number, f'" s="{style}"><v>', text, "</v></c>"]
    else:
        text = _written(_distinct(values), style)
        parts = [f'<c r="{letter}', number, text]
    if text.null_count == len(text):
        return []
    return [_joined(*parts, empty=False)] if text.null_count else parts


def _distinct(values: pd.Series) -> pa.DictionaryArray:
    """Return the texts of a column, each once."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return texts_of(values.astype("str")).dictionary_encode()
    codes = values.cat.codes.to_numpy()
    texts = texts_of(values.cat.categories.to_series().astype("str"))
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), texts)


def _written(encoded: pa.DictionaryArray, style: str) -> pa.LargeStringArray:
    """Write each distinct text once, from the style of its cell on; null where it is empty."""
    text = pc.replace_substring_regex(encoded.dictionary, RUN, r"'\1")
    text = pc.utf8_slice_codeunits(text, 0, LONGEST)
    text = pc.replace_substring_regex(text, LIKE_ESCAPED, r"_x005F\1")
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = pc.replace_substring(text, sign, name)
    if pc.any(pc.match_substring_regex(text, UNWRITABLE)).as_py():
        plain = [re.sub(UNWRITABLE, lambda m: f"_x{ord(m[0]):04X}_", t) for t in text.to_pylist()]
        text = pa.array(plain, pa.large_string())
    spaced = pc.match_substring_regex(text, AT_AN_END)
    begin = pc.if_else(spaced, '<t xml:space="preserve">', "<t>").cast(pa.large_string())
    cell = _joined(f'" s="{style}" t="inlineStr"><is>', begin, text, "</t></is></c>")
    cell = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), cell)
    return cell.take(encoded.indices)
