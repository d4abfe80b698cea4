"""What is known about the coordinate system of a layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lowuse_gis.core.systems import Box, System

AGREES, WRONG, FOUND = "agrees", "wrong", "found"
AMBIGUOUS, UNKNOWN, OUTSIDE, SHIFTED, EMPTY = "ambiguous", "unknown", "outside", "shifted", "empty"
CERTAIN = frozenset({AGREES, WRONG, FOUND})
CODES = {WRONG: "2201", FOUND: "2102", AMBIGUOUS: "2202", UNKNOWN: "2202", OUTSIDE: "2203"}


@dataclass(frozen=True)
class Elsewhere:
    """Features of a layer that are in another system than most.

    Attributes
    ----------
    system
        Theirs.
    rows
        Positions of the features.
    """

    system: System
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """In which system a layer is, and why that is believed.

    Attributes
    ----------
    verdict
        ``agrees`` (declared and right), ``wrong`` (declared otherwise), ``found`` (not declared),
        ``ambiguous``, ``unknown``, ``outside`` (right as far as it goes, but not in the district),
        ``shifted`` (on another datum, whose shift is not known) or ``empty`` (no coordinates).
    system
        The system the coordinates are in; None where that is not known.
    declared
        Name of the declared system; empty for none.
    datum
        Datum of the declared system; empty for none.
    extent
        Smallest and largest numbers: west, south, east, north in the order of the file.
    share
        Share of the features that fit `system`.
    alternatives
        Names of other systems to think of.
    excess
        Measured areal excess in millionths; NaN where no areas were given.
    areas_agree
        Whether the areas speak for `system`; None where they say nothing.
    betrayed
        Systems that the areas speak for, against the one the coordinates fit.
    elsewhere, nowhere
        Features in other systems, and those that fit none.
    codes
        Codes of checks.csv to report.
    why
        The reason, in the user's language.
    """

    verdict: str
    system: System | None
    declared: str
    datum: str
    extent: Box
    share: float = 0.0
    alternatives: tuple[str, ...] = ()
    excess: float = float("nan")
    areas_agree: bool | None = None
    betrayed: tuple[System, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    nowhere: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    codes: tuple[str, ...] = ()
    why: str = ""

    @property
    def crs(self) -> str:
        """Name of the system, empty where it is not known."""
        return self.system.name if self.system else ""

    @property
    def swapped(self) -> bool:
        """Whether the northing stands first."""
        return bool(self.system and self.system.swapped)

    @property
    def prefix(self) -> int:
        """Number of the zone in front of the eastings, 0 for none."""
        return self.system.prefix if self.system else 0

    @property
    def certain(self) -> bool:
        """Whether a layer can be brought to the working system on this."""
        return self.verdict in CERTAIN
