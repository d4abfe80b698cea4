"""Drawings of what bureaus' workbooks hide: 6103 to 6109."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drawings.pen import BAND, LEFT, RED, RIGHT, ROW

if TYPE_CHECKING:
    from drawings.pen import Area, Pen

HEAD = ("宗地代码", "税收（万元）")
FIRST = ("…00002", "12.0")
SECOND = ("…00005", "8.5")
THIRD = ("…00007", "30.0")
WIDTHS = (90, 110)


def draw_6103(pen: Pen) -> None:
    """Draw a total that is not the sum of its rows."""
    pen.heads()
    for area, total in ((LEFT, "50.5"), (RIGHT, "52.0")):
        bad = area is RIGHT
        rows = (HEAD, FIRST, SECOND, THIRD, ("合计", total))
        pen.table(area.x + 10, area.y + 16, WIDTHS, rows, [(4, 1)] if bad else ())
        top, low = area.y + 16 + ROW, area.y + 16 + 4 * ROW
        x = area.x + 222
        pen.line([(x - 6, top + 4), (x, top + 4), (x, low - 4), (x - 6, low - 4)])
        pen.text(x + 8, (top + low) / 2 + 4, "Σ 50.5", "sk")
    pen.note(LEFT, "the total is the sum")
    pen.note(RIGHT, "is a row missing?", "1.5 too much")


def draw_6104(pen: Pen) -> None:
    """Draw errors and a formula without a result."""
    pen.heads()
    for area, values in ((LEFT, ("12.0", "8.5", "30.0")), (RIGHT, ("12.0", "#DIV/0!", "=B2*2"))):
        bad = area is RIGHT
        rows = (HEAD, *((row[0], v) for row, v in zip((FIRST, SECOND, THIRD), values, strict=True)))
        pen.table(area.x + 10, area.y + 22, WIDTHS, rows, [(2, 1), (3, 1)] if bad else ())
        for n, value in enumerate(values):
            lost = value.startswith(("#", "="))
            shown = "→ ?" if lost else "→ " + value
            pen.text(area.x + 222, area.y + 59 + ROW * n, shown, "sk" + ("r" if lost else ""))
    pen.note(LEFT, "each result is in the file")
    pen.note(RIGHT, "the value is missing", "no result")


def draw_6105(pen: Pen) -> None:
    """Draw rows that are hidden between others."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        numbers = ("3", "4", "5", "6")
        for n, (number, row) in enumerate(zip(numbers, (HEAD, FIRST, SECOND, THIRD), strict=True)):
            y = area.y + 24 + n * (ROW + 4)
            gone = bad and n in {1, 2}
            pen.mid(area.x + 14, y + 15, number, "sm")
            pen.box(area.x + 28, y, 200, ROW, RED if gone else "g", fill=not gone, dashed=gone)
            pen.text(area.x + 36, y + 15, row[0], "sk" + ("r" if gone else ""))
            pen.text(area.x + 130, y + 15, row[1], "sk" + ("r" if gone else ""))
    pen.note(LEFT, "every row can be seen")
    pen.note(RIGHT, "rows 4 and 5 are read too", "hidden")


def draw_6106(pen: Pen) -> None:
    """Draw a name that is merged over two rows."""
    pen.heads()
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        name = "" if bad else "甲"
        rows = (("企业", *HEAD), (name, *FIRST), (name, *SECOND), ("乙", *THIRD))
        pen.table(area.x + 4, area.y + 30, (50, 90, 110), rows)
        if bad:
            pen.box(area.x + 4, area.y + 30 + ROW, 50, 2 * ROW, RED)
            pen.mid(area.x + 29, area.y + 30 + 2 * ROW + 4, "甲", "skr")
    pen.note(LEFT, "a name in every row")
    pen.note(RIGHT, "it counts for both rows", "merged")


def draw_6107(pen: Pen) -> None:
    """Draw values beside the areas of the parcels they are of."""
    pen.heads()
    sizes = (70, 92, 48, 84)
    for area in (LEFT, RIGHT):
        bad = area is RIGHT
        base = area.y + 140
        pen.line([(area.x + 8, base), (area.x + 272, base)])
        for n, size in enumerate(sizes):
            x = area.x + 20 + n * 64
            pen.box(x, base - size, 22, size, BAND)
            high = 2 if bad else size - 8
            pen.box(x + 24, base - high, 22, high, RED if bad else "g")
        pen.text(area.x + 8, area.y + 14, "× 0.0015" if bad else "× 0.9", "sk" + "r" * bad)
    pen.note(LEFT, "beside the parcels' areas")
    pen.note(RIGHT, 'unit = "亩"?', "all 667 times too small")


def draw_6108(pen: Pen) -> None:
    """Draw a firm that stands twice on a parcel."""
    pen.heads()
    names = ("企业", "信用代码", "宗地代码")
    for area, last in ((LEFT, ("丙", "…K21", "…00007")), (RIGHT, ("甲", "…816", "…00002"))):
        bad = area is RIGHT
        rows = (names, ("甲", "…816", "…00002"), ("乙", "…9Q4", "…00005"), last)
        marked = [(row, column) for row in (1, 3) for column in range(3)] if bad else ()
        pen.table(area.x + 10, area.y + 26, (50, 90, 90), rows, marked)
    pen.note(LEFT, "each firm once on a parcel")
    pen.note(RIGHT, "delete one of them", "twice the same")


def draw_6109(pen: Pen) -> None:
    """Draw a sheet without the heading that is needed."""
    pen.heads()
    for area in (LEFT, RIGHT):
        _sheet(pen, area, area.x + 8, "一月", (HEAD, FIRST, SECOND))
        bad = area is RIGHT
        rows = (("填表说明",), ("一、单位",), ("二、期限",)) if bad else (HEAD, FIRST, THIRD)
        _sheet(pen, area, area.x + 146, "说明" if bad else "二月", rows, bad=bad)
    pen.note(LEFT, "both sheets are read")
    pen.note(RIGHT, "nothing of it is read", "no heading")


def _sheet(
    pen: Pen,
    area: Area,
    x: float,
    name: str,
    rows: tuple[tuple[str, ...], ...],
    *,
    bad: bool = False,
) -> None:
    pen.text(x, area.y + 24, name, "skm")
    for n, row in enumerate(rows):
        y = area.y + 32 + n * ROW
        pen.box(x, y, 124, ROW, RED if bad else "g", fill=n == 0, dashed=bad)
        for at, text in enumerate(row):
            pen.text(x + 4 + at * 56, y + 15, text.partition("（")[0], "s" + ("r" if bad else ""))
