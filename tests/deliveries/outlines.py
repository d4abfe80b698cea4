"""Deliveries with wrong shapes: codes 41xx to 51xx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from deliveries import ground, records
from deliveries.model import Delivery, Wrong, shows
from deliveries.writing import as_geopackage, bureau, parcels, parcels_geopackage
from district import bending

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

FIELD = "0103"
FREE = 36  # a polygon of the survey that is no parcel, inside a village


def reshape(frame: gpd.GeoDataFrame, row: int, shape: shapely.Geometry, area: str = "") -> None:
    """Give a record another shape, and the area that goes with it."""
    frame.loc[[row - 1], "geometry"] = np.array([shape], dtype=object)
    for name in filter(None, area.split()):
        frame.loc[row - 1, name] = records.area([shape])[0]


def upright(shape: shapely.Polygon, edge: int) -> bool:
    """Say whether an edge runs north or south rather than east or west."""
    return abs(bending.frame_of(shape, edge)[1][1]) > 0.9


def add(frame: gpd.GeoDataFrame, like: int, shape: shapely.Geometry, **values) -> gpd.GeoDataFrame:
    """Return the layer with one more record, like another one but for shape and values."""
    more = frame.iloc[[like - 1]].assign(geometry=[shape], **values)
    return pd.concat([frame, more], ignore_index=True)


def balanced(made: ground.Ground) -> ground.Ground:
    """Return the ground with village areas that are the sums again."""
    sums = made.survey.groupby("ZLDWDM")["TBMJ"].sum().round(2)
    made.villages["DCMJ"] = made.villages["ZLDWDM"].map(sums)
    return made


def lone_parcel(
    folder: Path, code: str, spoil, value: float | None = None, write=parcels, **more
) -> Delivery:
    """Return parcels of which one that touches no other has another shape."""
    frame = ground.clean().parcels
    touched = {i for i, _edge, _j in bending.shared_edges(frame.geometry.to_numpy())}
    at = next(k for k in range(3, len(frame)) if k not in touched)
    shape, place = spoil(frame.geometry[at])
    reshape(frame, at + 1, shape, "ZDMJ")
    where = tuple(place) if place is not None else None
    wrong = Wrong(code, "parcels", at + 1, name=frame.loc[at, "ZDDM"], place=where, value=value)
    return Delivery((write(folder, frame),), (wrong,), **more)


@shows("4101")
def parcels_overlap(folder):
    frame = ground.clean().parcels
    one, edge, other = bending.shared_edges(frame.geometry.to_numpy())[0]
    shape = bending.bulged(frame.geometry[one], edge, 5.0, 45.0, 0.3)
    place = bending.strip(frame.geometry[one], edge, 5.0, 45.0, 0.3).centroid
    reshape(frame, one + 1, shape, "ZDMJ")
    wrong = Wrong(
        "4101", "parcels", one + 1, other + 1, frame.loc[one, "ZDDM"],
        place=(place.x, place.y), reach=20.0, value=12.0, about=0.02,
    )  # fmt: skip
    return Delivery((parcels(folder, frame),), (wrong,))


@shows("4101")
def parcel_inside_another(folder):
    frame = ground.clean().parcels
    inner = bending.patch(frame.geometry[4], 20.0, 15.0)
    code = records.COUNTY + "901001GB00999"
    frame = add(frame, 5, inner, ZDDM=code, BDCDYH=code + "W00000000", ZDMJ=300.0)
    wrong = Wrong("4101", "parcels", len(frame), 5, code, value=300.0)
    return Delivery((parcels(folder, frame),), (wrong,))


@shows("4102")
def gap_in_the_survey(folder):
    made = ground.clean()
    pairs = bending.shared_edges(made.survey.geometry.to_numpy())
    one, edge, other = next(p for p in pairs if p[0] == FREE - 1)
    slit = bending.strip(made.survey.geometry[one], edge, 5.0, 45.0, -0.2)
    reshape(
        made.survey,
        one + 1,
        bending.bulged(made.survey.geometry[one], edge, 5.0, 45.0, -0.2),
        "TBMJ TBDLMJ",
    )
    wrong = Wrong(
        "4102", "survey", min(one, other) + 1, value=8.0, about=0.02,
        place=(slit.centroid.x, slit.centroid.y), reach=20.0,
    )  # fmt: skip
    return Delivery((bureau(folder, balanced(made), "survey", "villages"),), (wrong,))


@shows("4102")
def gap_between_villages(folder):
    made = ground.clean()
    pairs = bending.shared_edges(made.villages.geometry.to_numpy())
    one, edge, other = pairs[2]
    slit = bending.strip(made.villages.geometry[one], edge, 5.0, 45.0, -3.0)
    reshape(
        made.villages, one + 1, bending.bulged(made.villages.geometry[one], edge, 5.0, 45.0, -3.0)
    )
    wrong = Wrong(
        "4102", "village_boundaries", min(one, other) + 1, value=120.0, about=0.1,
        place=(slit.centroid.x, slit.centroid.y), reach=20.0,
    )  # fmt: skip
    return Delivery((bureau(folder, made, "villages"),), (wrong,))


@shows("4103")
def edge_crosses_itself(folder):
    return lone_parcel(folder, "4103", lambda s: bending.folded(s, bending.longest_edge(s), 20.0))


@shows("4103")
def bow_tie(folder):
    def crossed(shape):
        corners = bending.ring(shape)[[0, 1, 3, 2]]
        sides = shapely.linestrings([corners[[1, 2]], corners[[3, 0]]])
        return shapely.Polygon(corners), shapely.get_coordinates(sides[0].intersection(sides[1]))[0]

    return lone_parcel(folder, "4103", crossed)


@shows("4103")
def hole_outside(folder):
    def spoiled(shape):
        corners = bending.ring(shape)
        hole = corners[0] - 500 + np.array([[0, 0], [0, 9], [9, 9], [9, 0]])
        return shapely.Polygon(shape.exterior, [hole]), None

    # a shapefile does not know it: there the hole becomes a part
    return lone_parcel(folder, "4103", spoiled, write=parcels_geopackage, source="parcels")


@shows("4104")
def parcel_twice(folder):
    frame = ground.clean().parcels
    code = records.COUNTY + "901001GB00999"
    frame = add(frame, 9, frame.geometry[8], ZDDM=code, BDCDYH=code + "W00000000")
    wrong = Wrong("4104", "parcels", 9, len(frame), code)
    return Delivery((parcels(folder, frame),), (wrong,))


@shows("4104")
def building_twice_from_another_corner(folder):
    made = ground.clean()
    shape = shapely.Polygon(np.roll(bending.ring(made.buildings.geometry[8]), 2, axis=0))
    made.buildings = add(made.buildings, 9, shape, JZBH="F999999")
    wrong = Wrong("4104", "buildings", 9, len(made.buildings), "F999999", value=324.0, about=0.1)
    return Delivery((bureau(folder, made, "buildings"),), (wrong,))


@shows("4105")
def buildings_overlap(folder):
    made = ground.clean()
    shape = shapely.affinity.translate(made.buildings.geometry[8], 10.0, 9.0)
    made.buildings = add(made.buildings, 9, shape, JZBH="F999999")
    wrong = Wrong("4105", "buildings", 9, len(made.buildings), "F999999", value=72.0, about=0.1)
    return Delivery((bureau(folder, made, "buildings"),), (wrong,))


@shows("4106")
def survey_overlaps(folder):
    made = ground.clean()
    pairs = bending.shared_edges(made.survey.geometry.to_numpy())
    one, edge, other = next(p for p in pairs if p[0] == FREE - 1)
    shape = bending.bulged(made.survey.geometry[one], edge, 5.0, 45.0, 2.0)
    reshape(made.survey, one + 1, shape, "TBMJ TBDLMJ")
    wrong = Wrong("4106", "survey", one + 1, other + 1, value=80.0, about=0.1)
    return Delivery((bureau(folder, balanced(made), "survey", "villages"),), (wrong,))


@shows("4106")
def towns_overlap(folder):
    made = ground.clean()
    one, edge, other = bending.shared_edges(made.towns.geometry.to_numpy())[1]
    shape = bending.bulged(made.towns.geometry[one], edge, 5.0, 45.0, 4.0)
    reshape(made.towns, one + 1, shape)
    wrong = Wrong("4106", "town_boundaries", one + 1, other + 1, value=160.0, about=0.1)
    return Delivery((bureau(folder, made, "towns"),), (wrong,))


@shows("4111")
def vertex_twice(folder):
    return lone_parcel(
        folder, "4111", lambda s: bending.doubled(s, bending.longest_edge(s), 20.0, 0.0), 0.0
    )


@shows("4111")
def vertex_within_half_a_millimetre(folder):
    def spoiled(shape):
        return bending.doubled(shape, bending.longest_edge(shape), 20.0, 0.0005)

    return lone_parcel(folder, "4111", spoiled, 0.0005)


@shows("4112")
def spike_out(folder):
    def spoiled(shape):
        return bending.spiked(shape, bending.longest_edge(shape), 20.0, 4.0, 3.0)

    return lone_parcel(folder, "4112", spoiled, 4.0)


@shows("4112")
def spike_in(folder):
    def spoiled(shape):
        return bending.spiked(shape, bending.longest_edge(shape), 20.0, 9.5, -3.0)

    return lone_parcel(folder, "4112", spoiled, 9.5)


@shows("4113")
def hole_wound_like_its_shell(folder):
    made = ground.clean()
    room = bending.patch(made.survey.geometry[FREE - 1], 10.0, 10.0)
    shell = shapely.orient_polygons(made.survey.geometry[FREE - 1]).exterior
    hole = shapely.orient_polygons(room).exterior
    reshape(made.survey, FREE, shapely.Polygon(shell, [hole]), "TBMJ TBDLMJ")
    made.survey = add(
        made.survey, FREE, room, TBMJ=100.0, TBDLMJ=100.0, TBBH="9999", BSM="120118011099999999"
    )
    path = folder / "图斑.gpkg"
    as_geopackage(made.survey, path, "DLTB")
    return Delivery((path,), (Wrong("4113", "survey", FREE),))


@shows("4114")
def tiny_hole(folder):
    def spoiled(shape):
        return bending.with_hole(shape, bending.patch(shape, 1.2, 0.8)), None

    return lone_parcel(folder, "4114", spoiled, 0.96)


@shows("4114")
def tiny_part(folder):
    def spoiled(shape):
        inner = bending.patch(shape, 22.0, 15.0)
        x, y = inner.bounds[:2]
        crumb = shapely.box(x - 2, y, x - 1, y + 0.5)
        return shapely.MultiPolygon([inner, crumb]), None

    follows = {"4302": "the tiny part is apart"}
    return lone_parcel(folder, "4114", spoiled, 0.5, follows=follows)


@shows("4115")
def very_many_vertices(folder):
    return lone_parcel(folder, "4115", lambda s: (bending.dense(s, 50_002), None), 50_001)


@shows("4202")
def narrow_parcel(folder):
    def spoiled(shape):
        return bending.patch(shape, 30.0, 0.8), None

    return lone_parcel(folder, "4202", spoiled, 2 * 24 / 61.6)


@shows("4203")
def parcel_of_nine_square_metres(folder):
    return lone_parcel(folder, "4203", lambda s: (bending.patch(s, 3.0, 3.0), None), 9.0)


@shows("4302")
def parcel_in_two_parts(folder):
    def spoiled(shape):
        whole = bending.patch(shape, 30.0, 15.0)
        west, south, east, north = whole.bounds
        halves = [
            shapely.box(west, south, west + 10, north),
            shapely.box(west + 14, south, east, north),
        ]
        return shapely.MultiPolygon(halves), None

    return lone_parcel(folder, "4302", spoiled, 2)


@shows("4401")
def parcel_beside_its_survey_edge(folder):
    made = ground.clean()
    shapes = made.parcels.geometry
    at = 5
    edge = bending.longest_edge(shapes[at])
    strip = bending.strip(shapes[at], edge, 8.0, 38.0, -0.2)
    reshape(made.parcels, at + 1, bending.bulged(shapes[at], edge, 8.0, 38.0, -0.2), "ZDMJ")
    name = made.parcels.loc[at, "ZDDM"]
    wrong = Wrong(
        "4401", "parcels", at + 1, name=name, value=0.2, about=0.002,
        place=(strip.centroid.x, strip.centroid.y), reach=16.0,
    )  # fmt: skip
    return Delivery((parcels(folder, made.parcels), bureau(folder, made, "survey")), (wrong,))


@shows("5101")
def settlement_with_a_hole(folder):
    made = ground.clean()
    shape = made.settlements.geometry[1]
    holed = bending.with_hole(shape, bending.patch(shape, 12.0, 12.0))
    reshape(made.settlements, 2, holed, "CZCMJ")
    wrong = Wrong("5101", "settlements", 2, value=1)
    return Delivery((bureau(folder, made, "settlements"),), (wrong,))


@shows("4401")
def parcel_drawn_back_where_its_neighbour_fits(folder):
    """One of two neighbours is drawn 0.2 m too small; the other fits the survey exactly."""
    made = ground.clean()
    shapes = made.parcels.geometry
    one, edge, _other = bending.shared_edges(shapes.to_numpy())[0]
    strip = bending.strip(shapes[one], edge, 8.0, 38.0, -0.2)
    reshape(made.parcels, one + 1, bending.bulged(shapes[one], edge, 8.0, 38.0, -0.2), "ZDMJ")
    name = made.parcels.loc[one, "ZDDM"]
    wrong = Wrong("4401", "parcels", one + 1, name=name, value=0.2, about=0.002, inside=strip)
    return Delivery((parcels(folder, made.parcels), bureau(folder, made, "survey")), (wrong,))


@shows("4101")
def overlap_with_a_tail_of_no_width(folder):
    """Corners a nanometre beside the edge they stand on leave a tail; the place is not there."""
    frame = ground.clean().parcels
    pairs = bending.shared_edges(frame.geometry.to_numpy())
    one, edge, other = next(p for p in pairs if upright(frame.geometry[p[0]], p[1]))
    whole = frame.geometry[one]
    spot = bending.strip(whole, edge, 40.0, 46.0, 5.0)
    tail = bending.on_edge(whole, edge, [(2.0, 1e-6), (40.0, 0.0), (40.0, 5.0), (46.0, 5.0)])
    corners = np.concatenate([tail, bending.on_edge(whole, edge, [(46.0, 0.0)])])
    reshape(frame, one + 1, bending.with_points(whole, edge, corners), "ZDMJ")
    wrong = Wrong(
        "4101", "parcels", one + 1, other + 1, value=30.0, about=0.01, inside=spot, reach=0.05
    )
    return Delivery((parcels(folder, frame),), (wrong,))
