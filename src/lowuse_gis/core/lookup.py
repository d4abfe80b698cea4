"""Values looked up by code, and dates turned into months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowuse_gis.core.in_arrow import in_arrow, places_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray


def mapped(values: pd.Series, table: Mapping[Any, Any] | pd.Series) -> pd.Series:
    """Look texts up in a table, each distinct one once; pandas takes every row out of Arrow.

    Parameters
    ----------
    values
        Texts; a missing one stays missing.
    table
        Text to value.

    Returns
    -------
    Series
        On the same index, as ``values.map(table)`` gives it.

    Examples
    --------
    >>> mapped(pd.Series(["a", "b", "a"]), {"a": 1.0}).tolist()
    [1.0, nan, 1.0]
    """
    codes, distinct = pd.factorize(values)
    found = pd.Series(distinct).map(table)
    found = found.reindex(codes) if (codes < 0).any() else found.take(codes)
    return found.set_axis(values.index).rename(values.name)


def by_longest_prefix(codes: pd.Series, values: Mapping[str, object]) -> pd.Series:
    """Look codes up by the longest key that begins them.

    Parameters
    ----------
    codes
        Codes; missing stays missing.
    values
        Prefix to value.

    Returns
    -------
    Series
        On the same index; missing where no prefix fits.

    Examples
    --------
    >>> by_longest_prefix(pd.Series(["2911", "2921"]), {"29": 1.0, "291": 0.8}).tolist()
    [0.8, 1.0]
    """
    distinct = pd.Series(codes.dropna().unique(), dtype="str")
    found = pd.Series(np.nan, index=distinct, dtype=object)
    for length in sorted({len(key) for key in values}):
        exact = distinct.str.slice(0, length).map(values).set_axis(distinct)
        found = exact.where(exact.notna(), found)
    return mapped(codes, found)


def is_among(values: pd.Series, known: pd.Series) -> pd.Series:
    """Say which texts are among many others; pandas takes those out of Arrow one by one.

    Parameters
    ----------
    values
        Texts; a missing one is not among any.
    known
        The others.

    Returns
    -------
    Series of bool
        On the index of `values`.

    Examples
    --------
    >>> is_among(pd.Series(["a", "b", None]), pd.Series(["b", None])).tolist()
    [False, True, False]
    """
    others = in_arrow(known.dropna().astype("str"), pa.large_string())
    column = in_arrow(values.astype("str"), pa.large_string())
    found = pc.is_in(column, value_set=others).to_numpy(zero_copy_only=False)
    return pd.Series(found.astype(bool), index=values.index)


def numbers_at(texts: pd.Series | pd.Index, table: pd.Series) -> NDArray[np.float64]:
    """Look many texts up in a table of as many numbers; pandas takes both out of Arrow.

    Parameters
    ----------
    texts
        What is looked up; missing is in no table.
    table
        Numbers by text, each once.

    Returns
    -------
    ndarray of float
        One for each text, NaN where it is not in the table.

    Examples
    --------
    >>> numbers_at(pd.Index(["b", "c"]), pd.Series([1.0, 2.0], ["a", "b"])).tolist()
    [2.0, nan]
    """
    sought, known = (in_arrow(t.astype("str"), pa.large_string()) for t in (texts, table.index))
    numbers = np.append(table.to_numpy(dtype=float, na_value=np.nan), np.nan)
    return numbers[places_in(sought, known)]  # what is nowhere has the last one


def one_of(which: NDArray[np.bool_], yes: str, no: str, index: pd.Index) -> pd.Series:
    """Give each row one of two texts, in Arrow at once; numpy and pandas make each a text first.

    Parameters
    ----------
    which
        Whether the first counts.
    yes, no
        The texts.
    index
        Of the rows.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> one_of(np.array([True, False]), "a", "b", pd.RangeIndex(2)).tolist()
    ['a', 'b']
    """
    texts = pa.array([no, yes], pa.large_string()).take(pa.array(which.astype(np.int8)))
    return pd.Series(pd.array(texts, dtype="str"), index=index)


def rows_among(rows: pd.Index, known: pd.Index) -> NDArray[np.bool_]:
    """Say which rows of an index are among those of another, as `is_among` does.

    Parameters
    ----------
    rows, known
        Names of rows.

    Returns
    -------
    ndarray of bool
        One for each of `rows`.

    Examples
    --------
    >>> rows_among(pd.Index(["0:1", "0:2"]), pd.Index(["0:2", "1:7"])).tolist()
    [False, True]
    """
    return is_among(rows.to_series(), known.to_series()).to_numpy()


def months_between(start: pd.Series, end: date) -> pd.Series:
    """Count whole months from dates to one date.

    Parameters
    ----------
    start
        Dates (datetime64); missing stays missing.
    end
        The as-of date. From the last day of a month to the last day of another are whole months,
        and so is any day to the last day of a month that has no such day.

    Returns
    -------
    Series of float
        Never less than 0.

    Examples
    --------
    >>> from datetime import date
    >>> dates = pd.Series(pd.to_datetime(["2023-03-31", "2023-04-15", "2022-06-01"]))
    >>> months_between(dates, date(2024, 3, 31)).tolist()
    [12.0, 11.0, 21.0]
    """
    stamp = pd.Timestamp(end)
    whole = (stamp.year - start.dt.year) * 12 + (stamp.month - start.dt.month)
    short = (start.dt.day > stamp.day) & (not stamp.is_month_end)
    return (whole - short.astype(float)).where(start.notna()).clip(lower=0).astype(float)
