"""Draw small pictures as SVG: what is right on the left in grey, what was found in red.

A picture takes the colour of the text around it, so it reads on a light and on a dark page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from drawings.svg import HATCH, STYLE, path_of, tenth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from lowuse_gis.model import CheckBook, Rulebook

WIDTH, HEIGHT = 640, 240
GREY, RED, BAND = "g", "r", "b"
ROW = 22  # height of a row of a table


@dataclass(frozen=True)
class Area:
    """A part of the picture, in its units."""

    x: float
    y: float
    w: float
    h: float


LEFT, RIGHT = Area(14, 40, 284, 158), Area(342, 40, 284, 158)
WHOLE = Area(14, 40, 612, 158)


@dataclass(frozen=True)
class View:
    """How metres become units of the picture; up is north."""

    scale: float
    dx: float
    dy: float

    def __call__(self, shape: Any) -> Any:
        """Bring a shape into the picture."""
        turned = np.array([self.scale, -self.scale])
        return shapely.transform(shape, lambda xy: xy * turned + [self.dx, self.dy])

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Bring a place into the picture."""
        return x * self.scale + self.dx, self.dy - y * self.scale


def view(bounds: Sequence[float], into: Area, margin: float = 8) -> View:
    """Fit a box of metres into a part of the picture."""
    west, south, east, north = bounds
    wide, high = east - west, north - south
    scale = min((into.w - 2 * margin) / wide, (into.h - 2 * margin) / high)
    dx = into.x + (into.w - wide * scale) / 2 - west * scale
    dy = into.y + (into.h + high * scale) / 2 + south * scale
    return View(scale, dx, dy)


