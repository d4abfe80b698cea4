"""A sheet of a map to print: frame, kilometre grid, title, legend, north arrow and scale bar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.elements import Node, node, options, stable_id
from lowuse_gis.core.cartography.sheet_items import (
    CENTRE,
    LEFT,
    LEGEND,
    MAP,
    PAGE,
    RIGHT,
    SCALE_BAR,
    SHAPE,
    arrow,
    font,
    grid_node,
    item,
    label,
    text_style,
)
from lowuse_gis.core.cartography.symbols import AREA, Symbol, symbol_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.core.cartography.project import Layer

WIDE, HIGH = 420.0, 297.0  # A3, lying
BOX = (22.0, 30.0, 302.0, 238.0)  # of the map: left, top, width, height
OUTER = 6.0  # mm from the map's frame to the outer frame, where coordinates stand
SIDE = 342.0  # where the column beside the map begins
COLUMN = 66.0
LEGEND_DOWN, LEGEND_LINE = 30.0, 6.6  # mm below the map's upper edge, and from line to line
STEPS = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
SCALES = tuple(step * 10**power for power in range(2, 7) for step in STEPS)
ROOM = 1.06  # of the extent that a sheet shows
GRID_CELLS = 4  # across the sheet, at least
BAR = 50.0  # mm that a scale bar is long at most
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """What a sheet shows.

    Attributes
    ----------
    name, title
        In the list of sheets, and above the map.
    extent
        That must be seen: least x, least y, largest x, largest y.
    layers
        From the top down.
    told
        Lines below the map at the left: system, rules, date.
    maker
        Lines below the map at the right.
    summary
        Lines below the legend.
    words
        What legend, scale and the unit of the bar are called.
    """

    name: str
    title: str
    extent: Extent
    layers: Sequence[Layer]
    told: Sequence[str] = ()
    maker: Sequence[str] = ()
    summary: Sequence[str] = ()
    words: dict[str, str] = field(default_factory=dict)


def scale_of(extent: Extent) -> float:
    """Return the largest ordinary scale at which an extent fits the sheet.

    Parameters
    ----------
    extent
        In metres.

    Returns
    -------
    float
        The denominator.

    Examples
    --------
    >>> scale_of((0.0, 0.0, 15_000.0, 13_000.0))
    60000.0
    >>> scale_of((0.0, 0.0, 100.0, 100.0))
    500.0
    """
    metres = max((extent[2] - extent[0]) / BOX[2], (extent[3] - extent[1]) / BOX[3])
    needed = max(metres * 1000 * ROOM, 500)
    return float(next((scale for scale in SCALES if scale >= needed), SCALES[-1]))


def round_down(length: float) -> float:
    """Return the largest of 1, 2, 5, 10 and so on that is no longer.

    Parameters
    ----------
    length
        Above 0.

    Returns
    -------
    float

    Examples
    --------
    >>> round_down(3400.0), round_down(0.7)
    (2000.0, 0.5)
    """
    steps = (step * 10.0**power for power in range(-3, 8) for step in (1, 2, 5))
    return max((step for step in steps if step <= length), default=length)


def sheet_node(sheet: Sheet) -> Node:
    """Write a sheet.

    Parameters
    ----------
    sheet
        What it shows.

    Returns
    -------
    Element
    """
    scale = scale_of(sheet.extent)
    own = stable_id(sheet.name, "map")
    page = item(
        PAGE, sheet.name, (0, 0, WIDE, HIGH),
        symbol_node(Symbol(AREA, "#ffffff"), ""), background="true",
    )  # fmt: skip
    left, top, wide, high = BOX
    below = top + high + OUTER + 2
    third = wide / 3
    frame = (left - OUTER, top - OUTER, wide + 2 * OUTER, high + 2 * OUTER)
    items = [
        _frame(sheet, frame),
        _map(sheet, own, scale),
        label(sheet.name, sheet.title, (left, 5, wide, 17), 26, CENTRE, bold=True),
        arrow(sheet.name, (SIDE + COLUMN / 2 - 11, BOX[1] - OUTER, 22, 30), own),
        _legend(sheet, own),
        label(
            sheet.name, "\n".join(sheet.summary), (SIDE, _below_legend(sheet), COLUMN, 50), 9, LEFT
        ),
        label(sheet.name, "\n".join(sheet.told), (left - OUTER, below, third + 30, 17), 8.5, LEFT),
        label(sheet.name, f"1:{scale:.0f}", (left + third, below, third, 6), 11, CENTRE, bold=True),
        _scale_bar(sheet, own, scale),
        label(
            sheet.name,
            "\n".join(sheet.maker),
            (left + 2 * third + OUTER, below, third, 17),
            8.5,
            RIGHT,
        ),
    ]
    made = node(
        "Layout",
        {"name": sheet.name, "units": "mm", "printResolution": 300, "worldFileMap": own},
        node("PageCollection", {}, symbol_node(Symbol(AREA, "#ffffff"), ""), page),
    )
    for above, each in enumerate(items, 1):
        each.set("zValue", str(above))
    made.extend(reversed(items))
    return made


def _frame(sheet: Sheet, place: Sequence[float]) -> Node:
    symbol = Symbol(AREA, outline="#222222", width=0.9)
    return item(SHAPE, sheet.name, place, symbol_node(symbol, ""), shapeType=1)


def _map(sheet: Sheet, own: str, scale: float) -> Node:
    metres = scale / 1000
    half = BOX[2] * metres / 2, BOX[3] * metres / 2
    middle = (sheet.extent[0] + sheet.extent[2]) / 2, (sheet.extent[1] + sheet.extent[3]) / 2
    extent = node("Extent", {
        "xmin": f"{middle[0] - half[0]:.4f}", "ymin": f"{middle[1] - half[1]:.4f}",
        "xmax": f"{middle[0] + half[0]:.4f}", "ymax": f"{middle[1] + half[1]:.4f}",
    })  # fmt: skip
    shown = node("LayerSet", {}, *(_reference(layer) for layer in sheet.layers))
    grid = grid_node(round_down(min(half) * 2 / GRID_CELLS))
    made = item(
        MAP, sheet.name, BOX, extent, shown, grid,
        frame="true", background="true", keepLayerSet="true", followPreset="false",
        mapRotation=0, drawCanvasItems="true", id=sheet.words["map"],
    )  # fmt: skip
    made.set("uuid", own)
    made.set("templateUuid", own)
    return made


def _reference(layer: Layer) -> Node:
    about = {"provider": "ogr", "name": layer.title, "source": layer.source}
    return node("Layer", about, layer.id)


def _legend(sheet: Sheet, own: str) -> Node:
    sizes = (
        ("title", 14, {"marginBottom": 3}), ("group", 11, {"marginTop": 4}),
        ("subgroup", 10, {"marginTop": 4}), ("symbol", 9, {"marginTop": 2}),
        ("symbolLabel", 9, {"marginTop": 1.6, "marginLeft": 2.5}),
    )  # fmt: skip
    styles = [
        node(
            "style",
            {"name": name, "alignment": 1, **margins},
            node("styleFont", {"description": font(size), "style": ""}),
        )
        for name, size, margins in sizes
    ]
    tree = node("layer-tree-group", {}, *(tree_layer(layer, shown=True) for layer in sheet.layers))
    return item(
        LEGEND, sheet.name, (SIDE, BOX[1] + LEGEND_DOWN, COLUMN, 120),
        node("styles", {}, *styles), tree,
        title=sheet.words["legend"], titleAlignment=1, linkedMap=own, legendFilterByAtlas=0,
        symbolWidth=8, symbolHeight=4.5, boxSpace=0, columnCount=1, resizeToContents=1,
        fontColor="#222222",
    )  # fmt: skip


def _below_legend(sheet: Sheet) -> float:
    """Return where a legend of so many classes has ended."""
    lines = sum(len(layer.style.entries) + 1 for layer in sheet.layers)
    return BOX[1] + LEGEND_DOWN + LEGEND_LINE * (lines + 3)


def _scale_bar(sheet: Sheet, own: str, scale: float) -> Node:
    """Draw a bar of two halves, centred below the map."""
    step = round_down(BAR / 2 * scale / 1000)
    long = 2 * step * 1000 / scale
    km = step >= 1000  # noqa: PLR2004  m
    left, top, wide, high = BOX
    place = (left + wide / 2 - long / 2 - 3, top + high + OUTER + 7, long + 14, 11)
    fills = node("fillSymbol1", {}, symbol_node(Symbol(AREA, "#222222"), ""))
    other = node("fillSymbol2", {}, symbol_node(Symbol(AREA, "#ffffff"), ""))
    return item(
        SCALE_BAR, sheet.name, place, text_style(8), fills, other,
        mapUuid=own, style="Single Box", numSegments=2, numSegmentsLeft=0,
        unitType="km" if km else "meters", unitLabel=sheet.words["km" if km else "m"],
        numMapUnitsPerScaleBarUnit=1, numUnitsPerSegment=step / 1000 if km else step,
        segmentSizeMode=0, height=2, boxContentSpace=1, labelBarSpace=1, outlineWidth=0.2,
        minBarWidth=10, maxBarWidth=BAR, segmentMillimeters=long / 2,
    )  # fmt: skip


def tree_layer(layer: Layer, *, shown: bool) -> Node:
    """Write the place of a layer in a list of layers.

    Parameters
    ----------
    layer, shown
        It, and whether it is switched on.

    Returns
    -------
    Element
    """
    return node(
        "layer-tree-layer",
        {
            "id": layer.id, "name": layer.title, "providerKey": "ogr", "source": layer.source,
            "checked": "Qt::Checked" if shown else "Qt::Unchecked", "expanded": shown,
            "legend_exp": "", "legend_split_behavior": 0,
        },
        node("customproperties", {}, options({})),
    )  # fmt: skip
