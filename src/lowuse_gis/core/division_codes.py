"""Codes of divisions: the first digits of a village's code are its town's (行政区划代码)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TOWN_DIGITS, VILLAGE_DIGITS = 9, 12  # after the six of the county; a survey writes 19 in all


def town_of(codes: pd.Series) -> pd.Series:
    """Return the codes of the towns that places are in.

    Parameters
    ----------
    codes
        Of towns, villages or smaller places; may be missing.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> import pandas as pd
    >>> town_of(pd.Series(["1209980010030000000"])).tolist()
    ['120998001']
    """
    return codes.str.slice(0, TOWN_DIGITS)


def village_of(codes: pd.Series) -> pd.Series:
    """Return the codes of the villages that places are in.

    Parameters
    ----------
    codes
        Of villages or smaller places; may be missing.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> import pandas as pd
    >>> village_of(pd.Series(["1209980010030000000"])).tolist()
    ['120998001003']
    """
    return codes.str.slice(0, VILLAGE_DIGITS)
