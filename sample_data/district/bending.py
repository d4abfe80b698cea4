"""Spoil the outline of a polygon at a known place."""

from __future__ import annotations

import numpy as np
import shapely


def ring(shape: shapely.Polygon) -> np.ndarray:
    """Return the shell, counter-clockwise, without the closing point."""
    return shapely.get_coordinates(shapely.orient_polygons(shape).exterior)[:-1]


def with_points(shape: shapely.Polygon, edge: int, points: np.ndarray) -> shapely.Polygon:
    """Return the polygon with points put into an edge of its shell."""
    corners = ring(shape)
    bent = np.concatenate([corners[: edge + 1], points, corners[edge + 1 :]])
    return shapely.Polygon(bent, [hole.coords for hole in shapely.orient_polygons(shape).interiors])


def frame_of(shape: shapely.Polygon, edge: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return start, direction, outward normal and length of an edge of the shell."""
    corners = ring(shape)
    start, end = corners[edge], corners[(edge + 1) % len(corners)]
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    return start, along, np.array([along[1], -along[0]]), length


def longest_edge(shape: shapely.Polygon) -> int:
    """Return the number of the longest edge of the shell."""
    corners = ring(shape)
    return int(np.argmax(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)))


def on_edge(shape: shapely.Polygon, edge: int, where: list[tuple[float, float]]) -> np.ndarray:
    """Return points by metres along an edge and metres outward from it."""
    start, along, out, _length = frame_of(shape, edge)
    return np.array([start + a * along + o * out for a, o in where])


def strip(
    shape: shapely.Polygon, edge: int, first: float, last: float, out: float
) -> shapely.Polygon:
    """Return a strip along an edge from one place to another, `out` metres outward (or inward)."""
    where = [(first, 0.0), (last, 0.0), (last, out), (first, out)]
    return shapely.orient_polygons(shapely.Polygon(on_edge(shape, edge, where)))


def bulged(
    shape: shapely.Polygon, edge: int, first: float, last: float, out: float
) -> shapely.Polygon:
    """Return the polygon with a strip along an edge added (or, inward, taken away)."""
    where = [(first, 0.0), (first, out), (last, out), (last, 0.0)]
    return with_points(shape, edge, on_edge(shape, edge, where))


def spiked(
    shape: shapely.Polygon, edge: int, at: float, angle: float, height: float
) -> tuple[shapely.Polygon, np.ndarray]:
    """Return the polygon with a spike of an angle (degrees) on an edge, and the spike's tip."""
    half = abs(height) * np.tan(np.radians(angle) / 2)
    points = on_edge(shape, edge, [(at - half, 0.0), (at, height), (at + half, 0.0)])
    return with_points(shape, edge, points), points[1]


def doubled(
    shape: shapely.Polygon, edge: int, at: float, apart: float
) -> tuple[shapely.Polygon, np.ndarray]:
    """Return the polygon with two points near each other on an edge, and the first of them."""
    points = on_edge(shape, edge, [(at, 0.0), (at + apart, 0.0)])
    return with_points(shape, edge, points), points[0]


def folded(shape: shapely.Polygon, edge: int, at: float) -> tuple[shapely.Polygon, np.ndarray]:
    """Return the polygon with an edge that crosses itself in a small loop, and the crossing."""
    loop = [(at + 0.3, 0.0), (at + 0.3, -0.3), (at, 0.02)]
    crossing = on_edge(shape, edge, [(at + 0.3 * 0.02 / 0.32, 0.0)])[0]
    return with_points(shape, edge, on_edge(shape, edge, loop)), crossing


def dense(shape: shapely.Polygon, count: int) -> shapely.Polygon:
    """Return the polygon with points put evenly on its shell until it has a number of them."""
    corners = ring(shape)
    ends = np.roll(corners, -1, axis=0)
    share = np.hypot(*(ends - corners).T)
    more = count - 1 - len(corners)
    each = np.floor(share / share.sum() * more).astype(int)
    each[np.argmax(share)] += more - each.sum()
    pieces = [np.linspace(a, b, n + 2)[:-1] for a, b, n in zip(corners, ends, each, strict=True)]
    return shapely.Polygon(np.concatenate(pieces))


def patch(shape: shapely.Polygon, wide: float, high: float) -> shapely.Polygon:
    """Return a rectangle around a place inside the polygon, which must have room for it."""
    spot = shapely.maximum_inscribed_circle(shape, 0.5)
    x, y = np.round(shapely.get_coordinates(spot)[0], 2)
    made = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    if not shape.contains_properly(made.buffer(1.0)):
        raise AssertionError("no room")
    return made


def with_hole(shape: shapely.Polygon, hole: shapely.Polygon) -> shapely.Polygon:
    """Return the polygon with a hole cut where another polygon stands."""
    whole = shapely.orient_polygons(shape)
    cut = shapely.orient_polygons(hole, exterior_cw=True)
    holes = [*(inner.coords for inner in whole.interiors), cut.exterior.coords]
    return shapely.Polygon(whole.exterior, holes)


def shell_edges(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return owner, number and ends (n, 4) of the edges of shells of one-part polygons."""
    owner, number, ends = [], [], []
    for at, shape in enumerate(shapes):
        if shape.geom_type != "Polygon":
            continue
        corners = ring(shape)
        owner.append(np.full(len(corners), at))
        number.append(np.arange(len(corners)))
        ends.append(np.hstack([corners, np.roll(corners, -1, axis=0)]))
    return np.concatenate(owner), np.concatenate(number), np.concatenate(ends)


def shared_edges(
    shapes: np.ndarray, others: np.ndarray | None = None
) -> list[tuple[int, int, int]]:
    """Return the edges of shells that a neighbour has the other way: feature, edge, neighbour."""
    owner, number, ends = shell_edges(shapes)
    theirs, _number, back = shell_edges(shapes if others is None else others)
    known = {tuple(line[[2, 3, 0, 1]]): int(who) for line, who in zip(back, theirs, strict=True)}
    found = []
    for who, edge, line in zip(owner, number, ends, strict=True):
        neighbour = known.get(tuple(line))
        if neighbour is not None:
            found.append((int(who), int(edge), neighbour))
    return found


def ends(shape: shapely.Polygon, edge: int) -> tuple[np.ndarray, np.ndarray]:
    """Return start and end of an edge of the shell."""
    corners = ring(shape)
    return corners[edge], corners[(edge + 1) % len(corners)]


def edge_between(shape: shapely.Polygon, start: np.ndarray, end: np.ndarray) -> int:
    """Return the number of the edge of the shell that runs from one corner to another."""
    corners = ring(shape)
    after = np.roll(corners, -1, axis=0)
    return int(np.flatnonzero((corners == start).all(axis=1) & (after == end).all(axis=1))[0])
