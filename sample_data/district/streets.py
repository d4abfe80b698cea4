"""Streets, roads, the railway and the river: centre lines and the land they take."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from .ground import WINDOW, at, rng
from .shapes import Frame, curve, cut, faces, snap, strip
from .towns import SEATS, Seat, Village

WIDTH = {
    "高速": 34.0,
    "国道": 30.0,
    "主干路": 28.0,
    "次干路": 18.0,
    "支路": 10.0,
    "铁路": 22.0,
    "河流": 86.0,
}


@dataclass(frozen=True)
class Street:
    """A centre line with its name, class and width."""

    line: LineString
    name: str
    grade: str
    width: float
    town: str = ""

    @property
    def land(self) -> Polygon:
        """Return the land it takes."""
        return strip(self.line, self.width)


@dataclass(frozen=True)
class Grid:
    """The street grid of a seat: its outline, cells between streets, and the streets."""

    seat: Seat
    outline: Polygon
    cells: list[Polygon]
    streets: list[Street]


def _ticks(half: float, spacing: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    right = np.cumsum(random.uniform(*spacing, 14))
    left = -np.cumsum(random.uniform(*spacing, 14))
    ticks = np.concatenate([left[::-1], [0.0], right])
    return ticks[np.abs(ticks) < 1000 * half + 650]


def _warp(seat: Seat, uv: np.ndarray) -> np.ndarray:
    bend = 0.3 if seat.is_park else 1.0
    u = uv[:, 0] + bend * 46 * np.sin(uv[:, 1] / 720 + seat.turn)
    v = uv[:, 1] + bend * 62 * np.sin(uv[:, 0] / 980 + 0.6 * seat.turn)
    return seat.frame.out(np.column_stack([u, v]))


def _grid_lines(seat: Seat) -> tuple[list[LineString], list[bool]]:
    random = rng(f"streets {seat.town}")
    ticks = [_ticks(half, seat.spacing, random) for half in seat.half]
    lines, main = [], []
    for axis in (0, 1):
        along = np.arange(ticks[1 - axis][0], ticks[1 - axis][-1] + 1, 70.0)
        for t in ticks[axis]:
            uv = np.column_stack([np.full(len(along), t), along])
            lines.append(LineString(_warp(seat, uv if axis == 0 else uv[:, ::-1])))
            main.append(t == 0.0)
    return lines, main


def _inside(seat: Seat, cell: Polygon, random: np.random.Generator) -> bool:
    u, v = seat.frame.into(np.array([[cell.centroid.x, cell.centroid.y]]))[0]
    a, b = 1000 * seat.half[0], 1000 * seat.half[1]
    reach = (abs(u / a) ** seat.power + abs(v / b) ** seat.power) ** (1 / seat.power)
    return reach + random.normal(0.0, 0.01 if seat.is_park else 0.025) < 0.97


def grid(seat: Seat) -> Grid:
    """Return the street grid of a seat.

    Parameters
    ----------
    seat
        The seat or park.
    """
    lines, main = _grid_lines(seat)
    random = rng(f"outline {seat.town}")
    cells = [c for c in faces(lines) if _inside(seat, c, random)]
    outline = max(shapely.get_parts(shapely.union_all(cells).buffer(0)), key=lambda p: p.area)
    outline = Polygon(outline.exterior)
    cells = [c for c in faces(lines) if outline.contains(c.representative_point())]
    cells = _join_some(
        seat, cells, [ln for ln, is_main in zip(lines, main, strict=True) if is_main]
    )
    edges = shapely.union_all([c.boundary for c in cells]).buffer(0.5)
    streets = []
    for k, (line, is_main) in enumerate(zip(lines, main, strict=True)):
        kept = line.intersection(edges)
        for part in shapely.get_parts(shapely.line_merge(kept)):
            if part.length > 120:
                grade = "主干路" if is_main else "次干路"
                name = f"{seat.name[:2]}{'大街' if is_main else '路'}{'' if is_main else k + 1}"
                streets.append(Street(part, name, grade, WIDTH[grade], seat.town))
    cells, lanes = _lanes(seat, cells)
    return Grid(seat, outline, cells, streets + lanes)


def _join_some(seat: Seat, cells: list[Polygon], main: list[LineString]) -> list[Polygon]:
    """Join some neighbouring cells, so that streets end in T junctions as they do."""
    random = rng(f"joins {seat.town}")
    spine = shapely.union_all(main).buffer(1.0)
    cells = sorted(cells, key=lambda c: c.bounds)
    for k in random.permutation(len(cells))[: int(0.22 * len(cells))]:
        for j in range(len(cells)):
            if j == k or cells[j].is_empty or cells[k].is_empty:
                continue
            shared = cells[k].intersection(cells[j])
            if shared.length > 150 and not spine.contains(shared):
                joined = shapely.coverage_union_all([cells[k], cells[j]])
                if joined.area < 2.6 * seat.spacing[1] ** 2:
                    cells[k], cells[j] = joined, Polygon()
                    break
    return [c for c in cells if not c.is_empty]


def _lanes(seat: Seat, cells: list[Polygon]) -> tuple[list[Polygon], list[Street]]:
    """Divide large cells by local streets."""
    random = rng(f"lanes {seat.town}")
    centre = Point(at(*seat.centre))
    done, lanes, queue = [], [], sorted(cells, key=lambda c: c.bounds)
    while queue:
        cell = queue.pop(0)
        near = min(1.0, cell.centroid.distance(centre) / 1800)
        limit = seat.grain * (0.6 + 0.7 * near) * random.uniform(0.75, 1.5)
        if cell.area < limit or cell.area < 45_000:
            done.append(cell)
            continue
        pieces = cut(cell, random.uniform(0.4, 0.6), random)
        if len(pieces) == 1:
            done.append(cell)
            continue
        line = shapely.line_merge(pieces[0].boundary.intersection(pieces[1].boundary))
        lanes.append(Street(line, f"{seat.name[:2]}支路{len(lanes) + 1}", "支路", 11.0, seat.town))
        queue += pieces
    return done, lanes


def _ends(outline: Polygon, seat: Seat) -> dict[str, tuple[float, float]]:
    """Return where the two main streets leave the seat, by compass."""
    found = {}
    for side, uv in {"e": (1, 0), "w": (-1, 0), "n": (0, 1), "s": (0, -1)}.items():
        ray = np.linspace(0, 4000, 400)[:, None] * np.array([uv], dtype=float)
        line = LineString(_warp(seat, ray))
        kept = shapely.get_parts(line.intersection(outline))
        found[side] = max(kept, key=lambda p: p.length).coords[-1]
    return found


def trunk_roads(outlines: dict[str, Polygon]) -> list[Street]:
    """Return the roads between the towns, the expressway, the railway and the river.

    Parameters
    ----------
    outlines
        Outline of each seat by town code.
    """
    ends = {seat.town[-3:]: _ends(outlines[seat.town], seat) for seat in SEATS}
    q, w, e, r, p = (ends[k] for k in ("901", "902", "903", "904", "951"))
    plan = [
        ("静清北路", "主干路", [q["e"], at(7.6, 10.6), at(9.6, 10.35), e["w"]]),
        ("静清南路", "主干路", [w["e"], at(7.4, 2.25), at(9.6, 3.35), r["w"]]),
        ("泽柳路", "主干路", [q["s"], at(4.4, 7.6), at(4.25, 6.5), w["n"]]),
        ("苑湾路", "主干路", [e["s"], at(13.3, 7.4), at(13.1, 5.6), r["n"]]),
        ("澜西路", "主干路", [p["w"], at(5.6, 7.05), at(4.37, 7.55)]),
        ("澜东路", "主干路", [p["e"], at(12.1, 6.5), at(13.22, 6.4)]),
        ("泽西路", "主干路", [q["w"], at(1.2, 9.75), at(-0.2, 9.95)]),
        ("柳西路", "主干路", [w["w"], at(1.2, 4.35), at(-0.2, 4.0)]),
        ("苑东路", "主干路", [e["e"], at(15.2, 10.95), at(16.2, 10.8)]),
        ("湾东路", "主干路", [r["e"], at(15.1, 2.05), at(16.2, 2.2)]),
        ("柳南路", "次干路", [w["s"], at(3.98, 1.2), at(4.15, -0.2)]),
        ("湾南路", "次干路", [r["s"], at(12.3, 0.6), at(12.5, -0.2)]),
        ("泽北路", "次干路", [q["n"], at(4.75, 12.8), at(4.8, 14.2)]),
        ("苑北路", "次干路", [e["n"], at(12.9, 13.2), at(12.8, 14.2)]),
        ("国道", "国道", [at(9.0, 14.2), at(9.1, 11.0), p["n"]]),
        ("国道", "国道", [p["s"], at(8.75, 4.0), at(8.65, 2.0), at(8.85, -0.2)]),
        ("津澜高速", "高速", [at(-0.2, 12.35), at(4.0, 12.75), at(9.0, 12.6), at(16.2, 12.85)]),
    ]
    roads = [Street(curve(pts), name, g, WIDTH[g]) for name, g, pts in plan]
    rail = [at(6.75, 14.2), at(6.6, 10.5), at(6.28, 7.0), at(6.32, 4.4), at(6.75, -0.2)]
    river = [(-0.3, 7.1), (1.5, 6.5), (3.2, 6.7), (4.9, 6.2), (6.2, 5.1), (7.5, 4.75)]
    river += [(9.3, 4.45), (10.8, 5.1), (12.2, 5.65), (13.9, 5.25), (16.3, 5.95)]
    roads.append(Street(curve(rail, 120), "津静铁路", "铁路", WIDTH["铁路"]))
    roads.append(Street(curve([at(*k) for k in river], 40), "清澜河", "河流", WIDTH["河流"]))
    return roads


def village_links(villages: list[Village], trunks: list[Street]) -> list[Street]:
    """Return the road from each village to the nearest road between the towns."""
    random = rng("village links")
    usable = [t.line for t in trunks if t.grade in {"主干路", "次干路", "国道"}]
    net = shapely.union_all(usable)
    links = []
    for village in villages:
        if not village.is_rural:
            continue
        here = Point(at(*village.centre))
        there = shapely.get_point(shapely.shortest_line(here, net), 1)
        middle = np.array([(here.x + there.x) / 2, (here.y + there.y) / 2])
        middle += random.normal(0.0, 0.05 * here.distance(there), 2)
        line = curve([(here.x, here.y), tuple(middle), (there.x, there.y)], 90)
        links.append(Street(line, f"{village.name[:-1]}路", "支路", WIDTH["支路"], village.town))
    return links


def clip_to_window(streets: list[Street]) -> list[Street]:
    """Return the streets cut at the window."""
    kept = []
    for street in streets:
        inside = shapely.get_parts(street.line.intersection(WINDOW))
        kept += [replace(street, line=part) for part in inside if part.length > 5]
    return kept


def land_of(streets: list[Street]) -> Polygon:
    """Return the land that streets take together, on the grid."""
    return snap(shapely.union_all([s.land for s in streets]))


__all__ = ["Frame", "Grid", "Street", "clip_to_window", "grid", "land_of", "trunk_roads"]
