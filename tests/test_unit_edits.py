"""What planners change by hand: replayed on every run, listed where it no longer fits."""

import pytest
import shapely

import tiny
from drawing import edited, judged, road, together

ROW = [tiny.lot(100 * n, 0) for n in range(4)]  # one unit of four lots


def states(found):
    return found.edits["why"].tolist()


def across(x):
    """A cutting line through the row, x metres from its west end."""
    west, south = tiny.ORIGIN
    return shapely.LineString([(west + x, south - 50), (west + x, south + 200)]).wkt


def test_without_edits_the_row_is_one_unit():
    found = edited(judged(ROW))
    assert together(found) == [[1, 2, 3, 4]]
    assert len(found.edits) == 0


def test_pinned_land_is_taken_in_though_it_is_not_worth_its_border():
    lots = [tiny.lot(0, 0), tiny.lot(4000, 0, 5000, 2.4)]
    assert together(edited(judged(lots))) == [[1]]
    found = edited(judged(lots), ("pin", [2], ""))
    assert together(found) == [[1], [2]]
    assert states(found) == [""]
    assert found.blocks["objective"].min() < 0  # told as it is, not as the pin would have it
    assert (found.blocks["upper_bound"] >= found.blocks["objective"]).all()


def test_a_pin_that_no_unit_can_hold_is_listed():
    found = edited(judged([tiny.lot(0, 0, 20, 20), tiny.lot(900, 0)]), ("pin", [1], ""))
    assert together(found) == [[2]]
    assert states(found) == ["not_in_unit"]


def test_forbidden_land_is_in_no_unit_and_has_a_reason():
    found = edited(judged(ROW), ("forbid", [3], ""))
    assert together(found) == [[1, 2], [4]]
    assert found.left_out["reason"].tolist() == ["forbidden"]


def test_a_line_parts_a_unit():
    found = edited(judged(ROW), ("split", [1], across(200)))
    assert together(found) == [[1, 2], [3, 4]]
    assert found.units["area"].tolist() == [20_000, 20_000]
    assert found.units["unit_id"].is_unique


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (across(900), "line_misses"),
        ("POINT (1 1)", "no_line"),
        ("nonsense", "no_line"),
        (None, "no_line"),
    ],
)
def test_a_line_that_parts_nothing_changes_nothing(line, why):
    found = edited(judged(ROW), ("split", [1], line))
    assert together(found) == [[1, 2, 3, 4]]
    assert states(found) == [why]


def test_a_part_below_the_least_area_is_refused_by_how_much():
    found = edited(judged(ROW), ("split", [1], across(100)), minimum_area=15_000.0)
    assert together(found) == [[1, 2, 3, 4]]
    assert found.edits[["why", "value", "limit"]].iloc[0].tolist() == ["too_small", 10_000, 15_000]


def test_what_was_parted_can_be_merged_again():
    found = edited(judged(ROW), ("split", [1], across(200)), ("merge", [1, 4], ""))
    assert together(found) == [[1, 2, 3, 4]]
    assert states(found) == ["", ""]


@pytest.mark.parametrize(
    ("lots", "line", "values", "why"),
    [
        ([tiny.lot(0, 0), tiny.lot(500, 0)], None, {}, "other_block"),
        ([tiny.lot(0, 0), tiny.lot(120, 0)], 110, {}, "other_block"),
        ([tiny.lot(0, 0), tiny.lot(100, 0)], None, {}, "same_unit"),
        ([tiny.lot(0, 0), tiny.lot(100, 0)], None, {"maximum_area": 15_000.0}, "too_large"),
        ([tiny.lot(0, 0), tiny.lot(100, 0, 10, 10)], 100, {}, "not_in_unit"),
    ],
)
def test_merging_keeps_barriers_and_limits(lots, line, values, why):
    lines = road(line) if line else None
    before = edited(judged(lots), lines_between=lines, **values)
    found = edited(judged(lots), ("merge", [1, 2], ""), lines_between=lines, **values)
    assert together(found) == together(before)
    assert states(found) == [why]


def test_a_name_stays_with_the_parcels():
    found = edited(judged(ROW), ("rename", [2], "北片"))
    assert found.units["name"].tolist() == ["北片"]
    again = edited(judged(ROW)[::-1], ("rename", [2], "北片"))
    assert again.units["name"].tolist() == ["北片"]
    assert again.units["unit_id"].tolist() == found.units["unit_id"].tolist()


def test_edits_that_contradict_each_other_are_both_listed():
    found = edited(judged(ROW), ("pin", [1], ""), ("forbid", [1, 2], ""))
    assert together(found) == [[1, 2, 3, 4]]
    assert states(found) == ["contradiction", "contradiction"]
    found = edited(judged(ROW), ("rename", [1], "甲"), ("rename", [2], "乙"))
    assert states(found) == ["contradiction", "contradiction"]
    assert found.units["name"].tolist() == [""]


def test_edits_that_no_longer_fit_are_listed_not_guessed():
    found = edited(
        judged(ROW), ("pin", [9], ""), ("paint", [1], ""), ("rename", [1], " "), ("merge", [], "")
    )
    assert states(found) == ["unknown_parcel", "unknown_edit", "no_name", "unknown_parcel"]
    assert together(found) == [[1, 2, 3, 4]]


def test_the_ledger_is_read_and_replayed(lowuse, refused, tmp_path, low_use_result):
    (tmp_path / "ledgers").mkdir()
    ledger = tmp_path / "ledgers" / "edits.csv"
    code = tiny.code(1)
    ledger.write_bytes(f"编辑,宗地代码,名称,编辑人\n命名,{code},北片,甲\n".encode("gb18030"))
    options = ("--ledgers", tmp_path / "ledgers", "-o", tmp_path / "u.gpkg")
    status, out, err = lowuse("units", low_use_result, *options)
    assert status == 0, err
    assert "北片" in out
    first = (tmp_path / "u.gpkg").read_bytes()
    status, _out, err = lowuse("units", low_use_result, *options, "--overwrite")
    assert status == 0, err
    assert (tmp_path / "u.gpkg").read_bytes() == first
    ledger.write_text("编辑\n固定\n", encoding="utf-8")
    error, _hint = refused("units", low_use_result, *options, "--overwrite")
    assert "edits.csv" in error
    assert (tmp_path / "u.gpkg").read_bytes() == first
