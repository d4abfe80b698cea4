"""Tell what a file is: by its name, and by its first bytes where these can tell."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lowuse_gis.language import _

if TYPE_CHECKING:
    from pathlib import Path

TXT = "coordinate TXT"
PARQUET = "Parquet"
ZIP, SQLITE, OLE = b"PK", b"SQLite format 3\0", bytes.fromhex("d0cf11e0a1b11ae1")
ARCHIVES = {".zip", ".kmz", ".shz"}
LAYERS = {
    ".shp": "ESRI Shapefile",
    ".gpkg": "GPKG",
    ".fgb": "FlatGeobuf",
    ".tab": "MapInfo File",
    ".mif": "MapInfo File",
    ".dxf": "DXF",
    ".kml": "LIBKML",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".parquet": PARQUET,
    ".geoparquet": PARQUET,
    ".pbf": "OSM",
    ".txt": TXT,
}
RASTERS = {".tif": "GeoTIFF", ".tiff": "GeoTIFF"}
TABLES = {".xlsx": "xlsx", ".xls": "xls", ".csv": "csv", ".ods": "ods"}
PARTS = {  # files that belong to another
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".cst", ".shp.xml", ".qmd"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
    ".gpkg": (".gpkg-wal", ".gpkg-shm", ".gpkg-journal"),
}
BESIDE = {part for parts in PARTS.values() for part in parts}
BESIDE |= {".aux", ".xml", ".qml", ".sld", ".lyr", ".lyrx", ".avl", ".fbn", ".fbx", ".ain", ".aih"}
BESIDE |= {".atx", ".ixs", ".mxs", ".qpj", ".lock", ".ovr", ".tfw", ".rrd"}
USEFUL = {*ARCHIVES, *LAYERS, *TABLES, *BESIDE}
GDB = ".gdb"
GDB_MARK = "a00000001.gdbtable"
HEAD = 4096
SIGNATURES = {
    ".gpkg": SQLITE,
    ".fgb": b"fgb",
    ".parquet": b"PAR1",
    ".geoparquet": b"PAR1",
    ".xls": OLE,
    ".ods": ZIP,
    ".shp": b"\x00\x00\x27\x0a",
}
TEXT_MARKS = {
    ".tab": re.compile(rb"!table", re.IGNORECASE),
    ".mif": re.compile(rb"^\s*version", re.IGNORECASE),
    ".kml": re.compile(rb"<(\w+:)?kml\b"),
    ".geojson": re.compile(rb"^\s*\{"),
    ".json": re.compile(rb"^\s*\{"),
    ".dxf": re.compile(rb"^\s*(999|0)\s*[\r\n]|^AutoCAD Binary DXF"),
    ".pbf": re.compile(rb"^\x00\x00.{2}.{0,8}OSMHeader", re.DOTALL),
}
BOM = b"\xef\xbb\xbf"
UTF16 = {b"\xff\xfe", b"\xfe\xff"}
LAND_TXT = re.compile(
    r"\[(地块坐标|属性描述)\]|^[ \t]*J?\d+[ \t]*[,，][ \t]*\d*[ \t]*[,，][ \t]*\d+\.\d+[ \t]*[,，]",
    re.MULTILINE,
)
GEOJSON = re.compile(rb'"(FeatureCollection|Feature|coordinates|geometries)"')


def suffix(name: str) -> str:
    """Return the suffix that tells the kind of a file.

    Parameters
    ----------
    name
        Its name.

    Returns
    -------
    str
        In lower case, with ``.shp.xml`` and the like as one.

    Examples
    --------
    >>> suffix("A.SHP"), suffix("a.shp.xml"), suffix("a.v2.dbf")
    ('.shp', '.shp.xml', '.dbf')
    """
    lower = name.rsplit("/", 1)[-1].lower()
    if lower.endswith(".shp.xml"):
        return ".shp.xml"
    stem, dot, last = lower.rpartition(".")
    return f".{last}" if dot and stem else ""


def useful(name: str) -> bool:
    """Say by its name whether a file in an archive is worth unpacking.

    Parameters
    ----------
    name
        Its path in the archive.

    Returns
    -------
    bool

    Examples
    --------
    >>> useful("a/b.gdb/a00000001.gdbtable"), useful("a/photo.jpg"), useful("__MACOSX/._a.shp")
    (True, False, False)
    """
    folders = name.lower().split("/")[:-1]
    if hidden(name):
        return False
    inside = any(folder.endswith(GDB) for folder in folders)
    return inside or suffix(name) in USEFUL or suffix(name).startswith((".gdb", ".atx"))


def hidden(name: str) -> bool:
    """Say whether a file is one that systems leave behind, of no interest to anybody.

    Parameters
    ----------
    name
        Its path.

    Returns
    -------
    bool

    Examples
    --------
    >>> hidden("__MACOSX/._a.shp"), hidden("a/.DS_Store"), hidden("a/~$b.xlsx"), hidden("a.shp")
    (True, True, True, False)
    """
    parts = name.split("/")
    return (
        "__MACOSX" in parts
        or any(part.startswith(("._", "~$")) for part in parts)
        or parts[-1].lower() in {".ds_store", "thumbs.db", "desktop.ini"}
    )


def advice(kind: str) -> str:
    """Return what to do about a kind of file that is not read; empty for nothing.

    Parameters
    ----------
    kind
        Suffix.

    Returns
    -------
    str
    """
    return {
        ".rar": _("unpack it, or pack it again as .zip"),
        ".7z": _("unpack it, or pack it again as .zip"),
        ".tar": _("unpack it, or pack it again as .zip"),
        ".gz": _("unpack it, or pack it again as .zip"),
        ".tgz": _("unpack it, or pack it again as .zip"),
        ".mdb": _("export it as File Geodatabase or shapefile"),
        ".dwg": _("save it as .dxf"),
        ".vct": _("convert it to shapefile or GeoPackage"),
        ".dgn": _("save it as .dxf"),
    }.get(kind, "")


def packed(path: Path) -> str:
    """Say which kind of archive a file is by its bytes.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        ``zip``, ``rar``, ``7z``, or empty for none of them.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        return "zip"
    return "rar" if head[:4] == b"Rar!" else "7z" if head[:6] == b"7z\xbc\xaf\x27\x1c" else ""


