"""The detailed plans, the control lines and the land history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon

from . import demonstration
from .ground import GRID, WINDOW, ellipsoid_area, rng
from .shapes import cut, place, polygons, strip
from .survey import CLASS_NAMES, Plot

if TYPE_CHECKING:
    from .layout import Layout

_PLANNED = {
    "industrial": (("100101", 2.0), ("100101", 1.5), ("100102", 1.5)),
    "commercial": (("0901", 2.0), ("0901", 2.5), ("0902", 3.0)),
    "residential": (("070102", 1.8), ("070102", 2.2), ("070102", 1.5)),
    "facility": (("0804", 0.8), ("0801", 1.5), ("0803", 1.2)),
    "green": (("1401", None), ("1402", None)),
    "vacant": (("1401", None), ("1207", None), ("070102", 1.6)),
    "special": (("1507", None),),
}
_CHANGES = {"industrial": ("070102", "0901", "1401"), "commercial": ("070102",)}
_OTHER = {"0102", "0201", "0301", "0307", "0404", "1006", "1101", "1104", "1107", "1202"}
CONSTRUCTION = frozenset(CLASS_NAMES) - _OTHER


@dataclass
class Zone:
    """One planning zone."""

    shape: Polygon
    code: str
    use: str
    ratio: float | None


def zones(found: Layout) -> list[Zone]:
    """Return the zones of the detailed plans over the seats and the park."""
    random = rng("planning")
    listed: list[Zone] = []
    for grid in found.grids:
        town, blocks = grid.seat.town[-3:], []
        for block in found.blocks:
            if block.town != grid.seat.town or block.zone not in {"seat", "park"}:
                continue
            blocks.append(block.shape)
            if random.random() < (0.07 if block.zone == "seat" else 0.03):
                continue
            options = _PLANNED[block.use]
            use, ratio = options[int(random.integers(len(options)))]
            if block.zone == "seat" and block.use in _CHANGES and random.random() < 0.16:
                use = str(random.choice(_CHANGES[block.use]))
                ratio = None if use == "1401" else 2.0
            code = f"QZ{town}-{len(listed) + 1:04d}"
            listed.append(Zone(block.shape, code, use, ratio))
        streets = shapely.difference(grid.outline, shapely.union_all(blocks), grid_size=GRID)
        for part in polygons(streets):
            if part.area > 200:
                listed.append(Zone(part, f"QZ{town}-{len(listed) + 1:04d}", "1207", None))
    for shape, use, ratio in demonstration.planned_zones(found.demo):
        listed.append(Zone(shape, f"SF990-{len(listed) + 1:04d}", use, ratio))
    return listed


def farmland(found: Layout, survey: list[Plot]) -> list[Polygon]:
    """Return the permanent basic farmland: most fields, and parts of a few parcels."""
    random = rng("farmland")
    kept: dict[int, list[Polygon]] = {}
    for plot in survey:
        if plot.land_class == "0102" and random.random() < 0.84:
            kept.setdefault(plot.village, []).append(plot.shape)
    found_parts = [p for v in sorted(kept) for p in polygons(shapely.coverage_union_all(kept[v]))]
    edge = [p for p in found.parcels if p.zone in {"works", "cluster"} and p.shape is not None]
    over = []
    for k in sorted(random.choice(len(edge), 14, replace=False)):
        pieces = cut(edge[int(k)].shape, float(random.uniform(0.1, 0.75)), random)
        over.append(shapely.set_precision(pieces[0], GRID))
    return found_parts + sorted(over, key=place) + demonstration.controlled(found.demo)[0]


def red_line(found: Layout) -> list[Polygon]:
    """Return the ecological red line: along the river, not supplied for one town."""
    river = next(s for s in found.trunks if s.grade == "河流")
    supplied = shapely.union_all(
        [g for v, g in zip(found.villages, found.territories, strict=True) if v.town != "120118904"]
    )
    band = strip(river.line, river.width + 150).intersection(supplied)
    wood = max((w for f in found.fields[:12] for w in f.woods), key=lambda w: w.area)
    parts = polygons(shapely.set_precision(band.intersection(WINDOW), GRID))
    return [*parts, wood, *demonstration.controlled(found.demo)[1]]


def growth_boundary(found: Layout) -> list[Polygon]:
    """Return the growth boundary: around the seats, the park and the quarter."""
    shapes = [o.buffer(70, join_style="mitre") for o in found.outlines.values()]
    shapes += [found.demo.outlines[k].buffer(40, join_style="mitre") for k in ("quarter", "bend")]
    return polygons(shapely.set_precision(shapely.union_all(shapes), GRID))


def heritage(found: Layout) -> list[Polygon]:
    """Return the heritage areas: over half a lot of the quarter, and two old places."""
    random = rng("heritage")
    old = [p for p in found.parcels if not p.case and p.shape is not None and p.year < 1990]
    old = [p for p in old if p.type in {"facility", "commercial"} and p.town != "120118904"]
    chosen = [old[int(k)] for k in sorted(random.choice(len(old), 2, replace=False))]
    near = [shapely.set_precision(p.shape.buffer(15, join_style="mitre"), GRID) for p in chosen]
    return [*near, demonstration.protected(found.demo)]


def reclamation(found: Layout) -> list[Polygon]:
    """Return the areas to be reclaimed: the settlement of one village."""
    place = next(s for s in found.settlements if s.village.code == "120118901003")
    return polygons(shapely.set_precision(place.outline, GRID))


def construction_of(survey: list[Plot], year: int) -> list[tuple[Polygon, str]]:
    """Return the construction land of a past year: what stood already, some of it smaller."""
    random = rng(f"construction {year}")
    listed = []
    for plot in survey:
        if plot.land_class not in CONSTRUCTION or plot.year > year:
            continue
        shape = plot.shape
        grows = plot.tag >= 0 and random.random() < (0.22 if year < 2015 else 0.06)
        if grows and shape.area > 4_000 and not shape.interiors:
            shape = cut(shape, float(random.uniform(0.35, 0.8)), random)[0]
            shape = shapely.set_precision(shape, GRID)
        listed += [(part, plot.land_class) for part in polygons(shape)]
    return listed


@dataclass
class Approval:
    """One approval of land for construction."""

    shape: Polygon
    number: str
    day: str
    area: float
    use: str


def approvals(found: Layout) -> list[Approval]:
    """Return the approvals over about 70 % of the parcels of state land."""
    random = rng("approvals")
    listed = []
    for parcel in found.parcels:
        if parcel.right != "GB" or parcel.shape is None:
            continue
        draw, year = random.random(), max(1988, parcel.year - int(random.integers(1, 4)))
        if draw > 0.7:
            continue
        day = f"{year}{random.integers(1, 13):02d}{random.integers(1, 29):02d}"
        number = f"清澜政地〔{year}〕{random.integers(1, 400)}号"
        area = ellipsoid_area(parcel.shape)
        listed.append(Approval(parcel.shape, number, day, area, parcel.use))
    return listed


def street_zone_share(found: Layout) -> float:
    """Return the share of street land in the seats, for the page about the sample."""
    land = sum(b.shape.area for b in found.blocks if b.zone == "seat")
    return 1.0 - land / float(np.sum([o.area for o in found.outlines.values()]))
