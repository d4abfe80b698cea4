"""Plane geometry of the generator: curves, strips, cutting polygons by area, noding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon

from .ground import GRID

if TYPE_CHECKING:
    from numpy.random import Generator

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Frame:
    """A local frame: an origin and the direction of its u axis."""

    x: float
    y: float
    cos: float
    sin: float

    @classmethod
    def turned(cls, x: float, y: float, degrees: float) -> Frame:
        """Return a frame turned counter-clockwise by some degrees."""
        return cls(x, y, float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees))))

    def out(self, uv: np.ndarray) -> np.ndarray:
        """Return plane coordinates of local coordinates, shape (n, 2)."""
        u, v = uv[:, 0], uv[:, 1]
        return np.column_stack(
            [self.x + u * self.cos - v * self.sin, self.y + u * self.sin + v * self.cos]
        )

    def into(self, xy: np.ndarray) -> np.ndarray:
        """Return local coordinates of plane coordinates, shape (n, 2)."""
        dx, dy = xy[:, 0] - self.x, xy[:, 1] - self.y
        return np.column_stack([dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin])

    def rectangle(self, u0: float, v0: float, u1: float, v1: float) -> Polygon:
        """Return the rectangle with two opposite corners given in local coordinates."""
        ring = np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]], dtype=float)
        return snap(Polygon(self.out(ring)))


def snap(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the shape with its coordinates on the 0.1 mm grid, valid."""
    return shapely.set_precision(shape, GRID)


def curve(points: Points, step: float = 60.0) -> LineString:
    """Return a smooth line through the points (Catmull-Rom), a vertex about every ``step``."""
    given = np.asarray(points, dtype=float)
    padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(1, int(np.hypot(*(c - b)) // step))
        t = (np.arange(count) / count)[:, None]
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(b + 0.5 * ((c - a) * t + bend))
    return LineString(np.vstack([*pieces, given[-1:]]))


def strip(line: shapely.Geometry, width: float) -> shapely.Geometry:
    """Return the band of a given width along a line, ends cut flat."""
    return line.buffer(width / 2, cap_style="flat", join_style="mitre", mitre_limit=2.0)


def polygons(shape: shapely.Geometry) -> list[Polygon]:
    """Return the polygons a geometry consists of, sorted by their place."""
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and not p.is_empty]
    return sorted(parts, key=place)


def place(shape: shapely.Geometry) -> tuple[float, ...]:
    """Return a sort key of a shape: its bounds, rounded to the grid."""
    return tuple(round(v, 3) for v in shape.bounds)


def long_axis(shape: Polygon) -> tuple[float, float, float]:
    """Return direction (radians), length and width of the smallest turned rectangle."""
    xy = np.asarray(shapely.oriented_envelope(shape).exterior.coords)
    sides = np.diff(xy[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    k = int(np.argmax(lengths))
    return float(np.arctan2(sides[k, 1], sides[k, 0])), float(lengths[k]), float(lengths[1 - k])


@dataclass(frozen=True)
class _Knife:
    """A cutting line: direction of travel, lean and step of the cut."""

    angle: float
    lean: float
    step: float
    reach: float

    def side(self, shape: Polygon, t: float) -> Polygon:
        """Return what lies behind position ``t`` along the direction of travel."""
        middle = shape.centroid
        frame = Frame(middle.x, middle.y, float(np.cos(self.angle)), float(np.sin(self.angle)))
        far, lean = self.reach, np.tan(self.lean) * self.reach
        edge = [(t - lean, -far), (t + self.step / 2, 0.0), (t - self.step / 2, 0.0)]
        ring = [*edge, (t + lean, far), (-far, far), (-far, -far)]
        if self.step == 0:
            ring = [(t - lean, -far), (t + lean, far), (-far, far), (-far, -far)]
        return Polygon(frame.out(np.asarray(ring)))


def cut(shape: Polygon, share: float, random: Generator, stepped: float = 0.0) -> list[Polygon]:
    """Cut a polygon in two across its long axis.

    Parameters
    ----------
    shape
        The polygon.
    share
        Share of the area of the first piece, 0 to 1.
    random
        Source of the small leaning of the cut.
    stepped
        Chance of a cut with a step in it, 0 to 1.

    Returns
    -------
    list of Polygon
        Two pieces, or the polygon itself where no clean cut was found.
    """
    angle, length, width = long_axis(shape)
    step = random.uniform(0.08, 0.2) * width if random.random() < stepped else 0.0
    lean = random.normal(0.0, 0.035)
    for turn, knick in ((0.0, step), (0.0, 0.0), (np.pi / 2, 0.0)):
        knife = _Knife(angle + turn, lean, knick, 2 * length + 10)
        low, high = -length, length
        for _ in range(22):
            middle = (low + high) / 2
            behind = shape.intersection(knife.side(shape, middle)).area
            low, high = (middle, high) if behind < share * shape.area else (low, middle)
        blade = knife.side(shape, (low + high) / 2)
        pieces = [shape.intersection(blade), shape.difference(blade)]
        if all(isinstance(p, Polygon) and not p.is_empty for p in pieces):
            return pieces
    return [shape]


def share_out(shape: Polygon, sizes: Sequence[float], random: Generator) -> list[Polygon]:
    """Cut a polygon into pieces whose areas are in the ratio of the sizes.

    Parameters
    ----------
    shape
        The polygon.
    sizes
        Wanted areas; only their ratio counts.
    random
        Source of the irregularity.
    """
    if len(sizes) == 1:
        return [shape]
    ordered = sorted(sizes, reverse=True)
    sums = np.cumsum(ordered)
    k = int(np.argmin(np.abs(sums[:-1] / sums[-1] - 0.5)))
    pieces = cut(shape, float(sums[k] / sums[-1]), random, stepped=0.16)
    if len(pieces) == 1:
        return pieces
    if random.random() < 0.5:  # which end of the block holds the larger lots
        share = 1 - float(sums[k] / sums[-1])
        pieces = cut(shape, share, random, stepped=0.16)[::-1]
    if len(pieces) == 1:
        return pieces
    first = share_out(pieces[0], ordered[: k + 1], random)
    return first + share_out(pieces[1], ordered[k + 1 :], random)


def faces(lines: Iterable[shapely.Geometry]) -> list[Polygon]:
    """Return the faces between lines, noded on the grid, sorted by place."""
    noded = shapely.union_all(np.asarray(list(lines), dtype=object), grid_size=GRID)
    return polygons(shapely.polygonize([noded]))


def noded(pieces: Sequence[Polygon]) -> list[Polygon]:
    """Return pieces of one block with all their shared vertices, on the grid."""
    found = faces([shapely.boundary(p) for p in pieces])
    inside = shapely.union_all([p.buffer(0.01) for p in pieces])
    return [f for f in found if f.area > 5.0 and inside.contains(f.representative_point())]


def blob(x: float, y: float, radius: float, random: Generator, corners: int = 14) -> Polygon:
    """Return a rounded irregular patch."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = radius * random.uniform(0.7, 1.2, corners)
    ring = np.column_stack([x + reach * np.cos(angle), y + 0.7 * reach * np.sin(angle)])
    return snap(Polygon(curve([*map(tuple, ring), tuple(ring[0])], radius / 3)).buffer(0))


def largest(shape: shapely.Geometry) -> Polygon:
    """Return the largest polygon of a geometry."""
    if isinstance(shape, MultiPolygon) or shape.geom_type == "GeometryCollection":
        return max(polygons(shape), key=lambda p: p.area)
    return shape
