"""Take changes back, newest first, where the value is still what the change made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

TAKEN_OUT = "taken_out"
TEXT = "text"
POLYGON = 3


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
    undone = record["undone"].fillna(value=False).astype(bool)
    due = record["applied"].astype(bool) & ~undone
    if rows is not None:
        wanted = set(rows)
        due &= record["row"].isin(wanted) | record["id"].isin(wanted)
    changes = record[due]
    cell = changes["field"].where(changes["operation"] == TEXT, changes["operation"] == TAKEN_OUT)
    turn = changes.groupby(["source", "row", cell.rename("cell")]).cumcount(ascending=False)
    back = pd.Series(data=False, index=record.index)
    for (_turn, source), some in changes.groupby([turn.rename("turn"), "source"]):
        back[_taken_back(now, str(source), some)] = True
    return Undone(now, record.assign(undone=undone | back), record[due & ~back])


def _taken_back(
    layers: dict[str, gpd.GeoDataFrame], source: str, changes: pd.DataFrame
) -> pd.Index:
    """Take back at most one change of every cell; return which could be."""
    gone = changes[changes["operation"] == TAKEN_OUT]
    done = [_put_back(layers, source, gone)]
    kept = changes[~changes.index.isin(gone.index)]
    if source not in layers:
        return done[0]
    frame = layers[source]
    kept = kept[kept["row"].isin(frame.index)]
    texts = kept[kept["operation"] == TEXT]
    for field, cells in texts.groupby("field"):
        same = frame.loc[cells["row"], field].to_numpy() == cells["after"].to_numpy()
        frame.loc[cells.loc[same, "row"], field] = cells.loc[same, "before"].to_numpy()
        done.append(cells.index[same])
    shapes = kept[kept["operation"] != TEXT]
    place = frame.index.get_indexer(shapes["row"])
    now, after = frame.geometry.to_numpy().copy(), shapely.from_wkb(shapes["geometry_after"])
    same = shapely.equals_exact(_multiple(now[place]), _multiple(after), 0.0)
    now[place[same]] = shapely.from_wkb(shapes.loc[same, "geometry_before"])
    layers[source] = frame.set_geometry(gpd.GeoSeries(now, frame.index, crs=frame.crs))
    done.append(shapes.index[same])
    return done[0].append(done[1:])


def _put_back(layers: dict[str, gpd.GeoDataFrame], source: str, changes: pd.DataFrame) -> pd.Index:
    """Put what was taken out back where it stood."""
    name = f"{source}_{TAKEN_OUT}"
    if name not in layers:
        return changes.index[:0]
    gone = layers[name]
    there = changes[changes["row"].isin(gone.index)]
    back = gone.index.isin(there["row"])
    whole = pd.concat([layers[source], gone[back]])
    order = sorted(whole.index, key=lambda row: [int(part) for part in row.split(":")])
    layers[source], layers[name] = whole.loc[order], gone[~back]
    return there.index


def _multiple(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Take single polygons for multiple ones of one part, as a GeoPackage does."""
    made = np.array(shapes, dtype=object)
    single = shapely.get_type_id(made) == POLYGON
    made[single] = shapely.multipolygons(made[single][:, None])
    return made
