"""One parcel on one page (一地一策)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Picture:
    """The land around a parcel.

    Attributes
    ----------
    window
        West, south, east and north of what is shown, in the working CRS.
    shapes, colours
        Parcels cut to it and their colours; the parcel itself is the last.
    legend
        What the colours mean: label and colour.
    """

    window: tuple[float, float, float, float]
    shapes: NDArray[np.object_]
    colours: Sequence[str]
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """One parcel on one page.

    Attributes
    ----------
    row, code
        Of the parcel.
    verdict, colour
        Its verdict in words, and the colour of that.
    facts, wishes
        Heading and value.
    sections
        Heading and sentences: why, missing, problems, pathway and tools.
    neighbours
        Per neighbour code, type, verdict, distance in m.
    picture
        None where the parcel has no shape.
    """

    row: str
    code: str
    verdict: str
    colour: str
    facts: Sequence[tuple[str, str]]
    wishes: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, Sequence[str]]]
    neighbours: Sequence[tuple[str, str, str, str]]
    picture: Picture | None
