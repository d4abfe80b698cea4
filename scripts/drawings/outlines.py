"""Drawings of single outlines: 4103, 4111 to 4115, 4202 to 4302, 5101."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.affinity

from drawings.pen import BAND, LEFT, RED, RIGHT, Area, View, view
from lowuse_gis.core.topology.shape import shape_facts
from lowuse_gis.core.topology.vertices import vertex_facts

if TYPE_CHECKING:
    from drawings.pen import Pen

PLOT = [(0, 0), (38, 3), (36, 24), (18, 27), (2, 22)]


def _facts(shape: Any) -> Any:
    return shape_facts(np.array([shape], dtype=object)).iloc[0]


def _vertices(pen: Pen, shape: Any, kind: str) -> Any:
    near, angle = pen.checks.limit("near_duplicate"), pen.checks.limit("spike_angle")
    found = vertex_facts(np.array([shape], dtype=object), near, angle)
    return found[found["kind"] == kind].iloc[0]


def _corners(pen: Pen, shape: Any) -> None:
    for x, y in shapely.get_coordinates(shape)[:-1]:
        pen.dot(x, y, radius=2.5)


def _lens(pen: Pen, at: tuple[float, float], into: tuple[float, float], radius: float) -> None:
    """Draw a circle around a place and a larger one for what is in it."""
    pen.ring(*at, 7, "g")
    pen.ring(*into, radius, "g")
    one, two = np.array(at), np.array(into)
    way = (two - one) / np.hypot(*(two - one))
    pen.line([tuple(one + way * 7), tuple(two - way * radius)])


def draw_4103(pen: Pen) -> None:
    """Draw an outline that crosses itself."""
    pen.heads()
    wrong = shapely.Polygon([(0, 0), (38, 3), (6, 24), (36, 26)])
    facts = _facts(wrong)
    for area, shape in (
        (LEFT, shapely.Polygon([(0, 0), (38, 3), (36, 26), (6, 24)])),
        (RIGHT, wrong),
    ):
        at = view((0, 0, 38, 26), area, 12)
        if area is LEFT:
            pen.shape(at(shape))
        else:
            pen.shape(at(shape), RED)
            place = at.at(facts["invalid_x"], facts["invalid_y"])
            pen.ring(*place, 12)
            pen.text(place[0] + 18, place[1] + 5, "crosses", "sr")
        _corners(pen, at(shape))
        for n, (x, y) in enumerate(shapely.get_coordinates(at(shape))[:-1]):
            side = -12 if x < area.x + area.w / 2 else 12
            pen.mid(x + side, y + 4, str(n + 1), "sm")
    pen.note(LEFT, "the vertices go around in order")
    pen.note(RIGHT, "at the place marked", facts["invalid_reason"].lower())


def draw_4111(pen: Pen) -> None:
    """Draw two vertices less than a millimetre apart."""
    pen.heads()
    apart = 0.0004
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        corners = [
            PLOT[0],
            PLOT[1],
            PLOT[2],
            (18, 27),
            *([(18 - apart, 27)] if bad else []),
            PLOT[4],
        ]
        shape = shapely.Polygon(corners)
        at = view((0, 0, 38, 27), Area(area.x, area.y + 20, 180, 130), 8)
        pen.shape(at(shape))
        _corners(pen, at(shape))
        place = at.at(18, 27)
        into = (area.x + 226, area.y + 70)
        _lens(pen, place, into, 48)
        pen.line([(into[0] - 46, into[1] + 10), into, (into[0] + 47, into[1] + 6)])
        pen.dot(*into)
        if bad:
            pen.dot(into[0] - 20, into[1] + 4.5, RED, 4)
            pen.measure((into[0] - 20, into[1] - 12), (into[0], into[1] - 12), "")
            pen.mid(*(into[0], into[1] + 34), f"{apart * 1000:g} mm", "sr")
    value = _vertices(pen, shape, "doubled")["value"]
    pen.note(LEFT, "one vertex at a corner")
    pen.note(RIGHT, "", "apart " + pen.beyond("near_duplicate", value, below=True, digits=4))


def draw_4112(pen: Pen) -> None:
    """Draw a spike that stands out of an edge."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        corners = [(0, 14), (0, 4), *([] if not bad else [(17, 4), (18.2, -13), (19.6, 4)]),
                   (38, 4), (36, 22), (3, 24)]  # fmt: skip
        shape = shapely.Polygon(corners)
        at = view((0, -13, 38, 24), area, 12)
        pen.shape(at(shape))
        if bad:
            found = _vertices(pen, shape, "spike")
            pen.shape(at(found["geometry"]), RED)
            x, y = at.at(found["x"], found["y"])
            pen.dot(x, y, RED)
            pen.text(x + 12, y - 6, f"{found['value']:.1f}°", "r")
    pen.note(LEFT, "a straight boundary")
    pen.note(RIGHT, "", "angle " + pen.beyond("spike_angle", found["value"], below=True))


