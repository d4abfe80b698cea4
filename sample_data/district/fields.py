"""Farmland between the settlements: field roads, ditches, plots, ponds and woods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Polygon

from .ground import at, rng
from .shapes import Frame, blob, strip

if TYPE_CHECKING:
    from .towns import Village


@dataclass
class Fields:
    """What divides and interrupts the farmland of one village."""

    tracks: list[Polygon] = field(default_factory=list)
    ditches: list[Polygon] = field(default_factory=list)
    ridges: list[LineString] = field(default_factory=list)
    ponds: list[Polygon] = field(default_factory=list)
    woods: list[Polygon] = field(default_factory=list)


def _line(frame: Frame, ends: list[list[float]]) -> LineString:
    return LineString(frame.out(np.array(ends, dtype=float)))


def farm(village: Village, land: Polygon) -> Fields:
    """Lay out the farmland of a village.

    Parameters
    ----------
    village
        The village, which gives the direction of the fields.
    land
        The farmland: its territory without everything built.
    """
    random = rng(f"fields {village.code}")
    turn = village.turn + random.normal(0, 5)
    frame = Frame.turned(*at(*village.centre), turn)
    xy = frame.into(np.asarray(land.envelope.exterior.coords))
    (u0, v0), (u1, v1) = xy.min(axis=0), xy.max(axis=0)
    found = Fields()
    reach = shapely.buffer(land, 3.0)
    v, k = v0 + random.uniform(20, 200), 0
    lines: list[LineString] = []
    while v < v1:
        line = _line(frame, [[u0, v], [u1, v]])
        bed = strip(line, 5.0 if k % 2 else random.uniform(7, 11))
        (found.tracks if k % 2 else found.ditches).append(bed.intersection(land))
        top = v + random.uniform(260, 360)
        lines += _ridges(frame, (u0, u1), (v, top), random)
        v, k = top, k + 1
    for u in np.arange(u0 + random.uniform(100, 700), u1, 980):
        lane = _line(frame, [[u, v0], [u + random.normal(0, 30), v1]])
        found.tracks.append(strip(lane, 5.0).intersection(land))
    found.ridges = [
        part
        for line in lines
        for part in shapely.get_parts(line.intersection(reach))
        if part.geom_type == "LineString" and part.length > 12
    ]
    _ponds_and_woods(found, land, random)
    return found


def _ridges(
    frame: Frame,
    across: tuple[float, float],
    between: tuple[float, float],
    random: np.random.Generator,
) -> list[LineString]:
    lines, u = [], across[0] + random.uniform(0, 200)
    while u < across[1]:
        lean = random.normal(0, 6)
        lines.append(_line(frame, [[u, between[0] - 2], [u + lean, between[1] + 2]]))
        u += random.uniform(170, 400)
    return lines


def _ponds_and_woods(found: Fields, land: Polygon, random: np.random.Generator) -> None:
    x0, y0, x1, y1 = land.bounds
    wanted = int(3 + land.area / 1_400_000)
    for kind, low, high in (("ponds", 28, 75), ("woods", 60, 150)):
        placed: list[Polygon] = []
        for _ in range(60):
            if len(placed) >= (wanted if kind == "ponds" else wanted // 3):
                break
            x, y = random.uniform(x0, x1), random.uniform(y0, y1)
            patch = blob(x, y, random.uniform(low, high), random, 9 if kind == "woods" else 14)
            clear = shapely.buffer(patch, 12)
            if land.contains(clear) and not any(clear.intersects(p) for p in placed):
                placed.append(patch)
        setattr(found, kind, placed)
