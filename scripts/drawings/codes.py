"""Drawings of codes: 3201, 3203, 3205, 3206, 3301 to 3306, 8101."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from stdnum.cn import uscc

from drawings.pen import BAND, LEFT, RED, RIGHT, ROW

if TYPE_CHECKING:
    from drawings.pen import Area, Pen

CODE = "120118901001GB00007"
PARTS = ((6, "county 县"), (3, "地籍区"), (3, "子区"), (2, "kind"), (5, "number"))
STEP = 14.5


def draw_3201(pen: Pen) -> None:
    """Draw a code that its list does not have."""
    pen.heads()
    uses = pen.book.domain("registered_use")
    shown = [code for code in uses if code.startswith("06")][:4]
    for area, code in ((LEFT, "0601"), (RIGHT, "0699")):
        bad = code not in uses
        pen.text(area.x, area.y + 70, "YT", "skm")
        pen.box(area.x + 22, area.y + 54, 62, 24, RED if bad else "g")
        pen.text(area.x + 34, area.y + 71, code, "k" + ("r" if bad else ""))
        rows = [("code", "用途"), *((one, uses[one][0]) for one in shown)]
        pen.table(area.x + 136, area.y + 16, (50, 92), rows)
        if bad:
            pen.line([(area.x + 88, area.y + 66), (area.x + 128, area.y + 66)], RED, dashed=True)
            pen.cross(area.x + 108, area.y + 66)
        else:
            pen.arrow([(area.x + 88, area.y + 66), (area.x + 132, area.y + 49)])
    pen.note(LEFT, "one of the list")
    pen.note(RIGHT, "", "not in the list")


def _segments(pen: Pen, area: Area, y: float) -> None:
    x = area.x
    for signs, name in PARTS:
        wide = signs * STEP
        pen.line([(x + 2, y + 28), (x + 2, y + 32), (x + wide - 2, y + 32), (x + wide - 2, y + 28)])
        pen.mid(x + wide / 2, y + 46, name, "sm")
        x += wide


def draw_3203(pen: Pen) -> None:
    """Draw a parcel code with a letter for a digit and one sign too few."""
    pen.heads()
    pen.cells(LEFT.x, LEFT.y + 50, [*CODE], wide=STEP)
    _segments(pen, LEFT, LEFT.y + 50)
    wrong = CODE.replace("1001G", "100lG")
    bad = [n for n, (one, other) in enumerate(zip(CODE, wrong, strict=True)) if one != other]
    pen.cells(RIGHT.x, RIGHT.y + 22, [*wrong], bad, wide=STEP)
    pen.mid(RIGHT.x + (bad[0] + 0.5) * STEP, RIGHT.y + 60, "letter l", "sr")
    short = CODE[:14] + CODE[15:]
    pen.cells(RIGHT.x, RIGHT.y + 88, [*short], wide=STEP)
    pen.box(RIGHT.x + 18 * STEP, RIGHT.y + 88, STEP, ROW, RED, fill=False, dashed=True)
    pen.text(RIGHT.x + 19 * STEP, RIGHT.y + 126, f"{len(short)} signs", "sr", "end")
    pen.note(LEFT, f"{len(CODE)} signs in five parts")
    pen.note(RIGHT, "", "a letter, or a sign too few")


def draw_3205(pen: Pen) -> None:
    """Draw a credit code whose last sign does not follow from the others."""
    pen.heads()
    stem = "91120118MA06XXYY7"
    check = uscc.calc_check_digit(stem)
    other = "3" if check != "3" else "4"
    for area, last in ((LEFT, check), (RIGHT, other)):
        bad = last != check
        pen.cells(area.x, area.y + 40, [*stem, last], [17] if bad else (), wide=15.5)
        x = area.x + 17.5 * 15.5
        y = area.y + 64
        pen.line([(area.x + 2, y), (area.x + 2, y + 22), (area.x + 17 * 15.5 - 4, y + 22)])
        pen.line([(area.x + 17 * 15.5 - 4, y), (area.x + 17 * 15.5 - 4, y + 22)])
        pen.mid(area.x + 130, y + 42, "17 signs → Σ mod 31 → " + check, "s")
        if bad:
            pen.arrow([(x, area.y + 14), (x, area.y + 36)], RED)
            pen.text(x + 6, area.y + 8, f"{last} ≠ {check}", "r", "end")
        else:
            pen.arrow([(area.x + 196, y + 34), (x, y + 22), (x, y + 2)])
    pen.note(LEFT, "the last sign follows from the others")
    pen.note(RIGHT, f"it should be {check}", f"the last sign is {other}")


def draw_3206(pen: Pen) -> None:
    """Draw a unit number that does not begin with the parcel's code."""
    pen.heads()
    step = 10.0
    for area, code in ((LEFT, CODE), (RIGHT, CODE.replace("00007", "00999"))):
        unit = code + "W00000000"
        bad = [n for n in range(len(CODE)) if unit[n] != CODE[n]]
        pen.text(area.x, area.y + 28, "ZDDM", "skm")
        pen.cells(area.x, area.y + 34, [*CODE], wide=step)
        pen.text(area.x, area.y + 88, "BDCDYH", "skm")
        pen.cells(area.x, area.y + 94, [*unit], bad, wide=step)
        for n in (n for n in range(0, len(CODE), 3) if n not in bad):
            x = area.x + (n + 0.5) * step
            pen.line([(x, area.y + 60), (x, area.y + 74)])
        for n in bad:
            pen.cross(area.x + (n + 0.5) * step, area.y + 72, 3)
    pen.note(LEFT, "19 signs of the parcel, 9 of the unit")
    pen.note(RIGHT, "", "the number of parcel …00999")


