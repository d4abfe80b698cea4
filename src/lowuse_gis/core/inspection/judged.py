"""Checks judged over tables of measured facts: what is a defect, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lowuse_gis.core.conditions import grammatical
from lowuse_gis.core.evaluation import TRUE, Evaluator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.model import CheckBook, CheckRule

FOUND = (
    "code", "source", "row", "other_row", "column", "cell", "value", "limit", "note", "x", "y",
)  # fmt: skip
GEOMETRY = "geometry"


@dataclass(frozen=True)
class Judged:
    """What checks found in a table.

    Attributes
    ----------
    found
        One row per defect: the columns `FOUND`, ``reads`` (the first column that the check reads
        of the file), ``rule`` and ``at`` (numbers of the check and of the table's row), and
        ``geometry`` where the table has it.
    skipped
        Checks that could not be judged: ``code``, ``source`` and the ``column`` they lack.
    """

    found: pd.DataFrame
    skipped: pd.DataFrame


def rules_over(checks: CheckBook, over: str, source: str) -> list[CheckRule]:
    """Choose the checks that look at a table of a source and are not switched off.

    Parameters
    ----------
    checks
        All that the rulebook says.
    over, source
        The table, and the layer it was measured on.

    Returns
    -------
    list of CheckRule
    """
    return [
        rule
        for rule in checks.rules
        if rule.over == over
        and (not rule.layers or source in rule.layers)
        and checks.severity.get(rule.code) != "off"
    ]


def judged(
    table: pd.DataFrame, rules: Sequence[CheckRule], checks: CheckBook, source: str
) -> Judged:
    """Judge checks over one table, all in one pass.

    Parameters
    ----------
    table
        Measured facts; with ``row``, and as far as known ``other_row``, ``cell``, ``x``, ``y``,
        ``note`` and ``geometry``.
    rules
        The checks over it.
    checks
        Knows the tolerances.
    source
        Name of the layer.

    Returns
    -------
    Judged
        In the order of the checks, then of the table's rows. A condition that is unknown for want
        of a value is no defect.
    """
    conditions = [grammatical(rule.when, rule.code) for rule in rules]
    lacking = [
        _lacking(condition, rule, table) for condition, rule in zip(conditions, rules, strict=True)
    ]
    able = [n for n, column in enumerate(lacking) if not column]
    skipped = pd.DataFrame(
        [(rules[n].code, source, column) for n, column in enumerate(lacking) if column],
        columns=["code", "source", "column"],
    )
    nothing = pd.DataFrame(columns=[*FOUND, "reads", "rule", "at"])
    if not able or not len(table):
        return Judged(nothing, skipped)
    limits = checks.limits
    thresholds = pd.DataFrame({name: np.full(len(table), v) for name, v in limits.items()})
    plain = table.drop(columns=[GEOMETRY], errors="ignore").reset_index(drop=True)
    truths = Evaluator(plain, thresholds).truths([conditions[n] for n in able])
    kept = [
        _defects(table.iloc[at], rules[n], limits, source).assign(
            reads=_first_read(conditions[n], checks), rule=n, at=at
        )
        for n, truth in zip(able, truths, strict=True)
        if len(at := np.flatnonzero(truth == TRUE))
    ]
    found = pd.concat(kept, ignore_index=True) if kept else nothing
    return Judged(found, skipped)


def _first_read(condition: Condition, checks: CheckBook) -> str:
    """Return the first column of the file that a condition reads; a derived one is made of some."""
    made = {rule.column: rule.of[0] for rule in checks.derived}
    name = next(iter(condition.columns), "")
    while name in made and made[name] != name:
        name = made[name]
    return name


def _lacking(condition: Condition, rule: CheckRule, table: pd.DataFrame) -> str:
    """Return the first column that a check reads and the table has not."""
    wanted = [*condition.columns, *([rule.value] if rule.value else [])]
    return next((name for name in wanted if name not in table.columns), "")


def _defects(
    hits: pd.DataFrame, rule: CheckRule, limits: dict[str, float], source: str
) -> pd.DataFrame:
    def column(name: str, default: object) -> object:
        return hits[name].to_numpy() if name in hits else default

    found = pd.DataFrame(
        {
            "code": rule.code,
            "source": source,
            "row": column("row", ""),
            "other_row": column("other_row", ""),
            "column": column("column", ""),
            "cell": column("cell", ""),
            "value": column(rule.value, np.nan),
            "limit": limits.get(rule.limit, np.nan),
            "note": column("note", column("text", "")),
            "x": column("x", np.nan),
            "y": column("y", np.nan),
        },
        index=np.arange(len(hits)),
    )
    if GEOMETRY in hits:
        found[GEOMETRY] = hits[GEOMETRY].to_numpy()
    return found
