"""True, false and None for unknown, joined as SQL joins them."""

from __future__ import annotations


def less(left, right):
    return None if left is None or right is None else left < right


def at_least(left, right):
    return None if left is None or right is None else left >= right


def same(left, right):
    return None if left is None or right is None else left == right


def among(left, names):
    return None if left is None else left in names


def negated(value):
    return None if value is None else not value


def both(left, right):
    """Return left AND right; one false decides whatever the other is."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left, right):
    """Return left OR right; one true decides whatever the other is."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def times(value, factor):
    return None if value is None or factor is None else value * factor


def met(criteria):
    return {code for code, value in criteria.items() if value is True}


def unknown(criteria):
    return {code for code, value in criteria.items() if value is None}


def enough(strong, weak, weak_needed):
    """Tell whether the criteria of low-use land are met, whatever the exclusions are."""
    return bool(met(strong)) or len(met(weak)) >= weak_needed


def verdict_of_criteria(strong, weak, weak_needed):
    """Return the verdict that strong and weak criteria alone give."""
    if enough(strong, weak, weak_needed):
        return "low_use"
    possible_strong = any(value is not False for value in strong.values())
    possible_weak = sum(value is not False for value in weak.values())
    if not possible_strong and possible_weak < weak_needed:
        return "not_low_use"
    return "undetermined"
