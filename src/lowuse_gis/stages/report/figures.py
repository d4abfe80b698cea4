"""Numbers of a report as they are written, and tables of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from lowuse_gis.language import _, pick
from lowuse_gis.model.report import Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from lowuse_gis.model import Rulebook

NONE = "—"


@dataclass(frozen=True)
class Progressed:
    """What the indicators of a period are computed from.

    Attributes
    ----------
    period
        An entry of ``[[period]]``.
    tables
        Of `progress_tables`.
    unread
        Lines of ledgers that could not be read.
    """

    period: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame | None]
    unread: int


@dataclass(frozen=True)
class Material:
    """What a report is written from.

    Attributes
    ----------
    parcels
        Judged parcels, indexed by ``row``.
    tables
        Of the result.
    by_town_and_type
        Parcels and areas by town and type.
    rulebook
        The rules that judged.
    units, left_out
        Units and the low-use land in none, or None.
    legacy
        Balance of legacy by town and state, or None.
    files
        What it is, name and SHA-256 of the files that the report was made from.
    progress
        What the indicators of a period are computed from; None for none.
    """

    parcels: gpd.GeoDataFrame
    tables: Mapping[str, pd.DataFrame]
    by_town_and_type: pd.DataFrame
    rulebook: Rulebook
    units: gpd.GeoDataFrame | None
    left_out: pd.DataFrame | None
    legacy: pd.DataFrame | None
    files: Sequence[tuple[str, str, str]]
    progress: Progressed | None = None

    @property
    def run(self) -> pd.Series:
        """The line that says what made the result."""
        return self.tables["runs"].iloc[0]

    def mu(self, area: float) -> str:
        """Write an area in m² as mu."""
        return f"{float(area) / float(self.run['mu']):,.2f}"

    def labels(self, domain: str) -> dict[str, str]:
        """Return the words of a code list in the user's language."""
        return {code: pick(*both) for code, both in self.rulebook.domain(domain).items()}


def count(number: float) -> str:
    """Write a count."""
    return f"{int(number):,}"


def share(part: float, whole: float) -> str:
    """Write a share; a dash where there is no whole.

    Parameters
    ----------
    part, whole
        Of the same unit.

    Returns
    -------
    str

    Examples
    --------
    >>> share(1, 8), share(0, 0)
    ('12.5%', '—')
    """
    return f"{part / whole:.1%}" if whole else NONE


def told(value: object) -> str:
    """Write a text; a dash where there is none."""
    return NONE if value is None or value != value or value == "" else str(value)  # noqa: PLR0124


Column = tuple[str, str, "Callable[[Any], str]"]


def grid(
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    total: bool = False,
    note: str = "",
) -> Grid:
    """Write a frame as a table.

    Parameters
    ----------
    title
        Caption.
    frame
        One row per row of the table.
    columns
        Heading, column of the frame, and how a value is written.
    total
        Whether a last row has the sums of the numbers.
    note
        Beneath the table.

    Returns
    -------
    Grid
    """
    rows = [
        tuple(write(value) for value, (_h, _n, write) in zip(values, columns, strict=True))
        for values in zip(*(frame[name] for _heading, name, _write in columns), strict=True)
    ]
    if total and len(frame):
        sums = [
            write(frame[name].sum()) if pd.api.types.is_numeric_dtype(frame[name]) else ""
            for _heading, name, write in columns
        ]
        rows.append((_("Total"), *sums[1:]))
    return Grid(title, tuple(heading for heading, _n, _w in columns), tuple(rows), note)
