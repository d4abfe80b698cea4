"""Columns made of others before checks are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.credit_codes import credit_code_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.model import Derived

YES, NO = "yes", "no"


def with_derived(
    table: pd.DataFrame,
    derived: Sequence[Derived],
    source: str,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add the derived columns whose ingredients a table has.

    Parameters
    ----------
    table
        Features with standard columns.
    derived
        What to make, in order; later ones may use earlier ones.
    source
        Name of the layer.
    known
        Values by ``row`` that stand above what is made of the table, where it is a part of a layer
        and they are of the whole; None for none.

    Returns
    -------
    DataFrame
        With the new columns; a value that is missing makes a missing value. A column that cannot
        be made for want of its ingredients is not there.

    Examples
    --------
    >>> from lowuse_gis.model import Derived
    >>> table = pd.DataFrame({"a": [3.0, None], "b": [1.0, 2.0]})
    >>> with_derived(table, [Derived("d", "difference", ("a", "b"))], "x")["d"].tolist()
    [2.0, nan]
    """
    made = table.copy(deep=False)
    for rule in derived:
        if (not rule.layers or source in rule.layers) and set(rule.of) <= set(made.columns):
            values = KINDS[rule.kind](made, rule)
            if known is not None and rule.column in known:
                told = pd.Series(known[rule.column].reindex(made["row"]).to_numpy(), made.index)
                values = told.where(told.notna(), values)
            made[rule.column] = values
    return made


def over_layer(derived: Sequence[Derived], source: str) -> list[Derived]:
    """Choose what takes all features of a layer to be made, and not each by itself.

    Parameters
    ----------
    derived, source
        As for `with_derived`.

    Returns
    -------
    list of Derived
    """
    own = [rule for rule in derived if not rule.layers or source in rule.layers]
    return [rule for rule in own if rule.kind in {"distinct", "group_size"}]


def _difference(table: pd.DataFrame, rule: Derived) -> pd.Series:
    one, other = (table[name].astype(float) for name in rule.of[:2])
    return (one - other).abs().round(4)


def _ratio(table: pd.DataFrame, rule: Derived) -> pd.Series:
    one, other = (table[name].astype(float) for name in rule.of[:2])
    return one / other.where(other > 0)


def _part(table: pd.DataFrame, rule: Derived) -> pd.Series:
    end = rule.start + rule.length
    return table[rule.of[0]].str.slice(rule.start, end)


def _pattern(table: pd.DataFrame, rule: Derived) -> pd.Series:
    text = table[rule.of[0]].astype("str")
    return _worded(text.str.fullmatch(rule.pattern), text.notna())


def _begins(table: pd.DataFrame, rule: Derived) -> pd.Series:
    """Say whether a code begins with another, compared value by distinct pair."""
    pair = table[list(rule.of[:2])].astype("str")
    known = pair.notna().all(axis=1)
    codes, uniques = pd.factorize(pd.MultiIndex.from_frame(pair[known]))
    fits = np.array([str(a).startswith(str(b)) for a, b in uniques], dtype=bool)
    whole = pd.Series(False, index=table.index)
    whole[known] = fits[codes] if len(codes) else False
    return _worded(whole, known)


def _group_size(table: pd.DataFrame, rule: Derived) -> pd.Series:
    columns = list(rule.of)
    known = table[columns].notna().all(axis=1)
    size = pd.Series(np.nan, index=table.index)
    if known.any():
        keys = [table.loc[known, name].astype("str") for name in columns]
        size[known] = keys[0].groupby(keys).transform("size").astype(float)
    return size


def _distinct(table: pd.DataFrame, rule: Derived) -> pd.Series:
    """Count the different values of the second column beside each value of the first."""
    one, other = (table[name].astype("str") for name in rule.of[:2])
    known = one.notna() & other.notna()
    count = pd.Series(np.nan, index=table.index)
    count[known] = other[known].groupby(one[known]).transform("nunique").astype(float)
    return count


def _credit_code(table: pd.DataFrame, rule: Derived) -> pd.Series:
    return credit_code_state(table[rule.of[0]])


def _worded(truth: pd.Series, known: pd.Series) -> pd.Series:
    words = np.where(truth.fillna(value=False).astype(bool), YES, NO)
    return pd.Series(words, index=truth.index, dtype="str").where(known)


def _filled(table: pd.DataFrame, rule: Derived) -> pd.Series:
    values = table[rule.of[0]].astype("str")
    return values.where(values.notna(), rule.default)


KINDS = {
    "begins": _begins,
    "credit_code": _credit_code,
    "difference": _difference,
    "distinct": _distinct,
    "filled": _filled,
    "group_size": _group_size,
    "part": _part,
    "pattern": _pattern,
    "ratio": _ratio,
}
