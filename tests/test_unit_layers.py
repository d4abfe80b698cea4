"""Layers that `lowuse units` is given in no system or another: what the hint names does help."""

import geopandas as gpd
import pytest
import shapely

import tiny

X = 150.0  # between the second lot and the third


@pytest.fixture
def cut_by(tmp_path, lowuse):
    """Draw units with options, and return how many there are."""

    def run(result, *options):
        out = tmp_path / "u.gpkg"
        code, _said, err = lowuse("units", result, *options, "-o", out, "--overwrite")
        assert code == 0, err
        return len(gpd.read_file(out, layer="units"))

    return run


def lines(path, crs, *, declared):
    """Write a main road as a shapefile, in a system that it declares or does not."""
    west, south = tiny.ORIGIN
    road = shapely.LineString([(west + X, south - 50), (west + X, south + 150)])
    frame = gpd.GeoDataFrame({"DLDJ": ["主干路"]}, geometry=[road], crs=tiny.CRS).to_crs(crs)
    return written(frame, path, declared=declared)


def areas(path, crs, *, declared):
    """Write a block whose edge lies where the road would."""
    block = tiny.lot(-50, -50, X + 50, 300)
    frame = gpd.GeoDataFrame({"BH": ["1"]}, geometry=[block], crs=tiny.CRS).to_crs(crs)
    return written(frame, path, declared=declared)


def written(frame, path, *, declared):
    frame.to_file(path, engine="pyogrio", encoding="UTF-8")
    if not declared:
        path.with_suffix(".prj").unlink()
    return path


@pytest.mark.parametrize(
    ("option", "write", "crs"),
    [
        ("--barriers", lines, "EPSG:4527"),
        ("--blocks", areas, "EPSG:4548"),
        ("--take", areas, "EPSG:4490"),
    ],
)
def test_a_layer_without_a_system_is_refused_and_the_hint_helps(
    option, write, crs, tmp_path, refused, cut_by, low_use_result
):
    known = cut_by(low_use_result, option, write(tmp_path / "known.shp", crs, declared=True))
    silent = write(tmp_path / "silent.shp", crs, declared=False)
    error, hint = refused("units", low_use_result, option, silent, "-o", tmp_path / "x.gpkg")
    assert "silent.shp" in error
    assert f"use --crs {crs}" in hint
    assert cut_by(low_use_result, option, silent, "--crs", crs) == known
    assert not (tmp_path / "x.gpkg").exists()


def test_a_layer_that_declares_a_wrong_system_is_refused(tmp_path, refused, low_use_result):
    road = lines(tmp_path / "road.shp", "EPSG:4527", declared=False)
    asked = ("units", low_use_result, "--barriers", road, "--crs", "EPSG:4549")
    error, hint = refused(*asked, "-o", tmp_path / "x.gpkg")
    assert "outside the district" in error
    assert "use --crs EPSG:4527" in hint


@pytest.mark.parametrize(("source", "write"), [("roads", lines), ("planning_blocks", areas)])
def test_of_a_layer_of_the_project_the_hint_names_the_project(
    source, write, tmp_path, refused, cut_by, low_use_result
):
    write(tmp_path / "silent.shp", "EPSG:4548", declared=False)
    project, entry = tmp_path / "lowuse.toml", f'{source} = {{ path = "silent.shp"'
    project.write_text(f"[sources]\n{entry} }}\n", encoding="utf-8")
    asked = ("units", low_use_result, "--project", project)
    _error, hint = refused(*asked, "-o", tmp_path / "x.gpkg")
    assert 'crs = "EPSG:4548" in lowuse.toml' in hint
    assert "--crs" not in hint
    project.write_text(f'[sources]\n{entry}, crs = "EPSG:4548" }}\n', encoding="utf-8")
    known = write(tmp_path / "known.shp", "EPSG:4548", declared=True)
    option = "--barriers" if source == "roads" else "--blocks"
    assert cut_by(low_use_result, "--project", project) == cut_by(low_use_result, option, known)


def test_fields_that_the_project_names_are_read(tmp_path, cut_by, low_use_result):
    road = lines(tmp_path / "road.shp", "EPSG:4527", declared=True)
    frame = gpd.read_file(road).rename(columns={"DLDJ": "G"})
    frame.to_file(tmp_path / "other.shp", engine="pyogrio", encoding="UTF-8")
    project = tmp_path / "lowuse.toml"
    entry = 'roads = { path = "other.shp", mapping = { "道路等级" = "G" } }'
    project.write_text(f"[sources]\n{entry}\n", encoding="utf-8")
    assert cut_by(low_use_result, "--project", project) == cut_by(
        low_use_result, "--barriers", road
    )
