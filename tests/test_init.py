"""``lowuse init``: from a folder to a project that classifies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import tomlkit
from pandas.testing import assert_frame_equal

import tiny
from filing import ENGLISH
from lowuse_gis.io.project import read_project
from lowuse_gis.io.result import read_result

SAMPLE = Path(__file__).parents[1] / "sample_data"
JUDGED = ["parcel_code", "verdict", "land_type", "criteria_met", "missing", "subtype"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample district without its project file."""
    folder = tmp_path_factory.mktemp("init") / "sample"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("deliveries"))
    (folder / "lowuse.toml").unlink()
    return folder


@pytest.fixture
def folder(layer, tmp_path):
    """A folder of parcels and a list."""
    where = tmp_path / "hand over"
    where.mkdir()
    tiny.write_shapefile(layer, where / "清泽镇.shp")
    (where / "闲置土地清单.csv").write_text(f"宗地代码\n{tiny.code(1)}\n", encoding="gb18030")
    return where


def listed(folder):
    return tomllib.loads((folder / "lowuse.toml").read_text(encoding="utf-8"))["sources"]


@pytest.fixture(scope="module")
def initiated(sample):
    """The sample with the project that init writes, and what it says of it."""
    command = [sys.executable, "-m", "lowuse_gis", "init", str(sample), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, env=ENGLISH)
    return sample, json.loads(done.stdout)


def test_the_sample_is_understood_and_classifies_as_shipped(initiated):
    sample, said = initiated
    shipped = tomllib.loads((SAMPLE / "lowuse.toml").read_text(encoding="utf-8"))
    told = {item["path"]: item for item in said["files"] if item["used"]}
    assert told["parcels/东苑镇.shp"]["records"] == 549
    assert told["parcels/东苑镇.shp"]["encoding"] == "GB18030"
    found = {supply.name: [] for supply in read_project(sample).supplies}
    for supply in read_project(sample).supplies:
        found[supply.name].append((supply.path.relative_to(sample).as_posix(), supply.layer))
    expected = {name: [] for name in shipped["sources"]}
    for supply in read_project(SAMPLE).supplies:
        expected[supply.name].append((supply.path.relative_to(SAMPLE).as_posix(), supply.layer))
    lone = {"buildings": [("buildings.gpkg", "")]}  # one layer needs no name
    assert {name: sorted(found[name]) for name in expected} == {
        name: sorted(files) for name, files in (expected | lone).items()
    }
    text = (sample / "lowuse.toml").read_text(encoding="utf-8")
    assert "building_height.tif" in text


def test_the_sample_gives_the_same_verdicts(lowuse, initiated, sample_result, tmp_path):
    """With what only people know, the towns that a file lacks, the verdicts are the shipped."""
    folder = tmp_path / "sample"
    shutil.copytree(initiated[0], folder)
    shipped = tomllib.loads((SAMPLE / "lowuse.toml").read_text(encoding="utf-8"))["sources"]
    project = tomlkit.parse((folder / "lowuse.toml").read_text(encoding="utf-8"))
    for name, said in shipped.items():
        if "towns_missing" in said:
            own = project["sources"][name]
            project["sources"][name] = {
                **(own if isinstance(own, dict) else {"path": own}),
                "towns_missing": said["towns_missing"],
            }
    (folder / "lowuse.toml").write_text(tomlkit.dumps(project), encoding="utf-8")
    out = tmp_path / "r.gpkg"
    options = ["--as-of", "2024-03-31", "-q", "-o", out]
    code, _out, err = lowuse("classify", "--project", folder, *options)
    assert code == 0, err
    judged = [
        pd.DataFrame(read_result(path).parcels)
        .reset_index()[JUDGED]
        .sort_values(JUDGED, ignore_index=True)
        for path in (out, sample_result)
    ]
    assert len(judged[0]) > 2000
    assert_frame_equal(judged[0], judged[1])


