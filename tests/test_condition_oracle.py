"""Conditions evaluated by DuckDB against a plain evaluator, on random conditions and tables."""

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lowuse_gis.core.conditions import parse_condition
from lowuse_gis.core.evaluation import Evaluator
from oracle.plain_conditions import evaluate

NUMBERS, TEXTS, FLAGS, THRESHOLDS = ("x", "y", "z"), ("s", "u"), ("f", "g"), ("p", "q")
COLUMNS = {*NUMBERS, *TEXTS, *FLAGS}
COMPARISON = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"])
SIGNS = "ab%_'\\ 地块一\n"
LITERALS = ("0", "1", "2", "0.5", "2.50", "1e3", "0.1", "0.30000000000000004", "2147483647",
            "9223372036854775807", "99999999999999999999999999999999999999.5", "1e308")  # fmt: skip
VALUES = (None, math.nan, 0.0, -0.0, 1.0, 2.0, -1.0, 0.5, 0.3, 2147483647.0, 1e308, 5e-324,
          math.inf, -math.inf)  # fmt: skip

text_value = st.text(SIGNS, max_size=4)
number_value = st.sampled_from(VALUES) | st.floats(allow_nan=True, width=64)
row = st.fixed_dictionaries(
    dict.fromkeys((*NUMBERS, *THRESHOLDS), number_value)
    | {name: st.none() | text_value for name in TEXTS}
    | {name: st.sampled_from([True, False, None]) for name in FLAGS}
)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def joined(*parts):
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in parts)).map(" ".join)


def listed(value):
    return st.lists(value, min_size=1, max_size=3).map(", ".join)


number = st.recursive(
    st.sampled_from([*LITERALS, *NUMBERS, *(f":{name}" for name in THRESHOLDS)]),
    lambda inner: (
        joined(inner, st.sampled_from("+-*/"), inner)
        | joined("(", inner, st.sampled_from("+-*/"), inner, ")")
        | joined("-", inner)
    ),
    max_leaves=4,
)
text = text_value.map(quoted) | st.sampled_from(TEXTS)
flag = st.sampled_from(["TRUE", "FALSE", *FLAGS])


def comparisons(column, value):
    negation = st.sampled_from(["", "NOT "])
    return st.one_of(
        joined(column, COMPARISON, value),
        joined(column, negation, "IN (", listed(value), ")"),
        joined(column, negation, "BETWEEN", value, "AND", value),
    )


atom = st.one_of(
    comparisons(st.sampled_from(NUMBERS), number),
    comparisons(st.sampled_from(TEXTS), text),
    joined(st.sampled_from(TEXTS), st.sampled_from(["LIKE", "NOT LIKE"]), text),
    joined(st.sampled_from(FLAGS), st.sampled_from(["=", "<>"]), flag),
)
condition = st.recursive(
    atom,
    lambda inner: (
        joined(inner, st.sampled_from(["AND", "OR"]), inner)
        | joined("(", inner, ")")
        | joined("NOT", inner)
        | joined("NOT (", inner, st.sampled_from(["AND", "OR"]), inner, ")")
    ),
    max_leaves=4,
)


def typed(rows):
    frame = pd.DataFrame(rows)
    types = dict.fromkeys((*NUMBERS, *THRESHOLDS), float) | dict.fromkeys(TEXTS, "str")
    return frame.astype(types | dict.fromkeys(FLAGS, "boolean"))


def outcomes(truth):
    return [None if value is pd.NA else bool(value) for value in truth]


@settings(
    max_examples=220,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(condition, st.lists(row, min_size=1, max_size=5))
@example("x < y - z", [dict.fromkeys("xyz", math.inf) | dict.fromkeys("pqsufg")])
@example("x < 2147483647 + 1", [dict.fromkeys("xyzpqsufg") | {"x": 1.0}])
@example("s NOT LIKE '_'", [dict.fromkeys("xyzpqsufg") | {"s": "地"}])
def test_database_and_plain_evaluator_agree(condition, rows):
    parsed = parse_condition(condition, COLUMNS, set(THRESHOLDS), "here")
    table = typed(rows)
    evaluator = Evaluator(table[sorted(COLUMNS)], table[list(THRESHOLDS)])
    evaluation = evaluator.evaluate(parsed)
    plain = [evaluate(condition, line, line) for line in rows]
    assert outcomes(evaluation.truth) == [truth for truth, _comparisons in plain]
    for number, found in enumerate(evaluation.atoms):
        assert outcomes(found["truth"]) == [comparisons[number] for _truth, comparisons in plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x < 1 AND NOT y > 2 OR z = 3", True),
        ("x < 1 AND (NOT y > 2 OR z = 3)", True),
        ("x NOT IN (1, :p)", None),
        ("x BETWEEN 5 AND :p", False),
        ("s LIKE '%块_'", True),
        ("s LIKE '块%'", False),
        ("x < y / (y - y)", None),
    ],
)
def test_the_plain_evaluator_itself(text, expected):
    row = {"x": 0.0, "y": 1.0, "z": 3.0, "s": "地块一"}
    assert evaluate(text, row, {"p": math.nan})[0] is expected
