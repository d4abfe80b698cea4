"""The map of the district for people: land classes, roads, parcels, names, two close-ups."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.patheffects
import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path as Outline
from PIL import Image

from .ground import WINDOW, at

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .buildings import Building
    from .layout import Layout
    from .survey import Plot

_COLOURS = {
    "0102": "#f1f3d6",
    "0201": "#d8e6b0",
    "0301": "#b9d8a6",
    "0307": "#c5dfb2",
    "0404": "#dfe9c6",
    "05H1": "#f2b8b0",
    "0508": "#d9c7de",
    "0601": "#d3bfd8",
    "0602": "#b9a58c",
    "0701": "#fbe9a9",
    "0702": "#f3dcae",
    "08H1": "#f6c9dc",
    "08H2": "#f6c9dc",
    "0809": "#e3c0d0",
    "0810": "#bfe3b4",
    "09": "#c9c3ae",
    "1001": "#b0b0b0",
    "1003": "#ffffff",
    "1004": "#fbfbf8",
    "1006": "#ece6cf",
    "1101": "#a9cfe8",
    "1104": "#b7d9ec",
    "1107": "#bddcec",
    "1201": "#e6e1d6",
    "1202": "#e9dfb8",
}
_LEGEND = (
    ("工业、仓储用地", "0601"),
    ("商服用地", "05H1"),
    ("城镇住宅用地", "0701"),
    ("公共管理与公共服务用地", "08H2"),
    ("农村宅基地", "0702"),
    ("公园与绿地", "0810"),
    ("水浇地", "0102"),
    ("林地", "0301"),
    ("水面、沟渠", "1101"),
    ("空闲地", "1201"),
)
_OUTLINE = {
    "industrial": "#7a3f8c",
    "commercial": "#b5352a",
    "residential": "#a97c12",
    "facility": "#b33f79",
    "special": "#5c5843",
    "village": "#9a6a2b",
}


def chinese_font() -> FontProperties:
    """Return a font with Chinese signs, from the package mplfonts."""
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise SystemExit("error: no Chinese font\nhint: pip install mplfonts")
    return FontProperties(fname=str(Path(spec.origin).parent / "fonts/NotoSansCJKsc-Regular.otf"))


def _outline(shape: shapely.Polygon) -> Outline:
    rings = [shape.exterior, *shape.interiors]
    return Outline.make_compound_path(
        *(Outline(np.asarray(r.coords) - np.array([39_000_000.0, 0.0]), closed=True) for r in rings)
    )


def _fill(axes: Axes, shapes: list, colours: list[str] | str, **style: object) -> None:
    axes.add_collection(PathCollection([_outline(s) for s in shapes], facecolors=colours, **style))


def _ground(axes: Axes, found: Layout, plots: list[Plot], wide: float) -> None:
    _fill(axes, [p.shape for p in plots], [_COLOURS[p.land_class] for p in plots], linewidths=0)
    for grade, colour, width in (
        ("支路", "#c9bfae", 0.5),
        ("次干路", "#c3ad8e", 0.9),
        ("主干路", "#d39a4a", 1.5),
        ("国道", "#c9702f", 2.0),
        ("高速", "#b9542c", 2.6),
    ):
        lines = [s.line for s in found.streets if s.grade == grade]
        _lines(axes, lines, colors=colour, linewidths=width * wide, zorder=2)
    rail = [s.line for s in found.streets if s.grade == "铁路"]
    _lines(axes, rail, colors="#555555", linewidths=1.8 * wide, zorder=3)
    _lines(axes, rail, colors="white", linewidths=0.9 * wide, zorder=3, linestyles=(0, (6, 6)))


def _lines(axes: Axes, lines: list, **style: object) -> None:
    parts = [shapely.get_coordinates(line) - np.array([39_000_000.0, 0.0]) for line in lines]
    axes.add_collection(LineCollection(parts, capstyle="butt", **style))


def _parcels(axes: Axes, found: Layout, width: float) -> None:
    for kind, colour in _OUTLINE.items():
        shapes = [p.shape for p in found.parcels if p.type == kind and p.shape is not None]
        _fill(axes, shapes, "none", edgecolors=colour, linewidths=width, zorder=4)


def _label(axes: Axes, x: float, y: float, text: str, size: float, **style: object) -> None:
    font = chinese_font()
    font.set_size(size)
    halo = matplotlib.patheffects.withStroke(linewidth=size / 5, foreground="white", alpha=0.9)
    axes.text(
        x - 39_000_000.0, y, text, fontproperties=font, ha="center", va="center",
        path_effects=[halo], zorder=9, clip_on=True, **style,
    )  # fmt: skip


def _names(axes: Axes, found: Layout) -> None:
    for grid in found.grids:
        middle = grid.outline.centroid
        _label(axes, middle.x, middle.y, grid.seat.name, 15, color="#222222", weight="bold")
    for village in found.villages:
        if village.is_rural:
            x, y = at(*village.centre)
            _label(axes, x, y + 330, village.name, 7.5, color="#5a4a34")
    for text, x, y, turn in (
        ("清　澜　河", 1.9, 6.62, 2), ("津静铁路", 6.72, 12.0, 86), ("津澜高速", 6.3, 12.95, 0),
        ("国道", 8.95, 3.6, 78), ("静清北路", 9.2, 10.62, -4), ("静清南路", 8.3, 2.85, 28),
    ):  # fmt: skip
        water = "#2f6f9f" if "河" in text else "#7a5528"
        _label(axes, *at(x, y), text, 7.5, color=water, rotation=turn)


def _borders(axes: Axes, found: Layout) -> None:
    towns = sorted({v.town for v in found.villages})
    for town in towns:
        parts = [
            g for v, g in zip(found.villages, found.territories, strict=True) if v.town == town
        ]
        whole = shapely.union_all(parts)
        lines = [p.exterior for p in shapely.get_parts(whole)]
        style = {"colors": "#6b6b6b", "linewidths": 1.1, "linestyles": (0, (7, 2, 1.5, 2))}
        _lines(axes, lines, zorder=5, **style)


def _frame(axes: Axes, bounds: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = bounds
    axes.set_xlim(x0 - 39_000_000.0, x1 - 39_000_000.0)
    axes.set_ylim(y0, y1)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])


def _scale(axes: Axes, length: float, text: str) -> None:
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    x, y = x0 + 0.04 * (x1 - x0), y0 + 0.035 * (y1 - y0)
    high = 0.006 * (y1 - y0)
    axes.add_patch(Rectangle((x, y), length / 2, high, fc="black", ec="black", lw=0.6, zorder=9))
    axes.add_patch(
        Rectangle((x + length / 2, y), length / 2, high, fc="white", ec="black", lw=0.6, zorder=9)
    )
    _label(axes, 39_000_000.0 + x + length / 2, y + 3.2 * high, text, 8)


def _close_up(
    axes: Axes, found: Layout, plots: list[Plot], built: list[Building], box: tuple
) -> None:
    window = shapely.box(*box)
    near = [p for p in plots if p.shape.intersects(window)]
    _ground(axes, found, near, 0.0)
    houses = [b.shape for b in built if b.shape.intersects(window)]
    _fill(axes, houses, "#8f8578", linewidths=0.2, edgecolors="#6d655b", zorder=3)
    _parcels(axes, found, 0.9)
    _frame(axes, box)


def draw(found: Layout, plots: list[Plot], built: list[Building], path: Path) -> None:
    """Draw the map of the district.

    Parameters
    ----------
    found, plots, built
        The district, its land survey and its buildings.
    path
        The PNG file.
    """
    figure = Figure(figsize=(17.0, 10.4), dpi=116)
    figure.set_facecolor("#fdfcf8")
    main = figure.add_axes((0.008, 0.012, 0.665, 0.93))
    _ground(main, found, plots, 1.0)
    _parcels(main, found, 0.28)
    _borders(main, found)
    _names(main, found)
    _frame(main, WINDOW.bounds)
    _scale(main, 2000, "0　　　1　　　2 km")
    side = figure.add_axes((0.68, 0.505, 0.312, 0.437))
    x, y = at(3.1, 3.3)
    _close_up(side, found, plots, built, (x, y, x + 1500, y + 1285))
    quarter = figure.add_axes((0.68, 0.125, 0.312, 0.345))
    x, y = at(4.66, 0.86)
    _close_up(quarter, found, plots, built, (x, y, x + 1330, y + 900))
    for parcel in found.demo.parcels:
        spot = parcel.shape.centroid
        if parcel.case != 40:
            _label(quarter, spot.x, spot.y, f"{parcel.case:02d}", 8.5)
    _titles(figure)
    _save(figure, path)


def _titles(figure: Figure) -> None:
    font = chinese_font()
    font.set_size(17)
    figure.text(0.01, 0.957, "示例区土地利用现状与宗地分布（虚构）", fontproperties=font)
    font = chinese_font()
    font.set_size(10)
    figure.text(0.68, 0.95, "放大：柳桥镇镇区与建筑", fontproperties=font)
    text = "放大：示范街区（手工布置的宗地，编号见 README）"
    figure.text(0.68, 0.479, text, fontproperties=font)
    keys = [Patch(fc=_COLOURS[c], ec="#999999", lw=0.5, label=t) for t, c in _LEGEND]
    figure.legend(
        handles=keys, loc="lower right", ncols=4, prop=font, frameon=False,
        bbox_to_anchor=(0.994, 0.005), columnspacing=1.1, handlelength=1.5,
    )  # fmt: skip


def _save(figure: Figure, path: Path) -> None:
    raw = io.BytesIO()
    figure.savefig(raw, format="png", metadata={"Software": None})
    picture = (
        Image.open(raw).convert("RGB").quantize(160, method=Image.Quantize.MEDIANCUT, dither=0)
    )
    picture.save(path, optimize=True)
