"""Defects of shapes, just above the tolerance and far above; and harmless ones just below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from deliveries.model import Wrong
from district import bending

if TYPE_CHECKING:
    from seeding.plan import Plan

FAR = 200_000.0
SPIKES = (4.0, 7.0, 9.5)
NARROW_EDGE = 0.5  # m: edges of parcel and survey that are meant to be one
APART, LONG = 0.05, 5.0


def pair(plan: Plan, layer: str, length: float, out: float) -> tuple[int, int, int, float]:
    """Take two features with a common edge beside which the second has room for a strip.

    Returns both, the number of the edge of the first, and where on it the strip begins. Of the
    survey only faces beside no parcel.
    """
    shapes = plan.frame(layer).geometry.to_numpy()
    pairs = plan.shared(layer)
    for at in plan.random.permutation(len(pairs)):
        one, edge, other = pairs[at]
        if not plan.pair_is_free(layer, one, other):
            continue
        shape, room = shapes[one], shapes[other] if out > 0 else shapes[one]
        long = bending.frame_of(shape, edge)[3]
        first = (long - length) / 2
        if first < 4.0:
            continue
        wide = bending.strip(shape, edge, first - 1, first + length + 1, out + np.sign(out) * 1.5)
        if shapely.covers(room.buffer(0.01), wide):
            plan.take_pair(layer, one, other)
            return one, other, edge, first
    raise AssertionError("no edge is left for this kind of seed")


def overlap(plan: Plan, layer: str, code: str, length: float, out: float, *, found=True) -> None:
    """Let a feature reach over the border with its neighbour."""
    one, other, edge, first = pair(plan, layer, length, out)
    shape = plan.shape(layer, one)
    strip = bending.strip(shape, edge, first, first + length, out)
    plan.reshape(layer, one, bending.bulged(shape, edge, first, first + length, out))
    wrong = [
        plan.wrong(code, layer, one, other=other, value=length * out, about=0.01, inside=strip)
    ]
    beside = layer == "parcels" and APART < out <= NARROW_EDGE and length > LONG
    # the part that reaches over is also an edge that is not that of the survey
    follows = [plan.wrong("4401", layer, one, value=out, about=0.002)] if beside else []
    plan.sow(f"overlap {layer}", *(wrong if found else ()), follows=tuple(follows))


def gap(plan: Plan, layer: str, length: float, wide: float, *, found=True) -> None:
    """Take a strip off a feature along the border with its neighbour."""
    one, other, edge, first = pair(plan, layer, length, -wide)
    shape = plan.shape(layer, one)
    strip = bending.strip(shape, edge, first, first + length, -wide)
    plan.reshape(layer, one, bending.bulged(shape, edge, first, first + length, -wide))
    wrong = Wrong(
        "4102",
        plan.source(layer),
        among=(one + 1, other + 1),
        value=length * wide,
        about=0.01,
        inside=strip,
    )
    plan.sow(f"gap {layer}", *([wrong] if found else []))


def beside_survey(plan: Plan, length: float, wide: float, *, found=True) -> None:
    """Take a strip off a parcel along its edge (outward where negative); the survey keeps it."""

    def good(at: int) -> bool:
        shape = plan.shape("parcels", at)
        edge = bending.longest_edge(shape)
        long = bending.frame_of(shape, edge)[3]
        first = (long - length) / 2
        if first < 4.0:
            return False
        around = bending.strip(shape, edge, first - 1, first + length + 1, -wide - 1.5)
        return bool(shapely.covers(shape.buffer(0.01), around))

    at = plan.lone_parcel(good)
    shape = plan.shape("parcels", at)
    edge = bending.longest_edge(shape)
    first = (bending.frame_of(shape, edge)[3] - length) / 2
    strip = bending.strip(shape, edge, first, first + length, -wide)
    plan.reshape("parcels", at, bending.bulged(shape, edge, first, first + length, -wide))
    wrong = plan.wrong("4401", "parcels", at, value=abs(wide), about=0.002, inside=strip)
    plan.sow("edge beside the survey's", *([wrong] if found else []))


def spoil(plan: Plan, code: str, layer: str, at: int, made, value=None, *, found=True) -> None:
    """Give a feature a shape spoiled at a place."""
    shape, place = made
    plan.reshape(layer, at, shape)
    where = None if place is None else (float(place[0]), float(place[1]))
    about = 0.0001 if value is not None and value < 0.01 else 0.01
    wrong = plan.wrong(code, layer, at, place=where, value=value, about=about)
    plan.sow(f"{code} {layer}", *([wrong] if found else []))


def doubled(plan: Plan, layer: str, apart: float, *, found=True) -> None:
    at = plan.feature(layer)
    shape = plan.shape(layer, at)
    edge = bending.longest_edge(shape)
    middle = bending.frame_of(shape, edge)[3] / 2
    made = bending.doubled(shape, edge, middle, apart)
    spoil(plan, "4111", layer, at, made, apart, found=found)


def spike(plan: Plan, angle: float, height: float, *, found=True) -> None:
    at = plan.lone_parcel()
    shape = plan.shape("parcels", at)
    edge = bending.longest_edge(shape)
    middle = bending.frame_of(shape, edge)[3] / 2
    made = bending.spiked(shape, edge, middle, angle, height)
    spoil(plan, "4112", "parcels", at, made, angle, found=found)


def shared_spike(plan: Plan, angle: float) -> None:
    """Draw a spike on the border of two faces of the survey: each has it, there is no gap."""
    one, other, edge, first = pair(plan, "survey", 8.0, 4.0)
    mine, theirs = plan.shape("survey", one), plan.shape("survey", other)
    spiked, tip = bending.spiked(mine, edge, first + 4.0, angle, 3.0)
    half = 3.0 * np.tan(np.radians(angle) / 2)
    where = [(first + 4.0 - half, 0.0), (first + 4.0, 3.0), (first + 4.0 + half, 0.0)]
    points = bending.on_edge(mine, edge, where)
    back = bending.edge_between(theirs, *bending.ends(mine, edge)[::-1])
    plan.reshape("survey", one, spiked)
    plan.reshape("survey", other, bending.with_points(theirs, back, points[::-1]))
    place = (float(tip[0]), float(tip[1]))
    wrong = [
        plan.wrong("4112", "survey", k, place=place, value=angle, about=0.01) for k in (one, other)
    ]
    plan.sow("4112 survey", *wrong)


def folded(plan: Plan, layer: str) -> None:
    at = plan.lone_parcel() if layer == "parcels" else plan.feature(layer)
    shape = plan.shape(layer, at)
    edge = bending.longest_edge(shape)
    middle = bending.frame_of(shape, edge)[3] / 2
    spoil(plan, "4103", layer, at, bending.folded(shape, edge, middle))


def bow_tie(plan: Plan, wide: float, high: float) -> None:
    west, south, east, north = plan.room(wide, high).bounds
    tie = shapely.Polygon([(west, south), (east, south), (west, north), (east, north)])
    at = plan.more_parcel(tie)
    place = ((west + east) / 2, (south + north) / 2)
    plan.sow("4103 bow tie", plan.wrong("4103", "parcels", at, place=place))


def more_parcel(plan: Plan, wide: float, high: float, code: str = "", value=None) -> None:
    """Put a small or narrow parcel into land that is nobody's."""
    at = plan.more_parcel(plan.room(wide, high))
    found = [plan.wrong(code, "parcels", at, value=value)] if code else []
    plan.sow(f"{code or 'harmless'} {wide} × {high} m parcel", *found)


