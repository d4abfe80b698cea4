"""Ranges as plans write them: ``≤2.0,＞1.5``, ``1.5-2.0``, ``不大于2.0``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBER = r"(\d+(?:\.\d+)?)"
BETWEEN = re.compile(NUMBER + r"(?:-|~|至|到|—|–)" + NUMBER)
UPPER = re.compile(
    r"(?:<=?|≤|≦|不大于|不高于|不超过|小于等于|小于|低于|上限)"
    + NUMBER
    + "|"
    + NUMBER
    + r"(?:以下|>=?|≥)"
)
LOWER = re.compile(
    r"(?:>=?|≥|≧|不小于|不低于|不少于|大于等于|大于|高于|下限)"
    + NUMBER
    + "|"
    + NUMBER
    + r"(?:以上|<=?|≤)"
)
ALONE = re.compile(NUMBER)
HALF_WIDTH = str.maketrans("＜＞＝～－，；．", "<>=~-,;.")


def limits(text: str) -> tuple[float, float]:
    """Read a lower and an upper limit.

    Parameters
    ----------
    text
        As a plan writes it; full-width signs are read too. A number alone is an upper limit.

    Returns
    -------
    lower, upper : float
        NaN where the text gives none, or contradicts itself.

    Examples
    --------
    >>> limits("≤2.0,＞1.5"), limits("1.5～2.5"), limits("0.8≤FAR≤1.2"), limits("2.0以下")
    ((1.5, 2.0), (1.5, 2.5), (0.8, 1.2), (nan, 2.0))
    >>> limits("2"), limits("待定"), limits("≥3,≤2")
    ((nan, 2.0), (nan, nan), (nan, nan))
    """
    plain = re.sub(r"\s", "", text.translate(HALF_WIDTH))
    if between := BETWEEN.search(plain):
        low, high = sorted((float(between[1]), float(between[2])))
        return low, high
    upper = [float(a or b) for a, b in UPPER.findall(plain)]
    lower = [float(a or b) for a, b in LOWER.findall(plain)]
    if not upper and not lower:
        alone = ALONE.fullmatch(plain)
        return np.nan, float(alone[1]) if alone else np.nan
    low, high = max(lower, default=np.nan), min(upper, default=np.nan)
    return (np.nan, np.nan) if low > high else (low, high)


def limits_of(texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read the limits of a column, each text once.

    Parameters
    ----------
    texts
        May be missing.

    Returns
    -------
    lower, upper : ndarray of float
    """
    at, distinct = pd.factorize(texts)
    pairs = np.array([limits(str(text)) for text in distinct] + [(np.nan, np.nan)])
    return pairs[at, 0], pairs[at, 1]
