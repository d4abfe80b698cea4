"""Check rows of partitions: some codes at a time are the same rows as all at once."""

import pandas as pd
import pytest

from lowuse_gis.commands.partitioned.check_lines import CHECKS, check_batches
from lowuse_gis.io.check_rows import catalogued
from lowuse_gis.io.partitions import write_frame
from lowuse_gis.measures.measured import check_rows

ORDER = pd.Series([2, 0, 1], index=["1:3", "1:1", "1:2"])


@pytest.fixture
def judged(tmp_path):
    """Two partitions: both say the same of no parcel, one of them says it twice."""
    of_both = check_rows("6101", pd.Series(["", ""]), note="cell B2", cell="B2")
    parts = {
        "a": [check_rows("3405", pd.Series(["1:3", "1:1"]), value=[1.0, 2.0]), of_both],
        "b": [of_both.iloc[:1], check_rows("4103", pd.Series(["1:2"]))],
    }
    for name, frames in parts.items():
        (tmp_path / name).mkdir()
        write_frame(tmp_path / name / CHECKS, pd.concat(frames, ignore_index=True))
    return {name: tmp_path / name for name in parts}


OWN = (check_rows("3405", pd.Series(["1:2"]), value=[3.0]), check_rows("1101", pd.Series([""])))


@pytest.mark.parametrize("most", [1, 4, 100])
def test_rows_come_by_code_and_by_the_place_of_their_parcels(judged, most):
    batches = list(check_batches(OWN, judged, ORDER, most))
    rows = pd.concat(batches).sort_values("code", kind="stable")
    assert rows["code"].tolist() == ["1101", "3405", "3405", "3405", "4103", "6101", "6101"]
    assert rows["row"].tolist() == ["", "1:1", "1:2", "1:3", "1:2", "", ""]
    assert rows["value"].tolist()[1:4] == [2.0, 3.0, 1.0]


def test_codes_of_a_batch_are_in_no_other_and_small_ones_share_one(judged):
    codes = [set(batch["code"]) for batch in check_batches(OWN, judged, ORDER, 4)]
    assert codes == [{"1101", "3405"}, {"4103"}, {"6101"}]


def test_without_rows_there_is_no_batch(tmp_path):
    write_frame(tmp_path / CHECKS, check_rows("3405", pd.Series([], dtype="str")))
    assert list(check_batches([], {"a": tmp_path}, ORDER)) == []


def test_where_rows_were_found_does_not_order_them(rulebook):
    codes = pd.Series(["c3", "c1"], index=["1:9", "1:1"])
    notes = ["b × c", "a × d", "a × d"]
    loose = check_rows("4106", pd.Series(["", "", ""]), note=notes, x=[1.0, 3.0, 2.0])
    told = check_rows("6101", pd.Series(["", ""]), note=["z", "y"], file="t.csv", cell=["B2", "A3"])
    bound = check_rows("4106", pd.Series(["1:1", "1:9", "1:1"]), note=["p", "q", "o"])
    one = catalogued(pd.concat([loose, told, bound], ignore_index=True), codes, rulebook)
    parts = [told, bound.iloc[[1]], loose.iloc[[2]], bound.iloc[[0, 2]], loose.iloc[:2]]
    assert catalogued(pd.concat(parts), codes, rulebook).equals(one)
    assert one["note"].tolist() == ["q", "p", "o", "a × d", "a × d", "b × c", "z", "y"]
    assert one["x"].tolist()[3:6] == [2.0, 3.0, 1.0]
