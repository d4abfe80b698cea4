"""The whole district put together: one object that every writer reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point, Polygon

from . import blocks, demonstration, parcels, settlements, streets, towns
from .fields import Fields, farm
from .ground import WINDOW, at, rng
from .shapes import blob, strip

if TYPE_CHECKING:
    from .blocks import Block
    from .cadastre import Parcel
    from .demonstration import Demonstration
    from .settlements import Settlement
    from .streets import Grid, Street
    from .towns import Village

ORDINARY = 1_790
HOMESTEADS = 548


@dataclass
class Layout:
    """Everything on the ground."""

    grids: list[Grid]
    trunks: list[Street]
    streets: list[Street]
    villages: list[Village]
    territories: list[Polygon]
    demo: Demonstration
    blocks: list[Block] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    fields: list[Fields] = field(default_factory=list)

    @property
    def outlines(self) -> dict[str, Polygon]:
        """Return the outline of each seat by town code."""
        return {g.seat.town: g.outline for g in self.grids}

    def built(self) -> Polygon:
        """Return everything that is not farmland: outlines, roads, river, railway."""
        shapes = [*self.outlines.values(), *blocks.cluster_outlines().values()]
        shapes += [s.outline for s in self.settlements] + list(self.demo.outlines.values())
        shapes += [s.land for s in self.streets]
        shapes += [strip(s.line, s.width + 46) for s in self.trunks if s.grade == "河流"]
        return shapely.union_all(shapes)


def lay_out() -> Layout:
    """Return the district: streets, blocks, parcels, fields."""
    grids = [streets.grid(seat) for seat in towns.SEATS]
    outlines = {g.seat.town: g.outline for g in grids}
    listed = towns.villages()
    trunks = streets.trunk_roads(outlines)
    demo = demonstration.sites()
    kept = {f"{town}001": [outline] for town, outline in outlines.items()}
    for code, outline in blocks.cluster_outlines().items():
        kept.setdefault(code, []).append(outline)
    kept["120118902001"].append(demo.outlines["quarter"])
    ground = towns.territories(kept)
    demonstration.on_border(demo, _town_line(listed, ground, "120118901", "120118902"))
    demonstration.lay_streets(demo, trunks)
    links = streets.village_links(listed, trunks)
    trunks = streets.clip_to_window(trunks + links)
    found = Layout(grids, trunks, [], listed, ground, demo)
    found.streets = trunks + [s for g in grids for s in g.streets] + demo.streets
    _build(found)
    _cultivate(found)
    return found


def _town_line(listed: list[Village], ground: list[Polygon], one: str, two: str) -> Polygon:
    sides = [
        shapely.union_all([g for v, g in zip(listed, ground, strict=True) if v.town == town])
        for town in (one, two)
    ]
    return sides[0].boundary.intersection(sides[1].boundary)


def _build(found: Layout) -> None:
    land = streets.land_of(found.streets)
    found.blocks = [b for g in found.grids for b in blocks.seat_blocks(g, land)]
    cluster, lanes = blocks.cluster_blocks(land)
    found.blocks += cluster
    found.streets += lanes
    found.settlements = [settlements.settle(v, land) for v in found.villages if v.is_rural]
    for s in found.settlements:
        found.blocks += s.blocks + s.works
    for k, block in enumerate(found.blocks):
        block.number = k
        block.village = block.village or f"{block.town}001"
    demonstration.place_parcels(found.demo, found.settlements)
    pool = parcels.SizePool(ORDINARY)
    village: list[Parcel] = []
    for s in found.settlements:
        village += settlements.village_works(s, pool, 10)
    urban = [b for b in found.blocks if b.zone in {"seat", "park", "cluster"}]
    ordinary = parcels.divide(urban, pool, "lots")
    parcels.drift(ordinary, "drift", 0.05)
    each = -(-HOMESTEADS // len(found.settlements))
    homes = [h for s in found.settlements for h in settlements.homesteads(s, each)]
    found.parcels = ordinary + village + homes[:HOMESTEADS] + found.demo.parcels
    _name_village(found)
    _number(found)


def _name_village(found: Layout) -> None:
    """Say in which village each parcel lies (the one with most of its area)."""
    tree = shapely.STRtree(found.territories)
    for parcel in found.parcels:
        hits = tree.query(parcel.shape, predicate="intersects")
        share = [found.territories[k].intersection(parcel.shape).area for k in hits]
        if parcel.case == 41:
            share = [
                s if found.villages[k].town == parcel.town else 0.0
                for s, k in zip(share, hits, strict=True)
            ]
        parcel.village = found.villages[int(hits[int(np.argmax(share))])].code


def _number(found: Layout) -> None:
    """Give the sub-regions and the parcel numbers."""
    centres = {g.seat.town: g.outline.centroid for g in found.grids}
    count: dict[tuple[str, int, str], int] = {}
    for parcel in found.parcels:
        if parcel.case:
            continue
        if parcel.zone in {"village", "works", "cluster"}:
            parcel.sub_region = 100 + int(parcel.village[-3:])
        else:
            parcel.sub_region = _quarter(parcel.shape.centroid, centres[parcel.town])
        key = (parcel.town, parcel.sub_region, parcel.right)
        count[key] = count.get(key, 0) + 1
        parcel.number = count[key]


def _quarter(spot: Point, centre: Point) -> int:
    return 1 + int(spot.x > centre.x) + 2 * int(spot.y > centre.y)


def _cultivate(found: Layout) -> None:
    built = shapely.union_all([found.built(), *(s.land for s in found.streets)])
    shapely.prepare(built)
    for village, territory in zip(found.villages, found.territories, strict=True):
        land = territory.intersection(WINDOW).difference(built)
        found.fields.append(farm(village, land))


def mine() -> Polygon:
    """Return the abandoned clay pit."""
    return blob(*at(2.35, 8.02), 130, rng("mine"), 11)
