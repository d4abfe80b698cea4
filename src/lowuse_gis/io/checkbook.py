"""Build what a rulebook says of checks from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.lint.checks import checks_in_force
from lowuse_gis.io.shared_rules import with_codes
from lowuse_gis.model import CheckBook, CheckRule, Derived, NotABase, Tolerance, Total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lowuse_gis.core.lint.entry import Entry


def checkbook(
    checking: Mapping[str, Sequence[Entry]], counties: Sequence[str], given: Mapping[str, float]
) -> CheckBook:
    """Build the checks of a rulebook.

    Parameters
    ----------
    checking
        Entries of checks.toml by part, the baseline's first.
    counties
        County codes that patterns ask for.
    given
        Constants that checks may call by name.

    Returns
    -------
    CheckBook
        Of tolerances and severities of one name, the last; of checks of one code, those of the
        last rulebook that has it; derived columns of one name likewise.
    """
    return CheckBook(
        rules=tuple(_rule(entry) for entry in checks_in_force(checking["check"])),
        tolerances={entry.code: _tolerance(entry) for entry in checking["tolerances"]},
        derived=tuple(_derived(entry, counties) for entry in checking["derive"]),
        totals=tuple(
            Total(**{name: entry.text(name) for name in Total.__dataclass_fields__})
            for entry in checking["total"]
        ),
        not_a_base=tuple(_not_a_base(entry) for entry in checking["not_a_base"]),
        severity={entry.code: entry.text("value") for entry in checking["severity"]},
        given=given,
    )


def _not_a_base(entry: Entry) -> NotABase:
    texts = ("source", "names", "title", "title_en")
    return NotABase(
        fields=tuple(entry.content.get("fields", ())), **{name: entry.text(name) for name in texts}
    )


def _rule(entry: Entry) -> CheckRule:
    texts = ("over", "when", "other", "value", "limit")
    return CheckRule(
        code=entry.code,
        layers=tuple(entry.content.get("layers", ())),
        **{name: entry.text(name) for name in texts},
    )


def _tolerance(entry: Entry) -> Tolerance:
    texts = ("unit", "title", "title_en", "document", "clause", "status")
    return Tolerance(
        name=entry.code,
        value=float(entry.content["value"]),
        **{name: entry.text(name) for name in texts},
    )


def _derived(entry: Entry, counties: Sequence[str]) -> Derived:
    return Derived(
        column=entry.text("column"),
        kind=entry.text("kind"),
        of=tuple(entry.content["of"]),
        layers=tuple(entry.content.get("layers", ())),
        pattern=with_codes(entry.text("pattern"), counties),
        start=entry.content.get("start", 0),
        length=entry.content.get("length", 0),
        default=entry.text("default"),
    )
