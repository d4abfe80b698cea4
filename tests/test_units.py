"""Units on lots whose neighbours can be seen by eye, and their hand-over."""

import json

import geopandas as gpd
import pytest
import shapely

import tiny
from drawing import drawn, judged, road, surveyed, together
from lowuse_gis.io.vector import file_hash


@pytest.mark.parametrize(
    ("gap", "barrier", "units"),
    [
        (0, None, 1),
        (20, None, 1),
        (30, None, 2),
        (20, "主干路", 2),
        (20, "支路", 1),
        (0, "主干路", 2),
        (0, "支路", 1),
    ],
)
def test_bridges_and_barriers(gap, barrier, units):
    parcels = judged([tiny.lot(0, 0), tiny.lot(100 + gap, 0)])
    lines = road(100 + gap / 2, barrier) if barrier else None
    assert len(drawn(parcels, lines).units) == units


def test_pieces_only_where_units_may_have_them():
    parcels = judged([tiny.lot(0, 0), tiny.lot(120, 0)])
    assert drawn(parcels).units.geometry.count_geometries().tolist() == [2]
    assert len(drawn(parcels, multi_part=False).units) == 2


def test_a_parcel_that_a_line_cuts_goes_to_the_larger_side():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(200, 0)])
    found = drawn(parcels, road(130))
    assert sorted(found.units["parcel_count"]) == [1, 2]
    row = found.members.groupby("unit_id")["row"].apply(sorted).tolist()
    assert sorted(row) == [["1:1"], ["1:2", "1:3"]]
    (told,) = found.checks.to_dict("records")
    assert (told["code"], told["row"], told["value"], told["limit"]) == ("4402", "1:2", 0.3, 0.02)
    assert told["note"].endswith(": 70.0% / 30.0%")
    assert tiny.lot(100, 0, 30, 100).contains(shapely.Point(told["x"], told["y"]))


def test_a_line_that_runs_along_the_border_cuts_no_parcel():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)])
    assert drawn(parcels, road(101.5)).checks.empty
    assert drawn(parcels, road(101.5), cut_share=0.01).checks["row"].tolist() == ["1:2"]


def test_a_parcel_mostly_outside_the_blocks_belongs_to_none():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(200, 0)])
    block = gpd.GeoDataFrame(geometry=[tiny.lot(-10, -10, 140, 200)], crs=tiny.CRS)
    found = drawn(parcels, blocks=block)
    assert together(found) == [[1], [2, 3]]
    assert found.checks["row"].tolist() == ["1:2"]
    assert found.checks["note"].iloc[0].endswith(": 70.0% / 30.0%")
    point = shapely.Point(found.checks[["x", "y"]].iloc[0])
    assert tiny.lot(100, 0, 30, 100).contains(point)


def test_a_unit_lies_in_one_block():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(200, 0)])
    blocks = gpd.GeoDataFrame(geometry=[tiny.lot(-10, -10, 200, 200), tiny.lot(190, -10, 200, 200)])
    found = drawn(parcels, blocks=blocks.set_crs(tiny.CRS))
    assert sorted(found.units["parcel_count"]) == [1, 2]
    assert found.checks["row"].tolist() == ["1:2"]
    assert found.checks["value"].tolist() == pytest.approx([0.1])


def test_small_land_between_is_taken_in_and_large_or_dear_land_is_not():
    parcels = judged([tiny.lot(0, 0), tiny.lot(110, 0)])
    lane = tiny.lot(100, 0, 10, 100)
    for kind, count, area in (("1004", 1, 21_000.0), ("1003", 2, 10_000.0), ("0301", 1, 21_000.0)):
        found = drawn(parcels, survey=surveyed((lane, kind)))
        assert len(found.units) == count, kind
        assert found.units["area"].iloc[0] == pytest.approx(area, abs=30), kind
    dear = drawn(parcels, survey=surveyed((lane, "0301")), price=20.0)
    assert dear.units["infill_area"].tolist() == [0.0]
    large = drawn(parcels, survey=surveyed((tiny.lot(100, 0, 10, 2_000), "1004")))
    assert large.units["infill_area"].tolist() == [0.0]


def test_the_survey_counts_where_no_parcel_lies():
    parcels = judged([tiny.lot(0, 0), tiny.lot(110, 0)])
    found = drawn(parcels, survey=surveyed((tiny.lot(0, 0, 210, 100), "0601")))
    assert found.units["infill_area"].iloc[0] == pytest.approx(1_000, abs=3)
    members = found.members.groupby("unit_id")["area"].sum()
    assert members.tolist() == pytest.approx(found.units["area"].tolist(), abs=0.005)
    assert found.units.geometry.area.tolist() == pytest.approx([21_000.0])


def test_types_kept_apart_share_no_unit():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0)]
    parcels = judged(lots, land_type=["industrial", "residential"])
    assert len(drawn(parcels).units) == 1
    assert len(drawn(parcels, kept_apart={"production": ["industrial"]}).units) == 2


