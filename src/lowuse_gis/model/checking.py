"""Checks of data as the rulebook states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Tolerance:
    """One limit of the tolerance model.

    Attributes
    ----------
    name, value, unit
        How checks call it, and how much it is.
    title, title_en
        What it limits.
    document, clause, status
        What it rests on, and how sure that is.
    """

    name: str
    value: float
    unit: str
    title: str
    title_en: str
    document: str
    clause: str
    status: str


@dataclass(frozen=True)
class Derived:
    """A column made of others before checks are judged.

    Attributes
    ----------
    column
        Its name in checks.
    kind
        ``difference``, ``distinct``, ``ratio``, ``part``, ``pattern``, ``begins``, ``filled``,
        ``group_size`` or ``credit_code``.
    of
        The columns it is made of.
    layers
        The sources it is made for; empty for all that have the columns.
    pattern
        Regular expression of the kind ``pattern``.
    start, length
        The signs that the kind ``part`` takes.
    default
        What the kind ``filled`` puts where there is nothing.
    """

    column: str
    kind: str
    of: tuple[str, ...]
    layers: tuple[str, ...] = ()
    pattern: str = ""
    start: int = 0
    length: int = 0
    default: str = ""


@dataclass(frozen=True)
class Total:
    """A sum of parts to be held against a total given elsewhere.

    Attributes
    ----------
    name
        What the sum is called in messages.
    layer, by, of
        The source of the parts, the column that groups them, and the column summed.
    total_layer, total_by, total_of
        Where the totals stand.
    """

    name: str
    layer: str
    by: str
    of: str
    total_layer: str
    total_by: str
    total_of: str


@dataclass(frozen=True)
class NotABase:
    """A layer that looks like a source and must not be taken for it.

    Attributes
    ----------
    source
        The source it looks like.
    names
        Regular expression of file or layer names; empty for none.
    fields
        Fields that only such a layer has.
    title, title_en
        What it is instead.
    """

    source: str
    names: str
    fields: tuple[str, ...]
    title: str
    title_en: str


@dataclass(frozen=True)
class CheckRule:
    """One check: which measured table it looks at, and what there is a defect.

    Attributes
    ----------
    code
        Code in checks.csv.
    over
        The table of measured facts, such as ``features`` or ``overlaps``.
    when
        The condition under which a row of that table is a defect; a missing value is none.
    layers
        The sources it applies to; empty for all.
    other
        The source that edges are compared with.
    value
        Column of the table shown as the measured value; empty for none.
    limit
        Name of the tolerance shown beside it; empty for none.
    """

    code: str
    over: str
    when: str
    layers: tuple[str, ...] = ()
    other: str = ""
    value: str = ""
    limit: str = ""


@dataclass(frozen=True)
class CheckBook:
    """All that the rulebook says of checks.

    Attributes
    ----------
    rules
        In the order they are judged: cheap ones first.
    tolerances
        By name.
    derived, totals
        Columns and sums to make first.
    not_a_base
        Layers that are not what they look like.
    severity
        Code to ``error``, ``warning``, ``notice`` or ``off``, where not as in checks.csv.
    given
        Constants of the rulebook that checks may call by name, and ``survey_year``.
    """

    rules: tuple[CheckRule, ...] = ()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    totals: tuple[Total, ...] = ()
    not_a_base: tuple[NotABase, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, float] = field(default_factory=dict)

    @property
    def limits(self) -> dict[str, float]:
        """All that checks may call by name."""
        return {**self.given, **{name: t.value for name, t in self.tolerances.items()}}

    def limit(self, name: str) -> float:
        """Return the value of a tolerance.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        float
        """
        return self.tolerances[name].value
