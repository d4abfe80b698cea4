"""What is to be joined: nodes, their borders, what each is worth, and the limits of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowuse_gis.kernels.moves import MILLION, Ground

if TYPE_CHECKING:
    from numpy.typing import NDArray

HUNDREDTHS = 100  # of a m²: the objective is added up in whole numbers
UNLIMITED = 1 << 62


@dataclass(frozen=True)
class Weights:
    """The prices of the objective.

    Attributes
    ----------
    border
        β, metres: a border costs as much as low-use land in a strip of this width along it.
    on_barrier
        ρ: the part of that price which a border on a barrier costs.
    """

    border: float
    on_barrier: float


@dataclass(frozen=True)
class Limits:
    """The limits of a unit.

    Attributes
    ----------
    minimum_area, maximum_area
        m².
    low_use_share
        Least low-use area / area.
    """

    minimum_area: float
    maximum_area: float
    low_use_share: float


@dataclass(frozen=True)
class Problem:
    """Nodes side by side by block, with whole numbers for everything that is added up.

    Attributes
    ----------
    left, right, cost
        Neighbours, each pair once, and the price of a border between them (0.01 m²).
    area, low
        Of each node, 0.01 m².
    worth
        What a node adds to the objective, borders to other nodes apart (0.01 m²).
    blocks
        First node of each block, and the number of nodes.
    limits
        The limits of a unit.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    cost: NDArray[np.int64]
    area: NDArray[np.int64]
    low: NDArray[np.int64]
    worth: NDArray[np.int64]
    blocks: NDArray[np.int64]
    limits: Limits

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.area)

    @property
    def block(self) -> NDArray[np.int64]:
        """Block number of each node."""
        return np.repeat(np.arange(len(self.blocks) - 1), np.diff(self.blocks))

    @property
    def share(self) -> int:
        """Least low-use area in a million of area."""
        return round(self.limits.low_use_share * MILLION)

    @property
    def least(self) -> int:
        """Least area, 0.01 m²."""
        return round(self.limits.minimum_area * HUNDREDTHS)

    @property
    def most(self) -> int:
        """Largest area, 0.01 m²."""
        most = self.limits.maximum_area
        return round(most * HUNDREDTHS) if np.isfinite(most) else UNLIMITED

    def keeps_limits(self, area: NDArray[np.int64], low: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which sums of area and low-use area make a unit."""
        enough = (area >= self.least) & (area <= self.most)
        return enough & (low * MILLION >= self.share * area)

    def only(
        self, chosen: NDArray[np.bool_]
    ) -> tuple[Problem, NDArray[np.bool_], NDArray[np.int64]]:
        """Return the problem of some blocks alone.

        Parameters
        ----------
        chosen
            Per block.

        Returns
        -------
        problem : Problem
        inside : ndarray of bool
            Which nodes are in it.
        number : ndarray of int
            The new number of each of these nodes.
        """
        inside = chosen[self.block]
        number, edge = np.cumsum(inside) - 1, inside[self.left]
        sizes = np.diff(self.blocks)[chosen]
        part = Problem(
            number[self.left[edge]], number[self.right[edge]], self.cost[edge],
            self.area[inside], self.low[inside], self.worth[inside],
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), self.limits,
        )  # fmt: skip
        return part, inside, number

    def ground(self) -> Ground:
        """Return the graph as the search wants it: neighbours in a row, by node."""
        source = np.concatenate([self.left, self.right])
        other = np.concatenate([self.right, self.left])
        order = np.lexsort((other, source))
        count = np.bincount(source, minlength=len(self))
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        cost = np.concatenate([self.cost, self.cost])[order]
        net = self.worth.copy()
        np.subtract.at(net, source[order], cost)
        return Ground(
            first, other[order].astype(np.int64), cost, net, self.area, self.low,
            self.least, self.most, self.share,
        )  # fmt: skip


def posed(
    area: NDArray[np.float64],
    low: NDArray[np.float64],
    price: NDArray[np.float64],
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    outer: tuple[NDArray[np.float64], NDArray[np.float64]],
    block: NDArray[np.int64],
    weights: Weights,
    limits: Limits,
) -> Problem:
    """Pose the problem in whole numbers.

    Parameters
    ----------
    area, low
        m² of each node, and low-use m² of them.
    price
        λ of each node: what a m² that is not low-use costs.
    edges
        Neighbours of the same block, each pair once, and metres of border between them; 0 where
        they only lie near each other.
    outer
        Metres of each node's border to what is no neighbour: open, and on a barrier.
    block
        Block number of each node, ascending from 0 without gaps.
    weights, limits
        Prices of borders; limits of a unit.

    Returns
    -------
    Problem
    """
    whole, part = hundredths(area), hundredths(low)
    other = hundredths((area - low) * price)
    open_, barrier = outer
    fixed = hundredths(weights.border * (open_ + weights.on_barrier * barrier))
    count = np.bincount(block) if len(block) else np.zeros(0, dtype=np.int64)
    left, right, border = edges
    return Problem(
        left.astype(np.int64), right.astype(np.int64), hundredths(weights.border * border),
        whole, part, part - other - fixed,
        np.concatenate([[0], np.cumsum(count)]).astype(np.int64), limits,
    )  # fmt: skip


def hundredths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return numbers in whole hundredths.

    Parameters
    ----------
    values
        Numbers.

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> hundredths(np.array([0.125, 2.0])).tolist()
    [12, 200]
    """
    return np.round(np.asarray(values, dtype=float) * HUNDREDTHS).astype(np.int64)


def objective(problem: Problem, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what the units of each block are worth together.

    Parameters
    ----------
    problem, label
        Unit of each node, -1 for none.

    Returns
    -------
    ndarray of int
        Per block, 0.01 m²: Σ worth − price of every border of a unit; a border between two units
        belongs to both.
    """
    chosen = label >= 0
    left, right = label[problem.left], label[problem.right]
    sides = ((left >= 0) & (left != right)).astype(np.int64) + ((right >= 0) & (left != right))
    block = problem.block
    total = np.zeros(len(problem.blocks) - 1, dtype=np.int64)
    np.add.at(total, block[chosen], problem.worth[chosen])
    paid = sides > 0
    np.subtract.at(total, block[problem.left[paid]], (problem.cost * sides)[paid])
    return total
