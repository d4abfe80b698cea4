"""What a delivery holds, and what a check must say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import shapely

CHECK, CLASSIFY, UNITS = "check", "classify", "units"


@dataclass(frozen=True)
class Wrong:
    """One finding that must be there.

    Attributes
    ----------
    code, source
        What is wrong and on which layer; any layer where `source` is empty.
    row, other
        Number of the feature in its file from 1, and of the second one; 0 for none. Pairs may be
        named either way round.
    among
        Rows of which the finding may name any, where it lies between features.
    name
        The id of the feature.
    column
        The standard column.
    place, inside
        Where, within `reach` metres; and a shape in which the place lies.
    value
        The measured value, within `about`.
    file, note
        Part of the file's name, and of the note.
    """

    code: str
    source: str = ""
    row: int = 0
    other: int = 0
    among: tuple[int, ...] = ()
    name: str = ""
    column: str = ""
    place: tuple[float, float] | None = None
    inside: shapely.Geometry | None = None
    reach: float = 0.01
    value: float | None = None
    about: float = 0.01
    file: str = ""
    note: str = ""


@dataclass(frozen=True)
class Delivery:
    """What is handed over.

    Attributes
    ----------
    files
        In the order they are named.
    wrong
        What must be found.
    follows
        Codes that follow from it by their definitions, each with the reason.
    source
        What the files are, where it is said.
    rules
        The rulebook; the district's where empty.
    options
        More of the request.
    barriers
        Lines that part units.
    """

    files: tuple[Path, ...]
    wrong: tuple[Wrong, ...] = ()
    follows: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    rules: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    barriers: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Maker:
    """How a delivery that shows a code is made.

    Attributes
    ----------
    code, name
        The code it shows, and what it is called in the test.
    make
        Writes it into a folder.
    by
        The command that gives the code.
    """

    code: str
    name: str
    make: Callable[[Path], Delivery]
    by: str = CHECK


MAKERS: list[Maker] = []


def shows(code: str, by: str = CHECK) -> Callable[[Callable[[Path], Delivery]], Maker]:
    """Register a function as the maker of a delivery that shows a code; empty for a clean one."""

    def register(make: Callable[[Path], Delivery]) -> Maker:
        maker = Maker(code, make.__name__, make, by)
        MAKERS.append(maker)
        return maker

    return register
