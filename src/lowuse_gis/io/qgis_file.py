"""Write a project of QGIS, and say what a GeoPackage has for it."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from lowuse_gis.core.cartography.project import Layer, Project, project_text
from lowuse_gis.core.cartography.style import FieldShown

if TYPE_CHECKING:
    from lowuse_gis.core.cartography.style import LayerStyle

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of every entry, so that the clock changes no byte


def write_qgz(path: Path, project: Project) -> None:
    """Write a project as QGIS opens it (``.qgz``).

    Parameters
    ----------
    path, project
        A new file, and what it holds.
    """
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("project.qgs", LONG_AGO)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, project_text(project))


def relative(file: Path, folder: Path) -> str:
    """Return a path as a project writes it, so that both can be moved together.

    Parameters
    ----------
    file, folder
        What is named, and where the project stands.

    Returns
    -------
    str
        With slashes; whole where the two are on different drives.
    """
    try:
        found = Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return file.resolve().as_posix()
    return found if found.startswith("../") else f"./{found}"


def layer_of(file: Path, name: str, folder: Path, style: LayerStyle, title: str = "") -> Layer:
    """Return a layer of a GeoPackage for a project.

    Parameters
    ----------
    file, name
        The GeoPackage and the layer.
    folder
        Where the project stands.
    style, title
        How it looks, and what it is called; as the file calls it where empty.

    Returns
    -------
    Layer
        Aliases and words of codes are those that the file states of its columns.
    """
    info = pyogrio.read_info(file, layer=name)
    described, fields = _described(file, name, [str(field) for field in info["fields"]])
    shown = title or described
    source = f"{relative(file, folder)}|layername={name}"
    return Layer(f"{name}_{style.name}", shown, source, info["geometry_type"], style, fields)


def _described(file: Path, layer: str, names: list[str]) -> tuple[str, list[FieldShown]]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as base:
        (title,) = base.execute(
            "SELECT description FROM gpkg_contents WHERE table_name = ?", (layer,)
        ).fetchone()
        columns = base.execute(
            "SELECT column_name, title, constraint_name FROM gpkg_data_columns"
            " WHERE table_name = ?",
            (layer,),
        ).fetchall()
        words: dict[str, dict[str, str]] = {}
        for domain, code, word in base.execute(
            "SELECT constraint_name, value, description FROM gpkg_data_column_constraints"
            " WHERE constraint_type = 'enum' ORDER BY rowid"
        ):
            words.setdefault(domain, {})[code] = word
    known = {name: (alias or "", words.get(domain, {})) for name, alias, domain in columns}
    return title or layer, [FieldShown(name, *known.get(name, ("", {}))) for name in names]
