"""Columns handed to Arrow as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NOWHERE = -1  # place of what is not there


def in_arrow(
    values: pd.Series | pd.Index, dtype: pa.DataType | None = None
) -> pa.Array | pa.ChunkedArray:
    """Hand a column to Arrow by its array.

    Arrow asks what it is given for a method; a Series looks for its name among its rows, and for
    this takes names that are texts out of Arrow one by one.

    Parameters
    ----------
    values
        A column; NaN, NaT, None and NA become null.
    dtype
        What is to come of it; found out where None.

    Returns
    -------
    Array, or ChunkedArray
        In several chunks where pandas keeps it so.

    Examples
    --------
    >>> import pandas as pd
    >>> in_arrow(pd.Series(["a", None], ["x", "y"])).to_pylist()
    ['a', None]
    """
    array = values.array
    held = array if hasattr(array, "__arrow_array__") else values.to_numpy()
    return pa.array(held, dtype, from_pandas=True)


def texts_of(values: pd.Series) -> pa.LargeStringArray:
    """Return texts as one Arrow array; pandas keeps what it put together in several.

    Parameters
    ----------
    values
        Texts; NaN, None and NA become null.

    Returns
    -------
    LargeStringArray
    """
    texts = in_arrow(values, pa.large_string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def places_in(
    texts: pa.Array | pa.ChunkedArray, known: pa.Array | pa.ChunkedArray
) -> NDArray[np.int64]:
    """Find the place of each text among others; pandas takes both out of Arrow.

    Parameters
    ----------
    texts
        What is looked for; null is nowhere.
    known
        The others; of one that comes again the first place counts.

    Returns
    -------
    ndarray of int
        From 0; -1 where it is not there.

    Examples
    --------
    >>> places_in(pa.array(["b", None, "c"]), pa.array(["a", None, "b"])).tolist()
    [2, -1, -1]
    """
    found = pc.index_in(texts, value_set=known, skip_nulls=True).fill_null(NOWHERE)
    return np.asarray(found).astype(np.int64)
