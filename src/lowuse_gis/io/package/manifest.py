"""The manifest of a package: what made it, what is in it, and the hash of every file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from lowuse_gis.io.package.names import HASHES, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def package_paths(folder: Path) -> list[str]:
    """List the files of a package in order.

    Parameters
    ----------
    folder
        The package.

    Returns
    -------
    list of str
        Paths with / between folders, without manifest and list of hashes.
    """
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in files)
    return sorted(name for name in names if name not in {MANIFEST, HASHES})


def plain_hash(path: Path) -> str:
    """Hash the bytes of one file, whatever stands beside it.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        SHA-256.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(
    folder: Path, head: Mapping[str, Any], files: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Write the manifest and the list of hashes into a package that is whole but for them.

    Parameters
    ----------
    folder
        The package.
    head
        What made it.
    files
        ``file`` and whatever else is known of each; those that are several files on disk by the
        path of the profile.

    Returns
    -------
    dict
        The manifest.
    """
    hashes = {name: plain_hash(folder / name) for name in package_paths(folder)}
    manifest = {**head, "files": list(files), "sha256": hashes}
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    hashes[MANIFEST] = plain_hash(folder / MANIFEST)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(hashes.items())]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8")
    return manifest
