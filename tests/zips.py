"""Zip archives as no honest program writes them, byte by byte."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field


@dataclass
class Line:
    """An entry; what is left out is true."""

    name: bytes
    data: bytes = b"x"
    method: int = 0
    flags: int = 0
    system: int = 3
    mode: int = 0o100644
    size: int | None = None
    packed: int | None = None
    crc: int | None = None
    offset: int | None = None
    extra: bytes = b""
    body: bytes | None = None


@dataclass
class Archive:
    """An archive of such entries."""

    lines: list[Line] = field(default_factory=list)
    before: bytes = b""
    after: bytes = b""
    comment: bytes = b""
    count: int | None = None

    def bytes(self) -> bytes:
        body, central = bytearray(self.before), bytearray()
        for line in self.lines:
            packed = line.body
            if packed is None:
                packed = deflated(line.data) if line.method == 8 else line.data
            crc = zlib.crc32(line.data) if line.crc is None else line.crc
            size = len(line.data) if line.size is None else line.size
            said = len(packed) if line.packed is None else line.packed
            offset = len(body) - len(self.before) if line.offset is None else line.offset
            common = struct.pack("<HHHHIII", line.flags, line.method, 0, 33, crc, said, size)
            lengths = struct.pack("<HH", len(line.name), len(line.extra))
            body += b"PK\x03\x04" + struct.pack("<H", 20) + common + lengths
            body += line.name + line.extra + packed
            central += b"PK\x01\x02" + struct.pack("<BBH", 20, line.system, 20) + common + lengths
            central += struct.pack("<HHHII", 0, 0, 0, line.mode << 16, offset)
            central += line.name + line.extra
        count = len(self.lines) if self.count is None else self.count
        start = len(body) - len(self.before)
        end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), start, len(self.comment))
        return bytes(body + central) + b"PK\x05\x06" + end + self.comment + self.after


def deflated(data: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return machine.compress(data) + machine.flush()
