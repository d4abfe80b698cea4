"""Hold the files of a package against its profile and its manifest."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.names import bad_signs, named
from lowuse_gis.core.verifying.findings import found
from lowuse_gis.io.package.names import HASHES, MANIFEST, PackageFile, package_files
from lowuse_gis.io.package.reading import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from lowuse_gis.model.filing import ReadPackage

LIKE = 0.6  # as like as that a name must be to be taken for a renamed one


def expected_files(
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    absent: Mapping[str, str],
    frames: Mapping[str, pd.DataFrame],
) -> list[PackageFile]:
    """Return the files that a package should have.

    Parameters
    ----------
    profile, names
        What is filed, and what its patterns may name.
    absent
        Layers that the manifest says were not given.
    frames
        Records of layers as read.

    Returns
    -------
    list of PackageFile
    """
    layers = [name for name in profile["layers"] if name not in absent]
    tables = [n for n, spec in profile.get("tables", {}).items() if spec["from"] in layers]
    return list(package_files(profile, names, layers, tables, frames))


def wrong_files(
    package: ReadPackage,
    expected: Sequence[PackageFile],
    profile: Mapping[str, Any],
    names: Mapping[str, object],
    scans: Mapping[str, Sequence[str]],
) -> Iterator[pd.DataFrame]:
    """Find files that are missing, renamed, not expected, links, or badly named.

    Parameters
    ----------
    package
        As read.
    expected
        What should be there.
    profile, names
        Of the package.
    scans
        Papers by their folder, which are looked at elsewhere.

    Yields
    ------
    DataFrame
        Findings 1151 to 1159, 1251 to 1254 and 1157 as they were met on reading.
    """
    for file, code, reason in package.unreadable:
        yield found(code, file, note=reason)
    yield found("1155", "", note=list(package.links), cell=list(package.links))
    wanted = named(profile["folder"], names, "folder")
    if package.name not in {wanted, f"{wanted}.zip"}:
        yield found("1158", package.name, note=wanted)
    if package.manifest is None:
        yield found("1159", MANIFEST)
    yield from _names(package, profile.get("name_signs", ""))
    yield from _presence(package, expected, set().union(*scans.values()))


def _names(package: ReadPackage, allowed: str) -> Iterator[pd.DataFrame]:
    same: dict[str, list[str]] = defaultdict(list)
    for file in package.files:
        same[file.casefold()].append(file)
        signs = "".join(sign for sign in bad_signs(file) if sign not in allowed)
        if signs:
            yield found("1156", file, note=signs)
    for group in same.values():
        if len(group) > 1:
            yield found("1154", group[0], note=" ".join(group[1:]))


def _presence(
    package: ReadPackage, expected: Sequence[PackageFile], elsewhere: set[str]
) -> Iterator[pd.DataFrame]:
    have = set(package.files)
    asked: dict[str, str] = {}
    for file in expected:
        asked[file.path] = "1151"
        if file.form == "shp":
            stem = file.path.rpartition(".")[0]
            asked |= {stem + part: "1252" for part in file.spec.get("parts", PARTS)}
    missing = {path: code for path, code in asked.items() if path not in have}
    known = {*asked, MANIFEST, HASHES} | elsewhere
    extra = [path for path in package.files if path not in known]
    for path, code in missing.items():
        near = [other for other in extra if other.casefold() == path.casefold()]
        near = near or difflib.get_close_matches(path, _alike(extra, path), n=1, cutoff=LIKE)
        if near:
            extra.remove(near[0])
            yield found("1153", near[0], note=path)
        else:
            yield found(code, path)
    for path in extra:
        yield found("1152", path)


def _alike(paths: Sequence[str], wanted: str) -> list[str]:
    """Return the paths of the same ending."""
    ending = wanted.rpartition(".")[2].lower()
    return [path for path in paths if path.rpartition(".")[2].lower() == ending]


def wrong_hashes(package: ReadPackage, rules_sha256: str) -> Iterator[pd.DataFrame]:
    """Find files that are not those of the manifest.

    Parameters
    ----------
    package
        As read.
    rules_sha256
        Of the rules it is verified with.

    Yields
    ------
    DataFrame
        Findings 7151 to 7156.
    """
    manifest = package.manifest
    if manifest is None:
        return
    stated = manifest.get("sha256")
    stated = stated if isinstance(stated, dict) else {}
    for name, digest in stated.items():
        if name not in package.hashes:
            yield found("7153", str(name))
        elif package.hashes[name] != digest:
            yield found("7151", str(name), note=package.hashes[name])
    for name in package.hashes:
        if name not in stated and name not in {MANIFEST, HASHES}:
            yield found("7152", name)
    listed = package.listed_hashes
    if listed is None:
        yield found("7156", HASHES)
    else:
        wrong = [n for n in listed if package.hashes.get(n) != listed[n]]
        only = [n for n in wrong if package.hashes.get(n) == stated.get(n) or n == MANIFEST]
        yield found("7156", HASHES, note=only)
    run = manifest.get("run")
    rules = str(run.get("rules_sha256", "")) if isinstance(run, dict) else ""
    if rules and rules != rules_sha256:
        yield found("7154", MANIFEST, note=rules)
