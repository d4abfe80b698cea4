"""What ``lowuse describe`` says of files: what they are, where they are, and why."""

import json
import shutil
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

import tiny
from lowuse_gis.commands.describe import describe
from lowuse_gis.core.gcj02 import to_gcj02
from lowuse_gis.io.place import Given
from lowuse_gis.io.transforms import shift_from_options
from lowuse_gis.io.understanding import Said


@pytest.fixture
def only():
    """Describe a file of one layer."""

    def call(path, **said):
        described = describe(path, said=Said(**said))
        assert len(described.layers) == 1, described.notices
        return described.layers[0]

    return call


def codes(layer):
    return [notice.code for notice in layer.notices]


def test_a_shapefile_as_towns_send_it(only, parcels):
    parcels.with_suffix(".prj").unlink()
    found = only(parcels)
    assert (found.source, found.count, found.shapes) == ("parcels", 4, {"Polygon": 4})
    assert (found.encoding, found.encoding_by) == ("GB18030", "bytes")
    assert (found.declared, found.crs, found.inside) == ("", "EPSG:4527", 4)
    assert codes(found) == ["2102"]
    assert found.bounds == pytest.approx((39_492_000, 4_305_000, 39_492_600, 4_305_100))
    assert found.degrees == pytest.approx((116.9078, 38.8783, 116.9147, 38.8793), abs=1e-4)


@pytest.mark.parametrize(("cpg", "by"), [("GBK", "cpg"), ("UTF-8", "bytes")])
def test_who_says_the_encoding(only, parcels, cpg, by):
    parcels.with_suffix(".cpg").write_text(cpg)
    assert (only(parcels).encoding, only(parcels).encoding_by) == ("GB18030", by)
    assert only(parcels, encoding="GBK").encoding_by == "user"


def test_fields_and_how_they_are_known(only, layer, tmp_path):
    cut = "统一社会信用代码".encode("gbk")[:10].decode("gbk")
    renamed = layer.rename(columns={"QLRLX": "权利人类型", "XZQMC": "MYTOWN"})
    renamed.assign(**{cut: "x", "别的": 1}).to_file(tmp_path / "a.gpkg")
    found = only(tmp_path / "a.gpkg", mapping={"乡镇名称": "MYTOWN"})
    how = {field.name: (field.column, field.how) for field in found.fields}
    assert how["ZDDM"] == ("parcel_code", "exact")
    assert how["权利人类型"] == ("owner_kind", "alias")
    assert how[cut] == ("credit_code", "truncated")
    assert how["MYTOWN"] == ("town_name", "named")
    assert how["别的"] == ("", "")
    assert found.lacking == ()
    assert "Real estate unit" in found.absent


def test_what_a_layer_is(only, layer, survey_file, tmp_path):
    assert only(survey_file).source == "survey"
    layer[["geometry"]].to_file(tmp_path / "STBHHX.gpkg")
    assert only(tmp_path / "STBHHX.gpkg").source == "ecological_redline"
    layer[["geometry"]].assign(A=1).to_file(tmp_path / "odd.gpkg")
    assert only(tmp_path / "odd.gpkg").source == ""
    lines = layer.set_geometry(layer.boundary)[["geometry"]].assign(DLDJ="G")
    lines.to_file(tmp_path / "roads.gpkg")
    assert only(tmp_path / "roads.gpkg").source == "roads"


def test_tables_are_told_by_their_headings(only, tmp_path):
    file = tmp_path / "企业.csv"
    file.write_text(
        "静海区企业名单\n宗地代码,企业名称,统一社会信用代码\n120118901001GB00001,甲公司,X\n",
        encoding="gb18030",
    )
    found = only(file)
    assert (found.source, found.count) == ("enterprises", 1)
    assert {"parcel_code"} <= {field.column for field in found.fields}


def test_updates_of_the_survey_are_no_base(only, survey_file, tmp_path):
    update = tmp_path / "DLTBGX.gpkg"
    gpd.read_file(survey_file).to_file(update, layer="DLTBGX")
    assert "2101" in codes(only(update))


def test_names_of_people_are_masked_in_the_preview(only, layer, tmp_path):
    people = layer.assign(QLRLX=["5", "2", None, "5"], QLRMC="欧阳某某")
    people.to_file(tmp_path / "p.gpkg")
    rows = only(tmp_path / "p.gpkg", lines=3).preview
    assert [row["Owner"] for row in rows] == ["欧***", "欧阳某某", "欧***"]
    people.drop(columns="QLRLX").to_file(tmp_path / "q.gpkg")
    assert {row["Owner"] for row in only(tmp_path / "q.gpkg", lines=9).preview} == {"欧***"}
    assert only(tmp_path / "q.gpkg").preview == ()


def test_where_a_layer_cannot_be_placed_it_is_still_described(only, layer, tmp_path):
    city = layer.set_geometry(layer.translate(-39_400_000, -4_300_000))
    path = tiny.write_shapefile(city, tmp_path / "city.shp")
    path.with_suffix(".prj").unlink()
    found = only(path)
    assert (found.source, found.crs, found.bounds, found.inside) == ("parcels", "", None, -1)
    assert codes(found) == ["2202"]
    shift = shift_from_options(similarity="400000,4300000,0,1")
    there = only(path, given=Given(shift=shift))
    assert (there.inside, there.why) == (4, "brought to CGCS2000 by the given four parameters")
    away = shift_from_options(similarity="0,0,0,1")
    lost = only(path, given=Given(shift=away))
    assert (lost.source, codes(lost)) == ("parcels", ["2202"])
    assert "outside the district" in lost.notices[0].note


