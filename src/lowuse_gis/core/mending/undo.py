"""Take changes back, newest first, where the value is still what the change made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import geopandas as gpd

TAKEN_OUT = "taken_out"
TEXT = "text"


@dataclass(frozen=True)
class Undone:
    """Layers after changes were taken back.

    Attributes
    ----------
    layers
        By name.
    record
        The record, with ``undone`` for what was taken back.
    left
        Changes that could not be taken back: the value is another by now.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    record: pd.DataFrame
    left: pd.DataFrame


def undo(
    layers: Mapping[str, gpd.GeoDataFrame], record: pd.DataFrame, rows: Collection[str] | None
) -> Undone:
    """Take changes back.

    Parameters
    ----------
    layers
        Mended layers by source, and ``<source>_taken_out``, indexed by row.
    record
        Every change, oldest first.
    rows
        Rows or ids whose changes are taken back; None for all.

    Returns
    -------
    Undone
        A shape or cell is exactly what it was before its first change.
    """
    now = {name: frame.copy() for name, frame in layers.items()}
    due = record["applied"].astype(bool) & ~record["undone"].fillna(value=False).astype(bool)
    if rows is not None:
        wanted = set(rows)
        due &= record["row"].isin(wanted) | record["id"].isin(wanted)
    done: list[int] = []
    left: list[int] = []
    for number, change in record[due].iloc[::-1].iterrows():
        (done if _taken_back(now, change) else left).append(int(number))
    marked = record.assign(undone=record["undone"].fillna(value=False).astype(bool))
    marked.loc[done, "undone"] = True
    return Undone(now, marked, record.loc[sorted(left)])


def _taken_back(layers: dict[str, gpd.GeoDataFrame], change: pd.Series) -> bool:
    source, row = change["source"], change["row"]
    if change["operation"] == TAKEN_OUT:
        return _put_back(layers, source, row)
    frame = layers.get(source)
    if frame is None or row not in frame.index:
        return False
    if change["operation"] == TEXT:
        if frame.at[row, change["field"]] != change["after"]:
            return False
        frame.at[row, change["field"]] = change["before"]
        return True
    if not _same(frame.geometry.at[row], change["geometry_after"]):
        return False
    frame.at[row, frame.geometry.name] = shapely.from_wkb(change["geometry_before"])
    return True


def _put_back(layers: dict[str, gpd.GeoDataFrame], source: str, row: str) -> bool:
    gone = layers.get(f"{source}_{TAKEN_OUT}")
    if gone is None or row not in gone.index:
        return False
    whole = pd.concat([layers[source], gone.loc[[row]]])
    order = sorted(whole.index, key=lambda name: [int(part) for part in name.split(":")])
    layers[source] = whole.loc[order]
    layers[f"{source}_{TAKEN_OUT}"] = gone.drop(index=row)
    return True


def _same(shape: shapely.Geometry, hexadecimal: str) -> bool:
    """Say whether a shape is exactly the recorded one, single or multiple alike."""
    return bool(_parts(shape) == _parts(shapely.from_wkb(hexadecimal)))


def _parts(shape: shapely.Geometry | None) -> list[bytes]:
    return [] if shape is None else [part.wkb for part in shapely.get_parts(shape)]
