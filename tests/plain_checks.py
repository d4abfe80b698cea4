"""Checks of a survey and of parcel codes as the rules word them, one polygon after the other.

Written from domain.md (§1.8, 1.9, 2.1, 2.3, 2.4, 6.8) and checks.toml, not from the program: slow
and plain. What lies so near a limit that rounding decides is neither due nor forbidden.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field

import shapely
from pyproj import Geod, Transformer

NEAR = 0.03  # share of a limit within which rounding may decide
DEGREES = Transformer.from_crs("EPSG:4527", "EPSG:4490", always_xy=True)
ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ZDDM = re.compile(r"(120118|120223)\d{6}(G[BSXDEFHGWYLN]|J[ABSXCDEFWYLN]|Z[A-Z])(?!00000)\d{5}")
TEMPORARY = re.compile(r"LS\d{17}")


@dataclass
class Due:
    """Findings that must be there, and others that may be."""

    must: set[tuple] = field(default_factory=set)
    may: set[tuple] = field(default_factory=set)

    def add(self, key: tuple, *measured: tuple[float, float, str]) -> None:
        """Judge numbers against limits: ``(value, limit, "<" or ">")``."""
        states = [_state(*one) for one in measured]
        if "no" not in states:
            (self.may if "near" in states else self.must).add(key)


def _state(value: float, limit: float, sign: str) -> str:
    if abs(value - limit) <= NEAR * limit:
        return "near"
    return "yes" if (value < limit) == (sign == "<") else "no"


def area_on_ellipsoid(shape: shapely.Polygon) -> float:
    """Return the geodesic area, edges cut every 70 m."""
    total = 0.0
    for at, ring in enumerate([shape.exterior, *shape.interiors]):
        cut = shapely.segmentize(ring, 70.0)
        x, y = zip(*cut.coords, strict=True)
        area = abs(ELLIPSOID.polygon_area_perimeter(*DEGREES.transform(x, y))[0])
        total += area if at == 0 else -area
    return total


def width(shape: shapely.Geometry) -> float:
    """Return the diameter of the largest circle in a shape."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 1e-6]
    circles = [shapely.maximum_inscribed_circle(p, 0.002) for p in parts]
    return max((2 * circle.length for circle in circles), default=0.0)


def survey(shapes: list[shapely.Polygon]) -> Due:
    """Judge the shapes of a survey, in coordinates with few digits; rows count from 0."""
    due = Due()
    for row, shape in enumerate(shapes):
        _alone(due, row, shape)
    valid = {row: shape for row, shape in enumerate(shapes) if shape.is_valid}
    for (one, a), (other, b) in itertools.combinations(valid.items(), 2):
        _pair(due, one, a, other, b)
    _gaps(due, list(valid.values()), sure=len(valid) == len(shapes))
    if len(valid) < len(shapes):  # a shape that is none may leave a gap beside it, or close one
        made = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
        _gaps(due, list(made), sure=False)
    return due


def _alone(due: Due, row: int, shape: shapely.Polygon) -> None:
    for ring in (shape.exterior, *shape.interiors):
        _corners(due, row, list(ring.coords)[:-1])
    if not shape.is_valid:
        due.must.add(("4103", row))
        return
    area, around = shape.area, shape.length
    due.add(("4203", row), (area, 10.0, "<"))
    mean, compact = 2 * area / around, 4 * math.pi * area / around**2
    due.add(
        ("4202", row), (mean, 1.0, "<"), (area, 1000.0, "<"), (compact, 0.25, "<"), (area, 10, ">")
    )
    for hole in shape.interiors:
        due.add(("4114", row), (shapely.Polygon(hole).area, 1.0, "<"))


def _corners(due: Due, row: int, corners: list[tuple[float, float]]) -> None:
    kept = [corners[0]]
    for here in [*corners[1:], corners[0]]:
        apart = math.dist(here, kept[-1])
        due.add(("4111", row), (apart, 0.001, "<"))
        if apart >= 0.001:
            kept.append(here)
    kept = kept[:-1] if math.dist(kept[0], kept[-1]) < 0.001 else kept
    for at, here in enumerate(kept):
        before, after = kept[at - 1], kept[(at + 1) % len(kept)]
        one = math.atan2(before[1] - here[1], before[0] - here[0])
        two = math.atan2(after[1] - here[1], after[0] - here[0])
        angle = abs(math.degrees(one - two)) % 360
        due.add(("4112", row), (min(angle, 360 - angle), 10.0, "<"))


def _pair(due: Due, one: int, a: shapely.Polygon, other: int, b: shapely.Polygon) -> None:
    if not a.intersects(b):
        return
    shared = a.intersection(b)
    if shared.area < 1e-6:
        return
    if a.symmetric_difference(b).area < 1e-6:
        due.must.add(("4104", one, other))
        return
    due.add(("4106", one, other), (shared.area, 1.0, ">"), (width(shared), 0.05, ">"))


def _gaps(due: Due, shapes: list[shapely.Polygon], *, sure: bool) -> None:
    whole = shapely.union_all([shape.buffer(1e-7) for shape in shapes])
    filled = [shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)]
    for void in shapely.get_parts(shapely.union_all(filled).difference(whole)):
        if void.area > 0.05:
            place = void.representative_point()
            key = ("4102", round(place.x), round(place.y))
            if sure:
                due.add((*key, void), (void.area, 0.1, ">"), (void.area, 10_000.0, "<"))
            else:
                due.may.add((*key, void))


def credit_code_fails(code: str) -> bool:
    """Say whether a credit code has a wrong form or check digit (GB 32100)."""
    if len(code) != 18 or any(sign not in SIGNS for sign in code):
        return True
    total = sum(SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(code[:17]))
    return SIGNS[(31 - total % 31) % 31] != code[17]


def parcel_code_fails(code: str) -> bool:
    """Say whether a parcel code is not as §2.1 has it."""
    return not (ZDDM.fullmatch(code) or TEMPORARY.fullmatch(code))
