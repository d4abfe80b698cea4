"""Rows of the check list as a layer, with what the catalogue says of each code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.in_arrow import places_in, texts_of
from lowuse_gis.io.out_layer import Column, OutLayer
from lowuse_gis.io.result_schema import CHECKS
from lowuse_gis.language import _, language

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.model import Rulebook


OFF = "off"  # a check that the rulebook switched off


def catalogued(
    rows: pd.DataFrame | None, parcel_codes: pd.Series, rulebook: Rulebook
) -> pd.DataFrame:
    """Add title, severity, remedy and who mends it, and leave out what is switched off.

    Parameters
    ----------
    rows
        Of `check_rows`; None where there are none.
    parcel_codes
        By ``row``, in the order of the parcels.
    rulebook
        Has checks.csv, and severities of its own.

    Returns
    -------
    DataFrame
        Sorted by code, then by the place of the parcel and in the order given. Those of no parcel
        come last, by file in the order given; those of no file either by note and place, since
        where they are found first hangs on how the district is cut.
    """
    if rows is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name, _t in CHECKS})
    catalogue = rulebook.check_catalogue
    weights = catalogue["severity"].to_dict() | dict(rulebook.checks.severity)
    off = rows["code"].map(weights).to_numpy() == OFF
    rows = rows[~off].reset_index(drop=True) if off.any() else rows.reset_index(drop=True)
    place = places_in(texts_of(rows["row"]), texts_of(parcel_codes.index.to_series()))
    order = _order(rows, place, len(parcel_codes))
    rows, place = rows.take(order).reset_index(drop=True), place[order]
    told = ("title_en", "remedy_en") if language() == "en" else ("title", "remedy")
    known = catalogue[[*told, "body"]].reindex(rows["code"])
    return rows.assign(
        severity=rows["code"].map(weights),
        title=known[told[0]].array,
        remedy=known[told[1]].array,
        body=known["body"].array,
        parcel_code=pd.Series(parcel_codes.astype("str").array.take(place, allow_fill=True)),
    ).fillna({"parcel_code": ""})


def _order(rows: pd.DataFrame, place: NDArray[np.int64], parcels: int) -> NDArray[np.int64]:
    """Order rows so that only what they say decides, not in which part it was found."""
    loose = np.flatnonzero(place < 0)
    told = rows.loc[loose, ["file", "note", "x", "y"]]
    filed = told["file"] != ""
    told = told.assign(
        note=told["note"].mask(filed, ""), x=told["x"].mask(filed), y=told["y"].mask(filed)
    )
    at = np.arange(len(rows))
    at[loose] = told.sort_values(list(told), kind="stable").index
    place = np.where(place < 0, parcels, place)[at]
    code = pd.factorize(rows["code"], sort=True)[0][at]
    return at[np.lexsort((place, code))]


def counted(checks: pd.DataFrame) -> pd.DataFrame:
    """Count check rows by code.

    Parameters
    ----------
    checks
        Of `catalogued`.

    Returns
    -------
    DataFrame
        ``code``, ``severity``, ``title``, ``remedy``, and ``rows``: how many there are.
    """
    texts = ["code", "severity", "title", "remedy"]
    return checks.groupby(texts, sort=True, dropna=False).size().reset_index(name="rows")


def checks_layer(checks: pd.DataFrame) -> OutLayer:
    """Make a layer of points of check rows.

    Parameters
    ----------
    checks
        Of `catalogued`.

    Returns
    -------
    OutLayer
        Without geometry where a row has no place.
    """
    titles = {
        "code": _("code"), "severity": _("severity"), "title": _("check"), "row": _("row"),
        "other": _("other row"), "parcel_code": _("parcel code"), "value": _("value"),
        "limit": _("limit"), "note": _("note"), "remedy": _("remedy"), "body": _("body"),
        "file": _("file"), "cell": _("cell"),
    }  # fmt: skip
    columns = [Column(name, dtype, titles.get(name, "")) for name, dtype in CHECKS]
    return OutLayer("checks", _("checks"), checks, columns, "Point")
