"""Hold metadata, counts of the manifest, drafts and the seal against the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from lowuse_gis.core.filing.seal import (
    ADDED,
    CHANGED,
    DOUBLED,
    REMOVED,
    broken_records,
    missing_fields,
    whole,
)
from lowuse_gis.core.verifying.findings import found
from lowuse_gis.io.package.metadata import LAYER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from lowuse_gis.io.package.names import PackageFile
    from lowuse_gis.model import Rulebook
    from lowuse_gis.model.filing import ReadLayer, ReadPackage

BROKEN = {CHANGED: "7161", ADDED: "7162", DOUBLED: "7162", REMOVED: "7163"}


def wrong_metadata(
    package: ReadPackage, copies: Mapping[str, Sequence[ReadLayer]], rulebook: Rulebook
) -> Iterator[pd.DataFrame]:
    """Find metadata that disagree with the layers.

    Parameters
    ----------
    package, copies
        As read.
    rulebook
        Code of the county.

    Yields
    ------
    DataFrame
        Findings 1255.
    """
    for file, root in package.metadata.items():
        code = root.findtext("行政区代码")
        if code is not None and rulebook.county and code != rulebook.county:
            yield found("1255", file, field="行政区代码", note=code)
        for entry in root.iter(LAYER):
            name, stated = entry.get("名称", ""), entry.get("要素数", "")
            if name not in copies:
                continue
            count = len(copies[name][0].frame)
            if stated != str(count):
                yield found("1255", file, name, field="要素数", note=f"{stated} ≠ {count}")


def wrong_counts(
    package: ReadPackage, copies: Mapping[str, Sequence[ReadLayer]]
) -> Iterator[pd.DataFrame]:
    """Find layers with another number of records than the manifest says.

    Parameters
    ----------
    package, copies
        As read.

    Yields
    ------
    DataFrame
        Findings 7155.
    """
    listed = package.manifest.get("files") if package.manifest else None
    stated = {
        (entry.get("file"), name): count
        for entry in listed or ()
        if isinstance(entry, dict) and isinstance(entry.get("layers"), dict)
        for name, count in entry["layers"].items()
    }
    for layers in copies.values():
        for layer in layers:
            count = stated.get((layer.file, layer.name), len(layer.frame))
            if count != len(layer.frame):
                yield found(
                    "7155",
                    layer.file,
                    layer.name,
                    value=float(len(layer.frame)),
                    limit=float(count),
                )


def drafts(
    copies: Mapping[str, Sequence[ReadLayer]], profile: Mapping[str, Any]
) -> Iterator[pd.DataFrame]:
    """Say how many verdicts are drafts.

    Parameters
    ----------
    copies, profile
        As read, and what is filed.

    Yields
    ------
    DataFrame
        Findings 7172, one for a layer.
    """
    for name, layers in copies.items():
        state = profile["layers"][name].get("state", "")
        frame = layers[0].frame
        if state in frame:
            count = int((frame[state] == profile["draft_mark"]).sum())
            if count:
                yield found("7172", layers[0].file, name, field=state, value=float(count))


def broken_seals(
    package: ReadPackage,
    expected: Sequence[PackageFile],
    copies: Mapping[str, Sequence[ReadLayer]],
) -> Iterator[pd.DataFrame]:
    """Find sealed records that are not as they were sealed, in every copy.

    Parameters
    ----------
    package, expected, copies
        As read, and the files that should be there.

    Yields
    ------
    DataFrame
        Findings 7161 to 7164.
    """
    for file in expected:
        if file.form != "seal" or file.path not in package.files:
            continue
        seal = package.seals.get(file.path)
        if not _usable(seal) or seal is None or not whole(seal):
            yield found("7164", file.path)
            continue
        for layer in copies.get(str(seal["layer"]), ()):
            if isinstance(layer.frame, gpd.GeoDataFrame) and not missing_fields(
                list(layer.frame), seal
            ):
                broken = broken_records(layer.frame, seal)
                for state, code in BROKEN.items():
                    yield found(
                        code, layer.file, layer.name, id=broken.loc[broken["state"] == state, "id"]
                    )


def _usable(seal: Mapping[str, Any] | None) -> bool:
    needed = {"layer", "key", "fields", "records", "sha256", "hashes"}
    return isinstance(seal, dict) and needed <= set(seal) and isinstance(seal["hashes"], dict)
