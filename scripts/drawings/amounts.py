"""Drawings of areas and sums that do not agree: and of what bureaus send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from drawings.pen import BAND, GREY, LEFT, RED, RIGHT, Area, view

if TYPE_CHECKING:
    from drawings.pen import Pen

MU = 666.6667


def draw_3204(pen: Pen) -> None:
    """Draw an area stated in mu in a field of square metres."""
    pen.heads()
    size = 8000.0
    side = size**0.5
    for area, stated in ((LEFT, size), (RIGHT, size / MU)):
        bad = area is RIGHT
        at = view((0, 0, side, side), Area(area.x, area.y + 6, 150, 146), 6)
        pen.shape(at(shapely.box(0, 0, side, side)))
        pen.mid(area.x + 75, area.y + 28, f"{size:,.0f} m²", "s")
        if bad:
            small = stated**0.5
            pen.shape(at(shapely.box(4, 4, 4 + small, 4 + small)), RED)
            pen.arrow([(area.x + 160, area.y + 100), (area.x + 30, area.y + 136)], RED)
        pen.text(area.x + 164, area.y + 60, "ZDMJ", "skm")
        pen.text(area.x + 164, area.y + 82, f"{stated:,.2f}", "k" + ("r" if bad else ""))
        pen.text(area.x + 164, area.y + 104, f"× {size / stated:,.2f}", "s" + ("r" if bad else "m"))
    pen.note(LEFT, "stated in square metres")
    pen.note(RIGHT, f"{size / MU:.0f} m² would be tiny", "stated in mu (亩)")


def draw_3401(pen: Pen) -> None:
    """Draw a polygon whose shape was changed and whose area was not."""
    pen.heads()
    before = shapely.Polygon([(0, 0), (40, 2), (38, 30), (2, 28)])
    after = shapely.Polygon([(0, 0), (43, 2), (38, 30), (2, 28)])
    stated = before.area
    for area, shape in ((LEFT, before), (RIGHT, after)):
        at = view((0, 0, 44, 30), area, 10)
        pen.shape(at(shape))
        middle = at(shape.centroid)
        pen.mid(middle.x, middle.y - 4, f"TBMJ {stated:,.1f}", "sk")
        bad = area is RIGHT
        pen.mid(middle.x, middle.y + 14, f"computed {shape.area:,.1f}", "s" + ("r" if bad else ""))
        if bad:
            pen.shape(at(after.difference(before)), RED)
            x, y = at.at(43, 2)
            pen.dot(x, y, RED)
    pen.note(LEFT, "stated as computed on the ellipsoid")
    pen.note(RIGHT, "", "off by " + pen.beyond("area_step", after.area - stated))


def draw_3402(pen: Pen) -> None:
    """Draw the class area beside what area minus deduction gives."""
    pen.heads()
    whole, deducted = 1200.0, 300.0
    for area, given in ((LEFT, 900.0), (RIGHT, 930.0)):
        bad = area is RIGHT
        unit = 250 / whole
        x = area.x + 4
        pen.box(x, area.y + 22, whole * unit, 26)
        pen.text(x + 6, area.y + 40, f"TBMJ {whole:.2f}", "sk")
        cut = (whole - deducted) * unit
        pen.box(x + cut, area.y + 66, deducted * unit, 26, fill=False, dashed=True)
        pen.text(x + cut + 4, area.y + 84, f"KCMJ {deducted:.0f}", "sk")
        pen.box(x, area.y + 110, min(given * unit, cut), 26)
        pen.text(x + 6, area.y + 128, f"TBDLMJ {given:.2f}", "sk")
        pen.line([(x + cut, area.y + 56), (x + cut, area.y + 146)], BAND, dashed=True)
        if bad:
            pen.box(x + cut, area.y + 110, given * unit - cut, 26, RED)
            pen.text(x + given * unit + 6, area.y + 128, f"+{given - whole + deducted:.0f}", "sr")
    pen.note(LEFT, "TBDLMJ = TBMJ − KCMJ")
    pen.note(RIGHT, "", "off by " + pen.beyond("area_balance", 30.0, digits=2))


def draw_3403(pen: Pen) -> None:
    """Draw parts on top of each other beside their total."""
    pen.heads()
    parts = (412.0, 268.5, 190.0, 129.5)
    for area, total in ((LEFT, sum(parts)), (RIGHT, sum(parts) + 85)):
        bad = area is RIGHT
        unit, floor = 128 / 1085, area.y + 148
        up = floor
        for part in parts:
            pen.box(area.x + 40, up - part * unit, 60, part * unit)
            pen.mid(area.x + 70, up - part * unit / 2 + 4, f"{part:,.1f}", "sk")
            up -= part * unit
        pen.box(area.x + 170, floor - total * unit, 60, total * unit, fill=not bad)
        pen.mid(area.x + 200, floor - 40, f"{total:,.1f}", "sk")
        pen.line([(area.x + 104, up), (area.x + 166, up)], BAND, dashed=True)
        if bad:
            pen.box(area.x + 170, floor - total * unit, 60, (total - sum(parts)) * unit, RED)
        pen.text(area.x + 106, floor - 2, "Σ", "sm")
        pen.text(area.x + 236, floor - 2, "DCMJ", "skm")
    pen.note(LEFT, "the parts of a village come to its area")
    pen.note(RIGHT, "", "off by " + pen.beyond("total_balance", 85.0))


def draw_3405(pen: Pen) -> None:
    """Draw the difference of the areas on a line with a band of tolerance."""
    pen.heads()
    share = pen.checks.limit("registered_area_share") * 100
    computed = 3615.6
    for area, registered in ((LEFT, 3622.0), (RIGHT, 3977.15)):
        percent = (registered / computed - 1) * 100
        bad = percent > share
        y, zero, unit = area.y + 116, area.x + 50, 18.0
        pen.box(zero - share * unit, y - 70, 2 * share * unit, 84, BAND, line=False)
        pen.line([(area.x + 6, y), (area.x + 276, y)])
        for number in (0, 5, 10):
            pen.line([(zero + number * unit, y - 4), (zero + number * unit, y + 4)])
            pen.mid(zero + number * unit, y + 30, f"{number} %", "sm")
        pen.text(zero + share * unit + 4, y - 56, f"± {share:g} %", "sb")
        pen.dot(zero + percent * unit, y, RED if bad else "g", 6)
        pen.text(area.x + 8, area.y + 16, f"ZDMJ {registered:,.2f}", "sk")
        pen.text(area.x + 150, area.y + 16, f"computed {computed:,.2f}", "s")
        if bad:
            pen.measure((zero, y - 24), (zero + percent * unit, y - 24), f"+{percent:.1f} %")
    pen.note(LEFT, "registered and computed area agree")
    pen.note(RIGHT, "", "off by " + pen.beyond("area_step", 3977.15 - computed))


def draw_6111(pen: Pen) -> None:
    """Draw amounts of firms that reach their parcels, and one that does not."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        rows = [("企业", "税收"), ("甲", "5.00"), ("乙", "7.25")]
        pen.table(area.x, area.y + 34, (40, 60), rows, [(2, 1)] if bad else ())
        for n, top in enumerate((20, 84)):
            pen.box(area.x + 170, area.y + top, 90, 52)
            start, end = (area.x + 102, area.y + 68 + 22 * n), (area.x + 182, area.y + top + 26)
            if bad and n:
                pen.arrow([start, (area.x + 140, area.y + 150)], RED, dashed=True)
                pen.text(area.x + 60, area.y + 168, "on no parcel: 7.25", "sr")
            else:
                pen.arrow([start, end])
    pen.note(LEFT, "every amount lies on a parcel")
    pen.note(RIGHT, "listed with its amount", "one firm is on no parcel")