def test_a_project_stands_only_where_there_was_none(lowuse, refused, folder):
    code, out, err = lowuse("init", folder)
    assert code == 0, err
    assert "idle land" in out
    assert "nothing was found for: " in out
    assert "GB18030" in out
    assert listed(folder).keys() == {"parcels", "idle_land"}
    before = (folder / "lowuse.toml").read_bytes()
    error, _hint = refused("init", folder)
    assert "exists already" in error
    assert lowuse("init", folder, "--overwrite")[0] == 0
    assert (folder / "lowuse.toml").read_bytes() == before


def test_a_field_it_lacks_is_suggested_and_named_with_map(lowuse, layer, folder):
    renamed = layer.rename(columns={"ZDDM": "ZDBH"})
    tiny.write_shapefile(renamed, folder / "清泽镇.shp")
    code, _out, err = lowuse("init", folder)
    assert code == 0, err
    assert "parcels" not in listed(folder)
    text = (folder / "lowuse.toml").read_text(encoding="utf-8")
    assert '# parcels = {path = "清泽镇.shp", mapping = {ZDDM = "ZDBH"}} # ' in text
    assert "lacks Parcel code" in text
    assert lowuse("init", folder, "--map", "宗地代码=ZDBH", "--overwrite")[0] == 0
    assert listed(folder)["parcels"]["mapping"] == {"宗地代码": "ZDBH"}
    result = folder.parent / "r.gpkg"
    code, _out, err = lowuse("classify", "--project", folder, "-o", result, "-q")
    assert code == 0, err
    assert read_result(result).parcels["parcel_code"].tolist()[0] == tiny.code(1)


def test_a_layer_in_an_archive_is_named_by_the_archive(lowuse, layer, tmp_path):
    where = tmp_path / "a"
    where.mkdir()
    tiny.write_shapefile(layer, tmp_path / "p.shp")
    with zipfile.ZipFile(where / "镇.zip", "w") as pack:
        for part in tmp_path.glob("p.*"):
            pack.write(part, f"里/{part.name}")
    code, _out, err = lowuse("init", where)
    assert code == 0, err
    assert listed(where)["parcels"] == {"path": "镇.zip", "layer": "p"}
    code, _out, err = lowuse("classify", "--project", where, "-o", tmp_path / "r.gpkg", "-q")
    assert code == 0, err


def test_the_same_layer_twice_is_doubtful(lowuse, layer, folder):
    layer.to_file(folder / "副本.gpkg")
    code, _out, err = lowuse("init", folder)
    assert code == 0, err
    assert listed(folder)["parcels"] == {"path": "副本.gpkg"}
    text = (folder / "lowuse.toml").read_text(encoding="utf-8")
    assert '# parcels = {path = "清泽镇.shp"}' in text
    assert "covers the same place as 副本.gpkg" in text


def test_an_increment_is_no_base(lowuse, folder, survey_file):
    shutil.copy(survey_file, folder / "120118GX.gpkg")
    code, _out, err = lowuse("init", folder)
    assert code == 0, err
    assert "survey" not in listed(folder)
    assert "increment" in (folder / "lowuse.toml").read_text(encoding="utf-8")


def test_results_are_not_taken_for_inputs(lowuse, folder, tmp_path):
    assert lowuse("init", folder)[0] == 0
    code, _o, err = lowuse("classify", "--project", folder, "-o", folder / "result.gpkg", "-q")
    assert code == 0, err
    before = (folder / "lowuse.toml").read_text(encoding="utf-8")
    assert lowuse("init", folder, "--overwrite")[0] == 0
    after = (folder / "lowuse.toml").read_text(encoding="utf-8")
    assert "result.gpkg" not in after
    assert before.split("# Not")[0].rstrip() == after.split("# Not")[0].rstrip()


def test_a_folder_of_nothing_is_refused(refused, tmp_path):
    error, _hint = refused("init", tmp_path)
    assert "nothing in it is recognised" in error
    error, _hint = refused("init", tmp_path / "none")
    assert "no such folder" in error
