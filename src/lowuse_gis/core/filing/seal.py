"""Seal a layer record by record, and hold a copy against its seal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.filing.canonical import FORM, record_hashes, total_hash
from lowuse_gis.model.filing import FiledField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from lowuse_gis.model.filing import FiledLayer

CHANGED, ADDED, REMOVED, DOUBLED = "changed", "added", "removed", "doubled"


def seal_of(layer: FiledLayer, head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the seal over a layer.

    Parameters
    ----------
    layer
        What is sealed.
    head
        Who, when, and what it rests on.

    Returns
    -------
    dict
        Fields, number of records, total area, hash of each record and over all.
    """
    frame = layer.frame
    hashes = record_hashes(frame, layer.fields, frame.geometry.to_numpy())
    ids = frame[layer.key].astype("str").tolist()
    area = layer.spec.get("area", "")
    statement = {
        "form": FORM,
        **head,
        "layer": layer.name,
        "title": layer.title,
        "crs": layer.crs,
        "key": layer.key,
        "fields": [[f.code, f.title, f.kind, f.length, f.decimals] for f in layer.fields],
        "records": len(frame),
        "area": f"{frame[area].sum():.2f}" if area else "",
        "hashes": dict(sorted(zip(ids, hashes.tolist(), strict=True))),
    }
    return {**statement, "sha256": total_hash(statement)}


def sealed_fields(seal: Mapping[str, Any]) -> list[FiledField]:
    """Return the fields that a seal is over.

    Parameters
    ----------
    seal
        As written.

    Returns
    -------
    list of FiledField
    """
    return [
        FiledField(code, title, kind, length, decimals)
        for code, title, kind, length, decimals in seal["fields"]
    ]


def broken_records(frame: gpd.GeoDataFrame, seal: Mapping[str, Any]) -> pd.DataFrame:
    """Name every record that is not as it was sealed.

    Parameters
    ----------
    frame
        A copy, from whatever format, with the fields of the seal.
    seal
        The seal.

    Returns
    -------
    DataFrame
        ``id`` and ``state``: changed, added, removed, doubled; empty where the copy is whole.
    """
    fields = sealed_fields(seal)
    key = seal["key"]
    ids = frame[key].astype("str").fillna("").str.strip().tolist()
    hashes = record_hashes(frame, fields, frame.geometry.to_numpy()).tolist()
    sealed: Mapping[str, str] = seal["hashes"]
    lines: list[tuple[str, str]] = []
    times = Counter(ids)
    for one, digest in zip(ids, hashes, strict=True):
        if one not in sealed:
            lines.append((one, ADDED))
        elif sealed[one] != digest:
            lines.append((one, CHANGED))
    lines += [(one, DOUBLED) for one, count in times.items() if count > 1 and one in sealed]
    lines += [(one, REMOVED) for one in sealed if one not in times]
    return pd.DataFrame(sorted(lines), columns=["id", "state"], dtype="str")


def whole(seal: Mapping[str, Any]) -> bool:
    """Say whether a seal agrees with itself.

    Parameters
    ----------
    seal
        As read.

    Returns
    -------
    bool
        False where its record hashes, fields, number or area were changed.
    """
    return bool(total_hash(seal) == seal["sha256"] and len(seal["hashes"]) == seal["records"])


def missing_fields(names: Sequence[str], seal: Mapping[str, Any]) -> list[str]:
    """Name the sealed fields that a copy lacks.

    Parameters
    ----------
    names
        Of the copy.
    seal
        The seal.

    Returns
    -------
    list of str
    """
    return [code for code, *_rest in seal["fields"] if code not in set(names)]
