"""What stands on a sheet: texts, the kilometre grid, the north arrow."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.elements import Node, Value, node, stable_id
from lowuse_gis.core.cartography.style import FONT
from lowuse_gis.core.cartography.symbols import LINE, Symbol, rgba, symbol_node

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE, MAP, PICTURE, LABEL, LEGEND, SHAPE, SCALE_BAR = (
    "65638", "65639", "65640", "65641", "65642", "65643", "65646",
)  # fmt: skip
LEFT, CENTRE, RIGHT = 1, 4, 2  # alignments of Qt
TOP, MIDDLE = 32, 128
ARROW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 90">'
    '<path d="M30 22 L48 86 L30 70 Z" fill="#222222"/>'
    '<path d="M30 22 L12 86 L30 70 Z" fill="#ffffff" stroke="#222222" stroke-width="1.6"/>'
    '<path d="M22.5 16 V2 L37.5 16 V2" fill="none" stroke="#222222" stroke-width="2.6"/></svg>'
)


def item(kind: str, name: str, place: Sequence[float], *inside: Node, **more: Value) -> Node:
    """Make an item of a sheet.

    Parameters
    ----------
    kind, name, place, inside, more
        Its number in QGIS, the sheet, left, top, width and height in mm, and what else it says.

    Returns
    -------
    Element
    """
    left, top, wide, high = place
    own = stable_id(name, kind, *(f"{number:g}" for number in place))
    head: dict[str, Value] = {
        "type": kind, "uuid": own, "templateUuid": own, "visibility": 1, "opacity": 1,
        "position": f"{left:g},{top:g},mm", "positionOnPage": f"{left:g},{top:g},mm",
        "size": f"{wide:g},{high:g},mm", "referencePoint": 0, "frame": "false",
        "background": "false", "excludeFromExports": 0, "blendMode": 0, "itemRotation": 0,
        "outlineWidthM": "0.3,mm",
    }  # fmt: skip
    return node("LayoutItem", head | more, *inside)


def text_style(size: float) -> Node:
    """Write how the letters of an item look.

    Parameters
    ----------
    size
        In points.

    Returns
    -------
    Element
    """
    return node(
        "text-style",
        {
            "fontFamily": FONT, "fontSize": size, "fontSizeUnit": "Point",
            "textColor": rgba("#222222"), "textOpacity": 1, "namedStyle": "Regular",
            "fontWeight": 50, "multilineHeight": 1,
        },
    )  # fmt: skip


def font(size: float, *, bold: bool = False) -> str:
    """Name letters as Qt does.

    Parameters
    ----------
    size, bold
        In points, and whether they are thick.

    Returns
    -------
    str
    """
    return f"{FONT},{size:g},-1,5,{75 if bold else 50},0,0,0,0,0"


def label(
    name: str, text: str, place: Sequence[float], size: float, across: int, *, bold: bool = False
) -> Node:
    """Write a text on a sheet.

    Parameters
    ----------
    name, text, place, size, across, bold
        The sheet, what is written and where, in points, how it is aligned, and whether it is thick.

    Returns
    -------
    Element
    """
    letters = node("LabelFont", {"description": font(size, bold=bold), "style": ""})
    ink = node("FontColor", {"red": 34, "green": 34, "blue": 34, "alpha": 255})
    down = MIDDLE if across == CENTRE else TOP
    return item(
        LABEL, name, place, letters, ink,
        labelText=literal(text), halign=across, valign=down, htmlState=0, marginX=0, marginY=0,
    )  # fmt: skip


def literal(text: str) -> str:
    """Write a text so that a label does not take ``[% %]`` in it for an expression.

    Parameters
    ----------
    text
        Any.

    Returns
    -------
    str

    Examples
    --------
    >>> literal("a [% b %]") == "a [\u2060% b %]"
    True
    """
    return text.replace("[%", "[\u2060%")


def grid_node(step: float) -> Node:
    """Draw crosses, and coordinates in km between the two frames.

    Parameters
    ----------
    step
        In m.

    Returns
    -------
    Element
    """
    head: dict[str, Value] = {
        "name": "km", "uuid": stable_id("grid"), "show": 1, "gridStyle": 1, "crossLength": 2,
        "intervalX": step, "intervalY": step, "unit": 0, "offsetX": 0, "offsetY": 0,
        "gridFrameStyle": 0, "gridFrameSideFlags": 15, "showAnnotation": 1,
        "annotationFormat": 8, "annotationPrecision": 0, "frameAnnotationDistance": 1,
        "annotationExpression": "to_string(round(@grid_number / 1000, 1))",
        "blendMode": 0, "position": 3,
    }  # fmt: skip
    sides = {f"{side}AnnotationPosition": 1 for side in ("left", "right", "top", "bottom")}
    turned = {"leftAnnotationDirection": 1, "rightAnnotationDirection": 2}
    line = node("lineStyle", {}, symbol_node(Symbol(LINE, "#777777", width=0.12), ""))
    return node("ComposerMapGrid", {**head, **sides, **turned}, line, text_style(7))


def arrow(name: str, place: Sequence[float], own: str) -> Node:
    """Draw the arrow to the north of a map.

    Parameters
    ----------
    name, place, own
        The sheet, where, and the id of the map.

    Returns
    -------
    Element
    """
    picture = "base64:" + base64.b64encode(ARROW.encode()).decode()
    return item(
        PICTURE, name, place,
        file=picture, mode=0, mapUuid=own, northMode=0, resizeMode=0, anchorPoint=4,
    )  # fmt: skip
