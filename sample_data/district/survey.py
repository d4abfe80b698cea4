"""The land survey: a gap-free mosaic of land classes (DLTB), villages and towns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from .blocks import DEFAULT_CLASS, cluster_outlines
from .ground import WINDOW, rng
from .layout import Layout, mine
from .shapes import faces, place, strip

CLASS_NAMES = {
    "0102": "水浇地",
    "0201": "果园",
    "0301": "乔木林地",
    "0307": "其他林地",
    "0404": "其他草地",
    "05H1": "商业服务业设施用地",
    "0508": "物流仓储用地",
    "0601": "工业用地",
    "0602": "采矿用地",
    "0701": "城镇住宅用地",
    "0702": "农村宅基地",
    "08H1": "机关团体新闻出版用地",
    "08H2": "科教文卫用地",
    "0809": "公用设施用地",
    "0810": "公园与绿地",
    "09": "特殊用地",
    "1001": "铁路用地",
    "1003": "公路用地",
    "1004": "城镇村道路用地",
    "1006": "农村道路",
    "1101": "河流水面",
    "1104": "坑塘水面",
    "1107": "沟渠",
    "1201": "空闲地",
    "1202": "设施农用地",
}
FARM = ("0102", "0201", "0301", "0307", "0404", "1202")
_FARM_SHARES = (0.905, 0.03, 0.01, 0.018, 0.012, 0.025)


@dataclass
class Plot:
    """One polygon of the survey."""

    shape: Polygon
    land_class: str
    settlement: str
    village: int
    tag: int = -1
    year: int = 1990


@dataclass
class _Layer:
    """Source polygons of one kind, in order of precedence."""

    shapes: list[Polygon]
    classes: list[str]
    settlements: list[str]
    tags: list[int]

    def add(self, shape: Polygon, land_class: str, settlement: str = "", tag: int = -1) -> None:
        """Add one or more polygons of a class."""
        for part in shapely.get_parts(shape):
            if isinstance(part, Polygon) and part.area > 0.5:
                self.shapes.append(part)
                self.classes.append(land_class)
                self.settlements.append(settlement)
                self.tags.append(tag)


def _mark(land_class: str, zone: str) -> str:
    """Return the settlement attribute (CZCSXM) of a class in a zone."""
    works = land_class in {"0601", "0508"}
    if zone in {"park", "cluster"}:
        return "202A" if works else "202"
    if zone in {"village", "works"}:
        return "203A" if works and zone == "works" else "203"
    return "202"


def _sources(found: Layout) -> _Layer:
    """Collect all source polygons, the first has precedence over the next."""
    layer = _Layer([], [], [], [])
    trunks = found.trunks
    seats = shapely.union_all(list(found.outlines.values()))
    for grade, land_class in (("铁路", "1001"), ("高速", "1003")):
        for street in trunks:
            if street.grade == grade:
                layer.add(street.land, land_class)
    for block in found.blocks:
        for shape, seen in block.faces or [(block.shape, DEFAULT_CLASS[block.use])]:
            layer.add(shape, seen, _mark(seen, block.zone), block.number)
    for k, (shape, seen) in enumerate(found.demo.faces):
        layer.add(shape, seen, "202", 100_000 + k // 100)
    roads = [s.land for s in trunks if s.grade not in {"铁路", "高速", "河流"}]
    layer.add(shapely.union_all(roads).difference(seats), "1003")
    for street in trunks:
        if street.grade == "河流":
            layer.add(street.land, "1101")
    _settled(found, layer, seats)
    _open_land(found, layer)
    return layer


def _settled(found: Layout, layer: _Layer, seats: Polygon) -> None:
    """Add what lies between blocks in seats and villages: streets and lanes."""
    layer.add(seats, "1004", "202")
    for outline in cluster_outlines().values():
        layer.add(outline, "1004", "202")
    for name in ("quarter", "bend"):
        layer.add(found.demo.outlines[name], "1004", "202")
    layer.add(shapely.union_all([s.land for s in found.demo.streets]), "1004", "202")
    for settlement in found.settlements:
        layer.add(settlement.outline, "1004", "203")


def _open_land(found: Layout, layer: _Layer) -> None:
    """Add what interrupts the fields."""
    layer.add(mine(), "0602", "204")
    for street in found.trunks:
        if street.grade == "河流":
            layer.add(strip(street.line, street.width + 44), "0307")
        elif street.grade in {"高速", "国道", "铁路"}:
            layer.add(strip(street.line, street.width + 34), "0307")
    for name, land_class in (("ponds", "1104"), ("woods", "0301")):
        for fields in found.fields:
            for shape in getattr(fields, name):
                layer.add(shape, land_class)
    for name, land_class in (("ditches", "1107"), ("tracks", "1006")):
        layer.add(
            shapely.union_all([s for f in found.fields for s in getattr(f, name)]), land_class
        )


def _faces(found: Layout, layer: _Layer) -> list[Polygon]:
    lines = [WINDOW.boundary, *(shapely.boundary(s) for s in layer.shapes)]
    lines += [t.boundary for t in found.territories]
    lines += [ridge for f in found.fields for ridge in f.ridges]
    return [f for f in faces(lines) if WINDOW.contains(f.representative_point())]


def plots(found: Layout) -> list[Plot]:
    """Return the survey polygons, sorted by village and place.

    Parameters
    ----------
    found
        The district.
    """
    layer = _sources(found)
    pieces = _faces(found, layer)
    points = shapely.point_on_surface(np.asarray(pieces, dtype=object))
    source = np.full(len(pieces), len(layer.shapes))
    spot, hit = shapely.STRtree(layer.shapes).query(points, predicate="within")
    np.minimum.at(source, spot, hit)
    village = np.zeros(len(pieces), dtype=int)
    spot, hit = shapely.STRtree(found.territories).query(points, predicate="within")
    village[spot] = hit
    groups = _groups(pieces, source, village, layer)
    merged = _tidy(_dissolve(pieces, groups))
    years = {b.number: b.year for b in found.blocks}
    for plot in merged:
        plot.year = years.get(plot.tag, 1990 if plot.tag < 0 else 2008)
    _shift(merged, found)
    return sorted(merged, key=lambda p: (p.village, place(p.shape)))


Key = tuple[int, str, str, int]


def _groups(
    pieces: list[Polygon], source: np.ndarray, village: np.ndarray, layer: _Layer
) -> list[Key]:
    """Say which polygon each face belongs to; slivers join a neighbour."""
    random, groups = rng("farm classes"), []
    for k, src in enumerate(source):
        if src < len(layer.shapes):
            key = (layer.classes[src], layer.settlements[src], layer.tags[src])
        else:
            key = (str(random.choice(FARM, p=_FARM_SHARES)), "", 1_000_000 + k)
        groups.append((int(village[k]), *key))
    areas = shapely.area(np.asarray(pieces, dtype=object))
    farm = np.array([g[3] >= 1_000_000 for g in groups])
    thin = areas / np.maximum(shapely.length(np.asarray(pieces, dtype=object)), 1) < 0.35
    small = np.flatnonzero((areas < 30) | thin | (farm & (areas < 2_200)))
    tree = shapely.STRtree(pieces)
    for k in sorted(small, key=lambda i: (areas[i], i)):
        groups[k] = _absorb(int(k), pieces, groups, tree)
    return groups


def _absorb(k: int, pieces: list[Polygon], groups: list[Key], tree: shapely.STRtree) -> Key:
    """Return the group of the neighbour with the longest common edge, fields first."""
    best, best_length = groups[k], 0.0
    for j in sorted(tree.query(pieces[k], predicate="intersects")):
        if j == k or groups[j][0] != groups[k][0] or groups[j] == groups[k]:
            continue
        length = pieces[k].boundary.intersection(pieces[j].boundary).length
        length *= 3.0 if groups[j][1] in FARM and pieces[k].area > 30 else 1.0
        if length > best_length:
            best, best_length = groups[j], length
    return best


def _dissolve(pieces: list[Polygon], groups: list[Key]) -> list[Plot]:
    members: dict[Key, list[Polygon]] = {}
    for piece, key in zip(pieces, groups, strict=True):
        members.setdefault(key, []).append(piece)
    merged = []
    for key in sorted(members):
        whole = shapely.coverage_union_all(members[key])
        parts = shapely.get_parts(whole)
        merged += [Plot(part, key[1], key[2], key[0], key[3]) for part in parts]
    return merged


def _tidy(merged: list[Plot]) -> list[Plot]:
    """Join what is still too small to be surveyed to a neighbour."""
    for limit in (25.0, 100.0, 100.0):
        shapes = [p.shape for p in merged]
        groups: list[Key] = [
            (p.village, p.land_class, p.settlement, k) for k, p in enumerate(merged)
        ]
        tree = shapely.STRtree(shapes)
        for k in np.flatnonzero(shapely.area(np.asarray(shapes, dtype=object)) < limit):
            groups[k] = _absorb(int(k), shapes, groups, tree)
        tags = [p.tag for p in merged]
        merged = _dissolve(shapes, groups)
        for plot in merged:
            plot.tag = tags[plot.tag]
    return merged


def _shift(merged: list[Plot], found: Layout) -> None:
    """Draw many blocks a little beside their parcels: nodes move, the mosaic stays whole."""
    random = rng("survey shift")
    moves: dict[int, np.ndarray] = {}
    for block in found.blocks:
        angle, far = random.uniform(0, 2 * np.pi), random.uniform(0.3, 2.0)
        chosen = random.random() < 0.5 and block.zone in {"seat", "park", "cluster", "works"}
        if chosen:
            moves[block.number] = np.array([np.cos(angle), np.sin(angle)]) * far
    held = {_node(xy) for t in found.territories for xy in shapely.get_coordinates(t)}
    offset: dict[Node, np.ndarray] = {}
    for plot in merged:
        if plot.tag in moves:
            for xy in shapely.get_coordinates(plot.shape):
                if _node(xy) not in held:
                    offset.setdefault(_node(xy), moves[plot.tag])
    _move(merged, offset)


Node = tuple[int, int]


def _node(xy: np.ndarray) -> Node:
    return round(float(xy[0]) * 1e4), round(float(xy[1]) * 1e4)


def _move(merged: list[Plot], offset: dict[Node, np.ndarray]) -> None:
    """Move nodes of the mosaic, except where a polygon would cross itself."""
    still = np.zeros(2)

    def move(xy: np.ndarray) -> np.ndarray:
        return np.round(xy + np.array([offset.get(_node(k), still) for k in xy]), 4)

    shapes = np.asarray([p.shape for p in merged], dtype=object)
    for turn in range(12):
        moved = shapely.transform(shapes, move)
        wrong = moved[~shapely.is_valid(moved)]
        if not len(wrong):
            break
        for reason in shapely.is_valid_reason(wrong):
            x, y = (float(v) for v in reason[reason.index("[") + 1 : -1].split())
            for node in list(offset):
                if np.hypot(node[0] / 1e4 - x, node[1] / 1e4 - y) < 40 * (turn + 1):
                    del offset[node]
    for plot, shape in zip(merged, moved, strict=True):
        plot.shape = shape
