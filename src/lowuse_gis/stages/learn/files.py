"""Learn the files of a delivery: names as patterns, formats, encodings, parts of shapefiles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.learning.patterns import pattern_of
from lowuse_gis.core.learning.sheets import heading_of
from lowuse_gis.io.package.names import HASHES, MANIFEST
from lowuse_gis.io.package.reading import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model.filing import ReadLayer, ReadPackage

GBK, GBK_PAGE = "GBK", "77"
NOT_MADE = ("rules", "quality", "metadata", "map", "seal")  # taken from a manifest as they are


def encoding_of(package: ReadPackage) -> dict[str, str]:
    """Take the encoding that most shapefiles are in.

    Parameters
    ----------
    package
        As read.

    Returns
    -------
    dict
        ``encoding``; GBK where there is none.
    """
    found = Counter(_text_of(layer)[0] for layer in package.layers if layer.encoding)
    return {"encoding": found.most_common(1)[0][0] if found else GBK}


def _text_of(layer: ReadLayer) -> tuple[str, str, str]:
    """Return the encoding of a shapefile, what its .cpg says, and the byte of its code page."""
    said, byte, is_now = layer.encoding.split("|")
    gbk = is_now == "GB18030" and said in {GBK, "CP936", "936", ""}
    return (GBK if gbk else is_now or said), said, byte


def learnt_files(
    package: ReadPackage, names: Mapping[str, str], profile: Mapping[str, Any], papers: set[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """List the files, and the workbooks whose sheets are to be learnt.

    Parameters
    ----------
    package
        As read.
    names
        What names of files may stand for.
    profile
        Its encoding.
    papers
        Folders of scans, whose files are not listed.

    Returns
    -------
    files : list
        Entries of a profile.
    books : list
        Paths of workbooks.
    """
    listed = package.manifest.get("files", ()) if package.manifest else ()
    told = {e.get("file"): e.get("format") for e in listed if isinstance(e, dict)}
    layers: dict[str, list[ReadLayer]] = {}
    for layer in package.layers:
        layers.setdefault(layer.file, []).append(layer)
    own = {path: one[0] for path, one in layers.items() if one[0].form == "shp"}
    shapes = {p: _shapefile(p, one, package.files, profile) for p, one in own.items()}
    passed = {MANIFEST, HASHES}.union(*(parts for _spec, parts in shapes.values()))
    files: list[dict[str, Any]] = []
    together: dict[tuple[str, str], dict[str, Any]] = {}
    books: list[str] = []
    for path in (path for path in package.files if path not in passed):
        entry: dict[str, Any] = {"path": pattern_of(path, names)}
        if path in shapes:
            folder, _slash, _name = path.rpartition("/")
            spec = {"format": "shp", **shapes[path][0]}
            known = together.get((folder, str(spec)))
            if known:
                known["layers"].append(own[path].name)
                continue
            start = f"{pattern_of(folder, names)}/" if folder else ""
            entry = {"path": f"{start}{{layer}}.{path.rpartition('.')[2]}", **spec}
            entry["layers"] = [own[path].name]
            together[(folder, str(spec))] = entry
        elif path in layers:
            entry |= {"format": layers[path][0].form, "layers": [one.name for one in layers[path]]}
        elif told.get(path) in NOT_MADE:
            entry["format"] = told[path]
        elif tables := _sheet_names(package, path, len(books) + 1):
            entry |= {"format": "xlsx", "tables": tables}
            books.append(path)
        elif path.rpartition("/")[0] in papers:
            continue
        else:
            entry["format"] = "other"
        files.append(entry)
    return files, books


def _shapefile(
    path: str, layer: ReadLayer, files: Sequence[str], profile: Mapping[str, Any]
) -> tuple[dict[str, Any], set[str]]:
    """Say what is beside a shapefile and how its text is declared, where it is not as usual."""
    stem = path.rpartition(".")[0]
    there = {file for file in files if file.startswith(f"{stem}.") and file != path}
    usual = {
        part: next((f for f in there if f.lower() == stem.lower() + part), "") for part in PARTS
    }
    parts = [file.removeprefix(stem) for file in usual.values() if file]
    spec: dict[str, Any] = {} if tuple(parts) == PARTS else {"parts": parts}
    if layer.encoding:
        encoding, said, byte = _text_of(layer)
        spec |= {"encoding": encoding} if encoding != profile["encoding"] else {}
        spec |= {"declared": said} if said != encoding.upper() else {}
        spec |= {"code_page": int(byte)} if encoding == GBK and byte != GBK_PAGE else {}
    return spec, {file for file in usual.values() if file}


def table_name(number: int, at: int) -> str:
    """Name the table of a sheet.

    Parameters
    ----------
    number, at
        Of the workbook, and of the sheet in it, from 1.

    Returns
    -------
    str
    """
    return f"book{number}_sheet{at}"


def _sheet_names(package: ReadPackage, path: str, number: int) -> list[str]:
    rows = [rows for (file, _sheet), rows in package.sheets.items() if file == path]
    return [table_name(number, at) for at, one in enumerate(rows, 1) if heading_of(one)[0] >= 0]
