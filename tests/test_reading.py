"""The same parcels, however they come: format, encoding, projection, several files."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import tiny
from lowuse_gis.io.encoding import text_encoding
from lowuse_gis.io.fields import match_fields, truncations
from lowuse_gis.io.result import read_result
from lowuse_gis.io.vector import Request, read_layer

JUDGED = ["parcel_code", "owner", "verdict", "land_type", "area", "criteria_met", "missing"]


@pytest.fixture
def classified(lowuse, tmp_path, survey_file):
    def call(*files, options=()):
        out = tmp_path / "r.gpkg"
        code, _out, err = lowuse(
            "classify",
            *files,
            "-s",
            f"survey={survey_file}",
            "-o",
            out,
            "-q",
            "--overwrite",
            *options,
        )
        assert code == 0, err
        return read_result(out).parcels

    return call


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("cpg", [True, False])
def test_encodings(classified, layer, parcels, tmp_path, encoding, cpg):
    expected = pd.DataFrame(classified(parcels)[JUDGED])
    path = tiny.write_shapefile(layer, tmp_path / "again.shp", encoding, cpg=cpg)
    assert expected["owner"].iloc[0] == "甲1公司"
    assert_frame_equal(pd.DataFrame(classified(path)[JUDGED]), expected)


def test_a_wrong_cpg_is_seen_through(layer, tmp_path):
    path = tiny.write_shapefile(layer, tmp_path / "again.shp", "GBK")
    path.with_suffix(".cpg").write_text("UTF-8")
    assert text_encoding(path).name == "GB18030"


def test_text_cut_in_the_middle_of_a_character(layer, tmp_path):
    names = layer.assign(QLRMC=["天津市静海区甲公司"] * 4)
    path = tiny.write_shapefile(names, tmp_path / "cut.shp", "UTF-8")
    data = path.with_suffix(".dbf").read_bytes()
    long = "天津市静海区甲公司".encode()
    cut = long[:-1] + b" "
    path.with_suffix(".dbf").write_bytes(data.replace(long, cut))
    assert text_encoding(path).name == "UTF-8"


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:4548", "EPSG:4490"])
@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson", ".parquet"])
def test_formats_and_projections(classified, layer, parcels, tmp_path, crs, suffix):
    expected = pd.DataFrame(classified(parcels)[JUDGED])
    moved, path = layer.to_crs(crs), tmp_path / f"again{suffix}"
    if suffix == ".parquet":
        moved.to_parquet(path)
    elif suffix == ".shp":
        tiny.write_shapefile(moved, path)
    else:
        options = {"RFC7946": "NO", "COORDINATE_PRECISION": 12} if suffix == ".geojson" else {}
        moved.to_file(path, engine="pyogrio", **options)
    found = pd.DataFrame(classified(path)[JUDGED])
    assert_frame_equal(found, expected, atol=0.011)


def test_the_geometry_comes_out_in_the_working_crs(classified, layer, tmp_path):
    path = tmp_path / "degrees.gpkg"
    layer.to_crs(4490).to_file(path)
    found = classified(path)
    assert found.crs.to_epsg() == 4527
    moved = found.geometry.iloc[0].symmetric_difference(layer.geometry[0])
    assert moved.area < 0.01


def test_several_files_keep_every_row(classified, layer, tmp_path):
    one, two = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    layer.iloc[:1].to_file(one)
    layer.iloc[1:].to_file(two)
    found = classified(one, two)
    registered = found[found["origin"] == "registered"]
    assert registered.index.tolist() == ["1:1", "2:1", "2:2", "2:3"]


def test_one_town_first(classified, layer, tmp_path):
    both = layer.assign(
        XZQDM=["120118901"] * 2 + ["120118902"] * 2, XZQMC=["清泽镇"] * 2 + ["柳桥镇"] * 2
    )
    path = tmp_path / "both.gpkg"
    both.to_file(path)
    for town in ("120118902", "柳桥镇"):
        found = classified(path, options=("--town", town))
        assert set(found.loc[found["origin"] == "registered", "town_code"]) == {"120118902"}


def test_fields_by_chinese_title_truncation_and_map(classified, layer, parcels, tmp_path):
    expected = pd.DataFrame(classified(parcels)[JUDGED])
    chinese = layer.rename(columns={"ZDDM": "宗地代码", "QLRMC": "权利人名称", "YT": "登记用途"})
    path = tmp_path / "chinese.gpkg"
    chinese.to_file(path)
    assert_frame_equal(pd.DataFrame(classified(path)[JUDGED]), expected)
    odd = tmp_path / "odd.gpkg"
    layer.rename(columns={"ZDDM": "NUMMER"}).to_file(odd)
    for pair in ("宗地代码=NUMMER", "NUMMER=宗地代码", "ZDDM=NUMMER"):
        assert_frame_equal(pd.DataFrame(classified(odd, options=("--map", pair))[JUDGED]), expected)


def test_truncated_names_are_known(rulebook):
    cut = "统一社会信用代码".encode("gbk")[:10].decode("gbk")
    assert cut in truncations("统一社会信用代码")
    assert match_fields(["ZDDM", cut], rulebook, "parcels", {})["credit_code"] == cut


def test_names_of_people_are_masked(classified, layer, tmp_path):
    people = layer.assign(QLRLX="5", QLRMC="欧阳某某")
    path = tmp_path / "people.gpkg"
    people.to_file(path)
    assert set(classified(path)["owner"].dropna()) == {"欧***"}
    shown = classified(path, options=("--with-names",))
    assert set(shown["owner"].dropna()) == {"欧阳某某"}


def test_layers_are_asked_for_where_there_are_several(tmp_path, layer, rulebook):
    path = tmp_path / "two.gpkg"
    layer.to_file(path, layer="a")
    layer.to_file(path, layer="b")
    with pytest.raises(Exception, match="which layer"):
        read_layer(Request(path, "parcels"), rulebook)
    assert len(read_layer(Request(path, "parcels", layer="b"), rulebook).frame) == 4