def test_a_unit_lies_in_one_town():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)], town=["901", "902"])
    assert drawn(parcels).units["town_code"].tolist() == ["901", "902"]


def test_every_low_use_parcel_is_in_a_unit_or_has_a_reason():
    lots = [
        tiny.lot(0, 0),
        tiny.lot(300, 0, 20, 20),
        tiny.lot(600, 0),
        None,
        tiny.lot(0, 0),
        tiny.lot(900, 0),
        tiny.lot(2000, 0, 1000, 1000),
        tiny.lot(4000, 0, 5000, 2.4),
    ]
    parcels = judged(lots, stratum=["surface"] * 4 + ["below"] + ["surface"] * 3)
    parcels.loc["1:3", "possible_area"] = 100.0
    parcels.loc["1:6", "verdict"] = "not_low_use"
    found = drawn(parcels)
    assert found.members["row"].tolist() == ["1:1"]
    reasons = found.left_out.set_index("row")["reason"].to_dict()
    assert reasons == {
        "1:2": "too_small",
        "1:3": "share_low",
        "1:4": "no_place",
        "1:5": "not_surface",
        "1:7": "too_large",
        "1:8": "not_worth",
    }
    told = found.left_out.set_index("row")[["value", "limit"]]
    assert told.loc["1:2"].tolist() == [400.0, 10_000.0]
    assert told.loc["1:3"].tolist() == [0.01, 0.6]
    assert told.loc["1:8", "value"] < 0


def test_ids_and_areas_follow_from_the_members():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(500, 0)]
    one, two = drawn(judged(lots)), drawn(judged(lots)[::-1])
    other = drawn(judged(lots), id_prefix="U-").units["unit_id"]
    assert other.tolist() == one.units["unit_id"].str.replace("DY", "U-").tolist()
    assert one.units["unit_id"].tolist() == two.units["unit_id"].tolist()
    total = one.members.groupby("unit_id")["area"].sum()
    assert one.units.set_index("unit_id")["area"].to_dict() == total.to_dict()
    assert one.units.geometry.is_valid.all()
    assert one.units["type_mix"].tolist() == ["industrial:1.00"] * 2


def test_the_value_of_a_unit_is_its_land_less_its_border():
    highway = surveyed((tiny.lot(-30, 0, 30, 100), "1003"))
    found = drawn(judged([tiny.lot(0, 0), tiny.lot(100, 0)]), survey=highway)
    land, border = 20_000, 500 + 0.25 * 100  # the west side lies on the highway
    assert found.units["value"].tolist() == pytest.approx([land - 6 * border], abs=1)
    assert found.blocks["objective"].sum() == pytest.approx(found.units["value"].sum())


def test_a_barrier_never_joins():
    lots = [tiny.lot(120 * n, 0) for n in range(6)]
    assert len(drawn(judged(lots)).units) == 1
    assert len(drawn(judged(lots), road(350)).units) == 2


def test_no_low_use_parcel_gives_an_empty_file():
    found = drawn(judged([tiny.lot(0, 0)], verdict="not_low_use"))
    assert len(found.units) == len(found.left_out) == len(found.members) == 0


@pytest.fixture
def handed_over(tmp_path, lowuse, low_use_result):
    """Parcels judged by plot ratio 0, units, and the hand-over."""
    units, folder = tmp_path / "u.gpkg", tmp_path / "hand"
    for command in (
        ("units", low_use_result, "-o", units),
        ("export", low_use_result, units, "--draft", "-o", folder),
    ):
        code, _said, err = lowuse(*command)
        assert code == 0, err
    return low_use_result, units, folder


def test_hand_over(handed_over):
    result, units, folder = handed_over
    (package,) = folder.iterdir()
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == {p.name: file_hash(p) for p in (result, units)}
    assert manifest["drafts"] > 0
    plots = gpd.read_file(next(package.rglob("*.gpkg")), layer="DXYD")
    assert set(plots["DXLX"]) <= {"01", "02", "03", "04", "05"}
    low = gpd.read_file(result, layer="parcels").query("verdict == 'low_use'")
    assert sorted(plots["ZDDM"]) == sorted(low["parcel_code"])


def test_hand_over_refuses_and_overwrites_whole(handed_over, refused, lowuse):
    result, units, folder = handed_over
    (package,) = folder.iterdir()
    error, _hint = refused("export", result, units, "--draft", "-o", folder)
    assert "exists" in error
    (package / "stray.txt").write_text("x")
    code, _out, err = lowuse("export", result, units, "--draft", "-o", folder, "--overwrite")
    assert code == 0, err
    assert not (package / "stray.txt").exists()
    error, _hint = refused("export", result, result, "--draft", "-o", folder.with_name("x"))
    assert "units" in error