def web(frame):
    degrees = frame.to_crs("EPSG:4490")
    moved = shapely.transform(degrees.geometry.to_numpy(), to_gcj02, interleaved=False)
    return degrees.set_geometry(gpd.GeoSeries(moved, crs="EPSG:4490"))


def test_the_offset_of_web_maps_beside_a_reference(tmp_path):
    rng = np.random.default_rng(5)
    at, size = rng.uniform(0, 3000, (200, 2)), rng.uniform(30, 90, (200, 2))
    lots = [tiny.lot(x, y, w, h) for (x, y), (w, h) in zip(at, size, strict=True)]
    records = [tiny.parcel(number + 1, lot) for number, lot in enumerate(lots)]
    true = tiny.frame(records)
    true.to_file(tmp_path / "true.gpkg")
    web(true).to_file(tmp_path / "parcels.gpkg")
    reference = tmp_path / "true.gpkg"
    found = describe(tmp_path / "parcels.gpkg", reference=reference).layers[0]
    assert codes(found) == ["2202"]
    assert "--gcj02" in found.beside
    said = Said(Given(shift=shift_from_options(gcj02=True)))
    undone = describe(tmp_path / "parcels.gpkg", said=said, reference=reference).layers[0]
    assert codes(undone) == ["2103"]
    assert "lies on the reference" in undone.beside


def test_a_web_map_by_name_is_a_suspicion_only(only, layer, tmp_path):
    layer.to_crs("EPSG:4490").to_file(tmp_path / "高德地块.gpkg")
    found = only(tmp_path / "高德地块.gpkg")
    assert (codes(found), "--reference" in found.beside) == ([], True)
    layer.to_file(tmp_path / "高德.gpkg")
    assert only(tmp_path / "高德.gpkg").beside == ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", ["80", "120"])
def test_the_screen(lowuse, parcels, tmp_path, monkeypatch, language, width):
    monkeypatch.setenv("LOWUSE_LANG", language)
    monkeypatch.setenv("COLUMNS", width)
    parcels.with_suffix(".prj").unlink()
    code, out, _err = lowuse("describe", parcels, "--lines", "2", "--encoding", "GBK")
    assert code == 0
    body = [line for line in out.splitlines() if not line.strip().startswith("lowuse ")]
    assert max(map(cells, body)) <= int(width)
    assert out.count("EPSG:4527 ") >= 1
    command = out.splitlines()[-1].strip()
    assert command == f"lowuse check {parcels} --encoding GBK -o check"


def cells(line):
    from rich.cells import cell_len

    return cell_len(line)


def test_json_is_for_machines(lowuse, parcels):
    code, out, _err = lowuse("describe", parcels, "--json", "--lines", "1")
    assert code == 0
    layer = json.loads(out)["layers"][0]
    assert (layer["source"], layer["crs"], layer["count"]) == ("parcels", "EPSG:4527", 4)
    assert layer["preview"][0]["Parcel code"] == tiny.code(1)
    assert str(parcels.parent) not in json.dumps(layer)


def test_folders_and_archives_show_no_temporary_path(lowuse, parcels, survey_file, tmp_path):
    packed = tmp_path / "town.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("parcels.*"):
            archive.write(part, f"镇/{part.name}")
        archive.write(survey_file, "survey.gpkg")
    code, out, _err = lowuse("describe", packed)
    assert code == 0
    assert "town.zip/镇/parcels.shp" in out
    assert "lowuse-" not in out
    found = describe(packed)
    assert [layer.source for layer in found.layers] == ["survey", "parcels"]


def test_nothing_to_read_is_said(lowuse, tmp_path, refused):
    (tmp_path / "note.txt").write_text("nothing")
    code, out, _err = lowuse("describe", tmp_path / "note.txt")
    assert code == 0
    assert "nothing here can be read" in out
    error, _hint = refused("describe", tmp_path / "missing.shp")
    assert "no such file" in error
    error, _hint = refused("describe", tmp_path, "--reference", tmp_path / "note.txt")
    assert "no layer to compare with" in error


@pytest.mark.parametrize("folder", ["zip", "shapefile"])
def test_nothing_hostile_ends_in_a_traceback(lowuse, shared_data, folder):
    for path in sorted((shared_data / "hostile" / folder).iterdir()):
        code, out, err = lowuse("describe", path)
        assert (code, err) in {(0, ""), (2, err)}, (path.name, err)
        assert "bug in lowuse" not in err, (path.name, err)
        assert out or err


def test_a_torn_shapefile_is_described_or_refused(lowuse, parcels, tmp_path):
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        torn = tmp_path / f"torn{suffix[1:]}"
        torn.mkdir()
        for part in tmp_path.glob("parcels.*"):
            shutil.copy(part, torn)
        part = torn / f"parcels{suffix}"
        part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])
        code, out, err = lowuse("describe", torn)
        assert code == 0, (suffix, err)
        assert "parcels.shp" in out
