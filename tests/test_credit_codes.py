"""Credit codes: judged together, they are judged as one by one."""

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from lowuse_gis.core.credit_codes import SIGNS, credit_code_state

DIGITS, LETTERS = st.sampled_from("0123456789"), st.sampled_from(SIGNS.decode())
NUMBERS = st.tuples(
    st.text(DIGITS, min_size=8, max_size=8), st.text(LETTERS, min_size=9, max_size=9)
)
RIGHT = NUMBERS.map("".join).map(lambda code: code + uscc.calc_check_digit(code))
SPOILT = st.tuples(RIGHT, st.integers(0, 17), st.sampled_from("0AIOSVZ-` é静")).map(
    lambda made: made[0][: made[1]] + made[2] + made[0][made[1] + 1 :]
)
ODD = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(RIGHT, SPOILT, ODD), min_size=1))
@example(["91110000600037341L", "91110000-600037341L", "110000000000001"])
def test_as_the_library_does_one_by_one(codes):
    plain = [code for code in codes if not (len(code) == 15 and code.isdigit())]
    states = credit_code_state(pd.Series(plain, dtype="str")).tolist()
    upper = [code.upper() for code in plain]
    assert [state == "valid" for state in states] == [uscc.is_valid(code) for code in upper]
