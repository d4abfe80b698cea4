"""Rows of totals held against the rows they sum up."""

from __future__ import annotations

import numpy as np
import pandas as pd


def row_totals(values: pd.Series, total: pd.Series, part: pd.Series) -> pd.DataFrame:
    """Hold each row of totals against the rows that it may sum up.

    Parameters
    ----------
    values
        Numbers of one column of a sheet, from top to bottom; missing where a cell is empty.
    total
        Which rows are totals.
    part
        Which of these sum up a part only (小计).

    Returns
    -------
    DataFrame
        One row per total that has a number: its position, its value, the sum it comes nearest to
        and the difference. A total may sum up all rows above it, those since the total before, or
        those since the last total that is no part; the first row, all rows below it.

    Examples
    --------
    >>> values = pd.Series([3.0, 4.0, 8.0])
    >>> total = pd.Series([False, False, True])
    >>> row_totals(values, total, total & False).to_numpy().tolist()
    [[2.0, 8.0, 7.0, 1.0]]
    """
    number, is_total = values.to_numpy(dtype=float), total.to_numpy(dtype=bool)
    data = ~is_total
    running = np.concatenate([[0.0], np.cumsum(np.where(data, np.nan_to_num(number), 0.0))])
    rows = np.cumsum(data)
    at = np.flatnonzero(is_total & ~np.isnan(number))
    above = running[at]
    since_any = above - running[_before(is_total, at)]
    since_whole = above - running[_before(is_total & ~part.to_numpy(dtype=bool), at)]
    first = rows[at] == 0
    below = np.where(first, running[-1], np.nan)
    stacked = np.stack([np.where(first, np.nan, s) for s in (above, since_any, since_whole)])
    candidates = np.vstack([stacked, below[None, :]])
    away = np.abs(candidates - number[at])
    nearest = np.argmin(np.where(np.isnan(away), np.inf, away), axis=0)
    found = candidates[nearest, np.arange(len(at))]
    return pd.DataFrame(
        {
            "at": at,
            "value": number[at],
            "sum": found.round(6),
            "difference": np.abs(found - number[at]).round(6),
        }
    )


def _before(marked: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return for each position that of the last mark before it, 0 where there is none."""
    places = np.where(marked, np.arange(len(marked)), -1)
    last = np.concatenate([[-1], np.maximum.accumulate(places)])[:-1]
    return np.maximum(last[at], 0)
