"""Tell which files belong together, and which layers, tables and rasters are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio

from lowuse_gis.io import formats
from lowuse_gis.io.clean import records_of_mending
from lowuse_gis.io.gdal import UNREADABLE, described, reason
from lowuse_gis.io.layer_styles import STYLES
from lowuse_gis.io.shapefile_parts import beside, completed
from lowuse_gis.language import _
from lowuse_gis.model import Found, Notice

if TYPE_CHECKING:
    from pathlib import Path

OSM_LAYERS = ("multipolygons", "lines")


def datasets(
    files: list[tuple[Path, str]], into: Path
) -> tuple[list[Found], list[Notice], list[str]]:
    """Find the layers, tables and rasters in files.

    Parameters
    ----------
    files
        Paths with the names to show.
    into
        A folder of our own.

    Returns
    -------
    list of Found
        In the order of their names.
    list of Notice
        Of files that are broken, incomplete or empty.
    list of str
        Names of files of no known kind.
    """
    found: list[Found] = []
    notices: list[Notice] = []
    strange: list[str] = []
    lone: set[tuple[Path, str]] = set()
    for path, shown in files:
        kind = formats.suffix(path.name)
        try:
            if path.is_dir():
                found += _layers(_gdb(path, into), shown, "OpenFileGDB", notices)
            elif kind in formats.PARTS[".shp"]:
                whole = (path.parent, path.stem.casefold())
                if whole not in lone:
                    lone.add(whole)
                    found += _lone(path, shown, notices)
            elif kind in formats.TABLES:
                found += _table(path, shown, kind, notices)
            elif kind in formats.LAYERS and _readable(path, kind):
                found += _file(path, shown, kind, into, notices)
            elif kind in formats.RASTERS:
                found.append(Found(path, shown, "", "raster", formats.RASTERS[kind]))
            elif kind not in formats.BESIDE:
                strange.append(shown)
        except UNREADABLE as error:
            notices.append(Notice("1201", shown, note=reason(error)))
    return sorted(found, key=lambda item: (item.shown, item.path)), notices, strange


def _readable(path: Path, kind: str) -> bool:
    """Say whether a file is a layer at all; ``.txt`` and ``.json`` may be anything."""
    if kind == ".txt":
        return formats.is_land_txt(path)
    return kind != ".json" or formats.is_geojson(path)


def _file(path: Path, shown: str, kind: str, into: Path, notices: list[Notice]) -> list[Found]:
    driver = formats.LAYERS[kind]
    if not path.stat().st_size:
        notices.append(Notice("1201", shown, note=_("the file has no bytes")))
        return []
    if not formats.looks_like(path, kind):
        notices.append(Notice("1201", shown, note=_("the file is not what its suffix says")))
        return []
    if driver == formats.TXT:
        return [Found(path, shown, "", "layer", driver)]
    if driver == formats.PARQUET:
        if formats.geo_metadata(path):
            return _counted([_parquet(path, shown)], notices)
        notices.append(Notice("1201", shown, note=_("a Parquet file without geometry")))
        return []
    if kind == ".shp":
        path, noticed = completed(path, shown, into)
        notices += noticed
    return _layers(path, shown, driver, notices)


def _layers(path: Path, shown: str, driver: str, notices: list[Notice]) -> list[Found]:
    """List the layers of a file that GDAL opens."""
    names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if driver == "OSM":
        return [Found(path, shown, name, "layer", driver) for name in OSM_LAYERS]
    found = []
    records = records_of_mending(path, names) if driver == "GPKG" else []
    if records:
        note = _("what mending took out, and its record: {names}").format(names=", ".join(records))
        notices.append(Notice("1102", shown, note=note))
    for name in names:
        if name in records or (driver == "GPKG" and name == STYLES):
            continue
        layer = name if len(names) > 1 else ""
        try:
            info, _encoding = described(path, name, {})
        except UNREADABLE as error:
            notices.append(Notice("1201", shown, layer, reason(error)))
            continue
        count = int(info["features"])
        found.append(Found(path, shown, layer, "layer", driver, count))
    if not names:
        notices.append(Notice("1206", shown, note=_("there is no layer in it")))
    return _counted(found, notices)


def _counted(found: list[Found], notices: list[Notice]) -> list[Found]:
    notices += [Notice("1206", item.shown, item.layer) for item in found if item.count == 0]
    return found


def _gdb(folder: Path, into: Path) -> Path:
    """Return a File Geodatabase under a name that GDAL takes for one."""
    if folder.name.lower().endswith(formats.GDB):
        return folder
    link = into / f"link{sum(1 for _item in into.iterdir()) + 1}.gdb"
    link.symlink_to(folder.resolve(), target_is_directory=True)
    return link


def _lone(part: Path, shown: str, notices: list[Notice]) -> list[Found]:
    """Take a part of a shapefile whose .shp did not come."""
    parts = beside(part)
    if ".shp" in parts:
        return []
    shown = shown.rsplit("/", 1)[0] + "/" + part.stem if "/" in shown else part.stem
    note = _("missing: {parts}; the rest is read").format(parts=".shp")
    notices.append(Notice("1202", shown + ".shp", note=note))
    if ".dbf" not in parts:
        return []
    dbf = parts[".dbf"]
    return _layers(dbf, shown + dbf.suffix, "ESRI Shapefile", notices)


def _table(path: Path, shown: str, kind: str, notices: list[Notice]) -> list[Found]:
    if not path.stat().st_size:
        notices.append(Notice("1201", shown, note=_("the file has no bytes")))
        return []
    return [Found(path, shown, "", "table", formats.TABLES[kind])]


def _parquet(path: Path, shown: str) -> Found:
    import pyarrow.parquet as pq  # noqa: PLC0415  only for this format

    rows = int(pq.read_metadata(path).num_rows)
    return Found(path, shown, "", "layer", formats.PARQUET, rows)