def draw_4113(pen: Pen) -> None:
    """Draw rings with arrows: the hole runs the same way as the shell."""
    pen.heads()
    hole = [(13, 9), (13, 17), (25, 18), (25, 9)]
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        shape = shapely.Polygon(PLOT, [hole[::-1] if bad else hole])
        at = view((0, 0, 38, 27), area, 8)
        placed = at(shape)
        pen.shape(placed, line=False)
        for ring in (placed.exterior, *placed.interiors):
            inner = not ring.equals(placed.exterior)
            points = shapely.get_coordinates(ring)
            kind = RED if bad and inner else "g"
            pen.line(points, kind)
            for one, way in zip(points[:-1], np.diff(points, axis=0), strict=True):
                pen.head(tuple(one + way * 0.6), float(np.arctan2(way[1], way[0])), kind)
    facts = _facts(shape)
    if not facts["wrong_orientation"]:
        raise ValueError(pen.label)
    pen.note(LEFT, "the hole runs the other way")
    pen.note(RIGHT, "", "shell and hole run the same way")


def draw_4114(pen: Pen) -> None:
    """Draw a tiny hole and a tiny part, through lenses."""
    pen.heads()
    hole, part = shapely.box(12, 12, 12.8, 12.7), shapely.box(42, 22, 42.6, 22.9)
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        at = view((0, 0, 48, 27), Area(area.x, area.y + 30, 190, 110), 4)
        pen.shape(at(shapely.Polygon(PLOT)))
        if not bad:
            continue
        whole = shapely.MultiPolygon([shapely.Polygon(PLOT).difference(hole), part])
        facts = _facts(whole)
        for n, (tiny, name) in enumerate(((part, "part"), (hole, "hole"))):
            into = (area.x + 240, area.y + 30 + n * 80)
            _lens(pen, at.at(tiny.centroid.x, tiny.centroid.y), into, 28)
            near = View(28, into[0] - tiny.centroid.x * 28, into[1] + tiny.centroid.y * 28)
            pen.shape(near(tiny), RED)
            value = facts[f"smallest_{name}_area"]
            pen.mid(into[0], into[1] + 42, f"{name} {value:.2f} m²", "sr")
    pen.note(LEFT, "one area, no crumbs")
    pen.note(RIGHT, "", pen.beyond("tiny_area", hole.area, below=True, digits=2))


def draw_4115(pen: Pen) -> None:
    """Draw an arc of far too many vertices."""
    pen.heads()
    for area, count in ((LEFT, 12), (RIGHT, 60)):
        turn = np.linspace(0, np.pi, count)
        arc = np.column_stack([140 + 104 * np.cos(turn), 138 - 112 * np.sin(turn)])
        shape = shapely.transform(shapely.Polygon(arc), lambda xy, a=area: np.add(xy, [a.x, a.y]))
        pen.shape(shape, line=area is LEFT)
        if area is LEFT:
            _corners(pen, shape)
        else:
            pen.shape(shape, RED, fill=False)
            ticks = [
                [(area.x + 140 + f * 104 * np.cos(a), area.y + 138 - f * 112 * np.sin(a))
                 for f in (0.97, 1.04)]
                for a in np.linspace(0, np.pi, 76)
            ]  # fmt: skip
            pen.shape(shapely.MultiLineString(ticks), RED)
    pen.mid(LEFT.x + 140, LEFT.y + 110, "12")
    count = int(pen.checks.limit("most_vertices") * 1.25)
    pen.mid(RIGHT.x + 140, RIGHT.y + 110, f"{count:,}", "r")
    pen.note(LEFT, "as many vertices as the shape needs")
    pen.note(RIGHT, "", pen.beyond("most_vertices", count, digits=0))


