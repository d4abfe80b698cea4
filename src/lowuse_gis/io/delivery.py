"""Find what can be read in what somebody handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyogrio
from pyogrio.errors import DataSourceError

from lowuse_gis.errors import InputError
from lowuse_gis.language import _
from lowuse_gis.model import Found, Notice

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {".xlsx", ".xls", ".csv"}


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

    Raises
    ------
    InputError
        Where the path does not exist.
    """
    _unused = into
    if not path.exists():
        raise InputError(_("{path}: no such file").format(path=path), _("check the path"))
    if path.suffix.lower() in TABLES:
        return Contents((Found(path, path.name, "", "table", path.suffix[1:].lower()),))
    files = [path] if path.is_file() or path.suffix == ".gdb" else sorted(path.glob("*.shp"))
    found, notices = [], []
    for file in files:
        try:
            layers = pyogrio.list_layers(file)
        except DataSourceError as error:
            notices.append(Notice("1201", file.name, note=str(error)))
            continue
        several = len(layers) > 1
        for name, _kind in layers:
            info = pyogrio.read_info(file, layer=name)
            layer = str(name) if several else ""
            found.append(
                Found(file, file.name, layer, "layer", info["driver"], int(info["features"]))
            )
    return Contents(tuple(found), tuple(notices))
