"""What an answer of a town refers to: which parcel, whose it is, and which verdict it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

MARK = "[a-f][0-9a-f]{11}"
SURVEY = "survey"
NOWHERE = "未知乡镇"  # names a file, whatever the language


def reviewers(parcels: pd.DataFrame, outside: Collection[str]) -> pd.Series:
    """Say which town, sub-district or park each parcel is reviewed by.

    Parameters
    ----------
    parcels
        With ``zone``, ``town_name`` and ``town_code``.
    outside
        What ``zone`` says of a parcel that is known to be in no park.

    Returns
    -------
    Series of str
        The park where there is one, else the town's name, else its code, else ``未知乡镇``.
    """
    name = _text(parcels["zone"]).str.strip()
    name = name.mask(name.isin(list(outside)), "")
    for column in ("town_name", "town_code"):
        name = name.where(name != "", _text(parcels[column]).str.strip())
    return name.where(name != "", NOWHERE)


def parcel_keys(parcels: pd.DataFrame) -> pd.Series:
    """Name each parcel so that no two have the same name.

    Parameters
    ----------
    parcels
        With ``parcel_code``, indexed by ``row``.

    Returns
    -------
    Series of str
        The code; code and row where the code is missing or stands more than once.

    Examples
    --------
    >>> frame = pd.DataFrame({"parcel_code": ["A", "B", "B", None]}, ["1:1", "1:2", "1:3", "1:4"])
    >>> parcel_keys(frame).tolist()
    ['A', 'B@1:2', 'B@1:3', '@1:4']
    """
    code = _text(parcels["parcel_code"])
    alone = (code != "") & ~code.duplicated(keep=False)
    return code.where(alone, code + "@" + parcels.index.astype("str"))


def matched_rows(codes: pd.Series, rows: pd.Series, parcels: pd.DataFrame) -> pd.Series:
    """Find the parcel that each line speaks of.

    Parameters
    ----------
    codes, rows
        Parcel code and row as the lines have them; missing for none.
    parcels
        With ``parcel_code``, indexed by ``row``.

    Returns
    -------
    Series of str
        The parcel's ``row``: by the code where it stands once, by code and row where it stands
        more than once, by the row where no code is given; missing where there is no such parcel.
    """
    code, row, own = _text(codes), _text(rows), _text(parcels["parcel_code"])
    alone = own[(own != "") & ~own.duplicated(keep=False)]
    by_code = code.map(pd.Series(alone.index.astype("str"), index=alone.to_numpy()))
    pairs = own + "@" + parcels.index.astype("str")
    exact = (code + "@" + row).isin(pairs) | ((code == "") & row.isin(parcels.index))
    return by_code.where(by_code.notna(), row.where(exact)).astype("str")


def fingerprints(parcels: gpd.GeoDataFrame) -> pd.Series:
    """Mark each verdict, so that an answer to another one is noticed.

    Parameters
    ----------
    parcels
        Judged, with geometry, indexed by ``row``.

    Returns
    -------
    Series of str
        Twelve hexadecimal digits of the SHA-256 of parcel, land type, verdict, leaning and the
        criteria met, exclusions among them; from its first letter on, so that no spreadsheet
        program takes it for a number. Survey parcels, whose codes are numbered anew, have their
        area and place in it too.
    """
    leaning = parcels["leaning"].fillna(value=False).astype(bool)
    parts = [parcel_keys(parcels)]
    parts += [_text(parcels[name]) for name in ("land_type", "verdict_rule", "criteria_met")]
    parts += [leaning.map({True: "leaning", False: ""}), _places(parcels)]
    text = parts[0]
    for part in parts[1:]:
        text = text + "|" + part
    return _marks(text)


def parcel_marks(parcels: gpd.GeoDataFrame) -> pd.Series:
    """Mark each parcel, so that an answer about other land is noticed.

    Parameters
    ----------
    parcels
        With area, origin and geometry, indexed by ``row``.

    Returns
    -------
    Series of str
        As in `fingerprints`, of the parcel alone.
    """
    return _marks(parcel_keys(parcels) + "|" + _places(parcels))


def _marks(text: pd.Series) -> pd.Series:
    table = pa.table({"number": np.arange(len(text)), "text": text.astype(object).to_numpy()})
    query = f"SELECT regexp_extract(sha256(text), '{MARK}') AS mark FROM lines ORDER BY number"  # noqa: S608
    with duckdb.connect() as connection:
        connection.register("lines", table)
        marks = connection.sql(query).to_arrow_table()["mark"].to_pandas()
    return pd.Series(marks.to_numpy(dtype=object), index=text.index, dtype="str")


def _places(parcels: gpd.GeoDataFrame) -> pd.Series:
    """Write area and lower left corner of survey parcels, to the metre."""
    corner = np.floor(np.nan_to_num(shapely.bounds(parcels.geometry.to_numpy())[:, :2]))
    area = parcels["area"].fillna(0).round().astype("int64").astype("str")
    x, y = (pd.Series(corner[:, at].astype("int64"), parcels.index).astype("str") for at in (0, 1))
    return (area + "," + x + "," + y).where(parcels["origin"] == SURVEY, "")


def _text(values: pd.Series) -> pd.Series:
    return values.astype("str").fillna("")
