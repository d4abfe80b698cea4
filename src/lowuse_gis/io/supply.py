"""What was supplied: a file, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lowuse_gis.io.declared import Declared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lowuse_gis.core.shifts import Shift


@dataclass(frozen=True)
class Supply:
    """One supplied file, as the user or the project file names it.

    Attributes
    ----------
    name
        The rulebook's name of the source.
    path, layer
        The file and its layer.
    as_of
        The date the data speak of, ISO text.
    towns, towns_missing
        Towns it covers or does not.
    absence
        Overrides the rulebook's where not empty.
    crs, encoding
        Declared where the file is silent or wrong.
    mapping
        Fields named by the user.
    shift
        Parameters that bring its coordinates to CGCS2000.
    declared
        What stands where in a table.
    body
        Who supplied it; the rulebook's body of the source where empty.
    """

    name: str
    path: Path
    layer: str = ""
    as_of: str = ""
    towns: tuple[str, ...] = ()
    towns_missing: tuple[str, ...] = ()
    absence: str = ""
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    shift: Shift | None = None
    declared: Declared = field(default_factory=Declared)
    body: str = ""
