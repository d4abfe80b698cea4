"""Find out in which encoding the text of a DBF file is written."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGE_DRIVERS = {0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "BIG5", 0x78: "BIG5"}
HEADER = 32
SAMPLE = 20_000
PROBE = b"A\xb0\xa1"  # decoding nothing would not ask for the codec
TOLERATED = 0.002  # share of characters that may be broken


def dbf_encoding(shp: Path) -> str:
    """Return the encoding that fits the bytes of a shapefile's attributes.

    Parameters
    ----------
    shp
        Path of the ``.shp``; its ``.dbf`` and ``.cpg`` stand beside it.

    Returns
    -------
    str
        What ``.cpg`` or the language driver declare where the bytes agree, else UTF-8 or GB18030,
        whichever the bytes fit. A field cut in the middle of a character is allowed for.

    Raises
    ------
    InputError
        Where nothing fits: text is never read as Latin-1 on trust.
    """
    dbf = _beside(shp, ".dbf")
    if dbf is None:
        return "UTF-8"
    driver, text = _text_bytes(dbf)
    declared = _declared(shp, driver)
    candidates = [*([declared] if declared else []), "UTF-8", "GB18030"]
    if text.isascii():
        return declared or "UTF-8"
    for encoding in dict.fromkeys(candidates):
        if _undecodable(text, encoding) <= TOLERATED:
            return encoding
    raise InputError(
        _("{file}: the text is neither UTF-8 nor GBK").format(file=dbf.name),
        _("say what it is: --encoding NAME, such as --encoding big5"),
    )


def _beside(shp: Path, suffix: str) -> Path | None:
    matches = (p for p in (shp.with_suffix(suffix), shp.with_suffix(suffix.upper())) if p.exists())
    return next(matches, None)


def _declared(shp: Path, driver: int) -> str:
    cpg = _beside(shp, ".cpg")
    name = cpg.read_text(encoding="ascii", errors="replace").strip() if cpg else ""
    if name.isdigit():
        name = {"936": "GB18030", "54936": "GB18030", "65001": "UTF-8", "950": "BIG5"}.get(name, "")
    if name.upper() in {"GBK", "GB2312", "CP936"}:
        name = "GB18030"
    try:
        PROBE.decode(name or "ascii", errors="replace")
    except (LookupError, ValueError):
        name = ""
    return name or LANGUAGE_DRIVERS.get(driver, "")


def _text_bytes(dbf: Path) -> tuple[int, bytes]:
    """Return the language driver and the bytes of the text fields, one line a value."""
    if dbf.stat().st_size < HEADER:
        return 0, b""
    with dbf.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        count, driver = int.from_bytes(data[4:8], "little"), data[29]
        start, length = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
        names = bytes(data[HEADER:start])
        if length == 0 or start <= HEADER:
            return driver, b""
        count = max(min(count, (len(data) - start) // length, SAMPLE), 0)
        records = np.frombuffer(data[start : start + count * length], np.uint8)
    records = records.reshape(count, length)
    fields = [names[at : at + HEADER] for at in range(0, len(names) - HEADER + 1, HEADER)]
    texts, offset = [b"\n".join(field[:11].split(b"\0")[0] for field in fields)], 1
    for field in fields:
        width = field[16]
        column = np.ascontiguousarray(records[:, offset : offset + width])
        if field[11:12] == b"C" and column.size:
            values = np.unique(column.view(f"S{column.shape[1]}"))
            texts.append(b"\n".join(np.char.rstrip(values).tolist()))
        offset += width
    return driver, b"\n".join(texts)


def _undecodable(text: bytes, encoding: str) -> float:
    decoded = text.decode(encoding, errors="replace")
    foreign = sum(not character.isascii() for character in decoded)
    cut = decoded.count("\ufffd\n")  # a character cut by the width of its field
    return (decoded.count("\ufffd") - cut) / max(foreign, 1)
