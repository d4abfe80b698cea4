"""Doubtful cells: missing, unlisted, out of range, malformed, unreadable, badly written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.inspection.cell_places import cells_of
from lowuse_gis.core.inspection.cell_values import value_faults
from lowuse_gis.core.values import as_codes, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lowuse_gis.model import Delivered

    Domain = Callable[[str], Mapping[str, object]]
    Mask = np.ndarray

COLUMNS = ("row", "column", "fault", "text", "cell")
CONVERTED = ("number", "date")
WRITTEN = ("full_width", "spaces")


def cell_faults(
    delivered: Delivered, specs: Mapping[str, Mapping[str, Any]], domain: Domain
) -> pd.DataFrame:
    """List the doubtful cells of a layer.

    Parameters
    ----------
    delivered
        The layer.
    specs
        Per standard column what fields.toml says of it.
    domain
        Returns the codes of a code list by its name.

    Returns
    -------
    DataFrame
        ``row``, ``column`` (standard), ``fault``, ``text`` as the file has it, and ``cell`` where
        the file is a table; one line per fault, column by column. A cell of a line that holds
        several years counts once.
    """
    parts = [
        _column(delivered, column, spec, domain)
        for column, spec in specs.items()
        if column in delivered.raw and column in delivered.frame
    ]
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return pd.concat(kept).drop_duplicates(ignore_index=True)


def _column(
    delivered: Delivered, column: str, spec: Mapping[str, Any], domain: Domain
) -> pd.DataFrame:
    raw, typed = delivered.raw[column], delivered.frame[column]
    codes, uniques = pd.factorize(raw, use_na_sentinel=False)
    values = pd.Series(uniques)
    _codes, at = np.unique(codes, return_index=True)
    first = pd.Series(typed.to_numpy(dtype=object)[at])
    faults = _faults(values, first, spec, domain, _width(delivered, column))
    wrong = np.logical_or.reduce([*faults.values(), np.zeros(len(values), bool)])
    texts = np.full(len(values), "", dtype=object)
    texts[wrong] = values[wrong].map(_shown)
    rows = [
        pd.DataFrame(
            {
                "row": delivered.frame.index[hit],
                "column": column,
                "fault": fault,
                "text": texts[codes[hit]],
                "cell": _cells(delivered, column, hit),
            }
        )
        for fault, mask in faults.items()
        if (hit := mask[codes]).any()
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))


def _cells(delivered: Delivered, column: str, hit: Mask) -> list[str]:
    rows = delivered.frame.index[hit].tolist()
    if delivered.positions is None or column not in delivered.positions:
        return [""] * len(rows)
    return cells_of(rows, delivered.positions.loc[hit, column].tolist())


def _width(delivered: Delivered, column: str) -> int:
    width = delivered.fields.loc[delivered.fields["column"] == column, "width"]
    return int(width.iloc[0]) if len(width) else 0


def _shown(value: object) -> str:
    """Write a cell as the file has it, spaces too."""
    return "" if pd.isna(value) else str(value)


def _faults(
    values: pd.Series,
    typed: pd.Series,
    spec: Mapping[str, Any],
    domain: Domain,
    width: int,
) -> dict[str, Mask]:
    """Find what is wrong with each distinct value; a value has the first fault that fits."""
    kind = spec.get("type", "text")
    text = as_text(values)
    present = text.notna().to_numpy()
    faults: dict[str, Mask] = {}
    if spec.get("expected"):
        faults["missing"] = ~present
    written = value_faults(values, kind).to_numpy(dtype=object)
    faults["mangled"] = present & (written == "mangled")
    if kind in CONVERTED:
        faults["unreadable"] = present & (pd.isna(typed).to_numpy() | (written == "unreadable"))
    taken = np.logical_or.reduce([*faults.values(), np.zeros(len(values), bool)])
    sound = present & ~taken
    if kind == "code":
        code = as_codes(values)
        faults |= _coded(typed.where(pd.notna(typed), code).astype("str"), spec, domain, sound)
    if kind == "number" and "range" in spec:
        number = pd.to_numeric(typed, errors="coerce").to_numpy(dtype=float)
        low, high = spec["range"]
        with np.errstate(invalid="ignore"):
            faults["out_of_range"] = sound & ((number < low) | (number > high))
    faults |= {name: sound & (written == name) for name in WRITTEN}
    if kind == "text" and width:
        faults["full"] = sound & (_bytes(text) >= width)
    return faults


def _coded(
    code: pd.Series, spec: Mapping[str, Any], domain: Domain, sound: Mask
) -> dict[str, Mask]:
    faults = {}
    known = domain(spec["domain"]) if "domain" in spec else {}
    if known:
        faults["unlisted"] = sound & ~code.isin(list(known)).to_numpy()
    if "pattern" in spec:
        faults["malformed"] = sound & ~code.str.fullmatch(spec["pattern"]).to_numpy(dtype=bool)
    return faults


def _bytes(text: pd.Series) -> np.ndarray:
    """Return the length of each text in bytes of GBK, as the standards count it."""
    return np.array([len(t.encode("gb18030")) if isinstance(t, str) else 0 for t in text])
