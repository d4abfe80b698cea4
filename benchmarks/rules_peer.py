"""Judging as somebody would write it by hand in pandas: the peer of `rules.py`."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlglot import exp

from lowuse_gis.core.conditions import parsed_criteria
from lowuse_gis.core.thresholds import resolve_thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from lowuse_gis.model import Rulebook

TWO_SIDED = {
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
    exp.And: operator.and_,
    exp.Or: operator.or_,
}


def plain(node: Any, columns: pd.DataFrame, thresholds: pd.DataFrame) -> Any:
    """Evaluate a condition as somebody would write it by hand in pandas."""

    def go(part: Any) -> Any:
        return plain(part, columns, thresholds)

    kind = type(node)
    if kind in TWO_SIDED:
        return TWO_SIDED[kind](go(node.left), go(node.right))
    one_sided: dict[Any, Callable[[], Any]] = {
        exp.Paren: lambda: go(node.this),
        exp.Not: lambda: ~go(node.this),
        exp.Like: lambda: columns[node.this.name].str.startswith(node.expression.name.rstrip("%")),
        exp.Column: lambda: columns[node.name],
        exp.Placeholder: lambda: thresholds[node.name],
        exp.Boolean: lambda: bool(node.this),
        exp.Literal: lambda: node.name if node.is_string else float(node.name),
    }
    return one_sided[kind]()


def nullable(frame: pd.DataFrame) -> pd.DataFrame:
    """Give columns the types whose missing values are neither true nor false."""
    kinds = {"f": "Float64", "b": "boolean"}
    return frame.astype({n: kinds.get(frame[n].dtype.kind, "string") for n in frame})


def plain_verdicts(frame: pd.DataFrame, book: Rulebook, thresholds: pd.DataFrame) -> np.ndarray:
    """Judge in plain pandas."""
    conditions = parsed_criteria(book)
    names = sorted({n for c in conditions.values() for n in c.thresholds} | {"weak_needed"})
    selectors = frame[["town_code", "zone", "industry_code"]]
    selectors = selectors.set_axis(["town", "zone", "industry"], axis=1)
    limits, _chosen = resolve_thresholds(thresholds, names, selectors)
    needed = limits["weak_needed"].to_numpy()
    columns, limits = nullable(frame), nullable(limits)
    met = dict.fromkeys(["strong", "weak", "exclusion", "small", "flag"], 0)
    open_ = dict(met)
    for criterion in book.criteria:
        truth = plain(conditions[criterion.code].tree, columns, limits)
        mine = True
        if criterion.land_type:
            mine = (frame["land_type"] == criterion.land_type).to_numpy(dtype=bool)
        met[criterion.strength] += (truth.fillna(value=False).to_numpy(dtype=bool)) & mine
        open_[criterion.strength] += truth.isna().to_numpy(dtype=bool) & mine
    known = frame["land_type"].notna().to_numpy()
    inside = known & (frame["land_type"] != "other").to_numpy(dtype=bool)
    low = (met["strong"] > 0) | (met["weak"] >= needed)
    clear = (met["exclusion"] == 0) & (open_["exclusion"] == 0)
    never = (met["strong"] + open_["strong"] == 0) & (met["weak"] + open_["weak"] < needed)
    return np.select(
        [
            met["small"] > 0,
            (met["exclusion"] > 0) | (known & ~inside),
            inside & low & clear,
            inside & never,
        ],
        ["too_small", "excluded", "low_use", "not_low_use"],
        "undetermined",
    )
