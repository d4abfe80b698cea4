"""Blocks between the streets: seats, park, industry along the roads; what each is used for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon

from .ground import GRID, at, rng
from .shapes import Frame, cut, polygons
from .streets import Grid, Street

if TYPE_CHECKING:
    from .towns import Seat

# Direction in which the workshops of each seat lie (degrees) and shares of block area by use.
_INDUSTRY_SIDE = {"120118901": -35, "120118902": 205, "120118903": 160, "120118904": 150}
_SHARES = {"industrial": 0.28, "residential": 0.36, "commercial": 0.12, "facility": 0.13}
DEFAULT_CLASS = {
    "industrial": "0601",
    "residential": "0701",
    "commercial": "05H1",
    "facility": "08H2",
    "green": "0810",
    "vacant": "1201",
    "special": "09",
    "homes": "0702",
}
_CLUSTERS = (
    ("120118903001", (9.66, 11.25), (850, 620), 3.0),
    ("120118904003", (9.10, 2.45), (560, 640), -4.0),
    ("120118904002", (13.85, 6.30), (760, 520), 7.0),
    ("120118902001", (1.50, 3.75), (620, 520), -8.0),
)


@dataclass
class Block:
    """Land between streets, with one use for most of it."""

    shape: Polygon
    town: str
    zone: str
    settlement: str
    use: str = "vacant"
    village: str = ""
    year: int = 2000
    depth: float = 0.5
    number: int = 0
    parcelled: bool = False
    rotation: float | None = None
    faces: list[tuple[Polygon, str]] = field(default_factory=list)


def seat_blocks(grid: Grid, land: Polygon) -> list[Block]:
    """Return the blocks of a seat or of the park.

    Parameters
    ----------
    grid
        Its street grid.
    land
        The land that all streets and roads take.
    """
    seat = grid.seat
    zone, settlement = ("park", "202A") if seat.is_park else ("seat", "202")
    blocks = []
    for cell in grid.cells:
        parts = polygons(shapely.difference(cell, land, grid_size=GRID))
        blocks += [Block(p, seat.town, zone, settlement) for p in parts if p.area > 900]
    _use_blocks(seat, blocks)
    return blocks


def _scores(seat: Seat, blocks: list[Block]) -> tuple[np.ndarray, np.ndarray]:
    """Return distance from the centre (1 = edge) and the pull of industry."""
    middles = np.array([[b.shape.centroid.x, b.shape.centroid.y] for b in blocks])
    u, v = seat.frame.into(middles).T
    depth = np.hypot(u / (1000 * seat.half[0]), v / (1000 * seat.half[1]))
    side = np.radians(_INDUSTRY_SIDE.get(seat.town, 0) - seat.turn)
    pull = depth * (0.55 + 0.75 * np.cos(np.arctan2(v, u) - side))
    return depth, pull + rng(f"uses {seat.town}").normal(0.0, 0.10, len(blocks))


def _use_blocks(seat: Seat, blocks: list[Block]) -> None:
    random = rng(f"block uses {seat.town}")
    depth, pull = _scores(seat, blocks)
    for block, d in zip(blocks, depth, strict=True):
        block.depth = float(d)
        block.year = int(np.clip(1984 + 33 * d + random.normal(0, 5.5), 1978, 2021))
    if seat.is_park:
        draw = random.random(len(blocks))
        for block, d in zip(blocks, draw, strict=True):
            block.use = "industrial" if d < 0.88 else ("green" if d < 0.92 else "vacant")
            if block.depth < 0.22:
                block.use = "commercial"
            block.year = int(np.clip(2006 + random.normal(0, 6), 1996, 2021))
        return
    _rank_uses(blocks, depth, pull, random)


def _rank_uses(
    blocks: list[Block], depth: np.ndarray, pull: np.ndarray, random: np.random.Generator
) -> None:
    total = sum(b.shape.area for b in blocks)
    used = dict.fromkeys(_SHARES, 0.0)
    left = []
    for k in np.argsort(-pull):
        block = blocks[k]
        if used["industrial"] < _SHARES["industrial"] * total and depth[k] > 0.25:
            block.use = "industrial"
            used["industrial"] += block.shape.area
        else:
            left.append(int(k))
    centrality = {k: depth[k] + random.normal(0, 0.16) for k in left}
    for k in sorted(left, key=lambda i: centrality[i]):
        block, draw = blocks[k], random.random()
        if draw < 0.17 and used["facility"] < _SHARES["facility"] * total:
            block.use = "facility"
        elif draw < 0.62 and used["commercial"] < _SHARES["commercial"] * total:
            block.use = "commercial"
        elif used["residential"] < _SHARES["residential"] * total and draw < 0.94:
            block.use = "residential"
        else:
            block.use = ("green", "vacant", "facility", "special")[
                int(np.searchsorted([0.4, 0.75, 0.96, 1.0], random.random()))
            ]
        used[block.use] = used.get(block.use, 0.0) + block.shape.area


def cluster_outlines() -> dict[str, Polygon]:
    """Return the outline of each piece of industry along the roads, by village code."""
    found = {}
    for code, centre, (length, width), turn in _CLUSTERS:
        frame = Frame.turned(*at(*centre), turn)
        found[code] = frame.rectangle(-length / 2, -width / 2, length / 2, width / 2)
    return found


def cluster_blocks(land: Polygon) -> tuple[list[Block], list[Street]]:
    """Return the blocks and local streets of the industry along the roads."""
    random = rng("clusters")
    blocks, lanes = [], []
    for code, outline in sorted(cluster_outlines().items()):
        queue, done = [outline], []
        while queue:
            cell = queue.pop(0)
            pieces = cut(cell, random.uniform(0.42, 0.58), random)
            if cell.area < 130_000 or len(pieces) == 1:
                done.append(cell)
                continue
            line = shapely.line_merge(pieces[0].boundary.intersection(pieces[1].boundary))
            lanes.append(Street(line, f"工业支路{len(lanes) + 1}", "支路", 12.0, code[:9]))
            queue += pieces
        lane_land = shapely.union_all([land, *(s.land for s in lanes)])
        for cell in done:
            for part in polygons(shapely.difference(cell, lane_land, grid_size=GRID)):
                if part.area > 900:
                    block = Block(part, code[:9], "cluster", "202A", "industrial", code)
                    block.year = int(random.integers(1994, 2016))
                    blocks.append(block)
    return blocks, lanes
