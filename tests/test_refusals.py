"""Bad requests: one error line, one hint line, exit 2, nothing half-written."""

import pytest

import tiny


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out" / "r.gpkg"


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    (tmp_path / "out").mkdir()


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path):
    yield
    left = [p.name for p in (tmp_path / "out").iterdir() if p.name != "kept.gpkg"]
    assert left == []


def test_missing_file(refused, tmp_path, out, parcels):
    error, hint = refused("classify", tmp_path / "parcel.shp", "-o", out)
    assert "no such file" in error
    assert "parcels.shp" in hint


def test_garbage(refused, tmp_path, out):
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"not a geopackage at all" * 10)
    error, _hint = refused("classify", bad, "-o", out)
    assert "cannot be read" in error


@pytest.mark.parametrize("suffix", [".parquet", ".shp", ".geojson"])
def test_other_garbage(refused, tmp_path, out, suffix):
    bad = tmp_path / f"bad{suffix}"
    bad.write_bytes(b"\x00\x01\x02 not data")
    error, _hint = refused("classify", bad, "-o", out)
    assert "cannot be read" in error or "incomplete" in error


def test_incomplete_shapefile(refused, parcels, out):
    parcels.with_suffix(".shx").unlink()
    error, hint = refused("classify", parcels, "-o", out)
    assert ".shx" in error
    assert ".dbf" in hint


def test_empty_layer(refused, tmp_path, out):
    layer = tiny.frame([tiny.parcel(1, tiny.lot(0, 0))]).iloc[:0]
    layer.to_file(tmp_path / "empty.gpkg", layer="parcels")
    error, _hint = refused("classify", tmp_path / "empty.gpkg", "-o", out)
    assert "empty" in error


def test_wrong_geometry_type(refused, tmp_path, out):
    layer = tiny.frame([tiny.parcel(1, tiny.lot(0, 0).centroid)])
    layer.to_file(tmp_path / "points.gpkg")
    error, _hint = refused("classify", tmp_path / "points.gpkg", "-o", out)
    assert "polygon" in error
    assert "Point" in error


def test_no_crs(refused, parcels, out):
    parcels.with_suffix(".prj").unlink()
    error, hint = refused("classify", parcels, "-o", out)
    assert "coordinate system" in error
    assert "--crs EPSG:4527" in hint


def test_wrong_crs_names_the_right_one(refused, parcels, out):
    error, hint = refused("classify", parcels, "--crs", "EPSG:4548", "-o", out)
    assert "outside the district" in error
    assert "--crs EPSG:4527" in hint


def test_another_datum_is_never_relabelled(refused, parcels, out):
    error, _hint = refused("classify", parcels, "--crs", "EPSG:2363", "-o", out)
    assert "datum" in error


def test_unknown_crs(refused, parcels, out):
    error, _hint = refused("classify", parcels, "--crs", "EPSG:1", "-o", out)
    assert "EPSG:1" in error


def test_unknown_columns_suggest_near_ones(refused, tmp_path, out):
    layer = tiny.frame([tiny.parcel(1, tiny.lot(0, 0))]).rename(columns={"ZDDM": "ZDDMA"})
    layer.to_file(tmp_path / "renamed.gpkg")
    error, hint = refused("classify", tmp_path / "renamed.gpkg", "-o", out)
    assert "ZDDM" in error
    assert "--map ZDDM=ZDDMA" in hint


def test_map_names_no_field(refused, parcels, out):
    error, hint = refused("classify", parcels, "--map", "宗地代码=NOPE", "-o", out)
    assert "NOPE" in error
    assert "ZDDM" in hint


def test_wrong_rulebook(refused, parcels, out):
    error, hint = refused("classify", parcels, "--rules", "jinghia", "-o", out)
    assert "jinghia" in error
    assert "jinghai" in hint


def test_broken_rulebook(refused, parcels, out, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "rulebook.toml").write_text("name = 'x", encoding="utf-8")
    error, _hint = refused("classify", parcels, "--rules", folder, "-o", out)
    assert "TOML" in error


def test_existing_output(refused, parcels, out):
    kept = out.with_name("kept.gpkg")
    kept.write_bytes(b"precious")
    error, hint = refused("classify", parcels, "-o", kept)
    assert "exists" in error
    assert "--overwrite" in hint
    assert kept.read_bytes() == b"precious"


def test_missing_folder(refused, parcels, tmp_path):
    error, _hint = refused("classify", parcels, "-o", tmp_path / "nowhere" / "r.gpkg")
    assert "no such folder" in error


def test_output_is_no_geopackage(refused, parcels, out):
    error, _hint = refused("classify", parcels, "-o", out.with_suffix(".shp"))
    assert "GeoPackage" in error


def test_no_parcels(refused, out, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    error, _hint = refused("classify", "-o", out)
    assert "no parcel file" in error


def test_wrong_date(refused, parcels, out):
    error, _hint = refused("classify", parcels, "--as-of", "2024年", "-o", out)
    assert "date" in error


def test_unknown_option(refused, parcels):
    error, _hint = refused("classify", parcels, "--fast")
    assert "--fast" in error


def test_unknown_source(refused, parcels, out):
    error, hint = refused("classify", parcels, "-s", f"houses={parcels}", "-o", out)
    assert "houses" in error
    assert "buildings" in hint


def test_unknown_town(refused, parcels, out):
    error, hint = refused("classify", parcels, "--town", "无此镇", "-o", out)
    assert "无此镇" in error
    assert "清泽镇" in hint


def test_no_result(refused, tmp_path, parcels):
    error, _hint = refused("explain", parcels, "x")
    assert "not a result" in error
    error, _hint = refused("units", tmp_path / "r.gpkg", "-o", tmp_path / "u.gpkg")
    assert "no such file" in error


def test_interruption(lowuse, parcels, out, monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("lowuse_gis.commands.written_aside.list_problems_of", interrupt)
    code, _out, err = lowuse("classify", parcels, "-o", out, "-q")
    assert code == 2
    assert err.splitlines()[0].startswith("error: interrupted")


def test_full_disk(refused, parcels, out, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lowuse_gis.commands.written_aside.list_problems_of", full)
    error, hint = refused("classify", parcels, "-o", out)
    assert "No space left" in error
    assert "space" in hint


def test_a_bug_is_no_traceback(lowuse, parcels, out, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError("x")

    monkeypatch.delenv("LOWUSE_DEBUG", raising=False)
    monkeypatch.setattr("lowuse_gis.commands.classify.summarise", broken)
    code, _out, err = lowuse("classify", parcels, "-o", out, "-q")
    assert code == 70
    assert err.startswith("error: this is a bug")


def test_an_input_is_never_overwritten(refused, layer, tmp_path):
    path = tmp_path / "mine.gpkg"
    layer.to_file(path)
    before = path.read_bytes()
    error, _hint = refused("classify", path, "-o", path, "--overwrite")
    assert "input" in error
    assert path.read_bytes() == before
