"""Read the list of contents of a zip archive, trusting nothing it says."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

END, END64, LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
END_SIZE, LOCATOR_SIZE, END64_SIZE, CENTRAL_SIZE, LOCAL_SIZE = 22, 20, 56, 46, 30
TAIL = 1 << 17  # where the end record is looked for: a comment of 64 KB, and as much of junk
LISTED = 64 << 20  # bytes of a list of contents that are read at most
UTF8_FLAG, ENCRYPTED_FLAGS = 0x0800, 0x2041
UNICODE_PATH, ZIP64 = 0x7075, 0x0001
FULL32, FULL16 = 0xFFFFFFFF, 0xFFFF
FOLDER, FILE, PIPE, KIND = 0o040000, 0o100000, 0o010000, 0o170000


class BrokenZipError(Exception):
    """A zip archive whose list of contents cannot be found."""


@dataclass(frozen=True)
class Entry:
    """One line of the list of contents, as written there.

    Attributes
    ----------
    name
        Decoded, with ``/`` between folders.
    flags, method
        As in the format; method 8 is deflate.
    crc, packed, size
        Checksum and sizes that are claimed.
    offset
        Where the entry's own header should stand.
    mode
        Kind of file by Unix, 0 where not said.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return self.name.endswith("/") or self.mode == FOLDER

    @property
    def link(self) -> bool:
        """Whether it is a link or a device, not a file."""
        return self.mode not in {0, FILE, FOLDER, PIPE}

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & ENCRYPTED_FLAGS) or self.method == 99  # noqa: PLR2004  AES


@dataclass(frozen=True)
class _End:
    start: int
    size: int
    shift: int  # bytes of junk before the archive


def entries(file: BinaryIO, limit: int) -> tuple[list[Entry], bool]:
    """Return the entries of an archive.

    Parameters
    ----------
    file
        The archive, open for reading.
    limit
        How many entries are read at most.

    Returns
    -------
    list of Entry
        In the order of the list.
    bool
        Whether the list is whole: not broken, not longer than the limit.

    Raises
    ------
    BrokenZipError
        Where there is no list of contents.
    """
    length = file.seek(0, 2)
    end = _end(file, length)
    file.seek(end.start)
    data = file.read(min(end.size, LISTED))
    found: list[Entry] = []
    at = 0
    while data[at : at + 4] == CENTRAL and len(data) - at >= CENTRAL_SIZE:
        if len(found) == limit:
            return found, False
        entry, at = _entry(data, at, end.shift)
        found.append(entry)
    return found, at == end.size


def _end(file: BinaryIO, length: int) -> _End:
    """Find the end record; the one that closes the file exactly stands above others."""
    start = max(0, length - TAIL)
    file.seek(start)
    tail = file.read(TAIL)
    candidates: list[tuple[bool, bool, int, _End]] = []
    for at in _backwards(tail, END):
        if len(tail) - at < END_SIZE:
            continue
        end = _located(file, tail[at : at + END_SIZE], start + at)
        if end is None:
            continue
        (comment,) = struct.unpack_from("<H", tail, at + 20)
        exact = at + END_SIZE + comment == len(tail)
        candidates.append((not exact, end.shift != 0, len(candidates), end))
        if exact and end.shift == 0:
            break
    if not candidates:
        raise BrokenZipError
    return min(candidates, key=lambda item: item[:3])[3]


