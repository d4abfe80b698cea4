"""Where the files of a package stand, by its profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.names import named, towns_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

MANIFEST, HASHES = "manifest.json", "sha256sum.txt"


@dataclass(frozen=True)
class PackageFile:
    """One file that a profile asks for.

    Attributes
    ----------
    path
        In the package, with / between folders.
    form
        Its format.
    layers, tables
        What it holds, by the names of the profile.
    spec
        Its entry of the profile.
    """

    path: str
    form: str
    layers: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    spec: Mapping[str, Any] = field(default_factory=dict)


def paper_files(
    profile: Mapping[str, Any], names: Mapping[str, object], indexes: Collection[str]
) -> Iterator[PackageFile]:
    """List the indexes of papers.

    Parameters
    ----------
    profile, names
        What is filed, and what its patterns may name.
    indexes
        Paths of those that have papers.

    Yields
    ------
    PackageFile
    """
    for entry in profile.get("papers", ()):
        path = named(entry.get("index", ""), names, "papers")
        if path and path in indexes:
            yield PackageFile(path, "papers", spec=entry)


def package_files(
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    layers: Collection[str],
    tables: Collection[str],
    frames: Mapping[str, pd.DataFrame],
) -> Iterator[PackageFile]:
    """List the files of a package.

    Parameters
    ----------
    profile, names
        What is filed, and what its patterns may name.
    layers, tables
        Layers and sheets that there are; a file of others is left out.
    frames
        Records of layers, for the towns they lie in.

    Yields
    ------
    PackageFile
        A shapefile for every layer of its own.
    """
    held = {profile["layers"][name]["from"] for name in layers}
    for entry in profile["file"]:
        if "when" in entry and entry["when"] not in held:
            continue
        mine = tuple(name for name in entry.get("layers", ()) if name in layers)
        sheets = tuple(name for name in entry.get("tables", ()) if name in tables)
        if (entry.get("layers") and not mine) or (entry.get("tables") and not sheets):
            continue
        form, pattern = entry["format"], entry["path"]
        if form == "shp":
            for name in mine:
                path = named(pattern, {**names, "layer": name}, "file")
                yield PackageFile(path, form, (name,), spec=entry)
        elif "each" in entry:
            held_by = (frames[name] for name in mine if name in frames)
            for town, title in towns_in(held_by, entry["each"]).items():
                path = named(pattern, {**names, "town": title, "town_code": town}, "file")
                yield PackageFile(path, form, mine, spec={**entry, "town": town, "title": title})
        else:
            yield PackageFile(named(pattern, names, "file"), form, mine, sheets, entry)
