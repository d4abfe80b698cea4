"""Drawings of fields, records and cells: 3101 to 3105, 3207 to 3209, 6101, 6102."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from drawings.pen import BAND, LEFT, RED, RIGHT, ROW

if TYPE_CHECKING:
    from drawings.pen import Pen

CODE = "120118901001GB00007"
SHORT = "…GB00007"


def draw_3101(pen: Pen) -> None:
    """Draw a layer without the field of the registered use."""
    pen.heads()
    names = ("ZDDM", "ZL", "YT", "ZDMJ")
    for area in (LEFT, RIGHT):
        for n, name in enumerate(names):
            gone = area is RIGHT and name == "YT"
            x = area.x + 10 + n * 66
            pen.box(x, area.y + 20, 60, 24, RED if gone else "g", fill=not gone, dashed=gone)
            pen.mid(x + 30, area.y + 36, name, "sk" + ("r" if gone else ""))
            for row in range(4):
                y = area.y + 52 + row * 22
                if not gone:
                    pen.box(x, y, 60, 16, fill=False)
    pen.note(LEFT, "every expected field is there")
    pen.note(RIGHT, "or name it: --map 用途=…", "no field YT")


def draw_3102(pen: Pen) -> None:
    """Draw a record whose shape is empty."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        rows = [("ZDDM", "YT"), ("…GB00005", "0601"), ("…GB00006", "0601"), (SHORT, "0701")]
        pen.table(area.x, area.y + 30, (76, 50), rows, [(3, 0), (3, 1)] if bad else ())
        for n in range(3):
            y = area.y + 52 + n * ROW + ROW / 2
            x, bent = area.x + 214, area.y + 34 + n * 42
            gone = bad and n == 2  # noqa: PLR2004
            pen.arrow([(area.x + 130, y), (x - 26, bent + 14)], RED if gone else "g", dashed=gone)
            if gone:
                pen.mid(x + 8, bent + 20, "∅", "r")
            else:
                pen.box(x - 18, bent, 52 - 8 * n, 28)
    pen.note(LEFT, "one shape to each record")
    pen.note(RIGHT, "attributes are kept", "record 3 has no shape")


def draw_3103(pen: Pen) -> None:
    """Draw a text that fills all the bytes of its field."""
    pen.heads()
    whole, width = "清泽镇一村工业大道北侧十号", 20
    cut = whole.encode("gb18030")[:width].decode("gb18030", "ignore")
    for area, text in ((LEFT, "清泽镇一村北侧"), (RIGHT, cut)):
        bad = area is RIGHT
        pen.box(area.x, area.y + 60, 13 * width, 26)
        for n, sign in enumerate(text):
            pen.mid(area.x + 13 + n * 26, area.y + 78, sign)
        pen.text(area.x, area.y + 48, f"ZL C{width}", "skm")
        used = len(text.encode("gb18030"))
        pen.line([(area.x, area.y + 98), (area.x + 13 * used, area.y + 98)], RED if bad else "g")
        pen.text(area.x, area.y + 114, f"{used} of {width} bytes", "s" + ("r" if bad else ""))
    pen.line([(RIGHT.x + 260, RIGHT.y + 50), (RIGHT.x + 260, RIGHT.y + 104)], RED)
    pen.text(RIGHT.x + 262, RIGHT.y + 78, "…?", "r")
    pen.note(LEFT, "room is left")
    pen.note(RIGHT, f"was it “…{whole[-4:]}”?", "full to the last byte")


def draw_3104(pen: Pen) -> None:
    """Draw an empty cell in a required field."""
    pen.heads()
    head = ("ZDDM", "YT", "ZDMJ")
    for area, use in ((LEFT, "0601"), (RIGHT, "")):
        rows = (head, ("…GB00005", "0601", "8120.40"), ("…GB00006", "0701", "640.12"),
                (SHORT, use, "3977.15"))  # fmt: skip
        pen.table(area.x + 16, area.y + 30, (90, 70, 90), rows, [(3, 1)] if not use else ())
    pen.note(LEFT, "filled in every record")
    pen.note(RIGHT, "in one record", "YT is empty")


