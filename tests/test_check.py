"""``lowuse check`` as a technician runs it."""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import pyogrio
import pytest
import shapely

import tiny


@pytest.fixture
def parcels(tmp_path):
    """Write two sound parcels, two that overlap, and a bow-tie."""
    bow = shapely.Polygon([(600, 0), (700, 100), (700, 0), (600, 100)])
    records = [
        tiny.parcel(1, tiny.lot(0, 0)),
        tiny.parcel(2, tiny.lot(200, 0)),
        tiny.parcel(3, tiny.lot(400, 0)),
        tiny.parcel(4, tiny.lot(495, 0)),
        tiny.parcel(5, shapely.transform(bow, lambda xy: xy + tiny.ORIGIN), ZDMJ=5000.0),
    ]
    return tiny.write_shapefile(tiny.frame(records), tmp_path / "甲镇.shp")


def findings(folder):
    return pyogrio.read_dataframe(folder / "findings.gpkg", layer="findings")


def test_findings_name_both_ids_the_place_and_the_limit(lowuse, parcels, tmp_path):
    code, out, _err = lowuse("check", parcels, "-o", tmp_path / "c", "--as", "parcels")
    assert code == 1  # errors are left
    assert "Parcels overlap" in out
    found = findings(tmp_path / "c").set_index("code")
    pair = found.loc["4101"]
    assert {pair["id"], pair["other_id"]} == {tiny.code(3), tiny.code(4)}
    assert pair["value"] == pytest.approx(500)
    assert pair["limit"] == 1
    assert pair["x"] == pytest.approx(tiny.ORIGIN[0] + 497.5, abs=2.5)
    assert found.loc["4103", "row"] == "1:5"
    assert found.loc["4103", "x"] == pytest.approx(tiny.ORIGIN[0] + 650)
    assert found.loc["4103", "note"] == "the outline crosses itself"
    area = gpd.read_file(tmp_path / "c" / "findings.gpkg", layer="findings_polygons")
    shared = area.set_index("code").geometry["4101"]
    assert shared.equals(shapely.MultiPolygon([tiny.lot(495, 0, 5, 100)]))
    assert (tmp_path / "c" / "quality report.xlsx").exists()


def test_two_runs_give_the_same_bytes(lowuse, parcels, tmp_path):
    for name in ("one", "two"):
        lowuse("check", parcels, "-o", tmp_path / name, "--as", "parcels")
    for file in ("findings.gpkg", "quality report.xlsx"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_is_sound_has_no_finding(lowuse, tmp_path):
    path = tiny.write_shapefile(
        tiny.frame([tiny.parcel(1, tiny.lot(0, 0)), tiny.parcel(2, tiny.lot(100, 0))]),
        tmp_path / "a.shp",
    )
    code, out, _err = lowuse("check", path, "-o", tmp_path / "c", "--as", "parcels")
    assert (code, len(findings(tmp_path / "c"))) == (0, 0), out
    assert "nothing to object to" in out


def test_the_next_check_knows_what_became_of_findings(lowuse, parcels, tmp_path):
    lowuse("check", parcels, "-o", tmp_path / "one", "--as", "parcels", "--as-of", "2024-03-31")
    layer = gpd.read_file(parcels, encoding="GBK")
    layer.loc[3, "geometry"] = tiny.lot(505, 0, 90, 100)
    layer.loc[0, "YT"] = "9999"
    tiny.write_shapefile(layer, parcels)
    previous = ["--previous", tmp_path / "one", "--as-of", "2024-04-30"]
    _code, out, _err = lowuse(
        "check", parcels, "-o", tmp_path / "two", "--as", "parcels", *previous
    )
    states = findings(tmp_path / "two").set_index("code")
    assert states.loc["3201", "state"] == "new"
    assert states.loc["4103", "state"] == "open"
    assert states.loc["4103", "first_seen"] == "2024-03-31"
    gone = pyogrio.read_dataframe(tmp_path / "two" / "findings.gpkg", layer="mended")
    assert "4101" in set(gone["code"])
    assert "still open 1" in out


def test_exceptions_are_honoured_counted_and_missed(lowuse, parcels, tmp_path):
    ledgers = tmp_path / "ledgers"
    ledgers.mkdir()
    lines = ["code,source,id,other_id,reason,who,when"]
    lines += [f"4101,parcels,{tiny.code(3)},,共墙,赵六,2024-01-01", "4101,,nobody,,x,y,"]
    (ledgers / "exceptions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = ("check", parcels, "-o", tmp_path / "c", "--as", "parcels", "--ledgers", ledgers)
    _code, out, _err = lowuse(*run)
    found = findings(tmp_path / "c").set_index("code")
    assert found.loc["4101", "state"] == "excused"
    assert found.loc["4101", "excuse"] == "共墙; 赵六; 2024-01-01"
    assert "excused: 1" in out
    assert "no finding answers to: 4101 nobody" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("4101,,a,,,赵六,", "reason is empty"),
        ("9999,,a,,x,赵六,", "unknown check 9999"),
    ],
)
def test_a_broken_exception_is_refused(refused, parcels, tmp_path, line, said):
    (tmp_path / "exceptions.csv").write_text(
        f"code,source,id,other_id,reason,who,when\n{line}\n", encoding="utf-8"
    )
    error, _hint = refused("check", parcels, "-o", tmp_path / "c", "--ledgers", tmp_path)
    assert said in error
    assert not (tmp_path / "c").exists()


