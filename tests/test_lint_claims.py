"""What lint claims of a condition holds for every value: DuckDB evaluates the same conditions."""

import random
from itertools import product

import pandas as pd
import pytest
from sqlglot import exp

from lowuse_gis.core.conditions import Condition, grammatical
from lowuse_gis.core.evaluation import Evaluator
from lowuse_gis.core.lint.faults import Place
from lowuse_gis.core.lint.formula import NEVER, Formulas
from lowuse_gis.core.lint.logic import lint_logic, needless

NUMBERS = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
TEXTS = ["", "a", "ab", "abc", "b", "ba", "c"]
KINDS = {"x": "number", "y": "number", "s": "text", "f": "flag"}


@pytest.fixture(scope="module")
def evaluator():
    rows = list(product(NUMBERS, NUMBERS[::2], TEXTS, [True, False]))
    table = pd.DataFrame(rows, columns=list("xysf")).astype({"f": "boolean"})
    return Evaluator(table, pd.DataFrame({"t": [2.0] * len(table)}))


def atom(chance):
    number = chance.choice(["1", "2", "3", "1 + 1", "6 / 2", ":t", ":t * 0.5", "y", "y + 1"])
    text = chance.choice(["'a'", "'ab'", "'b'", "'c'"])
    like = chance.choice(["'a%'", "'ab%'", "'b_'", "'%b'", "'b%'"])
    return chance.choice(
        [
            f"x {chance.choice(['<', '<=', '>', '>=', '=', '<>'])} {number}",
            f"x {chance.choice(['<', '<=', '>', '>='])} {number}",
            f"y {chance.choice(['<', '>=', '='])} x",
            f"x {chance.choice(['', 'NOT '])}BETWEEN {chance.choice('123')} AND {number}",
            f"x {chance.choice(['', 'NOT '])}IN (1, {number})",
            f"s {chance.choice(['=', '<>', '<', '>='])} {text}",
            f"s {chance.choice(['', 'NOT '])}IN ({text}, 'b')",
            f"s {chance.choice(['', 'NOT '])}LIKE {like}",
            f"f {chance.choice(['=', '<>'])} {chance.choice(['TRUE', 'FALSE'])}",
        ]
    )


def condition(chance, depth=0):
    if depth > 2 or chance.random() < 0.25:
        return atom(chance)
    left, right = condition(chance, depth + 1), condition(chance, depth + 1)
    text = f"({left} {chance.choice(['AND', 'AND', 'OR'])} {right})"
    return f"NOT {text}" if chance.random() < 0.2 else text


@pytest.mark.parametrize("seed", range(3))
def test_claims_hold_for_every_value(evaluator, seed):
    chance, said = random.Random(seed), []
    formulas = Formulas({"t": 2}, KINDS.__getitem__)
    for _round in range(40):
        parsed = grammatical(condition(chance), "here")
        place = Place("file", "code")
        lint_logic(parsed, formulas, formulas, place)
        truth = evaluator.evaluate(parsed).truth
        kinds = {fault.kind for fault in place.found}
        said += kinds
        if "contradictory" in kinds:
            assert not truth.any(), parsed.text
        elif "tautology" in kinds:
            assert truth.all(), parsed.text
        elif kinds:
            shorter = without(parsed, needless(parsed, formulas))
            assert evaluator.evaluate(shorter).truth.equals(truth), parsed.text
    assert {"contradictory", "tautology", "implied"} & set(said)


def without(parsed, constants):
    """Put a sure comparison in place of each needless one."""
    tree = exp.Paren(this=parsed.tree.copy())
    nodes = [atom.node for atom in Condition("", tree).atoms]
    for position, value in constants.items():
        sure = "(x > 0 OR x <= 0)" if value else "(x > 0 AND x <= 0)"
        nodes[position].replace(grammatical(sure, "here").tree.copy())
    return Condition(tree.sql(dialect="duckdb"), tree)


def test_bounds_of_one_column_are_always_seen_through(evaluator):
    chance, formulas = random.Random(11), Formulas({"t": 2}, KINDS.__getitem__)
    never = 0
    for _round in range(120):
        signs = [chance.choice(["<", "<=", ">", ">=", "=", "<>"]) for _atom in range(3)]
        text = " AND ".join(f"x {sign} {chance.choice('123')}" for sign in signs)
        parsed = grammatical(text, "here")
        possible = bool(evaluator.evaluate(parsed).truth.any())
        assert possible == (formulas.alternatives(parsed.tree) != NEVER), text
        never += not possible
    assert never > 20