def draw_3105(pen: Pen) -> None:
    """Draw a shape of which nothing is recorded."""
    pen.heads()
    shape = shapely.Polygon([(150, 30), (236, 22), (262, 70), (240, 120), (168, 110)])
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        placed = shapely.transform(shape, lambda xy, a=area: np.add(xy, [a.x, a.y]))
        pen.shape(placed, RED if bad else "g")
        values = ("", "", "", "") if bad else (SHORT, "0601", "3977.15", "901")
        for n, (name, value) in enumerate(
            zip(("ZDDM", "YT", "ZDMJ", "XZQDM"), values, strict=True)
        ):
            y = area.y + 20 + n * 28
            pen.text(area.x, y + 15, name, "skm")
            pen.box(area.x + 48, y, 80, ROW, RED if bad else "g", fill=bad)
            pen.text(area.x + 54, y + 15, value, "sk")
    pen.note(LEFT, "a shape and what is known of it")
    pen.note(RIGHT, "", "a shape, and every cell empty")


def draw_3207(pen: Pen) -> None:
    """Draw a credit code that a spreadsheet shows as a number."""
    pen.heads()
    code = "911201189876543210"
    kept = f"{float(code):.5E}".replace("E+17", "E+17")
    for area, cell in ((LEFT, code), (RIGHT, kept)):
        bad = area is RIGHT
        pen.text(area.x + 4, area.y + 30, "B2", "skm")
        pen.box(area.x + 30, area.y + 14, 244, 24, RED if bad else "g")
        pen.text(area.x + (268 if bad else 36), area.y + 31, cell, "k" + ("r" if bad else ""),
                 "end" if bad else "start")  # fmt: skip
        pen.text(area.x + 30, area.y + 58, "number 数值" if bad else "text 文本", "sm")
    digits = f"{float(kept):.0f}"
    lost = [n for n in range(18) if digits[n] != code[n]]
    pen.cells(LEFT.x + 4, LEFT.y + 92, [*code])
    signs = ["?" if n in lost else sign for n, sign in enumerate(digits)]
    pen.cells(RIGHT.x + 4, RIGHT.y + 92, signs, lost)
    pen.note(LEFT, "18 signs, kept as text")
    pen.note(RIGHT, "enter the code again", f"{len(lost)} digits are lost")


def draw_3208(pen: Pen) -> None:
    """Draw full-width digits and spaces around a value."""
    pen.heads()
    right = "120118901"
    full = "".join(chr(ord(sign) + 0xFEE0) for sign in right)
    pen.cells(LEFT.x + 8, LEFT.y + 30, [*right], wide=24)
    pen.cells(RIGHT.x + 8, RIGHT.y + 30, [*full], range(9), wide=24)
    pen.cells(LEFT.x + 8, LEFT.y + 92, [*"一村"], wide=24)
    pen.cells(RIGHT.x + 8, RIGHT.y + 92, ["␣", "一", "村", "␣", "␣"], (0, 3, 4), wide=24)
    for area in (LEFT, RIGHT):
        pen.text(area.x + 8, area.y + 22, "XZQDM", "skm")
        pen.text(area.x + 8, area.y + 84, "ZLDWMC", "skm")
    pen.note(LEFT, "half-width, no spaces around")
    pen.note(RIGHT, "", "full-width digits, spaces")


def draw_3209(pen: Pen) -> None:
    """Draw a date written in words."""
    pen.heads()
    known = ("2009-06-30", "20090630", "2009年6月", "2009")
    strange = ("零九年前后", "2009-06-31", "6/9?", "不详")
    for area, texts in ((LEFT, known), (RIGHT, strange)):
        bad = area is RIGHT
        pen.text(area.x + 8, area.y + 14, "GDSJ", "skm")
        for n, text in enumerate(texts):
            y = area.y + 24 + n * 32
            pen.box(area.x + 8, y, 108, ROW, RED if bad else "g")
            pen.text(area.x + 16, y + 15, text, "sk" + ("r" if bad else ""))
            if bad:
                pen.cross(area.x + 150, y + 11, 5)
            else:
                pen.arrow([(area.x + 124, y + 11), (area.x + 164, y + 11)])
                pen.text(area.x + 172, y + 15, "2009" + ("-06-30", "-06-30", "-06", "")[n], "sk")
    pen.note(LEFT, "a day, a month or a year")
    pen.note(RIGHT, "taken as missing", "no date")


