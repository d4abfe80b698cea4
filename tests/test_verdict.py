"""The verdict formula against its definition, spelled out for every small tally."""

from itertools import product

import numpy as np

from lowuse_gis.core.verdict import Tally, judge


def worlds(truths):
    """Return every way the unknown ones may turn out."""
    return product(*[[t] if t is not None else [False, True] for t in truths])


def plain_verdict(strong, weak, excluding, needed):
    """Say the formula of the design in words, one parcel at a time."""
    if True in excluding:
        return "excluded"
    met = True in strong or weak.count(True) >= needed
    if met and all(e is False for e in excluding):
        return "low_use"
    possible = True in strong or None in strong or weak.count(True) + weak.count(None) >= needed
    return "undetermined" if possible else "not_low_use"


def test_every_small_tally_agrees_with_the_definition():
    values = [True, False, None]
    cases = list(
        product(product(values, repeat=2), product(values, repeat=3), product(values, repeat=1))
    )
    strong, weak, excluding = (np.array([c[i] for c in cases], dtype=object) for i in range(3))

    def count(truths, wanted):
        return np.array([sum(t is wanted for t in row) for row in truths])

    tally = Tally(
        count(strong, True), count(strong, None), count(weak, True), count(weak, None),
        count(excluding, True), count(excluding, None), np.full(len(cases), 2.0),
    )  # fmt: skip
    yes, no = np.ones(len(cases), bool), np.zeros(len(cases), bool)
    verdict, leaning = judge(tally, type_known=yes, in_scope=yes, small=no)
    unsized, _leaning = judge(tally, type_known=yes, in_scope=yes, small=no, small_unknown=yes)
    assert set(unsized) == {"excluded", "undetermined"}  # it may be too small
    assert (unsized == "excluded").tolist() == (verdict == "excluded").tolist()
    for case, found, leans in zip(cases, verdict, leaning, strict=True):
        s, w, e = (list(part) for part in case)
        assert found == plain_verdict(s, w, e, 2), case
        met = True in s or w.count(True) >= 2
        assert leans == (found == "undetermined" and met), case


def test_a_sure_verdict_holds_in_every_world():
    """What is called low-use or not low-use stays so however the unknown turns out."""
    values = [True, False, None]
    for strong, weak in product(product(values, repeat=2), product(values, repeat=2)):
        found = plain_verdict(list(strong), list(weak), [False], 2)
        outcomes = {
            plain_verdict(list(s), list(w), [False], 2)
            for s in worlds(strong)
            for w in worlds(weak)
        }
        if found != "undetermined":
            assert outcomes == {found}
        else:
            assert len(outcomes) == 2


def test_unknown_and_foreign_types():
    zero = np.zeros(3, dtype=int)
    tally = Tally(zero + 1, zero, zero, zero, zero, zero, np.full(3, 2.0))
    verdict, _leaning = judge(
        tally,
        type_known=np.array([False, True, True]),
        in_scope=np.array([False, False, True]),
        small=np.array([False, False, True]),
    )
    assert verdict.tolist() == ["undetermined", "excluded", "too_small"]
