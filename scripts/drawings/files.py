"""Drawings of files that do not open right: 1101 to 2101."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
import shapely.affinity

from drawings.pen import BAND, LEFT, RED, RIGHT, Area

if TYPE_CHECKING:
    from drawings.pen import Pen

TOWN = "清泽镇"


def _crate(pen: Pen, area: Area) -> None:
    pen.box(area.x + 40, area.y + 24, 130, 126, fill=False)
    pen.text(area.x + 46, area.y + 18, "town.zip", "sk")


def draw_1101(pen: Pen) -> None:
    """Draw an entry whose path leaves the archive, and one that is too large."""
    pen.heads()
    for area, names in ((LEFT, ("parcels.shp", "parcels.dbf", "parcels.prj")),
                        (RIGHT, ("parcels.shp", "../../x.shp", "fill.csv"))):  # fmt: skip
        _crate(pen, area)
        for n, name in enumerate(names):
            bad = area is RIGHT and n > 0
            pen.text(area.x + 54, area.y + 52 + n * 36, name, "sk" + ("r" if bad else ""))
    x, y = RIGHT.x, RIGHT.y
    pen.arrow([(x + 140, y + 84), (x + 196, y + 84), (x + 196, y + 40), (x + 222, y + 40)], RED)
    pen.text(x + 226, y + 44, "outside", "sr")
    pen.line([(x + 116, y + 120), (x + 200, y + 120)], RED, dashed=True)
    pen.text(x + 206, y + 124, "1 kB → 4 GB", "sr")
    pen.note(LEFT, "every entry stays inside and is small")
    pen.note(RIGHT, "the others are read", "refused")


def draw_1102(pen: Pen) -> None:
    """Draw a text document beside a shapefile."""
    pen.heads()
    for area in (LEFT, RIGHT):
        pen.page(area.x + 40, area.y + 30, "parcels.shp")
        pen.tick(area.x + 61, area.y + 60)
    pen.page(LEFT.x + 150, LEFT.y + 30, "tax.xlsx")
    pen.tick(LEFT.x + 171, LEFT.y + 60)
    pen.page(RIGHT.x + 150, RIGHT.y + 30, "说明.docx", RED, dashed=True)
    pen.mid(RIGHT.x + 171, RIGHT.y + 66, "?", "r")
    pen.note(LEFT, "layers and tables are read")
    pen.note(RIGHT, "and left where it is", "not read")


def draw_1201(pen: Pen) -> None:
    """Draw a file that is shorter than its header says."""
    pen.heads()
    said, there = 4812, 2930
    for area, size in ((LEFT, said), (RIGHT, there)):
        bad = size < said
        full = 260.0
        pen.box(area.x + 8, area.y + 60, 44, 34)
        pen.mid(area.x + 30, area.y + 81, "head", "s")
        wide = (full - 44) * size / said
        pen.box(area.x + 52, area.y + 60, wide, 34)
        pen.text(area.x + 8, area.y + 44, f"header: {said:,} bytes", "s")
        if bad:
            pen.box(area.x + 52 + wide, area.y + 60, full - 44 - wide, 34, RED, dashed=True)
            pen.line([(area.x + 52 + wide, area.y + 50), (area.x + 52 + wide, area.y + 104)], RED)
            pen.mid(area.x + 52 + (wide + full - 44) / 2, area.y + 81, "missing", "sr")
        pen.text(area.x + 8, area.y + 118, f"file: {size:,} bytes", "s" + ("r" if bad else ""))
    pen.note(LEFT, "the whole file is there")
    pen.note(RIGHT, "", f"cut off: {said - there:,} bytes are missing")


def draw_1202(pen: Pen) -> None:
    """Draw a shapefile without its attribute table."""
    pen.heads()
    for area in (LEFT, RIGHT):
        for n, part in enumerate((".shp", ".shx", ".dbf", ".prj")):
            gone = area is RIGHT and part == ".dbf"
            pen.page(area.x + 8 + n * 68, area.y + 40, part, RED if gone else "g", dashed=gone)
        pen.line([(area.x + 8, area.y + 124), (area.x + 254, area.y + 124)])
        pen.mid(area.x + 131, area.y + 140, "parcels", "sk")
    pen.note(LEFT, "four files make one shapefile")
    pen.note(RIGHT, "no attributes", "parcels.dbf is missing")


def draw_1203(pen: Pen) -> None:
    """Draw a Chinese field name that ends in the middle of a character."""
    pen.heads()
    name = "宗地代码"
    pen.cells(LEFT.x + 8, LEFT.y + 62, [*"ZDDM", *" " * 6], wide=26)
    octets = name.encode()
    signs = [f"{octet:02X}" for octet in octets]
    pen.cells(RIGHT.x, RIGHT.y + 62, signs, bad=(9, 10, 11), wide=23)
    for n, sign in enumerate(name):
        pen.mid(RIGHT.x + (3 * n + 1.5) * 23, RIGHT.y + 52, sign, "r" if n == len(name) - 1 else "")
    for area, wide in ((LEFT, 26), (RIGHT, 23)):
        edge = area.x + (8 if area is LEFT else 0) + 10 * wide
        pen.line([(edge, area.y + 32), (edge, area.y + 100)], BAND, dashed=True)
        pen.text(edge - 4, area.y + 114, "10 bytes", "sb", "end")
    pen.note(LEFT, "ZDDM: 4 bytes of ASCII")
    pen.note(RIGHT, "cut inside 码", f"{len(octets)} bytes in UTF-8")


def draw_1204(pen: Pen) -> None:
    """Draw the bytes of one encoding under the name of another."""
    pen.heads()
    octets = TOWN.encode("gb18030")
    for area, said in ((LEFT, "GB18030"), (RIGHT, "UTF-8")):
        bad = area is RIGHT
        pen.cells(area.x + 40, area.y + 20, [f"{o:02X}" for o in octets], wide=30)
        pen.text(area.x + 40, area.y + 12, "bytes", "sm")
        pen.arrow([(area.x + 130, area.y + 48), (area.x + 130, area.y + 104)], RED if bad else "g")
        pen.text(area.x + 140, area.y + 80, f".cpg: {said}", "sk" + ("r" if bad else ""))
        read = octets.decode("utf-8", "replace") if bad else TOWN
        pen.mid(area.x + 130, area.y + 128, read, "r" if bad else "")
    pen.note(LEFT, "declared as it is written")
    pen.note(RIGHT, "read as GB18030", "does not fit")


def draw_1205(pen: Pen) -> None:
    """Draw text that was saved again after it had been read wrongly."""
    pen.heads()
    octets = TOWN.encode("gb18030")
    broken = octets.decode("utf-8", "replace").encode()
    lost = broken[:6].decode("gb18030", "replace")
    pen.cells(LEFT.x + 50, LEFT.y + 30, [f"{o:02X}" for o in octets], wide=30)
    pen.arrow([(LEFT.x + 140, LEFT.y + 56), (LEFT.x + 140, LEFT.y + 104)])
    pen.mid(LEFT.x + 140, LEFT.y + 126, TOWN)
    signs = [f"{o:02X}" for o in broken[:9]]
    pen.cells(RIGHT.x + 4, RIGHT.y + 30, signs, bad=range(9), wide=30)
    pen.arrow([(RIGHT.x + 140, RIGHT.y + 56), (RIGHT.x + 140, RIGHT.y + 104)], RED)
    pen.mid(RIGHT.x + 140, RIGHT.y + 126, lost + "…", "r")
    pen.note(LEFT, "the six bytes of three characters")
    pen.note(RIGHT, "no way back", "EF BF BD three times over")


def draw_1206(pen: Pen) -> None:
    """Draw a table with a heading and no rows."""
    pen.heads()
    head = ("ZDDM", "YT", "ZDMJ")
    rows = (("…GB00001", "0601", "8120.40"), ("…GB00002", "0601", "3977.15"), ("…", "…", "…"))
    pen.table(LEFT.x + 20, LEFT.y + 30, (90, 60, 90), (head, *rows))
    pen.table(RIGHT.x + 20, RIGHT.y + 30, (90, 60, 90), (head,))
    pen.box(RIGHT.x + 20, RIGHT.y + 52, 240, 66, RED, fill=False, dashed=True)
    pen.mid(RIGHT.x + 140, RIGHT.y + 90, "∅", "r")
    pen.note(LEFT, "412 records")
    pen.note(RIGHT, "the fields are there", "0 records")


def draw_2101(pen: Pen) -> None:
    """Draw an increment of an update instead of the whole layer."""
    pen.heads()
    for area in (LEFT, RIGHT):
        cuts = [(0, 0, 90, 60), (90, 0, 170, 60), (170, 0, 240, 80), (0, 60, 60, 130),
                (60, 60, 170, 130), (170, 80, 240, 130)]  # fmt: skip
        pieces = [shapely.affinity.translate(shapely.box(*cut), area.x + 22, area.y + 22)
                  for cut in cuts]  # fmt: skip
        for n, piece in enumerate(pieces):
            changed = n == 1
            if area is LEFT:
                pen.shape(piece)
            elif changed:
                pen.shape(piece, RED)
            else:
                pen.shape(piece, fill=False, dashed=True)
        name = "DLTB" if area is LEFT else "DLTBGX"
        where = pieces[1].centroid if area is RIGHT else pieces[4].centroid
        pen.mid(where.x, where.y + 5, name, "k" + ("r" if area is RIGHT else ""))
    pen.note(LEFT, "the year-end layer covers everything")
    pen.note(RIGHT, "no base", "only what changed in the year")
