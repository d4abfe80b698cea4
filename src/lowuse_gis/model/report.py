"""The survey report, as plain data: what a document says, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Sentence:
    """A paragraph."""

    text: str
    kind: str = "sentence"


@dataclass(frozen=True)
class Grid:
    """A table of text.

    Attributes
    ----------
    title
        Stands in the caption.
    headings, rows
        Cells; every row as long as the headings.
    note
        Beneath the table; empty for none.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    kind: str = "grid"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, stacked.

    Attributes
    ----------
    title, unit
        Caption, and what the length of a bar is measured in.
    names
        One per bar, from above.
    series
        Label, colour and lengths.
    """

    title: str
    unit: str
    names: Sequence[str]
    series: Sequence[tuple[str, str, Sequence[float]]]
    kind: str = "bars"


@dataclass(frozen=True)
class Map:
    """Parcels by colour.

    Attributes
    ----------
    title
        Caption.
    shapes
        Polygons in a plane CRS, metres; what is drawn later lies above.
    classes
        Per shape, the position of its colour.
    legend
        Label and colour.
    places
        Easting, northing and name of what is named on the map.
    outlines
        Polygons of which the outline is drawn, and its colour; none where empty.
    """

    title: str
    shapes: NDArray[np.object_]
    classes: NDArray[np.intp]
    legend: Sequence[tuple[str, str]]
    places: Sequence[tuple[float, float, str]]
    outlines: NDArray[np.object_]
    outline: tuple[str, str] = ("", "")
    kind: str = "map"


Block = Heading | Sentence | Grid | Bars | Map


@dataclass(frozen=True)
class Section:
    """A section: its heading, and what stands in it."""

    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A survey report.

    Attributes
    ----------
    title, district, as_of
        Of the front page; the date as written.
    rules
        By which rules was judged.
    sections
        By name, in order; optional ones that were not asked for have no blocks.
    facts
        Single values by name, written out, for sentences of an office's own.
    """

    title: str
    district: str
    as_of: str
    rules: str
    sections: Mapping[str, Section]
    facts: Mapping[str, str] = field(default_factory=dict)
