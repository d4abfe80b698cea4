"""Shapes of copies are held against each other as their canonical forms would be."""

import numpy as np
import shapely

from lowuse_gis.core.filing.canonical import canonical_shapes, differing_shapes
from lowuse_gis.core.filing.layers import GRID

EAST = 39_500_000


def ring(dice, at):
    turns = np.sort(dice.uniform(0, 2 * np.pi, dice.integers(4, 12)))
    radii = dice.uniform(20, 40, len(turns))
    return np.column_stack([at[0] + radii * np.cos(turns), at[1] + radii * np.sin(turns)])


def changed(dice, xy, kind):
    """Return a copy of a ring: alike in canonical form, or not."""
    xy = xy.copy()
    if kind == "reversed":
        return shapely.polygons(xy[::-1])
    if kind == "begun elsewhere":
        return shapely.polygons(np.roll(xy, 2, axis=0))
    if kind == "rounded":
        return shapely.polygons(np.round(xy, 4))
    if kind == "moved":
        xy[dice.integers(len(xy))] += 2 * GRID
    if kind == "one less":
        xy = np.delete(xy, 1, axis=0)
    if kind == "multi":
        return shapely.multipolygons([shapely.polygons(xy)])
    return None if kind == "gone" else shapely.polygons(xy)


def test_any_change_is_judged_as_by_the_canonical_form():
    dice = np.random.default_rng(7)
    kinds = ("same", "reversed", "begun elsewhere", "rounded", "moved", "one less", "multi", "gone")
    rings = [ring(dice, (EAST + dice.uniform(0, 1e4), 4_300_000)) for _ in range(800)]
    one = np.array([shapely.polygons(np.round(xy, 4)) for xy in rings], dtype=object)
    two = np.array(
        [changed(dice, shapely.get_coordinates(shape)[:-1], kinds[at % len(kinds)])
         for at, shape in enumerate(one)], dtype=object,
    )  # fmt: skip
    differs = differing_shapes(one, two)
    assert (differs == (canonical_shapes(one) != canonical_shapes(two))).all()
    told = {kinds[at] for at in range(len(kinds)) if differs[at :: len(kinds)].all()}
    assert told == {"moved", "one less", "gone"}
    assert not differs[::8].any()


def test_the_same_vertices_in_other_rings_are_another_shape():
    outer, inner = shapely.box(0, 0, 10, 10), shapely.box(2, 2, 4, 4)
    hole = shapely.polygons(outer.exterior, [inner.exterior])
    parts = shapely.multipolygons([outer, inner])
    assert (shapely.get_coordinates(hole) == shapely.get_coordinates(parts)).all()
    assert differing_shapes(np.array([hole, hole]), np.array([parts, hole])).tolist() == [
        True,
        False,
    ]
