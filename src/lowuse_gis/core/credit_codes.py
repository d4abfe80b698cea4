"""Unified social credit codes (GB 32100-2015): right, wrong, or of the old kind."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
from stdnum.cn import uscc

from lowuse_gis.core.values import as_codes

VALID, INVALID, OLD = "valid", "invalid", "old"
OLD_LENGTH = 15  # business registration numbers before 2015


def credit_code_state(values: pd.Series) -> pd.Series:
    """Say of each code whether its check digits are right.

    Parameters
    ----------
    values
        Codes as text.

    Returns
    -------
    Series of str
        ``valid``, ``invalid``, or ``old`` for fifteen digits; missing where there is none.

    Examples
    --------
    >>> credit_code_state(pd.Series(["91110000600037341L", "91110000600037342L", None])).tolist()
    ['valid', 'invalid', nan]
    """
    codes = as_codes(values).str.upper()
    at, uniques = pd.factorize(codes)
    states = pd.Series([_state(code) for code in uniques], dtype="str")
    return pd.Series(states.reindex(at).to_numpy(), index=values.index, dtype="str")


@lru_cache(maxsize=1 << 20)  # the same firms stand in many tables
def _state(code: str) -> str:
    if len(code) == OLD_LENGTH and code.isdigit():
        return OLD
    return VALID if uscc.is_valid(code) else INVALID
