"""The style of a layer: classes, labels, aliases and the words of codes (QML)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.elements import (
    VERSION,
    Node,
    Value,
    document,
    inner,
    node,
    options,
)
from lowuse_gis.core.cartography.symbols import Symbol, rgba, symbol_node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FONT = "SimHei"  # on every Chinese Windows; elsewhere the system takes its own Chinese letters
INK = "#222222"
PLACE = "lowuse-fields"  # stands for the elements of fields until their text takes its place


@dataclass(frozen=True)
class Entry:
    """One class of a layer.

    Attributes
    ----------
    label, symbol
        What the legend calls it, and how it is drawn.
    value
        Of the attribute, where classes go by an attribute; empty for all that is left.
    rule
        Condition, where they go by conditions; empty for none.
    """

    label: str
    symbol: Symbol
    value: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Lettering:
    """Labels on the map.

    Attributes
    ----------
    expression
        What is written.
    scale
        Written at this scale and larger ones (the denominator); 0 for all.
    size
        In points.
    """

    expression: str
    scale: int = 0
    size: float = 7.0
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True)
class FieldShown:
    """A field as a table or form shows it.

    Attributes
    ----------
    name, title
        Of the field, and its alias.
    words
        Code to word; empty where values speak for themselves.
    """

    name: str
    title: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerStyle:
    """How a layer looks.

    Attributes
    ----------
    name, entries
        What the style is called, and its classes.
    attribute
        That classes go by; empty where they go by rules, or there is one for all.
    lettering
        Labels; None for none.
    shown
        Expression that names a feature in lists.
    """

    name: str
    entries: Sequence[Entry]
    attribute: str = ""
    lettering: Lettering | None = None
    shown: str = ""


def qml(style: LayerStyle, fields: Sequence[FieldShown]) -> str:
    """Write a style as QGIS keeps it in a GeoPackage or a file.

    Parameters
    ----------
    style, fields
        How the layer looks, and its fields, which are written once for all layers that have them.

    Returns
    -------
    str
    """
    head: dict[str, Value] = {
        "version": VERSION,
        "styleCategories": "Symbology|Labeling|Fields|Forms|MapTips",
        "labelsEnabled": style.lettering is not None,
    }
    text = document(node("qgis", head, *style_nodes(style, [node(PLACE)])))
    shown = tuple((f.name, f.title, tuple(f.words.items())) for f in fields)
    return text.replace(f"<{PLACE} />", _fields_text(shown), 1)


@lru_cache(maxsize=16)
def _fields_text(shown: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]) -> str:
    fields = [FieldShown(name, title, dict(words)) for name, title, words in shown]
    return inner(field_nodes(fields))


def field_nodes(fields: Sequence[FieldShown]) -> list[Node]:
    """Write what a table or form shows of the fields of a layer.

    Parameters
    ----------
    fields
        In the order of the layer.

    Returns
    -------
    list of Element
    """
    widgets = [
        node("field", {"name": f.name, "configurationFlags": "None"}, _widget(f)) for f in fields
    ]
    named = [
        node("alias", {"field": f.name, "index": at, "name": f.title})
        for at, f in enumerate(fields)
        if f.title
    ]
    return [node("fieldConfiguration", {}, *widgets), node("aliases", {}, *named)]


def style_nodes(style: LayerStyle, fields: Sequence[Node]) -> list[Node]:
    """Write what a style and a layer of a project have in common.

    Parameters
    ----------
    style, fields
        How the layer looks, and the elements of its fields.

    Returns
    -------
    list of Element
    """
    made = [_renderer(style)]
    if style.lettering:
        made.append(_labels(style.lettering))
    made += fields
    if style.shown:
        made.append(node("previewExpression", {}, style.shown))
        made.append(node("mapTip", {}, f"[% {style.shown} %]"))
    return made


def _renderer(style: LayerStyle) -> Node:
    symbols = node(
        "symbols", {}, *(symbol_node(e.symbol, str(at)) for at, e in enumerate(style.entries))
    )
    head: dict[str, Value] = {"symbollevels": 0, "enableorderby": 0, "forceraster": 0}
    if style.attribute:
        classes = [
            node(
                "category",
                {"value": e.value, "label": e.label, "symbol": at, "render": "true"},
            )
            for at, e in enumerate(style.entries)
        ]
        head |= {"type": "categorizedSymbol", "attr": style.attribute}
        return node("renderer-v2", head, node("categories", {}, *classes), symbols)
    if any(entry.rule for entry in style.entries):
        rules = [
            node("rule", {"key": f"{{{at}}}", "label": e.label, "symbol": at, "filter": e.rule})
            for at, e in enumerate(style.entries)
        ]
        head |= {"type": "RuleRenderer"}
        return node("renderer-v2", head, node("rules", {"key": "{all}"}, *rules), symbols)
    return node("renderer-v2", head | {"type": "singleSymbol"}, symbols)


def _labels(lettering: Lettering) -> Node:
    text: dict[str, Value] = {
        "fieldName": lettering.expression, "isExpression": 1, "fontFamily": FONT,
        "fontSize": lettering.size, "fontSizeUnit": "Point", "namedStyle": "Regular",
        "fontWeight": 75 if lettering.bold else 50, "textColor": rgba(lettering.colour),
        "textOpacity": 1, "multilineHeight": 1,
    }  # fmt: skip
    buffer: dict[str, Value] = {
        "bufferDraw": 1, "bufferSize": 0.6, "bufferSizeUnits": "MM", "bufferOpacity": 0.85,
        "bufferColor": rgba("#ffffff"), "bufferJoinStyle": 128,
    }  # fmt: skip
    limits: dict[str, Value] = {
        "scaleVisibility": bool(lettering.scale), "scaleMin": 0, "scaleMax": lettering.scale,
        "fontLimitPixelSize": 0, "displayAll": 0, "obstacle": 1, "drawLabels": 1,
    }  # fmt: skip
    inside = [
        node("text-style", text, node("text-buffer", buffer)),
        node("text-format", {"multilineAlign": 1, "wrapChar": "", "autoWrapLength": 0}),
        node("placement", {"placement": 1, "centroidInside": 1, "priority": 5, "dist": 0}),
        node("rendering", limits),
    ]
    return node(
        "labeling", {"type": "simple"}, node("settings", {"calloutType": "simple"}, *inside)
    )


def _widget(shown: FieldShown) -> Node:
    if not shown.words:
        return node("editWidget", {"type": "TextEdit"}, node("config", {}, options({})))
    words = node("Option", {"type": "List"})
    words.extend(options({label: code}) for code, label in shown.words.items())
    return node("editWidget", {"type": "ValueMap"}, node("config", {}, options({"map": words})))
