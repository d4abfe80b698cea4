"""Units on lots whose neighbours can be seen by eye, and their hand-over."""

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import tiny
from lowuse_gis.io.vector import file_hash
from lowuse_gis.stages.units import draw_units, joined_groups

SPEC = {
    "bridge_distance": 25.0,
    "minimum_area": 10_000.0,
    "minimum_low_use_share": 0.6,
    "shared_boundary": 1.0,
    "verdicts": ["low_use"],
    "barrier_column": "road_class",
    "barriers": ["主干路"],
}


def judged(lots, town="901", **values):
    """Return judged parcels of the given shapes."""
    count = len(lots)
    frame = pd.DataFrame(
        {
            "parcel_code": [tiny.code(n + 1) for n in range(count)],
            "town_code": town,
            "town_name": "清泽镇",
            "land_type": "industrial",
            "verdict": "low_use",
            "stratum": "surface",
            "area": [lot.area if lot else 0.0 for lot in lots],
            "low_use_area": [lot.area if lot else 0.0 for lot in lots],
            "possible_area": [lot.area if lot else 0.0 for lot in lots],
        }
        | values,
        index=pd.Index([f"1:{n + 1}" for n in range(count)], name="row"),
    )
    return gpd.GeoDataFrame(frame, geometry=list(lots), crs=tiny.CRS)


def road(x, grade="主干路"):
    west, south = tiny.ORIGIN
    line = shapely.LineString([(west + x, south - 500), (west + x, south + 500)])
    return gpd.GeoDataFrame({"road_class": [grade]}, geometry=[line], crs=tiny.CRS)


@pytest.mark.parametrize(
    ("gap", "barrier", "units"),
    [
        (0, None, 1),
        (20, None, 1),
        (30, None, 2),
        (20, "主干路", 2),
        (20, "支路", 1),
        (0, "主干路", 1),
    ],
)
def test_bridges_and_barriers(gap, barrier, units):
    parcels = judged([tiny.lot(0, 0), tiny.lot(100 + gap, 0)])
    lines = road(100 + gap / 2, barrier) if barrier else None
    assert len(draw_units(parcels, lines, SPEC).units) == units


def test_a_unit_lies_in_one_town():
    parcels = judged([tiny.lot(0, 0), tiny.lot(100, 0)], town=["901", "902"])
    assert draw_units(parcels, None, SPEC).units["town_code"].tolist() == ["901", "902"]


def test_every_low_use_parcel_is_in_a_unit_or_has_a_reason():
    lots = [
        tiny.lot(0, 0),
        tiny.lot(300, 0, 20, 20),
        tiny.lot(600, 0),
        None,
        tiny.lot(0, 0),
        tiny.lot(900, 0),
    ]
    parcels = judged(lots, stratum=["surface"] * 4 + ["below", "surface"])
    parcels.loc["1:3", "possible_area"] = 100.0
    parcels.loc["1:6", "verdict"] = "not_low_use"
    drawn = draw_units(parcels, None, SPEC)
    assert drawn.members["row"].tolist() == ["1:1"]
    reasons = drawn.left_out.set_index("row")["reason"].to_dict()
    assert reasons == {
        "1:2": "too_small",
        "1:3": "share_low",
        "1:4": "no_place",
        "1:5": "not_surface",
    }


def test_ids_and_areas_follow_from_the_members():
    lots = [tiny.lot(0, 0), tiny.lot(100, 0), tiny.lot(500, 0)]
    one, two = draw_units(judged(lots), None, SPEC), draw_units(judged(lots)[::-1], None, SPEC)
    assert one.units["unit_id"].tolist() == two.units["unit_id"].tolist()
    total = one.members.groupby("unit_id")["area"].sum()
    assert one.units.set_index("unit_id")["area"].to_dict() == total.to_dict()
    assert one.units.geometry.is_valid.all()
    assert one.units["type_mix"].tolist() == ["industrial:1.00"] * 2


def test_a_barrier_never_joins():
    lots = [tiny.lot(120 * n, 0) for n in range(6)]
    free = joined_groups(judged(lots), None, SPEC)
    parted = joined_groups(judged(lots), road(350), SPEC)
    assert len(set(free)) == 1
    assert len(set(parted)) == 2


