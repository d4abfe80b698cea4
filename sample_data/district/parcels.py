"""Parcels: blocks cut into lots whose sizes follow those of a real pilot city."""

from __future__ import annotations

import numpy as np
from shapely import Polygon

from .blocks import DEFAULT_CLASS, Block
from .cadastre import USES, Parcel, survey_class_of
from .ground import rng
from .shapes import noded, share_out

# Sizes at these shares of all parcels (domain.md, 5.3), straight lines between their logarithms.
_SHARES = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 1.0)
_SIZES = (330, 735, 1_190, 3_250, 9_500, 25_461, 55_000, 92_000, 180_000)
_TYPICAL = {"park": 62_000, "cluster": 17_000}
_TYPICAL_USE = {
    "industrial": 15_500,
    "residential": 19_000,
    "commercial": 5_200,
    "facility": 10_000,
    "special": 9_000,
}


class SizePool:
    """Sizes still to be given to parcels."""

    def __init__(self, count: int) -> None:
        shares = (np.arange(count) + 0.5) / count
        sizes = np.exp(np.interp(shares, _SHARES, np.log(_SIZES)))
        self._left: list[float] = sorted(float(s) for s in sizes)

    def __len__(self) -> int:
        return len(self._left)

    def take(self, wanted: float, most: float) -> float | None:
        """Take the size nearest to the wanted one, none larger than ``most``."""
        logs = np.log(np.asarray(self._left))
        end = int(np.searchsorted(logs, np.log(max(most, 1.0))))
        if end == 0:
            return None
        k = int(np.argmin(np.abs(logs[:end] - np.log(wanted))))
        return self._left.pop(k)


def _sizes_for(block: Block, pool: SizePool, random: np.random.Generator) -> list[float]:
    """Choose the sizes of a block's lots: some of one kind, at times a row of small ones."""
    area, chosen = block.shape.area, []
    if area > 76_000 and block.use == "industrial" and random.random() < 0.5:
        return [pool.take(area, 10 * area) or area]
    if random.random() < 0.42 and area > 9_000:
        deep = random.uniform(22, 44)
        row = min(deep * np.sqrt(area), 0.35 * area)
        lot = deep * deep * random.uniform(0.55, 1.7)
        while row > 0.5 * lot and len(pool):
            size = pool.take(lot * np.exp(random.normal(0, 0.25)), 2 * row)
            if size is None:
                break
            chosen.append(size)
            row -= size
    typical = _TYPICAL.get(block.zone, _TYPICAL_USE[block.use]) * np.exp(random.normal(0, 0.65))
    rest = area - sum(chosen)
    while rest > 0.03 * area and len(pool):
        wanted = min(typical * np.exp(random.normal(0, 0.32)), rest)
        size = pool.take(wanted, 1.25 * rest)
        if size is None:
            break
        chosen.append(size)
        rest -= size
    return chosen


def _registered_use(block: Block, random: np.random.Generator) -> tuple[str, str]:
    """Return type and registered use of one lot of a block."""
    kind = block.use
    if kind in {"industrial", "residential", "commercial"} and random.random() < 0.06:
        kind = str(random.choice(["commercial", "facility", "residential"]))
        kind = "industrial" if block.zone == "cluster" else kind
    if kind == "industrial":
        return kind, "0604" if random.random() < 0.09 else "0601"
    return kind, str(random.choice(USES[kind]))


def _survey_class(use: str, random: np.random.Generator) -> str:
    """Return the class the survey saw; for a few lots it is not what is registered."""
    seen = survey_class_of(use)
    draw = random.random()
    if draw < 0.022:
        return {"0601": "05H1", "0508": "0601", "0701": "05H1", "05H1": "0701"}.get(seen, seen)
    if draw < 0.03 and seen in {"0601", "05H1"}:
        return "1201"
    return seen


def divide(blocks: list[Block], pool: SizePool, name: str) -> list[Parcel]:
    """Cut blocks into parcels until the pool of sizes is used up.

    Parameters
    ----------
    blocks
        The blocks; each gets its faces (polygon, survey class).
    pool
        Sizes still to be given.
    name
        Theme of the random numbers.
    """
    random = rng(name)
    parcels: list[Parcel] = []
    order = [int(k) for k in random.permutation(len(blocks))]
    order.sort(key=lambda k: -blocks[k].shape.area > -120_000)
    for k in order:
        block = blocks[k]
        skip = block.use in {"green", "vacant"} or random.random() < 0.05
        if skip or len(pool) < 12:
            block.faces = [(block.shape, DEFAULT_CLASS[block.use])]
            continue
        pieces = _lots(block, pool, random)
        block.parcelled = True
        for piece in pieces:
            kind, use = _registered_use(block, random)
            seen = _survey_class(use, random)
            block.faces.append((piece, seen))
            parcel = Parcel(
                piece, block.town, block.village, "GB", use, seen, block.zone, block.number
            )
            parcel.type = kind
            parcel.year = int(np.clip(block.year + random.normal(0, 3), 1976, 2022))
            parcels.append(parcel)
    return parcels


def _lots(block: Block, pool: SizePool, random: np.random.Generator) -> list[Polygon]:
    sizes = _sizes_for(block, pool, random)
    pieces = share_out(block.shape, sizes or [1.0], random)
    return noded(pieces) if len(pieces) > 1 else pieces


def drift(parcels: list[Parcel], name: str, share: float) -> None:
    """Move the parcels of a few blocks against each other by one to three centimetres."""
    random = rng(name)
    blocks = sorted({p.block for p in parcels})
    loose = {b for b in blocks if random.random() < share}
    for parcel in parcels:
        if parcel.block in loose and parcel.shape is not None:
            dx, dy = random.uniform(-0.015, 0.015, 2)
            xy = [(round(x + dx, 4), round(y + dy, 4)) for x, y in parcel.shape.exterior.coords]
            parcel.shape = Polygon(xy)