def draw_6112(pen: Pen) -> None:
    """Draw two values of one measure."""
    pen.heads()
    for area, second in ((LEFT, "102"), (RIGHT, "140")):
        bad = area is RIGHT
        for n, (head, value) in enumerate((("统计", "100"), ("工信", second))):
            mark = [(1, 0)] if bad and n else ()
            pen.table(area.x + 10, area.y + 20 + 66 * n, (110,), [(head,), (value,)], mark)
        pen.arrow([(area.x + 124, area.y + 54), (area.x + 190, area.y + 80)])
        pen.text(area.x + 198, area.y + 84, "100", "sk")
    pen.note(LEFT, "they agree: within 5 %")
    pen.note(RIGHT, "the authority counts, both are kept", "they do not agree")


def draw_6113(pen: Pen) -> None:
    """Draw a building whose storeys are known, and one whose are assumed."""
    pen.heads()
    for area, storeys in ((LEFT, 3), (RIGHT, 1)):
        bad = area is RIGHT
        ground = area.y + 140
        pen.line([(area.x + 40, ground), (area.x + 240, ground)])
        for n in range(storeys):
            pen.box(area.x + 90, ground - 30 * (n + 1), 100, 30)
        pen.text(area.x + 200, ground - 12, "?" if bad else "CS 3", "sr" if bad else "sk")
    pen.note(LEFT, "storeys × footprint")
    pen.note(RIGHT, "one storey is assumed", "storeys are not known")


def draw_6121(pen: Pen) -> None:
    """Draw a row that names its parcel by code, and one that only seems to."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        rows = [("宗地代码", "权利人"), ("", "青禾制管厂") if bad else ("…00002", "青禾制管厂")]
        pen.table(area.x, area.y + 40, (64, 84), rows, [(1, 0)] if bad else ())
        pen.box(area.x + 186, area.y + 30, 86, 56)
        pen.mid(area.x + 229, area.y + 56, "…00002", "sk")
        pen.mid(area.x + 229, area.y + 72, "青禾制管公司", "sm")
        ends = [(area.x + 150, area.y + 70), (area.x + 184, area.y + 58)]
        pen.arrow(ends, RED if bad else GREY, dashed=bad)
    pen.note(LEFT, "the code says which parcel is meant")
    pen.note(RIGHT, "to be confirmed before it counts", "a name alone may deceive")