def draw_3301(pen: Pen) -> None:
    """Draw a village code that lies in another town than the town code."""
    pen.heads()
    levels = (("XZQDM", "120118901"), ("CJDM", "120118901001"))
    for area, village in ((LEFT, levels[1][1]), (RIGHT, "120118902001")):
        bad = [n for n in range(9) if village[n] != levels[0][1][n]]
        for n, (name, code) in enumerate((levels[0], ("CJDM", village))):
            y = area.y + 26 + n * 62
            pen.text(area.x, y + 15, name, "skm")
            pen.cells(area.x + 54, y, [*code], bad, wide=18)
        for n in range(9):
            x = area.x + 54 + (n + 0.5) * 18
            kind = RED if n in bad else "g"
            pen.line([(x, area.y + 51), (x, area.y + 85)], kind, dashed=n in bad)
        pen.mid(area.x + 54 + 81, area.y + 130, "county · town", "sm")
        pen.mid(area.x + 54 + 189, area.y + 130, "village", "sm")
    pen.note(LEFT, "the village is in the town")
    pen.note(RIGHT, "", "town 901, village of 902")


def draw_3302(pen: Pen) -> None:
    """Draw two parcels that bear the same code."""
    pen.heads()
    plots = (
        [(10, 20), (120, 12), (128, 80), (14, 88)],
        [(170, 62), (268, 54), (262, 140), (160, 132)],
    )
    for area, names in ((LEFT, ("…00007", "…00011")), (RIGHT, ("…00007", "…00007"))):
        bad = area is RIGHT
        shapes = []
        for corners, name in zip(plots, names, strict=True):
            shape = shapely.Polygon([(area.x + x, area.y + y) for x, y in corners])
            pen.shape(shape, RED if bad else "g")
            shapes.append(shape)
            pen.mid(shape.centroid.x, shape.centroid.y + 4, name, "sk" + ("r" if bad else ""))
        if bad:
            between = shapely.LineString([shape.centroid for shape in shapes])
            pen.shape(between.difference(shapely.union_all(shapes)), RED, dashed=True)
    pen.note(LEFT, "each parcel a code of its own")
    pen.note(RIGHT, "", "two parcels, one code")


def draw_3303(pen: Pen) -> None:
    """Draw which land classes go with which settlement code."""
    classes = ("0601", "0508", "0602", "0702", "0103")
    rows = (
        ("202", "town", (0, 1, 2, 3, 4)),
        ("202A", "its industry", (0, 1)),
        ("204", "mining", (2,)),
    )
    pen.text(14, 22, "which land class goes with which code 可以并存", "m")
    pen.text(548, 26, "found 查出", "r")
    for n, name in enumerate(classes):
        pen.mid(204 + n * 74, 58, name, "sk")
    pen.text(14, 58, "CZCSXM ╲ DLBM", "skm")
    for r, (code, what, fits) in enumerate(rows):
        y = 68 + r * 40
        pen.text(14, y + 24, code, "k")
        pen.text(60, y + 24, what, "sm")
        for n in range(len(classes)):
            bad = code == "202A" and classes[n] == "0103"
            pen.box(170 + n * 74, y, 68, 34, RED if bad else "g", fill=bad or n in fits)
            if n in fits:
                pen.tick(204 + n * 74, y + 17)
            if bad:
                pen.cross(204 + n * 74, y + 17)
    pen.arrow([(575, 36), (575, 96), (542, 112)], RED)
    pen.text(14, 216, "202A: industry outside the town, so 0601 or 0508", "m")
    pen.text(342, 216, "202A with 0103 (dry field)", "r")


