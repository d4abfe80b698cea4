"""How values are written: codes a spreadsheet turned into numbers, odd signs, impossible dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.values import as_days, as_text, half_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 1e15  # whole numbers beyond lose digits in a spreadsheet
SCIENTIFIC = r"\d(?:\.\d+)?[eE]\+?\d+"
WHOLE_DATE = r"\d{4}\D{1,2}\d{1,2}\D{1,2}\d{1,2}\D?|\d{8}"


def value_faults(raw: pd.Series, kind: str) -> pd.Series:
    """Name what is wrong with how each value is written.

    Parameters
    ----------
    raw
        Values as the file has them.
    kind
        ``text``, ``code``, ``number`` or ``date``.

    Returns
    -------
    Series of str
        ``mangled`` for a code that became a number with lost digits, ``unreadable`` for a date
        that is none, ``full_width`` for full-width signs in what is no text, ``spaces`` for
        spaces around a value or inside a code; empty where nothing is wrong. The gravest first.

    Examples
    --------
    >>> value_faults(pd.Series(["9.11202E+17", "１2", " 7", "8"]), "code").tolist()
    ['mangled', 'full_width', 'spaces', '']
    >>> value_faults(pd.Series(["2023-02-30", "2023年2月"]), "date").tolist()
    ['unreadable', '']
    """
    text = as_text(raw)
    given = raw.astype("str").where(raw.notna(), "")
    faults = pd.Series("", index=raw.index, dtype="str")
    inner = text.str.contains(r"\s", na=False) if kind == "code" else False
    faults = faults.mask(text.notna() & ((given.str.strip() != given) | inner), "spaces")
    if kind == "text":
        return faults
    half = half_width(text)
    faults = faults.mask(text.notna() & (half != text), "full_width")
    if kind == "code":
        shown = half.str.fullmatch(SCIENTIFIC).fillna(value=False).astype(bool)
        number = _are_floats(raw)
        number[number] = pd.to_numeric(half[number], errors="coerce").to_numpy() >= EXACT
        faults = faults.mask(shown | number, "mangled")
    if kind == "date":
        whole = half.str.fullmatch(WHOLE_DATE).fillna(value=False).astype(bool)
        faults = faults.mask(whole & as_days(half).isna(), "unreadable")
    return faults


def _are_floats(raw: pd.Series) -> NDArray[np.bool_]:
    """Say which values came as floating numbers; among texts there is none."""
    if isinstance(raw.dtype, pd.StringDtype):
        return np.zeros(len(raw), dtype=bool)
    return np.array([isinstance(value, float | np.floating) for value in raw], dtype=bool)
