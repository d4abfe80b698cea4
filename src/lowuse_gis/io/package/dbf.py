"""The header of a dbf: what it says of its fields, and numbers as wide as is asked for."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD, DESCRIPTOR, END = 32, 32, 0x0D
EMPTY = (ord(" "), ord("*"))  # a number that is missing is written as stars
LANGUAGE = 29
RECORDS = 20_000  # narrowed at a time
END_OF_FILE = b"\x1a"


def beside(shp: Path, ending: str) -> Path:
    """Return the part of a shapefile, whose ending may be in capitals.

    Parameters
    ----------
    shp, ending
        The ``.shp``, and such as ``.dbf``.

    Returns
    -------
    Path
        That of the usual ending where there is none.
    """
    usual, capital = shp.with_suffix(ending), shp.with_suffix(ending.upper())
    return capital if capital.exists() and not usual.exists() else usual


def dbf_fields(path: Path, codec: str = "GBK") -> dict[str, tuple[int, int]]:
    """Return length and decimals of the fields of a dbf.

    Parameters
    ----------
    path
        The file.
    codec
        Of the names.

    Returns
    -------
    dict
        Name to bytes and decimals.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    found: dict[str, tuple[int, int]] = {}
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = struct.unpack_from("<H", head, 8)[0] if len(head) == HEAD else 0
        body = file.read(max(size - HEAD, 0))
    for at in range(0, len(body) - DESCRIPTOR + 1, DESCRIPTOR):
        if body[at] == END:
            break
        name = body[at : at + 11].split(b"\0")[0].decode(codec, "replace")
        found[name] = (body[at + 16], body[at + 17])
    return found


def language_byte(path: Path) -> int:
    """Return the byte of a dbf that names its code page.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    int
        0x4D for cp936.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    return head[LANGUAGE] if len(head) == HEAD else 0


def finish_dbf(path: Path, lengths: Mapping[str, int], language: int) -> None:
    """Narrow the numbers of a dbf to the length that is asked for, and name its code page.

    GDAL leaves room for a sign and a point beside all digits; a receiver compares lengths.

    Parameters
    ----------
    path
        As GDAL wrote it.
    lengths
        Field to bytes; a field with a number that needs more keeps its length.
    language
        The byte that names the code page.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    narrow = path.with_suffix(".narrow")
    with path.open("rb") as file:
        head = bytearray(file.read(HEAD))
        count, size, width = struct.unpack_from("<IHH", head, 4)
        body = bytearray(file.read(size - HEAD))
        empty = np.zeros((0, width), np.uint8)
        records = np.memmap(path, np.uint8, "r", size, (count, width)) if count else empty
        keep = _kept(body, width, lengths, records)
        head[LANGUAGE] = language
        struct.pack_into("<H", head, 10, int(keep.sum()))
        with narrow.open("wb") as out:
            out.write(bytes(head) + bytes(body))
            for at in range(0, count, RECORDS):
                out.write(records[at : at + RECORDS, keep].tobytes())
            out.write(END_OF_FILE)
        del records
    narrow.replace(path)


def _kept(
    body: bytearray, width: int, lengths: Mapping[str, int], records: np.ndarray
) -> np.ndarray:
    """Choose the bytes of a record that stay, and write the new lengths into the header."""
    keep = np.ones(width, dtype=bool)
    start = 1  # the mark of a deleted record stands first
    for at in range(0, len(body) - DESCRIPTOR + 1, DESCRIPTOR):
        if body[at] == END:
            break
        name = body[at : at + 11].split(b"\0")[0].decode("gbk", "replace")
        length = body[at + 16]
        spare = length - lengths.get(name, length)
        blank = bool(np.isin(records[:, start : start + max(spare, 0)], EMPTY).all())
        if spare > 0 and blank:
            keep[start : start + spare] = False
            body[at + 16] = length - spare
        start += length
    return keep
