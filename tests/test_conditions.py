"""The grammar of criteria, and its traps."""

import pandas as pd
import pytest

from lowuse_gis.core.conditions import parse_condition, parsed_criteria
from lowuse_gis.core.evaluation import Evaluator
from lowuse_gis.errors import RuleError

COLUMNS, THRESHOLDS = {"a", "b", "name"}, {"t"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a < 5万", "glued"),
        ("a ＜ 5", "full-width"),
        ("a = ‘x’", "full-width"),
        ("a < 5; DROP TABLE x", "more than one statement"),
        ("a", "not a comparison"),
        ("a IS NULL", "not a comparison"),
        ("abs(a) < 5", "one column"),
        ("a < abs(b)", "not allowed"),
        ("a < COALESCE(b, 0)", "not allowed"),
        ("a < (SELECT 1)", "not allowed"),
        ("CASE WHEN a < 1 THEN TRUE END = TRUE", "one column"),
        ("a <", "not a condition"),
        ("c < 1", "unknown column"),
        ("t.a < 1", "not allowed"),
        ("a < :u", "unknown threshold"),
    ],
)
def test_what_the_grammar_refuses(text, said):
    with pytest.raises(RuleError, match="here") as error:
        parse_condition(text, COLUMNS, THRESHOLDS, "here")
    assert said in error.value.message
    assert error.value.hint


def test_full_width_signs_are_corrected_in_the_hint():
    with pytest.raises(RuleError) as error:
        parse_condition("a ＜ 5", COLUMNS, THRESHOLDS, "here")
    assert "a < 5" in error.value.hint


def test_near_names_are_suggested():
    with pytest.raises(RuleError) as error:
        parse_condition("plot_ration < 1", {"plot_ratio"}, set(), "here")
    assert "plot_ratio" in error.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", [True, False, None, None]),
        ("NOT a < b", [False, True, None, None]),
        ("a < b OR name = 'x'", [True, True, True, None]),
        ("a < b AND name = 'x'", [True, False, None, None]),
        ("a BETWEEN 1 AND :t", [True, True, None, True]),
        ("a IN (1, 9)", [True, False, None, True]),
        ("name LIKE 'x%'", [True, True, True, None]),
        ("a < b / 0", [None, None, None, None]),
        ("name <> 'x'", [False, False, False, None]),
        ("a < (- :t + b + 3)", [True, False, None, None]),
    ],
)
def test_truth_is_three_valued(text, expected):
    table = pd.DataFrame(
        {
            "a": [1.0, 2.0, float("nan"), 1.0],
            "b": [2.0, 1.0, 1.0, float("nan")],
            "name": ["x", "x", "x", None],
        }
    )
    condition = parse_condition(text, COLUMNS, THRESHOLDS, "here")
    truth = Evaluator(table, pd.DataFrame({"t": [2.0] * 4})).evaluate(condition).truth
    assert [None if value is pd.NA else bool(value) for value in truth] == expected


def test_not_like_is_a_comparison_of_its_own():
    (atom,) = parse_condition("name NOT LIKE 'x%'", COLUMNS, THRESHOLDS, "here").atoms
    assert atom.operator == "not like"


def test_every_criterion_of_the_district_parses(rulebook):
    conditions = parsed_criteria(rulebook)
    assert set(conditions) == {criterion.code for criterion in rulebook.criteria}
    assert all(condition.atoms for condition in conditions.values())
