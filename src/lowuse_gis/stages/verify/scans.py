"""Hold scans and reports against the records they are of, and against their index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.filing.names import named
from lowuse_gis.core.filing.papers import DOUBLED, PATTERN, RECORD, TYPE, paper_ids, paper_table
from lowuse_gis.core.filing.sheets import LOOKED, table_frame
from lowuse_gis.core.verifying.findings import found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lowuse_gis.model.filing import ReadLayer, ReadPackage

CODES = {PATTERN: "1161", DOUBLED: "1161", TYPE: "1162", RECORD: "1163"}


def scans_in(
    package: ReadPackage, profile: Mapping[str, Any], names: Mapping[str, object]
) -> dict[str, list[str]]:
    """Return the papers of a package by the folder they belong to.

    Parameters
    ----------
    package, profile, names
        As read; what is filed; what its patterns may name.

    Returns
    -------
    dict
        Folder to paths, the index among them; folders that are not there are left out.
    """
    found_in: dict[str, list[str]] = {}
    for spec in profile.get("papers", ()):
        folder = named(spec["folder"], names, "papers")
        index = named(spec.get("index", ""), names, "papers")
        files = [f for f in package.files if f.startswith(f"{folder}/") or f == index]
        if files:
            found_in[folder] = files
    return found_in


def wrong_scans(
    package: ReadPackage,
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    copies: Mapping[str, Sequence[ReadLayer]],
    asked: Collection[str],
) -> Iterator[pd.DataFrame]:
    """Find papers of wrong names, of no record, and those that their index has otherwise.

    Parameters
    ----------
    package, profile, names
        As read; what is filed; what its patterns may name.
    copies
        Layers by name, the copy that counts first.
    asked
        Files that the profile asks for by their path, such as an index that it knows as a table.

    Yields
    ------
    DataFrame
        Findings 1151, 1161 to 1166.
    """
    frames = {name: layers[0].frame for name, layers in copies.items()}
    there = scans_in(package, profile, names)
    for spec in profile.get("papers", ()):
        folder = named(spec["folder"], names, "papers")
        index = named(spec.get("index", ""), names, "papers")
        files = [file for file in there.get(folder, ()) if file != index and file not in asked]
        if folder not in there:
            continue
        start = len(folder) + 1
        table = paper_table([f[start:] for f in files], spec, names, paper_ids(spec, frames))
        for fault, code in CODES.items():
            wrong = table["fault"] == fault
            whole = pd.Series(files, dtype=object)[wrong.to_numpy()]
            yield found(code, whole.tolist())
        if not index:
            continue
        if index not in package.files:
            yield found("1151", index)
            continue
        yield from _against_index(package, index, spec, files)


def _against_index(
    package: ReadPackage, index: str, spec: Mapping[str, Any], files: Sequence[str]
) -> Iterator[pd.DataFrame]:
    rows = package.sheets.get((index, spec["sheet"]))
    headings = [heading for heading, _key in spec["columns"]]
    at = next(
        (
            n
            for n, row in enumerate((rows or [])[:LOOKED])
            if [str(cell).strip() for cell in row][: len(headings)] == headings
        ),
        -1,
    )
    if rows is None or at < 0:
        yield found("6161" if rows is not None else "2153", index, note="、".join(headings))
        return
    listed = table_frame(rows[at + 1 :], [key for _heading, key in spec["columns"]])
    paths = listed["file"].astype("str").fillna("")
    gone = paths[~paths.isin(files)].tolist()
    yield found("1164", index, note=gone)
    known = set(paths)
    yield found("1165", [file for file in files if file not in known], note=index)
    hashes = paths.map(dict(package.hashes)).astype("str").fillna("")
    other = paths.isin(files) & (listed["sha256"].astype("str").fillna("") != hashes)
    yield found("1166", paths[other].tolist(), note=index)
