"""Drawings of coordinates and where they fall: 2102 to 2206."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.affinity
import shapely.ops
from pyproj import Geod, Transformer

from drawings.pen import BAND, LEFT, RED, RIGHT, WHOLE, Area, view

if TYPE_CHECKING:
    from drawings.pen import Pen, View

MERIDIANS = {38: 114, 39: 117, 40: 120}
BLOT = shapely.Polygon(
    [(-9, -5), (-3, -8), (4, -6), (9, -1), (6, 6), (0, 4), (-6, 7), (-8, 2)]
)  # fmt: skip


def _box(pen: Pen) -> shapely.Polygon:
    """Return the district's box in plane metres of its zone."""
    west, south, east, north = pen.book.envelope
    to_plane = Transformer.from_crs("EPSG:4490", pen.book.crs, always_xy=True)
    return shapely.transform(
        shapely.segmentize(shapely.box(west, south, east, north), 0.05),
        lambda xy: np.column_stack(to_plane.transform(*xy.T)),
    )


def _blot(at: tuple[float, float], size: float = 1.0) -> shapely.Polygon:
    grown = shapely.affinity.scale(BLOT, size, size)
    return shapely.affinity.translate(grown, *at)


def draw_2102(pen: Pen) -> None:
    """Draw a layer without .prj, and the number of the zone in its eastings."""
    pen.heads()
    easting = f"{_box(pen).centroid.x:.0f}"
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        pen.page(area.x + 10, area.y + 14, ".shp")
        pen.page(area.x + 78, area.y + 14, ".prj", RED if bad else "g", dashed=bad)
    pen.text(LEFT.x + 140, LEFT.y + 46, "says EPSG:4527", "s")
    pen.text(RIGHT.x + 140, RIGHT.y + 46, "says nothing", "sr")
    pen.cells(RIGHT.x + 40, RIGHT.y + 112, [*easting], bad=(), wide=22)
    pen.box(RIGHT.x + 40, RIGHT.y + 112, 44, 22, BAND)
    pen.text(RIGHT.x + 10, RIGHT.y + 127, "x", "k")
    pen.mid(RIGHT.x + 62, RIGHT.y + 152, "zone 39 → CM 117°", "sb")
    pen.cells(LEFT.x + 40, LEFT.y + 112, [*easting], wide=22)
    pen.text(LEFT.x + 10, LEFT.y + 127, "x", "k")
    pen.note(LEFT, "the declaration fits the numbers")
    pen.note(RIGHT, "found by the numbers: 4527", "not declared")


def draw_2103(pen: Pen) -> None:
    """Draw a layer declared WGS 84 over the base map of the district."""
    pen.heads()
    roads = [[(0, 30), (150, 44), (260, 38)], [(70, 140), (82, 0)], [(190, 140), (178, 0)]]
    plots = [
        shapely.box(92, 52, 168, 92),
        shapely.box(10, 50, 66, 110),
        shapely.box(200, 56, 250, 120),
    ]
    for area in (LEFT, RIGHT):
        for road in roads:
            pen.line([(area.x + 8 + x, area.y + 8 + y) for x, y in road])
        for plot in plots:
            placed = shapely.affinity.translate(plot, area.x + 8, area.y + 8)
            pen.shape(placed, line=False)
            if area is LEFT:
                pen.shape(placed, fill=False)
            else:
                shifted = shapely.affinity.translate(placed, 2, -1.5)
                pen.shape(shifted, RED, fill=False, dashed=True)
    pen.mid(LEFT.x + 138, LEFT.y + 84, "CGCS2000", "s")
    pen.mid(RIGHT.x + 138, RIGHT.y + 84, "WGS 84", "sr")
    pen.note(LEFT, "on the base map")
    pen.note(RIGHT, "does it fit the base map?", "taken as CGCS2000")


