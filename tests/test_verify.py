"""Every planted defect of a package is found, with its code; a whole package has none."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from filing import copied, find, package_of, reshape, rewrite
from lowuse_gis.commands.verify import Request, verify
from test_papers import SPOILT

DATABASE = "低效用地数据库.gpkg"
LEGACY = "历史遗留用地数据库.gpkg"
SUMMARY, PROBLEMS, PROJECTS = "低效用地汇总表.xlsx", "再开发问题清单.xlsx", "年度实施计划.xlsx"


def codes(package: Path) -> set[str]:
    return set(verify(Request(package)).findings["code"])


@pytest.fixture(scope="module")
def whole(filed):
    return package_of(filed)


@pytest.fixture(scope="module")
def accepted(whole):
    """The codes of the package as it was exported."""
    return codes(whole)


@pytest.fixture
def spoilt(whole, tmp_path):
    return copied(whole, tmp_path)


def test_the_package_as_exported_passes(whole, accepted):
    found = verify(Request(whole))
    assert found.errors == 0
    assert accepted == {"4162", "7172"}  # two parcels of the sample overlap; nobody has decided
    assert found.records > 4000


def edited(layer: str, field: str, value: object, row: int = 0):
    """Return a spoiler that writes one cell of the first copy."""

    def spoil(package: Path) -> None:
        def change(frame):
            frame.loc[row, field] = value
            return frame

        rewrite(find(package, LEGACY if layer == "LSYLYD" else DATABASE), layer, change)

    return spoil


def changed(layer: str, change):
    def spoil(package: Path) -> None:
        rewrite(find(package, LEGACY if layer == "LSYLYD" else DATABASE), layer, change)

    return spoil


def shape_set(make, row: int = 0):
    def change(frame):
        shapes = frame.geometry.to_numpy().copy()
        shapes[row] = make(shapes[row])
        return frame.set_geometry(shapes, crs=frame.crs)

    return change


def bow_tie(shape):
    west, south, east, north = shape.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])


def cell(file: str, sheet: str, place: str, value: object):
    def spoil(package: Path) -> None:
        path = find(package, file)
        book = openpyxl.load_workbook(path)
        book[sheet][place] = value
        book.save(path)

    return spoil


def sheets(file: str, change):
    def spoil(package: Path) -> None:
        path = find(package, file)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)

    return spoil


def on_file(ending: str, change):
    def spoil(package: Path) -> None:
        change(find(package, ending))

    return spoil


def shapefile(name: str, change, **options):
    def spoil(package: Path) -> None:
        reshape(find(package, name), change, **options)

    return spoil


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def replaced(old: str, new: str):
    def change(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    return change


def manifest(change):
    def spoil(package: Path) -> None:
        path = package / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return spoil


def linked(path: Path) -> None:
    target = path.with_name("elsewhere.xlsx")
    shutil.move(path, target)
    path.symlink_to(target)


def cased(path: Path) -> None:
    shutil.copy(path, path.with_name(path.name.replace(".xml", ".XML")))


def swapped(package: Path) -> None:
    """Put one layer under the name of the other."""
    path = find(package, DATABASE)
    frames = {n: pyogrio.read_dataframe(path, layer=n) for n in ("DXYD", "KJDY", "DXYDGH", "ZDQY")}
    path.unlink()
    for name, other in (("DXYD", "KJDY"), ("KJDY", "DXYD"), ("DXYDGH", "DXYDGH"), ("ZDQY", "ZDQY")):
        frames[other].to_file(path, layer=name)


def moved_far(frame):
    return frame.set_geometry(frame.geometry.translate(200_000, 0))


def nudged(shape):
    """Move the second vertex by a millimetre."""
    at = np.arange(shapely.get_num_coordinates(shape)) == 1
    return shapely.transform(shape, lambda xy: xy + at[: len(xy), None] * 0.001)


def with_record_more(frame):
    return pd.concat([frame, frame.iloc[:1].assign(YLBH="YL9")], ignore_index=True)


def with_first_again(frame):
    return pd.concat([frame, frame.iloc[:1]], ignore_index=True)


def with_key_twice(frame):
    return frame.assign(DKBH=[frame["DKBH"][1], *frame["DKBH"][1:]])


def with_key_in_front(frame):
    return frame[["DYBH", *[name for name in frame if name != "DYBH"]]]


def with_entity(path: Path) -> None:
    path.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def in_own_folder(package: Path) -> None:
    (package / "08其他").mkdir()
    (package / "08其他" / "a.txt").touch()


DEFECTS = {
    "a file is missing": (on_file("静海区低效用地分布图.svg", Path.unlink), "1151"),
    "a workbook is missing": (on_file(PROBLEMS, Path.unlink), "1151"),
    "a database is missing": (on_file("低效用地数据库.gdb", shutil.rmtree), "1151"),
    "a file too many": (lambda p: (p / "说明.docx").write_bytes(b"x"), "1152"),
    "a file in a folder of its own": (in_own_folder, "1152"),
    "a renamed workbook": (
        on_file(SUMMARY, lambda p: p.rename(p.with_name("汇总表(终).xlsx"))),
        "1153",
    ),
    "another case": (on_file("ZDQY.shp", lambda p: p.rename(p.with_name("zdqy.shp"))), "1153"),
    "names that differ by case": (on_file("低效用地数据库.xml", cased), "1154"),
    "a link": (on_file(PROJECTS, linked), "1155"),
    "a name with a space": (lambda p: (p / "a b.txt").touch(), "1156"),
    "a name that GBK cannot write": (lambda p: (p / "𠮷.txt").touch(), "1156"),
    "no manifest": (on_file("manifest.json", Path.unlink), "1159"),
    "a manifest that is no JSON": (on_file("manifest.json", lambda p: p.write_text("{")), "1159"),
    "a database cut off": (on_file(DATABASE, lambda p: os.truncate(p, 5000)), "1251"),
    "a workbook cut off": (on_file(SUMMARY, lambda p: os.truncate(p, 2000)), "1251"),
    "a shapefile without its table": (on_file("KJDY.dbf", Path.unlink), "1252"),
    "a shapefile without its index": (on_file("KJDY.shx", Path.unlink), "1252"),
    "a shapefile without its system": (on_file("KJDY.prj", Path.unlink), "1252"),
    "a shapefile in UTF-8": (shapefile("KJDY.shp", lambda f: f, encoding="UTF-8"), "1253"),
    "another code page": (on_file("KJDY.cpg", lambda p: p.write_text("UTF-8")), "1253"),
    "metadata that are no XML": (on_file(".xml", lambda p: p.write_text("<a>")), "1254"),
    "metadata with an entity": (on_file(".xml", with_entity), "1251"),
    "metadata of another number": (
        on_file(".xml", replaced('要素数="337"', '要素数="336"')),
        "1255",
    ),
    "metadata of another county": (
        on_file(".xml", replaced("120118</行政区代码>", "120119</行政区代码>")),
        "1255",
    ),
    "a workbook saved again": (sheets(SUMMARY, str), "1256"),
    "a layer is missing": (changed("ZDQY", lambda _frame: None), "2151"),
    "a layer without records": (changed("ZDQY", lambda f: f.iloc[:0]), "2155"),
    "a sheet is missing": (sheets(SUMMARY, lambda b: b.remove(b["表2"])), "2153"),
    "a sheet too many": (sheets(SUMMARY, lambda b: b.create_sheet("备查")), "2154"),
    "another zone": (shapefile("KJDY.shp", lambda f: f.to_crs("EPSG:4526")), "2251"),
    "another system": (changed("KJDY", lambda f: f.to_crs("EPSG:4548")), "2251"),
    "outside the district": (changed("KJDY", moved_far), "2252"),
    "a field is missing": (changed("DXYD", lambda f: f.drop(columns="QLLX")), "3151"),
    "a renamed field": (changed("DXYD", lambda f: f.rename(columns={"QLLX": "QL"})), "3151"),
    "a field too many": (changed("DXYD", lambda f: f.assign(X=1)), "3152"),
    "fields in another order": (changed("KJDY", with_key_in_front), "3153"),
    "a number made text": (changed("DXYD", lambda f: f.assign(TQMJ=f["TQMJ"].astype(str))), "3154"),
    "another length": (shapefile("ZDQY.shp", lambda f: f), "3155"),
    "other decimals": (shapefile("ZDQY.shp", lambda f: f), "3156"),
    "a text for a number": (cell(PROBLEMS, "问题清单", "H4", "两亩"), "3165"),
    "a doubled key": (changed("DXYD", with_key_twice), "3361"),
    "a doubled record": (changed("KJDY", with_first_again), "3361"),
    "a plan of an unknown unit": (cell(PROJECTS, "年度实施计划", "D4", "DY000"), "3362"),
    "keys of two layers": (changed("DXYDGH", lambda f: f.iloc[1:]), "3363"),
    "a sum over a link": (edited("KJDY", "DXMJ", 1.0), "3364"),
    "an empty key": (edited("DXYD", "DKBH", None), "3365"),
    "a bow-tie": (changed("DXYD", shape_set(bow_tie)), "4161"),
    "a shape removed": (changed("DXYD", shape_set(lambda _shape: None)), "4163"),
    "a point for a polygon": (changed("ZDQY", lambda f: f.set_geometry(f.centroid)), "4164"),
    "a record removed": (changed("DXYD", lambda f: f.iloc[1:]), "6151"),
    "a cell of one copy": (edited("DXYD", "TDSYQR", "某某公司"), "6152"),
    "a vertex of one copy": (changed("DXYD", shape_set(nudged)), "6153"),
    "another heading": (cell(SUMMARY, "表1", "A3", "代码"), "6161"),
    "a row removed": (sheets(SUMMARY, lambda b: b["表3"].delete_rows(5)), "6162"),
    "a cell of a list": (cell(SUMMARY, "表3", "D4", 1.5), "6163"),
    "a total": (cell(SUMMARY, "表1", "D22", 1), "6201"),
    "a sum of a group": (cell(SUMMARY, "表1", "F4", 1.0), "6201"),
    "a flipped bit": (on_file("静海区低效用地分布图.svg", flipped), "7151"),
    "a file behind the manifest": (lambda p: (p / "说明.txt").touch(), "7152"),
    "a file of the manifest gone": (on_file("静海区低效用地分布图.svg", Path.unlink), "7153"),
    "other rules": (manifest(lambda m: m["run"].update(rules_sha256="0" * 64)), "7154"),
    "another number in the manifest": (
        manifest(lambda m: m["files"][0]["layers"].update(DXYD=1)),
        "7155",
    ),
    "an edited list of hashes": (
        on_file("sha256sum.txt", lambda p: p.write_text("0  manifest.json\n")),
        "7156",
    ),
    "no list of hashes": (on_file("sha256sum.txt", Path.unlink), "7156"),
    "a sealed cell": (edited("LSYLYD", "BZ", "改"), "7161"),
    "a sealed vertex": (changed("LSYLYD", shape_set(nudged)), "7161"),
    "a sealed record more": (changed("LSYLYD", with_record_more), "7162"),
    "a sealed record less": (changed("LSYLYD", lambda f: f.iloc[1:]), "7163"),
    "an edited seal": (
        on_file("seal.json", replaced('"sealed_by": "', '"sealed_by": "乙')),
        "7164",
    ),
    "a seal that is none": (on_file("seal.json", lambda p: p.write_text("{}")), "7164"),
    "layers swapped": (swapped, "3151"),
}


# Cells of DXYD, each in a record of its own: field, value, code.
CELLS = (
    ("GZBM", None, "3161"),
    ("TDSYQR", "王" * 101, "3162"),
    ("BZ", "𠮷", "3163"),
    ("ZDMJ", 100.1234, "3164"),
    ("DXLX", "09", "3261"),
    ("DLBM", "9999", "3261"),
    ("USCC", "91120118MA07ABC129", "3262"),
    ("DYBH", "DY000", "3362"),
    ("TQMJ", 99999.0, "3461"),
    ("DKMJ", 12.5, "3462"),  # hectares
    ("MJM", 0.5989, "3462"),  # mu given as hectares
)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name, spoilt, accepted):
    spoil, code = DEFECTS[name]
    spoil(spoilt)
    found = codes(spoilt)
    assert code in found - accepted


def test_planted_cells_are_found_where_they_are(spoilt):
    keys = []

    def change(frame):
        for row, (field, value, _code) in enumerate(CELLS):
            frame.loc[row, field] = value
            keys.append(frame.loc[row, "DKBH"])
        return frame

    changed("DXYD", change)(spoilt)
    found = verify(Request(spoilt)).findings
    found = {tuple(line) for line in found[["id", "field", "code"]].to_numpy()}
    planted = {(key, field, code) for key, (field, _v, code) in zip(keys, CELLS, strict=True)}
    assert planted <= found, planted - found


def test_every_code_of_the_catalogue_is_planted(rulebook):
    planted = {code for _spoil, code in DEFECTS.values()} | {code for _f, _v, code in CELLS}
    elsewhere = {"1157", "1158", "2152", "4162", "7172"}
    elsewhere |= {code for _spoil, found in SPOILT.values() for code in found}  # of test_papers.py
    assert set(rulebook.package_catalogue.index) == planted | elsewhere


def test_findings_name_the_record_the_field_and_the_place(spoilt):
    edited("DXYD", "TQMJ", 99999.0, row=5)(spoilt)
    path = find(spoilt, DATABASE)
    key = pyogrio.read_dataframe(path, layer="DXYD")["DKBH"][5]
    found = verify(Request(spoilt)).findings
    line = found[found["code"] == "3461"].iloc[0]
    assert (line["id"], line["field"], line["value"]) == (key, "TQMJ", 99999.0)
    assert line["limit"] > 0
    assert line["x"] > 39_000_000
    assert line["remedy"]


def test_a_renamed_package_and_another_layer_are_told(whole, tmp_path):
    package = copied(whole, tmp_path).rename(tmp_path / "成果")
    path = find(package, DATABASE)
    pyogrio.read_dataframe(path, layer="ZDQY").to_file(path, layer="MORE")
    assert {"1158", "2152"} <= codes(package)


def test_a_zip_of_the_package_passes(whole, tmp_path):
    archive = shutil.make_archive(str(tmp_path / whole.name), "zip", whole.parent, whole.name)
    assert verify(Request(Path(archive))).errors == 0


def test_hostile_archives_write_nothing_outside(whole, tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    archive = inside / "成果.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../outside.txt", "x")
        file.writestr("/tmp/lowuse-outside.txt", "x")
        file.write(whole / "manifest.json", "manifest.json")
    assert "1157" in codes(archive)
    assert not (tmp_path / "outside.txt").exists()
    assert not Path("/tmp/lowuse-outside.txt").exists()


def test_shared_hostile_archives_are_survived(shared_data, tmp_path):
    archives = sorted((shared_data / "hostile" / "zip").glob("*.zip"))
    assert archives
    for archive in archives:
        found = verify(Request(archive, profile="jinghai"))
        assert found.errors, archive.name


def test_exit_codes_and_reports(lowuse, whole, spoilt, tmp_path):
    code, out, _err = lowuse("verify", whole, "-q")
    assert code == 0
    assert "the package passes" in out
    edited("DXYD", "DXLX", "09")(spoilt)
    code, out, _err = lowuse("verify", spoilt, "-q", "-o", tmp_path / "report")
    assert code == 1
    assert "3261" in out
    listed = json.loads((tmp_path / "report" / "findings.json").read_text(encoding="utf-8"))
    assert "3261" in {line["code"] for line in listed["findings"]}
    assert pyogrio.read_dataframe(tmp_path / "report" / "findings.gpkg", layer="findings")[
        "code"
    ].tolist()
    code, out, _err = lowuse("verify", spoilt, "-q", "--json")
    assert code == 1
    assert json.loads(out)["errors"]


def test_nothing_is_written_into_the_package(whole):
    before = {p: p.stat().st_mtime_ns for p in whole.rglob("*")}
    verify(Request(whole))
    assert {p: p.stat().st_mtime_ns for p in whole.rglob("*")} == before


def test_bad_requests(refused, tmp_path):
    refused("verify", tmp_path / "none", "-q")
    (tmp_path / "a.txt").touch()
    refused("verify", tmp_path / "a.txt", "-q")
    (tmp_path / "empty").mkdir()
    error, _hint = refused("verify", tmp_path / "empty", "--profile", "none", "-q")
    assert "none" in error


def test_an_empty_folder_lacks_everything(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    found = codes(empty)
    assert {"1151", "1158", "1159"} <= found


def test_very_many_findings_are_listed(spoilt, tmp_path):
    def many(frame):
        whole = pd.concat([frame] * 100, ignore_index=True)
        return whole.assign(DXLX="09", DXXL="x", DLBM="y")

    rewrite(find(spoilt, DATABASE), "DXYD", many)
    found = verify(Request(spoilt, tmp_path / "report"))
    assert len(found.findings) > 100_000
    assert (tmp_path / "report" / "findings.json").exists()