def draw_4202(pen: Pen) -> None:
    """Draw a strip of land narrower than a metre, beside a plot."""
    pen.heads()
    sliver = shapely.Polygon([(0, 0), (64, 1.1), (64, 1.5), (0, 1.5)])
    facts = _facts(sliver)
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        at = view((0, -14, 64, 22), area, 6)
        pen.shape(at(shapely.box(0, 1.5, 64, 22)))
        below = shapely.Polygon([(0, 0), (64, 1.1), (64, -14), (0, -14)])
        pen.shape(at(below if bad else shapely.union(below, sliver)), fill=False)
        if bad:
            pen.shape(at(sliver), RED)
            x, y = at.at(8, 2.2)
            pen.arrow([(x + 60, y - 44), (x, y)], RED)
            pen.text(x + 64, y - 46, f"{sliver.area:.0f} m² on 64 m", "sr")
        pen.scale_bar(at, area.x + 14, area.y + 144, 10)
    pen.note(LEFT, "two plots side by side")
    width = pen.beyond("sliver_width", facts["mean_width"], below=True, digits=2)
    pen.note(RIGHT, "", "mean width " + width)


def draw_4203(pen: Pen) -> None:
    """Draw a polygon beside squares of the least areas."""
    pen.heads()
    noise, least = pen.checks.limit("noise_area"), pen.checks.limit("mapping_area")
    for area, size in ((LEFT, least * 1.4), (RIGHT, noise * 0.55)):
        bad = area is RIGHT
        at = view((0, 0, 40, 22), area, 6)
        for limit, x in ((least, 0), (noise, 16)):
            pen.shape(at(shapely.box(x, 2, x + limit**0.5, 2 + limit**0.5)), BAND, fill=False,
                      dashed=True)  # fmt: skip
            centre = at.at(x + limit**0.5 / 2, 0.2)
            pen.mid(*centre, f"{limit:,g} m²", "sb")
        side = size**0.5
        shape = shapely.box(23, 2, 23 + side, 2 + side)
        pen.shape(at(shape), RED if bad else "g")
        x, y = at.at(23 + side / 2, 2 + side)
        pen.mid(x + (12 if bad else 0), y - 8, f"{shape.area:,.1f} m²", "r" if bad else "s")
    pen.note(LEFT, "large enough to be mapped")
    pen.note(RIGHT, "", "area " + pen.beyond("noise_area", noise * 0.55, below=True))


def draw_4302(pen: Pen) -> None:
    """Draw one feature of two parts with a road between them."""
    pen.heads()
    west = shapely.Polygon([(0, 2), (20, 0), (22, 26), (2, 28)])
    east = shapely.Polygon([(30, 0), (50, 3), (48, 28), (31, 26)])
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        at = view((0, 0, 50, 28), area, 10)
        for n, part in enumerate((west, east)):
            pen.shape(at(part), RED if bad else "g")
            middle = at(part.centroid)
            name = "…00007" if bad or not n else "…00008"
            pen.mid(middle.x, middle.y + 4, name, "sk" + ("r" if bad else ""))
        for x in (24, 28):
            pen.line([at.at(x, -1), at.at(x + 1, 29)], dashed=True)
        if bad:
            pen.line([at.at(20, 9), at.at(32, 9)], RED, dashed=True)
    facts = _facts(shapely.MultiPolygon([west, east]))
    pen.note(LEFT, "two features, two codes")
    pen.note(RIGHT, "not touching", f"one feature of {facts['parts']} parts")


def draw_5101(pen: Pen) -> None:
    """Draw a village area with a hole where a yard lies."""
    pen.heads()
    outline = [(0, 6), (16, 0), (46, 4), (52, 20), (36, 30), (8, 27)]
    hole = [(20, 11), (32, 10), (33, 19), (21, 20)]
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        shape = shapely.Polygon(outline, [hole] if bad else [])
        at = view((0, 0, 52, 30), area, 8)
        pen.shape(at(shape))
        pen.text(*at.at(10, 21), "203", "sk")
        if bad:
            pen.shape(at(shapely.Polygon(hole)), RED, fill=False, hatch=True)
            pen.shape(at(shapely.Polygon(hole)), RED, fill=False)
            pen.mid(*at.at(27, 6.5), f"{shapely.Polygon(hole).area:.0f} m²", "sr")
        else:
            pen.shape(at(shapely.Polygon(hole)), fill=False, dashed=True)
    pen.note(LEFT, "the yard belongs to the village area")
    pen.note(RIGHT, "", f"{_facts(shape)['holes']} hole in the area")
