"""How pictures are written as SVG: colours, fonts, and the paths of shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

STYLE = (
    ".lu{color:var(--md-default-fg-color,var(--i,#333));--r:#c8242b;--b:#0b7a6b}"
    "[data-md-color-scheme=slate] .lu{--r:#ff7d7d;--b:#4cc9b5}"
    "@media(prefers-color-scheme:dark){.lu{--i:#ddd}}"
    ".lu text{font:13px sans-serif;fill:currentColor}.lu .s{font-size:11px}"
    ".lu .k{font-family:monospace}.lu .m{opacity:.72}"
    ".lu .r{fill:var(--r);font-weight:600}.lu .b{fill:var(--b)}"
    ".lu path,.lu circle{fill:none;stroke-width:1.5}"
    ".lu .lg{stroke:currentColor;stroke-opacity:.6}"
    ".lu .lr{stroke:var(--r);stroke-width:2}.lu .lb{stroke:var(--b)}"
    ".lu .fg{fill:currentColor;fill-opacity:.1}"
    ".lu .fr{fill:var(--r);fill-opacity:.22}.lu .fb{fill:var(--b);fill-opacity:.22}"
    ".lu .sg{fill:currentColor;fill-opacity:.6}.lu .sr{fill:var(--r)}.lu .sb{fill:var(--b)}"
    ".lu .h{fill:url(#lu-h)}.lu .d{stroke-dasharray:5 4}"
)
HATCH = (
    '<defs><pattern id="lu-h" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M0 0V6" class="lr"/></pattern></defs>'
)


def tenth(value: float) -> str:
    """Write a number with one decimal at most."""
    return f"{round(float(value), 1):g}"


def path_of(shape: Any) -> str:
    """Write the rings or lines of a shape, each step relative to the last."""
    pieces = []
    for part in shapely.get_parts(shape):
        rings = [part]
        if shapely.get_type_id(part) == 3:  # noqa: PLR2004  a polygon
            rings = [part.exterior, *part.interiors]
        pieces += [_trace(shapely.get_coordinates(ring)) for ring in rings]
    return "".join(pieces)


def _trace(points: Any) -> str:
    """Write points as relative steps; whole numbers of tenths, so no rounding adds up."""
    steps = np.round(np.asarray(points) * 10).astype(int)
    steps = steps[np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))]
    closed = len(steps) > 2 and (steps[0] == steps[-1]).all()  # noqa: PLR2004
    moves = np.diff(steps[:-1] if closed else steps, axis=0)
    text = f"M{tenth(steps[0][0] / 10)} {tenth(steps[0][1] / 10)}"
    for dx, dy in moves / 10:
        text += (
            f"h{tenth(dx)}"
            if not dy
            else f"v{tenth(dy)}"
            if not dx
            else f"l{tenth(dx)} {tenth(dy)}"
        )
    return text + ("z" if closed else "")
