"""Choose a year's projects and the quarter each begins in: a small integer programme (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, vstack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

QUARTERS = 4
GAP = 1e-6  # of the objective: what the solver may leave
TIE = 1e-7  # of a worth: what an earlier place in the order counts for
UNTOLD = -1
SLACK = 1e-6


@dataclass(frozen=True)
class Carry:
    """What one year can carry.

    Attributes
    ----------
    projects
        At most, those carried over among them.
    money
        At most, in any unit of money.
    per_town
        Projects in one town, at most.
    town_least
        Projects for each town that has one to offer.
    per_quarter
        Projects begun in a quarter, at most.
    quarter_money
        Money begun in a quarter, at most.
    later
        What a quarter's wait costs, of a project's worth.
    """

    projects: int
    money: float
    per_town: int
    town_least: int
    per_quarter: int
    quarter_money: float
    later: float


@dataclass(frozen=True)
class Scheduled:
    """What was chosen.

    Attributes
    ----------
    quarter
        Of each candidate, 1 to 4; 0 where it is not in the plan.
    worth
        Of the plan.
    short
        Towns that have fewer projects than they should, and how many they lack.
    """

    quarter: NDArray[np.int64]
    worth: float
    short: Mapping[int, int]


def scheduled(
    value: NDArray[np.float64],
    cost: NDArray[np.float64],
    town: NDArray[np.int64],
    carried: NDArray[np.int64],
    carry: Carry,
) -> Scheduled:
    """Choose projects and quarters that are worth most within the limits.

    Parameters
    ----------
    value, cost, town
        Of each candidate, the best first: worth, money, number of its town from 0.
    carried
        Projects carried over, by town number.
    carry
        What is left of the year's limits for new projects.

    Returns
    -------
    Scheduled
        With ties, candidates earlier in the order are taken. A town's least number is met as far
        as the other limits allow.

    Examples
    --------
    >>> carry = Carry(2, 100.0, 2, 0, 1, 100.0, 0.1)
    >>> one = np.ones(3)
    >>> scheduled(one * [3, 2, 1], one * 50, np.zeros(3, int), np.zeros(1, int), carry).quarter
    array([1, 2, 0])
    """
    count, towns = len(value), len(carried)
    if not count:
        return Scheduled(np.zeros(0, dtype=np.int64), 0.0, {})
    item, quarter = np.repeat(np.arange(count), QUARTERS), np.tile(np.arange(QUARTERS), count)
    offered = np.bincount(town, minlength=towns)
    least = np.minimum(np.maximum(carry.town_least - carried, 0), offered)
    rows, upper = _limits(cost, town, carried, carry, item, quarter)
    lacking = np.flatnonzero(least > 0)  # one slack each
    inside = _rows(np.searchsorted(lacking, town[item]), np.isin(town[item], lacking), len(lacking))
    slack = csr_array(eye_array(len(lacking)))
    size = count * QUARTERS + len(lacking)
    wide = csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], size))
    worth = value * (1 + TIE * np.arange(count, 0, -1))
    gain = worth[item] * (1 - carry.later * quarter)
    found = milp(
        np.concatenate([-gain, np.full(len(lacking), gain.sum() + 1)]),
        constraints=[
            LinearConstraint(wide, -np.inf, upper),
            *(
                [LinearConstraint(_beside(inside, slack), least[lacking], np.inf)]
                if len(lacking)
                else []
            ),
        ],
        integrality=np.ones(size),
        bounds=Bounds(0, np.concatenate([np.ones(count * QUARTERS), least[lacking]])),
        options={"mip_rel_gap": GAP},
    )
    chosen = found.x[: count * QUARTERS] > 1 - SLACK * QUARTERS
    begins = np.zeros(count, dtype=np.int64)
    begins[item[chosen]] = quarter[chosen] + 1
    missing = np.round(found.x[count * QUARTERS :]).astype(int)
    short = {int(t): int(n) for t, n in zip(lacking, missing, strict=True) if n}
    return Scheduled(
        begins, float((value[item] * (1 - carry.later * quarter))[chosen].sum()), short
    )


def _limits(
    cost: NDArray[np.float64],
    town: NDArray[np.int64],
    carried: NDArray[np.int64],
    carry: Carry,
    item: NDArray[np.int64],
    quarter: NDArray[np.int64],
) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the rows of all upper limits, and what each may come to."""
    count, towns, one = len(cost), len(carried), np.ones(len(item), dtype=bool)
    money = cost[item]
    parts = [
        (_rows(item, one, count), np.ones(count)),  # each project begins once
        (_rows(item * 0, one, 1), [carry.projects]),
        (_rows(item * 0, one, 1, money), [carry.money]),
        (_rows(town[item], one, towns), np.maximum(carry.per_town - carried, 0)),
        (_rows(quarter, one, QUARTERS), np.full(QUARTERS, carry.per_quarter)),
        (_rows(quarter, one, QUARTERS, money), np.full(QUARTERS, carry.quarter_money)),
    ]
    upper = np.concatenate([np.asarray(limit, dtype=float) for _rows_of, limit in parts])
    return csr_array(vstack([rows for rows, _limit in parts])), upper


def _rows(
    row: NDArray[np.int64],
    which: NDArray[np.bool_],
    count: int,
    weight: NDArray[np.float64] | None = None,
) -> csr_array:
    """Add variables up by row."""
    at = np.flatnonzero(which)
    data = np.ones(len(at)) if weight is None else weight[at]
    return coo_array((data, (row[at], at)), shape=(count, len(row))).tocsr()


def _beside(left: csr_array, right: csr_array) -> csr_array:
    return csr_array(vstack([left.T, right.T]).T)