def looks_like(path: Path, kind: str) -> bool:
    """Say whether the first bytes of a file are those of what its name says.

    Parameters
    ----------
    path
        The file.
    kind
        Suffix.

    Returns
    -------
    bool
        False stops GDAL from taking it for something else, such as a list of other files to open.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if kind in SIGNATURES:
        return head.startswith(SIGNATURES[kind])
    if kind == ".xlsx":
        return head.startswith((ZIP, OLE))  # OLE: protected by a password
    if kind in TEXT_MARKS:
        plain = head.removeprefix(BOM)
        return bool(TEXT_MARKS[kind].search(plain)) and b"<OGRVRT" not in plain
    return True


def is_geojson(path: Path) -> bool:
    """Say whether a ``.json`` is GeoJSON, not some other JSON.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
    """
    with path.open("rb") as file:
        return bool(GEOJSON.search(file.read(1 << 16)))


def is_land_txt(path: Path) -> bool:
    """Say whether a text file holds plots by their boundary points.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return any(
        LAND_TXT.search(head.decode(encoding, "ignore"))
        for encoding in ("utf-8", "gb18030", *(["utf-16"] if head[:2] in UTF16 else []))
    )


def geo_metadata(path: Path) -> dict[str, Any]:
    """Return what a GeoParquet file says of its geometry.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        Empty where it is Parquet without geometry.

    Raises
    ------
    OSError, ValueError
        Where it cannot be read.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  only for this format

    metadata = pq.read_schema(path).metadata or {}
    geo = json.loads(metadata.get(b"geo", b"{}"))
    known = isinstance(geo, dict) and geo.get("primary_column") in geo.get("columns", {})
    return geo if known else {}
