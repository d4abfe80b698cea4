"""Write a package: every file of its profile, then the manifest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.io.package.manifest import write_manifest
from lowuse_gis.io.package.metadata import write_metadata
from lowuse_gis.io.package.papers import write_papers
from lowuse_gis.io.package.vector_files import write_layers
from lowuse_gis.io.package.workbooks import write_quality, write_rules, write_sheets
from lowuse_gis.io.svg_map import Paint, svg_map
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import Content, FiledLayer

FILLS = ("#f4d9a6", "#d1495b", "#8ab6d6", "#7fb285")


@dataclass(frozen=True)
class Filing:
    """All that a package is made of.

    Attributes
    ----------
    title, profile, spec, names
        Of the package; the profile and what its patterns name.
    files, content
        What stands in it.
    tables, rulebook, as_of
        What it rests on: tables of the result, by name.
    drafts
        Verdicts that no town has decided.
    inputs
        File names and their hashes.
    seal
        File of the seal over the legacy; None for none.
    """

    title: str
    profile: str
    spec: Mapping[str, Any]
    names: Mapping[str, object]
    files: Sequence[PackageFile]
    content: Content
    tables: Mapping[str, pd.DataFrame]
    rulebook: Rulebook
    as_of: date
    drafts: int = 0
    inputs: Mapping[str, str] = field(default_factory=dict)
    seal: Path | None = None


def write_package(folder: Path, filing: Filing) -> dict[str, Any]:
    """Write a package into an empty folder.

    Parameters
    ----------
    folder
        The folder.
    filing
        What is filed.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    for file in filing.files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.form == "papers":
            papers = filing.content.papers[file.path]
            write_papers(folder, file.path, papers, file.spec, filing.as_of)
        else:
            _write(path, file, filing)
    lines = [
        {
            "file": file.path,
            "format": file.form,
            "layers": {
                name: len(records_of(filing.content.layers[name], file)) for name in file.layers
            },
            "tables": {name: len(filing.content.sheets[name].frame) for name in file.tables},
        }
        for file in filing.files
    ]
    return write_manifest(folder, _head(filing), lines)


def _head(filing: Filing) -> dict[str, Any]:
    return {
        "title": filing.title,
        "profile": filing.profile,
        "status": _("draft until the towns decide") if filing.drafts else _("decided by the towns"),
        "drafts": filing.drafts,
        "run": {key: str(value) for key, value in filing.tables["runs"].iloc[0].items()},
        "inputs": dict(filing.inputs),
        "absent": dict(filing.content.absent),
        "shortened": dict(filing.content.cut),
    }


def _write(path: Path, file: PackageFile, filing: Filing) -> None:
    layers = [filing.content.layers[name] for name in file.layers]
    as_of = filing.as_of
    if file.form in {"gdb", "gpkg", "shp"}:
        write_layers(path, file.form, layers, as_of, filing.spec["encoding"])
    elif file.form == "xlsx":
        sheets = [filing.content.sheets[name] for name in file.tables]
        write_sheets(path, sheets, _note(filing), as_of)
    elif file.form == "metadata":
        every = filing.content.layers
        write_metadata(path, every, filing.spec, filing.names, filing.rulebook, as_of.isoformat())
    elif file.form == "rules":
        write_rules(path, filing.tables, filing.rulebook, as_of)
    elif file.form == "quality":
        parts = [(*place.split("."), count) for place, count in filing.content.cut.items()]
        cut = pd.DataFrame(parts, columns=[_("layer"), _("field"), _("texts")])
        write_quality(path, filing.tables["checks"], cut, as_of)
    elif file.form == "map":
        path.write_text(_map(layers, file, filing.title), encoding="utf-8")
    elif file.form == "seal" and filing.seal:
        shutil.copyfile(filing.seal, path)


def records_of(layer: FiledLayer, file: PackageFile) -> pd.DataFrame:
    """Return the records of a layer that stand in a file: all, or those of its town.

    Parameters
    ----------
    layer, file
        What is filed, and where.

    Returns
    -------
    DataFrame
    """
    code = file.spec.get("each", ("",))[0]
    if "town" not in file.spec or code not in layer.frame:
        return layer.frame
    return layer.frame[(layer.frame[code] == file.spec["town"]).to_numpy()]


def _map(layers: Sequence[FiledLayer], file: PackageFile, title: str) -> str:
    """Draw layers, of one town where the file is of one."""
    paints = []
    for layer, fill in zip(layers, FILLS, strict=False):
        shapes = records_of(layer, file).geometry.to_numpy()
        paints.append(Paint(shapes, layer.title, fill))
    town = file.spec.get("title", "")
    return svg_map(paints, f"{title} {town}".strip())


def _note(filing: Filing) -> str:
    if filing.drafts:
        return _("draft of {date}: {count} verdicts wait for the towns").format(
            date=filing.as_of, count=filing.drafts
        )
    return _("as of {date}").format(date=filing.as_of)
