"""Ground and limits on which no unit can be, hardly one, or that is not whole."""

import geopandas as gpd
import pytest
import shapely

import tiny
from drawing import drawn, edited, judged, road, surveyed, together
from lowuse_gis.errors import RuleError
from lowuse_gis.io.rulebook import read_rulebook


def told(found):
    return found.left_out.set_index("row")[["reason", "value", "limit"]].to_numpy().tolist()


def test_one_low_use_parcel_is_a_unit_by_itself():
    others = ["not_low_use", "undetermined"]
    lots = [tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(0, 100)]
    found = drawn(judged(lots, verdict=["low_use", *others]))
    assert found.members["row"].tolist() == ["1:1"]
    assert found.units["area"].tolist() == [10_000.0]
    assert found.left_out.empty
    assert found.blocks["gap"].tolist() == [0]
    alone = drawn(judged(lots[:1]))
    assert alone.units["unit_id"].tolist() == found.units["unit_id"].tolist()


def test_without_low_use_parcels_units_and_plan_are_empty_and_whole(lowuse, parcels, tmp_path):
    result, units, plan = (tmp_path / f"{name}.gpkg" for name in ("r", "u", "p"))
    for command in (
        ("classify", parcels, "-o", result, "-q"),
        ("units", result, "-o", units),
        ("plan", result, units, "--year", "2025", "-o", plan),
    ):
        code, _said, err = lowuse(*command)
        assert code == 0, err
    for file, layers in (
        (units, ("units", "members", "left_out", "blocks", "checks", "edits")),
        (plan, ("projects", "ranking", "key_areas", "points", "pathways")),
    ):
        assert {name: len(gpd.read_file(file, layer=name)) for name in layers} == dict.fromkeys(
            layers, 0
        )


ISLANDS = [(0, 0), (5_000, 0)]


def test_what_the_survey_does_not_hold_together_is_parted():
    lots = [tiny.lot(x + dx, y) for x, y in ISLANDS for dx in (0, 110)]
    lanes = [(tiny.lot(x + 100, y, 10, 100), "1004") for x, y in ISLANDS]
    found = drawn(judged(lots), survey=surveyed(*lanes))
    assert together(found) == [[1, 2], [3, 4]]
    assert len(found.blocks) == 2
    assert found.units["infill_area"].tolist() == pytest.approx([1_000, 1_000], abs=3)


@pytest.mark.parametrize(("gap", "area"), [(0.0, 21_000), (0.3, 20_000)])  # no lane joins them
def test_a_gap_between_two_sheets_is_no_land_and_no_barrier(gap, area):
    lots = [tiny.lot(0, 0), tiny.lot(110 + gap, 0)]
    strips = surveyed((tiny.lot(100, 0, 5, 100), "1004"), (tiny.lot(105 + gap, 0, 5, 100), "1004"))
    found = drawn(judged(lots), survey=strips)
    (unit,) = found.units.itertuples()
    assert together(found) == [[1, 2]]
    assert unit.area == pytest.approx(area, abs=3)
    assert unit.area == pytest.approx(found.members["area"].sum(), abs=0.01)
    assert unit.geometry.area == pytest.approx(unit.area, abs=3)
    assert unit.parts == (1 if gap == 0 else 2)


def test_a_minimum_above_all_that_can_be_reached_is_told_with_what_lacks():
    found = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0)]), minimum_area=50_000.0)
    assert found.units.empty
    assert told(found) == [["too_small", 20_000.0, 50_000.0]] * 2


def test_of_what_is_left_beside_a_unit_the_area_left_is_told():
    lots = [tiny.lot(100 * n, 0) for n in range(3)]
    found = drawn(judged(lots), minimum_area=20_000.0, maximum_area=25_000.0)
    assert len(found.units) == 1
    assert told(found) == [["rest_small", 10_000.0, 20_000.0]]


def test_land_that_only_dear_land_between_could_enlarge_is_told_by_its_own_area():
    parcels = judged([tiny.lot(0, 0, 60, 100), tiny.lot(60, 0, 60, 100)])
    parcels.loc["1:2", "verdict"] = "not_low_use"
    found = drawn(parcels, minimum_low_use_share=0.4)
    assert told(found) == [["rest_small", 6_000.0, 10_000.0]]
    assert together(drawn(parcels, minimum_low_use_share=0.4, border=0.0, price=0.5)) == [[1, 2]]


def test_parts_that_are_too_small_of_a_whole_that_is_too_large_are_told():
    lots = [tiny.lot(0, 0, 1_000, 300), tiny.lot(1_000, 0, 1_000, 300)]
    found = drawn(judged(lots), minimum_area=400_000.0)
    assert told(found) == [["no_part", 600_000.0, 500_000.0]] * 2


