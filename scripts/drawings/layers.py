"""Drawings of features against each other: 4101 to 4106, 4201, 4401, 4402."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.affinity

from drawings.pen import BAND, LEFT, RED, RIGHT, View, view
from lowuse_gis.core.topology.edges import edge_facts
from lowuse_gis.core.topology.gaps import gap_facts
from lowuse_gis.core.topology.overlaps import overlap_facts

if TYPE_CHECKING:
    from drawings.pen import Pen

WEST = [(0, 0), (24, 1), (25, 20), (0, 22)]
EAST = [(24, 1), (48, 0), (47, 23), (25, 20)]


def _shapes(*outlines: Any) -> Any:
    return np.array([shapely.Polygon(outline) for outline in outlines], dtype=object)


def _overlap(shapes: Any) -> Any:
    return overlap_facts(shapes).iloc[0]


def _hatched(pen: Pen, shape: Any) -> None:
    pen.shape(shape, RED)
    pen.shape(shape, RED, line=False, hatch=True)


def _named(pen: Pen, at: View, shape: Any, name: str, dx: float = 0) -> None:
    x, y = at.at(shape.centroid.x + dx, shape.centroid.y)
    pen.mid(x, y + 4, name, "sk")


def draw_4101(pen: Pen) -> None:
    """Draw two parcels of which one reaches over the boundary of the other."""
    pen.heads()
    over = [(0, 0), (24, 1), (27.5, 3), (28, 17), (25, 20), (0, 22)]
    for area, west in ((LEFT, WEST), (RIGHT, over)):
        shapes = _shapes(west, EAST)
        at = view((0, 0, 48, 23), area, 6)
        for shape in shapes:
            pen.shape(at(shape))
        _named(pen, at, shapes[0], "…00007", -3)
        _named(pen, at, shapes[1], "…00008", 4)
        pen.scale_bar(at, area.x + 12, area.y + 154, 10)
    found = _overlap(shapes)
    _hatched(pen, at(found["geometry"]))
    pen.note(LEFT, "one boundary for both")
    pen.note(RIGHT, f"{found['width']:.1f} m wide", pen.beyond("overlap_area", found["area"]))


def draw_4102(pen: Pen) -> None:
    """Draw three polygons with a place between them that none covers."""
    pen.heads()
    north = [(0, 14), (26, 13), (52, 15), (52, 30), (0, 30)]
    one = [(0, 0), (25, 0), (26, 13), (0, 14)]
    two = [(25, 0), (52, 0), (52, 15), (26, 13)]
    drawn_back = [(25, 0), (52, 0), (52, 15), (43, 13.4), (34, 11), (26, 13)]
    for area, east in ((LEFT, two), (RIGHT, drawn_back)):
        shapes = _shapes(north, one, east)
        at = view((0, 0, 52, 30), area, 4)
        for shape, name in zip(shapes, ("0601", "0702", "0103"), strict=True):
            pen.shape(at(shape))
            _named(pen, at, shape, name)
    found = gap_facts(shapes, pen.checks.limit("gap_largest")).iloc[0]
    pen.shape(at(found["geometry"]), RED, line=False, hatch=True)
    pen.shape(at(found["geometry"]), RED, fill=False)
    pen.note(LEFT, "the survey covers everything")
    pen.note(RIGHT, f"{found['width']:.1f} m wide", pen.beyond("gap_area", found["area"]))


def draw_4104(pen: Pen) -> None:
    """Draw the same shape as two features, one above the other."""
    pen.heads()
    outline = [(0, 0), (84, 0), (108, 26), (50, 48), (-12, 30)]
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        base = shapely.affinity.translate(shapely.Polygon(outline), area.x + 92, area.y + 96)
        if bad:
            upper = shapely.affinity.translate(base, 0, -70)
            for (ax, ay), (bx, by) in zip(
                shapely.get_coordinates(base)[:-1], shapely.get_coordinates(upper)[:-1], strict=True
            ):
                pen.line([(ax, ay), (bx, by)], RED, dashed=True)
            pen.shape(upper, RED)
            pen.text(area.x + 210, area.y + 58, "row 7", "sr")
        pen.shape(base)
        pen.text(area.x + 210, area.y + 128, "row 3", "s")
    facts = _overlap(_shapes(outline, outline))
    pen.note(LEFT, "a place stands once in its layer")
    pen.note(RIGHT, "", f"{facts['kind']}: the same place twice")


def draw_4105(pen: Pen) -> None:
    """Draw two building outlines that share part of their floor."""
    pen.heads()
    hall = [(6, 4), (34, 4), (34, 14), (18, 14), (18, 24), (6, 24)]
    for area, shift in ((LEFT, 8.0), (RIGHT, -3.0)):
        shed = [(28 + shift, 10), (44 + shift, 10), (44 + shift, 22), (28 + shift, 22)]
        shapes = _shapes(hall, shed)
        at = view((0, 0, 56, 28), area, 4)
        pen.shape(at(shapely.box(0, 0, 56, 28)), fill=False, dashed=True)
        for shape, name in zip(shapes, ("3 F", "1 F"), strict=True):
            pen.shape(at(shape))
            _named(pen, at, shape, name, 3 if name == "1 F" and shift < 0 else 0)
    found = _overlap(shapes)
    _hatched(pen, at(found["geometry"]))
    pen.note(LEFT, "each building on its own ground")
    pen.note(RIGHT, "", pen.beyond("overlap_area", found["area"]))


def draw_4106(pen: Pen) -> None:
    """Draw a survey polygon that lies on its neighbours."""
    pen.heads()
    cuts = [(0, 0, 18, 14), (18, 0, 36, 14), (36, 0, 54, 14), (0, 14, 27, 28), (27, 14, 54, 28)]
    spread = [(18, 0), (36, 0), (39, 6), (36, 14), (30, 16.5), (18, 14)]
    names = ("0601", "0702", "0103", "0601", "1003")
    for area in (LEFT, RIGHT):
        outlines = [shapely.box(*cut) for cut in cuts]
        if area is RIGHT:
            outlines[1] = shapely.Polygon(spread)
        shapes = np.array(outlines, dtype=object)
        at = view((0, 0, 54, 28), area, 4)
        for shape, name in zip(shapes, names, strict=True):
            pen.shape(at(shape))
            _named(pen, at, shape, name)
    found = overlap_facts(shapes)
    for place in found["geometry"]:
        _hatched(pen, at(place))
    pen.note(LEFT, "no place twice")
    worst = pen.beyond("overlap_area", found["area"].max())
    pen.note(RIGHT, f"the largest of {len(found)}", worst)


def draw_4201(pen: Pen) -> None:
    """Draw what is left of a survey polygon beside the parcels on it."""
    pen.heads("the layers 两个图层", "left over 余下")
    survey = shapely.Polygon([(0, 0), (52, 1), (51, 27), (1, 28)])
    plots = [shapely.Polygon([(2, 1.5), (26, 1.5), (26, 26.5), (2, 26.5)]),
             shapely.Polygon([(26, 1.5), (50.5, 2), (50, 25.5), (26, 26.5)])]  # fmt: skip
    left_over = survey.difference(shapely.union_all(plots))
    at = view((0, 0, 52, 28), LEFT, 6)
    pen.shape(at(survey), BAND, fill=False, dashed=True)
    for plot in plots:
        pen.shape(at(plot))
    pen.text(*at.at(4, 23), "DLTB 0601", "skb")
    for plot, name in zip(plots, ("…00007", "…00008"), strict=True):
        _named(pen, at, plot, name)
    at = view((0, 0, 52, 28), RIGHT, 6)
    pen.shape(at(shapely.union_all(plots)), line=False)
    pen.shape(at(left_over), RED)
    pen.mid(*at.at(26, 13), f"{left_over.area:.0f} m²", "r")
    pen.note(LEFT, "parcels on construction land of the survey")
    pen.note(RIGHT, "added up, not listed", "narrow rest")


def draw_4401(pen: Pen) -> None:
    """Draw a parcel's edge that runs beside the survey's, within a lens."""
    pen.heads()
    parcel = [(0, 0), (40, 0), (40, 22), (0, 22)]
    apart = 0.18
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        x = 40 + (apart if bad else 0)
        survey = [(0, 0), (40, 0), (x, 3), (x, 19), (40, 22), (0, 22)]
        at = view((0, -1, 66, 24), area, 2)
        pen.shape(at(shapely.Polygon(parcel)))
        pen.text(*at.at(3, 17), "ZD", "sk")
        centre = at.at(40, 9)
        into = (area.x + 232, centre[1])
        pen.ring(*centre, 7, "g")
        pen.line([(centre[0] + 7, centre[1]), (into[0] - 50, into[1])])
        near = 160.0
        circle = shapely.Point(*into).buffer(50)
        allowed = pen.checks.limit("edge_apart") * near
        band = shapely.box(into[0] - allowed, into[1] - 60, into[0] + allowed, into[1] + 60)
        pen.shape(band.intersection(circle), BAND, line=False)
        half = shapely.box(into[0] - 60, into[1] - 60, into[0], into[1] + 60)
        pen.shape(half.intersection(circle), line=False)
        pen.line([(into[0], into[1] - 50), (into[0], into[1] + 50)])
        pen.ring(*into, 50, "g")
        theirs = into[0] + (x - 40) * near
        chord = shapely.LineString([(theirs, into[1] - 60), (theirs, into[1] + 60)])
        pen.shape(chord.intersection(circle), RED if bad else BAND, dashed=True)
        pen.mid(into[0], into[1] + 66, f"± {pen.limit('edge_apart')}", "sb")
        pen.text(area.x + 232 + 6, into[1] - 58, "DLTB", "sk" + ("r" if bad else "b"))
        if bad:
            pen.measure((into[0], into[1]), (theirs, into[1]), "")
    found = edge_facts(_shapes(parcel), _shapes(survey), pen.checks.limit("edge_distance")).iloc[0]
    pen.note(LEFT, "one line in both layers")
    measured = pen.beyond("edge_apart", found["distance"], digits=2)
    pen.note(RIGHT, f"along {found['length']:.0f} m", measured)


def draw_4402(pen: Pen) -> None:
    """Draw a road along the boundary of two parcels, and through the second of them."""
    pen.heads()
    west, east = shapely.box(0, 0, 22, 24), shapely.box(22, 0, 52, 24)
    for area, x in ((LEFT, 22.0), (RIGHT, 31.0)):
        bad = area is RIGHT
        at = view((0, -2, 52, 26), area, 4)
        road = shapely.LineString([(x, -2), (x, 26)])
        beyond = east.intersection(shapely.box(0, 0, x, 24))
        pen.shape(at(west))
        pen.shape(at(east))
        _named(pen, at, west, "…00007")
        _named(pen, at, east, "…00008", 4 if bad else 0)
        if bad:
            _hatched(pen, at(beyond))
        pen.shape(at(road), RED if bad else BAND, dashed=True)
    share, allowed = beyond.area / east.area, pen.book.units["cut_share"]
    if share <= allowed:
        message = f"{share} is no defect by cut_share = {allowed}"
        raise ValueError(message)
    pen.note(LEFT, "a barrier along the boundary")
    pen.note(RIGHT, "it goes to the larger side", f"{share:.1%} beyond > {allowed:.1%}")
