"""The grammar of rules/README.md read and evaluated one row at a time, three-valued, by hand.

True, False or None for unknown. Missing is None or NaN; a number divided by zero, and what is not
a number (∞ − ∞), is missing. Written from the grammar alone; nothing of the program is used.
"""

import math
import re

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<threshold>:\w+)|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|<>|[<>=(),+\-*/]))",
    re.DOTALL,
)
WORDS = {"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "TRUE", "FALSE"}


def evaluate(text, row, thresholds):
    """Return the truth of a condition for one row, and that of each comparison in order."""
    reading = Reading(tokens(text), row, thresholds)
    truth = reading.either()
    assert reading.at == len(reading.tokens), text
    return truth, reading.comparisons


def tokens(text):
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        assert match, text[at:]
        kind = match.lastgroup
        value = match[kind]
        word = value.upper()
        found.append(("word", word) if kind == "word" and word in WORDS else (kind, value))
        at = match.end()
    return found


class Reading:
    """Reads and evaluates in one go; nothing is left out, so that every comparison is seen."""

    def __init__(self, found, row, thresholds):
        self.tokens, self.at = found, 0
        self.row, self.thresholds = row, thresholds
        self.comparisons = []

    def next_is(self, *values):
        return self.at < len(self.tokens) and self.tokens[self.at][1] in values

    def take(self, value=None):
        kind, found = self.tokens[self.at]
        assert value is None or found == value, (found, value)
        self.at += 1
        return kind, found

    def either(self):
        truth = self.both()
        while self.next_is("OR"):
            self.take()
            truth = disjunction(truth, self.both())
        return truth

    def both(self):
        truth = self.negation()
        while self.next_is("AND"):
            self.take()
            truth = conjunction(truth, self.negation())
        return truth

    def negation(self):
        if self.next_is("NOT"):
            self.take()
            return opposite(self.negation())
        if self.next_is("("):
            self.take()
            truth = self.either()
            self.take(")")
            return truth
        return self.comparison()

    def comparison(self):
        left = self.leaf()
        negated = self.next_is("NOT")
        if negated:
            self.take()
        _kind, operator = self.take()
        number = len(self.comparisons)
        self.comparisons.append(None)
        truth = self.compared(left, operator)
        # NOT LIKE is a comparison of its own; NOT IN and NOT BETWEEN are NOT over one
        self.comparisons[number] = opposite(truth) if negated and operator == "LIKE" else truth
        return opposite(truth) if negated else truth

    def compared(self, left, operator):
        if operator == "IN":
            self.take("(")
            truth = equal(left, self.sum())
            while self.next_is(","):
                self.take()
                truth = disjunction(truth, equal(left, self.sum()))
            self.take(")")
            return truth
        if operator == "BETWEEN":
            low = self.sum()
            self.take("AND")
            return conjunction(ordered(low, left), ordered(left, self.sum()))
        right = self.sum()
        if operator == "LIKE":
            return None if left is None or right is None else fits(left, right)
        if left is None or right is None:
            return None
        return {
            "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
            "=": left == right, "<>": left != right,
        }[operator]  # fmt: skip

    def sum(self):
        value = self.product()
        while self.next_is("+", "-"):
            _kind, sign = self.take()
            other = self.product()
            value = computed(value, other, lambda a, b, s=sign: a + b if s == "+" else a - b)
        return value

    def product(self):
        value = self.factor()
        while self.next_is("*", "/"):
            _kind, sign = self.take()
            other = self.factor()
            value = computed(value, other, multiplied if sign == "*" else divided)
        return value

    def factor(self):
        if self.next_is("-"):
            self.take()
            value = self.factor()
            return None if value is None else -value
        if self.next_is("("):
            self.take()
            value = self.sum()
            self.take(")")
            return value
        return self.leaf()

    def leaf(self):
        kind, value = self.take()
        if kind == "number":
            return float(value)
        if kind == "text":
            return value[1:-1].replace("''", "'")
        if kind == "threshold":
            return known(self.thresholds[value[1:]])
        return {"TRUE": True, "FALSE": False}[value] if value in WORDS else known(self.row[value])


def known(value):
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value


def computed(left, right, operation):
    if left is None or right is None:
        return None
    value = operation(left, right)
    return None if value is None or math.isnan(value) else value


def multiplied(left, right):
    return left * right


def divided(left, right):
    return None if right == 0 else left / right


def opposite(truth):
    return None if truth is None else not truth


def conjunction(one, other):
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def disjunction(one, other):
    return opposite(conjunction(opposite(one), opposite(other)))


def equal(left, right):
    return None if left is None or right is None else left == right


def ordered(low, high):
    return None if low is None or high is None else low <= high


def fits(text, pattern):
    """Say whether a text fits a pattern: % is any characters, _ is one."""
    reached = {0}
    for sign in pattern:
        if sign == "%":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(text) and (sign in ("_", text[at]))}
    return len(text) in reached