def more_face(plan: Plan, wide: float, high: float, code: str = "", value=None) -> None:
    """Cut a small or narrow face out of another one."""
    patch = plan.room(wide, high)
    around = plan.face_of_room
    plan.reshape("survey", around, bending.with_hole(plan.shape("survey", around), patch))
    at = plan.add("survey", around, patch)
    found = [plan.wrong(code, "survey", at, value=value)] if code else []
    plan.sow(f"{code or 'harmless'} {wide} × {high} m face", *found)


def wound_alike(plan: Plan, wide: float, high: float) -> None:
    """Cut a face out of another one and wind the hole like the shell."""
    patch = plan.room(wide, high)
    around = plan.face_of_room
    holed = bending.with_hole(plan.shape("survey", around), patch)
    shell, *holes = shapely.get_rings(shapely.orient_polygons(holed))
    alike = shapely.Polygon(shell, [inner.coords[::-1] for inner in holes])
    plan.reshape("survey", around, alike)
    plan.add("survey", around, patch)
    plan.sow("4113", plan.wrong("4113", "survey", around))


def no_number(plan: Plan, number: float) -> None:
    """Put into a building a coordinate that is none; it is taken without its shape, then."""
    at = plan.feature("buildings")
    corners = shapely.get_coordinates(plan.shape("buildings", at))
    corners[2, 1] = number
    blank = shapely.polygons(shapely.linearrings(np.zeros((len(corners), 2))))
    spoiled = shapely.set_coordinates(np.array([blank], dtype=object), corners)[0]
    plan.reshape("buildings", at, spoiled)
    noted = Wrong("2206", file="规划局", note=str(at + 1))
    plan.sow("2206", noted, follows=(plan.wrong("3102", "buildings", at),))