def draw_2201(pen: Pen) -> None:
    """Draw a layer that a wrong central meridian puts into the neighbouring zone."""
    pen.text(14, 22, "where the coordinates belong 应在", "m")
    west, south, east, north = pen.book.envelope
    middle = ((west + east) / 2, (south + north) / 2)
    plane = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True).transform(*middle)
    wrong = Transformer.from_crs("EPSG:4547", "EPSG:4490", always_xy=True).transform(*plane)
    away = Geod(ellps="GRS80").inv(*middle, *wrong)[2] / 1000
    at = view((112.4, south - 1.2, 121.6, north + 1.2), Area(14, 40, 612, 150), 0)
    top, bottom = 46, 176
    for zone, meridian in MERIDIANS.items():
        x = at.at(meridian, 0)[0]
        half = 1.5 * at.scale
        pen.box(x - half, top, 2 * half, bottom - top, fill=zone == 39)  # noqa: PLR2004
        pen.line([(x, top), (x, bottom)], dashed=True)
        pen.mid(x, bottom + 14, f"zone {zone}, CM {meridian}°", "sm")
    pen.shape(at(shapely.box(west, south, east, north)), BAND)
    right, found = at.at(*middle), at.at(*wrong)
    pen.shape(_blot(right, 0.8), line=False)
    pen.text(right[0] + 16, right[1] - 14, "district", "sb")
    pen.shape(_blot(found, 0.8), RED)
    pen.arrow([(right[0] - 14, right[1]), (found[0] + 14, found[1])], RED)
    pen.text(found[0] + 24, right[1] - 8, f"{away:.0f} km", "r")
    pen.text(found[0] - 12, found[1] + 4, f"{wrong[0]:.2f}° E", "sr", "end")
    pen.note(WHOLE, f"x {plane[0]:,.0f} fits CM 117°", "declared CM 114°, found there 查出")


def draw_2202(pen: Pen) -> None:
    """Draw numbers that fit none of the systems that are thinkable."""
    pen.heads("where known systems lie 已知坐标系")
    names = (("4527", 0, 0), ("4548", 1, 0), ("4498", 2, 0), ("4490 °", 0, 1), ("3857", 1, 1))
    for area in (LEFT, RIGHT):
        for name, column, row in names:
            x, y = area.x + 10 + column * 92, area.y + 14 + row * 66
            pen.box(x, y, 78, 44, fill=area is LEFT, dashed=area is RIGHT)
            pen.mid(x + 39, y + 40, name, "sm")
    pen.shape(_blot((LEFT.x + 49, LEFT.y + 28), 0.9))
    pen.shape(_blot((RIGHT.x + 233, RIGHT.y + 108)), RED)
    pen.mid(RIGHT.x + 233, RIGHT.y + 136, "x 98 432", "skr")
    pen.mid(RIGHT.x + 233, RIGHT.y + 150, "y 301 220", "skr")
    pen.note(LEFT, "coordinates fall into one of them")
    pen.note(RIGHT, "local? parameters?", "fits none of them")


def _district(pen: Pen, area: Area, at: View) -> None:
    shape = at(_box(pen))
    pen.shape(shape, BAND, dashed=True)
    pen.text(area.x + 8, area.y + 12, "district 本区", "sb")


def draw_2203(pen: Pen) -> None:
    """Draw a feature kilometres outside the district."""
    pen.heads()
    box = _box(pen)
    west, south, east, north = box.bounds
    for area in (LEFT, RIGHT):
        at = view((west - 45_000, south - 4000, east + 45_000, north + 4000), area, 4)
        _district(pen, area, at)
        inside = [(west + 15_000, south + 34_000), (west + 30_000, south + 18_000),
                  (west + 38_000, south + 42_000)]  # fmt: skip
        for place in inside:
            pen.shape(_blot(at.at(*place), 0.6))
        if area is RIGHT:
            out = shapely.Point(east + 24_000, south + 22_000)
            edge = shapely.ops.nearest_points(box.exterior, out)[0]
            pen.shape(_blot(at.at(out.x, out.y), 0.6), RED)
            one, two = at.at(edge.x, edge.y), at.at(out.x, out.y)
            pen.measure(one, (two[0] - 10, two[1]), "")
            pen.text(two[0] + 10, two[1] + 4, f"{edge.distance(out) / 1000:.1f} km", "sr")
    pen.note(LEFT, "every feature inside")
    pen.note(RIGHT, "the others stay", "one feature outside")


