"""Values and templates written out for people."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.lookup import mapped
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIST_MARK = "、"
TRUTHS = {True: ("是", "yes"), False: ("否", "no")}


def written_number(value: float, unit: str = "") -> str:
    """Write a number with at most four decimals and its unit.

    Parameters
    ----------
    value
        The number; NaN is written as a dash.
    unit
        What stands behind it.

    Returns
    -------
    str

    Examples
    --------
    >>> written_number(12345.6, "m²"), written_number(0.42), written_number(float("nan"))
    ('12,345.6 m²', '0.42', '—')
    """
    if np.isnan(value):
        return "—"
    text = f"{value:,.4f}" if unit else f"{value:.4f}"  # a year has no thousands
    text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}".rstrip()


def written(values: pd.Series, unit: str, labels: Mapping[str, tuple[str, str]]) -> pd.Series:
    """Write a column out.

    Parameters
    ----------
    values
        A column of any standard type.
    unit
        Its unit.
    labels
        Labels of its codes, Chinese and English; empty where it has none.

    Returns
    -------
    Series of str
        A dash where a value is missing. Every distinct value is written once.
    """
    distinct = pd.Series(values.unique())
    known = distinct[distinct.notna()]
    if known.map(lambda value: isinstance(value, bool | np.bool_)).all() and len(known):
        texts = {value: pick(*TRUTHS[bool(value)]) for value in known}
    elif known.dtype.kind in "fi":
        texts = {value: written_number(float(value), unit) for value in known}
    else:
        texts = {value: pick(*labels[value]) if value in labels else str(value) for value in known}
    return mapped(values, texts).astype("str").where(values.notna(), "—")


def names_in(template: str) -> set[str]:
    """Return the field names of a template.

    Parameters
    ----------
    template
        Text with field names in braces.

    Returns
    -------
    set of str
        Without thresholds.

    Examples
    --------
    >>> sorted(names_in("{area} of {owner}, at least {:area_min}"))
    ['area', 'owner']
    """
    return {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}


def filled(template: str, index: pd.Index, column: Callable[[str], pd.Series]) -> pd.Series:
    """Fill a template such as ``现状容积率 {plot_ratio}`` for many rows at once.

    Parameters
    ----------
    template
        Text with field names in braces.
    index
        The rows.
    column
        Gives the written column of a field name; of a threshold by its name behind a colon.

    Returns
    -------
    Series of str
    """
    text = pd.Series("", index=index, dtype="str")
    for literal, name, spec, _conversion in Formatter().parse(template):
        text = text + literal
        if name is not None:
            text = text + column(name or f":{spec}")
    return text


def written_list(values: pd.Series, name_of: Callable[[str], str]) -> pd.Series:
    """Write lists of codes such as ``plot_ratio;tax_per_mu`` with their names.

    Parameters
    ----------
    values
        Codes joined by semicolons; empty or missing for none.
    name_of
        Gives the name of a code.

    Returns
    -------
    Series of str
    """
    texts = {
        value: LIST_MARK.join(name_of(code) for code in value.split(";") if code)
        for value in values.dropna().unique()
    }
    return mapped(values, texts).fillna("").astype("str")
