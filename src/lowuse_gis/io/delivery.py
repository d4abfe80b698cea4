"""Find what can be read in what somebody handed over."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lowuse_gis.errors import InputError
from lowuse_gis.io import formats
from lowuse_gis.io.archives import Limits, printable, unpack
from lowuse_gis.io.datasets import datasets
from lowuse_gis.io.gdal import quiet
from lowuse_gis.io.shapefile_parts import beside
from lowuse_gis.language import _
from lowuse_gis.model import Notice

if TYPE_CHECKING:
    from lowuse_gis.model import Found

DEEPEST = 40  # folders within folders
MOST = 100_000  # files
LISTED = 3


@dataclass(frozen=True)
class Contents:
    """What a path holds.

    Attributes
    ----------
    found
        Layers and tables, in the order of their names.
    notices
        What could not be used, and why.
    """

    found: tuple[Found, ...]
    notices: tuple[Notice, ...] = ()


@dataclass
class _Heap:
    """What lies about: files with the names to show, and what was noticed."""

    into: Path
    limits: Limits = field(default_factory=Limits)
    files: list[tuple[Path, str]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def find(path: Path, into: Path) -> Contents:
    """Find the layers and tables in a file, folder or archive.

    Parameters
    ----------
    path
        What was handed over.
    into
        A folder of our own to unpack into; the caller removes it.

    Returns
    -------
    Contents
        Also what could not be read, as notices: a broken file is never an exception.

    Raises
    ------
    InputError
        Where the path does not exist or may not be read.
    """
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), _("check the path"))
    if path.suffix.lower() in formats.PARTS[".shp"] and path.is_file():
        path = beside(path).get(".shp", path)
    heap = _Heap(into)
    name = path.name or path.resolve().name
    try:
        if path.is_dir():
            _walk(path, name, heap, 0)
        else:
            _take(path, name, heap)
    except PermissionError as error:
        raise InputError(
            _("{path}: may not be read").format(path=path), _("ask for permission to read it")
        ) from error
    with quiet():
        found, notices, strange = datasets(heap.files, into)
    heap.passed += strange
    told = [*heap.notices, *notices, *_unknown(heap.passed, name)]
    if not found and not told:
        told = [Notice("1206", name, note=_("there is nothing in it"))]
    return Contents(tuple(found), tuple(told))


def _walk(folder: Path, shown: str, heap: _Heap, depth: int) -> None:
    """Take all files of a folder and the folders in it; a File Geodatabase is one file."""
    if folder.suffix.lower() == formats.GDB or (folder / formats.GDB_MARK).is_file():
        heap.files.append((folder, shown))
        return
    with os.scandir(folder) as listed:
        inside = sorted(listed, key=lambda entry: entry.name)
    for entry in inside:
        name = f"{shown}/{entry.name}"
        if entry.name.startswith(".") or formats.hidden(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < DEEPEST:
                _walk(Path(entry.path), name, heap, depth + 1)
        elif entry.is_file() and len(heap.files) < MOST:
            _take(Path(entry.path), name, heap)


def _take(path: Path, shown: str, heap: _Heap) -> None:
    """Take a file, or what is in it where it is an archive."""
    kind = formats.suffix(path.name)
    packed = formats.packed(path) if kind in {*formats.ARCHIVES, ".rar", ".7z", ""} else ""
    if packed in {"rar", "7z"}:
        note = _("archives of this kind are not read: unpack it, or pack it again as .zip")
        heap.notices.append(Notice("1101", shown, note=note))
    elif packed == "zip" or kind in formats.ARCHIVES:
        _open(path, shown, heap)
    else:
        heap.files.append((path, shown))


def _open(path: Path, shown: str, heap: _Heap) -> None:
    """Unpack an archive into a folder of its own and take what is there."""
    if heap.limits.depth < 1:
        note = _("too many archives within archives")
        heap.notices.append(Notice("1101", shown, note=note))
        return
    folder = heap.into / f"unpacked{sum(1 for _item in heap.into.iterdir()) + 1}"
    folder.mkdir()
    unpacked = unpack(path, folder, shown, heap.limits, formats.useful)
    heap.notices += unpacked.notices
    heap.passed += [name for name in unpacked.passed if not formats.hidden(name)]
    heap.limits.depth -= 1
    _walk(folder, shown, heap, 0)
    heap.limits.depth += 1


def _unknown(names: list[str], shown: str) -> list[Notice]:
    """Tell of files that are not read, one notice per kind."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(formats.suffix(name), []).append(printable(name.rsplit("/", 1)[-1]))
    notices = []
    for kind in sorted(kinds):
        some = ", ".join(kinds[kind][:LISTED]) + ("…" if len(kinds[kind]) > LISTED else "")
        note = _("{kind}, {count} files: {names}").format(
            kind=kind or _("without a suffix"), count=len(kinds[kind]), names=some
        )
        advice = formats.advice(kind)
        notices.append(Notice("1102", shown, note=f"{note}; {advice}" if advice else note))
    return notices
