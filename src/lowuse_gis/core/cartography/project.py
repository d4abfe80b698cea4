"""A project of QGIS: layers in groups, places to go to, sheets to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.cartography.elements import VERSION, Node, Value, document, node, stable_id
from lowuse_gis.core.cartography.sheet import Extent, Sheet, sheet_node, tree_layer
from lowuse_gis.core.cartography.style import FieldShown, LayerStyle, field_nodes, style_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {"Point": "Point", "LineString": "Line"}


@dataclass(frozen=True)
class Layer:
    """A layer of a project.

    Attributes
    ----------
    id, title
        Unique in the project, and what the list of layers calls it.
    source
        File and layer, the file relative to the project.
    geometry
        As the file has it, such as ``MultiPolygon``.
    style, fields
        How it looks.
    shown
        Whether it is switched on.
    """

    id: str
    title: str
    source: str
    geometry: str
    style: LayerStyle
    fields: Sequence[FieldShown] = ()
    shown: bool = True


@dataclass(frozen=True)
class System:
    """The coordinate system of a project.

    Attributes
    ----------
    code, wkt
        Authority and number, empty for none; and as well-known text.
    """

    code: str
    wkt: str


@dataclass(frozen=True)
class Project:
    """What a project holds.

    Attributes
    ----------
    title, system, extent
        Its name, its coordinate system, and where it opens.
    groups
        Name to layers, from the top down.
    places
        Name to extent: its bookmarks.
    sheets
        To print.
    """

    title: str
    system: System
    extent: Extent
    groups: Sequence[tuple[str, Sequence[Layer]]]
    places: Sequence[tuple[str, Extent]]
    sheets: Sequence[Sheet]


def project_text(project: Project) -> str:
    """Write a project (``.qgs``).

    Parameters
    ----------
    project
        What it holds.

    Returns
    -------
    str
    """
    layers = [layer for _name, inside in project.groups for layer in inside]
    tree = node("layer-tree-group", {}, *(_group(*group) for group in project.groups))
    properties = node(
        "properties",
        {},
        node("SpatialRefSys", {}, node("ProjectionsEnabled", {"type": "int"}, "1")),
        node("Paths", {}, node("Absolute", {"type": "bool"}, "false")),
        node("Measurement", {}, node("AreaUnits", {"type": "QString"}, "m2"),
             node("DistanceUnits", {"type": "QString"}, "meters")),
    )  # fmt: skip
    places = [_bookmark(*place, project.system) for place in project.places]
    view = {"UseProjectScales": 0, "rotation": 0}
    opening = node("DefaultViewExtent", _corners(project.extent), _system(project.system))
    root = node(
        "qgis",
        {"version": VERSION, "projectname": project.title},
        node("homePath", {"path": ""}),
        node("title", {}, project.title),
        node("projectCrs", {}, _system(project.system)),
        tree,
        _canvas(project),
        node("projectlayers", {}, *(_layer(layer, project.system) for layer in layers)),
        node("layerorder", {}, *(node("layer", {"id": layer.id}) for layer in layers)),
        properties,
        node("Layouts", {}, *map(sheet_node, project.sheets)),
        node("Bookmarks", {}, *places),
        node("ProjectViewSettings", view, opening),
    )
    return document(root)


def _group(name: str, layers: Sequence[Layer]) -> Node:
    shown = any(layer.shown for layer in layers)
    head: dict[str, Value] = {"name": name, "checked": "Qt::Checked", "expanded": shown}
    return node(
        "layer-tree-group", head, *(tree_layer(layer, shown=layer.shown) for layer in layers)
    )


def _layer(layer: Layer, system: System) -> Node:
    kind = next((name for start, name in KINDS.items() if start in layer.geometry), "Polygon")
    head: dict[str, Value] = {
        "type": "vector", "geometry": kind, "wkbType": layer.geometry, "simplifyDrawingHints": 1,
        "labelsEnabled": layer.style.lettering is not None, "refreshOnNotifyEnabled": 0,
        "hasScaleBasedVisibilityFlag": 0,
    }  # fmt: skip
    return node(
        "maplayer",
        head,
        node("id", {}, layer.id),
        node("datasource", {}, layer.source),
        node("layername", {}, layer.title),
        node("srs", {}, _system(system)),
        node("provider", {"encoding": "UTF-8"}, "ogr"),
        *style_nodes(layer.style, field_nodes(layer.fields)),
    )


def _canvas(project: Project) -> Node:
    return node(
        "mapcanvas",
        {"name": "theMapCanvas", "annotationsVisible": 1},
        node("units", {}, "meters"),
        node("extent", {}, *(node(k, {}, str(v)) for k, v in _corners(project.extent).items())),
        node("rotation", {}, "0"),
        node("destinationsrs", {}, _system(project.system)),
    )


def _corners(extent: Extent) -> dict[str, str]:
    names = ("xmin", "ymin", "xmax", "ymax")
    return {name: f"{value:.4f}" for name, value in zip(names, extent, strict=True)}


def _system(system: System) -> Node:
    return node(
        "spatialrefsys",
        {"nativeFormat": "Wkt"},
        node("wkt", {}, system.wkt),
        node("authid", {}, system.code),
    )


def _bookmark(name: str, extent: Extent, system: System) -> Node:
    left, low, right, high = (f"{value:.4f}" for value in extent)
    ring = [(left, low), (right, low), (right, high), (left, high), (left, low)]
    shape = ", ".join(" ".join(corner) for corner in ring)
    head = {
        "id": stable_id("place", name),
        "name": name,
        "group": "",
        "extent": f"POLYGON(({shape}))",
    }
    return node("Bookmark", head, _system(system))
