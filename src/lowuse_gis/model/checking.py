"""Checks of data as the rulebook states them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckRule:
    """One check: which measured table it looks at, and what there is a defect.

    Attributes
    ----------
    code
        Code in checks.csv.
    over
        The table of measured facts: ``features``, ``cells``, ``fields``, ``overlaps``, ``gaps``,
        ``vertices``, ``parts``, ``edges`` or ``groups``.
    when
        The condition under which a row of that table is a defect; a missing value is none.
    layers
        The sources it applies to; empty for all.
    value
        Column of the table shown as the measured value; empty for none.
    limit
        Name of the tolerance shown beside it; empty for none.
    """

    code: str
    over: str
    when: str
    layers: tuple[str, ...] = ()
    value: str = ""
    limit: str = ""
