"""The units of all towns as one drawing, as if the district had never been cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from lowuse_gis.io.partitions import ORDER, read_frame
from lowuse_gis.stages.units.draw import Units
from lowuse_gis.stages.units.edits import edits_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lowuse_gis.commands.partitioned.unit_groups import Group
    from lowuse_gis.stages.units.edits import Edits


def units_of(
    drawn: Sequence[Path], groups: Sequence[Group], land: Sequence[Path], hand: Edits
) -> tuple[Units, pd.Series]:
    """Put the units of all towns together.

    Parameters
    ----------
    drawn, groups
        Outcomes of `draw_towns`, and what was drawn together.
    land
        Outcomes of `list_land`; they know the names of towns.
    hand
        Edits; what became of each is filled in.

    Returns
    -------
    units : Units
        With the numbers and in the order of the whole district.
    codes : Series of str
        Parcel codes of the rows of checks.
    """
    blocks = [read_frame(folder / "blocks.parquet") for folder in drawn]
    whole = _stacked([frame.assign(group=at) for at, frame in enumerate(blocks)])
    whole = whole.sort_values(["key", "row"], ignore_index=True)
    number = {
        (int(group), int(old)): new
        for new, (group, old) in enumerate(zip(whole["group"], whole["block"], strict=True))
    }
    units = []
    for at, folder in enumerate(drawn):
        frame = read_frame(folder / "units.parquet")
        renumbered = [number[at, int(old)] for old in frame["block"]]
        units.append(frame.assign(block=np.array(renumbered, dtype=frame["block"].dtype)))
    named = _stacked([read_frame(folder / "towns.parquet") for folder in land])
    named = named.sort_values(ORDER).drop_duplicates("town_code").set_index("town_code")
    together = _stacked(units).sort_values("unit_id", ignore_index=True)
    together["town_name"] = together["town_code"].map(named["town_name"]).astype("str")
    _tell(hand, groups, [read_frame(folder / "edits.parquet") for folder in drawn])
    found = Units(
        units=gpd.GeoDataFrame(together),
        members=_all(drawn, "members", ["unit_id", "row"]),
        left_out=_all(drawn, "left_out", ["row"]),
        blocks=whole.drop(columns=["key", "row", "group"]).assign(block=np.arange(len(whole))),
        checks=_all(drawn, "checks", ["row"]),
        edits=edits_table(hand),
        order=whole[["key", "row"]],
    )
    codes = _stacked([read_frame(folder / "codes.parquet") for folder in drawn])
    return found, codes["parcel_code"]


def _all(folders: Sequence[Path], name: str, by: list[str]) -> pd.DataFrame:
    frames = [read_frame(folder / f"{name}.parquet") for folder in folders]
    return _stacked(frames).sort_values(by, kind="stable", ignore_index=True)


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1])


def _tell(hand: Edits, groups: Sequence[Group], told: Sequence[pd.DataFrame]) -> None:
    """Fill in why edits were not done, as told where their parcels are."""
    for group, frame in zip(groups, told, strict=True):
        mine = frame.iloc[len(frame) - len(group.edits) :]  # behind those that exclude
        lines = mine[["why", "value", "limit"]].itertuples(index=False)
        for at, (why, value, limit) in zip(group.edits, lines, strict=True):
            if why:
                hand.outcome.refuse(at, why, value, limit)
