"""Packages: the same bytes for the same inputs, tables that tie to layers, whole or not there."""

from __future__ import annotations

import json
from decimal import Decimal

import openpyxl
import pandas as pd
import pyogrio
import pytest

from filing import export, find, package_of, run_apart
from lowuse_gis.commands.verify import Request, verify
from lowuse_gis.core.filing.gbk import gbk_bytes
from lowuse_gis.core.filing.values import filed_values
from lowuse_gis.io.package import writing
from lowuse_gis.io.package.dbf import dbf_fields, language_byte


@pytest.fixture(scope="module")
def package(filed):
    return package_of(filed)


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def table(path, sheet, heading=3):
    rows = list(openpyxl.load_workbook(path)[sheet].values)
    return pd.DataFrame(rows[heading:], columns=rows[heading - 1])


def test_the_same_inputs_make_the_same_bytes_in_another_process(filed, package, tmp_path):
    assert contents(export(filed, tmp_path / "again", by=run_apart)) == contents(package)


def test_export_verify_export_is_identical(filed, package, tmp_path):
    verify(Request(package))
    assert contents(export(filed, tmp_path / "again")) == contents(package)


def test_low_use_parcels_are_all_there_with_their_areas(filed, package):
    parcels = pyogrio.read_dataframe(filed / "result.gpkg", layer="parcels")
    low = parcels[parcels["verdict"] == "low_use"]
    layer = pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer="DXYD")
    assert len(layer) == len(low)
    assert round(layer["DXMJ"].sum(), 2) == round(low["low_use_area"].sum(), 2)
    assert set(layer["RDZT"]) == {"草案，待乡镇认定"}


def test_the_summary_is_the_layer_counted_by_hand(package):
    layer = pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer="DXYD")
    sheet = table(find(package, "低效用地汇总表.xlsx"), "表1")
    total = sheet.iloc[-1]
    assert total["乡镇代码"] == "合计"
    assert total["地块数"] == len(layer)
    hectares = sum(Decimal(str(v)) for v in layer["DKMJ"])
    assert Decimal(str(total["地块面积（公顷）"])) == hectares
    groups = layer.groupby(["XZQDM", "DXLX"]).size()
    lines = sheet.iloc[:-1].set_index(["乡镇代码", "低效类型"])["地块数"]
    assert lines.to_dict() == groups.to_dict()


def test_every_town_has_a_map_of_its_own(package):
    frames = [
        pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer=name)
        for name in ("KJDY", "DXYD")
    ]
    towns = {(t.XZQDM, t.XZQMC) for frame in frames for t in frame.itertuples()}
    maps = {f"({code}){name}低效用地分布图.svg" for code, name in towns}
    whole = "(120118)静海区低效用地分布图.svg"
    assert {p.name for p in (package / "04图件").iterdir()} == maps | {whole}
    said = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    counts = [f["layers"] for f in said["files"] if f["file"].rpartition("/")[2] in maps]
    assert len(counts) == len(maps) > 2
    for at, layer in enumerate(("KJDY", "DXYD")):
        assert sum(count[layer] for count in counts) == len(frames[at])
    for name in maps:
        text = (package / "04图件" / name).read_text(encoding="utf-8")
        assert name.split(")")[1].removesuffix("低效用地分布图.svg") in text


def test_hectares_and_mu_are_those_of_the_square_metres(package):
    layer = pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer="DXYD")
    assert ((layer["TQMJ"] / 10_000 - layer["DKMJ"]).abs() <= 0.00005 + 1e-9).all()
    assert ((layer["TQMJ"] / 666.6667 - layer["MJM"]).abs() <= 0.00005 + 1e-6).all()


def test_the_shapefile_is_gbk_with_the_declared_lengths(package, rulebook):
    dbf = find(package, "DXYD.dbf")
    assert language_byte(dbf) == 0x4D
    assert dbf.with_suffix(".cpg").read_text() == "GBK"
    fields = dbf_fields(dbf)
    for entry in rulebook.packages["jinghai"]["layers"]["DXYD"]["fields"]:
        kind, _sign, digits = entry["type"].partition(",")
        if kind[0] in "CN":
            assert fields[entry["code"]] == (int(kind[1:]), int(digits or 0)), entry["code"]
    frame = pyogrio.read_dataframe(dbf.with_suffix(".shp"))
    assert frame["TDSYQR"].str.contains("有限公司").any()
    assert frame["PDYJ"].str.contains("IND-").any()
    assert gbk_bytes(frame["PDYJ"].fillna("")).max() <= 254


def test_what_was_shortened_is_told(package):
    said = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert said["shortened"]["DXYD.PDYJ"] > 0
    layer = pyogrio.read_dataframe(find(package, "低效用地数据库.gpkg"), layer="DXYD")
    assert layer["PDYJ"].str.endswith("…").sum() == said["shortened"]["DXYD.PDYJ"]


