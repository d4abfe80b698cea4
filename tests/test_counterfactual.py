"""The smallest change, tried out: judged again with the changed values, the verdict flips."""

import numpy as np
import pytest

from lowuse_gis.core.counterfactual import Reason, flip, size, smallest


def reason(code, strength, when, *atoms):
    """Make a reason of (truth, value, limit) per atom; all of a conjunction."""
    truths = [a[0] for a in atoms]
    truth = False if False in truths else None if None in truths else True
    values, limits = (tuple(a[i] for a in atoms) for i in (1, 2))
    return Reason(code, strength, when, truth, tuple(truths), values, limits)


LOW_RATIO = reason("S", "strong", "ratio < 0.42", (True, 0.3, 0.42))
WEAK_RATIO = reason("W1", "weak", "ratio < 0.7", (True, 0.3, 0.7))
WEAK_TAX = reason("W2", "weak", "tax < 5", (True, 1.0, 5.0))


def test_one_value_may_decide_several_criteria():
    changes, would_be = flip("low_use", [LOW_RATIO, WEAK_RATIO, WEAK_TAX], 2)
    assert would_be == "not_low_use"
    assert [(c.measure, c.operator, c.limit) for c in changes] == [("ratio", ">=", 0.7)]


def test_the_nearest_way_is_taken():
    near = reason("W2", "weak", "tax < 5", (True, 4.9, 5.0))
    changes, _would_be = flip("low_use", [WEAK_RATIO, near], 2)
    assert [c.measure for c in changes] == ["tax"]


def test_towards_low_use():
    strong = reason("S", "strong", "idle >= 12", (False, 2.0, 12.0))
    weak = reason("W1", "weak", "ratio < 0.7", (False, 0.71, 0.7))
    changes, would_be = flip("not_low_use", [strong, weak, WEAK_TAX], 2)
    assert would_be == "low_use"
    assert [c.criterion for c in changes] == ["W1"]
    alone, _would_be = flip("not_low_use", [weak], 2)
    assert alone is None  # one weak criterion is never enough


def test_unknown_values_cannot_be_changed():
    unknown = reason("S", "strong", "idle >= 12", (None, np.nan, 12.0))
    assert smallest(unknown, wanted=True) is None
    assert flip("undetermined", [unknown], 2) == (None, "undetermined")


@pytest.mark.parametrize(
    ("when", "atoms", "wanted", "expected"),
    [
        ("a < 5 AND b < 5", [(False, 6.0, 5.0), (False, 7.0, 5.0)], True, ["a", "b"]),
        ("a < 5 OR b < 5", [(False, 6.0, 5.0), (False, 9.0, 5.0)], True, ["a"]),
        ("a < 5 AND b < 5", [(True, 1.0, 5.0), (True, 4.0, 5.0)], False, ["b"]),
        ("NOT (a < 5 OR b < 5)", [(True, 1.0, 5.0), (True, 4.0, 5.0)], True, ["a", "b"]),
        ("k = 'x' AND a > 5", [(True, np.nan, np.nan), (False, 1.0, 5.0)], True, ["a"]),
    ],
)
def test_conditions_of_several_atoms(when, atoms, wanted, expected):
    way = smallest(reason("X", "weak", when, *atoms), wanted=wanted)
    assert sorted(c.measure for c in way) == expected
    assert size(way) > 0
