"""Buildings: footprints in the lots, storeys, heights, years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon, affinity

from .cadastre import Parcel
from .ground import rng
from .narrow_cases import ALL_CASES
from .shapes import Frame, long_axis, snap

if TYPE_CHECKING:
    from .demonstration import Demonstration
    from .layout import Layout

UNSURVEYED = "120118904"


@dataclass
class Building:
    """One building."""

    shape: Polygon
    storeys: int
    storey_height: float
    year: int
    state: str = "1"
    parcel: int = -1
    height_known: bool = False
    storeys_known: bool = True
    floor_area_known: bool = False
    year_known: bool = True
    town: str = ""
    code: str = ""

    @property
    def height(self) -> float:
        """Return the height above ground in metres."""
        return self.storeys * self.storey_height

    @property
    def floors(self) -> int:
        """Return the storeys as the plot ratio counts them (above 8 m twice)."""
        return self.storeys * (2 if self.storey_height > 8 else 1)


def _turn_of(parcel: Parcel) -> float:
    if parcel.turn is not None:
        return float(np.radians(parcel.turn))
    angle = long_axis(parcel.shape)[0]
    if parcel.type == "residential":  # slabs face south
        quarter = np.pi / 2
        angle = (angle + quarter / 2) % quarter - quarter / 2
    return float(angle)


def _rows(parcel: Parcel, plan: tuple[float, float, float, float, float]) -> list[Polygon]:
    """Return rectangles in rows inside a lot: length, depth, gaps, setback."""
    length, depth, gap_u, gap_v, setback = plan
    inside = parcel.shape.buffer(-setback)
    if inside.is_empty or inside.area < 40:
        return []
    middle, angle = parcel.shape.centroid, _turn_of(parcel)
    frame = Frame(middle.x, middle.y, float(np.cos(angle)), float(np.sin(angle)))
    xy = frame.into(shapely.get_coordinates(inside))
    (u0, v0), (u1, v1) = xy.min(axis=0), xy.max(axis=0)
    length, depth = min(length, u1 - u0 - 0.2), min(depth, v1 - v0 - 0.2)
    if length < 4 or depth < 4:
        return []
    us = _spread(u0, u1, length, gap_u)
    vs = _spread(v0, v1, depth, gap_v)
    found = []
    for v in vs:
        for u in us:
            house = frame.rectangle(u, v, u + length, v + depth)
            if inside.contains(house):
                found.append(house)
            elif house.intersection(inside).area > 0.72 * house.area:
                small = affinity.scale(house, 0.8, 0.8)
                if inside.contains(small):
                    found.append(snap(small))
    return found


def _spread(low: float, high: float, size: float, gap: float) -> list[float]:
    count = max(1, int((high - low + gap) // (size + gap)))
    slack = (high - low - count * size) / max(count, 1)
    return [low + slack / 2 + k * (size + slack) for k in range(count)]


def _plan(parcel: Parcel, random: np.random.Generator) -> tuple[float, float, float, float, float]:
    side = float(np.sqrt(parcel.shape.area))
    setback = float(np.clip(0.06 * side, 2.0, 11.0))
    if parcel.type in {"industrial", "special", "village"}:
        depth = float(np.clip(0.26 * side, 9, 48)) * random.uniform(0.8, 1.2)
        return depth * random.uniform(1.5, 3.2), depth, 0.3 * depth, 0.36 * depth, setback
    if parcel.type == "residential":
        depth = random.uniform(11.5, 14.5)
        return random.uniform(32, 66), depth, 12.0, depth * random.uniform(1.5, 2.0), setback
    if parcel.type == "commercial":
        depth = float(np.clip(0.36 * side, 8, 44))
        return depth * random.uniform(1.1, 2.0), depth, 0.5 * depth, 0.6 * depth, setback
    depth = random.uniform(13, 20)
    return float(np.clip(0.45 * side, 20, 80)), depth, 18.0, 30.0, setback


def wanted_ratio(parcel: Parcel, random: np.random.Generator) -> float:
    """Return the plot ratio a lot is to have."""
    if parcel.zone == "works":
        return float(random.uniform(0.18, 0.85))
    if parcel.type == "industrial":
        if random.random() < 0.085:
            return float(random.uniform(0.15, 0.41))
        return float(np.clip(0.95 * np.exp(random.normal(0, 0.30)), 0.44, 1.6))
    if parcel.type == "residential":
        base = 0.85 if parcel.year < 1992 else (1.35 if parcel.year < 2005 else 1.8)
        return float(np.clip(base * np.exp(random.normal(0, 0.25)), 0.4, 2.8))
    middle = {"commercial": 1.15, "facility": 0.65}.get(parcel.type, 0.4)
    return float(np.clip(middle * np.exp(random.normal(0, 0.5)), 0.12, 2.6))


def _ell(shape: Polygon, random: np.random.Generator) -> Polygon:
    """Return an L-shaped building: a corner taken out."""
    angle = long_axis(shape)[0]
    frame = Frame(shape.centroid.x, shape.centroid.y, float(np.cos(angle)), float(np.sin(angle)))
    xy = frame.into(shapely.get_coordinates(shape))
    far = np.abs(xy).max(axis=0)
    u, v = far[0] * random.uniform(-0.3, 0.2), far[1] * random.uniform(-0.2, 0.2)
    return snap(shape.difference(frame.rectangle(u, v, far[0] + 5, far[1] + 5)))


def erect(parcel: Parcel, random: np.random.Generator) -> list[Building]:
    """Return the buildings of one lot.

    Parameters
    ----------
    parcel
        The lot.
    random
        Source of the variety.
    """
    if parcel.is_homestead:
        return _homestead(parcel, random)
    if parcel.use == "1201" or random.random() < 0.012:
        return []
    parcel.plot_ratio = wanted_ratio(parcel, random)
    houses = _rows(parcel, _plan(parcel, random))[:24]
    if not houses:
        houses = [snap(affinity.scale(parcel.shape, 0.55, 0.55))]
    if len(houses) > 2 and random.random() < 0.35:
        houses.pop(int(random.integers(len(houses))))
    if parcel.type in {"facility", "commercial", "industrial"}:
        chance = 0.35 if parcel.type != "industrial" else 0.12
        houses = [_ell(h, random) if random.random() < chance else h for h in houses]
    return _raise(parcel, houses, random)


def _raise(parcel: Parcel, houses: list[Polygon], random: np.random.Generator) -> list[Building]:
    """Give storeys so that the lot comes near its plot ratio."""
    need = parcel.plot_ratio * parcel.shape.area
    works = parcel.type in {"industrial", "village", "special"}
    most = 5 if works else (30 if parcel.year > 2005 else 7)
    tall = works and random.random() < 0.4
    ground = sum(h.area for h in houses)
    while len(houses) > 1 and ground * (2 if tall else 1) > 1.25 * need:
        ground -= houses.pop().area
    floors = need / ground
    tall = tall and floors > 1.3
    level = floors / 2 if tall else floors
    if level < 0.97:
        houses = [snap(affinity.scale(h, level**0.5, level**0.5)) for h in houses]
    found = []
    for house in houses:
        low = int(np.floor(level))
        storeys = low + int(random.random() < level - low)
        storeys = int(np.clip(storeys, 1, 1 if tall and level < 1.7 else most))
        shed = works and storeys == 1
        height = random.uniform(8.3, 11.5) if tall and shed else random.uniform(5.0, 7.8)
        if not shed:
            height = random.uniform(4.2, 5.4) if works else random.uniform(2.9, 3.6)
        found.append(Building(house, storeys, round(float(height), 1), parcel.year))
        found[-1].height_known = bool(tall and shed) or random.random() < 0.22
    return found


def _homestead(parcel: Parcel, random: np.random.Generator) -> list[Building]:
    if random.random() < 0.03:
        return []
    houses = _rows(parcel, (60.0, random.uniform(6.5, 8.5), 1.0, 20.0, 0.9))[:1]
    storeys = 2 if random.random() < 0.18 else 1
    return [Building(h, storeys, 3.2, parcel.year) for h in houses]


def _finish(building: Building, random: np.random.Generator) -> None:
    building.storeys_known = random.random() > 0.03
    building.floor_area_known = random.random() < 0.3
    building.year_known = random.random() > 0.12
    building.year = int(np.clip(building.year + random.integers(0, 3), 1965, 2023))
    draw = random.random()
    building.state = (
        "1" if draw < 0.925 else ("2" if draw < 0.975 else ("3" if draw < 0.99 else "4"))
    )


def _by_hand(demo: Demonstration, first: int) -> list[Building]:
    found = []
    for k, case in enumerate(ALL_CASES):
        if case.site == "village":
            continue
        frame = demo.frames[case.site]
        for u, v, length, depth, storeys, height in case.houses:
            u0, v0 = case.u + u, case.v + v
            shape = frame.rectangle(u0, v0, u0 + length, v0 + depth)
            one = Building(shape, storeys or 2, height or 3.5, case.year, parcel=first + k)
            one.height_known, one.storeys_known = height is not None, storeys is not None
            found.append(one)
    return found


def all_buildings(found: Layout) -> list[Building]:
    """Return all buildings, also those of the town without a building survey."""
    random = rng("buildings")
    built: list[Building] = []
    first = len(found.parcels) - len(ALL_CASES)
    for k, parcel in enumerate(found.parcels):
        if parcel.case in {33, 34}:
            houses = _homestead(parcel, rng(f"house {parcel.case}"))
        elif parcel.case or parcel.shape is None:
            continue
        else:
            houses = erect(parcel, random)
        for house in houses:
            house.parcel = k
            _finish(house, random)
        built += houses
    built += _by_hand(found.demo, first) + _untitled(found, random)
    _name(found, built)
    return built


def _untitled(found: Layout, random: np.random.Generator) -> list[Building]:
    """Return village houses and others on land without a parcel."""
    houses: list[Building] = []
    for block in found.blocks:
        if block.parcelled or block.use in {"green", "vacant", "special"}:
            continue
        kind = {"homes": "village"}.get(block.use, block.use)
        stand_in = Parcel(block.shape, block.town, block.village, "GB", "", "", block.zone, 0)
        stand_in.type, stand_in.year, stand_in.turn = kind, block.year, block.rotation
        if block.use != "homes":
            new = erect(stand_in, random)
        elif random.random() < 0.72:
            shapes = _rows(stand_in, (12.5, 7.5, 3.0, 8.0, 1.5))
            shapes = [s for s in shapes if random.random() > 0.25]
            new = [Building(s, 1, 3.2, block.year) for s in shapes]
        else:
            new = []
        for house in new:
            house.town = block.town
            _finish(house, random)
        houses += new
    return houses


def _name(found: Layout, built: list[Building]) -> None:
    """Give each building its number and tell each parcel which ones are its own."""
    count: dict[str, int] = {}
    for k, house in enumerate(built):
        if house.parcel >= 0:
            parcel = found.parcels[house.parcel]
            house.town = parcel.town
            parcel.buildings.append(k)
        count[house.town] = count.get(house.town, 0) + 1
        house.code = f"{house.town}F{count[house.town]:06d}"
