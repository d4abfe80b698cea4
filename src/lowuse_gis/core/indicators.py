"""Amounts and indicators of indicators.toml: three-valued, by town and in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import FALSE, TRUE, Evaluator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

ALL = "*"  # the key of the whole district
NOWHERE = ""  # the key of what lies in no town that is known
FIGURES, SURVEY = "figures", "survey"


@dataclass(frozen=True)
class Value:
    """A number that may not be known, or only from below.

    Attributes
    ----------
    number
        NaN where it is not known.
    lacking
        How many lines are not known; the number is what it is at least where there are any.
    ask
        Bodies that know what is missing; empty where nothing is.
    """

    number: float
    lacking: int = 0
    ask: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a number at all."""
        return not np.isnan(self.number)


def amount(
    spec: Mapping[str, Any], table: pd.DataFrame | None, towns: Sequence[str]
) -> dict[str, Value]:
    """Sum or count the lines of a table, town by town.

    Parameters
    ----------
    spec
        An entry of ``[[amount]]``.
    table
        Its lines with ``town_code``; None where nobody supplied it.
    towns
        Codes of the towns that are told.

    Returns
    -------
    dict
        By town, of `NOWHERE` and of `ALL`. A line whose condition or value is not known is not
        summed and makes the number a lower bound.
    """
    ask = (str(spec["ask"]),)
    keys = [*towns, NOWHERE]
    if table is None:
        return dict.fromkeys([*keys, ALL], Value(np.nan, 0, ask))
    if spec["table"] == FIGURES:
        return _figure(table[table["figure"] == spec["figure"]], keys, ask)
    truth = _truth(spec, table)
    values = table[spec["sum"]] if spec.get("sum") else pd.Series(1.0, index=table.index)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    counted = (truth == TRUE) & ~np.isnan(numbers)
    lacks = (truth != FALSE) & ~counted
    place = table["town_code"].where(table["town_code"].isin(list(towns)), NOWHERE)
    lines = pd.DataFrame(
        {"at": place, "number": np.where(counted, numbers, 0.0), "n": counted, "lacks": lacks}
    )
    sums = lines.groupby("at").sum()
    found = {str(key): _value(number, n, lacks, ask) for key, number, n, lacks in sums.itertuples()}
    absent = Value(np.nan, 0, ask) if spec["table"] == SURVEY else Value(0.0)
    by_town = {key: found.get(key, absent) for key in keys}
    if NOWHERE not in found:
        by_town[NOWHERE] = Value(0.0)
    unsaid = sum(not by_town[key].known for key in towns if key not in found)
    whole = _value(lines["number"].sum(), int(counted.sum()), int(lacks.sum()) + unsaid, ask)
    return by_town | {ALL: whole}


def _truth(spec: Mapping[str, Any], table: pd.DataFrame) -> NDArray[np.int8]:
    if not spec.get("when"):
        return np.full(len(table), TRUE, dtype=np.int8)
    condition = parse_condition(spec["when"], set(table), set(), f"indicators.toml: {spec['code']}")
    evaluator = Evaluator(table[list(condition.columns)], pd.DataFrame(index=table.index))
    return evaluator.truths([condition])[0]


def _value(number: float, counted: int, lacking: int, ask: tuple[str, ...]) -> Value:
    if not lacking:
        return Value(float(number))
    return Value(float(number) if counted else np.nan, int(lacking), ask)


def _figure(lines: pd.DataFrame, keys: Sequence[str], ask: tuple[str, ...]) -> dict[str, Value]:
    """Return what was stated: of the whole district where no town is named."""
    stated = dict(zip(lines["town_code"], lines["value"], strict=True))
    unknown = Value(np.nan, 0, ask)
    found = {key: Value(float(stated[key])) if key in stated else unknown for key in keys if key}
    whole = Value(float(stated[""])) if "" in stated else unknown
    return found | {NOWHERE: unknown, ALL: whole}


def quotient(value: Value, per: Value | None, factor: float) -> Value:
    """Return value × factor ÷ per.

    Parameters
    ----------
    value, per
        Amounts; None for no divisor.
    factor
        A number.

    Returns
    -------
    Value
        Not known where the divisor is zero, not known or known from below only.

    Examples
    --------
    >>> quotient(Value(3.0), Value(4.0), 100)
    Value(number=75.0, lacking=0, ask=())
    >>> quotient(Value(3.0), Value(4.0, 2, ("towns",)), 100).known
    False
    """
    ask = tuple(dict.fromkeys((*value.ask, *(per.ask if per else ()))))
    if per is None:
        return Value(value.number * factor, value.lacking, ask)
    if not per.known or per.lacking or per.number == 0:
        return Value(np.nan, value.lacking, ask)
    return Value(value.number * factor / per.number, value.lacking, ask)


def indicators(
    spec: Mapping[str, Any],
    codes: Sequence[str],
    tables: Mapping[str, pd.DataFrame | None],
    towns: Sequence[str],
) -> dict[str, dict[str, Value]]:
    """Compute indicators in all and by town.

    Parameters
    ----------
    spec
        ``indicators.toml``.
    codes
        Which ones.
    tables
        Lines by the name of the table; None for one that nobody supplied.
    towns
        Codes of the towns that are told.

    Returns
    -------
    dict
        Code to town, `NOWHERE` and `ALL` to value.
    """
    entries = {entry["code"]: entry for entry in spec["indicator"]}
    amounts = {e["code"]: amount(e, tables[e["table"]], towns) for e in spec["amount"]}
    found = {}
    for code in codes:
        entry = entries[code]
        upper, lower = amounts[entry["amount"]], amounts.get(entry.get("per", ""))
        found[code] = {
            key: quotient(value, lower[key] if lower else None, entry.get("factor", 1))
            for key, value in upper.items()
        }
    return found
