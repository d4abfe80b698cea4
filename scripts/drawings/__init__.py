"""A drawing for every check code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drawings import amounts, cells, codes, files, layers, outlines, places, sheets
from drawings.pen import Pen

if TYPE_CHECKING:
    from collections.abc import Callable

    from lowuse_gis.model import Rulebook

DRAWN: dict[str, Callable[[Pen], None]] = {
    name.removeprefix("draw_"): getattr(module, name)
    for module in (files, places, cells, codes, amounts, outlines, layers, sheets)
    for name in dir(module)
    if name.startswith("draw_")
}


def drawing(code: str, label: str, book: Rulebook) -> str:
    """Draw a check code.

    Parameters
    ----------
    code, label, book
        Which, what it shows in words, and the rules with their limits.

    Returns
    -------
    str
        SVG, the same for the same rules.

    Raises
    ------
    KeyError
        Where no drawing is known of the code.
    """
    pen = Pen(label, book)
    DRAWN[code](pen)
    return pen.written()
