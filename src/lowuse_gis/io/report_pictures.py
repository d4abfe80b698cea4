"""Charts and the map of a report as PNG: the same bytes for the same data."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio.features
import shapely
from affine import Affine

from lowuse_gis.io.fonts import chinese_font, in_font
from lowuse_gis.language import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.model.report import Bars, Map

DOTS = 200  # per inch
WIDTH = 6.3  # inches of a picture: what a page of A4 has between its margins
BAR, AROUND = 0.32, 1.1  # inches per bar, and for axis and legend
CELLS = 2400  # of the longer side of the map
LEGEND = 0.5  # inches beneath the map
TALLEST = 8.0  # inches
BACK = "#f6f4ef"
LONGEST = 16  # signs of a name in a picture


def picture_of(block: Bars | Map) -> bytes:
    """Draw a chart or a map.

    Parameters
    ----------
    block
        What to draw.

    Returns
    -------
    bytes
        PNG, without a time in it.

    Raises
    ------
    InputError
        Where there is no font with Chinese.
    """
    import matplotlib as mpl  # noqa: PLC0415  costs half a second, and only reports need it
    from matplotlib import font_manager  # noqa: PLC0415

    path = str(chinese_font())
    font_manager.fontManager.addfont(path)
    family = font_manager.FontProperties(fname=path).get_name()
    look: Any = {"font.family": family, "font.size": 9, "axes.unicode_minus": False}
    with mpl.rc_context(look):
        figure = _bars(block) if block.kind == "bars" else _map(block)
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=DOTS, metadata={"Software": None})
    return data.getvalue()


def _figure(height: float) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _bars(block: Any) -> Any:
    figure = _figure(AROUND + BAR * max(len(block.names), 1))
    axes = figure.subplots()
    places = np.arange(len(block.names))
    start = np.zeros(len(block.names))
    for label, colour, lengths in block.series:
        axes.barh(places, lengths, 0.65, left=start, color=colour, label=label)
        start = start + np.asarray(lengths, dtype=float)
    axes.set_yticks(places, [_plain(name) for name in block.names])
    axes.invert_yaxis()
    axes.set_xlabel(block.unit)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=len(block.series), frameon=False)
    return figure


def _plain(text: str) -> str:
    """Keep a name to what the font has and a line holds, and a dollar sign from mathematics."""
    known = in_font(text)
    short = known if len(known) <= LONGEST else known[: LONGEST - 1] + "…"
    return short.replace("$", r"\$")


def _map(block: Any) -> Any:
    from matplotlib.colors import to_rgb  # noqa: PLC0415
    from matplotlib.patches import Patch  # noqa: PLC0415

    bounds = _frame(block.shapes)
    west, south, east, north = bounds
    height = min((north - south) / (east - west) * WIDTH + LEGEND, TALLEST)
    figure = _figure(height)
    axes = figure.subplots()
    colours = np.array([to_rgb(BACK), *(to_rgb(colour) for _label, colour in block.legend)])
    cells = _cells(block.shapes, block.classes, bounds)
    picture = (colours[cells] * 255).round().astype(np.uint8)
    axes.imshow(picture, extent=(west, east, south, north), interpolation="antialiased")
    lines = [np.asarray(r.coords) for shape in block.outlines for r in _rings(shape)]
    from matplotlib.collections import LineCollection  # noqa: PLC0415

    axes.add_collection(LineCollection(lines, colors=block.outline[1] or "none", linewidths=0.7))
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    for x, y, name in block.places:
        text = axes.text(x, y, _plain(name), ha="center", va="center", fontsize=9)
        text.set_bbox({"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5})
    _scale_and_north(axes, bounds)
    keys = [Patch(facecolor=colour, label=label) for label, colour in reversed(block.legend)]
    if lines:
        label, colour = block.outline
        keys.append(Patch(facecolor="none", edgecolor=colour, label=label))
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), frameon=False)
    return figure


def _rings(shape: Any) -> list[Any]:
    return [] if shape is None else list(shapely.get_rings(shape))


def _frame(shapes: NDArray[np.object_]) -> tuple[float, float, float, float]:
    """Return what is shown: all shapes and a little around them."""
    if not len(shapes):
        return 0.0, 0.0, 1000.0, 500.0
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    around = 0.03 * max(east - west, north - south, 100.0)
    west, south, east, north = west - around, south - around, east + around, north + around
    most = TALLEST - LEGEND
    lacking = (north - south) / most * WIDTH - (east - west)  # of breadth, of a tall district
    wider = max(lacking, 0.0) / 2
    flat = max((east - west) * 0.45 - (north - south), 0.0) / 2
    return west - wider, south - flat, east + wider, north + flat


def _cells(
    shapes: NDArray[np.object_],
    classes: NDArray[np.intp],
    bounds: tuple[float, float, float, float],
) -> NDArray[np.uint8]:
    """Burn classes + 1 into cells, the last on top; however many shapes there are."""
    west, south, east, north = bounds
    size = max(east - west, north - south) / CELLS
    height, width = (max(round(span / size), 1) for span in (north - south, east - west))
    if not len(shapes):
        return np.zeros((height, width), dtype=np.uint8)
    cells: NDArray[np.uint8] = rasterio.features.rasterize(
        zip(shapes, classes + 1, strict=True),
        out_shape=(height, width),
        transform=Affine(size, 0, west, 0, -size, north),
        dtype="uint8",
        all_touched=True,  # a parcel smaller than a cell is still seen
    )
    return cells


def _scale_and_north(axes: Any, bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    wide, high = east - west, north - south
    quarter = wide / 4
    length = max(
        (k * 10.0**n for n in range(7) for k in (1, 2, 5) if k * 10.0**n <= quarter), default=1.0
    )
    x, y = west + 0.03 * wide, south + 0.04 * high
    axes.plot([x, x + length], [y, y], color="#111111", linewidth=2.5, solid_capstyle="butt")
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"  # noqa: PLR2004
    axes.text(x + length / 2, y + 0.012 * high, label, ha="center", va="bottom", fontsize=8)
    top = (east - 0.04 * wide, north - 0.03 * high)
    foot = (top[0], north - 0.12 * high)
    axes.annotate("", top, foot, arrowprops={"arrowstyle": "-|>", "color": "#111111"})
    axes.text(foot[0], foot[1], _("N"), ha="center", va="top", fontsize=9)
