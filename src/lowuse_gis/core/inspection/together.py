"""Put the files of a source one under the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.model import Delivered


def together(layers: Sequence[Delivered]) -> dict[str, Delivered]:
    """Put the files of a source one under the other: towns' parcels must fit each other.

    Parameters
    ----------
    layers
        As they were read.

    Returns
    -------
    dict
        By source; rows keep their names, which begin with the number of the file.
    """
    grouped: dict[str, list[Delivered]] = {}
    for delivered in layers:
        grouped.setdefault(delivered.source, []).append(delivered)
    return {
        name: parts[0]
        if len(parts) == 1
        else replace(
            parts[0],
            file="",
            layer="",
            frame=pd.concat([part.frame for part in parts]),
            raw=pd.concat([part.raw for part in parts]),
            positions=_positions(parts),
            facts=None,
        )
        for name, parts in grouped.items()
    }


def _positions(parts: Sequence[Delivered]) -> pd.DataFrame | None:
    """Return where the values of several files stand in their sheets."""
    known = [part.positions for part in parts if part.positions is not None]
    return pd.concat(known).fillna(-1) if known else None


def feature_ids(delivered: Delivered, specs: Mapping[str, Mapping[str, Any]]) -> pd.Series:
    """Say what people call each feature: the first code of its source that the file has.

    Parameters
    ----------
    delivered, specs
        A layer, and what fields.toml says of its source.

    Returns
    -------
    Series of str
        By row; missing where a feature has no code, all missing where the file has none.
    """
    frame = delivered.frame
    codes = [c for c, spec in specs.items() if spec.get("type") == "code" and c in frame]
    nothing = pd.Series(None, frame.index, dtype="str")
    return frame[codes[0]].astype("str") if codes else nothing
