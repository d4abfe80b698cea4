"""Put the files of a source one under the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        )
        for name, parts in grouped.items()
    }
