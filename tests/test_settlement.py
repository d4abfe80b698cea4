"""What would settle a parcel, held against every way its unknown criteria can come out."""

from itertools import product

import numpy as np
import pytest

from lowuse_gis.core.counterfactual import Reason, flip
from lowuse_gis.core.settlement import settle, verdict_with

NAN = float("nan")


def reasons_of(truths):
    """Make a criterion of each strength and truth given."""
    return [
        Reason(f"{s[0]}{n}", s, "a < 1", truth, (truth,), (NAN,), (1.0,))
        for n, (s, truth) in enumerate(truths)
    ]


def random_reasons(seed):
    random = np.random.default_rng(seed)
    strengths = random.choice(["strong", "weak", "weak", "exclusion"], 7)
    truths = [[True, False, None][k] for k in random.choice(3, 7, p=[0.2, 0.4, 0.4])]
    truths = [t and s != "exclusion" if t else t for s, t in zip(strengths, truths, strict=True)]
    return reasons_of(zip(strengths, truths, strict=True))


def completions(reasons):
    """Return every way the unknown criteria can come out."""
    unknown = [r for r in reasons if r.truth is None]
    for outcome in product([True, False], repeat=len(unknown)):
        yield dict(zip([r.code for r in unknown], outcome, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_against_every_completion(seed):
    reasons, needed = random_reasons(seed), 2
    found = settle(reasons, needed)
    weak = [o.criterion for o in found.weak]
    strong = [o.criterion for o in found.strong]
    for outcome in completions(reasons):
        verdict = verdict_with(reasons, needed, outcome)
        out = any(outcome[o.criterion] for o in found.exclusions)
        said_low = (
            found.weak_to_meet == 0
            or any(outcome[c] for c in strong)
            or (
                found.weak_to_meet is not None
                and sum(outcome[c] for c in weak) >= found.weak_to_meet
            )
        )
        said_not = (
            found.weak_to_miss is not None
            and not any(outcome[c] for c in strong)
            and sum(not outcome[c] for c in weak) >= found.weak_to_miss
        )
        assert (verdict == "excluded") == out
        if not out:
            assert (verdict == "low_use") == said_low
            assert (verdict == "not_low_use") == said_not
    for option in (*found.strong, *found.weak, *found.exclusions):
        assert option.if_met == verdict_with(reasons, needed, {option.criterion: True})


def test_an_excluded_parcel_would_be_what_the_rest_says():
    gone = Reason("X", "exclusion", "a >= 0.5", True, (True,), (0.6,), (0.5,))
    low = Reason("S", "strong", "b < 1", True, (True,), (0.2,), (1.0,))
    change, would_be = flip("excluded", [gone, low], 2)
    assert [c.measure for c in change] == ["a"]
    assert would_be == "low_use"
    open_ = Reason("Y", "exclusion", "c = TRUE", None, (None,), (NAN,), (NAN,))
    assert flip("excluded", [gone, low, open_], 2)[1] == "undetermined"
    assert flip("excluded", [gone], 2)[1] == "not_low_use"
