"""Write the card of a parcel: as a page for a browser, and as a sheet of paper (PDF)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
import shapely
from fpdf import FPDF
from fpdf.enums import PathPaintRule

from lowuse_gis import __version__
from lowuse_gis.io.fonts import chinese_font, in_font
from lowuse_gis.language import _, language

if TYPE_CHECKING:
    from pathlib import Path

    from lowuse_gis.model.card import Card, Picture

FACE = "chinese"
MARGIN, MAP, GAP = 15.0, 82.0, 5.0  # mm; the map is a square
WIDTH = 180.0
SIZES = (9.5, 8.5, 7.5, 6.5)  # points: the first with which all fits on one page
NO_LIMIT = 1_000_000
SHORTER = (300, 120, 50)  # signs of a text, where no size of letters is small enough
LINE = 0.47  # mm of a line per point of its letters
LABELS, BOX = 28.0, 2.4
SIDE = 420  # units of the map in a browser


def write_html(path: Path, card: Card, source: str) -> None:
    """Write a card as a page.

    Parameters
    ----------
    path
        A new file.
    card
        What stands on it; all of it is text, none is markup.
    source
        By which rules and for which date.
    """
    own = resources.files("lowuse_gis") / "page"
    page = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(
        (own / "card.html").read_text(encoding="utf-8")
    )
    text = page.render(
        language="zh-CN" if language() == "zh" else "en",
        card=card,
        source=source,
        style=(own / "card.css").read_text(encoding="utf-8"),
        title=_("Card of parcel {code}").format(code=card.code),
        map=svg_of(card.picture) if card.picture else "",
        neighbours=_("Neighbours"),
        wishes=_("Wishes and difficulties"),
        north=_("north is up"),
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def svg_of(picture: Picture) -> str:
    """Draw the land around a parcel.

    Parameters
    ----------
    picture
        Shapes in the working CRS.

    Returns
    -------
    str
        An SVG element.
    """
    paths = []
    last = len(picture.shapes) - 1
    for at, (shape, colour) in enumerate(zip(picture.shapes, picture.colours, strict=True)):
        line = 'stroke="#111" stroke-width="3"' if at == last else 'stroke="#666" stroke-width=".5"'
        text = "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"
            for ring in _rings(shape, picture, SIDE)
        )
        paths.append(f'<path d="{text}" fill="{escape(colour)}" {line}/>')
    length, label = _bar(picture)
    wide = length / (picture.window[2] - picture.window[0]) * SIDE
    paths.append(
        f'<path d="M12 {SIDE - 14}h{wide:.1f}" stroke="#111" stroke-width="3"/>'
        f'<text x="12" y="{SIDE - 20}" font-size="13">{label}</text>'
    )
    return (
        f'<svg viewBox="0 0 {SIDE} {SIDE}" fill-rule="evenodd" role="img">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="#f3f1ec"/>{"".join(paths)}</svg>'
    )


def _rings(shape: Any, picture: Picture, side: float) -> list[Any]:
    """Return the rings of a shape in units from the upper left corner of a square map."""
    west, _south, east, north = picture.window
    scale = side / (east - west)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in shapely.get_rings(part)]
    found = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    return [np.column_stack([xy[:, 0] - west, north - xy[:, 1]]) * scale for xy in found]


def _bar(picture: Picture) -> tuple[float, str]:
    """Return the length of a scale bar: the largest 1, 2 or 5 that is no more than a third."""
    third = (picture.window[2] - picture.window[0]) / 3
    length = max(
        (k * 10.0**n for n in range(6) for k in (1, 2, 5) if k * 10.0**n <= third), default=1.0
    )
    return length, f"{length:,.0f} m"


def write_pdf(path: Path, card: Card, source: str, on: date) -> None:
    """Write a card on one page of paper, the same bytes for the same card.

    Parameters
    ----------
    path
        A new file.
    card, source
        As in `write_html`.
    on
        Stands for the time of making.

    Raises
    ------
    InputError
        Where there is no font with Chinese.
    """
    ways = [(size, NO_LIMIT) for size in SIZES] + [(SIZES[-1], signs) for signs in SHORTER]
    for size, signs in ways:
        page = _page(_shortened(card, signs), source, on, size)
        fits = page.page == 1
        if fits or (size, signs) == ways[-1]:
            page.output(str(path))
        for font in page.fonts.values():
            font.ttfont.close()  # the library leaves the file open
        if fits:
            return


def _shortened(card: Card, signs: int) -> Card:
    """Cut long texts short, with a mark; the page for a browser has them whole."""

    def cut(text: str) -> str:
        return text if len(text) <= signs else text[: signs - 1] + "…"

    return replace(
        card,
        facts=[(label, cut(value)) for label, value in card.facts],
        wishes=[(label, cut(value)) for label, value in card.wishes],
        sections=[
            (heading, [cut(str(line)) for line in lines]) for heading, lines in card.sections
        ],
    )


class Sheet(FPDF):
    """A sheet on which a sign that the font lacks is a box."""

    def normalize_text(self, text: str) -> str:
        """Return a text as it is set."""
        return str(super().normalize_text(in_font(text)))


def _page(card: Card, source: str, on: date, size: float) -> Any:
    page = Sheet(format="A4")
    page.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=UTC))
    page.set_producer(f"lowuse {__version__}")
    page.add_font(FACE, "", str(chinese_font()))
    page.set_margins(MARGIN, MARGIN)
    page.set_auto_page_break(auto=True, margin=MARGIN)
    page.add_page()
    page.set_font(FACE, size=15)
    page.cell(
        0, 9, _("Card of parcel {code}").format(code=card.code), new_x="LMARGIN", new_y="NEXT"
    )
    page.set_font(FACE, size=size)
    page.set_fill_color(card.colour)
    page.set_text_color("#ffffff")
    page.cell(page.get_string_width(card.verdict) + 6, 6, card.verdict, fill=True, align="C")
    page.set_text_color("#1f2a33")
    page.cell(0, 6, f"  {source}", new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    top = page.get_y()
    if card.picture:
        _draw(page, card.picture, MARGIN + WIDTH - MAP, top)
        page.set_font(FACE, size=size)
    narrow = WIDTH - MAP - GAP if card.picture else WIDTH
    _pairs(page, card.facts, size, narrow)
    page.set_y(max(page.get_y(), top + MAP + 4 if card.picture else 0) + 2)
    if card.wishes:
        _section(page, _("Wishes and difficulties"), size)
        _pairs(page, card.wishes, size, WIDTH)
    for heading, lines in card.sections:
        _section(page, heading, size)
        for line in lines:
            page.multi_cell(0, size * LINE, f"· {line}", align="L", new_x="LMARGIN", new_y="NEXT")
    if card.neighbours:
        _section(page, _("Neighbours"), size)
        for cells in card.neighbours:
            for wide, cell in zip((70, 40, 40, 30), cells, strict=True):
                page.cell(wide, size * LINE, cell)
            page.ln(size * LINE)
    return page


def _pairs(page: Any, pairs: Any, size: float, width: float) -> None:
    page.set_draw_color("#d5dbe0")
    for label, value in pairs:
        page.set_text_color("#5d6b76")
        page.cell(LABELS, size * LINE + 0.8, label, border="B")
        page.set_text_color("#1f2a33")
        page.multi_cell(
            width - LABELS, size * LINE + 0.8, value, border="B", align="L",
            new_x="LMARGIN", new_y="NEXT",
        )  # fmt: skip


def _section(page: Any, heading: str, size: float) -> None:
    page.ln(1.2)
    page.set_text_color("#0b5fa5")
    page.cell(0, size * LINE + 1, heading, new_x="LMARGIN", new_y="NEXT")
    page.set_text_color("#1f2a33")


def _draw(page: Any, picture: Picture, left: float, top: float) -> None:
    """Draw the map, its frame, a scale bar and where north is."""
    page.set_fill_color("#f3f1ec")
    page.rect(left, top, MAP, MAP, style="F")
    last = len(picture.shapes) - 1
    for at, (shape, colour) in enumerate(zip(picture.shapes, picture.colours, strict=True)):
        rings = [ring for ring in _rings(shape, picture, MAP) if len(ring)]
        if not rings:
            continue
        with page.new_path() as path:
            path.style.paint_rule = PathPaintRule.STROKE_FILL_EVENODD
            path.style.fill_color = colour
            path.style.stroke_color = "#111111" if at == last else "#666666"
            path.style.stroke_width = 0.6 if at == last else 0.1
            for ring in rings:
                path.move_to(left + ring[0][0], top + ring[0][1])
                for x, y in ring[1:]:
                    path.line_to(left + x, top + y)
                path.close()
    page.set_draw_color("#5d6b76")
    page.rect(left, top, MAP, MAP)
    length, label = _bar(picture)
    wide = length / (picture.window[2] - picture.window[0]) * MAP
    page.set_line_width(0.6)
    page.set_draw_color("#111111")
    page.line(left + 3, top + MAP - 3, left + 3 + wide, top + MAP - 3)
    page.set_line_width(0.2)
    page.set_xy(left + 2, top + MAP - 8.5)
    page.cell(30, 4, label)
    _legend(page, picture, left, top + MAP + 1)
    page.set_xy(MARGIN, top)


def _legend(page: Any, picture: Picture, left: float, top: float) -> None:
    page.set_font(FACE, size=SIZES[-1])
    page.set_xy(left, top)
    for label, colour in picture.legend:
        page.set_fill_color(colour)
        page.rect(page.get_x(), top + 0.8, BOX, BOX, style="F")
        page.set_x(page.get_x() + BOX + 0.4)
        page.cell(page.get_string_width(label) + 2.5, 4, label)
    page.cell(20, 4, _("north is up"))