@dataclass
class Pen:
    """A picture while it is drawn.

    Attributes
    ----------
    label
        What it shows, for those who cannot see it.
    book
        The rules, for limits, ranges and codes.
    """

    label: str
    book: Rulebook
    parts: list[str] = field(default_factory=list)
    hatched: bool = False

    @property
    def checks(self) -> CheckBook:
        """The limits."""
        return self.book.checks

    def beyond(self, name: str, value: float, *, below: bool = False, digits: int = 1) -> str:
        """Write a measured value against a limit; it must be a defect, else the scene is wrong."""
        limit = self.checks.tolerances[name]
        if (value < limit.value) != below:
            message = f"{self.label}: {value} is no defect by {name} = {limit.value}"
            raise ValueError(message)
        sign = "<" if below else ">"
        unit = "" if limit.unit in {"1", "°"} else " " + limit.unit
        mark = "°" if limit.unit == "°" else ""
        return f"{value:,.{digits}f}{mark}{unit} {sign} {limit.value:,g}{mark}{unit}"

    def limit(self, name: str) -> str:
        """Write a limit with its unit."""
        limit = self.checks.tolerances[name]
        return f"{limit.value:,g}" + {"1": "", "°": "°"}.get(limit.unit, " " + limit.unit)

    def raw(self, element: str) -> None:
        """Add an element as it is."""
        self.parts.append(element)

    def heads(self, left: str = "as it should be 应为", right: str = "found 查出") -> None:
        """Head the two halves and part them."""
        self.text(14, 22, left, "m")
        self.text(342, 22, right, "r")
        self.raw(f'<path d="M320 12V{HEIGHT - 12}" class="lg" stroke-dasharray="1 5"/>')

    def note(self, area: Area, good: str = "", bad: str = "") -> None:
        """Write under a half: in grey what holds, in red what was measured."""
        told = ((bad, "r", 0), (good, "m", 10 if bad else 0))
        spans = [
            f'<tspan class="{kind}"' + (f' dx="{gap}"' if gap else "") + f">{escape(text)}</tspan>"
            for text, kind, gap in told
            if text
        ]
        self.raw(f'<text x="{tenth(area.x)}" y="218">{"".join(spans)}</text>')

    def text(self, x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> None:
        """Write text; `kind` joins classes: s small, k of equal width, m muted, r red, b band."""
        name = f' class="{" ".join(kind)}"' if kind else ""
        at = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.raw(
            f'<text x="{tenth(x)}" y="{tenth(y)}"{name}{at}>{escape(text, quote=False)}</text>'
        )

    def mid(self, x: float, y: float, text: str, kind: str = "") -> None:
        """Write text around a place."""
        self.text(x, y, text, kind, "middle")

    def shape(
        self,
        shape: Any,
        kind: str = GREY,
        *,
        fill: bool = True,
        line: bool = True,
        dashed: bool = False,
        hatch: bool = False,
    ) -> None:
        """Draw a polygon or line given in units of the picture."""
        path = path_of(shape)
        polygonal = shapely.get_dimensions(shape) == 2  # noqa: PLR2004
        names = [f"f{kind}"] if fill and polygonal and not hatch else []
        names += ["h"] if hatch else []
        names += [f"l{kind}"] if line else []
        names += ["d"] if dashed and line else []
        self.hatched |= hatch
        rule = ' fill-rule="evenodd"' if polygonal and path.count("M") > 1 else ""
        self.raw(f'<path d="{path}" class="{" ".join(names)}"{rule}/>')

    def box(self, x: float, y: float, w: float, h: float, kind: str = GREY, **how: bool) -> None:
        """Draw a rectangle."""
        self.shape(shapely.box(x, y, x + w, y + h), kind, **how)

    def line(self, points: Sequence[tuple[float, float]], kind: str = GREY, **how: bool) -> None:
        """Draw a line."""
        self.shape(shapely.LineString(points), kind, **how)

    def dot(self, x: float, y: float, kind: str = GREY, radius: float = 3) -> None:
        """Draw a vertex."""
        self.raw(f'<circle cx="{tenth(x)}" cy="{tenth(y)}" r="{tenth(radius)}" class="s{kind}"/>')

    def ring(self, x: float, y: float, radius: float, kind: str = RED) -> None:
        """Draw a circle around a place."""
        self.raw(f'<circle cx="{tenth(x)}" cy="{tenth(y)}" r="{tenth(radius)}" class="l{kind}"/>')

    def arrow(
        self, points: Sequence[tuple[float, float]], kind: str = GREY, *, dashed: bool = False
    ) -> None:
        """Draw a line that ends in an arrowhead."""
        (ax, ay), (bx, by) = points[-2:]
        turn = math.atan2(by - ay, bx - ax)
        end = (bx - 4 * math.cos(turn), by - 4 * math.sin(turn))
        self.line([*points[:-1], end], kind, dashed=dashed)
        self.head((bx, by), turn, kind)

    def head(self, at: tuple[float, float], turn: float, kind: str = GREY) -> None:
        """Draw an arrowhead that points some way."""
        back = [
            (at[0] - 8 * math.cos(turn + way), at[1] - 8 * math.sin(turn + way))
            for way in (0.42, -0.42)
        ]
        path = "L".join(f"{tenth(x)} {tenth(y)}" for x, y in [at, *back])
        self.raw(f'<path d="M{path}z" class="s{kind}"/>')

    def measure(
        self, one: tuple[float, float], two: tuple[float, float], text: str, *, above: float = 6
    ) -> None:
        """Draw a measured length with end ticks and its value."""
        turn = math.atan2(two[1] - one[1], two[0] - one[0]) + math.pi / 2
        dx, dy = 4 * math.cos(turn), 4 * math.sin(turn)
        for x, y in (one, two):
            self.line([(x - dx, y - dy), (x + dx, y + dy)], RED)
        self.line([one, two], RED)
        self.mid((one[0] + two[0]) / 2, (one[1] + two[1]) / 2 - above, text, "r")

    def cross(self, x: float, y: float, size: float = 6) -> None:
        """Strike a place out."""
        self.line([(x - size, y - size), (x + size, y + size)], RED)
        self.line([(x - size, y + size), (x + size, y - size)], RED)

    def tick(self, x: float, y: float, kind: str = GREY) -> None:
        """Mark a place as right."""
        self.line([(x - 5, y), (x - 1, y + 5), (x + 6, y - 6)], kind)

    def scale_bar(self, at: View, x: float, y: float, metres: float) -> None:
        """Draw how long some metres are."""
        wide = metres * at.scale
        self.line([(x, y - 3), (x, y), (x + wide, y), (x + wide, y - 3)])
        self.text(x + wide + 5, y + 2, f"{metres:g} m", "sm")

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        bad: Mapping[tuple[int, int], str] | Sequence[tuple[int, int]] = (),
    ) -> None:
        """Draw part of a table; the first row is the heading, faulty cells are marked."""
        wide = sum(widths)
        high = len(rows) * ROW
        self.box(x, y, wide, ROW, line=False)
        edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        grid = [[(x, y + n * ROW), (x + wide, y + n * ROW)] for n in range(len(rows) + 1)]
        grid += [[(edge, y), (edge, y + high)] for edge in edges]
        self.shape(shapely.MultiLineString(grid))
        for n, row in enumerate(rows):
            for k, cell in enumerate(row):
                if (n, k) in bad:
                    self.box(edges[k], y + n * ROW, widths[k], ROW, RED)
                kind = ("r" if (n, k) in bad else "") + ("m" if not n else "")
                self.text(edges[k] + 6, y + n * ROW + 15, cell, "sk" + kind)

    def cells(
        self,
        x: float,
        y: float,
        signs: Sequence[str],
        bad: Sequence[int] = (),
        wide: float = 15,
    ) -> None:
        """Draw signs one to a box."""
        for kind, chosen in ((GREY, set(range(len(signs))) - set(bad)), (RED, set(bad))):
            if not chosen:
                continue
            shown = sorted(chosen)
            boxes = [shapely.box(x + n * wide, y, x + (n + 1) * wide, y + ROW) for n in shown]
            whole = shapely.union_all(boxes)
            inner = [[(x + n * wide, y), (x + n * wide, y + ROW)] for n in shown if n - 1 in chosen]
            self.shape(whole, kind)
            if inner:
                self.shape(shapely.MultiLineString(inner), kind)
            name = "s k" + (" r" if kind == RED else "")
            places = [tenth(x + (n + 0.5) * wide) for n in shown]
            if all(len(signs[n]) == 1 for n in shown):
                text = escape("".join(signs[n] for n in shown))
                self.raw(f'<text x="{" ".join(places)}" y="{tenth(y + 15)}" class="{name}"'
                         f' text-anchor="middle">{text}</text>')  # fmt: skip
            else:
                for place, n in zip(places, shown, strict=True):
                    self.mid(float(place), y + 15, signs[n], name.replace(" ", ""))

    def page(
        self, x: float, y: float, name: str, kind: str = GREY, *, dashed: bool = False
    ) -> None:
        """Draw a file with its name below."""
        outline = shapely.Polygon(
            [(x, y), (x + 30, y), (x + 42, y + 12), (x + 42, y + 54), (x, y + 54)]
        )
        self.shape(outline, kind, fill=not dashed, dashed=dashed)
        self.line([(x + 30, y), (x + 30, y + 12), (x + 42, y + 12)], kind, dashed=dashed)
        self.mid(x + 21, y + 69, name, "s" + (kind if kind == RED else ""))

    def written(self) -> str:
        """Return the SVG."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="lu" viewBox="0 0 {WIDTH} {HEIGHT}"'
            f' width="{WIDTH}" style="max-width:100%;height:auto" role="img"'
            f' aria-label="{escape(self.label)}">'
        )
        body = [head, f"<style>{STYLE}</style>", *([HATCH] if self.hatched else []), *self.parts]
        return "\n".join([*body, "</svg>", ""])
