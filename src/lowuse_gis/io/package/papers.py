"""Take scans and reports into a package, and write the index of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowuse_gis.errors import InputError
from lowuse_gis.io.package.manifest import plain_hash
from lowuse_gis.io.workbook import OutSheet, write_workbook
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

BESIDE = ("thumbs.db", "desktop.ini")  # what systems leave in folders; and names with a dot first


def listed_papers(folder: Path) -> list[Path]:
    """List the files of a folder and of those in it.

    Parameters
    ----------
    folder
        What people scanned.

    Returns
    -------
    list of Path
        In order.

    Raises
    ------
    InputError
        Where there is no such folder, or a link in it.
    """
    if not folder.is_dir():
        raise InputError(
            _("{folder}: no such folder").format(folder=folder),
            _("name the folder of the scans with --papers"),
        )
    paths = []
    for root, folders, names in os.walk(folder):
        for name in (*folders, *names):
            if (Path(root) / name).is_symlink():
                raise InputError(
                    _("{path}: a link instead of a file").format(path=Path(root) / name),
                    _("put the file itself in"),
                )
        paths += [Path(root) / n for n in names if n[0] != "." and n.casefold() not in BESIDE]
    return sorted(paths)


def write_papers(
    folder: Path, index: str, papers: pd.DataFrame, spec: Mapping[str, Any], as_of: date
) -> None:
    """Copy papers into a package, piece by piece, and write their index.

    Parameters
    ----------
    folder
        The package.
    index
        Path of the index in it.
    papers
        ``file`` in the package, ``source``, ``id``, ``type``, ``number``.
    spec
        Entry of [[papers]]: headings of the index.
    as_of
        Stands for the date of writing.

    Raises
    ------
    OSError
        Where one cannot be read or written.
    """
    for paper in papers.itertuples():
        target = folder / paper.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(paper.source, target)
    targets = [folder / file for file in papers["file"]]
    known = papers.assign(
        row=range(1, len(papers) + 1),
        size=[target.stat().st_size for target in targets],
        sha256=[plain_hash(target) for target in targets],
    )
    frame = known[[key for _heading, key in spec["columns"]]]
    frame.columns = [heading for heading, _key in spec["columns"]]
    path = folder / index
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(path, [OutSheet(spec["sheet"], spec["title"], frame)], as_of)