def draw_2204(pen: Pen) -> None:
    """Draw a parcel that lies in another town than its code says."""
    pen.heads()
    for area in (LEFT, RIGHT):
        border = [(142, 0), (120, 40), (158, 78), (132, 118), (150, 156)]
        line = shapely.LineString([(area.x + x, area.y + y) for x, y in border])
        frame = shapely.box(area.x, area.y, area.x + 282, area.y + 156)
        for n, piece in enumerate(shapely.ops.split(frame, line).geoms):
            pen.shape(piece, fill=n == 0)
        one, two = sorted((area.x + 50, area.x + 210))
        pen.mid(one, area.y + 24, "…901", "sm")
        pen.mid(two, area.y + 24, "…902", "sm")
        x = area.x + (30 if area is LEFT else 184)
        kind = "g" if area is LEFT else RED
        pen.box(x, area.y + 62, 68, 44, kind)
        pen.mid(x + 34, area.y + 88, "…901", "sk" + ("" if area is LEFT else "r"))
    pen.note(LEFT, "XZQDM names the town it lies in")
    pen.note(RIGHT, "lies in 902", "XZQDM says 901")


def draw_2205(pen: Pen) -> None:
    """Draw a polygon with an arc and with heights."""
    pen.heads("taken as 化为")
    turn = np.linspace(np.pi / 2, -np.pi / 2, 9)
    arc = np.column_stack([150 + 62 * np.cos(turn), 82 - 62 * np.sin(turn)])
    outline = np.vstack([[(40, 144), (40, 20)], arc])
    plane = shapely.affinity.translate(shapely.Polygon(outline), LEFT.x, LEFT.y)
    pen.shape(plane)
    for x, y in shapely.get_coordinates(plane)[:-1]:
        pen.dot(x, y, radius=2.5)
    x, y = RIGHT.x, RIGHT.y
    corners = [(40, 118), (88, 50), (176, 50), (150, 118)]
    heights = (26, 40, 34, 18)
    roof = [(x + a, y + b - h) for (a, b), h in zip(corners, heights, strict=True)]
    for (a, b), up in zip(corners, roof, strict=True):
        pen.line([(x + a, y + b), up], RED, dashed=True)
        pen.dot(*up, RED)
    path = f"M{roof[0][0]} {roof[0][1]}L{roof[1][0]} {roof[1][1]}L{roof[2][0]} {roof[2][1]}"
    pen.raw(f'<path d="{path}Q{x + 232} {y + 68} {roof[3][0]} {roof[3][1]}Z" class="lr"/>')
    pen.shape(shapely.Polygon([(x + a, y + b) for a, b in corners]), line=False)
    pen.text(x + 196, y + 40, "arc", "sr")
    pen.text(x + 22, y + 102, "z", "sr")
    pen.note(LEFT, "straight edges in the plane")
    pen.note(RIGHT, "", "an arc, and heights at the vertices")


def draw_2206(pen: Pen) -> None:
    """Draw a ring of which one vertex is nowhere."""
    pen.heads()
    corners = [(40, 130), (50, 40), (130, 24), (200, 60), (180, 136)]
    whole = shapely.Polygon([(LEFT.x + a, LEFT.y + b) for a, b in corners])
    pen.shape(whole)
    for x, y in shapely.get_coordinates(whole)[:-1]:
        pen.dot(x, y)
    x, y = RIGHT.x, RIGHT.y
    rest = [(x + a, y + b) for n, (a, b) in enumerate(corners) if n != 3]  # noqa: PLR2004
    pen.line([rest[3], rest[0], rest[1], rest[2]])
    for at in rest:
        pen.dot(*at)
    pen.arrow([rest[2], (x + 250, y + 8)], RED, dashed=True)
    pen.arrow([rest[3], (x + 262, y + 30)], RED, dashed=True)
    pen.text(x + 74, y + 84, "x inf, y NaN", "skr")
    pen.note(LEFT, "every vertex is somewhere")
    pen.note(RIGHT, "taken without a shape", "vertex 4 is no place")