PILOT = [
    "县名称", "片区编号", "项目名称", "乡镇代码", "乡镇名称", "地块编号", "地块面积", "大类代码",
    "大类名称", "小类代码", "小类名称", "现状用途", "现状容积率", "现状建筑密度", "规划用途",
    "规划容积率", "规划建筑密度", "开发潜力", "再开发时序", "片区面积",
]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "book", "sheet", "columns"),
    [
        ("pilot_city", "townsMUDE.xlsx", "图斑", PILOT),
        ("provincial", "低效用地调查表.xlsx", "表1-2", 39),
    ],
)
def test_the_real_profiles_have_their_columns(filed, tmp_path, profile, book, sheet, columns):
    made = export(filed, tmp_path / profile, "--profile", profile)
    frame = table(find(made, book), sheet)
    if isinstance(columns, int):
        assert len(frame.columns) == columns
    else:
        assert list(frame.columns) == columns
    assert len(frame) == 337
    assert verify(Request(made)).errors == 0


def test_the_area_of_a_pilot_block_is_that_of_its_plots(filed, tmp_path):
    made = export(filed, tmp_path / "p", "--profile", "pilot_city")
    frame = table(find(made, "townsMUDE.xlsx"), "图斑")
    sums = frame.groupby("片区编号")["地块面积"].sum()
    stated = frame.groupby("片区编号")["片区面积"].first()
    assert ((sums - stated).abs() < 0.0001 * frame.groupby("片区编号").size()).all()


@pytest.mark.parametrize(
    ("audience", "shown"), [("outside", ["王**", "甲公司"]), ("inside", ["王小明", "甲公司"])]
)
def test_names_of_persons_are_masked_for_outsiders(rulebook, audience, shown):
    person = rulebook.natural_persons[0]
    frame = pd.DataFrame({"owner": ["王小明", "甲公司"], "owner_kind": [person, "2"]})
    spec = {"code": "QLR", "from": "owner", "private": "name"}
    assert filed_values(frame, spec, {}, {"audience": audience}, rulebook).tolist() == shown


def test_undecided_verdicts_block_unless_they_are_drafts(filed, refused, lowuse, tmp_path):
    error, hint = refused(
        "export", filed / "result.gpkg", filed / "units.gpkg", "-o", tmp_path / "e"
    )
    assert "337" in error
    assert "--draft" in hint
    assert not list((tmp_path / "e").glob("*"))
    code, out, err = lowuse(
        "export", filed / "result.gpkg", filed / "units.gpkg", "-o", tmp_path / "f", "--dry-run"
    )
    assert code == 0, err
    assert "337" in out
    assert not (tmp_path / "f").exists()


def test_a_disk_that_fills_leaves_no_package(filed, refused, monkeypatch, tmp_path):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_quality", full)
    error, _hint = refused(
        "export", filed / "result.gpkg", filed / "units.gpkg", "--draft", "-o", tmp_path / "e"
    )
    assert "No space left" in error
    assert not list((tmp_path / "e").iterdir())


def test_a_broken_seal_is_not_filed(filed, refused, tmp_path):
    import shutil

    sealed = tmp_path / "sealed"
    shutil.copytree(filed / "sealed", sealed)
    (path,) = sealed.glob("*.gpkg")
    path.chmod(0o644)
    frame = pyogrio.read_dataframe(path, layer="LSYLYD")
    frame.loc[0, "BZ"] = "改"
    path.unlink()
    frame.to_file(path, layer="LSYLYD")
    words = ("--legacy", sealed, "--draft", "-o", tmp_path / "e")
    error, hint = refused("export", filed / "result.gpkg", filed / "units.gpkg", *words)
    assert "not as it was sealed" in error
    assert "legacy verify" in hint


def test_without_units_plan_and_legacy_the_rest_is_filed(filed, lowuse, tmp_path):
    code, _out, err = lowuse("export", filed / "result.gpkg", "--draft", "-o", tmp_path / "e")
    assert code == 0, err
    (made,) = (tmp_path / "e").iterdir()
    said = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert said["absent"] == {
        "KJDY": "units", "ZDQY": "key_areas", "LSYLYD": "legacy", "JHNB": "projects",
    }  # fmt: skip
    assert verify(Request(made)).errors == 0


def test_bad_requests(filed, refused, tmp_path):
    error, hint = refused(
        "export", filed / "result.gpkg", "--profile", "none", "--draft", "-o", tmp_path / "e"
    )
    assert "none" in error
    assert "pilot_city" in hint
    refused("export", filed / "units.gpkg", "--draft", "-o", tmp_path / "e")
    refused("export", filed / "result.gpkg", "--legacy", tmp_path, "--draft", "-o", tmp_path / "e")


def test_an_existing_package_is_not_replaced_unasked(filed, refused, lowuse, tmp_path):
    words = ("export", filed / "result.gpkg", "--draft", "-o", tmp_path / "e")
    code, _out, err = lowuse(*words)
    assert code == 0, err
    refused(*words)
    code, _out, err = lowuse(*words, "--overwrite")
    assert code == 0, err
