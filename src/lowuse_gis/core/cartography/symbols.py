"""Symbols: what a parcel, a line or a point is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.elements import Node, Value, node, options

if TYPE_CHECKING:
    from collections.abc import Sequence

AREA, LINE, POINT = "fill", "line", "marker"
HEX = 7  # signs of #rrggbb
HATCH_DISTANCE = 1.6  # mm
LEAST_HATCH = 0.25  # mm


@dataclass(frozen=True)
class Symbol:
    """How one class is drawn.

    Attributes
    ----------
    kind
        ``fill``, ``line`` or ``marker``.
    colour
        Of the inside or the line, ``#rrggbb``; empty for an area that is only outlined.
    outline, width
        Of the edge: colour, empty for none, and mm.
    size
        Of a point, mm.
    opacity
        Of the inside, 0 to 1.
    hatched
        Whether the inside is hatched rather than filled.
    dash
        Lengths in mm of lines and gaps; empty for a whole line.
    halo
        Width in mm of a white line under the edge; 0 for none.
    """

    kind: str
    colour: str = ""
    outline: str = ""
    width: float = 0.1
    size: float = 2.2
    opacity: float = 1.0
    hatched: bool = False
    dash: Sequence[float] = ()
    halo: float = 0.0


def rgba(colour: str, opacity: float = 1.0) -> str:
    """Write a colour as QGIS does.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    opacity
        0 to 1.

    Returns
    -------
    str

    Examples
    --------
    >>> rgba("#ff8000", 0.5)
    '255,128,0,128'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in range(1, HEX, 2))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def symbol_node(symbol: Symbol, name: str) -> Node:
    """Write a symbol.

    Parameters
    ----------
    symbol, name
        What it looks like, and what its class calls it.

    Returns
    -------
    Element
    """
    layers = {AREA: _area, LINE: _line, POINT: _point}[symbol.kind](symbol, name)
    head: dict[str, Value] = {
        "name": name,
        "type": symbol.kind,
        "alpha": 1,
        "clip_to_extent": 1,
        "force_rhr": 0,
    }
    return node("symbol", head, *layers)


def _layer(kind: str, values: dict[str, Value], *inside: Node) -> Node:
    head: dict[str, Value] = {"class": kind, "enabled": 1, "pass": 0, "locked": 0}
    return node("layer", head, options(values), *inside)


def _edge(symbol: Symbol, colour: str, width: float) -> Node:
    values: dict[str, Value] = {
        "line_color": rgba(colour), "line_width": width, "line_width_unit": "MM",
        "line_style": "solid", "joinstyle": "round", "capstyle": "flat",
        "use_custom_dash": bool(symbol.dash),
        "customdash": ";".join(f"{length:g}" for length in symbol.dash) or "5;2",
        "customdash_unit": "MM",
    }  # fmt: skip
    return _layer("SimpleLine", values)


def _area(symbol: Symbol, name: str) -> list[Node]:
    made: list[Node] = []
    if symbol.colour and symbol.hatched:
        values: dict[str, Value] = {
            "angle": 45, "distance": HATCH_DISTANCE, "distance_unit": "MM",
            "color": rgba(symbol.colour), "line_width": LEAST_HATCH, "line_width_unit": "MM",
        }  # fmt: skip
        line = Symbol(LINE, symbol.colour, width=LEAST_HATCH)
        made.append(_layer("LinePatternFill", values, symbol_node(line, f"@{name}@0")))
    elif symbol.colour:
        values = {
            "color": rgba(symbol.colour, symbol.opacity), "style": "solid", "joinstyle": "miter",
            "outline_color": rgba(symbol.outline or symbol.colour),
            "outline_width": symbol.width, "outline_width_unit": "MM",
            "outline_style": "solid" if symbol.outline and not symbol.dash else "no",
        }  # fmt: skip
        made.append(_layer("SimpleFill", values))
    edged = symbol.outline and (symbol.dash or symbol.hatched or not symbol.colour)
    if symbol.halo:
        made.append(_edge(Symbol(LINE), "#ffffff", symbol.width + symbol.halo))
    if edged:
        made.append(_edge(symbol, symbol.outline, symbol.width))
    return made


def _line(symbol: Symbol, _name: str) -> list[Node]:
    return [_edge(symbol, symbol.colour, symbol.width)]


def _point(symbol: Symbol, _name: str) -> list[Node]:
    values: dict[str, Value] = {
        "name": "circle", "color": rgba(symbol.colour, symbol.opacity), "size": symbol.size,
        "size_unit": "MM", "outline_color": rgba(symbol.outline or "#ffffff"),
        "outline_width": symbol.width, "outline_width_unit": "MM", "outline_style": "solid",
    }  # fmt: skip
    return [_layer("SimpleMarker", values)]
