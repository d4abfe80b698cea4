"""Unified social credit codes (GB 32100-2015): right, wrong, or of the old kind."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.cn import uscc

from lowuse_gis.core.values import as_codes

VALID, INVALID, OLD = "valid", "invalid", "old"
OLD_LENGTH = 15  # business registration numbers before 2015
LENGTH, PLACE_DIGITS = 18, 8
SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"  # their places are the values
NO_SIGN = 255
WEIGHTS = np.array([pow(3, at, len(SIGNS)) for at in range(LENGTH - 1)] + [1])


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
    states = pd.Series(_states(uniques), dtype="str")
    return pd.Series(states.reindex(at).to_numpy(), index=values.index, dtype="str")


def _states(codes: pd.Index) -> np.ndarray:
    """Judge codes of eighteen plain signs together, and others one by one."""
    texts = pa.array(codes, pa.large_string())
    plain = pc.and_(pc.equal(pc.binary_length(texts), LENGTH), pc.string_is_ascii(texts))
    states = np.full(len(codes), INVALID, dtype=object)
    is_plain = plain.to_numpy(zero_copy_only=False)
    signs = "".join(texts.filter(plain).to_pylist()).encode("ascii")
    states[np.flatnonzero(is_plain)[_are_right(signs)]] = VALID
    for at in np.flatnonzero(~is_plain):
        states[at] = _state(codes[at])
    return states


def _are_right(signs: bytes) -> np.ndarray:
    """Say which codes of eighteen signs are right, after the formula of GB 32100-2015, 4.3."""
    value = np.full(256, NO_SIGN, dtype=np.int64)
    value[np.frombuffer(SIGNS, dtype=np.uint8)] = np.arange(len(SIGNS))
    values = value[np.frombuffer(signs, dtype=np.uint8)].reshape(-1, LENGTH)
    digits = (values[:, :PLACE_DIGITS] < 10).all(axis=1)  # noqa: PLR2004
    summed = values @ WEIGHTS % len(SIGNS) == 0
    right: np.ndarray = digits & summed & (values != NO_SIGN).all(axis=1)
    return right


@lru_cache(maxsize=1 << 20)  # the same firms stand in many tables
def _state(code: str) -> str:
    if len(code) == OLD_LENGTH and code.isdigit():
        return OLD
    return VALID if uscc.is_valid(code) else INVALID
