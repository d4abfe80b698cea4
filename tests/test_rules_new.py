"""A rulebook for another district, made anywhere, ready to be used."""

import json
import os
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import tiny
from conftest import ROOT
from lowuse_gis.commands.rules_new import Wanted, made
from lowuse_gis.io.rulebook import read_rulebook
from lowuse_gis.io.rulebook_new import zone_crs

ENVELOPE, COUNTY, CRS = "120.2,31.3,120.8,31.7", "329999", "EPSG:4528"


def xihe_parcels(path):
    """Three lots of an invented district in zone 40."""
    records = [
        tiny.parcel(n, None, ZDDM=f"{COUNTY}101001GB{n:05d}", XZQDM=f"{COUNTY}101", XZQMC="上河镇")
        for n in (1, 2, 3)
    ]
    for n, record in enumerate(records):
        left, low = 40_550_000.0 + 200 * n, 3_490_000.0
        record["geometry"] = shapely.box(left, low, left + 100, low + 100 if n else low + 1)
        record["ZDMJ"] = 100.0
    gpd.GeoDataFrame(records, geometry="geometry", crs=CRS).to_file(path)
    return path


@pytest.fixture
def xihe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return made(Wanted(tmp_path / "xihe", "national", "西河区细则", "", ENVELOPE, COUNTY))


def test_a_new_district_judges_at_once(xihe, tmp_path, lowuse):
    parcels = xihe_parcels(tmp_path / "parcels.gpkg")
    code, _out, err = lowuse("classify", parcels, "--rules", "xihe", "-o", "result.gpkg")
    assert code == 0, err
    judged = gpd.read_file(tmp_path / "result.gpkg", layer="parcels").set_index("parcel_code")
    assert judged.crs.to_epsg() == 4528
    assert judged["verdict"].tolist() == ["too_small", "undetermined", "undetermined"]
    assert judged["parcel_kind"].tolist() == ["GB"] * 3
    checks = gpd.read_file(tmp_path / "result.gpkg", layer="checks")
    assert "3203" not in set(checks["code"])


def test_codes_of_another_county_are_reported(xihe, tmp_path, lowuse):
    layer = gpd.read_file(xihe_parcels(tmp_path / "p.gpkg"))
    layer.loc[1, "ZDDM"] = "120118101001GB00002"
    layer.to_file(tmp_path / "p.gpkg")
    lowuse("classify", "p.gpkg", "--rules", "xihe", "-o", "r.gpkg")
    checks = gpd.read_file(tmp_path / "r.gpkg", layer="checks")
    assert checks.query("code == '3203'")["row"].tolist() == ["1:2"]


def test_units_and_hand_over_follow(xihe, tmp_path, lowuse):
    lowuse("classify", xihe_parcels(tmp_path / "p.gpkg"), "--rules", "xihe", "-o", "r.gpkg")
    assert lowuse("units", "r.gpkg", "-o", "u.gpkg")[0] == 0
    assert lowuse("export", "r.gpkg", "u.gpkg", "--draft", "-o", "out")[0] == 0
    (package,) = (tmp_path / "out").iterdir()
    assert list(package.rglob("(329999)西河区细则低效用地数据库.gpkg"))
    assert lowuse("verify", package, "-q")[0] == 0


def test_what_was_made_is_read_as_said(xihe):
    book = xihe.rulebook
    assert (book.name, book.title, book.crs) == ("xihe", "西河区细则", CRS)
    assert book.envelope == (120.2, 31.3, 120.8, 31.7)
    assert {c.code for c in book.criteria} == {c.code for c in read_rulebook("national").criteria}
    assert len(book.codes["towns"]) == 0
    assert len(book.codes["bodies"]) > 10
    assert xihe.open_points == ()
    assert all((xihe.folder / name).is_file() for name in xihe.files)


def test_its_own_cases_pass(xihe, lowuse):
    assert lowuse("rules", "test", "--rules", "xihe")[0] == 0