def draw_6101(pen: Pen) -> None:
    """Draw a row of a table whose parcel is not there."""
    pen.heads()
    plots = [(0, 0, 60, 44), (64, 0, 120, 44), (0, 48, 48, 100), (52, 48, 120, 100)]
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        last = "…99999" if bad else "…00007"
        rows = [("宗地代码",), ("…00002",), ("…00005",), (last,)]
        pen.table(area.x, area.y + 30, (84,), rows, [(3, 0)] if bad else ())
        ends = []
        for west, north, east, south in plots:
            x, y = area.x + 156, area.y + 26
            pen.box(x + west, y + north, east - west, south - north)
            ends.append((x + west + 12, y + (north + south) / 2))
        for n, which in enumerate((0, 2, 3)):
            start = (area.x + 86, area.y + 52 + ROW * (n + 0.5))
            if bad and which == 3:  # noqa: PLR2004
                pen.arrow([start, (area.x + 132, area.y + 146)], RED, dashed=True)
                pen.text(area.x + 138, area.y + 152, "no such parcel", "sr")
            else:
                pen.arrow([start, ends[which]])
    pen.note(LEFT, "each row finds its parcel")
    pen.note(RIGHT, "it counts for nothing", "one row finds none")


def draw_6102(pen: Pen) -> None:
    """Draw a word in a column of amounts."""
    pen.heads()
    head = ("宗地代码", "税收（万元）")
    for area, value in ((LEFT, "31.5"), (RIGHT, "约三十万")):
        rows = (head, ("…00002", "12.0"), ("…00005", "0"), ("…00007", value))
        pen.table(area.x + 10, area.y + 22, (90, 110), rows, [(3, 1)] if area is RIGHT else ())
    for n, value in enumerate(("12.0", "0", "31.5")):
        pen.text(LEFT.x + 214, LEFT.y + 59 + ROW * n, "→ " + value, "sk")
        shown = "→ ?" if n == 2 else "→ " + value  # noqa: PLR2004
        pen.text(RIGHT.x + 214, RIGHT.y + 59 + ROW * n, shown, "sk" + ("r" if "?" in shown else ""))
    pen.note(LEFT, "a number, in the unit of the heading")
    pen.note(RIGHT, "the value is missing", "no number")


def draw_3202(pen: Pen) -> None:
    """Draw a plot ratio beyond its range on a line of numbers."""
    pen.heads()
    low, high = pen.book.fields["parcels"]["contract_plot_ratio"]["range"]
    most = high * 1.5
    for area, value in ((LEFT, 1.8), (RIGHT, 25.0)):

        def at(number: float, x: float = area.x + 14) -> float:
            return x + number / most * 250

        y = area.y + 84
        pen.box(at(low), y - 16, at(high) - at(low), 32, BAND, line=False)
        pen.line([(area.x + 8, y), (area.x + 272, y)])
        for number in np.linspace(0, most, 7):
            pen.line([(at(number), y - 4), (at(number), y + 4)])
            pen.mid(at(number), y + 34, f"{number:g}", "sm")
        pen.mid((at(low) + at(high)) / 2, y - 24, f"{low:g} … {high:g}", "sb")
        bad = not low <= value <= high
        pen.dot(at(value), y, RED if bad else "g", 6)
        if bad:
            pen.mid(at(value), y - 24, f"{value:g}", "r")
    pen.note(LEFT, "HTRJL 1.8")
    pen.note(RIGHT, "is it 2.5?", "HTRJL 25")
