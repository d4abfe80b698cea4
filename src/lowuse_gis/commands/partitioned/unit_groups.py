"""Between the steps of units over partitions: who is numbered how, and what is drawn together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lowuse_gis.commands.partitioned.unit_land import LISTED, SIDES
from lowuse_gis.core.partitioning import MARGIN, Boxes
from lowuse_gis.io.partitions import read_frame
from lowuse_gis.stages.units.edits import FORBID
from lowuse_gis.stages.units.nodes import BETWEEN, numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lowuse_gis.stages.units.edits import Edits

NOWHERE = ""  # town of what has none


@dataclass(frozen=True)
class Group:
    """Towns that are drawn together.

    Attributes
    ----------
    towns
        Usually one; several where an edit by hand names parcels of several.
    nodes
        Land to read: ``of`` the partition, ``at`` its place there, ``row`` and ``key``.
    bounds
        Of that land.
    parts
        Partitions to read.
    edits
        Numbers of the edits that are told here.
    """

    towns: tuple[str, ...]
    nodes: pd.DataFrame
    bounds: NDArray[np.float64]
    parts: tuple[str, ...]
    edits: tuple[int, ...]


def index_of(outcomes: Mapping[str, Path]) -> pd.DataFrame:
    """List the land of all partitions, with the numbers that the survey's has in the whole.

    Parameters
    ----------
    outcomes
        Of `list_land`, by partition.

    Returns
    -------
    DataFrame
        ``of``, ``at``, ``row``, ``key``, ``part``, ``town`` and bounds.
    """
    frames = []
    for name, folder in outcomes.items():
        frame = read_frame(folder / "index.parquet")
        frames.append(frame.assign(of=name, at=np.arange(len(frame))))
    whole = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    whole = numbered(whole)
    whole["town"] = whole["town"].astype("str").fillna(NOWHERE)
    return whole[[*(name for name in LISTED if name in whole), *SIDES, "of", "at"]]


def towns_by_part(outcomes: Mapping[str, Path], index: pd.DataFrame) -> pd.DataFrame:
    """Pair towns with the partitions that have parcels of theirs to tell of.

    Parameters
    ----------
    outcomes, index
        Of `list_land` and `index_of`.

    Returns
    -------
    DataFrame
        ``town`` and ``of``.
    """
    found = [index.loc[index["part"] != BETWEEN, ["town", "of"]]]
    for name, folder in outcomes.items():
        towns = read_frame(folder / "parcels.parquet", ["town_code"])["town_code"]
        found.append(pd.DataFrame({"town": towns.astype("str").fillna(NOWHERE), "of": name}))
    return pd.concat(found).drop_duplicates(ignore_index=True)


def groups_of(
    index: pd.DataFrame, towns: pd.DataFrame, hand: Edits, spec: Mapping[str, Any]
) -> list[Group]:
    """Say which towns are drawn together, from which land.

    Parameters
    ----------
    index, towns
        Of `index_of` and `towns_by_part`.
    hand
        Edits, those that cannot be done set aside.
    spec
        ``units.toml``.

    Returns
    -------
    list of Group
        One at least, so that edits are told where there is no land. Each has its own land, all
        that lies at it, and where a piece of the survey without a town lies there, what lies at
        that, as its longest border says which town it goes with.
    """
    of_code = index.loc[index["part"] != BETWEEN, ["key", "town"]].drop_duplicates()
    named = _towns_named(of_code, hand)
    tied = _tied(sorted({*towns["town"]} - {NOWHERE}), named.values())
    number = {town: at for at, group in enumerate(tied) for town in group}
    told: list[list[int]] = [[] for _group in tied]
    for at, known in named.items():
        told[number[known[0]] if known else 0].append(at)
    reach = max(float(spec["bridge_distance"]), MARGIN) + MARGIN
    boxes = index[SIDES].to_numpy()
    groups = []
    for at, group in enumerate(tied):
        own = np.flatnonzero(index["town"].isin(list(group)).to_numpy())
        nodes = index.iloc[_with_near(own, boxes, (index["town"] == NOWHERE).to_numpy(), reach)]
        mine = (*group, NOWHERE) if at == 0 else group
        parts = {*nodes["of"], *towns.loc[towns["town"].isin(mine), "of"]}
        bounds, listed = nodes[SIDES].to_numpy(), nodes[["of", "at", "row", "key"]]
        groups.append(
            Group(mine, listed.reset_index(drop=True), bounds, tuple(sorted(parts)),
                  tuple(sorted(told[at])))
        )  # fmt: skip
    return groups


def _towns_named(of_code: pd.DataFrame, hand: Edits) -> dict[int, list[str]]:
    """Return the towns whose parcels each edit names; what is excluded counts by itself."""
    named = {}
    for at in np.flatnonzero(hand.outcome.why == "").tolist():
        if hand.frame["edit"][at] != FORBID:
            named[at] = sorted(set(of_code.loc[of_code["key"].isin(hand.codes[at]), "town"]))
    return named


def _tied(towns: Sequence[str], together: Any) -> list[tuple[str, ...]]:
    """Put towns together that something names together, in order."""
    group = {town: {town} for town in towns}
    for named in together:
        joined = set().union(*(group[town] for town in named))
        group |= dict.fromkeys(joined, joined)
    return sorted({tuple(sorted(mine)) for mine in group.values()}) or [()]


def _with_near(
    own: NDArray[np.intp],
    boxes: NDArray[np.float64],
    lost: NDArray[np.bool_],
    reach: float,
) -> NDArray[np.intp]:
    """Add what lies at land, and what lies at land without a town that lies there."""
    if not len(own):
        return own
    near = Boxes(boxes[own]).touched(boxes, own)
    filled = np.union1d(own, near[lost[near]])
    near = Boxes(boxes[filled]).touched(boxes, filled, reach=reach)
    strange = near[lost[near]]
    return near if not len(strange) else Boxes(boxes[strange]).touched(boxes, near)
