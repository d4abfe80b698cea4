"""Mend how values are written, where their meaning is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.core.values import as_codes, as_domain, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Domain = Callable[[str], Mapping[str, Any]]

TEXT = ("text", "3208")
COLUMNS = ("position", "column", "before", "after")


def mend_texts(
    raw: pd.DataFrame, specs: Mapping[str, Mapping[str, Any]], domain: Domain
) -> pd.DataFrame:
    """Find the cells that ought to be written otherwise.

    Parameters
    ----------
    raw
        Cells as the file has them, under standard columns.
    specs
        Per standard column what fields.toml says of it.
    domain
        Returns code to labels of a code list by its name.

    Returns
    -------
    DataFrame
        ``position``, ``column``, ``before`` and ``after``: spaces around text go; in codes
        full-width signs become half-width and spaces go; a label becomes its code, and small
        letters capital ones, where only that makes it a code of the list or of the right form.
        Numbers and dates are never touched.
    """
    parts = [
        _column(raw[column], spec, domain).assign(column=column)
        for column, spec in specs.items()
        if column in raw and spec.get("type", "text") in {"text", "code"}
    ]
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    return pd.concat(kept, ignore_index=True)[list(COLUMNS)]


def _column(cells: pd.Series, spec: Mapping[str, Any], domain: Domain) -> pd.DataFrame:
    written = cells.map(lambda cell: isinstance(cell, str)).to_numpy(dtype=bool)
    at, uniques = pd.factorize(cells.where(written))
    values = pd.Series(uniques, dtype=object)
    wanted = _codes(values, spec, domain) if spec.get("type") == "code" else as_text(values)
    wanted = wanted.astype(object).where(wanted.notna(), "")
    different = (wanted != values) & ~((wanted == "") & (values.astype("str").str.strip() != ""))
    rows = pd.DataFrame({"position": range(len(cells)), "at": at})
    rows = rows[(rows["at"] >= 0)]
    rows = rows[different.to_numpy()[rows["at"].to_numpy()]]
    return pd.DataFrame(
        {
            "position": rows["position"].to_numpy(),
            "before": values.to_numpy()[rows["at"]],
            "after": wanted.to_numpy()[rows["at"]],
        }
    )


def _codes(values: pd.Series, spec: Mapping[str, Any], domain: Domain) -> pd.Series:
    codes = as_codes(values)
    known = domain(spec["domain"]) if "domain" in spec else {}
    if known:
        labels = {str(label): code for code, both in known.items() for label in both}
        coded = as_domain(codes, {**labels, **spec.get("values", {})})
        codes = coded.where(coded.isin(list(known)), codes)
    upper = codes.str.upper()
    fits = upper.isin(list(known))
    if "pattern" in spec:
        fits |= upper.str.fullmatch(spec["pattern"]).fillna(value=False).astype(bool)
    return upper.where(fits, codes)