def hole(plan: Plan, layer: str, wide: float, high: float, *, found=True) -> None:
    """Cut a tiny hole; in the survey one above the least gap is a gap, too."""
    if layer == "survey":
        patch = plan.room(wide, high)
        at = plan.face_of_room
    else:
        at = plan.lone_parcel(lambda k: plan.patch(layer, k, wide, high) is not None)
        patch = plan.patch(layer, at, wide, high)
    plan.reshape(layer, at, bending.with_hole(plan.shape(layer, at), patch))
    area = wide * high
    gap_found = (
        [plan.wrong("4102", layer, at, value=area, inside=patch)]
        if layer == "survey" and area > 0.1
        else []
    )
    wrong = plan.wrong("4114", layer, at, value=area)
    plan.sow(f"4114 {layer}", *([wrong] if found else []), follows=tuple(gap_found))


def parts(plan: Plan, first: float, second: float) -> None:
    """Put a parcel of two parts (of two widths, ten metres high) into land that is nobody's."""
    west, south, east, north = plan.room(first + second + 3, 10.0).bounds
    pieces = [
        shapely.box(west, south, west + first, north),
        shapely.box(east - second, south, east, north),
    ]
    at = plan.more_parcel(shapely.MultiPolygon(pieces))
    wrong = [plan.wrong("4302", "parcels", at, value=2)]
    smaller = 10.0 * min(first, second)
    if smaller < 1:
        wrong.append(plan.wrong("4114", "parcels", at, value=smaller))
    plan.sow("4302", *wrong)


def dense(plan: Plan, count: int, *, found=True) -> None:
    at = plan.lone_parcel()
    made = bending.dense(plan.shape("parcels", at), count + 1), None
    spoil(plan, "4115", "parcels", at, made, count, found=found)


def identical(plan: Plan, layer: str, code: str = "4104", **values) -> None:
    at = plan.feature(layer)
    shape = plan.shape(layer, at)
    again = shapely.Polygon(np.roll(bending.ring(shape), 1, axis=0), shape.interiors)
    twin = plan.add(layer, at, again if code else shape, **values)
    found = [plan.wrong(code, layer, at, other=twin, value=shape.area, about=0.01)] if code else []
    plan.sow(f"twice {layer}", *found)


def contained(plan: Plan, wide: float, high: float) -> None:
    at = plan.lone_parcel(lambda k: plan.patch("parcels", k, wide, high) is not None)
    patch = plan.patch("parcels", at, wide, high)
    inner = plan.add("parcels", at, patch)
    area = wide * high
    wrong = plan.wrong("4101", "parcels", at, other=inner, value=area, inside=patch)
    plan.sow("parcel in a parcel", wrong)


def outside(plan: Plan) -> None:
    far = shapely.transform(plan.room(40.0, 25.0), lambda xy: np.add(xy, (0.0, FAR)))
    at = plan.more_parcel(far, XZQDM=None, CJDM=None)
    plan.sow("2203", plan.wrong("2203", "parcels", at))


def without_shape(plan: Plan, layer: str) -> None:
    at = plan.feature(layer)
    plan.reshape(layer, at, None)
    gone = plan.wrong("3102", layer, at)
    plan.sow(f"3102 {layer}", gone)


def empty_record(plan: Plan) -> None:
    """Leave nothing but the shape; then what is required is missing, too."""
    at = plan.more_parcel(plan.room(40.0, 25.0))
    frame = plan.frame("parcels")
    plan.put("parcels", at, **dict.fromkeys([name for name in frame if name != "geometry"]))
    columns = ("parcel_code", "registered_use", "registered_area")
    lacking = tuple(plan.wrong("3104", "parcels", at, column=name) for name in columns)
    plan.sow("3105", plan.wrong("3105", "parcels", at), follows=lacking)


def building_overlap(plan: Plan, by: float, high: float, *, found=True) -> None:
    """Put a building beside another so that they share a strip of a width and a height."""
    at = plan.feature("buildings")
    _west, _south, east, north = plan.shape("buildings", at).bounds
    twin = shapely.box(east - by, north - high, east - by + 5.0, north - high + 30.0)
    made = plan.add("buildings", at, twin)
    wrong = plan.wrong("4105", "buildings", at, other=made, value=by * high, about=0.01)
    plan.sow("4105", *([wrong] if found else []))


def settlement_hole(plan: Plan) -> None:
    at = plan.feature("settlements", lambda k: plan.patch("settlements", k, 8, 8) is not None)
    patch = plan.patch("settlements", at, 8, 8)
    shape = bending.with_hole(plan.shape("settlements", at), patch)
    spoil(plan, "5101", "settlements", at, (shape, None), 1)
