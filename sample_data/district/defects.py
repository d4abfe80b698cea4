"""Defects on purpose: what towns send in when nobody has checked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon

from .cadastre import Parcel
from .ground import ellipsoid_area, rng
from .shapes import Frame, long_axis, snap

if TYPE_CHECKING:
    from .layout import Layout

_FORMS = ("18 digits", "letter l", "letter O", "lower case", "old county", "empty")


def spoil(found: Layout) -> list[tuple[str, str]]:
    """Put the defects in and return them: kind, parcel code as written.

    Parameters
    ----------
    found
        The district; its parcels are changed.
    """
    random = rng("defects")
    for parcel in found.parcels:
        if parcel.shape is not None:
            area = ellipsoid_area(parcel.shape)
            parcel.registered_area = area
            if not parcel.case and not parcel.is_homestead and random.random() < 0.5:
                parcel.registered_area = round(area + float(random.normal(0, 0.35)), 2)
    plain = [
        p
        for p in found.parcels
        if not p.case
        and p.zone == "seat"
        and p.right == "GB"
        and 4_000 < p.shape.area < 30_000
        and not p.shape.interiors
    ]
    order = [plain[int(k)] for k in random.permutation(len(plain))]
    log: list[tuple[str, str]] = []
    _stack(found, order, log)
    _codes(order, log)
    _shapes(found, order, log)
    _values(found, order, random, log)
    return log


def _stack(found: Layout, order: list[Parcel], log: list[tuple[str, str]]) -> None:
    for k in range(3):
        above = order.pop()
        below = shapely.set_precision(shapely.affinity.scale(above.shape, 0.8, 0.8), 1e-4)
        under = Parcel(
            below, above.town, above.village, "GX", "0604", above.survey_class, "seat", above.block
        )
        under.sub_region, under.number, under.type = above.sub_region, k + 1, above.type
        under.code = f"{above.code[:12]}GX{k + 1:05d}"
        under.true_code = under.code
        under.owner, under.owner_kind = above.owner, above.owner_kind
        under.credit_code, under.registered_area = above.credit_code, ellipsoid_area(below)
        under.year = above.year
        found.parcels.append(under)
        log.append(("地上地下重叠（不是错误）", f"{above.code} / {under.code}"))


def _codes(order: list[Parcel], log: list[tuple[str, str]]) -> None:
    for _ in range(4):
        first = order.pop()
        second = next(p for p in order if p.town == first.town)
        order.remove(second)
        second.code = first.code
        log.append(("宗地代码重复", first.code))
    for form in _FORMS:
        parcel = order.pop()
        code = parcel.code
        parcel.code = {
            "18 digits": code[:14] + code[15:],
            "letter l": code[:11] + "l" + code[12:],
            "letter O": code[:9] + "O" + code[10:],
            "lower case": code[:12] + "gb" + code[14:],
            "old county": "120223" + code[6:],
            "empty": "",
        }[form]
        if form == "old county":
            parcel.true_code = parcel.code
        label = {
            "18 digits": "代码少一位",
            "letter l": "数字 1 写成字母 l",
            "letter O": "数字 0 写成字母 O",
            "lower case": "代码小写",
            "old county": "旧县代码 120223（有效）",
            "empty": "代码为空",
        }[form]
        log.append((label, parcel.code or f"（空，原 {code}）"))


def _side(shape: Polygon) -> tuple[np.ndarray, np.ndarray]:
    """Return the longest side of a polygon."""
    xy = np.asarray(shape.exterior.coords)
    k = int(np.argmax(np.hypot(*np.diff(xy, axis=0).T)))
    return xy[k], xy[k + 1]


def _overlap(found: Layout, order: list[Parcel]) -> tuple[Parcel, Parcel]:
    """Push 50 m of a boundary 0.3 m into the neighbour."""
    for parcel in list(order):
        for other in found.parcels:
            if other is parcel or other.block != parcel.block or other.case:
                continue
            shared = shapely.line_merge(parcel.shape.intersection(other.shape))
            if shared.geom_type != "LineString" or shared.length < 60:
                continue
            a, b = (np.asarray(c) for c in (shared.coords[0], shared.coords[1]))
            length = float(np.hypot(*(b - a)))
            if length < 55 or len(shared.coords) != 2:
                continue
            frame = Frame(a[0], a[1], *((b - a) / length))
            strip = frame.rectangle((length - 50) / 2, -0.3, (length + 50) / 2, 0.3)
            grown = snap(shapely.union(parcel.shape, strip.intersection(other.shape)))
            if grown.geom_type == "Polygon" and not grown.interiors:
                parcel.shape = grown
                order.remove(parcel)
                return parcel, other
    raise AssertionError("no pair of neighbours to overlap")


def _shapes(found: Layout, order: list[Parcel], log: list[tuple[str, str]]) -> None:
    one, two = _overlap(found, order)
    log.append(("相邻宗地重叠 0.3 m × 50 m", f"{one.code} / {two.code}"))
    bow = next(p for p in order if len(p.shape.exterior.coords) == 5)
    order.remove(bow)
    a, b, c, d = np.asarray(bow.shape.exterior.coords)[:4]
    middle = (c + d) / 2
    # The last side is crossed by a loop of a few metres near one corner.
    e, f = d + 0.08 * (c - d), d + 0.1 * (a - d)
    bow.shape = Polygon(np.round([a, b, c, middle, e, f, d, a], 4))
    if bow.shape.is_valid:
        bow.shape = Polygon(np.round([a, b, d, c, a], 4))
    log.append(("自相交（蝴蝶结）", bow.code))
    spike = order.pop()
    a, b = _side(spike.shape)
    angle = long_axis(spike.shape)[0]
    tip = a + 0.5 * (b - a) + 18.0 * _outward(spike.shape, a, b)
    ring = np.asarray(spike.shape.exterior.coords)
    k = int(np.flatnonzero((ring == a).all(axis=1))[0])
    foot = a + 0.5 * (b - a)
    near = foot + 0.02 * (b - a) / np.hypot(*(b - a))
    ring = np.vstack([ring[: k + 1], foot, tip, near, ring[k + 1 :]])
    spike.shape = Polygon(np.round(ring, 4))
    log.append((f"尖刺 18 m（{np.degrees(angle):.0f}° 方向的边）", spike.code))
    empty = order.pop()
    empty.shape = None
    log.append(("有记录无图形", empty.code))


def _outward(shape: Polygon, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    along = (b - a) / np.hypot(*(b - a))
    normal = np.array([along[1], -along[0]])
    probe = shapely.Point((a + b) / 2 + 0.5 * normal)
    return -normal if shape.contains(probe) else normal


def _values(
    found: Layout, order: list[Parcel], random: np.random.Generator, log: list[tuple[str, str]]
) -> None:
    for factor in (1.1, 0.9):
        parcel = order.pop()
        parcel.registered_area = round(ellipsoid_area(parcel.shape) * factor, 2)
        log.append((f"登记面积为图形面积的 {factor:.1f} 倍", parcel.code))
    unwritten = [p for p in found.parcels if not p.case]
    for k in random.choice(len(unwritten), 40, replace=False):
        unwritten[int(k)].town_written = False
    log.append(("XZQDM 为空", "40 宗"))
