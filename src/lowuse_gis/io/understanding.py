"""What is said and understood of a layer or table that was handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lowuse_gis.io.declared import Declared
from lowuse_gis.io.place import Given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lowuse_gis.core.systems import Box
    from lowuse_gis.io.guess import Guess
    from lowuse_gis.model import Found, Notice


@dataclass(frozen=True)
class Said:
    """What the user says of the files described.

    Attributes
    ----------
    given
        Of the coordinates.
    encoding
        Of the text; empty for what the file says.
    mapping
        Fields named by the user.
    reference
        Shapes in the working CRS whose place is trusted; None for none.
    lines
        How many records to show.
    source
        What it is, by the rulebook's name; found out where empty.
    declared
        What stands where in a table.
    """

    given: Given = field(default_factory=Given)
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    reference: NDArray[np.object_] | None = None
    lines: int = 0
    source: str = ""
    declared: Declared = field(default_factory=Declared)


@dataclass(frozen=True)
class Field:
    """One field of a file, and which standard column it is.

    Attributes
    ----------
    name, dtype, width
        As the file has it; width in bytes, 0 where not limited.
    column, label
        The standard column and its label; empty where it is none.
    how
        ``exact`` (the name the standard gives), ``alias``, ``truncated`` or ``named`` by the user;
        empty where it is none.
    """

    name: str
    dtype: str = ""
    width: int = 0
    column: str = ""
    label: str = ""
    how: str = ""


@dataclass(frozen=True)
class ColumnSeen:
    """One column of a sheet.

    Attributes
    ----------
    letter, heading
        Where it stands, and what it is called there.
    column, label
        The standard column and its label; empty where it is none.
    how
        As in `Field`; ``year`` for a heading that carries one.
    year
        0 where the heading names none.
    unit, told
        The unit that is applied, and where it was found: ``declared``, ``heading``, ``unit_row`` or
        ``title``; empty where none is.
    factor, into
        What values are multiplied by, and the unit they have then.
    """

    letter: str
    heading: str
    column: str
    label: str
    how: str
    year: int
    unit: str
    told: str
    factor: float
    into: str


@dataclass(frozen=True)
class Left:
    """A row that is no data.

    Attributes
    ----------
    line
        From 1.
    reason
        ``title``, ``heading``, ``units``, ``empty``, ``total``, ``repeated`` or ``note``.
    text
        What stands in it.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class SheetSeen:
    """What is understood of one sheet.

    Attributes
    ----------
    name
        Empty for a CSV.
    read, hidden
        Whether it has the heading, and whether it is hidden.
    heading
        Its rows, from 1.
    columns, key
        One by one, and the labels of those that rows are known by.
    rows
        Rows of data.
    left_out
        Rows that are none.
    hidden_parts
        Hidden rows and columns, such as ``Sheet1!5:6``; they are read.
    first, places
        First rows as read, by label, and where they stand.
    """

    name: str
    read: bool = False
    hidden: bool = False
    heading: tuple[int, ...] = ()
    columns: tuple[ColumnSeen, ...] = ()
    key: tuple[str, ...] = ()
    rows: int = 0
    left_out: tuple[Left, ...] = ()
    hidden_parts: tuple[str, ...] = ()
    first: Sequence[Mapping[str, str]] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What is understood of one layer or table.

    Attributes
    ----------
    found
        Which.
    count
        Its records, -1 where they were not read.
    shapes
        Number of features by geometry type, ``none`` for those without.
    encoding, encoding_by
        How the text was decoded, empty where the format says it itself; and who says so:
        ``user``, ``cpg``, ``header`` or ``bytes``.
    declared
        What the file declares as its coordinate system; empty for nothing.
    crs, why
        The system the coordinates were taken in, empty where they could not be, and the reason.
    bounds, degrees
        West, south, east, north in the working CRS and in degrees; None where not known.
    inside
        Features within the district, -1 where not known.
    beside
        How it lies beside the reference, or what its name makes one suspect; empty for nothing.
    source
        What it most likely is; empty where nothing speaks for any.
    guesses
        What it may be, the likeliest first.
    fields
        One by one.
    lacking, absent
        Labels of the standard columns that it cannot be used without, and of others that a source
        of its kind may have.
    notices
        Everything noticed.
    preview
        First records: standard columns by label. Names of people are masked.
    sheets
        Of a table that could be read: its sheets.
    """

    found: Found
    count: int = -1
    shapes: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
    encoding_by: str = ""
    declared: str = ""
    crs: str = ""
    why: str = ""
    bounds: Box | None = None
    degrees: Box | None = None
    inside: int = -1
    beside: str = ""
    source: str = ""
    guesses: tuple[Guess, ...] = ()
    fields: tuple[Field, ...] = ()
    lacking: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    preview: Sequence[Mapping[str, str]] = ()
    sheets: tuple[SheetSeen, ...] = ()
