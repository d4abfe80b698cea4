"""XML that is the same for the same content, whatever texts the data hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = str | int | float | bool
Node = ET.Element
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
VERSION = (
    "3.22.0-lowuse"  # the oldest that this is tried with; QGIS warns of newer ones, not of older
)
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(value: Value) -> str:
    r"""Write a value as XML may hold it.

    Parameters
    ----------
    value
        Anything plain.

    Returns
    -------
    str
        Truth as 1 or 0; signs that XML forbids are left out.

    Examples
    --------
    >>> clean(True), clean(2.50), clean("a\x00b")
    ('1', '2.5', 'ab')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    return FORBIDDEN.sub("", f"{value:.12g}" if isinstance(value, float) else str(value))


def node(tag: str, attributes: Mapping[str, Value] | None = None, *inside: Node | str) -> Node:
    """Make an element.

    Parameters
    ----------
    tag, attributes
        Its name, and what it says of itself.
    inside
        Elements, or a text.

    Returns
    -------
    Element

    Examples
    --------
    >>> ET.tostring(node("a", {"b": '"<'}, "x & y"), "unicode")
    '<a b="&quot;&lt;">x &amp; y</a>'
    """
    made = ET.Element(tag, {name: clean(value) for name, value in (attributes or {}).items()})
    for part in inside:
        if isinstance(part, str):
            made.text = clean(part)
        else:
            made.append(part)
    return made


def options(values: Mapping[str, Value | Node]) -> Node:
    """Make a map of options, as QGIS keeps settings.

    Parameters
    ----------
    values
        Name to value; a node stands for itself, under its name.

    Returns
    -------
    Element
    """
    made = node("Option", {"type": "Map"})
    for name, value in values.items():
        if isinstance(value, ET.Element):
            value.set("name", clean(name))
            made.append(value)
        else:
            made.append(node("Option", {"name": name, "type": "QString", "value": value}))
    return made


def document(root: Node) -> str:
    """Write a document of QGIS.

    Parameters
    ----------
    root
        Its outermost element.

    Returns
    -------
    str
    """
    ET.indent(root, " ")
    return DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def inner(nodes: Sequence[Node]) -> str:
    r"""Write elements as they stand right inside the root of a `document`.

    Parameters
    ----------
    nodes
        Elements that follow one another.

    Returns
    -------
    str
        Without what goes before the first, and after the last.

    Examples
    --------
    >>> inner([node("a"), node("b", {}, node("c"))])
    '<a />\n <b>\n  <c />\n </b>'
    """
    for each in nodes:
        ET.indent(each, " ", level=1)
    return "\n ".join(ET.tostring(each, encoding="unicode") for each in nodes)


def stable_id(*names: str) -> str:
    """Make an id out of names, so that a project is the same whenever it is made.

    Parameters
    ----------
    names
        What it is the id of.

    Returns
    -------
    str
        In braces.
    """
    return f"{{{uuid5(NAMESPACE_URL, '/'.join(('lowuse', *names)))}}}"


def quoted(text: str) -> str:
    """Write a text for an expression of QGIS.

    Parameters
    ----------
    text
        Any.

    Returns
    -------
    str

    Examples
    --------
    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(column: str, values: Sequence[str]) -> str:
    r"""Write the condition that a column has one of some values.

    Parameters
    ----------
    column, values
        A name without quotes, and texts.

    Returns
    -------
    str

    Examples
    --------
    >>> any_of("land_type", ["a", "b"])
    '"land_type" IN (\'a\', \'b\')'
    """
    return f'"{column}" IN ({", ".join(map(quoted, values))})'
