"""What planners changed by hand: edits of units, replayed on every run and guarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowuse_gis.core.cutting_line import left_of, line_of
from lowuse_gis.core.joining.problem import HUNDREDTHS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.core.joining import Problem
    from lowuse_gis.stages.units.graph import Graph

PIN, FORBID, MERGE, SPLIT, RENAME = "pin", "forbid", "merge", "split", "rename"
KINDS = (PIN, FORBID, MERGE, SPLIT, RENAME)
NONE = -1
UNKNOWN_EDIT, UNKNOWN_PARCEL, CONTRADICTION = "unknown_edit", "unknown_parcel", "contradiction"
NOT_IN_UNIT, OTHER_BLOCK, SAME_UNIT, MANY_UNITS = (
    "not_in_unit", "other_block", "same_unit", "many_units",
)  # fmt: skip
TOO_LARGE, TOO_SMALL, SHARE_LOW = "too_large", "too_small", "share_low"
NO_LINE, LINE_MISSES, NO_NAME = "no_line", "line_misses", "no_name"


@dataclass
class Outcome:
    """What became of each edit.

    Attributes
    ----------
    why
        Empty where it was done, else why it no longer fits.
    value, limit
        What would be, and what may be, where a limit stands in the way.
    """

    why: NDArray[np.object_]
    value: NDArray[np.float64]
    limit: NDArray[np.float64]

    def refuse(self, at: int, why: str, value: float = np.nan, limit: float = np.nan) -> None:
        """List an edit as not done."""
        self.why[at], self.value[at], self.limit[at] = why, value, limit


@dataclass(frozen=True)
class Edits:
    """Edits as the ledger has them, and what became of them.

    Attributes
    ----------
    frame
        ``edit``, ``parcels`` (codes with ``;`` between), ``cut`` (WKT), ``name``, ``line``.
    codes
        The parcel codes of each.
    outcome
        Filled in while they are replayed.
    """

    frame: pd.DataFrame
    codes: list[list[str]]
    outcome: Outcome

    def of(self, kind: str) -> list[int]:
        """Return the numbers of the edits of a kind that still fit."""
        fits = (self.frame["edit"] == kind).to_numpy() & (self.outcome.why == "")
        return [int(at) for at in np.flatnonzero(fits)]

    def parcels_of(self, kind: str) -> set[str]:
        """Return the parcel codes that edits of a kind name."""
        return {code for at in self.of(kind) for code in self.codes[at]}


def guarded(frame: pd.DataFrame, known: set[str]) -> Edits:
    """Read edits, and set aside those that no longer fit.

    Parameters
    ----------
    frame
        Of ``ledgers/edits.csv``.
    known
        Codes of the parcels there are.

    Returns
    -------
    Edits
        An edit of an unknown kind, of a parcel that is no more, without name or line, or one that
        another contradicts is refused; contradicting ones both.
    """
    text = frame["parcels"].astype("str").fillna("")
    codes = [sorted({part.strip() for part in cell.split(";")} - {""}) for cell in text]
    count = len(frame)
    outcome = Outcome(np.full(count, "", object), np.full(count, np.nan), np.full(count, np.nan))
    edits = Edits(frame.reset_index(drop=True), codes, outcome)
    lacks_name = edits.frame["name"].astype("str").fillna("").str.strip() == ""
    for at, kind in enumerate(edits.frame["edit"]):
        if kind not in KINDS:
            outcome.refuse(at, UNKNOWN_EDIT)
        elif not codes[at] or not set(codes[at]) <= known:
            outcome.refuse(at, UNKNOWN_PARCEL)
        elif kind == RENAME and lacks_name[at]:
            outcome.refuse(at, NO_NAME)
    both = edits.parcels_of(PIN) & edits.parcels_of(FORBID)
    for at in [*edits.of(PIN), *edits.of(FORBID)]:
        if both & set(codes[at]):
            outcome.refuse(at, CONTRADICTION)
    return edits


def bonus_of_pins(graph: Graph, edits: Edits, worth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what to add to the worth of pinned nodes so that the search takes them in.

    Parameters
    ----------
    graph, edits
        Nodes, and what is pinned.
    worth
        Of the nodes, 0.01 m².

    Returns
    -------
    ndarray of int
        More than all the rest of its block can be worth together; 0 for other nodes.
    """
    pinned = graph.nodes["key"].isin(edits.parcels_of(PIN)).to_numpy()
    block = graph.nodes["block"].to_numpy(dtype=np.int64)
    total = np.zeros(len(graph.nodes), dtype=np.int64)
    np.add.at(total, block, np.abs(worth))
    return np.where(pinned, 1 + total[block], 0)


