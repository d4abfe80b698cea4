"""``lowuse rules diff``: in what two rulebooks differ, and what that does to a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowuse_gis.core.comparing import Change, differences
from lowuse_gis.core.conditions import Condition, parsed_criteria
from lowuse_gis.core.judging import NEEDED, judgement_of
from lowuse_gis.io.judged_table import read_judged_table
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.stages.compare import Compared, compare

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from lowuse_gis.model import Rulebook

MEASURED_BY = ("fields", "measures", "codes", "settings")


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes
    ----------
    first, second
        Rulebooks, by name or folder.
    data
        What classify wrote, to be judged under both; None for the rules alone.
    """

    first: str
    second: str
    data: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What was found, for the screen.

    Attributes
    ----------
    first, second
        The rulebooks.
    changes
        In what they differ; empty where they say the same.
    compared
        What they make of the result; None without one.
    run
        The line that says what made the result.
    blind
        Criteria that read columns the result does not have, and so come out unknown: code to
        columns.
    """

    first: Rulebook
    second: Rulebook
    changes: tuple[Change, ...]
    compared: Compared | None = None
    run: pd.Series | None = None
    blind: Mapping[str, tuple[str, ...]] | None = None

    @property
    def same(self) -> bool:
        """Whether it is the same rulebook twice."""
        return self.first.sha256 == self.second.sha256

    @property
    def measured_otherwise(self) -> bool:
        """Whether they might also measure otherwise, which no judging again can show."""
        return any(change.part in MEASURED_BY for change in self.changes)


def diff_rules(request: Request) -> Outcome:
    """Compare two rulebooks.

    Parameters
    ----------
    request
        What the user asked for.

    Returns
    -------
    Outcome

    Raises
    ------
    LowuseError
        Where a rulebook or the result cannot be read.
    """
    first, second = read_rulebook(request.first), read_rulebook(request.second)
    both = [parsed_criteria(first), parsed_criteria(second)]
    changes = differences(first, second)
    if request.data is None:
        return Outcome(first, second, changes)
    read = {name for book in both for c in book.values() for name in c.columns}
    kinds = second.columns["dtype"].combine_first(first.columns["dtype"])
    table = read_judged_table(request.data, {*read, *NEEDED}, kinds)
    compared = compare(judgement_of(table.parcels, first), judgement_of(table.parcels, second))
    return Outcome(first, second, changes, compared, table.run, _blind(both, set(table.absent)))


def _blind(both: list[dict[str, Condition]], absent: set[str]) -> dict[str, tuple[str, ...]]:
    blind: dict[str, tuple[str, ...]] = {}
    for conditions in both:
        for code, condition in conditions.items():
            lacking = tuple(name for name in condition.columns if name in absent)
            if lacking:
                blind[code] = lacking
    return dict(sorted(blind.items()))
