"""Places of layers in a project: its own parameters, and the survey to compare with."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import tiny
from lowuse_gis.core.gcj02 import to_gcj02
from lowuse_gis.io.result import read_result

AWAY = np.array([39_400_000.0, 4_300_000.0])


@pytest.fixture
def local(tmp_path, layer):
    """A project whose parcels are in a city's own system."""
    frame = layer.set_geometry(layer.translate(*-AWAY))
    tiny.write_shapefile(frame, tmp_path / "p.shp").with_suffix(".prj").unlink()
    four = ", ".join(map(str, [*AWAY, 0.0, 1.0]))
    transform = f'{{ similarity = [{four}], to = "EPSG:4527" }}'
    text = f'[sources]\nparcels = {{ path = "p.shp", transform = {transform} }}\n'
    (tmp_path / "lowuse.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_parameters_of_a_project_place_what_is_checked_and_judged(local, lowuse, layer):
    code, _out, err = lowuse("check", "--project", local, "-o", local / "c")
    assert code in {0, 1}, err
    found = pyogrio.read_dataframe(local / "c" / "findings.gpkg", layer="findings")
    assert "2103" in set(found["code"])
    assert not {"2202", "2203", "5101"} & set(found["code"])
    code, _out, err = lowuse("classify", "--project", local, "-o", local / "r.gpkg")
    assert code == 0, err
    parcels = read_result(local / "r.gpkg").parcels
    here = shapely.centroid(parcels.geometry.to_numpy())
    there = shapely.centroid(layer.geometry.to_numpy())
    assert shapely.distance(here, there).max() < 0.001


def test_wrong_parameters_of_a_project_are_told(local, refused):
    file = local / "lowuse.toml"
    text = file.read_text(encoding="utf-8").replace("similarity", "seven")
    file.write_text(text, encoding="utf-8")
    error, hint = refused("check", "--project", local, "-o", local / "c")
    assert "unknown key seven" in error
    assert "similarity" in hint


def test_a_layer_offset_from_the_survey_is_told(lowuse, tmp_path):
    rng = np.random.default_rng(5)
    at, size = rng.uniform(0, 3000, (200, 2)), rng.uniform(30, 90, (200, 2))
    lots = [tiny.lot(x, y, w, h) for (x, y), (w, h) in zip(at, size, strict=True)]
    parcels = tiny.frame([tiny.parcel(number + 1, lot) for number, lot in enumerate(lots)])
    survey = tiny.frame([tiny.survey_polygon(lot) for lot in lots])
    survey.to_file(tmp_path / "DLTB.gpkg", layer="DLTB")
    degrees = parcels.to_crs("EPSG:4490")
    moved = shapely.transform(degrees.geometry.to_numpy(), to_gcj02, interleaved=False)
    web = degrees.set_geometry(gpd.GeoSeries(moved, crs="EPSG:4490"))
    for name, frame, codes in (("true", parcels, set()), ("web", web, {"2202"})):
        frame.to_file(tmp_path / f"{name}.gpkg", layer="ZD")
        out = tmp_path / f"c{name}"
        lowuse("check", tmp_path / f"{name}.gpkg", tmp_path / "DLTB.gpkg", "-o", out)
        found = pyogrio.read_dataframe(out / "findings.gpkg", layer="findings")
        assert set(found.loc[found["file"] == f"{name}.gpkg", "code"]) & {"2202"} == codes
