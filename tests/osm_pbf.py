"""Write the smallest OSM PBF that holds closed ways: a protobuf encoder of three functions."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def message(*fields: tuple[int, bytes | int]) -> bytes:
    parts = []
    for number, value in fields:
        if isinstance(value, int):
            parts.append(varint(number << 3) + varint(value))
        else:
            parts.append(varint(number << 3 | 2) + varint(len(value)) + value)
    return b"".join(parts)


def block(kind: bytes, data: bytes) -> bytes:
    blob = message((1, data), (2, len(data)))
    header = message((1, kind), (3, len(blob)))
    return struct.pack(">I", len(header)) + header + blob


def osm_pbf(ways: Iterable[Sequence[tuple[float, float]]], tag: tuple[str, str]) -> bytes:
    """Return a file of closed ways of (lon, lat), each with one tag."""
    table = message((1, b""), (1, tag[0].encode()), (1, tag[1].encode()))
    nodes, lines, number = [], [], 0
    for at, way in enumerate(ways, 1):
        first, deltas, last = number + 1, [], 0
        for lon, lat in way:
            number += 1
            place = [(8, zigzag(round(lat * 1e7))), (9, zigzag(round(lon * 1e7)))]
            nodes.append((1, message((1, zigzag(number)), *place)))
        for ref in [*range(first, number + 1), first]:
            deltas.append(varint(zigzag(ref - last)))
            last = ref
        fields = [(1, at), (2, varint(1)), (3, varint(2)), (8, b"".join(deltas))]
        lines.append((3, message(*fields)))
    data = message((1, table), (2, message(*nodes)), (2, message(*lines)))
    features = [(4, b"OsmSchema-V0.6")]
    return block(b"OSMHeader", message(*features)) + block(b"OSMData", data)
