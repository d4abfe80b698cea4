"""Hold keys against each other: unique, linked, the same in two layers, adding up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import is_among
from lowuse_gis.core.verifying.findings import as_numbers, found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lowuse_gis.model.filing import FiledField


def wrong_keys(frame: pd.DataFrame, key: str, file: str, layer: str) -> Iterator[pd.DataFrame]:
    """Find keys that are empty or stand twice.

    Parameters
    ----------
    frame, key
        A layer and the field that must be unique.
    file, layer
        Where it stands.

    Yields
    ------
    DataFrame
        Findings 3365 and 3361.
    """
    if key not in frame:
        return
    ids = frame[key].astype("str").fillna("").str.strip()
    at = np.flatnonzero((ids == "").to_numpy())
    yield found("3365", file, layer, field=key, cell=[str(n + 1) for n in at])
    doubled = ids[ids.duplicated() & (ids != "")]
    yield found("3361", file, layer, field=key, id=doubled)


def wrong_links(
    frames: Mapping[str, pd.DataFrame],
    name: str,
    fields: Sequence[FiledField],
    key: str,
    file: str,
) -> Iterator[pd.DataFrame]:
    """Find values without a record in the linked layer, and sums that do not add up.

    Parameters
    ----------
    frames
        Layers by name.
    name, fields, key, file
        The layer that is looked at.

    Yields
    ------
    DataFrame
        Findings 3362 and 3364.
    """
    frame = frames[name]
    for field in fields:
        if field.code not in frame:
            continue
        if field.links:
            other, code = field.links.split(".")
            if other in frames and code in frames[other]:
                yield _unlinked(frame, field, frames[other][code], key, file, name)
        if field.sums:
            other, code = field.sums.split(".")
            if other in frames and code in frames[other] and key in frames[other]:
                yield _sums(frame, field, frames[other], (key, code), file, name)


def _unlinked(
    frame: pd.DataFrame, field: FiledField, known: pd.Series, key: str, file: str, layer: str
) -> pd.DataFrame:
    values = frame[field.code].astype("str").fillna("").str.strip()
    wrong = (values != "") & ~is_among(values, known.astype("str").str.strip())
    ids = frame.get(key, values)
    return found("3362", file, layer, id=ids[wrong], field=field.code, note=values[wrong])


def _sums(
    frame: pd.DataFrame,
    field: FiledField,
    other: pd.DataFrame,
    by: tuple[str, str],
    file: str,
    layer: str,
) -> pd.DataFrame:
    key, code = by
    parts = (
        pd.to_numeric(other[code], errors="coerce")
        .astype(float)
        .groupby(other[key].astype("str"))
        .sum()
    )
    ids = frame[key].astype("str")
    stated = as_numbers(frame[field.code])
    added = ids.map(parts).astype(float).fillna(0.0).round(field.decimals)
    half = 0.6 * 10.0**-field.decimals
    wrong = ~((stated - added).abs() <= half)
    return found(
        "3364",
        file,
        layer,
        id=ids[wrong],
        field=field.code,
        value=stated[wrong],
        limit=added[wrong],
    )


def other_keys(a: pd.Series, b: pd.Series, file: str, layer: str, other: str) -> pd.DataFrame:
    """Find the keys that only one of two layers has.

    Parameters
    ----------
    a, b
        Keys of the layer and of the other.
    file, layer, other
        Where, and the name of the other layer.

    Returns
    -------
    DataFrame
        Findings 3363.
    """
    mine, theirs = (set(keys.dropna().astype("str").str.strip()) for keys in (a, b))
    only = sorted(mine ^ theirs)
    return found("3363", file, layer, id=only, note=other)
