"""Mend single shapes: doubled points, invalid outlines, tiny holes and parts, ring order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lowuse_gis.core.mending.changes import OTHERS, TOO_MUCH, allowed, changes, joined
from lowuse_gis.core.topology.layer import only, polygons_left
from lowuse_gis.core.topology.shape import shape_facts
from lowuse_gis.core.topology.vertices import vertex_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from lowuse_gis.core.mending.changes import Limits

    Shapes = NDArray[np.object_]
    Rows = NDArray[np.intp]

SHARP = 1e-9  # degrees: no spike is looked for, only doubled points


@dataclass(frozen=True)
class Mended:
    """Shapes, and what was done to them.

    Attributes
    ----------
    geometry
        All shapes, in order.
    changes
        One row per change, applied or refused.
    """

    geometry: Shapes
    changes: pd.DataFrame


def mend_shapes(
    geometry: Shapes, original: Shapes, limits: Limits, among: Rows | None = None
) -> Mended:
    """Mend every shape by itself, in a fixed order.

    Parameters
    ----------
    geometry
        Polygons in plane metres; None is passed over.
    original
        The shapes before anything was mended; limits of area are held against these.
    limits
        How far to go.
    among
        Positions to look at; all if None.

    Returns
    -------
    Mended
        A change beyond the limits is refused and listed. A hole stays a hole and a part a part;
        a hole that another feature fills is never filled.
    """
    now, parts = geometry.copy(), []
    some = np.arange(len(geometry)) if among is None else among
    steps: tuple[tuple[tuple[str, str], Callable[[Shapes, Limits], tuple[Rows, Shapes]]], ...] = (
        (("doubled_points", "4111"), _without_doubled),
        (("make_valid", "4103"), _made_valid),
        (("tiny_holes_and_parts", "4114"), _without_tiny),
        (("ring_order", "4113"), _oriented),
    )
    for operation, step in steps:
        found, made = step(now[some], limits)
        if not len(found):
            continue
        at = some[found]
        refused = np.where(allowed(original[at], made, limits), "", TOO_MUCH).astype(object)
        refused[(refused == "") & _covers_others(now, at, made, limits.least)] = OTHERS
        parts.append(changes(at, now[at], made, operation, refused))
        fine = refused == ""
        now[at[fine]] = made[fine]
    return Mended(now, joined(parts))


def _without_doubled(shapes: Shapes, limits: Limits) -> tuple[Rows, Shapes]:
    facts = vertex_facts(shapes, limits.near, SHARP)
    near = (facts["kind"] == "doubled") & (facts["value"] < limits.near)
    at = np.unique(facts.loc[near, "position"].to_numpy(dtype=np.intp))
    made = shapely.remove_repeated_points(shapes[at], limits.near)
    return _changed(at, shapes, polygons_left(made))


def _made_valid(shapes: Shapes, _limits: Limits) -> tuple[Rows, Shapes]:
    bad = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & ~shapely.is_valid(shapes)
    at = np.flatnonzero(bad)
    made = shapely.make_valid(shapes[at], method="structure", keep_collapsed=False)
    return at, polygons_left(made)


def _without_tiny(shapes: Shapes, limits: Limits) -> tuple[Rows, Shapes]:
    """Drop tiny holes and tiny parts beside larger ones."""
    valid = np.where(shapely.is_valid(shapes), shapely.get_num_coordinates(shapes), 0) > 0
    facts = shape_facts(only(shapes, valid))
    parts = (facts["smallest_part_area"] < limits.tiny) & (facts["parts"] > 1)
    holes = (facts["smallest_hole_area"] < limits.tiny) & (facts["holes"] > 0)
    at = np.flatnonzero((parts | holes).to_numpy())
    made = [_larger(shape, limits.tiny) for shape in shapes[at]]  # only the few that have them
    return _changed(at, shapes, np.array(made, dtype=object))


def _larger(shape: Any, least: float) -> Any:
    """Return a shape without its tiny holes and parts; as it is where nothing would be left."""
    parts = [
        shapely.Polygon(part.exterior, [r for r in part.interiors if _size(r) >= least])
        for part in shapely.get_parts(shape)
        if _size(part.exterior) >= least
    ]
    if not parts:
        return shape
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _size(ring: Any) -> float:
    return float(shapely.area(shapely.Polygon(ring)))


def _oriented(shapes: Shapes, _limits: Limits) -> tuple[Rows, Shapes]:
    facts = shape_facts(shapes)
    at = np.flatnonzero(facts["wrong_orientation"].to_numpy(dtype=bool))
    made: Any = shapely.orient_polygons(shapes[at])
    return at, made


def _changed(at: Rows, shapes: Shapes, made: Shapes) -> tuple[Rows, Shapes]:
    different = ~shapely.equals_exact(shapes[at], made, 0.0, normalize=False)
    return at[different], made[different]


def _covers_others(shapes: Shapes, at: Rows, made: Shapes, least: float) -> NDArray[np.bool_]:
    """Say which new shapes cover ground of other features that the old ones did not."""
    usable = shapely.is_valid(made) & ~shapely.is_missing(made)
    old = only(shapes[at], shapely.is_valid(shapes[at]))
    more = shapely.area(made) > shapely.area(old)
    asked = np.flatnonzero(usable & more & ~shapely.is_missing(old))
    covers = np.zeros(len(at), dtype=bool)
    if not len(asked):
        return covers
    added = shapely.difference(made[asked], old[asked])
    sound = only(shapes, shapely.is_valid(shapes))
    mine, other = shapely.STRtree(sound).query(added, predicate="intersects")
    foreign = other != at[asked][mine]
    mine, other = mine[foreign], other[foreign]
    shared = shapely.area(shapely.intersection(added[mine], sound[other])) > least
    covers[asked[np.unique(mine[shared])]] = True
    return covers