def test_a_share_that_no_unit_can_have_is_told_with_the_best_there_is():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    parcels["possible_area"] = [3_000.0, 2_000.0]
    assert told(drawn(parcels)) == [["share_low", 0.5, 0.6]] * 2


def test_land_kept_out_by_hand_and_what_it_cuts_off_have_reasons_of_their_own():
    lots = [tiny.lot(100 * n, 0) for n in range(4)]
    found = edited(judged(lots), ("forbid", [2], ""), minimum_area=15_000.0)
    assert together(found) == [[3, 4]]
    assert found.left_out["reason"].tolist() == ["too_small", "forbidden"]
    assert told(found)[0] == ["too_small", 10_000.0, 15_000.0]


def limits(tmp_path, **values):
    """Return a rulebook with other limits of units."""
    folder = tmp_path / "rules" / "own"
    folder.mkdir(parents=True)
    head = 'name = "own"\nextends = "jinghai"\ntitle = "限值"\nversion = "1"\n'
    (folder / "rulebook.toml").write_text(head, encoding="utf-8")
    text = "\n".join(f"{name} = {value}" for name, value in values.items())
    (folder / "units.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_screen_says_which_limit_and_what_lacks(lowuse, low_use_result, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    rules = limits(tmp_path, minimum_area=400_000.0)
    code, said, err = lowuse("units", low_use_result, "--rules", rules, "-o", tmp_path / "u.gpkg")
    assert code == 0, err
    (line,) = [row for row in said.splitlines() if "below the minimum area" in row]
    numbers = [float(word) for word in line.replace("│", " ").split() if "." in word]
    nearest, limit, short = numbers[-3:]
    assert limit == 40.0
    assert short == pytest.approx(limit - nearest)
    assert len(gpd.read_file(tmp_path / "u.gpkg", layer="units")) == 0


def test_limits_that_contradict_each_other_are_refused_by_how_much(
    refused, low_use_result, tmp_path
):
    rules = limits(tmp_path, minimum_area=600_000.0)  # the maximum is the baseline's
    error, hint = refused("units", low_use_result, "--rules", rules, "-o", tmp_path / "u.gpkg")
    assert "600,000" in error
    assert "500,000" in error
    assert "100,000 m²" in hint
    with pytest.raises(RuleError, match="maximum_area"):
        read_rulebook(str(rules))


def line(*points):
    west, south = tiny.ORIGIN
    shape = shapely.LineString([(west + x, south + y) for x, y in points])
    return gpd.GeoDataFrame({"road_class": ["主干路"]}, geometry=[shape], crs=tiny.CRS)


def test_a_line_that_ends_in_a_parcel_cuts_it_not():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    found = drawn(parcels, line((30, -50), (30, 20)))
    assert found.checks.empty
    assert together(found) == [[1, 2]]


@pytest.mark.parametrize(
    ("points", "one_unit"),
    [
        (((-50, 50), (50, 50)), True),  # ends on the inner point
        (((-50, 50), (130, 50)), True),  # crosses the border and ends in the next parcel
        (((-50, 50), (200, 50)), True),  # cuts the west one through: the larger side stays
        (((100, -50), (100, 85)), True),  # leaves more than a tenth of the border
        (((100, -50), (100, 95)), False),
        (((101, 0), (101, 100)), False),  # beside the border, from edge to edge of the parcel
    ],
)
def test_what_a_line_that_ends_somewhere_parts(points, one_unit):
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    found = drawn(parcels, line(*points))
    assert (together(found) == [[1, 2]]) == one_unit


def test_all_sides_of_a_parcel_that_is_cut_twice_are_told():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    found = drawn(parcels, line((120, -50), (120, 150), (150, 150), (150, -50)))
    assert found.checks["row"].tolist() == ["1:2"]
    assert found.checks["note"].iloc[0].endswith(": 50.0% / 30.0% / 20.0%")
    assert together(found) == [[1], [2]]


def test_a_parcel_cut_by_line_and_block_has_a_row_of_each():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    block = gpd.GeoDataFrame(geometry=[tiny.lot(-10, -10, 200, 200)], crs=tiny.CRS)
    found = drawn(parcels, road(130), blocks=block)
    assert found.checks[["row", "value"]].to_numpy().tolist() == [["1:2", 0.1], ["1:2", 0.3]]


def test_edits_that_another_makes_idle_are_listed():
    lots = [tiny.lot(100 * n, 0) for n in range(4)]
    found = edited(judged(lots), ("forbid", [3], ""), ("merge", [1, 3], ""), ("rename", [3], "甲"))
    assert found.edits["why"].tolist() == ["", "not_in_unit", "not_in_unit"]
    found = edited(judged(lots), ("pin", [1], ""), ("pin", [1], ""), ("merge", [1, 2], ""))
    assert found.edits["why"].tolist() == ["", "", "same_unit"]