def draw_3304(pen: Pen) -> None:
    """Draw the use in the register over the class in the survey."""
    pen.heads()
    uses, classes = pen.book.domain("registered_use"), pen.book.domain("land_class")
    for area, surveyed in ((LEFT, "0601"), (RIGHT, "0702")):
        bad = area is RIGHT
        for up, label, code, title in (
            (0, "ZD", "0601", uses["0601"][1]), (72, "DLTB", surveyed, classes[surveyed][1]),
        ):  # fmt: skip
            x, y = area.x + 20, area.y + 12 + up
            sheet = shapely.Polygon([(x + 40, y), (x + 240, y), (x + 200, y + 56), (x, y + 56)])
            pen.shape(sheet, RED if bad and up else "g")
            pen.text(x + 216, y + 54, label, "skm")
            pen.mid(x + 120, y + 25, code, "k" + ("r" if bad and up else ""))
            pen.mid(x + 120, y + 42, title, "s")
        for x in (area.x + 60, area.x + 220):
            pen.line([(x, area.y + 70), (x, area.y + 84)], dashed=True)
    pen.note(LEFT, "industrial in both")
    pen.note(RIGHT, "", "industrial registered, village surveyed")


def draw_3305(pen: Pen) -> None:
    """Draw two records with one identifier."""
    pen.heads()
    for area, last in ((LEFT, "…000103"), (RIGHT, "…000102")):
        bad = area is RIGHT
        rows = [("BSM", "TBBH", "DLBM"), ("…000101", "12", "0601"), ("…000102", "13", "0702"),
                (last, "14", "0103")]  # fmt: skip
        pen.table(area.x + 30, area.y + 26, (96, 60, 70), rows, [(2, 0), (3, 0)] if bad else ())
        if bad:
            x, y = area.x + 28, area.y + 26
            pen.line([(x, y + 55), (x - 14, y + 55), (x - 14, y + 77), (x, y + 77)], RED)
            pen.text(x - 26, y + 71, "=", "r")
    pen.note(LEFT, "each identifier stands once")
    pen.note(RIGHT, "", "one identifier stands twice")


def draw_3306(pen: Pen) -> None:
    """Draw refinement codes and the land classes that they may refine."""
    pen.heads("what may be refined 可细化")
    pairs = (("HDGY", "0601"), ("FQ", "0602"), ("FQ", "1001"))
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        chosen = (("FQ", "0103"),) if bad else pairs
        for n, (code, kind) in enumerate(chosen):
            y = area.y + (60 if bad else 14 + n * 48)
            shade = RED if bad else "g"
            pen.box(area.x + 10, y, 84, 28, shade)
            pen.mid(area.x + 52, y + 19, code, "k" + ("r" if bad else ""))
            pen.box(area.x + 170, y, 84, 28)
            pen.mid(area.x + 212, y + 19, kind, "k")
            pen.line([(area.x + 96, y + 14), (area.x + 168, y + 14)], shade, dashed=bad)
            if bad:
                pen.cross(area.x + 132, y + 14)
        pen.mid(area.x + 52, area.y + (50 if bad else 6), "TBXHDM", "skm")
        pen.mid(area.x + 212, area.y + (50 if bad else 6), "DLBM", "skm")
    pen.note(LEFT, "thermal plant, abandoned mine, railway")
    pen.note(RIGHT, "", "abandoned (FQ) on a dry field")


def draw_8101(pen: Pen) -> None:
    """Draw the base year and the year of the survey on a line of years."""
    pen.heads()
    base = pen.book.survey_year
    for area, year in ((LEFT, base), (RIGHT, base - 1)):
        bad = year != base
        y = area.y + 90
        pen.arrow([(area.x + 6, y), (area.x + 276, y)])
        for n in range(5):
            x = area.x + 36 + n * 50
            here = base - 3 + n
            pen.line([(x, y - 5), (x, y + 5)], BAND if here == base else "g")
            pen.mid(x, y + 22, str(here), "s" + ("b" if here == base else "m"))
            if here == year:
                pen.box(x - 20, y - 54, 40, 30, RED if bad else "g")
                pen.mid(x, y - 35, "DLTB", "sk" + ("r" if bad else ""))
                pen.arrow([(x, y - 23), (x, y - 8)], RED if bad else "g")
        pen.mid(area.x + 186, y + 38, "base year 基准年", "sb")
    pen.note(LEFT, f"SJNF {base}")
    pen.note(RIGHT, "", f"SJNF {base - 1}")
