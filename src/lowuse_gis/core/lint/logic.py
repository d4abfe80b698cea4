"""Conditions that can never be true, are always true, or say something twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.lint.formula import Formulas, conjunction
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lowuse_gis.core.conditions import Condition
    from lowuse_gis.core.lint.entry import Entry
    from lowuse_gis.core.lint.faults import Place

MANY = 12
NEVER: frozenset[frozenset[object]] = frozenset()


def lint_logic(condition: Condition, resolved: Formulas, symbolic: Formulas, place: Place) -> None:
    """Note what a condition can never, must always or need not say.

    Parameters
    ----------
    condition
        All of its names are known.
    resolved
        With the values of thresholds that are the same for all parcels.
    symbolic
        Without: whatever the thresholds are.
    place
        Where faults are noted.
    """
    tree = condition.tree
    if resolved.alternatives(tree) == NEVER:
        place.error(
            "contradictory",
            "when",
            _("can never be true: {text}").format(text=condition.text),
            _("look at the bounds and at AND where OR is meant"),
        )
    elif resolved.alternatives(tree, true=False) == NEVER:
        place.error(
            "tautology",
            "when",
            _("true whatever the values are, where they are known: {text}").format(
                text=condition.text
            ),
            _("look at the bounds and at OR where AND is meant"),
        )
    else:
        for position in needless(condition, symbolic):
            text = condition.atoms[position].node.sql()
            place.warning(
                "implied",
                "when",
                _("{text} never decides anything here").format(text=text),
                _("leave it out, or look at its limit"),
            )


def needless(condition: Condition, formulas: Formulas) -> dict[int, bool]:
    """Find the comparisons without which a condition would say the same.

    Parameters
    ----------
    condition
        Neither impossible nor always true.
    formulas
        Turns it into alternatives.

    Returns
    -------
    dict
        Position of the comparison to what it may as well be taken for. Nothing is said of
        conditions of more than `MANY` comparisons.
    """
    if not 1 < len(condition.atoms) <= MANY:
        return {}
    forced: dict[int, bool] = {}
    found = {}
    for position, atom in enumerate(condition.atoms):
        for value in (True, False):
            without = {**forced, id(atom.node): value}
            if _same(condition, formulas, forced, without):
                forced, found[position] = without, value
                break
    return found


def _same(
    condition: Condition, formulas: Formulas, one: dict[int, bool], other: dict[int, bool]
) -> bool:
    tree = condition.tree
    only_one = conjunction(
        formulas.alternatives(tree, forced=one),
        formulas.alternatives(tree, true=False, forced=other),
    )
    only_other = conjunction(
        formulas.alternatives(tree, true=False, forced=one),
        formulas.alternatives(tree, forced=other),
    )
    return only_one == NEVER and only_other == NEVER


def lint_duplicates(
    criteria: Iterable[tuple[Entry, Condition]],
    symbolic: Formulas,
    place_of: Callable[[Entry], Place],
) -> None:
    """Note criteria that say the same as another of their type and strength.

    Parameters
    ----------
    criteria
        Criteria in force, by code.
    symbolic
        Knows no value of a threshold.
    place_of
        Gives the place of an entry.
    """
    seen: dict[object, Entry] = {}
    for entry, condition in criteria:
        meaning = symbolic.alternatives(condition.tree)
        if meaning is None:
            continue
        key = (entry.land_type, entry.text("strength"), meaning)
        first = seen.setdefault(key, entry)
        if first is not entry:
            place_of(entry).error(
                "duplicate",
                "when",
                _("says the same as {code} in {file}").format(code=first.code, file=first.file),
                _("leave one of the two out: weak criteria would be counted twice"),
            )