def test_the_example_criterion_works_once_uncommented(xihe, tmp_path):
    file = xihe.folder / "criteria" / "example.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = lines.index('# type = "industrial"       # industrial, commercial, residential, '
                     "facility, village; left out: all types")  # fmt: skip
    body = [line.removeprefix("# ").removeprefix("#") for line in lines[at:]]
    row = body.pop()
    body.pop()
    file.write_text("\n".join(body), encoding="utf-8")
    with (xihe.folder / "thresholds.csv").open("a", encoding="utf-8") as table:
        table.write(row + "\n")
    book = read_rulebook(str(xihe.folder))
    added = next(c for c in book.criteria if c.code == "IND-91")
    assert added.when == "tax_per_mu < :tax_per_mu_floor"
    assert book.thresholds.set_index("name").at["tax_per_mu_floor", "value"] == 4


def test_it_extends_a_district_with_its_thresholds(tmp_path):
    new = made(Wanted(tmp_path / "next", "jinghai"))
    base = read_rulebook("jinghai")
    assert (new.rulebook.crs, new.rulebook.envelope) == (base.crs, base.envelope)
    assert len(new.rulebook.thresholds) == len(base.thresholds)
    assert new.rulebook.measures == base.measures  # the county's codes too
    assert new.open_points == ()


def test_without_envelope_and_county_it_says_what_is_open(tmp_path, lowuse):
    code, out, _err = lowuse("rules", "new", tmp_path / "d")
    assert code == 0
    assert "whole country" in out
    assert "any county" in out
    assert [line[:2] for line in out.splitlines()[-3:]] == ["1.", "2.", "3."]


def test_own_code_tables_replace_the_shared_ones(xihe):
    towns = xihe.folder / "codes" / "towns.csv"
    before = read_rulebook(str(xihe.folder)).sha256
    towns.write_text("code,name,kind,source\n329999101,上河镇,town,x\n", encoding="utf-8")
    book = read_rulebook(str(xihe.folder))
    assert book.codes["towns"]["name"].tolist() == ["上河镇"]
    assert book.sha256 != before


def test_an_installed_user_needs_no_checkout(tmp_path):
    """The wheel alone, in an empty folder: make a rulebook, look at it, test it."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    import zipfile

    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"}
    for words in (["rules", "new", "xihe"], ["rules", "test", "--rules", "xihe"],
                  ["rules", "list", "xihe", "--json"]):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "lowuse_gis", *words],
            cwd=empty, env=environment, capture_output=True, check=True,
        )  # fmt: skip
    assert json.loads(done.stdout)["folder"] == "xihe"


@pytest.mark.parametrize(
    ("arguments", "said", "hinted"),
    [
        (["--crs", "EPSG:4490"], "not in metres", "EPSG:4527"),
        (["--crs", "EPSG:1"], "unknown coordinate system", "EPSG:4527"),
        (["--envelope", "120,31,121"], "not an envelope", "--envelope"),
        (["--envelope", "121,31,120,32"], "not an envelope", "--envelope"),
        (["--envelope", "2,48,3,49"], "no zone", "--crs"),
        (["--county", "12011"], "not a county code", "120118"),
        (["--extends", "nationl"], "no rulebook nationl", "national"),
    ],
)
def test_wrong_requests_leave_nothing_behind(refused, tmp_path, arguments, said, hinted):
    error, hint = refused("rules", "new", tmp_path / "d", *arguments)
    assert said in error
    assert hinted in hint
    assert list(tmp_path.iterdir()) == []


def test_a_rulebook_is_never_written_over(refused, tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "kept.txt").write_text("x", encoding="utf-8")
    error, _hint = refused("rules", "new", tmp_path / "d")
    assert "exists already" in error
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["kept.txt"]


def test_names_and_parents_are_checked(refused, tmp_path):
    assert "cannot be the name" in refused("rules", "new", tmp_path / "_d")[0]
    assert "no such folder" in refused("rules", "new", tmp_path / "a" / "d")[0]


@pytest.mark.parametrize(
    ("west", "east", "crs"), [(116.6, 117.2, 4527), (75.1, 75.2, 4513), (134.9, 135.1, 4533)]
)
def test_zones(west, east, crs):
    assert zone_crs((west, 38, east, 39)) == f"EPSG:{crs}"


def test_the_baseline_is_a_rulebook_by_itself(lowuse):
    code, out, _err = lowuse("rules", "list", "national", "--json")
    assert code == 0
    assert len(pd.DataFrame(json.loads(out)["criteria"])) >= 19


def test_lint_finds_nothing_in_what_was_made(xihe, lowuse):
    code, out, _err = lowuse("rules", "lint", "xihe")
    assert code == 0
    assert "0 errors, 0 warnings" in out