def test_a_check_can_be_switched_off_or_made_lighter(lowuse, parcels, tmp_path, rulebook):
    shutil.copytree(rulebook.folder + "/..", tmp_path / "rules")
    book = tmp_path / "rules" / "jinghai" / "checks.toml"
    book.write_text('[severity]\n"4101" = "off"\n"4103" = "notice"\n', encoding="utf-8")
    rules = ("--rules", tmp_path / "rules" / "jinghai")
    code, _out, _err = lowuse("check", parcels, "-o", tmp_path / "c", "--as", "parcels", *rules)
    found = findings(tmp_path / "c").set_index("code")
    assert code == 0
    assert found.loc["4103", "severity"] == "notice"
    assert "4101" not in found.index


def test_files_of_a_source_are_checked_together(lowuse, tmp_path):
    for name, number, x in (("甲镇", 1, 0), ("乙镇", 1, 50)):
        record = tiny.parcel(number, tiny.lot(x, 0))
        tiny.write_shapefile(tiny.frame([record]), tmp_path / f"{name}.shp")
    files = (tmp_path / "甲镇.shp", tmp_path / "乙镇.shp")
    lowuse("check", *files, "-o", tmp_path / "c", "--as", "parcels")
    found = findings(tmp_path / "c")
    doubled = found[found["code"] == "3302"]
    assert doubled[["file", "row"]].to_numpy().tolist() == [
        ["甲镇.shp", "1:1"],
        ["乙镇.shp", "2:1"],
    ]
    assert found.loc[found["code"] == "4101", "other_row"].tolist() == ["2:1"]


def test_the_result_is_json_too(lowuse, parcels, tmp_path):
    _code, out, _err = lowuse("check", parcels, "-o", tmp_path / "c", "--as", "parcels", "--json")
    told = json.loads(out)
    assert told["errors"] == sum(line["severity"] == "error" for line in told["findings"])
    assert told["files"][0]["records"] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.shp"], "no such file"),
        ([], "nothing to check is named"),
        (["{parcels}", "--as", "towns"], "unknown source towns"),
        (["{parcels}", "--previous", "{parcels}"], "no result of lowuse check"),
        (["{parcels}", "-o", "{parcels}"], "the result is a folder"),
    ],
)
def test_requests_that_cannot_be_carried_out(
    refused, parcels, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    error, _hint = refused("check", *(a.format(parcels=parcels) for a in arguments))
    assert said in error
    assert not (tmp_path / "check").exists()


def test_a_line_of_a_table_with_several_years_is_one_row(lowuse, tmp_path):
    table = tmp_path / "税务局_企业入库税收.csv"
    code = tiny.code(1).replace("1", "１")
    lines = ["宗地代码,2021年入库税收（万元）,2022年入库税收（万元）", f"{code},3,4"]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, _out, err = lowuse("check", table, "--mend", "-o", tmp_path / "c")
    assert code == 0, err
    found = pyogrio.read_dataframe(tmp_path / "c" / "findings.gpkg", layer="findings")
    assert found["code"].tolist().count("3208") == 1
