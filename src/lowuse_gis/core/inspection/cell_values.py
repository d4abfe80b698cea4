"""How values are written: stand-ins until read from one place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lowuse_gis.core.values import as_text

EXACT = 1e15  # whole numbers beyond lose digits in a spreadsheet


def value_faults(raw: pd.Series, kind: str) -> pd.Series:
    """Name what is wrong with how each value is written."""
    text = as_text(raw)
    given = raw.astype("str").where(raw.notna(), "")
    half = text.str.normalize("NFKC")
    faults = pd.Series("", index=raw.index, dtype="str")
    inner = text.str.contains(r"\s", na=False) if kind == "code" else False
    faults = faults.mask(text.notna() & ((given.str.strip() != given) | inner), "spaces")
    if kind != "text":
        faults = faults.mask(text.notna() & (half != text), "full_width")
    if kind == "code":
        number = pd.to_numeric(half, errors="coerce")
        shown = half.str.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+").fillna(value=False).astype(bool)
        wide = pd.Series(raw.map(lambda v: isinstance(v, float | np.floating)), raw.index)
        faults = faults.mask(shown | (wide.astype(bool) & (number >= EXACT)), "mangled")
    return faults
