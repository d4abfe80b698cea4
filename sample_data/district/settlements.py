"""Villages: lanes, rows of homesteads, the old workshop or two at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon

from .blocks import Block
from .cadastre import Parcel
from .ground import GRID, at, rng
from .shapes import Frame, noded, polygons, share_out

if TYPE_CHECKING:
    from .parcels import SizePool
    from .towns import Village


@dataclass
class Settlement:
    """The built-up land of one village."""

    village: Village
    outline: Polygon
    frame: Frame
    blocks: list[Block] = field(default_factory=list)
    works: list[Block] = field(default_factory=list)
    rows: list[tuple[float, float, float, float]] = field(default_factory=list)


def _cells(village: Village, random: np.random.Generator) -> list[tuple[float, ...]]:
    """Return the rectangles (local) of the village blocks between the lanes."""
    a, b = 1000 * village.half[0], 1000 * village.half[1]
    found, v = [], -b
    while v < b:
        depth = random.uniform(33, 38)
        u = -a + random.uniform(-50, 50)
        while u < a:
            length = random.uniform(105, 185)
            mid_u, mid_v = u + length / 2, v + depth / 2
            if np.hypot(mid_u / a, mid_v / b) + random.normal(0, 0.06) < 1.0:
                found.append((u, v, u + length, v + depth))
            u += length + 7.0
        v += depth + 6.0
    return found


def settle(village: Village, land: Polygon) -> Settlement:
    """Return the settlement of a village.

    Parameters
    ----------
    village
        The village.
    land
        Land taken by roads.
    """
    random = rng(f"village {village.code}")
    frame = Frame.turned(*at(*village.centre), village.turn)
    cells = _cells(village, random)
    shapes = [frame.rectangle(*c) for c in cells]
    a, b = 1000 * village.half[0], 1000 * village.half[1]
    side = 1 if random.random() < 0.5 else -1
    u0, v0 = side * (a + 40), -0.62 * b
    works = frame.rectangle(min(u0, u0 + side * 300), v0, max(u0, u0 + side * 300), v0 + 250)
    hull = shapely.union_all([s.buffer(24, join_style="mitre") for s in [*shapes, works]])
    outline = Polygon(shapely.get_parts(hull.buffer(26).buffer(-26))[0].exterior)
    outline = shapely.set_precision(outline.simplify(2.0), GRID)
    found = Settlement(village, outline, frame)
    _homes(found, cells, shapes, works, land, random)
    for part in polygons(shapely.difference(works, land, grid_size=GRID)):
        if part.area > 1500:
            year = int(random.integers(1988, 2004))
            found.works.append(
                Block(part, village.town, "works", "203A", "industrial", village.code, year)
            )
    return found


def _homes(
    found: Settlement,
    cells: list[tuple[float, ...]],
    shapes: list[Polygon],
    works: Polygon,
    land: Polygon,
    random: np.random.Generator,
) -> None:
    village = found.village
    for cell, shape in zip(cells, shapes, strict=True):
        if shape.intersects(works):
            continue
        whole = not shape.intersects(land)
        for part in polygons(shapely.difference(shape, land, grid_size=GRID)):
            if part.area < 500:
                continue
            draw = random.random()
            use = "homes" if draw < 0.9 else ("vacant" if draw < 0.95 else "green")
            block = Block(part, village.town, "village", "203", use, village.code)
            block.year = int(random.integers(1972, 2010))
            block.rotation = village.turn
            found.blocks.append(block)
            found.rows.append(cell if whole and use == "homes" else (0.0, 0.0, 0.0, 0.0))


def _row_widths(length: float, random: np.random.Generator) -> list[float]:
    widths: list[float] = []
    while sum(widths) < length - 9.0:
        small = random.random() < 0.2
        widths.append(float(random.uniform(9.3, 11.2) if small else random.uniform(12.2, 20.5)))
    return [round(w * length / sum(widths), 2) for w in widths]


def homesteads(found: Settlement, wanted: int) -> list[Parcel]:
    """Return homesteads with titles: two rows back to back in some blocks.

    Parameters
    ----------
    found
        The settlement; its chosen blocks become parcelled.
    wanted
        How many homesteads.
    """
    random = rng(f"homesteads {found.village.code}")
    free = (k for k, b in enumerate(found.blocks) if not b.parcelled)
    whole = [k for k in free if found.rows[k][2] - found.rows[k][0] > 90]
    parcels: list[Parcel] = []
    for k in random.permutation(whole):
        if len(parcels) >= wanted:
            break
        u0, v0, u1, v1 = found.rows[k]
        block, middle = found.blocks[k], v0 + (v1 - v0) * random.uniform(0.47, 0.53)
        lots = []
        for low, high in ((v0, middle), (middle, v1)):
            u = u0
            for width in _row_widths(u1 - u0, random):
                end = min(u + width, u1)
                if random.random() > 0.07 and end - u > 8:
                    lots.append(found.frame.rectangle(u, low, end, high))
                u = end
        parcels += [_homestead(lot, block, random) for lot in lots[: wanted - len(parcels)]]
        block.parcelled = True
    return parcels


def _homestead(lot: Polygon, block: Block, random: np.random.Generator) -> Parcel:
    parcel = Parcel(lot, block.town, block.village, "JC", "0702", "0702", "village", block.number)
    parcel.type = "village"
    parcel.year = int(np.clip(random.normal(1994, 10), 1968, 2019))
    return parcel


def village_works(found: Settlement, pool: SizePool, wanted: int) -> list[Parcel]:
    """Return the collective parcels at the edge of a village: workshops, shops, idle land."""
    random = rng(f"works {found.village.code}")
    parcels: list[Parcel] = []
    for block in found.works:
        sizes = []
        while len(parcels) + len(sizes) < wanted and sum(sizes) < 0.97 * block.shape.area:
            size = pool.take(5_600 * np.exp(random.normal(0, 0.75)), block.shape.area)
            sizes.append(size or 4_000.0)
        pieces = share_out(block.shape, sizes or [1.0], random)
        for piece in noded(pieces) if len(pieces) > 1 else pieces:
            draw = random.random()
            use = "0601" if draw < 0.68 else ("1201" if draw < 0.8 else "0501")
            seen = {"0601": "0601", "1201": "1201", "0501": "05H1"}[use]
            block.faces.append((piece, seen))
            parcel = Parcel(
                piece, block.town, block.village, "JB", use, seen, "works", block.number
            )
            parcel.type = {"0601": "industrial", "1201": "village", "0501": "commercial"}[use]
            parcel.year = int(np.clip(block.year + random.normal(0, 4), 1978, 2018))
            parcels.append(parcel)
        block.parcelled = True
    return parcels


__all__ = ["Settlement", "homesteads", "settle", "village_works"]
