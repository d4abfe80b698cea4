"""Draw polygons as an SVG picture: small, sharp, and the same bytes for the same shapes."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIDTH = 900  # pixels
MARGIN = 12
LINE = 20  # pixels of a line of text
BOX = 12
FONT = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


@dataclass(frozen=True)
class Paint:
    """Shapes of one look.

    Attributes
    ----------
    shapes
        Polygons or lines of one plane.
    label
        Stands in the legend; empty for none.
    fill, stroke
        Colours; ``none`` for none.
    width
        Of the stroke, pixels.
    hatch
        Whether the fill is half seen through.
    """

    shapes: NDArray[np.object_]
    label: str
    fill: str = "none"
    stroke: str = "#555555"
    width: float = 0.6
    hatch: bool = False


def svg_map(paints: Sequence[Paint], title: str, *, width: int = WIDTH) -> str:
    """Draw shapes over each other.

    Parameters
    ----------
    paints
        The lowest first.
    title
        Above the picture.
    width
        Pixels.

    Returns
    -------
    str
        An SVG document; empty of shapes where there are none.

    Examples
    --------
    >>> svg_map([Paint(shapely.box([0], [0], [2], [1]), "land", "#cccccc")], "t")[:4]
    '<svg'
    """
    named = [paint for paint in paints if paint.label and len(paint.shapes)]
    west, south, east, north = _frame(paints)
    scale = (width - 2 * MARGIN) / max(east - west, 1e-9)
    top = MARGIN + LINE
    height = round(top + (north - south) * scale + MARGIN + LINE * len(named) + MARGIN)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" font-family="{FONT}" font-size="13">'
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN + 8}" font-weight="bold">{escape(title)}</text>',
    ]
    for paint in paints:
        moved = shapely.transform(
            paint.shapes,
            lambda xy: np.column_stack(
                [MARGIN + (xy[:, 0] - west) * scale, top + (north - xy[:, 1]) * scale]
            ).round(1),
        )
        parts.append(_group(paint, moved))
    start = top + (north - south) * scale + MARGIN
    parts += [_legend(paint, start + LINE * n) for n, paint in enumerate(named)]
    return "\n".join([*parts, "</svg>", ""])


def _frame(paints: Sequence[Paint]) -> tuple[float, float, float, float]:
    shapes = [paint.shapes for paint in paints if len(paint.shapes)]
    if not shapes:
        return 0.0, 0.0, 1.0, 0.0
    west, south, east, north = shapely.total_bounds(np.concatenate(shapes))
    return float(west), float(south), float(east), float(north)


def _look(paint: Paint) -> str:
    opacity = ' fill-opacity="0.45"' if paint.hatch else ""
    return (
        f'fill="{paint.fill}"{opacity} stroke="{paint.stroke}" stroke-width="{paint.width:g}"'
        ' fill-rule="evenodd" stroke-linejoin="round"'
    )


def _group(paint: Paint, shapes: NDArray[np.object_]) -> str:
    return f"<g {_look(paint)}>" + "".join(_paths(shapes)) + "</g>"


def _paths(shapes: NDArray[np.object_]) -> list[str]:
    """Write every polygon, with its holes, or line as a path; parts of one shape are one path."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    there = ~shapely.is_empty(parts)
    parts, of = parts[there], of[there]
    filled = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, within = shapely.get_rings(parts[filled], return_index=True)
    lines = np.concatenate([rings, parts[~filled]])
    owner = np.concatenate([of[filled][within], of[~filled]])
    closed = np.arange(len(lines)) < len(rings)
    order = np.argsort(owner, kind="stable")
    lines, owner, closed = lines[order], owner[order], closed[order]
    first = np.diff(owner, prepend=-1) != 0
    last = np.diff(owner, append=-1) != 0
    texts = pa.array(shapely.to_wkt(lines, rounding_precision=1), pa.string())
    points = pc.replace_substring_regex(texts, r"^[A-Z]+ \(|\)$", "")
    pieces: Any = pc.binary_join_element_wise(
        _either(first, '<path d="M', "M"),
        pc.replace_substring(points, ", ", "L"),
        _either(closed, "Z", ""),
        _either(last, '"/>', ""),
        "",
    )
    written: list[str] = pieces.to_pylist()
    return written


def _either(mark: NDArray[np.bool_], yes: str, no: str) -> pa.Array:
    return pa.array(np.where(mark, yes, no).astype(object), pa.string())


def _legend(paint: Paint, y: float) -> str:
    return (
        f'<rect x="{MARGIN}" y="{y:.0f}" width="{BOX}" height="{BOX}" {_look(paint)}/>'
        f'<text x="{MARGIN + BOX + 8}" y="{y + BOX - 1:.0f}">{escape(paint.label)}</text>'
    )
