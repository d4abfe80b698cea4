"""A mapping once confirmed is kept in the project file and read from there."""

from __future__ import annotations

import tomllib

import pytest

import tiny
from lowuse_gis.errors import InputError
from lowuse_gis.io.project import read_project
from lowuse_gis.io.project_writing import save_mapping
from lowuse_gis.io.result import read_result

MAPPING = {"宗地代码": "ZDBH"}


@pytest.fixture
def project(layer, tmp_path):
    """A project whose parcels call their code ZDBH."""
    (tmp_path / "parcels").mkdir()
    for name, rows in (("a", layer.iloc[:2]), ("b", layer.iloc[2:])):
        path = tmp_path / "parcels" / f"{name}.shp"
        tiny.write_shapefile(rows.rename(columns={"ZDDM": "ZDBH"}), path)
    file = tmp_path / "lowuse.toml"
    file.write_text('# mine\nrules = "jinghai"\n\n[sources]\nparcels = "parcels/*.shp"  # all\n')
    return file


def test_what_is_saved_is_read_by_classify(project, lowuse, refused, tmp_path):
    out = tmp_path / "r.gpkg"
    refused("classify", "--project", tmp_path, "-o", out, "-q")
    given = ["--map", "宗地代码=ZDBH", "--save-map"]
    code, _out, err = lowuse("classify", "--project", tmp_path, *given, "-o", out, "-q")
    assert code == 0, err
    expected = read_result(out).parcels["parcel_code"].tolist()
    assert expected == [tiny.code(n) for n in range(1, 5)]
    code, _out, err = lowuse("classify", "--project", tmp_path, "-o", out, "-q", "--overwrite")
    assert code == 0, err
    assert read_result(out).parcels["parcel_code"].tolist() == expected
    text = project.read_text(encoding="utf-8")
    assert text.startswith("# mine\n")
    assert "# all" in text


def test_without_a_project_there_is_nowhere_to_save(refused, parcels, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    error, _hint = refused("classify", parcels, "--map", "宗地代码=ZDDM", "--save-map", "-q")
    assert "--save-map" in error
    assert not (tmp_path / "result.gpkg").exists()


@pytest.mark.parametrize(
    "said",
    [
        'tax = "a.csv"',
        'tax = ["a.csv", { path = "b.csv" }]',
        'tax = { path = "a.csv", mapping = { "税号" = "OLD" } }  # why',
        '# before\n[sources.tax]\n# inside\npath = "a.csv"',
        '[[sources.tax]]\npath = "a.csv"\n[[sources.tax]]\npath = "b.csv"',
    ],
)
def test_every_form_of_an_entry_takes_a_mapping_and_keeps_its_comments(said, tmp_path):
    file = tmp_path / "lowuse.toml"
    file.write_text(f'as_of = 2024-03-31\n[sources]\nroads = "r.gpkg"\n{said}\n', encoding="utf-8")
    save_mapping(file, "tax", {"税号": "NSR"})
    supplies = [supply for supply in read_project(file).supplies if supply.name == "tax"]
    assert supplies
    assert all(supply.mapping == {"税号": "NSR"} for supply in supplies)
    text = file.read_text(encoding="utf-8")
    assert [word for word in ("# why", "# before", "# inside") if word in said] == [
        word for word in ("# why", "# before", "# inside") if word in text
    ]
    assert tomllib.loads(text)["sources"]["roads"] == "r.gpkg"
    save_mapping(file, "tax", {"税号": "NSR"})
    assert file.read_text(encoding="utf-8") == text


def test_a_source_that_is_not_there_is_refused_and_nothing_is_written(tmp_path):
    file = tmp_path / "lowuse.toml"
    file.write_text('[sources]\nroads = "r.gpkg"\n', encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(InputError, match="no source tax"):
        save_mapping(file, "tax", MAPPING)
    assert file.read_bytes() == before


def test_a_mapping_that_is_no_table_is_refused(tmp_path):
    file = tmp_path / "lowuse.toml"
    file.write_text('[sources]\ntax = { path = "a.csv", mapping = "ZDBH" }\n', encoding="utf-8")
    with pytest.raises(InputError, match="mapping is no table"):
        read_project(file)


def test_a_table_of_a_project_follows_its_mapping(layer, lowuse, tmp_path):
    layer.to_file(tmp_path / "p.gpkg")
    (tmp_path / "idle.csv").write_text(f"编码甲\n{tiny.code(1)}\n", encoding="utf-8")
    (tmp_path / "lowuse.toml").write_text(
        'rules = "jinghai"\n[sources]\nparcels = "p.gpkg"\n'
        'idle_land = { path = "idle.csv", mapping = { "宗地代码" = "编码甲" } }\n',
        encoding="utf-8",
    )
    code, _out, err = lowuse("classify", "--project", tmp_path, "-o", tmp_path / "r.gpkg", "-q")
    assert code == 0, err
