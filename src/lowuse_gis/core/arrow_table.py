"""A table's columns as Arrow arrays, each made when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.database import connection
from lowuse_gis.core.in_arrow import in_arrow

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


class ArrowTable:
    """Columns of a table as Arrow arrays.

    Parameters
    ----------
    frame
        The table; NaN, NaT, None and NA become null.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._columns: dict[str, pa.ChunkedArray] = {}
        self._texts: dict[str, tuple[NDArray[np.int64], NDArray[np.object_]]] = {}

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        """Return a column."""
        if name not in self._columns:
            column = in_arrow(self._frame[name])
            whole = isinstance(column, pa.ChunkedArray)
            self._columns[name] = column if whole else pa.chunked_array([column])
        return self._columns[name]

    def is_number(self, name: str) -> bool:
        """Say whether a column holds numbers.

        Parameters
        ----------
        name
            Of the column.

        Returns
        -------
        bool
        """
        kind = self[name].type
        return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column as numbers.

        Parameters
        ----------
        name
            Of the column.

        Returns
        -------
        ndarray of float
            NaN where it is missing or holds no numbers.
        """
        if not self.is_number(name):
            return np.full(len(self._frame), np.nan)
        return self._frame[name].to_numpy(dtype=float, na_value=np.nan)

    def texts(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Return a column as text, where it does not hold numbers.

        Parameters
        ----------
        name
            Of the column.

        Returns
        -------
        codes : ndarray of int
            Per row the position of its text; -1 where it is missing or a number.
        texts : ndarray of object
            Distinct, as the database writes them.

        Examples
        --------
        >>> import pandas as pd
        >>> table = ArrowTable(pd.DataFrame({"a": [True, None, True]}))
        >>> [part.tolist() for part in table.texts("a")]
        [[0, -1, 0], ['true']]
        """
        if self.is_number(name):
            return np.full(len(self._frame), -1), np.empty(0, dtype=object)
        if name not in self._texts:
            coded = self[name].combine_chunks().dictionary_encode()
            texts = _written(coded.dictionary)
            codes = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)
            self._texts[name] = codes, texts.to_numpy().astype(object)
        return self._texts[name]


def _written(values: pa.Array) -> pa.ChunkedArray:
    """Write values as the database does; text is text already."""
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pa.chunked_array([values])
    with connection() as base:
        base.register("texts", pa.table({"value": values}))
        query = "SELECT CAST(value AS VARCHAR) AS text FROM texts"
        return base.sql(query).to_arrow_table()["text"]
