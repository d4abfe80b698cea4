"""Find out in which encoding the text of a DBF file is written."""

from __future__ import annotations

import codecs
import mmap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LANGUAGE_DRIVERS = {0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "BIG5", 0x78: "BIG5"}
HEADER = 32
SAMPLE = 20_000
ANYTHING = frozenset({"iso8859-1", "cp1252", "cp437", "cp850", "latin_1"})
HAN = range(0x4E00, 0xA000)
HEADING = -1
BYTES = "ISO-8859-1"  # every byte a sign: only to be decoded column by column
PROBE = b"A\xb0\xa1"  # decoding nothing would not ask for the codec
TOLERATED = 0.002  # share of characters that may be broken
BROKEN, MARKED = "\uf8ff", "lowuse-marked"  # not U+FFFD: a lost character may be well written
codecs.register_error(MARKED, lambda error: (BROKEN, error.end))  # type: ignore[attr-defined]


class IllegibleError(InputError):
    """Text whose encoding cannot be told; ``code`` is that of the check."""

    code = "1205"


@dataclass(frozen=True)
class TextEncoding:
    """How the text of a DBF file is written.

    Attributes
    ----------
    name
        The encoding of the file; `BYTES` where its columns differ.
    columns
        The encoding of each column, by number, where they differ; `HEADING` is the names of all.
    declared
        What ``.cpg`` or the language driver say; empty where they are silent.
    """

    name: str
    columns: Mapping[int, str] = field(default_factory=dict)
    declared: str = ""

    @property
    def misdeclared(self) -> bool:
        """Whether the file says otherwise than its bytes."""
        return bool(self.declared) and _same(self.declared) != _same(self.name)


def text_encoding(shp: Path) -> TextEncoding:
    """Find the encoding that fits the bytes of a shapefile's attributes.

    Parameters
    ----------
    shp
        Path of the ``.shp``; its ``.dbf`` and ``.cpg`` stand beside it.

    Returns
    -------
    TextEncoding
        What ``.cpg`` or the language driver declare where the bytes agree, else UTF-8 or GB18030,
        whichever the bytes fit; column by column where none fits all. A field cut in the middle
        of a character is allowed for.

    Raises
    ------
    IllegibleError
        Where nothing fits: text is never read as Latin-1 on trust.
    """
    dbf = _beside(shp, ".dbf")
    if dbf is None:
        return TextEncoding("UTF-8")
    driver, texts = _text_bytes(dbf)
    declared = _declared(shp, driver)
    fitting = {
        n: _fitting(text + b"\n", declared) for n, text in enumerate(texts) if not text.isascii()
    }
    whole = _fitting(b"\n".join(texts), declared)
    if not fitting:
        return TextEncoding(declared or "UTF-8")
    if not whole and not all(fitting.values()):
        raise IllegibleError(
            _("{file}: the text is neither UTF-8 nor GBK").format(file=dbf.name),
            _("say what it is: --encoding NAME, such as --encoding big5"),
        )
    if len(set(fitting.values()) - {""}) > 1:
        columns = {number + HEADING: name or whole for number, name in fitting.items()}
        return TextEncoding(BYTES, columns, declared)
    return TextEncoding(next(filter(None, fitting.values()), whole), declared=declared)


def _fitting(text: bytes, declared: str) -> str:
    """Return the encoding that text fits; empty for none.

    Chinese that is valid UTF-8 is UTF-8, whatever is declared: GBK hardly ever is by chance. What
    fits all bytes, as Latin-1 does, proves nothing and is not believed.
    """
    if _undecodable(text, "UTF-8") <= TOLERATED and _chinese(text):
        return "UTF-8"
    told = [declared] if declared and _same(declared) not in ANYTHING else []
    names = dict.fromkeys([*told, "UTF-8", "GB18030"])
    return next((name for name in names if _undecodable(text, name) <= TOLERATED), "")


def _chinese(text: bytes) -> bool:
    return any(sign in HAN for sign in map(ord, text.decode("UTF-8", errors="ignore")))


def named(names: Sequence[str], encoding: TextEncoding) -> list[str]:
    """Decode the names of fields where the file was read byte by byte.

    Parameters
    ----------
    names
        As read in `BYTES`, or as they should be where columns do not differ.
    encoding
        Says how the heading is written.

    Returns
    -------
    list of str
    """
    if not encoding.columns:
        return list(names)
    codec = encoding.columns.get(HEADING, "UTF-8")
    return [name.encode(BYTES, errors="ignore").decode(codec, errors="ignore") for name in names]


def redecoded(frame: pd.DataFrame, names: Sequence[str], encoding: TextEncoding) -> pd.DataFrame:
    """Decode the columns of a file that was read byte by byte.

    Parameters
    ----------
    frame
        As read in `BYTES`.
    names
        Its fields, in the order of the file.
    encoding
        Says how each column is written.

    Returns
    -------
    DataFrame
        Every text as it was meant; a sign cut off by the width of its field is left out.
    """
    made = frame.copy()
    for number, name in enumerate(names):
        if name in made and made[name].dtype.kind in "OT":
            values, codec = made[name], encoding.columns.get(number, "UTF-8")
            at, uniques = pd.factorize(values)
            texts = [
                text.encode(BYTES).decode(codec, errors="ignore") if isinstance(text, str) else text
                for text in uniques
            ]
            mapped = pd.Series(texts, dtype=object).reindex(at).to_numpy()
            made[name] = pd.Series(mapped, made.index, dtype=object)
    return made


def _same(name: str) -> str:
    """Return what a codec is called, whatever it is written like."""
    return codecs.lookup(name).name


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


def _text_bytes(dbf: Path) -> tuple[int, list[bytes]]:
    """Return the language driver, the names of the fields, and each field's values by lines."""
    if dbf.stat().st_size < HEADER:
        return 0, [b""]
    with dbf.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        count, driver = int.from_bytes(data[4:8], "little"), data[29]
        start, length = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
        names = bytes(data[HEADER:start])
        if length == 0 or start <= HEADER:
            return driver, [b""]
        count = max(min(count, (len(data) - start) // length, SAMPLE), 0)
        records = np.frombuffer(data[start : start + count * length], np.uint8)
    records = records.reshape(count, length)
    fields = [names[at : at + HEADER] for at in range(0, len(names) - HEADER + 1, HEADER)]
    texts, offset = [b"\n".join(line[:11].split(b"\0")[0] for line in fields)], 1
    for line in fields:
        width = line[16]
        column = np.ascontiguousarray(records[:, offset : offset + width])
        if line[11:12] == b"C" and column.size:
            values = np.unique(column.view(f"S{column.shape[1]}"))
            texts.append(b"\n".join(np.char.rstrip(values).tolist()))
        else:
            texts.append(b"")
        offset += width
    return driver, texts


def _undecodable(text: bytes, encoding: str) -> float:
    decoded = text.decode(encoding, errors=MARKED)
    foreign = len(decoded) - len(decoded.encode("ascii", errors="ignore"))
    cut = decoded.count(BROKEN + "\n")  # a character cut by the width of its field
    return (decoded.count(BROKEN) - cut) / max(foreign, 1)
