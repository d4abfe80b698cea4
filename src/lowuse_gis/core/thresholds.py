"""Thresholds that differ by town, park and industry, resolved per parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SELECTORS = ("town", "zone", "industry")  # the later weighs more where counts are equal
GENERAL = -1


def resolve_thresholds(
    rows: pd.DataFrame, names: Iterable[str], selectors: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the threshold row that applies to each parcel.

    Parameters
    ----------
    rows
        Threshold rows: ``name``, ``value`` and the selectors, empty text where a row does not
        select. The row with most selectors wins, then industry before zone before town.
    names
        Thresholds wanted.
    selectors
        Per parcel: ``town``, ``zone``, ``industry`` (its digits select, by prefix); missing
        where not known.

    Returns
    -------
    values : DataFrame of float
        A column per name. Missing where a more special row might apply but the selector of the
        parcel is not known: a missing value never counts as false.
    chosen : DataFrame of int
        Position of the row in `rows`, -1 where none.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["t", "t"], "value": [5.0, 3.0], "town": ["", "901"],
    ...                      "zone": ["", ""], "industry": ["", ""]})
    >>> parcels = pd.DataFrame({"town": ["900", "901", None], "zone": None, "industry": None})
    >>> resolve_thresholds(rows, ["t"], parcels)[0]["t"].tolist()
    [5.0, 3.0, nan]
    """
    values, chosen = {}, {}
    for name in names:
        value = np.full(len(selectors), np.nan)
        position = np.full(len(selectors), GENERAL)
        for at in _by_weight(rows[rows["name"] == name]):
            fits, may_fit = _fit(rows.loc[at], selectors)
            value[may_fit], position[may_fit] = np.nan, GENERAL
            value[fits], position[fits] = rows.at[at, "value"], rows.index.get_loc(at)
        values[name], chosen[name] = value, position
    return (
        pd.DataFrame(values, index=selectors.index, copy=False),
        pd.DataFrame(chosen, index=selectors.index, copy=False),
    )


def unknown_selectors(
    rows: pd.DataFrame, values: pd.DataFrame, selectors: pd.DataFrame
) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Say which selectors of a parcel leave a threshold unknown.

    Parameters
    ----------
    rows, selectors
        As for `resolve_thresholds`.
    values
        What it returned.

    Returns
    -------
    dict
        Per threshold, selector to a mark for each parcel.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["t", "t"], "value": [5.0, 3.0], "town": ["", "901"],
    ...                      "zone": ["", ""], "industry": ["", ""]})
    >>> parcels = pd.DataFrame({"town": ["900", None], "zone": None, "industry": None})
    >>> values, _chosen = resolve_thresholds(rows, ["t"], parcels)
    >>> {s: mark.tolist() for s, mark in unknown_selectors(rows, values, parcels)["t"].items()}
    {'town': [False, True]}
    """
    lacking = {selector: selectors[selector].isna().to_numpy() for selector in SELECTORS}
    using = {s: set(rows["name"].to_numpy()[(rows[s] != "").to_numpy()]) for s in SELECTORS}
    found: dict[str, dict[str, NDArray[np.bool_]]] = {}
    for name in values:
        open_ = values[name].isna().to_numpy()
        found[str(name)] = {s: open_ & lacking[s] for s in SELECTORS if name in using[s]}
    return found


def weight(row: pd.Series) -> tuple[int, ...]:
    """Say how special a threshold row is, for ordering and for finding ties.

    Parameters
    ----------
    row
        One row of thresholds.csv.

    Returns
    -------
    tuple of int
        Number of selectors, then the digits of the industry, zone and town as 0 or 1.
    """
    town, zone, industry = (row[selector] for selector in SELECTORS)
    count = sum(text != "" for text in (town, zone, industry))
    return (count, len(industry), int(zone != ""), int(town != ""))


def threshold_labels(thresholds: pd.DataFrame) -> NDArray[np.object_]:
    """Name every row of the thresholds by its selectors.

    Parameters
    ----------
    thresholds
        The rulebook's rows.

    Returns
    -------
    ndarray of object
        In the order of the rows.
    """
    labels = []
    for row in thresholds.to_dict("records"):
        chosen = [f"{s}={row[s]}" for s in SELECTORS if row[s]]
        labels.append(row["name"] + (f"[{','.join(chosen)}]" if chosen else ""))
    return np.array(labels, dtype=object)


def _by_weight(rows: pd.DataFrame) -> list[int]:
    return sorted(rows.index, key=lambda at: weight(rows.loc[at]))


def _fit(row: pd.Series, selectors: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    fits = np.ones(len(selectors), dtype=bool)
    excluded = np.zeros(len(selectors), dtype=bool)
    for selector in SELECTORS:
        wanted = row[selector]
        if not wanted:
            continue
        actual = selectors[selector].astype("str")
        if selector == "industry":  # with or without the letter of its section
            actual = actual.str.replace(r"\D", "", regex=True)
        known = selectors[selector].notna().to_numpy()
        same = actual.str.startswith(wanted) if selector == "industry" else actual == wanted
        fits &= known & same.fillna(value=False).to_numpy(dtype=bool)
        excluded |= known & ~same.fillna(value=False).to_numpy(dtype=bool)
    return fits, ~fits & ~excluded
