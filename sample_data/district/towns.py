"""Towns, their seats, the park and the villages: names, places, territories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from .ground import GRID, WINDOW, at, rng
from .shapes import Frame, faces


@dataclass(frozen=True)
class Seat:
    """A town seat or the park: a compact built-up place with a street grid."""

    town: str
    name: str
    centre: tuple[float, float]
    half: tuple[float, float]
    turn: float
    spacing: tuple[float, float]
    grain: float
    power: float = 2.4

    @property
    def frame(self) -> Frame:
        """Return the local frame of the street grid."""
        return Frame.turned(*at(*self.centre), self.turn)

    @property
    def is_park(self) -> bool:
        """Tell whether this is the industrial park."""
        return self.town.endswith("951")


@dataclass(frozen=True)
class Village:
    """A village (or the village the seat stands in), its settlement in kilometres."""

    code: str
    name: str
    centre: tuple[float, float]
    turn: float
    half: tuple[float, float]

    @property
    def town(self) -> str:
        """Return the code of the town."""
        return self.code[:9]

    @property
    def is_rural(self) -> bool:
        """Tell whether the village has a settlement of its own."""
        return self.half[0] > 0


SEATS = (
    Seat("120118901", "清泽镇", (4.10, 10.05), (1.92, 1.58), 11.0, (330, 470), 80_000),
    Seat("120118902", "柳桥镇", (4.05, 4.00), (1.82, 1.46), -14.0, (320, 460), 75_000),
    Seat("120118903", "东苑镇", (12.75, 10.45), (1.92, 1.58), 6.0, (330, 480), 80_000),
    Seat("120118904", "河湾镇", (12.60, 2.80), (1.66, 1.30), -19.0, (300, 440), 70_000),
    Seat("120118951", "静澜产业园", (8.95, 7.25), (2.10, 1.55), 4.0, (430, 600), 190_000, 6.0),
)
TOWN_NAMES = {seat.town: seat.name for seat in SEATS}

_RURAL = (
    ("901", "北䶮庄村", 1.05, 11.55, 8, 0.34, 0.25),
    ("901", "苇淀村", 1.15, 8.75, -6, 0.30, 0.22),
    ("901", "槐园村", 7.75, 11.35, 14, 0.33, 0.22),
    ("901", "上堤头村", 3.55, 13.45, 3, 0.36, 0.20),
    ("902", "大柳洼村", 0.95, 5.35, -11, 0.33, 0.24),
    ("902", "小沽村", 0.95, 1.75, -20, 0.31, 0.23),
    ("902", "桥南村", 2.75, 0.75, -8, 0.34, 0.20),
    ("902", "白塘村", 7.45, 3.05, -15, 0.33, 0.24),
    ("902", "张家埝村", 7.35, 0.95, 5, 0.29, 0.20),
    ("903", "杏林屯村", 9.95, 13.50, 2, 0.34, 0.18),
    ("903", "新立庄村", 14.95, 13.50, -4, 0.31, 0.18),
    ("903", "东高台村", 15.20, 9.30, 10, 0.27, 0.24),
    ("903", "清流口村", 11.95, 7.35, 9, 0.28, 0.20),
    ("903", "马圈头村", 8.15, 9.85, 7, 0.28, 0.19),
    ("904", "河北岸村", 14.75, 7.25, -9, 0.31, 0.22),
    ("904", "曲水村", 9.95, 2.55, -17, 0.32, 0.22),
    ("904", "下湾村", 10.05, 0.75, -12, 0.32, 0.20),
    ("904", "芦花台村", 15.20, 3.90, -6, 0.26, 0.25),
)
_SEAT_VILLAGES = {
    "120118901": "清泽村",
    "120118902": "柳桥村",
    "120118903": "东苑村",
    "120118904": "河湾村",
    "120118951": "静澜园区",
}


def villages() -> list[Village]:
    """Return all villages in the order of their codes."""
    found = [
        Village(f"{seat.town}001", _SEAT_VILLAGES[seat.town], seat.centre, seat.turn, (0.0, 0.0))
        for seat in SEATS
    ]
    count: dict[str, int] = {}
    for town, name, x, y, turn, half_u, half_v in _RURAL:
        count[town] = count.get(town, 1) + 1
        code = f"120118{town}{count[town]:03d}"
        found.append(Village(code, name, (x, y), turn, (half_u, half_v)))
    return sorted(found, key=lambda v: v.code)


def _markers(village: Village, kept_whole: list[Polygon]) -> list[Point]:
    marks = []
    for outline in kept_whole:
        around = shapely.segmentize(outline.convex_hull.buffer(170, join_style="mitre"), 240)
        marks += [Point(c) for c in around.exterior.coords[:-1]] + [outline.centroid]
    if village.is_rural:
        x, y = at(*village.centre)
        marks += [Point(x + dx, y + dy) for dx in (-300, 0, 300) for dy in (-220, 0, 220)]
    return marks


def _rough(line: LineString, random: np.random.Generator) -> LineString:
    """Return a border line with the small bends of a real one."""
    line = shapely.segmentize(shapely.simplify(line, 140), 420)
    xy = np.asarray(line.coords)
    if len(xy) > 2:
        xy[1:-1] += random.normal(0.0, 26.0, (len(xy) - 2, 2))
    return LineString(xy)


def territories(kept_whole: dict[str, list[Polygon]]) -> list[Polygon]:
    """Return the territory of each village, a gap-free mosaic of the window.

    Parameters
    ----------
    kept_whole
        By village code, outlines of what no border may cut (seats, park, industry).
    """
    listed = villages()
    points: list[Point] = []
    owner: list[int] = []
    for k, village in enumerate(listed):
        marks = _markers(village, kept_whole.get(village.code, []))
        points += marks
        owner += [k] * len(marks)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(points), extend_to=WINDOW, ordered=True)
    )
    merged = [
        shapely.union_all([c for c, o in zip(cells, owner, strict=True) if o == k])
        for k in range(len(listed))
    ]
    random = rng("borders")
    shared = []
    for i in range(len(merged)):
        for j in range(i + 1, len(merged)):
            line = shapely.line_merge(merged[i].boundary.intersection(merged[j].boundary))
            shared += [ln for ln in shapely.get_parts(line) if ln.geom_type == "LineString"]
    lines = [_rough(line, random) for line in shared]
    found = faces([WINDOW.boundary, *lines])
    ground = _assign(found, merged)
    for k, village in enumerate(listed):
        for outline in kept_whole.get(village.code, []):
            _keep(ground, k, outline.buffer(35, join_style="mitre"))
    return _in_one_piece(ground)


def _keep(ground: list[Polygon], owner: int, outline: Polygon) -> None:
    """Give all of an outline to one village."""
    for k, land in enumerate(ground):
        if k == owner:
            ground[k] = shapely.union(land, outline, grid_size=GRID)
        elif land.intersects(outline):
            ground[k] = shapely.difference(land, outline, grid_size=GRID)


def _in_one_piece(ground: list[Polygon]) -> list[Polygon]:
    """Give detached pieces of a territory to the neighbour with the longest common border."""
    loose: list[tuple[int, Polygon]] = []
    for k, land in enumerate(ground):
        parts = sorted(shapely.get_parts(land), key=lambda p: -p.area)
        ground[k] = parts[0]
        loose += [(k, p) for p in parts[1:]]
    for k, part in loose:
        border = [
            part.boundary.intersection(g.boundary).length if j != k else 0.0
            for j, g in enumerate(ground)
        ]
        j = int(np.argmax(border))
        ground[j] = shapely.union(ground[j], part, grid_size=GRID)
    return ground


def _assign(found: list[Polygon], merged: list[Polygon]) -> list[Polygon]:
    """Give each face to the village it overlaps most."""
    groups: list[list[Polygon]] = [[] for _ in merged]
    for face in found:
        inside = face.intersection(WINDOW)
        if inside.area < 1.0:
            continue
        share = [inside.intersection(m).area for m in merged]
        groups[int(np.argmax(share))].append(face)
    return [shapely.union_all(g, grid_size=1e-4) for g in groups]