def reshaped(
    graph: Graph, problem: Problem, label: NDArray[np.int64], edits: Edits
) -> NDArray[np.int64]:
    """Merge and split units as planners did, in the order of the ledger.

    Parameters
    ----------
    graph, problem
        Nodes and limits.
    label
        Unit of each node, -1 for none.
    edits
        Those that no longer fit are refused with the reason, and change nothing.

    Returns
    -------
    ndarray of int
        Unit of each node.
    """
    label, keys = label.copy(), graph.nodes["key"].to_numpy(dtype=object)
    turn: dict[str, Callable[[int, NDArray[np.int64]], NDArray[np.int64] | None]] = {
        MERGE: lambda at, units: _merged(at, units, label, problem, edits),
        SPLIT: lambda at, units: _split(at, units, label, graph, problem, edits),
    }
    for at in sorted([*edits.of(MERGE), *edits.of(SPLIT)]):
        units = np.unique(label[np.isin(keys, edits.codes[at])])
        lost = not np.isin(edits.codes[at], keys).all()  # forbidden, or no land on the surface
        if lost or not len(units) or (units == NONE).any():
            edits.outcome.refuse(at, NOT_IN_UNIT)
            continue
        changed = turn[str(edits.frame["edit"][at])](at, units)
        label = label if changed is None else changed
    for at in edits.of(PIN):
        if (label[np.isin(keys, edits.codes[at])] == NONE).any() or not np.isin(
            edits.codes[at], keys
        ).all():
            edits.outcome.refuse(at, NOT_IN_UNIT)
    return label


def _sums(problem: Problem, inside: NDArray[np.bool_]) -> tuple[int, int]:
    return int(problem.area[inside].sum()), int(problem.low[inside].sum())


def _within(at: int, sums: tuple[int, int], problem: Problem, edits: Edits) -> bool:
    """Say whether a unit of these sums keeps the limits; refuse the edit where it does not."""
    area, low = sums
    if area > problem.most:
        why, value, limit = TOO_LARGE, area / HUNDREDTHS, problem.limits.maximum_area
    elif area < problem.least:
        why, value, limit = TOO_SMALL, area / HUNDREDTHS, problem.limits.minimum_area
    elif not bool(problem.keeps_limits(np.array([area]), np.array([low]))[0]):
        why, value, limit = SHARE_LOW, low / area, problem.limits.low_use_share
    else:
        return True
    edits.outcome.refuse(at, why, value, limit)
    return False


def _merged(
    at: int, units: NDArray[np.int64], label: NDArray[np.int64], problem: Problem, edits: Edits
) -> NDArray[np.int64] | None:
    inside = np.isin(label, units)
    if len(units) == 1:
        edits.outcome.refuse(at, SAME_UNIT)
    elif len(np.unique(problem.block[inside])) > 1:
        edits.outcome.refuse(at, OTHER_BLOCK)
    elif _within(at, _sums(problem, inside), problem, edits):
        return np.where(inside, units[0], label)
    return None


def _split(
    at: int,
    units: NDArray[np.int64],
    label: NDArray[np.int64],
    graph: Graph,
    problem: Problem,
    edits: Edits,
) -> NDArray[np.int64] | None:
    """Part a unit along a line: each node goes to the side that holds the point inside it."""
    line = line_of(edits.frame["cut"][at])
    if line is None:
        edits.outcome.refuse(at, NO_LINE)
        return None
    if len(units) > 1:
        edits.outcome.refuse(at, MANY_UNITS)
        return None
    inside = np.flatnonzero(label == units[0])
    points = shapely.get_coordinates(
        shapely.point_on_surface(graph.nodes.geometry.to_numpy()[inside])
    )
    second = left_of(line, points)
    if second.all() or not second.any():
        edits.outcome.refuse(at, LINE_MISSES)
        return None
    for side in (second, ~second):
        mine = np.zeros(len(label), dtype=bool)
        mine[inside[side]] = True
        if not _within(at, _sums(problem, mine), problem, edits):
            return None
    changed = label.copy()
    changed[inside[second]] = label.max() + 1
    return changed


def names_of(edits: Edits, members: pd.DataFrame, unit_ids: pd.Series) -> NDArray[np.object_]:
    """Return the names that planners gave units.

    Parameters
    ----------
    edits
        Two different names for one unit are both refused.
    members, unit_ids
        Which parcel is in which unit, and the units.

    Returns
    -------
    ndarray of object
        Empty where a unit has no name.
    """
    unit_of = members.drop_duplicates("parcel_code").set_index("parcel_code")["unit_id"]
    given: dict[str, list[int]] = {}
    for at in edits.of(RENAME):
        units = set(unit_of.reindex(edits.codes[at]).dropna())
        if len(units) != 1:
            edits.outcome.refuse(at, MANY_UNITS if units else NOT_IN_UNIT)
        else:
            given.setdefault(units.pop(), []).append(at)
    names = {}
    for unit, numbers in given.items():
        wanted = {str(edits.frame["name"][at]).strip() for at in numbers}
        if len(wanted) == 1:
            names[unit] = wanted.pop()
        else:
            for at in numbers:
                edits.outcome.refuse(at, CONTRADICTION)
    found: NDArray[np.object_] = unit_ids.map(names).astype("str").fillna("").to_numpy(dtype=object)
    return found


def edits_table(edits: Edits) -> pd.DataFrame:
    """List every edit with what became of it.

    Parameters
    ----------
    edits
        After they were replayed.

    Returns
    -------
    DataFrame
        The ledger's columns, ``state`` (``done`` or ``not_done``), ``why``, ``value``, ``limit``.
    """
    why = edits.outcome.why
    return edits.frame.assign(
        state=np.where(why == "", "done", "not_done"),
        why=why,
        value=edits.outcome.value,
        limit=edits.outcome.limit,
    )
