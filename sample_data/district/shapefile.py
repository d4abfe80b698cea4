"""Shapefiles written byte by byte, so that they may be as odd as those that are sent in.

GDAL winds rings, widens fields and adds a ``.cpg``; this writes what it is told.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NULL, POLYGON = 0, 5
HEADER, FILE_CODE, VERSION = 100, 9994, 1000
UPDATED = (124, 3, 31)  # 2024-03-31, always
GBK_DRIVER, NO_DRIVER = 0x4D, 0
EASTINGS = {4527: (117, 39_500_000), 4548: (117, 500_000), 4526: (114, 38_500_000)}
DATUM = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)


def plane_prj(epsg: int) -> str:
    """Return the ESRI text of a three-degree system, such as 4527.

    Parameters
    ----------
    epsg
        4526, 4527 or 4548.
    """
    meridian, easting = EASTINGS[epsg]
    name = f"Zone_{easting // 1_000_000}" if easting > 1_000_000 else f"CM_{meridian}E"
    return (
        f'PROJCS["CGCS2000_3_Degree_GK_{name}",{DATUM},PROJECTION["Gauss_Kruger"],'
        f'PARAMETER["False_Easting",{easting}.0],PARAMETER["False_Northing",0.0],'
        f'PARAMETER["Central_Meridian",{meridian}.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def write_shapefile(
    path: Path,
    fields: str,
    columns: Mapping[str, Sequence[object]],
    shapes: Sequence[shapely.Geometry | None],
    *,
    encoding: str = "gbk",
    driver: int = NO_DRIVER,
    cpg: str = "",
    prj: str = "",
    wind: bool = True,
) -> Path:
    """Write one shapefile of polygons.

    Parameters
    ----------
    path
        Of the ``.shp``.
    fields
        Such as ``ZDDM C19, ZDMJ N15.2, SJNF N4.0``: name, C or N, width, decimals.
    columns
        Values by field; None is blank.
    shapes
        One geometry a record, None for a record without.
    encoding
        Of names and text.
    driver
        Language driver byte of the DBF; 0 says nothing.
    cpg, prj
        What these files say; none is written where empty.
    wind
        Wind shells clockwise and holes the other way, as the format asks; else rings stay.
    """
    _write_dbf(path.with_suffix(".dbf"), fields, columns, len(shapes), encoding, driver)
    _write_shapes(path, [_rings(shape, wind=wind) for shape in shapes])
    for suffix, text in ((".cpg", cpg), (".prj", prj)):
        if text:
            path.with_suffix(suffix).write_bytes(text.encode("ascii"))
    return path


def _rings(shape: shapely.Geometry | None, *, wind: bool) -> list[np.ndarray]:
    if shape is None or shape.is_empty:
        return []
    wound = shapely.orient_polygons(shape, exterior_cw=True) if wind else shape
    parts = shapely.get_parts(wound)
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)]


def _write_shapes(path: Path, records: Sequence[list[np.ndarray]]) -> None:
    body, index, at = [], [], HEADER // 2
    every = [xy for rings in records for xy in rings]
    everything = np.concatenate(every) if every else np.zeros((1, 2))
    box = (*everything.min(axis=0), *everything.max(axis=0))
    for number, rings in enumerate(records, start=1):
        content = _content(rings)
        index.append(struct.pack(">2i", at, len(content) // 2))
        body.append(struct.pack(">2i", number, len(content) // 2) + content)
        at += (len(content) + 8) // 2
    for suffix, parts in ((".shp", body), (".shx", index)):
        data = b"".join(parts)
        size = (HEADER + len(data)) // 2
        head = struct.pack(">7i", FILE_CODE, 0, 0, 0, 0, 0, size)
        head += struct.pack("<2i8d", VERSION, POLYGON, *box, 0, 0, 0, 0)
        path.with_suffix(suffix).write_bytes(head + data)


def _content(rings: list[np.ndarray]) -> bytes:
    if not rings:
        return struct.pack("<i", NULL)
    points = np.concatenate(rings)
    starts = np.cumsum([0, *(len(ring) for ring in rings[:-1])]).astype("<i4")
    head = struct.pack("<i4d", POLYGON, *points.min(axis=0), *points.max(axis=0))
    counts = struct.pack("<2i", len(rings), len(points))
    return head + counts + starts.tobytes() + points.astype("<f8").tobytes()


def _write_dbf(
    path: Path,
    fields: str,
    columns: Mapping[str, Sequence[object]],
    count: int,
    encoding: str,
    driver: int,
) -> None:
    specs = [part.split() for part in fields.split(",")]
    described, cells, length = [], [], 1
    for name, form in specs:
        width, _, decimals = form[1:].partition(".")
        size, places = int(width), int(decimals or 0)
        raw = name.encode(encoding)[:10]
        described.append(raw.ljust(11, b"\0") + form[0].encode() + bytes(4) + bytes([size, places]))
        described[-1] += bytes(14)
        cells.append([_cell(v, form[0], size, places, encoding) for v in columns[name]])
        length += size
    start = 32 + 32 * len(specs) + 1
    head = struct.pack("<4BIHH", 3, *UPDATED, count, start, length) + bytes(17)
    head += bytes([driver]) + bytes(2)
    records = (b" " + b"".join(row) for row in zip(*cells, strict=True))
    path.write_bytes(head + b"".join(described) + b"\r" + b"".join(records) + b"\x1a")


def _cell(value: object, kind: str, width: int, places: int, encoding: str) -> bytes:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return b" " * width
    if kind == "N" and not isinstance(value, str):
        return f"{value:.{places}f}".encode("ascii").rjust(width)[-width:]
    data = value if isinstance(value, bytes) else str(value).encode(encoding)
    return data[:width].ljust(width)