def test_no_low_use_parcel_gives_an_empty_file():
    parcels = judged([tiny.lot(0, 0)], verdict="not_low_use")
    drawn = draw_units(parcels, None, SPEC)
    assert len(drawn.units) == len(drawn.left_out) == 0


@pytest.fixture
def handed_over(tmp_path, lowuse, parcels):
    """Parcels judged by plot ratio 0, units, and the hand-over."""
    shapes = gpd.read_file(parcels).geometry
    far = gpd.GeoDataFrame(
        {"JZBH": ["x"], "CS": [1]}, geometry=[shapes[0].buffer(-49)], crs=shapes.crs
    )
    far.to_file(tmp_path / "b.gpkg", layer="JZW")
    nothing = gpd.GeoDataFrame({"BSM": ["1"]}, geometry=[tiny.lot(5000, 5000)], crs=shapes.crs)
    for layer in ("YJJBNTTB", "STBHHX"):
        nothing.to_file(tmp_path / "c.gpkg", layer=layer)
    ground = tiny.frame([tiny.survey_polygon(tiny.lot(-100, -100, 900, 300))])
    ground.to_file(tmp_path / "s.gpkg", layer="DLTB")
    firms = "\n".join(f"{n},X{n},3311,{tiny.code(n)},10,正常," for n in range(1, 5))
    head = "企业名称,统一社会信用代码,行业代码,宗地代码,占用面积（亩）,经营状态,停产日期\n"
    (tmp_path / "f.csv").write_text(head + firms, encoding="utf-8")
    given = {"buildings": "b.gpkg", "permanent_farmland": "c.gpkg", "ecological_redline": "c.gpkg"}
    given |= {"survey": "s.gpkg", "enterprises": "f.csv"} | tiny.nobody_listed(tmp_path)
    options = [part for name, file in given.items() for part in ("-s", f"{name}={tmp_path / file}")]
    out = [tmp_path / name for name in ("r.gpkg", "u.gpkg", "hand")]
    for command in (
        ("classify", parcels, *options, "-o", out[0], "-q"),
        ("units", out[0], "-o", out[1]),
        ("export", out[0], out[1], "-o", out[2]),
    ):
        code, _said, err = lowuse(*command)
        assert code == 0, err
    return out


def test_hand_over(handed_over):
    result, units, folder = handed_over
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {f["file"] for f in manifest["files"]} == {p.name for p in folder.iterdir()} - {
        "manifest.json"
    }
    for line in manifest["files"]:
        assert line["sha256"] == file_hash(folder / line["file"])
    assert manifest["inputs"][0]["sha256"] == file_hash(result)
    assert manifest["inputs"][1]["sha256"] == file_hash(units)
    assert manifest["drafts"] > 0
    database = next(folder.glob("*.gpkg"))
    plots = gpd.read_file(database, layer="DXYD")
    assert set(plots["RDZT"]) == {"草案，待乡镇认定"}
    assert set(plots["DXLX"]) <= {"01", "02", "03", "04", "05"}
    low = gpd.read_file(result, layer="parcels").query("verdict == 'low_use'")
    assert sorted(plots["ZDDM"]) == sorted(low["parcel_code"])
    summary = openpyxl.load_workbook(next(folder.glob("*汇总表.xlsx"))).active
    assert summary.max_row >= 4


def test_hand_over_is_the_same_bytes_again(handed_over, lowuse, tmp_path):
    result, units, folder = handed_over
    code, _out, err = lowuse("export", result, units, "-o", tmp_path / "again")
    assert code == 0, err
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_hand_over_refuses_and_overwrites_whole(handed_over, refused, lowuse):
    result, units, folder = handed_over
    error, _hint = refused("export", result, units, "-o", folder)
    assert "exists" in error
    (folder / "stray.txt").write_text("x")
    code, _out, err = lowuse("export", result, units, "-o", folder, "--overwrite")
    assert code == 0, err
    assert not (folder / "stray.txt").exists()
    error, _hint = refused("export", result, result, "-o", folder.with_name("x"))
    assert "units" in error
