"""Read a package, anybody's: files, layers, sheets, manifest; nothing is refused for its faults."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyogrio
from python_calamine import CalamineWorkbook

from lowuse_gis.errors import InputError
from lowuse_gis.io.archives import Limits, unpack
from lowuse_gis.io.encoding import TextEncoding, text_encoding
from lowuse_gis.io.package.dbf import beside, dbf_fields, language_byte
from lowuse_gis.io.package.manifest import plain_hash
from lowuse_gis.io.package.names import HASHES, MANIFEST
from lowuse_gis.language import _
from lowuse_gis.model.filing import DATE, NUMBER, TEXT, WHOLE, ReadLayer, ReadPackage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VECTORS = {".gdb": "gdb", ".gpkg": "gpkg", ".shp": "shp"}
BOOKS = (".xlsx", ".xls", ".xlsm", ".et")
PARTS = (".shx", ".dbf", ".prj", ".cpg")
CORE = "docProps/core.xml"  # of a workbook
LARGEST_TEXT = 64 << 20  # bytes of a manifest, a seal, an XML
OGR = {
    "OFTString": TEXT, "OFTReal": NUMBER, "OFTInteger": WHOLE, "OFTInteger64": WHOLE,
    "OFTDate": DATE, "OFTDateTime": DATE,
}  # fmt: skip


def opened_package(path: Path, into: Path) -> tuple[Path, list[tuple[str, str, str]]]:
    """Return the folder of a package; an archive is unpacked within limits first.

    Parameters
    ----------
    path
        Folder or zip archive.
    into
        An empty folder of our own.

    Returns
    -------
    folder : Path
    refused : list
        Path, code and reason of entries of the archive that were refused.

    Raises
    ------
    InputError
        Where it is neither.
    """
    if path.is_dir():
        return path, []
    if not path.is_file() or path.suffix.lower() != ".zip":
        raise InputError(
            _("{path}: no package").format(path=path), _("give a folder or a zip archive")
        )
    unpacked = unpack(path, into, path.name, Limits(), lambda _name: True)
    refused = [(path.name, "1157", notice.note) for notice in unpacked.notices]
    inside = [child for child in into.iterdir() if not child.name.startswith("__MACOSX")]
    if len(inside) == 1 and inside[0].is_dir() and inside[0].suffix.lower() != ".gdb":
        return inside[0], refused
    return into, refused


def read_package(
    folder: Path, name: str, refused: Sequence[tuple[str, str, str]] = ()
) -> ReadPackage:
    """Read all that is in a package.

    Parameters
    ----------
    folder, name
        Where it is, and what it is called.
    refused
        What was refused on unpacking.

    Returns
    -------
    ReadPackage
    """
    files, links = _listed(folder)
    wanted = [file for file in files if file not in links]
    with ThreadPoolExecutor(2) as pool:
        hashes = pool.submit(_hashes, folder, set(links))
        parts = list(pool.map(partial(_content, folder), wanted))
    return ReadPackage(
        name=name,
        files=tuple(files),
        links=tuple(links),
        layers=tuple(layer for part in parts for layer in part.layers),
        sheets={key: sheet for part in parts for key, sheet in part.sheets.items()},
        unreadable=(*refused, *(fault for part in parts for fault in part.unreadable)),
        manifest=_manifest(folder / MANIFEST),
        hashes=hashes.result(),
        listed_hashes=_listed_hashes(folder / HASHES),
        metadata={file: said for part in parts for file, said in part.metadata.items()},
        seals={file: seal for part in parts for file, seal in part.seals.items()},
        authors={file: author for part in parts for file, author in part.authors.items()},
    )


@dataclass
class _Content:
    """What a file holds, in the fields of `ReadPackage`."""

    layers: list[ReadLayer] = field(default_factory=list)
    sheets: dict[tuple[str, str], Sequence[Sequence[Any]]] = field(default_factory=dict)
    unreadable: list[tuple[str, str, str]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    seals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)


def _content(folder: Path, file: str) -> _Content:
    path, ending, held = folder / file, Path(file).suffix.lower(), _Content()
    try:
        if ending in VECTORS:
            held.layers.extend(_layers(path, file, VECTORS[ending]))
        elif ending in BOOKS:
            held.sheets.update(_sheets(path, file))
            held.authors[file] = _author(path)
        elif ending == ".xml":
            held.metadata[file] = ET.fromstring(_bytes(path))  # noqa: S314  entities are refused below
        elif ending == ".json" and file != MANIFEST:
            held.seals[file] = json.loads(_bytes(path))
    except ET.ParseError as error:
        held.unreadable.append((file, "1254", str(error)))
    except Exception as error:  # noqa: BLE001  whatever a hostile file makes a library raise
        held.unreadable.append((file, "1251", " ".join(str(error).split())[:200]))
    return held


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """List files; a FileGDB counts as one, links are never followed."""
    files, links = [], []
    for root, folders, names in os.walk(folder):
        place = Path(root)
        for name in sorted(folders):
            path = place / name
            if path.is_symlink():
                links.append(path.relative_to(folder).as_posix())
                files.append(links[-1])
                folders.remove(name)
            elif path.suffix.lower() == ".gdb":
                files.append(path.relative_to(folder).as_posix())
                folders.remove(name)
        for name in names:
            path = place / name
            files.append(path.relative_to(folder).as_posix())
            if path.is_symlink():
                links.append(files[-1])
    return sorted(files), links


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_TEXT:
        raise OSError(_("larger than {size} MB").format(size=LARGEST_TEXT >> 20))
    data = path.read_bytes()
    if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
        raise OSError(_("XML with entities is not read"))
    return data


def _layers(path: Path, file: str, form: str) -> Iterator[ReadLayer]:
    if form == "shp":
        for part in PARTS[:2]:
            if not beside(path, part).exists():
                raise OSError(_("{part} is missing").format(part=path.with_suffix(part).name))
    for name in pyogrio.list_layers(path)[:, 0]:
        encoding = _text_of(path) if form == "shp" else None
        frame = _frame(path, form, str(name), encoding)
        codec = encoding.name if encoding else None
        info = pyogrio.read_info(path, layer=name, encoding=codec)
        yield ReadLayer(
            file=file,
            form=form,
            name=str(name),
            frame=frame,
            fields=_fields(path, form, str(name), info, codec or "GBK"),
            crs=str(info["crs"] or ""),
            encoding=_declared(path, encoding) if encoding else "",
        )


def _text_of(path: Path) -> TextEncoding | None:
    """Find how the text of a shapefile is written; None where nothing fits."""
    with suppress(InputError, OSError, LookupError):
        return text_encoding(path)
    return None


def _frame(path: Path, form: str, layer: str, encoding: TextEncoding | None) -> pd.DataFrame:
    """Read a layer; the text of a shapefile as its bytes are, whatever it declares."""
    if form != "shp":
        return pyogrio.read_dataframe(path, layer=layer, use_arrow=True)
    codec = encoding.name if encoding else None
    return pyogrio.read_dataframe(path, encoding=codec, use_arrow=True)


def _declared(path: Path, encoding: TextEncoding) -> str:
    """Say how a shapefile declares its text: ``.cpg``, code page, and what the bytes are."""
    byte = language_byte(beside(path, ".dbf"))
    cpg = beside(path, ".cpg")
    said = cpg.read_text(encoding="ascii", errors="replace") if cpg.exists() else ""
    return f"{said.strip().upper()}|{byte}|{encoding.name.upper()}"


def _fields(path: Path, form: str, layer: str, info: Mapping[str, Any], codec: str) -> pd.DataFrame:
    kinds = [OGR.get(kind, kind) for kind in info["ogr_types"]]
    frame = pd.DataFrame({"name": list(info["fields"]), "kind": kinds})
    known: dict[str, tuple[int, int]] = {}
    if form == "shp":
        known = dbf_fields(beside(path, ".dbf"), codec)
    elif form == "gpkg":
        known = _widths(path, layer)
    sizes = [known.get(name, (-1, -1)) for name in frame["name"]]
    frame[["length", "decimals"]] = np.array(sizes, dtype=np.int64).reshape(-1, 2)
    return frame


def _widths(path: Path, layer: str) -> dict[str, tuple[int, int]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        rows = base.execute("SELECT name, type FROM pragma_table_info(?)", (layer,)).fetchall()
    found = {}
    for name, kind in rows:
        if kind.upper().startswith("TEXT(") and kind.endswith(")"):
            found[name] = (int(kind[5:-1]), -1)
    return found


def _sheets(path: Path, file: str) -> dict[tuple[str, str], Sequence[Sequence[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {(file, name): book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _author(path: Path) -> str:
    """Return who saved a workbook after it was made; empty where nobody did."""
    with suppress(OSError, KeyError, zipfile.BadZipFile, ET.ParseError):
        with zipfile.ZipFile(path) as book:
            core = ET.fromstring(book.read(CORE))  # noqa: S314  no entities in a part of a workbook
        said = {entry.tag.rpartition("}")[2]: entry.text or "" for entry in core}
        maker, last = said.get("creator", ""), said.get("lastModifiedBy", "")
        if last not in {"", maker} or said.get("modified", "") != said.get("created", ""):
            return last or said.get("modified", "")
    return ""


def _manifest(path: Path) -> Mapping[str, Any] | None:
    with suppress(OSError, ValueError):
        content = json.loads(_bytes(path))
        if isinstance(content, dict):
            return content
    return None


def _listed_hashes(path: Path) -> Mapping[str, str] | None:
    with suppress(OSError, UnicodeDecodeError):
        lines = _bytes(path).decode("utf-8").splitlines()
        return {name: digest for digest, _gap, name in (line.partition("  ") for line in lines)}
    return None


def _hashes(folder: Path, links: set[str]) -> dict[str, str]:
    found = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if not (Path(root) / f).is_symlink()]
        for name in names:
            path = Path(root) / name
            inner = path.relative_to(folder).as_posix()
            if inner not in links and path.is_file():
                with suppress(OSError):
                    found[inner] = plain_hash(path)
    return found