def _backwards(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.rfind(mark)
    for _turn in range(256):
        if at < 0:
            return
        yield at
        at = data.rfind(mark, 0, at)


def _located(file: BinaryIO, record: bytes, at: int) -> _End | None:
    """Return where the list of an end record stands, None where it stands nowhere."""
    count, size, offset = struct.unpack_from("<HII", record, 10)
    if FULL32 in {size, offset} or count == FULL16:
        wide = _end64(file, at)
        if wide:
            count, size, offset, at = wide
    if count == 0 and size == 0:
        return _End(at, 0, 0)
    for start in (at - size, offset):
        if 0 <= start < at:
            file.seek(start)
            if file.read(4) == CENTRAL:
                return _End(start, min(size, at - start), start - offset)
    return None


def _end64(file: BinaryIO, at: int) -> tuple[int, int, int, int] | None:
    if at < LOCATOR_SIZE:
        return None
    file.seek(at - LOCATOR_SIZE)
    locator = file.read(LOCATOR_SIZE)
    if locator[:4] != LOCATOR64:
        return None
    (said,) = struct.unpack_from("<Q", locator, 8)
    for place in (said, at - LOCATOR_SIZE - END64_SIZE):
        if 0 <= place <= at - END64_SIZE:
            file.seek(place)
            record = file.read(END64_SIZE)
            if record[:4] == END64:
                count, size, offset = struct.unpack_from("<QQQ", record, 32)
                return count, size, offset, place
    return None


def _entry(data: bytes, at: int, shift: int) -> tuple[Entry, int]:
    fields = struct.unpack_from("<4x2B5H3I5H2I", data, at)
    _version, system, _needed, flags, method, _time, _date, crc, packed, size = fields[:10]
    name_length, extra_length, comment, _disk, _inner, outer, offset = fields[10:]
    first = at + CENTRAL_SIZE
    raw = data[first : first + name_length]
    extra = dict(_extras(data[first + name_length : first + name_length + extra_length]))
    wide = extra.get(ZIP64, b"")
    numbers = list(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
    size, packed, offset = (
        numbers.pop(0) if value == FULL32 and numbers else value for value in (size, packed, offset)
    )
    mode = (outer >> 16) & KIND if system == 3 else 0  # noqa: PLR2004  Unix
    name = decoded_name(raw, utf8=bool(flags & UTF8_FLAG), path=extra.get(UNICODE_PATH, b""))
    folder = "/" if system == 0 and outer & 0x10 and not name.endswith("/") else ""
    entry = Entry(name + folder, flags, method, crc, packed, size, offset + shift, mode)
    return entry, first + name_length + extra_length + comment


def _extras(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        key, length = struct.unpack_from("<HH", data, at)
        yield key, data[at + 4 : at + 4 + length]
        at += 4 + length


def decoded_name(raw: bytes, *, utf8: bool = False, path: bytes = b"") -> str:
    """Decode the name of an entry.

    The flag for UTF-8 is often missing, and sometimes wrong. Without it the name is what gives
    Chinese, UTF-8 or GBK; else UTF-8 where the bytes are, else code page 437 as the format has it.

    Parameters
    ----------
    raw
        The bytes of the name.
    utf8
        Whether the entry says that it is UTF-8.
    path
        The entry's field of a Unicode path, empty for none.

    Returns
    -------
    str

    Examples
    --------
    >>> decoded_name("宗地.shp".encode("gbk"))
    '宗地.shp'
    >>> decoded_name("宗地.shp".encode())
    '宗地.shp'
    >>> decoded_name("Ä.shp".encode("cp437"))
    'Ä.shp'
    """
    marked = [path[5:]] if len(path) > 5 else []  # noqa: PLR2004  version and checksum
    for data in [*marked, *([raw] if utf8 else [])]:
        if (name := _as(data, "utf-8")) is not None:
            return name
    if raw.isascii():
        return raw.decode("ascii").replace("\\", "/")
    plain, chinese = _as(raw, "utf-8"), _as(raw, "gb18030")
    if plain is not None and (_chinese(plain) or chinese is None or not _chinese(chinese)):
        return plain
    if chinese is not None and _chinese(chinese):
        return chinese
    return raw.decode("cp437").replace("\\", "/")


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).replace("\\", "/")
    except UnicodeDecodeError:
        return None


def _chinese(name: str) -> bool:
    """Say whether all that is not ASCII is Chinese, most of it common."""
    foreign = [sign for sign in name if not sign.isascii()]
    common = sum(len(sign.encode("gb2312", "ignore")) == 2 for sign in foreign)  # noqa: PLR2004
    ranges = (("\u3000", "\u303f"), ("\u3400", "\u9fff"), ("\uff00", "\uffef"))
    known = all(any(low <= sign <= high for low, high in ranges) for sign in foreign)
    return known and common * 2 >= len(foreign)
