"""What would change a verdict, and what would settle one that is open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lowuse_gis.console.reasons import limit_of, nothing
from lowuse_gis.core.verdict import LOW_USE, NOT_LOW_USE
from lowuse_gis.core.wording import written_number
from lowuse_gis.language import _, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowuse_gis.console.labels import Labels
    from lowuse_gis.core.counterfactual import Change
    from lowuse_gis.core.settlement import Option
    from lowuse_gis.stages.explain import Explanation


def change_sentence(changes: Sequence[Change], would_be: str, labels: Labels) -> str:
    """Write the smallest change that gives another verdict.

    Parameters
    ----------
    changes, would_be, labels
        All of these together, the verdict after them, and what codes are called.

    Returns
    -------
    str
    """
    parts = []
    for change in changes:
        if math.isnan(change.limit) or math.isnan(change.value):
            parts.append(_("{measure} were another").format(measure=labels.column(change.measure)))
            continue
        unit = labels.unit(change.measure)
        parts.append(
            _("{measure} were {sign} {limit} (now {value}, {gap} away)").format(
                measure=labels.column(change.measure),
                sign=change.operator,
                limit=written_number(change.limit, unit),
                value=written_number(change.value, unit),
                gap=written_number(abs(change.limit - change.value), unit),
            )
        )
    return _("Smallest change: it would be {verdict} if {parts}.").format(
        verdict=labels.code("verdict", would_be), parts=_(" and ").join(dict.fromkeys(parts))
    )


def settlement_sentences(explanation: Explanation, labels: Labels) -> list[str]:
    """Write what would settle an undetermined parcel, and in which direction.

    Parameters
    ----------
    explanation, labels
        The reasoning, and what codes are called.

    Returns
    -------
    list of str
        Empty where the verdict stands.
    """
    found = explanation.settlement
    if found is None:
        return []
    lines = [*_towards_low_use(explanation, labels), *_towards_not(explanation, labels)]
    if found.exclusions:
        lines.append(_("It is out if one of these holds:"))
        lines += [f"  · {_open_atoms(explanation, o, labels)}" for o in found.exclusions]
    return [_("What would settle it:"), *lines]


def _towards_low_use(explanation: Explanation, labels: Labels) -> list[str]:
    found = explanation.settlement
    if found is None:
        return []
    if found.weak_to_meet == 0:
        return [_("Low-use once every exclusion below is known not to hold.")]
    lines = [_("Towards low-use, one of these is enough:")]
    lines += [f"  · {_open_atoms(explanation, o, labels)}" for o in found.strong]
    if found.weak_to_meet is not None:
        lines.append("  · " + _("{count} more of these:").format(count=found.weak_to_meet))
        lines += [f"      {_open_atoms(explanation, o, labels)}" for o in found.weak]
    return lines if len(lines) > 1 else []


def _towards_not(explanation: Explanation, labels: Labels) -> list[str]:
    found = explanation.settlement
    if found is None or found.weak_to_miss is None:
        return []
    all_weak = found.weak_to_miss == len(found.weak)
    none = [*found.strong, *(found.weak if all_weak else ())]
    parts = []
    if none:
        codes = "、".join(option.criterion for option in none)
        parts.append(_("none of {codes} holds").format(codes=codes))
    if found.weak_to_miss and not all_weak:
        codes = "、".join(option.criterion for option in found.weak)
        parts.append(
            _("at least {count} of {codes} do not hold").format(
                count=found.weak_to_miss, codes=codes
            )
        )
    verdict = labels.code("verdict", NOT_LOW_USE)
    return [
        _("{verdict} if {parts}.").format(verdict=verdict, parts=_(" and ").join(parts))
    ] if parts else []  # fmt: skip


def _open_atoms(explanation: Explanation, option: Option, labels: Labels) -> str:
    """Write an unknown criterion: the comparisons that are open, and what either outcome gives."""
    lines = explanation.findings[explanation.findings["criterion"] == option.criterion]
    open_ = lines[lines["atom_truth"] == "unknown"]
    text = "；".join(_compared(line, labels) for line in open_.to_dict("records"))
    title = pick(lines.iloc[0]["title"], lines.iloc[0]["title_en"] or "")
    ends = []
    if option.if_met == LOW_USE:
        ends.append(_("met: {verdict}").format(verdict=labels.code("verdict", option.if_met)))
    if option.if_unmet in {LOW_USE, NOT_LOW_USE}:
        verdict = labels.code("verdict", option.if_unmet)
        ends.append(_("not met: {verdict}").format(verdict=verdict))
    return f"{option.criterion} {title}：{text}" + (f"（{'，'.join(ends)}）" if ends else "")


def _compared(line: dict[str, object], labels: Labels) -> str:
    measure = str(line["measure"])
    unit = "" if nothing(line["limit"]) else labels.unit(measure)
    return f"{labels.column(measure)} {limit_of(line, labels)} {unit}".rstrip()


def plain_settlement(explanation: Explanation) -> dict[str, object] | None:
    """Return what would settle a parcel as plain data.

    Parameters
    ----------
    explanation
        The reasoning.

    Returns
    -------
    dict, or None
    """
    found = explanation.settlement
    if found is None:
        return None
    return {
        "strong": [vars(option) for option in found.strong],
        "weak": [vars(option) for option in found.weak],
        "exclusions": [vars(option) for option in found.exclusions],
        "weak_to_meet": found.weak_to_meet,
        "weak_to_miss": found.weak_to_miss,
    }
