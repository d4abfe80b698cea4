"""The attributes of a layer: its columns without the shapes."""

from __future__ import annotations

import pandas as pd


def attributes_of(layer: pd.DataFrame) -> pd.DataFrame:
    """Return a layer as a plain table.

    Parameters
    ----------
    layer
        A layer; a table that has no shapes stays as it is.

    Returns
    -------
    DataFrame
        Its columns but ``geometry``. Nothing is copied: a column dropped from a GeoDataFrame
        itself has all its numbers copied twice.

    Examples
    --------
    >>> attributes_of(pd.DataFrame({"row": ["1:1"], "geometry": [None]})).columns.tolist()
    ['row']
    """
    return pd.DataFrame(layer).drop(columns="geometry", errors="ignore")
