"""The record of changes that mending makes, and the limits it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lowuse_gis.core.mending.moved import farthest_moved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

COLUMNS = (
    "position", "operation", "check", "before", "after", "area_before", "area_after",
    "area_change", "moved", "applied", "refused", "geometry_before", "geometry_after",
)  # fmt: skip
STILL = ("ring_order", "tiny_holes_and_parts")  # operations that move no vertex
TOO_MUCH, OTHERS, PARTS = "area", "neighbour", "parts"  # why a change is refused


@dataclass(frozen=True)
class Limits:
    """How far mending may go.

    Attributes
    ----------
    near
        Points nearer than this are one, m.
    tiny
        Holes and parts below this area are dropped, m².
    width
        Overlaps and gaps narrower than this are closed, m.
    snap
        Outlines of neighbours nearer than this become one, m.
    least
        Areas below this are rounding of coordinates, m².
    area_step, area_share
        A feature's area may change by the larger of the two, m² and share of its area.
    """

    near: float
    tiny: float
    width: float
    snap: float
    least: float
    area_step: float
    area_share: float


def allowed(original: Shapes, made: Shapes, limits: Limits) -> NDArray[np.bool_]:
    """Say which shapes keep their area as far as mending must.

    Parameters
    ----------
    original
        Before anything was mended.
    made
        What they would become; None where nothing is left.
    limits
        How much area may change.

    Returns
    -------
    ndarray of bool
    """
    before, after = shapely.area(original), shapely.area(made)
    most = np.maximum(limits.area_step, limits.area_share * before)
    within: NDArray[np.bool_] = np.abs(after - before) <= most
    return within & ~shapely.is_missing(made) & ~shapely.is_empty(made)


def changes(
    at: NDArray[np.intp],
    before: Shapes,
    after: Shapes,
    operation: tuple[str, str],
    refused: NDArray[np.object_],
) -> pd.DataFrame:
    """Record what an operation did, feature by feature.

    Parameters
    ----------
    at
        Positions of the features.
    before, after
        Their shapes; `after` is what was refused where `refused` says why.
    operation
        Its name, and the code of the check that it answers.
    refused
        Why it was not applied; empty where it was.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; areas in m², ``moved`` the greatest distance between the two outlines in
        m, 0 where vertices only go or stay; shapes as WKB in hexadecimal.
    """
    areas = [np.round(np.nan_to_num(shapely.area(shapes)), 4) for shapes in (before, after)]
    points = [shapely.get_num_coordinates(shapes) for shapes in (before, after)]
    moved = farthest_moved(before, after) if operation[0] not in STILL else 0.0
    frame = pd.DataFrame(
        {
            "position": at,
            "operation": operation[0],
            "check": operation[1],
            "before": points[0].astype(str),
            "after": points[1].astype(str),
            "area_before": areas[0],
            "area_after": areas[1],
            "area_change": np.round(areas[1] - areas[0], 4),
            "moved": np.round(moved, 4),
            "applied": refused == "",
            "refused": refused,
            "geometry_before": shapely.to_wkb(before, hex=True),
            "geometry_after": shapely.to_wkb(after, hex=True),
        }
    )
    return frame[list(COLUMNS)]


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put records together in the order they were made.

    Parameters
    ----------
    parts
        Frames of `changes`.

    Returns
    -------
    DataFrame
    """
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    return pd.concat(kept, ignore_index=True)
